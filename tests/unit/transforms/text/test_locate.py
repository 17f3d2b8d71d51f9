import numpy as np
import polars as pl

from tests.article_frames import digests
from transforms.text.locate import locate, slice_documents


def test_span_over_a_made_space_takes_in_the_line_break() -> None:
    frames = digests(["Title\n\nOne\u00a0\ttwo and more."])
    spans = pl.DataFrame(
        {"article_row": [0], "field": ["body"], "text_start": [0], "text_end": [7]}
    )

    located = locate(spans, frames.clean().articles, frames.documents)

    assert located.select("char_start", "char_end", "exact").row(0) == (
        7,
        15,
        "One\u00a0\ttwo",
    )


def test_wholly_mended_title_opens_at_its_place() -> None:
    letters = "".join(f"{letter}\u0301" for letter in "aeiou")
    frames = digests(
        ["First title\n\nOne and two.", f"{letters}\n\nThree and four."],
    )
    articles = frames.clean().articles
    assert articles["title"][1] == "áéíóú"
    spans = pl.DataFrame(
        {"article_row": [1], "field": ["title"], "text_start": [0], "text_end": [5]}
    )

    (row,) = locate(spans, articles, frames.documents).to_dicts()

    assert row["exact"].strip() == letters


def test_mended_word_opens_at_its_place() -> None:
    frames = digests(["Title\n\nOne a\u0301 two."])
    articles = frames.clean().articles
    assert articles["body"][0] == "One á two."
    spans = pl.DataFrame(
        {"article_row": [0], "field": ["body"], "text_start": [4], "text_end": [5]}
    )

    (row,) = locate(spans, articles, frames.documents).to_dicts()

    assert row["exact"] == "a\u0301"


def test_title_that_opens_with_a_mended_letter_is_found_in_its_own_article() -> None:
    frames = digests(["Title\n\nOne two.", "E\u0301nergie\n\nOil."])
    articles = frames.clean().articles
    assert articles["title"][1] == "Énergie"
    spans = pl.DataFrame(
        {"article_row": [1], "field": ["title"], "text_start": [0], "text_end": [7]}
    )

    (row,) = locate(spans, articles, frames.documents).to_dicts()

    assert row["exact"] == "nergie"


def test_range_that_ends_before_it_starts_is_empty() -> None:
    documents = digests(["Title\n\nOne two."]).documents

    slices = slice_documents(
        documents, np.array([0, 0]), np.array([9, 3]), np.array([4, 99])
    )

    assert slices.to_list() == ["", ""]


def test_no_spans_give_no_rows() -> None:
    frames = digests(["Title\n\nOne two."])
    spans = pl.DataFrame(
        schema={
            "article_row": pl.UInt32,
            "field": pl.String,
            "text_start": pl.UInt32,
            "text_end": pl.UInt32,
        }
    )

    assert locate(spans, frames.clean().articles, frames.documents).is_empty()


def test_slices_count_code_points() -> None:
    documents = digests(["Ünö\n\nb😀dy text"], ["second\n\nx"]).documents

    slices = slice_documents(
        documents, np.array([0, 1, 0]), np.array([5, 0, 0]), np.array([9, 6, 1])
    )

    assert slices.to_list() == ["b😀dy", "second", "Ü"]
