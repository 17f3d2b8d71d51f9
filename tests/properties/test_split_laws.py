"""What holds for any text: nothing is lost, and company changes nothing."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.contracts import HELD_SPANS
from transforms.split.split import SplitResult, split

STORIES = json.loads(
    (Path(__file__).parents[1] / "spec" / "split_stories.json").read_text("utf-8")
)
TITLES = st.sampled_from([story["title"] for story in STORIES])
PARAGRAPHS = st.sampled_from([part for story in STORIES for part in story["body"]])
TRAILERS = st.sampled_from(
    ["Source: Example Agency", "(AFP)", "* * *", "Read more", ""]
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n\r\n", "\n\n\n", "\u2028", "\x0c"])
SCRAPS = st.text(alphabet="aZ .\n\r\ufeff“”'-*1é世\U0001f600", max_size=30)


@st.composite
def digests(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(
            st.one_of(TITLES, PARAGRAPHS, PARAGRAPHS, TRAILERS, SCRAPS), max_size=25
        )
    )
    return draw(BREAKS).join(pieces)


def split_texts(*texts: str) -> SplitResult:
    documents = pl.DataFrame(
        {"document_row": range(len(texts)), "text": texts},
        schema={"document_row": pl.UInt32, "text": pl.String},
    )
    return split(documents, pl.DataFrame(schema=HELD_SPANS))


def spans(result: SplitResult, row: int = 0) -> list[tuple[int, int, float]]:
    own = result.articles.filter(pl.col("document_row") == row)
    return own.select("char_start", "char_end", "boundary_score").rows()


@given(digests())
def test_spans_ascend_and_quote_the_text(text):
    result = split_texts(text)
    end = 0
    for start, stop, score in spans(result):
        assert end <= start < stop <= len(text)
        assert text[start].strip("\ufeff")
        assert 0 <= score <= 1
        end = stop
    data = result.buffer.data.tobytes()
    for first, last, start, stop in result.articles.select(
        "byte_start", "byte_end", "char_start", "char_end"
    ).rows():
        assert data[first:last].decode() == text[start:stop]


@given(digests())
def test_every_line_is_an_articles_or_a_separator(text):
    result = split_texts(text)
    lines, articles = result.lines, result.articles
    is_outer = lines["article_row"].is_null()
    assert (is_outer == (lines["role"] == "separator")).all()
    for row, first, last in articles.select(
        "article_row", "first_line_row", "last_line_row"
    ).rows():
        own = lines.filter(pl.col("article_row") == row)["line_row"].to_list()
        assert own == list(range(first, last + 1))
    # A text that begins with a paragraph is an article without a title.
    titles = lines.filter(pl.col("role") == "title")["article_row"]
    assert set(titles) <= set(articles["article_row"])


@pytest.mark.compiled
@settings(max_examples=15)
@given(digests(), digests())
def test_company_changes_nothing(one, other):
    together = split_texts(one, other)
    assert spans(together, 0) == spans(split_texts(one))
    assert spans(together, 1) == spans(split_texts(other))


@pytest.mark.compiled
@settings(max_examples=10)
@given(st.permutations(STORIES), TRAILERS)
def test_line_ends_quotes_and_marks_change_nothing(stories, trailer):
    text = "\n\n".join(
        part
        for story in stories
        for part in (story["title"], *story["body"], trailer)
        if part
    )
    plain = spans(split_texts(text))
    straight = text.translate(str.maketrans("“”", '""'))
    assert [row[:2] for row in spans(split_texts(straight))] == [
        row[:2] for row in plain
    ]
    marked = spans(split_texts("\ufeff" + text))
    assert [(a - 1, b - 1) for a, b, _ in marked] == [row[:2] for row in plain]
    crlf = spans(split_texts(text.replace("\n", "\r\n")))
    breaks = [text.count("\n", 0, place) for row in plain for place in row[:2]]
    moved = [place for row in crlf for place in row[:2]]
    assert [a - b for a, b in zip(moved, breaks, strict=True)] == [
        place for row in plain for place in row[:2]
    ]
