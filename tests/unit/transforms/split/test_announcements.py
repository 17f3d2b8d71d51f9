"""Lists of titles: which lines announce others, and which lines they announce."""

import numpy as np
import polars as pl
import pytest

from transforms.split.features.surroundings import (
    announcement_traits,
    block_traits,
    find_announcers,
)
from transforms.split.lines.filled_lines import FilledLines, scan_filled_lines
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

TITLES = [
    "Harbour tunnel closes for nightly repairs",
    "Wheat harvest beats forecast in dry spring",
    "Museum returns carved door to village",
    "Snow delays opening of mountain road",
]
TEXT = (
    "The authority said on Monday that nobody had expected the matter to take so long, "
    "and that those concerned would be told in good time before anything was decided."
)


def scan(text: str) -> FilledLines:
    documents = pl.DataFrame({"document_row": [0], "text": [text]})
    buffer = buffer_documents(documents.cast({"document_row": pl.UInt32}))
    return scan_filled_lines(buffer, find_lines(buffer))


def articles(titles: list[str], paragraphs: int = 3) -> str:
    return "\n\n".join("\n\n".join([title, *[TEXT] * paragraphs]) for title in titles)


def rows_where(filled: FilledLines, hits: np.ndarray) -> list[int]:
    """Line numbers, from 0 among those with text, of candidate lines."""
    return filled.candidate_rows[np.flatnonzero(hits)].tolist()


def test_list_of_contents_announces_each_title_below():
    filled = scan("\n".join(["Contents", *TITLES]) + "\n\n" + articles(TITLES))
    traits = announcement_traits(filled)

    assert rows_where(filled, traits["announces"] >= 3) == [1, 2, 3, 4]
    assert rows_where(filled, traits["announced"] >= 3) == [5, 9, 13, 17]
    assert traits["announced_in_order"].sum() == 4


@pytest.mark.parametrize(
    "entry", ["Post, Fri, 5/4: “{}”", "{} (Agency)", "{} ..... 7", "12. {}"]
)
def test_entries_may_say_more_than_the_title(entry):
    contents = "\n".join(entry.format(title) for title in TITLES)
    filled = scan(contents + "\n\n" + articles(TITLES))
    announced = announcement_traits(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [4, 8, 12, 16]


def test_entry_that_goes_on_in_the_next_line_announces_its_title():
    contents = "\n".join(
        "Post, May 4, " + title.replace(" ", "\n", 2).replace("\n", " ", 1)
        for title in TITLES
    )
    filled = scan(contents + "\n\n" + articles(TITLES))
    announced = announcement_traits(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [8, 12, 16, 20]


def test_digest_that_stands_twice_in_its_file_announces_nothing():
    filled = scan("\n\n".join([articles(TITLES, 1)] * 2))

    assert announcement_traits(filled)["announced"].max() < 3


def test_one_title_told_before_is_no_list():
    filled = scan(f"{TITLES[1]}\n\n{articles(TITLES)}")

    assert announcement_traits(filled)["announced"].max() < 3
    announced, announces = find_announcers(filled)
    assert announced.max() == 0
    assert announces[0] > 0


def test_title_behind_a_label_is_announced():
    labelled = [f"Headline: {title}" for title in TITLES]
    filled = scan("\n".join(TITLES) + "\n\n" + articles(labelled))
    announced = announcement_traits(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [4, 8, 12, 16]


def test_block_is_what_stands_between_texts():
    filled = scan(
        f"{TEXT}\n\nSource: Post\n\n* * *\n\nWeather\n\n{TITLES[0]}\n\n{TEXT}"
    )
    traits = block_traits(filled)

    assert traits["block_place"].tolist() == [0, 0, 1, 2, 3, 0]
    assert traits["block_left"].tolist() == [0, 3, 2, 1, 0, 0]
    assert traits["closings_above"].tolist() == [-1, 0, 1, 1, 1, -1]
    assert traits["rules_below"].tolist() == [-1, 1, 0, 0, 0, -1]


def test_empty_document_has_no_traits():
    filled = scan("\n\n")

    assert all(len(values) == 0 for values in block_traits(filled).values())
    assert all(len(values) == 0 for values in announcement_traits(filled).values())
