"""Which of the things found at the given paths are inputs, told by name and kind alone.

What a file really holds is looked at by `transforms.decode`, once it has been read.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from transforms.contracts import FILES, REJECTS, InputKind, ReasonCode, Schema, check

ENTRIES: Final[Schema] = {
    "path": pl.String(),  # as shown to people: undecodable bytes are escaped
    "path_bytes": pl.Binary(),  # what is opened; of a followed link, its target
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

INPUT_EXTENSIONS: Final = tuple(
    name + packed
    for name in (".txt", ".md", ".jsonl")
    for packed in ("", ".gz", ".zst")
)
_INPUT_NAME: Final = r"(?i)\.(txt|md|jsonl)(?:\.(gz|zst))?$"
# Names that writers of files give until they are done, and hidden ones (rsync's).
# `._name` is none: it holds what a Mac notes about a file.
_UNFINISHED_NAME: Final = (
    r"(?i)\.(?:txt|md|jsonl)(?:\.(?:gz|zst))?"
    r"(?:\.(?:part|partial|tmp|temp|crdownload|download|filepart)|~)$"
    r"|^\.[^_].*\.(?:txt|md|jsonl)\b"
)
_MAC_NOTE_NAME: Final = r"^\._"


@dataclass(frozen=True)
class Limits:
    """How large an input may be; checked before memory is taken.

    Attributes:
        document_bytes: Of a file, and of what a compressed file holds.
        digest_lines: Of a digest. Each costs memory, however short it is; 256 MiB of
            ordinary news have as many, of text wrapped at 70 characters half of that.
        record_lines: Of a file of records, each of which costs more.
        line_bytes: Of a line; an article has 8 MB at most, four times that in a record
            that escapes each of its letters.
        ratio: Unpacked to packed bytes, once more than `ratio_from_bytes` came out.
        ratio_from_bytes: Up to here any ratio passes.
        members: Parts of one compressed file.
        settle_seconds: A file written later than this long ago may not be complete.
    """

    document_bytes: int = 256 << 20
    digest_lines: int = 2_500_000
    record_lines: int = 500_000
    line_bytes: int = 32_000_000
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    members: int = 1000
    settle_seconds: float = 0.0

    def lines(self, kind: str) -> int:
        """Most lines of a document of this kind."""
        return self.record_lines if kind == InputKind.RECORDS else self.digest_lines


DEFAULT_LIMITS: Final = Limits()


class Discovered(NamedTuple):
    """What lies at the paths: `files` (FOUND_FILES) and `rejects` (REJECTS)."""

    files: pl.DataFrame
    rejects: pl.DataFrame


def discover(entries: pl.DataFrame, limits: Limits = DEFAULT_LIMITS) -> Discovered:
    """Tell inputs from what cannot be one.

    Inputs are `.txt` and `.md` digests and `.jsonl` records, each also `.gz` or `.zst`.
    Other names in a folder are no inputs and are passed over in silence; a file that
    the user named and that is none of these is a reject.

    Args:
        entries: ENTRIES, any order.
        limits: Only size and settling time are looked at here.

    Returns:
        `files` (FOUND_FILES) and `rejects` (REJECTS), by the bytes of their paths.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(entries, ENTRIES, stage="discover", contract="ENTRIES")
    judged = (
        entries.lazy()
        .sort("path_bytes", "path")
        .with_columns(
            is_input=pl.col("file_name").str.contains(_INPUT_NAME)
            & ~pl.col("file_name").str.contains(_MAC_NOTE_NAME),
            is_unfinished=~pl.col("is_named")
            & pl.col("file_name").str.contains(_UNFINISHED_NAME),
        )
        .with_columns(
            reason_code=pl.coalesce("reason_code", _reason(limits)),
            detail=pl.coalesce("detail", _detail(limits)),
            kind=_input_kind(),
            compression=_compression(),
        )
        .collect()
    )
    is_held = pl.col("reason_code").is_not_null()
    return Discovered(
        files=judged.filter(~is_held & pl.col("is_input")).select(list(FOUND_FILES)),
        rejects=judged.filter(is_held)
        .with_columns(
            document_id=None, char_start=None, char_end=None, stage=pl.lit("discover")
        )
        .select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items()),
    )


def _reason(limits: Limits) -> pl.Expr:
    """Reason of an entry that could be looked at; null for inputs and for the rest."""
    is_input, is_named = pl.col("is_input"), pl.col("is_named")
    is_wanted = is_input | is_named
    kind = pl.col("entry_kind")
    is_link = kind == "link"
    is_broken = pl.col("link_target").is_in(["dangling", "loop"])
    # A time in the future, as a clock set back makes them, says nothing of age.
    is_fresh = pl.col("age_seconds").is_between(0, limits.settle_seconds, "left")
    reasons = [
        (is_link & is_wanted & is_broken, ReasonCode.DANGLING_LINK),
        (
            is_link & (is_wanted | pl.col("is_link_to_directory")),
            ReasonCode.NOT_FOLLOWED_LINK,
        ),
        (~is_link & (kind != "regular") & is_wanted, ReasonCode.NOT_REGULAR),
        ((kind == "regular") & pl.col("is_unfinished"), ReasonCode.UNFINISHED),
        (is_named & ~is_input, ReasonCode.UNSUPPORTED_TYPE),
        (is_input & (pl.col("byte_size") == 0), ReasonCode.EMPTY),
        (
            is_input & (pl.col("byte_size") > limits.document_bytes),
            ReasonCode.TOO_LARGE,
        ),
        (is_input & is_fresh, ReasonCode.UNFINISHED),
    ]
    return pl.coalesce(pl.when(holds).then(pl.lit(code)) for holds, code in reasons)


def _detail(limits: Limits) -> pl.Expr:
    is_link = pl.col("entry_kind") == "link"
    is_regular = pl.col("entry_kind") == "regular"
    return (
        pl.when(is_link)
        .then(pl.format("link target: {}", pl.col("link_target")))
        .when(~is_regular)
        .then(pl.format("a {}", pl.col("entry_kind")))
        .when(pl.col("is_unfinished"))
        .then(pl.lit("its name says that it is still being written"))
        .when(~pl.col("is_input"))
        .then(pl.lit("expected .txt, .md or .jsonl, each also .gz or .zst"))
        .when(pl.col("byte_size") > limits.document_bytes)
        .then(
            pl.format(
                "{} bytes, expected at most {}",
                "byte_size",
                pl.lit(limits.document_bytes),
            )
        )
    )


def _input_kind() -> pl.Expr:
    extension = pl.col("file_name").str.extract(_INPUT_NAME, 1).str.to_lowercase()
    kinds = {"jsonl": InputKind.RECORDS.value}
    return extension.replace_strict(kinds, default=InputKind.DIGEST.value)


def _compression() -> pl.Expr:
    extension = pl.col("file_name").str.extract(_INPUT_NAME, 2).str.to_lowercase()
    return extension.replace_strict({"gz": "gzip", "zst": "zstd"}, default="none")
