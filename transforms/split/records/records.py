"""JSON Lines records as articles of virtual documents.

A record is written out as its title, if it has one, a blank line, and its text, so
that `clean` and all stages behind it treat it as an article of a digest.
`restore_places` turns their offsets into places of the file, where the same characters
stand between quotes and escapes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import (
    DOCUMENTS,
    HELD_SPANS,
    SPLIT_ARTICLES,
    SPLIT_LINES,
    LineRole,
    ReasonCode,
    check,
)
from transforms.split.records.json_lines import (
    BadRecord,
    Record,
    find_json_lines,
    read_records,
)
from transforms.split.records.record_offset_kernels import (
    RecordOffsets,
    Segment,
    map_segments,
)
from transforms.text.buffers import Offsets, TextBuffer, buffer_documents
from transforms.text.lines import find_lines

BETWEEN_TITLE_AND_TEXT: Final = "\n\n"
AFTER_RECORD: Final = "\n\n"
_KEY_SHIFT: Final = 32
_FLAT: Final = dict.fromkeys(map(ord, "\n\r\v\f\x85\u2028\u2029"), " ")
_OTHER_BREAKS: Final = "\v\f\x85\u2028\u2029"
_FIELD_COLUMNS: Final = ("record_id", "source", "author", "date", "url")


@dataclass(frozen=True)
class ParsedRecords:
    """What a batch of record files holds.

    Attributes:
        documents: DOCUMENTS with the virtual text of all good records.
        buffer: Its text.
        lines: SPLIT_LINES of the virtual documents.
        articles: SPLIT_ARTICLES of the virtual documents; `ordinal` is the place of the
            record in its file, bad ones counted.
        fields: Per article `article_row`, `record_id`, `source`, `author`, `date`,
            `url`, as they stood in the record.
        offsets: From characters of the virtual documents to those of the files.
        spans: Per article `char_start` and `char_end` of its object in the file.
        raw_documents: DOCUMENTS as they were read.
        rejects: HELD_SPANS of bad records, in characters of the files.
    """

    documents: pl.DataFrame
    buffer: TextBuffer
    lines: pl.DataFrame
    articles: pl.DataFrame
    fields: pl.DataFrame
    offsets: RecordOffsets
    spans: pl.DataFrame
    raw_documents: pl.DataFrame
    rejects: pl.DataFrame


@dataclass
class _Gathered:
    """Columns of the records of a batch, filled document by document."""

    texts: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    fields: list[tuple[str | None, ...]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    plain: list[tuple[int, int, int, int]] = field(default_factory=list)
    bad: list[tuple[int, int, BadRecord]] = field(default_factory=list)


def parse_records(
    documents: pl.DataFrame, held_spans: pl.DataFrame | None = None
) -> ParsedRecords:
    """Read the records of a batch of JSON Lines files.

    One bad record never stops the others: it becomes a reject with its place. Lines
    that a held span touches are left to it.

    Args:
        documents: DOCUMENTS of kind `records`, numbered from 0 in order.
        held_spans: HELD_SPANS of the same documents, in characters of the files.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(documents, DOCUMENTS, stage="records", contract="DOCUMENTS")
    held = _held_by_document(held_spans)
    gathered = _Gathered()
    for row, text in enumerate(documents["text"]):
        _gather_document(gathered, row, text, held.get(row, []))
    virtual = documents.with_columns(
        pl.Series("text", gathered.texts, dtype=pl.String)
    ).with_columns(char_count=pl.col("text").str.len_chars().cast(pl.Int64))
    buffer = buffer_documents(virtual)
    lines, articles = _frame_articles(find_lines(buffer), gathered)
    numbers = pl.Series("article_row", range(len(gathered.keys)), dtype=pl.UInt32)
    return ParsedRecords(
        documents=virtual,
        buffer=buffer,
        lines=lines,
        articles=articles,
        fields=pl.DataFrame(
            gathered.fields,
            schema=dict.fromkeys(_FIELD_COLUMNS, pl.String),
            orient="row",
        ).insert_column(0, numbers),
        offsets=map_segments(
            gathered.segments, np.array(gathered.plain, dtype=np.int64)
        ),
        spans=pl.DataFrame(
            {
                "article_row": numbers,
                "char_start": gathered.starts,
                "char_end": gathered.ends,
            },
            schema_overrides={"char_start": pl.Int64, "char_end": pl.Int64},
        ),
        raw_documents=documents,
        rejects=_frame_rejects(gathered.bad),
    )


def _held_by_document(
    held_spans: pl.DataFrame | None,
) -> dict[int, list[tuple[int, int]]]:
    held: dict[int, list[tuple[int, int]]] = {}
    if held_spans is not None:
        for row, start, end in held_spans.select(
            "document_row", "char_start", "char_end"
        ).iter_rows():
            held.setdefault(row, []).append((start, end))
    return held


