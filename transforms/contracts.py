"""What each stage takes and gives: frame schemas, closed lists, and their checks.

Offsets count from the start of the document's decoded text: `char_*` in Unicode code
points, `byte_*` in UTF-8 bytes of the batch's buffer (`text.buffers`). Ends are
exclusive. A row number ending in `_row` is valid inside one batch only.
"""

from enum import StrEnum
from typing import Final

import polars as pl

from transforms.errors import ContractError

Schema = dict[str, pl.DataType]


class ReasonCode(StrEnum):
    """Why a file, a span, or an article was set aside."""

    EMPTY = "empty"
    NOT_REGULAR = "not_regular"
    NOT_FOLLOWED_LINK = "not_followed_link"
    DANGLING_LINK = "dangling_link"
    UNREADABLE = "unreadable"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNFINISHED = "unfinished"
    PATH_TOO_LONG = "path_too_long"
    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    LINE_TOO_LONG = "line_too_long"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    BINARY = "binary"
    CORRUPT_ARCHIVE = "corrupt_archive"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_TEXT_LAYER = "no_text_layer"
    BOMB = "bomb"
    CHANGED_WHILE_READING = "changed_while_reading"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNDECODABLE_BYTES = "undecodable_bytes"
    NO_ARTICLES = "no_articles"
    OUTSIDE_ARTICLES = "outside_articles"
    ONLY_HEADLINES = "only_headlines"
    INVALID_RECORD = "invalid_record"
    NO_TITLE = "no_title"
    NO_BODY = "no_body"
    ARTICLE_TOO_LARGE = "article_too_large"
    STAGE_FAILED = "stage_failed"
    FAILED_EXPECTATION = "failed_expectation"


# Of a path at one moment, not of bytes: the next run may well read the same file.
PASSING_REASONS: Final = frozenset(
    {
        ReasonCode.NOT_REGULAR,
        ReasonCode.NOT_FOLLOWED_LINK,
        ReasonCode.DANGLING_LINK,
        ReasonCode.UNREADABLE,
        ReasonCode.UNFINISHED,
        ReasonCode.PATH_TOO_LONG,
        ReasonCode.CHANGED_WHILE_READING,
    }
)


class PathOutcome(StrEnum):
    """What became of a path that a run found."""

    LOADED = "loaded"
    KNOWN = "known"  # its document is loaded already
    COPY = "copy"  # of a path that this run loads
    HELD_BACK = "held_back"
    SETTLED = "settled"  # held back before, and closed by a person


# How a document is compressed, by the end of its name.
COMPRESSION_BY_ENDING: Final = {
    "gz": "gzip",
    "zst": "zstd",
    "bz2": "bzip2",
    "xz": "xz",
}


class InputKind(StrEnum):
    """How a document holds its articles."""

    DIGEST = "digest"
    RECORDS = "records"
    CONTAINER = "container"  # in documents of their own: an archive or a mailbox


class LineRole(StrEnum):
    """What a line is to the article that it belongs to."""

    TITLE = "title"
    HEADER = "header"
    BODY = "body"
    SUBHEAD = "subhead"
    TRAILER = "trailer"
    BLANK = "blank"
    SEPARATOR = "separator"


class DateBasis(StrEnum):
    """How a publication date was found, best first."""

    RECORD = "record"
    HEADER = "header"
    DATELINE = "dateline"
    TEXT = "text"
    NEIGHBOURS = "neighbours"
    FILE_NAME = "file_name"
    UNKNOWN = "unknown"


class TitleBasis(StrEnum):
    """What the title of an article is."""

    LINE = "line"  # a title line of the file
    FIELD = "field"  # a field of the record, or of a labelled line
    LEAD = "lead"  # there is none: how the first sentence begins


CATEGORY_CODES: Final = ("crisis", "energy", "crime", "government", "other")
# With that of articles in a language that the classifier does not know.
LABEL_CODES: Final = (*CATEGORY_CODES, "unclassified")

