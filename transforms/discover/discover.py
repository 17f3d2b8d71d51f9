"""Which of the things found at the given paths are inputs: every regular file.

Names leave out what is hidden or ignored, and hint at what a file holds; that is looked
at by `transforms.decode`, once it has been read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from transforms.contracts import (
    COMPRESSION_BY_ENDING,
    FILES,
    REJECTS,
    InputKind,
    ReasonCode,
    Schema,
    check,
)
from transforms.discover.ignored import DEFAULT_IGNORE, ignored_pattern

ENTRIES: Final[Schema] = {
    "path": pl.String(),  # as shown to people: undecodable bytes are escaped
    "path_bytes": pl.Binary(),  # what is opened; of a followed link, its target
    "path_below": pl.String(),  # in the folder that the user gave
    "file_name": pl.String(),
    "byte_size": pl.Int64(),
    "entry_kind": pl.String(),  # regular, directory, fifo, socket, device, link
    "is_named": pl.Boolean(),  # given by the user, not found in a folder
    "link_target": pl.String(),  # inside, outside, dangling, loop; else null
    "is_link_to_directory": pl.Boolean(),
    "device": pl.UInt64(),
    "inode": pl.UInt64(),
    "mtime_ns": pl.Int64(),
    "age_seconds": pl.Float64(),  # since it was last written
    "reason_code": pl.String(),  # why it could not even be looked at
    "detail": pl.String(),
}
FOUND_FILES: Final[Schema] = {
    **FILES,
    "device": pl.UInt64(),
    "inode": pl.UInt64(),
}

# Names that texts, records, and what holds them usually have.
_USUAL: Final = (
    "txt|md|jsonl|json|csv|tsv|html?|mht|mhtml|docx?|odt|rtf|pdf|eml|mbox|msg|xml|rss"
    "|atom|zip|tar|tgz|tbz2?|txz"
)
_PACKED: Final = "|".join(COMPRESSION_BY_ENDING)
_USUAL_NAME: Final = rf"(?i)\.(?:{_USUAL}|{_PACKED})$"
_PACKED_NAME: Final = rf"(?i)\.({_PACKED})$"
_RECORDS_NAME: Final = rf"(?i)\.jsonl(?:\.(?:{_PACKED}))?$"
# What may be larger than a document, because documents are taken out of it.
_CONTAINER_NAME: Final = rf"(?i)\.(?:zip|mbox|tgz|tbz2?|txz|tar(?:\.(?:{_PACKED}))?)$"
# Names that writers of files give until they are done, and hidden ones (rsync's).
# `._name` is none: it holds what a Mac notes about a file.
_UNFINISHED_NAME: Final = (
    r"(?i).(?:\.(?:part|partial|tmp|temp|crdownload|download|filepart)|~)$"
    rf"|^\.[^_].*\.(?:{_USUAL})\b"
)
_HIDDEN_PATH: Final = r"(?:^|/)\."
# Text that a person wrote for a machine: read as news it would only do harm.
_PROGRAM_NAME: Final = (
    r"(?i)\.(?:py|pyi|ipynb|js|mjs|ts|css|scss|java|c|h|cc|cpp|hpp|rs|go|rb|php|pl|sh"
    r"|bat|ps1|sql|toml|ini|cfg|conf|ya?ml|lock|r|jl|tex|bib)$"
)


@dataclass(frozen=True)
class Limits:
    """How large an input may be; checked before memory is taken.

    Attributes:
        document_bytes: Of a file, and of what a compressed file holds.
        container_bytes: Of an archive or mailbox, and of all that one holds.
        digest_lines: Of a digest. Each costs memory, however short it is; 256 MiB of
            ordinary news have as many, of text wrapped at 70 characters half of that.
        record_lines: Of a file of records, each of which costs more.
        line_bytes: Of a line; an article has 8 MB at most, four times that in a record
            that escapes each of its letters.
        ratio: Unpacked to packed bytes, once more than `ratio_from_bytes` came out.
        ratio_from_bytes: Up to here any ratio passes.
        members: Parts of one compressed file.
        container_members: Of an archive or mailbox, with those of archives inside.
        settle_seconds: A file written later than this long ago may not be complete.
    """

    document_bytes: int = 256 << 20
    container_bytes: int = 4 << 30
    digest_lines: int = 2_500_000
    record_lines: int = 500_000
    line_bytes: int = 32_000_000
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    members: int = 1000
    container_members: int = 50_000
    settle_seconds: float = 0.0

    def lines(self, kind: str) -> int:
        """Most lines of a document of this kind."""
        return self.record_lines if kind == InputKind.RECORDS else self.digest_lines


DEFAULT_LIMITS: Final = Limits()


class Discovered(NamedTuple):
    """What lies at the paths: `files` (FOUND_FILES) and `rejects` (REJECTS)."""

    files: pl.DataFrame
    rejects: pl.DataFrame


def discover(
    entries: pl.DataFrame,
    limits: Limits = DEFAULT_LIMITS,
    ignore: Sequence[str] = DEFAULT_IGNORE,
) -> Discovered:
    """Tell inputs from what cannot be one.

    Every regular file is an input, whatever its name, but for hidden files and those
    that `ignore` names. What is named itself is never left out.

    Args:
        entries: ENTRIES, any order.
        limits: Only size and settling time are looked at here.
        ignore: Patterns as for `ignored_pattern`.

    Returns:
        `files` (FOUND_FILES) and `rejects` (REJECTS), by the bytes of their paths.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(entries, ENTRIES, stage="discover", contract="ENTRIES")
    name, is_named = pl.col("file_name"), pl.col("is_named")
    is_left_out = pl.col("path_below").str.contains(_HIDDEN_PATH) | pl.col(
        "path_below"
    ).str.contains(ignored_pattern(ignore))
    judged = (
        entries.lazy()
        .sort("path_bytes", "path")
        .with_columns(
            is_input=is_named | ~is_left_out,
            is_unfinished=~is_named & name.str.contains(_UNFINISHED_NAME),
            is_usual=is_named | (~is_left_out & name.str.contains(_USUAL_NAME)),
            most_bytes=pl.when(name.str.contains(_CONTAINER_NAME))
            .then(pl.lit(limits.container_bytes, pl.Int64))
            .otherwise(pl.lit(limits.document_bytes, pl.Int64)),
        )
        .with_columns(
            reason_code=pl.coalesce("reason_code", _reason(limits)),
            detail=pl.coalesce("detail", _detail()),
            kind=_input_kind(),
            compression=_compression(),
            container_id=pl.lit(None, pl.String),
        )
        .collect()
    )
    is_held = pl.col("reason_code").is_not_null()
    is_file = (pl.col("entry_kind") == "regular") & pl.col("is_input")
    return Discovered(
        files=judged.filter(~is_held & is_file).select(list(FOUND_FILES)),
        rejects=judged.filter(is_held)
        .with_columns(
            document_id=None, char_start=None, char_end=None, stage=pl.lit("discover")
        )
        .select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items()),
    )


