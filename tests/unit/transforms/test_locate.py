import numpy as np
import polars as pl

from tests.article_frames import digests
from transforms.locate import locate, slice_documents


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
