"""Counted claims of words, with places and actors given: what each count is of."""

import numpy as np
import polars as pl
import pytest

from transforms.extract_content.quantities.find_quantities import find_quantities
from transforms.extract_content.words import Phrases, read_words


def found(text, actors=(), places=()):
    words = read_words(pl.Series([text]))
    frames = []
    for names in (actors, places):
        spans = Phrases(list(names)).find(words)
        frames.append(
            pl.DataFrame(
                {
                    "first": spans[:, 0],
                    "stop": spans[:, 1],
                    "text_row": np.zeros(len(spans), dtype=np.uint32),
                    "place_row": spans[:, 2].astype(np.uint32),
                    "rank": spans[:, 2].astype(np.int32),
                }
            )
        )
    mine, where = frames
    return words, find_quantities(words, where, mine)


def read(text, **names):
    words, rows = found(text, **names)
    printed = words.slice(rows["first"].to_numpy(), rows["stop"].to_numpy())
    return list(
        zip(
            printed,
            rows["quantity_type"],
            rows["value_low"],
            rows["value_high"],
            strict=True,
        )
    )


def speakers(text, *actors):
    words, rows = found(text, actors=actors)
    first = rows["speaker_first"].fill_null(0).to_numpy()
    stop = rows["speaker_stop"].fill_null(1).to_numpy()
    said = words.slice(first, stop).set(rows["speaker_first"].is_null(), None)
    return said.to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four people died.", [("Four", "killed", 4, 4)]),
        ("At least 47 bodies were found.", [("At least 47", "killed", 47, None)]),
        ("No more than 12 men were hurt.", [("No more than 12", "injured", None, 12)]),
        ("Tens of thousands fled.", [("Tens of thousands", "displaced", 20000, None)]),
        ("A dozen men were arrested.", [("A dozen", "detained", 12, 12)]),
        ("Half a million people fled.", [("Half a million", "displaced", 5e5, 5e5)]),
        (
            "Two hundred and six men died.",
            [("Two hundred and six", "killed", 206, 206)],
        ),
        (
            "Some 35 thousand people fled.",
            [("Some 35 thousand", "displaced", 35000, 35000)],
        ),
        ("Nobody was hurt.", [("Nobody", "injured", 0, 0)]),
        ("It reported no injuries.", [("no", "injured", 0, 0)]),
        ("There was no comment on it.", []),
        (
            "Five soldiers died and 14 were wounded.",
            [("Five", "killed", 5, 5), ("14", "injured", 14, 14)],
        ),
        ("The death toll rose to 74.", [("74", "killed", 74, 74)]),
        (
            "Police killed 3 and put that number at 4.",
            [("3", "killed", 3, 3)] * 1 + [("4", "killed", 4, 4)],
        ),
        ("US$5 million was paid.", [("US$5 million", "money", 5e6, 5e6)]),
        ("It cost 50 cents.", [("50 cents", "money", 0.5, 0.5)]),
        ("It cost 5 to 7 euros.", [("5 to 7 euros", "money", 5, 7)]),
        ("Billions of dollars fled.", [("Billions of dollars", "money", 2e9, None)]),
        ("Prices rose from 58 to 74 euros.", [("74 euros", "money", 74, 74)]),
        ("9 tonnes of coal were burned.", [("9 tonnes", "other", 9, 9)]),
        ("7 tonnes of flour came.", []),
    ],
)
def test_count_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A 41-year-old was killed.",
        "On January 6 he was killed.",
        "On Jan. 8 he was arrested.",
        "At 12:15 soldiers died.",
        "He was killed in 2017.",
        "William, 22, died.",
        "One of the dead was a cook.",
        "Six vehicles were seized.",
        "The 5th man was killed.",
        "He saw the dead and 50 billion people.",
    ],
)
def test_other_numbers_count_nobody(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orlova said four people died.", ["Orlova"]),
        ("“Four people died,” said Orlova.", ["Orlova"]),
        ("Four people died, according to Orlova.", ["Orlova"]),
        ("Four people died, according to police.", ["police"]),
        ("Earlier, Kazakh police said four people died.", ["Kazakh police"]),
        ("Orlova spoke. Four people died.", [None]),
        ("Orlova said so. She added that four people died.", ["Orlova"]),
        ("Four people are reported dead.", [None]),
        ("Orlova said two died; police spoke of 3 dead.", ["Orlova", "police"]),
    ],
)
def test_speaker_is_found(text, expected):
    assert speakers(text, "Orlova") == expected


def test_place_is_the_finest_of_the_sentence_else_of_the_text():
    text = "Tajikistan mourns in Rogun. Four people died in Tajikistan. Two men died."

    _, rows = found(text, places=("Rogun", "Tajikistan"))

    assert rows["place_row"].to_list() == [1, 0]


def test_money_has_no_place_but_that_of_its_sentence():
    _, rows = found("Rogun is built. It costs 5 euros.", places=("Rogun",))

    assert rows["place_row"].to_list() == [None]
