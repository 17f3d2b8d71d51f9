"""A list of headlines is no digest, and is held back under its own name."""

import polars as pl
import pytest

from tests.article_frames import digests
from transforms.contracts import HELD_SPANS
from transforms.split.only_headlines import (
    find_headline_lists,
    hold_headline_lists,
    name_headline_lists,
)
from transforms.split.split import report_empty, split

HEADLINES = [
    "Mudflow damages 37 houses in Rasht valley",
    "Earthquake of magnitude 5.2 felt in the capital",
    "Avalanche blocks the mountain highway, two people found dead",
    "Death toll from gas explosion rises to four",
    "Will the border reopen?",
    "State of emergency introduced in three districts after floods",
]
BRIEF = (
    "Two men held\n\nPolice detained two men on suspicion of robbing a bank in the "
    "capital. An investigation is under way.\n\nSource: City Police\n\n"
)


def is_list(text: str) -> bool:
    return not find_headline_lists(digests([text]).lines).is_empty()


@pytest.mark.parametrize(
    "gap", ["\n", "\n\n", "\n\n\n", "\n- "], ids=["lines", "blank", "wide", "bullets"]
)
def test_headlines_without_texts_are_a_list(gap):
    assert is_list(gap.join(HEADLINES))
    assert is_list("In brief, January 6\n\n" + gap.join(HEADLINES))


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(HEADLINES[:2]),
        "\n\n".join(f"{line}\n\n{line}, police said on Monday." for line in HEADLINES),
        "\n".join(f"{line}\nand the road\nis shut again." for line in HEADLINES),
        "\n".join(HEADLINES) + "\n" + "A paragraph without any stop " * 20,
        "\n".join("12 5 7 28" for _ in HEADLINES),
        BRIEF * 3,
    ],
    ids=["too few", "with texts", "wrapped", "a long line", "numbers", "briefs"],
)
def test_other_documents_are_none(text):
    assert not is_list(text)


def test_articles_found_in_a_list_are_taken_back_and_others_stay():
    texts = [BRIEF * 2, "\n\n".join(HEADLINES), BRIEF * 2]
    documents = pl.DataFrame(
        {"document_row": range(3), "text": texts},
        schema_overrides={"document_row": pl.UInt32},
    )
    before = split(documents, pl.DataFrame(schema=HELD_SPANS))

    after = hold_headline_lists(before)

    rows = after.articles["document_row"].to_list()
    assert rows == [0, 0, 2, 2]
    assert after.articles["article_row"].to_list() == [0, 1, 2, 3]
    owners = after.lines.drop_nulls("article_row").group_by("article_row").first()
    assert sorted(owners["document_row"]) == rows
    assert after.empty_documents.to_list() == [1]
    held = name_headline_lists(report_empty(after, documents), after.lines)
    assert held.select(
        "document_row", "char_start", "char_end", "reason_code"
    ).rows() == [(1, 0, len(texts[1]), "only_headlines")]
