"""Text of each document: plain UTF-8 in bulk, all else one document at a time.

Nothing is repaired here: line breaks, controls, and a byte order mark stay as they
stand.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import polars as pl

from transforms.contracts import (
    COMPRESSION_BY_ENDING,
    DOCUMENTS,
    HELD_SPANS,
    REJECTS,
    InputKind,
    ReasonCode,
)
from transforms.decode.document_text import PLAIN_FORMATS, decode_document
from transforms.decode.foreign_formats import FORMAT_HEAD_BYTES, name_foreign_format
from transforms.decode.readers.formats import find_format


class Decoded(NamedTuple):
    """DOCUMENTS, HELD_SPANS, and REJECTS of a batch."""

    documents: pl.DataFrame
    held_spans: pl.DataFrame
    rejects: pl.DataFrame


# What `DocumentText` says of a document.
_DOCUMENT_TEXT: Final = {
    "text": pl.String(),
    "kind": pl.String(),
    "format": pl.String(),
    "extractor": pl.String(),
    "dated": pl.Date(),
    "encoding": pl.String(),
    "replaced_count": pl.Int64(),
    "held": pl.List(
        pl.Struct(
            {"char_start": pl.Int64(), "char_end": pl.Int64(), "detail": pl.String()}
        )
    ),
    "reason_code": pl.String(),
    "detail": pl.String(),
}
# UTF-16 without a mark is valid UTF-8, but for its zeros.
_CONTROLS_OF_NO_TEXT: Final = r"[\x00-\x08]"
# Of a name, without what says that the file is packed.
_EXTENSION: Final = (
    rf"(?i)\.([^.\s]{{1,8}})(?:\.(?:{'|'.join(COMPRESSION_BY_ENDING)}))?$"
)
_VISIBLE: Final = r"[^\s\x{FEFF}\x{200B}\x00]"


def decode_documents(
    landed: pl.DataFrame, columns: Mapping[str, str] | None = None
) -> Decoded:
    """Decode the bytes of each document.

    A document in a format of `readers.formats` is read by its reader. Of the others,
    these encodings are tried in this order: UTF-32 and UTF-16 by their marks, UTF-16 by
    its pattern of zeros, UTF-8, UTF-8 with a few bad bytes (each bad sequence becomes
    U+FFFD and is counted), and the single-byte encodings of `single_byte_encodings`.
    Lines that are in another encoding than the rest, or have lost too much, are held.

    Args:
        landed: One row per document: `document_id`, `path`, `file_name`, `byte_size`,
            `kind`, and `content` (bytes, unpacked).
        columns: Field by the name of its column in tables and lists of articles, where
            the usual names do not say it.

    Returns:
        `documents` in order of `document_id`, `kind` being what the content proved to
        be; `held_spans` of lines that could not be
        read; `rejects` for documents that are empty, no text, or in no known encoding.
    """
    decoded = _decode_contents(landed, columns).sort("document_id")
    is_text = pl.col("reason_code").is_null()
    texts = (
        decoded if decoded["reason_code"].is_null().all() else decoded.filter(is_text)
    )
    documents = texts.with_columns(
        char_count=pl.col("text").str.len_chars().cast(pl.Int64)
    ).with_row_index("document_row")
    held_spans = (
        documents.lazy()
        .select("document_row", "held")
        .explode("held", empty_as_null=False)
        .drop_nulls("held")
        .unnest("held")
        .with_columns(reason_code=pl.lit(ReasonCode.UNDECODABLE_BYTES))
        .select(list(HELD_SPANS))
        .collect()
    )
    rejects = decoded.filter(~is_text).with_columns(
        char_start=None, char_end=None, stage=pl.lit("decode")
    )
    return Decoded(
        documents.select(list(DOCUMENTS)),
        held_spans,
        rejects.select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items()),
    )


def _decode_contents(
    landed: pl.DataFrame, columns: Mapping[str, str] | None
) -> pl.DataFrame:
    """The rows, `content` replaced by the columns of `_DOCUMENT_TEXT`; in any order."""
    texts = _cast_valid_utf8(landed["content"])
    extensions = (
        landed["file_name"]
        .cast(pl.String)
        .str.extract(_EXTENSION)
        .str.to_lowercase()
        .fill_null("")
    )
    if columns:  # JSON Lines are a list as well
        extensions = extensions.set(landed["kind"] == InputKind.RECORDS, "json")
    is_plain = _are_plain(landed["content"], texts, extensions)
    rows = landed.drop("content")
    if is_plain.all():
        # As they are: what is filtered or joined is copied.
        return _describe_plain(rows, texts)
    plain = _describe_plain(rows.filter(is_plain), texts.filter(is_plain))
    read = (
        decode_document(content, kind, extension, columns)
        for content, kind, extension in zip(
            *(column.filter(~is_plain) for column in (landed["content"], rows["kind"])),
            extensions.filter(~is_plain),
            strict=True,
        )
    )
    others = pl.DataFrame(
        [{name: getattr(text, name) for name in _DOCUMENT_TEXT} for text in read],
        schema=_DOCUMENT_TEXT,
    )
    return pl.concat(
        [plain, rows.filter(~is_plain).drop("kind").hstack(others)], how="diagonal"
    )


def _describe_plain(rows: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    return rows.with_columns(
        text=texts,
        format=pl.col("kind")
        .cast(pl.String)
        .replace_strict(PLAIN_FORMATS, return_dtype=pl.String),
        extractor=pl.lit(None, pl.String),
        dated=pl.lit(None, pl.Date),
        encoding=pl.lit("utf-8"),
        replaced_count=pl.lit(0, pl.Int64),
        held=pl.lit([], _DOCUMENT_TEXT["held"]),
        reason_code=pl.lit(None, pl.String),
        detail=pl.lit(None, pl.String),
    )


def _cast_valid_utf8(contents: pl.Series) -> pl.Series:
    """Texts of the contents that are UTF-8, null for the others.

    One bad document fails the cast of its whole frame, so a failing half is halved
    again until it is found.
    """
    try:
        return contents.cast(pl.String)
    except pl.exceptions.ComputeError:
        if len(contents) == 1:
            return pl.Series(contents.name, [None], dtype=pl.String)
        middle = len(contents) // 2
        halves = contents[:middle], contents[middle:]
        return _cast_valid_utf8(halves[0]).append(_cast_valid_utf8(halves[1]))


def _are_plain(
    contents: pl.Series, texts: pl.Series, extensions: pl.Series
) -> pl.Series:
    """Documents that are UTF-8, and text beyond doubt."""
    is_foreign = [
        name_foreign_format(head) is not None
        or find_format(head, extension) is not None
        for head, extension in zip(
            contents.bin.head(FORMAT_HEAD_BYTES), extensions, strict=True
        )
    ]
    is_text = texts.str.contains(_VISIBLE) & ~texts.str.contains(_CONTROLS_OF_NO_TEXT)
    return is_text.fill_null(value=False) & ~pl.Series(is_foreign, dtype=pl.Boolean)
