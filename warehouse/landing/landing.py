"""Inputs as they lie on disk: listed, hashed, and read, with nothing trusted.

Only regular files are opened, never through a link that was not followed on purpose,
and what is read must be what was listed. What the bytes mean is not asked here.
"""

import errno
import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from transforms.contracts import (
    FILES,
    PASSING_REASONS,
    REJECTS,
    ReasonCode,
    Schema,
    check,
)
from transforms.discover.discover import DEFAULT_LIMITS, FOUND_FILES, Limits
from warehouse.landing.unpacking import UnpackError, unpack

logger = logging.getLogger(__name__)

LANDED: Final[Schema] = {
    "document_id": pl.String(),
    "path": pl.String(),
    "file_name": pl.String(),
    "byte_size": pl.Int64(),
    "kind": pl.String(),
    "content": pl.Binary(),  # unpacked
}

OTHER_PLACES: Final = pl.List(pl.Binary())

# O_NONBLOCK: opening a pipe must not wait for its writer.
_OPEN_FLAGS: Final = (
    os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
)
_CHUNK_BYTES: Final = 1 << 20
_FILES_PER_TASK: Final = 256
_BYTES_PER_TASK: Final = 16 << 20
_REASON_OF_ERRNO: Final = {
    errno.ENOENT: (ReasonCode.CHANGED_WHILE_READING, "gone since it was listed"),
    errno.ENOTDIR: (ReasonCode.CHANGED_WHILE_READING, "gone since it was listed"),
    errno.ELOOP: (ReasonCode.NOT_FOLLOWED_LINK, "became a link"),
    errno.ENXIO: (ReasonCode.NOT_REGULAR, "became a pipe or socket"),
    errno.ENAMETOOLONG: (ReasonCode.PATH_TOO_LONG, None),
}


class Hashed(NamedTuple):
    """What hashing gave: `arrivals` and `rejects` (REJECTS)."""

    arrivals: pl.DataFrame
    rejects: pl.DataFrame


class Landed(NamedTuple):
    """What reading gave: `documents` (LANDED) and `rejects` (REJECTS)."""

    documents: pl.DataFrame
    rejects: pl.DataFrame


@dataclass(frozen=True)
class _Place:
    """Where a file should be, and which one it should be; 0 when that is not known."""

    path: bytes
    device: int
    inode: int


class _Known(NamedTuple):
    """What was found out of a document before it is read."""

    document_id: str
    byte_size: int
    compression: str


class _HeldBackError(Exception):
    """A file that is left for now; carries the reason code and the detail."""

    def __init__(self, reason_code: str, detail: str | None) -> None:
        super().__init__(reason_code, detail)
        self.reason_code, self.detail = reason_code, detail


def hash_files(files: pl.DataFrame, *, workers: int | None = None) -> Hashed:
    """Add `document_id`, the SHA-256 of the bytes on disk, to each file.

    A file with several names (hard links) is read once and has one row per name, and
    equal bytes have equal ids: the rows are the arrivals of the documents.

    Args:
        files: FOUND_FILES, or FILES when what was listed need not be what is read.
        workers: Threads; one per core when None.

    Returns:
        `arrivals`, the files that could be read, in their order; `rejects`.
    """
    check(files, FILES, stage="hash", contract="FILES")
    start = time.perf_counter()
    places = _places(files)
    distinct = list(dict.fromkeys(places))
    sizes = dict(zip(places, files["byte_size"], strict=True))
    tasks = list(_group_places(distinct, sizes))
    with ThreadPoolExecutor(workers or len(os.sched_getaffinity(0))) as pool:
        results = [result for group in pool.map(_hash_group, tasks) for result in group]
    found = dict(zip(distinct, results, strict=True))
    outcomes = [found[place] for place in places]
    hashed = Hashed(
        arrivals=files.with_columns(
            pl.Series(
                "document_id",
                [None if isinstance(o, _HeldBackError) else o for o in outcomes],
                dtype=pl.String,
            )
        ).drop_nulls("document_id"),
        rejects=_frame_rejects(files, outcomes, stage="hash"),
    )
    logger.info(
        "Hashed %d files, %d bytes; %d held back (%.2f s)",
        len(hashed.arrivals),
        hashed.arrivals["byte_size"].sum(),
        len(hashed.rejects),
        time.perf_counter() - start,
    )
    return hashed