REJECTS: Final[Schema] = {
    "document_id": pl.String(),  # SHA-256 of the bytes; null when they were not read
    "path": pl.String(),  # as shown to people: undecodable bytes are escaped
    "char_start": pl.Int64(),  # null: the whole document
    "char_end": pl.Int64(),
    "stage": pl.String(),
    "reason_code": pl.String(),  # ReasonCode
    "detail": pl.String(),
}
FILES: Final[Schema] = {
    "path": pl.String(),
    "path_bytes": pl.Binary(),  # os.fsencode of the path: what is really opened
    "file_name": pl.String(),
    "byte_size": pl.Int64(),
    "kind": pl.String(),  # InputKind
    "compression": pl.String(),  # none, gzip, zstd, bzip2, xz
    "container_id": pl.String(),  # SHA-256 of the archive or mailbox it is in, or null
}
DOCUMENTS: Final[Schema] = {
    "document_row": pl.UInt32(),
    "document_id": pl.String(),
    "path": pl.String(),
    "file_name": pl.String(),
    "byte_size": pl.Int64(),
    "container_id": pl.String(),  # document_id of what it lies in, null: nothing
    "kind": pl.String(),
    "format": pl.String(),  # text, json lines, or the name of a format of the readers
    "extractor": pl.String(),  # library and version that read it; null for plain text
    "dated": pl.Date(),  # what the document says of itself: when the mail was sent
    "encoding": pl.String(),
    "replaced_count": pl.Int64(),  # characters that stand for undecodable bytes
    "char_count": pl.Int64(),
    "text": pl.String(),
}
DESCRIBED_DOCUMENTS: Final[Schema] = {
    **DOCUMENTS,
    "announced_count": pl.Int64(),  # articles that it says it holds, null: nothing said
}
HELD_SPANS: Final[Schema] = {
    "document_row": pl.UInt32(),
    "char_start": pl.Int64(),
    "char_end": pl.Int64(),
    "reason_code": pl.String(),
    "detail": pl.String(),
}
LINES: Final[Schema] = {
    "line_row": pl.UInt32(),
    "document_row": pl.UInt32(),
    "byte_start": pl.Int64(),  # in the batch's buffer
    "byte_end": pl.Int64(),  # without the line break
    "char_start": pl.Int64(),  # in the document
    "char_end": pl.Int64(),
    "text": pl.String(),
}
SPLIT_LINES: Final[Schema] = {
    **LINES,
    "article_row": pl.UInt32(),  # null: separator
    "role": pl.String(),  # LineRole
}
SPLIT_ARTICLES: Final[Schema] = {
    "article_row": pl.UInt32(),
    "document_row": pl.UInt32(),
    "ordinal": pl.UInt32(),  # from 1, within the document
    "first_line_row": pl.UInt32(),
    "last_line_row": pl.UInt32(),  # inclusive
    "byte_start": pl.Int64(),
    "byte_end": pl.Int64(),
    "char_start": pl.Int64(),
    "char_end": pl.Int64(),
    "boundary_score": pl.Float32(),  # 0-1
}
OFFSET_RUN: Final = pl.Struct(
    {
        "text_start": pl.UInt32(),  # in the cleaned text
        "char_start": pl.UInt32(),  # in the document
        "length": pl.UInt32(),  # characters that are the same on both sides
    }
)
CLEAN_ARTICLES: Final[Schema] = {
    **SPLIT_ARTICLES,
    "title": pl.String(),
    "title_basis": pl.String(),  # TitleBasis
    "body": pl.String(),  # paragraphs with one blank line between them
    "title_runs": pl.List(OFFSET_RUN),
    "body_runs": pl.List(OFFSET_RUN),
    "cuts": pl.List(
        pl.Struct(
            {
                "char_start": pl.UInt32(),
                "char_end": pl.UInt32(),
                "reason_code": pl.String(),
            }
        )
    ),
    "paragraph_count": pl.UInt32(),
    "word_count": pl.UInt32(),
    "is_truncated": pl.Boolean(),
}
ARTICLES: Final[Schema] = {
    **CLEAN_ARTICLES,
    "record_id": pl.String(),
    "source": pl.String(),  # canonical name, null when none is named
    "is_source_inferred": pl.Boolean(),  # not in the reference list
    "agency": pl.String(),  # that it has the text from, null where that is the source
    "byline": pl.String(),  # as printed
    "authors": pl.List(pl.String()),  # persons in reading order, empty for none
    "url": pl.String(),
    "dateline": pl.String(),  # place, as written
    "published_date": pl.Date(),
    "published_from": pl.Date(),  # bounds, 80 % likely to hold the day
    "published_to": pl.Date(),
    "is_date_stated": pl.Boolean(),  # in full, by the article itself
    "date_basis": pl.String(),
    "event_date": pl.Date(),
    "language": pl.String(),  # ISO 639-1, "und" when too short to say
}
SCORES: Final[Schema] = {
    "article_row": pl.UInt32(),
    "category": pl.String(),  # null: unclassified, one row alone
    "score": pl.Float64(),  # calibrated probability, 0-1; 0 where unclassified
    "is_primary": pl.Boolean(),
    "is_assigned": pl.Boolean(),
    "weight": pl.Float64(),  # sums to 1 over the assigned labels of one article
}
EVIDENCE: Final[Schema] = {
    "article_row": pl.UInt32(),
    "category": pl.String(),
    "field": pl.String(),  # title or body
    "text_start": pl.UInt32(),  # characters in that field
    "text_end": pl.UInt32(),
    "contribution": pl.Float64(),  # log-odds; below 0 speaks against
}

