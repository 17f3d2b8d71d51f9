"""Inputs as they lie on disk: listed, hashed, and read, with nothing trusted.

Only regular files are opened, never through a link that was not followed on purpose,
and what is read must be what was listed. What the bytes mean is not asked here.
"""

import hashlib
import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from transforms.decode.container_formats import (
    Container,
    name_compression,
    name_container,
)
from transforms.discover.discover import DEFAULT_LIMITS, Limits
from warehouse.landing.regular_files import (
    HeldBackError,
    Place,
    expect_size,
    find_places,
    opened,
)
from warehouse.landing.unpacking import UnpackError, unpack

logger = logging.getLogger(__name__)

LANDED: Final[Schema] = {
    "document_id": pl.String(),
    "path": pl.String(),
    "file_name": pl.String(),
    "byte_size": pl.Int64(),
    "kind": pl.String(),
    "container_id": pl.String(),
    "content": pl.Binary(),  # unpacked
}

OTHER_PLACES: Final = pl.List(pl.Binary())

_CHUNK_BYTES: Final = 1 << 20
_FILES_PER_TASK: Final = 256
_BYTES_PER_TASK: Final = 16 << 20


class Hashed(NamedTuple):
    """What hashing gave: `arrivals` and `rejects` (REJECTS)."""

    arrivals: pl.DataFrame
    rejects: pl.DataFrame


class Landed(NamedTuple):
    """What reading gave: `documents` (LANDED), `rejects` (REJECTS), and `left`.

    `left` are the files that were not read because those before them were enough.
    """

    documents: pl.DataFrame
    rejects: pl.DataFrame
    left: pl.DataFrame


@dataclass(frozen=True)
class Room:
    """How much text may be read at a time; a first document of more is read alone."""

    text_bytes: int
    lines: int


class _Fingerprint(NamedTuple):
    """What the bytes of a file tell: their SHA-256, and what they are packed as."""

    document_id: str
    compression: str
    container: Container | None


class _Known(NamedTuple):
    """What was found out of a document before it is read."""

    document_id: str
    byte_size: int
    compression: str


