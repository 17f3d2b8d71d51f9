import polars as pl
import pytest

from transforms.contracts import HELD_SPANS, SPLIT_ARTICLES, SPLIT_LINES, check
from transforms.split.split import SplitResult, report_empty, split

TWO = """Power line repaired in the north

The repair of the main power line to the northern districts is over, the operator said.

The hospital of Aldby had been without power for two days, and residents complained.

Source: Example Agency

Court jails three over bridge fraud

A court in Carrowmore jailed three builders for selling thin steel for a bridge.

The bridge fraud cost the town two million; an appeal by the three is expected.

Source: Example Agency
"""


def as_documents(*texts: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"document_row": range(len(texts)), "text": texts},
        schema={"document_row": pl.UInt32, "text": pl.String},
    )


def split_texts(*texts: str, held: pl.DataFrame | None = None) -> SplitResult:
    spans = pl.DataFrame(schema=HELD_SPANS) if held is None else held
    return split(as_documents(*texts), spans)


def test_result_follows_the_contracts():
    result = split_texts(TWO)
    check(result.lines, SPLIT_LINES, stage="split", contract="SPLIT_LINES")
    check(result.articles, SPLIT_ARTICLES, stage="split", contract="SPLIT_ARTICLES")
    check(result.quarantined, HELD_SPANS, stage="split", contract="HELD_SPANS")


def test_articles_end_with_their_trailers():
    articles = split_texts(TWO).articles
    spans = [TWO[a:b] for a, b in articles.select("char_start", "char_end").rows()]
    assert [span.split("\n")[0] for span in spans] == [
        "Power line repaired in the north",
        "Court jails three over bridge fraud",
    ]
    assert all(span.endswith("Source: Example Agency") for span in spans)
    assert articles["ordinal"].to_list() == [1, 2]


def test_lines_have_roles():
    lines = split_texts(TWO).lines
    assert lines["role"].to_list()[:9] == [
        "title",
        "blank",
        "body",
        "blank",
        "body",
        "blank",
        "trailer",
        "separator",
        "title",
    ]


def test_held_span_sets_only_its_article_aside():
    inside = TWO.index("Court jails") + 40
    held = pl.DataFrame(
        [(0, inside, inside + 3, "undecodable_bytes", "0x98")],
        schema=HELD_SPANS,
        orient="row",
    )
    result = split_texts(TWO, held=held)
    assert result.articles["char_start"].to_list() == [0]
    assert result.articles["article_row"].to_list() == [0]
    assert result.quarantined.rows() == [
        (0, TWO.index("Court jails"), len(TWO) - 1, "undecodable_bytes", "0x98")
    ]


def test_numbering_closes_up_behind_a_held_article():
    held = pl.DataFrame(
        [(0, 3, 4, "undecodable_bytes", "")], schema=HELD_SPANS, orient="row"
    )
    result = split_texts(TWO, held=held)
    assert result.articles["article_row"].to_list() == [0]
    assert result.articles["ordinal"].to_list() == [1]
    owners = result.lines["article_row"].drop_nulls().unique().to_list()
    assert owners == [0]


@pytest.mark.parametrize("text", ["", "\n\n\n", "\ufeff", " \t \r\n"])
def test_document_without_text_is_empty_without_report(text):
    result = split_texts(text)
    assert result.articles.is_empty()
    assert result.empty_documents.is_empty()


@pytest.mark.parametrize("text", ["* * *\n\n* * *\n", "Source: Example Agency"])
def test_document_without_article_is_reported(text):
    result = split_texts("", text)
    assert result.articles.is_empty()
    report = report_empty(result, as_documents("", text))
    assert report.rows() == [
        (1, 0, len(text), "no_articles", "no line looks like the start of an article")
    ]
    assert set(result.lines["role"]) <= {"separator"}


def test_byte_order_mark_belongs_to_no_article():
    articles = split_texts("\ufeff" + TWO).articles
    assert articles["char_start"].to_list()[0] == 1
    assert articles["byte_start"].to_list()[0] == 3


def test_no_documents_give_no_rows():
    result = split_texts()
    assert result.articles.is_empty()
    assert result.lines.is_empty()
