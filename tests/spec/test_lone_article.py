"""A file that holds one article and nothing else."""

import polars as pl
import pytest

from transforms.contracts import HELD_SPANS, SPLIT_ARTICLES, SPLIT_LINES, check
from transforms.split.lone_article import add_lone_articles
from transforms.split.split import SplitResult, split

BODY = "The bridge over the river reopened on Monday after two years of repairs."
TWO = (
    "Dam reopens after repairs\n\nThe dam on the northern river reopened on Monday, "
    "the energy ministry said. Power output is expected to grow.\n\n"
    "Source: River Agency\n\nTwo men held over bank robbery\n\nPolice detained two men "
    "on suspicion of robbing a bank in the capital. An investigation is under way.\n\n"
    "Source: City Police\n"
)


def spans(*texts):
    documents = pl.DataFrame(
        {"document_row": range(len(texts)), "text": texts},
        schema_overrides={"document_row": pl.UInt32},
    )
    result = add_lone_articles(split(documents, pl.DataFrame(schema=HELD_SPANS)))
    assert isinstance(result, SplitResult)
    check(result.articles, SPLIT_ARTICLES, stage="test", contract="SPLIT_ARTICLES")
    check(result.lines, SPLIT_LINES, stage="test", contract="SPLIT_LINES")
    rows = result.articles.to_dicts()
    assert [row["article_row"] for row in rows] == list(range(len(rows)))
    for row in rows:
        lines = result.lines.filter(pl.col("article_row") == row["article_row"])
        assert lines["line_row"].min() == row["first_line_row"]
        assert lines["line_row"].max() == row["last_line_row"]
    found = [
        (
            number := row["document_row"],
            texts[number][row["char_start"] : row["char_end"]],
        )
        for row in rows
    ]
    return found, result.empty_documents.to_list()


@pytest.mark.parametrize(
    "text",
    [
        f"Bridge reopens\n\n{BODY}\n",
        f"\n\nBridge reopens\r\n\r\n{BODY}\r\n\r\nSource: River Agency",
        f"BRIDGE REOPENS\n{BODY}",
    ],
    ids=["plain", "blank lines and trailer", "no blank line"],
)
def test_title_and_paragraph_are_one_article(text):
    assert spans(text) == ([(0, text.strip())], [])


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}\n",
        f"Almaty, Jan. 5:\n{BODY} {BODY}\n\n{BODY}",
        f"{BODY} {BODY.lower()}".lower(),
    ],
    ids=["a paragraph", "paragraphs below a line", "in small letters"],
)
def test_paragraphs_without_a_title_are_one_article(text):
    assert spans(text) == ([(0, text.strip())], [])


@pytest.mark.parametrize(
    "text",
    [
        "(c) 2020 Someone. All rights reserved.\n",
        "hello world\n",
        "One\nTwo\nThree\n",
    ],
    ids=["copyright", "a line", "a list"],
)
def test_what_does_not_read_like_an_article_is_none(text):
    assert spans(text) == ([], [0])


def test_numbers_follow_the_documents_and_others_stay():
    lone = f"Bridge reopens\n\n{BODY}"
    found, empty = spans(TWO, lone, "hello", TWO)

    assert [row for row, _ in found] == [0, 0, 1, 3, 3]
    assert found[2] == (1, lone)
    assert empty == [2]