def hash_files(files: pl.DataFrame, *, workers: int | None = None) -> Hashed:
    """Add `document_id`, the SHA-256 of the bytes on disk, to each file.

    A file with several names (hard links) is read once and has one row per name, and
    equal bytes have equal ids: the rows are the arrivals of the documents.

    Args:
        files: FOUND_FILES, or FILES when what was listed need not be what is read.
        workers: Threads; one per core when None.

    Returns:
        `arrivals`, the files that could be read, in their order, with `compression` by
        their bytes and `container`, what they may hold documents as; `rejects`.
    """
    check(files, FILES, stage="hash", contract="FILES")
    start = time.perf_counter()
    places = find_places(files)
    distinct = list(dict.fromkeys(places))
    sizes = dict(zip(places, files["byte_size"], strict=True))
    tasks = list(_group_places(distinct, sizes))
    with ThreadPoolExecutor(workers or len(os.sched_getaffinity(0))) as pool:
        results = [result for group in pool.map(_hash_group, tasks) for result in group]
    found = dict(zip(distinct, results, strict=True))
    outcomes = [found[place] for place in places]
    read = [None if isinstance(o, HeldBackError) else o for o in outcomes]
    hashed = Hashed(
        arrivals=files.with_columns(
            pl.DataFrame(
                [one or (None, None, None) for one in read],
                schema=dict.fromkeys(_Fingerprint._fields, pl.String),
                orient="row",
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


def read_documents(
    files: pl.DataFrame, limits: Limits = DEFAULT_LIMITS, room: Room | None = None
) -> Landed:
    """Bytes of each document, unpacked.

    A file that is no longer what was hashed is looked for at the document's other
    places: the same bytes are the same document wherever they are read.

    Args:
        files: As `join_arrivals` gives them.
        limits: Caps of what a file may hold; they hold while it is unpacked.
        room: For all of them together; None is as much as they need.

    Returns:
        `documents` (LANDED) in the order of `document_id`; `rejects` for files that
        are no longer what was hashed, cannot be unpacked, or unpack to too much; and
        the files that are `left`.
    """
    expected = {**FILES, "document_id": pl.String(), "other_places": OTHER_PLACES}
    check(files, expected, stage="read", contract="FILES")
    start = time.perf_counter()
    ordered = files.sort("document_id")
    outcomes = list(_bounded(ordered["kind"], limits, room, _read_all(ordered, limits)))
    taken, left = ordered[: len(outcomes)], ordered[len(outcomes) :]
    rejects = _frame_rejects(taken, outcomes, stage="read")
    is_read = [isinstance(outcome, bytes) for outcome in outcomes]
    read = [outcome for outcome in outcomes if isinstance(outcome, bytes)]
    read_bytes = sum(map(len, read))
    contents = pl.Series("content", read, dtype=pl.Binary)
    outcomes.clear()
    read.clear()
    # Joined to rows that are chosen already: what is filtered is copied.
    documents = taken.filter(is_read).with_columns(contents).select(list(LANDED))
    landed = Landed(documents, rejects, left)
    logger.info(
        "Read %d documents, %d bytes unpacked; %d held back, %d left (%.2f s)",
        len(landed.documents),
        read_bytes,
        len(landed.rejects),
        len(left),
        time.perf_counter() - start,
    )
    return landed


def _bounded(
    kinds: Iterable[str],
    limits: Limits,
    room: Room | None,
    outcomes: Iterator[bytes | HeldBackError],
) -> Iterator[bytes | HeldBackError]:
    """The outcomes for which there is room, and the first document in any case.

    Lines are counted, and the longest is looked for, before anything is made of them.
    """
    from transforms.decode.line_break_kernels import (
        count_line_breaks,
        has_longer_line,
    )

    all_bytes = all_lines = count = 0
    for outcome, kind in zip(outcomes, kinds, strict=False):
        if not isinstance(outcome, bytes):
            yield outcome
            continue
        lines, most = count_line_breaks(outcome), limits.lines(kind)
        if lines > most:
            yield HeldBackError(
                ReasonCode.TOO_MANY_LINES,
                f"{lines:,} lines, expected at most {most:,}: split the file, or take "
                "out lines that are blank",
            )
            continue
        if has_longer_line(outcome, limits.line_bytes):
            yield HeldBackError(
                ReasonCode.LINE_TOO_LONG,
                f"a line of more than {limits.line_bytes:,} bytes, which no article "
                "has: take it out",
            )
            continue
        all_bytes, all_lines = all_bytes + len(outcome), all_lines + lines
        if room and count and (all_bytes > room.text_bytes or all_lines > room.lines):
            return
        count += 1
        yield outcome


def _read_all(ordered: pl.DataFrame, limits: Limits) -> Iterator[bytes | HeldBackError]:
    """Documents one after the other, or why they cannot be read."""
    for place, others, known in zip(
        find_places(ordered),
        ordered["other_places"].to_list(),
        map(_Known._make, ordered.select(_Known._fields).iter_rows()),
        strict=True,
    ):
        yield _read_anywhere(
            [place, *(Place(path, 0, 0) for path in others)], known, limits
        )


def _group_places(
    places: list[Place], sizes: dict[Place, int]
) -> Iterator[list[Place]]:
    """Tasks large enough that handing them out costs nothing."""
    group: list[Place] = []
    group_bytes = 0
    for place in places:
        group.append(place)
        group_bytes += sizes[place]
        if len(group) >= _FILES_PER_TASK or group_bytes >= _BYTES_PER_TASK:
            yield group
            group, group_bytes = [], 0
    if group:
        yield group


def _hash_group(places: list[Place]) -> list[_Fingerprint | HeldBackError]:
    outcomes: list[_Fingerprint | HeldBackError] = []
    for place in places:
        try:
            outcomes.append(_hash_file(place))
        except HeldBackError as held:
            outcomes.append(held)
    return outcomes


def _hash_file(place: Place) -> _Fingerprint:
    digest, head = hashlib.sha256(), b""
    with opened(place) as (descriptor, size):
        left = size + 1  # one more, to notice that it grew
        while left > 0 and (chunk := os.read(descriptor, min(left, _CHUNK_BYTES))):
            digest.update(chunk)
            head = head or chunk
            left -= len(chunk)
        expect_size(size, size + 1 - left)
    return _Fingerprint(
        digest.hexdigest(), name_compression(head), name_container(head)
    )


def _read_anywhere(
    places: list[Place], known: _Known, limits: Limits
) -> bytes | HeldBackError:
    """The document at the first place that still has it, or why the first has not."""
    helds: list[HeldBackError] = []
    for place in places:
        try:
            return _read_document(place, known, limits)
        except HeldBackError as held:
            helds.append(held)
            if held.reason_code not in PASSING_REASONS:
                return held
    return helds[0]


def _read_document(place: Place, known: _Known, limits: Limits) -> bytes:
    with opened(place) as (descriptor, size):
        expect_size(known.byte_size, size, "listed")
        if size > limits.document_bytes:
            raise HeldBackError(
                ReasonCode.TOO_LARGE,
                f"{size} bytes, expected at most {limits.document_bytes}",
            )
        with os.fdopen(os.dup(descriptor), "rb", buffering=0) as file:
            packed = file.read(size + 1) if size else b""
            while len(packed) <= size and (rest := file.read(size + 1 - len(packed))):
                packed += rest
        expect_size(size, len(packed))
    if hashlib.sha256(packed).hexdigest() != known.document_id:
        raise HeldBackError(
            ReasonCode.CHANGED_WHILE_READING, "its bytes are not those that were hashed"
        )
    try:
        return unpack(packed, known.compression, limits)
    except UnpackError as error:
        raise HeldBackError(error.reason_code, error.detail) from error


def _frame_rejects(
    files: pl.DataFrame, outcomes: Sequence[object], *, stage: str
) -> pl.DataFrame:
    held = [
        (row, outcome.reason_code, outcome.detail)
        for row, outcome in enumerate(outcomes)
        if isinstance(outcome, HeldBackError)
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