def _gather_document(
    gathered: _Gathered, row: int, text: str, held: list[tuple[int, int]]
) -> None:
    """Add one document's records, and its virtual text."""
    parts: list[str] = []
    at = row << _KEY_SHIFT
    for ordinal, found in enumerate(_find_records(text, held), start=1):
        if isinstance(found, BadRecord):
            gathered.bad.append((row, ordinal, found))
            continue
        title = found.title.content
        if not title.isprintable():
            title = title.translate(_FLAT)
        body = found.text.content
        gathered.keys.append(at)
        gathered.ordinals.append(ordinal)
        gathered.starts.append(found.start)
        gathered.ends.append(found.end)
        gathered.fields.append(found.fields)
        if title:
            _add_segment(gathered, text, found, key=at, is_title=True)
        at += len(title) + len(BETWEEN_TITLE_AND_TEXT)
        _add_segment(gathered, text, found, key=at, is_title=False)
        at += len(body) + len(AFTER_RECORD)
        parts += [title, BETWEEN_TITLE_AND_TEXT, body, AFTER_RECORD]
    gathered.texts.append("".join(parts))


def _find_records(
    text: str, held: list[tuple[int, int]]
) -> Iterator[Record | BadRecord]:
    for start, end in find_json_lines(text):
        if not any(
            start < held_end and held_start < end for held_start, held_end in held
        ):
            yield from read_records(text[start:end], start)


def _add_segment(
    gathered: _Gathered, text: str, record: Record, *, key: int, is_title: bool
) -> None:
    """Note where the characters of a title or text stand in the file."""
    content, start, end, _ = record.title if is_title else record.text
    is_same = end - start == len(content) and not (
        is_title and any(sign in content for sign in _OTHER_BREAKS)
    )
    # An escape is longer than its character, so equal lengths mean that there is none.
    if is_same:
        gathered.plain.append((key, start, len(content), len(content)))
    else:
        gathered.segments.append(Segment(text[start:end], key, start, is_title))


def _frame_articles(
    lines: pl.DataFrame, gathered: _Gathered
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SPLIT_LINES and SPLIT_ARTICLES of the virtual documents."""
    keys = np.array(gathered.keys, dtype=np.int64)
    line_keys = virtual_keys(lines["document_row"], lines["char_start"])
    owners = np.searchsorted(keys, line_keys, side="right") - 1
    is_title = np.isin(line_keys, keys)
    owned = lines.with_columns(
        pl.Series("owner", owners, dtype=pl.UInt32),
        pl.Series("is_title", is_title),
        is_blank=pl.col("text").str.strip_chars() == "",
    ).with_columns(
        last_row=pl.col("line_row").filter(~pl.col("is_blank")).max().over("owner")
    )
    roled = owned.with_columns(
        article_row=pl.when(pl.col("line_row") <= pl.col("last_row")).then("owner"),
        role=pl.when(pl.col("line_row") > pl.col("last_row"))
        .then(pl.lit(LineRole.SEPARATOR))
        .when(pl.col("is_title") & ~pl.col("is_blank"))
        .then(pl.lit(LineRole.TITLE))
        .when("is_blank")
        .then(pl.lit(LineRole.BLANK))
        .otherwise(pl.lit(LineRole.BODY)),
    ).select(list(SPLIT_LINES))
    articles = (
        roled.lazy()
        .drop_nulls("article_row")
        .group_by("article_row", maintain_order=True)
        .agg(
            pl.col("document_row").first(),
            pl.col("line_row").first().alias("first_line_row"),
            pl.col("line_row").last().alias("last_line_row"),
            pl.col("byte_start", "char_start").first(),
            pl.col("byte_end", "char_end").last(),
        )
        .collect()
        .with_columns(
            pl.Series("ordinal", gathered.ordinals, dtype=pl.UInt32),
            boundary_score=pl.lit(1.0, pl.Float32),
        )
        .select(list(SPLIT_ARTICLES))
    )
    return roled, articles


def _frame_rejects(bad: list[tuple[int, int, BadRecord]]) -> pl.DataFrame:
    """HELD_SPANS of bad records.

    Neighbouring lines that fail in the same way are one row, so that a file that is no
    JSON at all gives a handful of rows and not one per line.
    """
    same = pl.all_horizontal(
        pl.col("reason_code") == ReasonCode.INVALID_RECORD,
        *(
            pl.col(name) == pl.col(name).shift(1)
            for name in ("document_row", "reason_code", "detail")
        ),
        pl.col("ordinal") == pl.col("ordinal").shift(1) + 1,
    )
    return (
        pl.LazyFrame(
            [
                (row, b.start, b.end, b.reason_code.value, b.detail, ordinal)
                for row, ordinal, b in bad
            ],
            schema={**HELD_SPANS, "ordinal": pl.Int64()},
            orient="row",
        )
        .with_columns(block=(~same.fill_null(value=False)).cum_sum())
        .group_by("block", maintain_order=True)
        .agg(
            pl.col("document_row", "char_start", "reason_code", "detail").first(),
            pl.col("char_end").last(),
            count=pl.len(),
        )
        .with_columns(
            detail=pl.when(pl.col("count") > 1)
            .then(pl.format("{} ({} lines)", "detail", "count"))
            .otherwise("detail")
        )
        .select(list(HELD_SPANS))
        .collect()
    )


def virtual_keys(document_rows: pl.Series, char_starts: pl.Series) -> Offsets:
    """Characters of virtual documents, each as one number that tells the document."""
    keys: Offsets = (
        document_rows.cast(pl.Int64).to_numpy() << _KEY_SHIFT
    ) + char_starts.cast(pl.Int64).to_numpy()
    return keys
