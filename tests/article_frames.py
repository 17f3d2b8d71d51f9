"""Digests of made-up articles, with the frames that a faultless splitter gives."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.clean.clean import CleanResult, clean
from transforms.contracts import DOCUMENTS, SPLIT_ARTICLES, LineRole
from transforms.extract_metadata.extract_metadata import extract_metadata
from transforms.text.buffers import TextBuffer, buffer_documents
from transforms.text.lines import find_lines

RUN_DATE = date(2024, 6, 30)


@dataclass(frozen=True)
class Digests:
    documents: pl.DataFrame
    buffer: TextBuffer
    lines: pl.DataFrame
    articles: pl.DataFrame

    def clean(self) -> CleanResult:
        return clean(self.buffer, self.lines, self.articles)

    def metadata(
        self, record_fields: pl.DataFrame | None = None, run_date: date = RUN_DATE
    ) -> pl.DataFrame:
        cleaned = self.clean()
        return extract_metadata(
            cleaned.articles, cleaned.lines, self.documents, record_fields, run_date
        )


def digests(
    *documents: list[str],
    gap: str = "\n\n",
    title_lines: tuple[int, ...] = (0,),
    file_names: list[str] | None = None,
) -> Digests:
    """One document per list of article texts; `title_lines` count lines with ink."""
    texts = [gap.join(articles) for articles in documents]
    names = file_names or [f"digest_{row}.txt" for row in range(len(texts))]
    frame = pl.DataFrame(
        {
            "document_row": range(len(texts)),
            "document_id": names,
            "path": names,
            "file_name": names,
            "byte_size": [len(text.encode()) for text in texts],
            "container_id": None,
            "kind": "digest",
            "format": "text",
            "extractor": None,
            "dated": None,
            "encoding": "utf-8",
            "replaced_count": 0,
            "char_count": [len(text) for text in texts],
            "text": texts,
        },
        schema=DOCUMENTS,
    )
    buffer = buffer_documents(frame)
    lines = _mark(find_lines(buffer), documents, len(gap), title_lines)
    return Digests(frame, buffer, lines, _articles(lines))


def _mark(
    lines: pl.DataFrame,
    documents: tuple[list[str], ...],
    gap: int,
    title_lines: tuple[int, ...],
) -> pl.DataFrame:
    rows = []
    for document_row, articles in enumerate(documents):
        at = 0
        for text in articles:
            rows.append((document_row, at, at + len(text)))
            at += len(text) + gap
    spans = pl.DataFrame(
        rows,
        schema={"document_row": pl.UInt32, "start": pl.Int64, "end": pl.Int64},
        orient="row",
    ).with_row_index("article_row")
    is_blank = pl.col("text").str.strip_chars() == ""
    place = (~is_blank).cum_sum().over("article_row") - 1
    role = (
        pl.when(is_blank)
        .then(pl.lit(LineRole.BLANK))
        .when(pl.col("article_row").is_null())
        .then(pl.lit(LineRole.SEPARATOR))
        .when(place.is_in(title_lines))
        .then(pl.lit(LineRole.TITLE))
        .otherwise(pl.lit(LineRole.BODY))
    )
    nearest = lines.join_asof(
        spans,
        left_on="char_start",
        right_on="start",
        by="document_row",
        check_sortedness=False,
    )
    article_row = pl.when(pl.col("char_end") <= pl.col("end")).then("article_row")
    return (
        nearest.with_columns(article_row=article_row)
        .drop("start", "end")
        .with_columns(role=role)
    )


def _articles(lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.drop_nulls("article_row")
        .group_by("article_row", maintain_order=True)
        .agg(
            pl.col("document_row").first(),
            first_line_row=pl.col("line_row").first(),
            last_line_row=pl.col("line_row").last(),
            byte_start=pl.col("byte_start").first(),
            byte_end=pl.col("byte_end").last(),
            char_start=pl.col("char_start").first(),
            char_end=pl.col("char_end").last(),
        )
        .with_columns(
            ordinal=(pl.int_range(pl.len()).over("document_row") + 1).cast(pl.UInt32),
            boundary_score=pl.lit(1.0, dtype=pl.Float32),
        )
        .select(list(SPLIT_ARTICLES))
    )