def _reason(limits: Limits) -> pl.Expr:
    """Reason of an entry that could be looked at; null for inputs and for the rest.

    What is no file and has no name of one, such as a socket, is passed over.
    """
    is_input = pl.col("is_input")
    kind = pl.col("entry_kind")
    is_link, is_regular = kind == "link", kind == "regular"
    is_broken = pl.col("link_target").is_in(["dangling", "loop"])
    # A time in the future, as a clock set back makes them, says nothing of age.
    is_fresh = pl.col("age_seconds").is_between(0, limits.settle_seconds, "left")
    is_program = ~pl.col("is_named") & pl.col("file_name").str.contains(_PROGRAM_NAME)
    reasons = [
        (is_link & is_input & is_broken, ReasonCode.DANGLING_LINK),
        (is_link & is_input, ReasonCode.NOT_FOLLOWED_LINK),
        (~is_link & ~is_regular & pl.col("is_usual"), ReasonCode.NOT_REGULAR),
        (is_regular & pl.col("is_unfinished"), ReasonCode.UNFINISHED),
        (is_regular & is_input & (pl.col("byte_size") == 0), ReasonCode.EMPTY),
        (
            is_regular & is_input & (pl.col("byte_size") > pl.col("most_bytes")),
            ReasonCode.TOO_LARGE,
        ),
        (is_regular & is_input & is_fresh, ReasonCode.UNFINISHED),
        (is_regular & is_input & is_program, ReasonCode.UNSUPPORTED_TYPE),
    ]
    return pl.coalesce(pl.when(holds).then(pl.lit(code)) for holds, code in reasons)


def _detail() -> pl.Expr:
    is_link = pl.col("entry_kind") == "link"
    is_regular = pl.col("entry_kind") == "regular"
    return (
        pl.when(is_link)
        .then(pl.format("link target: {}", pl.col("link_target")))
        .when(~is_regular)
        .then(pl.format("a {}", pl.col("entry_kind")))
        .when(pl.col("is_unfinished"))
        .then(pl.lit("its name says that it is still being written"))
        .when(pl.col("byte_size") > pl.col("most_bytes"))
        .then(pl.format("{} bytes, expected at most {}", "byte_size", "most_bytes"))
        .when(pl.col("file_name").str.contains(_PROGRAM_NAME))
        .then(
            pl.lit(
                "a program or settings by its name: name the file itself to read it, "
                "or leave it out with --ignore"
            )
        )
    )


def _input_kind() -> pl.Expr:
    is_records = pl.col("file_name").str.contains(_RECORDS_NAME)
    return (
        pl.when(is_records)
        .then(pl.lit(InputKind.RECORDS.value))
        .otherwise(pl.lit(InputKind.DIGEST.value))
    )


def _compression() -> pl.Expr:
    extension = pl.col("file_name").str.extract(_PACKED_NAME).str.to_lowercase()
    return extension.replace_strict(COMPRESSION_BY_ENDING, default="none")