PLACE_KINDS: Final = (
    *("country", "region", "city", "water", "mountain", "facility", "other"),
)
ACTOR_KINDS: Final = ("person", "organisation")
NAMED_KINDS: Final = ("place", *ACTOR_KINDS)
MENTION_ROLES: Final = ("title", "dateline", "text")  # where in the article it stands
QUANTITY_TYPES: Final = (
    *("killed", "injured", "detained", "missing", "displaced", "evacuated"),
    *("troops", "protesters", "money", "power", "energy", "oil", "gas", "other"),
)

MENTIONS: Final[Schema] = {
    "article_row": pl.UInt32(),
    "field": pl.String(),  # title or body
    "text_start": pl.UInt32(),  # characters in that field
    "text_end": pl.UInt32(),
    "kind": pl.String(),  # NAMED_KINDS
    "name": pl.String(),  # of the place or actor, in usual English
    "place": pl.String(),  # of PLACES; null for persons and organisations
    "role": pl.String(),  # MENTION_ROLES
    "printed_role": pl.String(),  # title or function that stands beside a person
    "is_metonym": pl.Boolean(),  # a place that stands for those who act there
    "score": pl.Float32(),  # 0-1
}
PLACES: Final[Schema] = {
    "place": pl.String(),  # all that it is known by
    "name": pl.String(),
    "kind": pl.String(),  # PLACE_KINDS
    "country_iso2": pl.String(),  # ISO 3166-1, null for seas and the like
    "country": pl.String(),
    "admin1": pl.String(),
    "latitude": pl.Float64(),  # degrees, null with the longitude
    "longitude": pl.Float64(),
    "geonames_id": pl.Int64(),
    "aliases": pl.List(pl.String()),
}
ACTORS: Final[Schema] = {
    "name": pl.String(),
    "kind": pl.String(),  # ACTOR_KINDS
    "aliases": pl.List(pl.String()),
}
QUANTITIES: Final[Schema] = {
    "article_row": pl.UInt32(),
    "field": pl.String(),
    "text_start": pl.UInt32(),
    "text_end": pl.UInt32(),
    "quantity_type": pl.String(),  # QUANTITY_TYPES
    "value_low": pl.Float64(),  # null: open
    "value_high": pl.Float64(),
    "is_approximate": pl.Boolean(),
    "unit": pl.String(),
    "currency": pl.String(),  # ISO 4217, of money alone
    "is_negated": pl.Boolean(),
    "speaker": pl.String(),  # null: the article itself
    "speaker_start": pl.UInt32(),  # in the same field
    "speaker_end": pl.UInt32(),
    "place": pl.String(),  # of PLACES; null for none
}
LOCATED: Final[Schema] = {
    "char_start": pl.Int64(),  # in the document
    "char_end": pl.Int64(),
    "exact": pl.String(),  # what stands there
}
LOCATED_QUANTITIES: Final[Schema] = {
    **QUANTITIES,
    **LOCATED,
    "speaker_start": pl.Int64(),  # in the document
    "speaker_end": pl.Int64(),
}
ARTICLE_COUNTRIES: Final[Schema] = {
    "article_row": pl.UInt32(),
    "country_iso2": pl.String(),
    "country": pl.String(),  # its name
}
DATELINES: Final[Schema] = {
    "article_row": pl.UInt32(),
    "place": pl.String(),  # of PLACES, which the dateline names
}


def check(frame: pl.DataFrame, schema: Schema, *, stage: str, contract: str) -> None:
    """Raise unless the frame holds all columns of the schema with their types.

    Args:
        frame: Any frame; more columns than agreed are fine.
        schema: Column name to type.
        stage: Named in the error.
        contract: Named in the error.

    Raises:
        ContractError: Lists each missing column and each wrong type, got and expected.

    Example:
        >>> rejects = pl.DataFrame(schema=REJECTS)
        >>> check(rejects, REJECTS, stage="decode", contract="REJECTS")
    """
    given = dict(frame.schema)  # each look at the frame's own makes it anew
    problems = [f"missing column {name}" for name in schema if name not in given] + [
        f"column {name}: got {given[name]}, expected {dtype}"
        for name, dtype in schema.items()
        if name in given and given[name] != dtype
    ]
    if problems:
        raise ContractError(stage, contract, problems)