def join_arrivals(arrivals: pl.DataFrame) -> pl.DataFrame:
    """One row per document: its first arrival, and the places of all others.

    Args:
        arrivals: As `hash_files` gives them.

    Returns:
        The same columns, and `other_places`, by `document_id`.
    """
    ordered = arrivals.sort("document_id", "file_name", "path")
    places = ordered.group_by("document_id", maintain_order=True).agg(
        other_places=pl.col("path_bytes").slice(1)
    )
    return ordered.unique("document_id", keep="first", maintain_order=True).join(
        places, on="document_id", maintain_order="left"
    )


def read_documents(files: pl.DataFrame, limits: Limits = DEFAULT_LIMITS) -> Landed:
    """Bytes of each document, unpacked.

    A file that is no longer what was hashed is looked for at the document's other
    places: the same bytes are the same document wherever they are read.

    Args:
        files: As `join_arrivals` gives them.
        limits: Caps of what a file may hold; they hold while it is unpacked.

    Returns:
        `documents` (LANDED) in the order of `document_id`; `rejects` for files that
        are no longer what was hashed, cannot be unpacked, or unpack to too much.
    """
    expected = {**FILES, "document_id": pl.String(), "other_places": OTHER_PLACES}
    check(files, expected, stage="read", contract="FILES")
    start = time.perf_counter()
    ordered = files.sort("document_id")
    outcomes: list[bytes | _HeldBackError] = [
        _read_anywhere([place, *(_Place(path, 0, 0) for path in others)], known, limits)
        for place, others, known in zip(
            _places(ordered),
            ordered["other_places"].to_list(),
            map(_Known._make, ordered.select(_Known._fields).iter_rows()),
            strict=True,
        )
    ]
    contents = [None if isinstance(o, _HeldBackError) else o for o in outcomes]
    landed = Landed(
        documents=ordered.with_columns(pl.Series("content", contents, dtype=pl.Binary))
        .drop_nulls("content")
        .select(list(LANDED)),
        rejects=_frame_rejects(ordered, outcomes, stage="read"),
    )
    logger.info(
        "Read %d documents, %d bytes unpacked; %d held back (%.2f s)",
        len(landed.documents),
        landed.documents["content"].bin.size().sum(),
        len(landed.rejects),
        time.perf_counter() - start,
    )
    return landed


def _places(files: pl.DataFrame) -> list[_Place]:
    known = files.select(
        "path_bytes",
        *(
            pl.col(name) if name in files.columns else pl.lit(0).alias(name)
            for name in ("device", "inode")
        ),
    )
    # Names of one file are one place: it is opened by the first of them.
    if list(FOUND_FILES)[-2:] == [n for n in ("device", "inode") if n in files.columns]:
        known = known.with_columns(pl.col("path_bytes").first().over("device", "inode"))
    return [_Place(*row) for row in known.iter_rows()]


def _group_places(
    places: list[_Place], sizes: dict[_Place, int]
) -> Iterator[list[_Place]]:
    """Tasks large enough that handing them out costs nothing."""
    group: list[_Place] = []
    group_bytes = 0
    for place in places:
        group.append(place)
        group_bytes += sizes[place]
        if len(group) >= _FILES_PER_TASK or group_bytes >= _BYTES_PER_TASK:
            yield group
            group, group_bytes = [], 0
    if group:
        yield group


def _hash_group(places: list[_Place]) -> list[str | _HeldBackError]:
    outcomes: list[str | _HeldBackError] = []
    for place in places:
        try:
            outcomes.append(_hash_file(place))
        except _HeldBackError as held:
            outcomes.append(held)
    return outcomes


def _hash_file(place: _Place) -> str:
    digest = hashlib.sha256()
    with _opened(place) as (descriptor, size):
        left = size + 1  # one more, to notice that it grew
        while left > 0 and (chunk := os.read(descriptor, min(left, _CHUNK_BYTES))):
            digest.update(chunk)
            left -= len(chunk)
        _expect_size(size, size + 1 - left)
    return digest.hexdigest()


def _read_anywhere(
    places: list[_Place], known: _Known, limits: Limits
) -> bytes | _HeldBackError:
    """The document at the first place that still has it, or why the first has not."""
    helds: list[_HeldBackError] = []
    for place in places:
        try:
            return _read_document(place, known, limits)
        except _HeldBackError as held:
            helds.append(held)
            if held.reason_code not in PASSING_REASONS:
                return held
    return helds[0]


def _read_document(place: _Place, known: _Known, limits: Limits) -> bytes:
    with _opened(place) as (descriptor, size):
        _expect_size(known.byte_size, size, "listed")
        if size > limits.document_bytes:
            raise _HeldBackError(
                ReasonCode.TOO_LARGE,
                f"{size} bytes, expected at most {limits.document_bytes}",
            )
        with os.fdopen(os.dup(descriptor), "rb", buffering=0) as file:
            packed = file.read(size + 1) if size else b""
            while len(packed) <= size and (rest := file.read(size + 1 - len(packed))):
                packed += rest
        _expect_size(size, len(packed))
    if hashlib.sha256(packed).hexdigest() != known.document_id:
        raise _HeldBackError(
            ReasonCode.CHANGED_WHILE_READING, "its bytes are not those that were hashed"
        )
    try:
        return unpack(packed, known.compression, limits)
    except UnpackError as error:
        raise _HeldBackError(error.reason_code, error.detail) from error


@contextmanager
def _opened(place: _Place) -> Iterator[tuple[int, int]]:
    """Descriptor and size of a regular file that stays as it is in the block."""
    try:
        descriptor = os.open(place.path, _OPEN_FLAGS)
    except OSError as error:
        raise _held_by(error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise _HeldBackError(ReasonCode.NOT_REGULAR, "no longer a regular file")
        if place.inode and (before.st_dev, before.st_ino) != (
            place.device,
            place.inode,
        ):
            raise _HeldBackError(
                ReasonCode.CHANGED_WHILE_READING, "replaced since it was listed"
            )
        yield descriptor, before.st_size
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise _HeldBackError(
                ReasonCode.CHANGED_WHILE_READING, "written while it was read"
            )
    except OSError as error:
        raise _held_by(error) from error
    finally:
        os.close(descriptor)


def _held_by(error: OSError) -> _HeldBackError:
    reason, detail = _REASON_OF_ERRNO.get(
        error.errno or 0, (ReasonCode.UNREADABLE, None)
    )
    return _HeldBackError(reason, detail or error.strerror)


def _expect_size(expected: int, got: int, since: str = "opened") -> None:
    if got != expected:
        raise _HeldBackError(
            ReasonCode.CHANGED_WHILE_READING,
            f"{expected} bytes when {since}, {'more' if got > expected else got} read",
        )


def _frame_rejects(
    files: pl.DataFrame, outcomes: Sequence[str | bytes | _HeldBackError], *, stage: str
) -> pl.DataFrame:
    held = [
        (row, outcome.reason_code, outcome.detail)
        for row, outcome in enumerate(outcomes)
        if isinstance(outcome, _HeldBackError)
    ]
    known = "document_id" if "document_id" in files.columns else pl.lit(None)
    return (
        pl.DataFrame(
            held,
            schema={"row": pl.UInt32, "reason_code": pl.String, "detail": pl.String},
            orient="row",
        )
        .join(
            files.select("path", document_id=known).with_row_index("row"),
            on="row",
            maintain_order="left",
        )
        .with_columns(stage=pl.lit(stage), char_start=None, char_end=None)
        .select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items())
    )
