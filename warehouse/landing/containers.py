"""Archives and mailboxes taken apart: each member a file of its own for this run.

A member is named by the SHA-256 of its bytes, as any document is, and shown below its
container: `mails.zip/2024/march.eml`. It lies in a folder of the run, so whoever reads
it needs to know nothing of containers.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from transforms.contracts import PASSING_REASONS, REJECTS, ReasonCode
from transforms.decode.container_formats import (
    ARCHIVES,
    CONTAINER_HEAD_BYTES,
    Container,
    name_compression,
    name_container,
)
from transforms.discover.discover import DEFAULT_LIMITS, ENTRIES, Limits, discover
from transforms.discover.ignored import DEFAULT_IGNORE
from warehouse.landing.archives import Inside, NotAContainerError, list_inside
from warehouse.landing.regular_files import HeldBackError, Place, expect_size, opened

logger = logging.getLogger(__name__)

MOST_LEVELS: Final = 2  # an archive in an archive is opened, one in that is not
_MOST_DEPTH: Final = 5  # of mails in mails, archives among them
_NAME_CHARS: Final = 400
_TOO_DEEP: Final = "an archive in an archive in an archive: unpack the outermost"
# What was read of a file that changed, or that holds too much, is not taken.
_WHOLE_OR_NOTHING: Final = PASSING_REASONS | {ReasonCode.BOMB}


class Expanded(NamedTuple):
    """What lay in containers.

    Attributes:
        containers: Arrivals that were taken apart; a mail is none, but a document.
        members: Arrivals as `hash_files` gives them, one per member that could be read.
        rejects: Contract REJECTS: containers, and members without a `document_id`.
    """

    containers: pl.DataFrame
    members: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def found_count(self) -> int:
        """Members, those that could not be read among them."""
        return len(self.members) + self.rejects["document_id"].null_count()


class _SpentError(HeldBackError):
    """A container holds more than may come out of one."""


@dataclass
class _Budget:
    """What has come out of a file and the containers in it."""

    limits: Limits
    members: int = 0
    all_bytes: int = 0

    def spend(self, *, members: int = 0, count: int = 0) -> None:
        self.members += members
        self.all_bytes += count
        most_members = self.limits.container_members
        most_bytes = self.limits.container_bytes
        if self.members > most_members:
            raise _SpentError(ReasonCode.BOMB, f"more than {most_members:,} members")
        if self.all_bytes > most_bytes:
            raise _SpentError(ReasonCode.BOMB, f"more than {most_bytes:,} bytes in it")


@dataclass(frozen=True)
class _Source:
    """A container to take apart: its arrival, and how deep it lies."""

    row: dict[str, Any]
    container: Container
    budget: _Budget
    levels: int
    depth: int


class _Expander:
    """Containers taken apart so far."""

    def __init__(self, folder: Path, limits: Limits, ignore: Sequence[str]) -> None:
        self._folder, self._limits, self._ignore = folder, limits, ignore
        self.containers: list[dict[str, Any]] = []
        self.members: list[pl.DataFrame] = []
        self.rejects: list[pl.DataFrame] = [pl.DataFrame(schema=REJECTS)]

    def expand(self, rows: pl.DataFrame) -> None:
        """Take apart what the rows name, and what lies in that."""
        waiting = [
            _Source(row, Container(row["container"]), _Budget(self._limits), 1, 1)
            for row in rows.to_dicts()
        ]
        while waiting:
            source = waiting.pop()
            members = self._judge(source, self._take_apart(source))
            self.members.append(members)
            waiting += self._sources_in(source, members)

    def _take_apart(self, source: _Source) -> list[dict[str, Any]]:
        """The members of a container as entries, their bytes in files of the run."""
        row, entries = source.row, []
        place = Place(row["path_bytes"], row["device"], row["inode"])
        names: dict[str, int] = {}
        is_document = source.container == Container.MAIL
        try:
            with (
                opened(place) as (descriptor, size),
                os.fdopen(os.dup(descriptor), "rb") as file,
                tempfile.TemporaryFile(dir=self._folder) as scratch,
            ):
                expect_size(row["byte_size"], size, "listed")
                for inside in list_inside(
                    file, source.container, self._limits, scratch
                ):
                    source.budget.spend(members=1)
                    is_document &= not inside.is_all
                    name = _shown(inside.name)
                    names[name] = again = names.get(name, 0) + 1
                    below = f"{name} ({again})" if again > 1 else name
                    entries.append(
                        self._write(inside, source.budget)
                        | {
                            "path": f"{row['path']}/{below}",
                            "path_below": name,
                            "file_name": name.rpartition("/")[2],
                        }
                    )
        except NotAContainerError:
            return []
        except HeldBackError as held:
            if source.container == Container.MAIL:
                return []  # its text may be read for all that
            self._hold(row, held)
            return [] if held.reason_code in _WHOLE_OR_NOTHING else entries
        if not is_document:
            self.containers.append(row)
        return entries

    def _write(self, inside: Inside, budget: _Budget) -> dict[str, Any]:
        """A member in a file that its SHA-256 names, or why there is none."""
        partial = self._folder / "partial"
        digest, head, size = hashlib.sha256(), b"", 0
        try:
            with partial.open("wb") as file:
                for piece in _bounded(inside, budget):
                    size += len(piece)
                    digest.update(piece)
                    if len(head) < CONTAINER_HEAD_BYTES:
                        head += piece
                    file.write(piece)
        except _SpentError:
            raise
        except HeldBackError as held:
            return {"reason_code": held.reason_code, "detail": held.detail}
        sha256 = digest.hexdigest()
        target = self._folder / sha256
        # Rows of the same bytes know the file by its inode: the first one stays.
        if not target.exists():
            partial.replace(target)
        status = target.stat()
        return {
            "path_bytes": os.fsencode(target),
            "byte_size": size,
            "device": status.st_dev,
            "inode": status.st_ino,
            "document_id": sha256,
            "compression": name_compression(head),
            "container": name_container(head),
        }

    def _judge(self, source: _Source, found: list[dict[str, Any]]) -> pl.DataFrame:
        """Arrivals of the members; hidden and ignored ones are left out."""
        told = pl.DataFrame(found, schema=_FOUND)
        entries = told.with_columns(
            entry_kind=pl.lit("regular"), is_named=False, is_link_to_directory=False
        ).select(
            (pl.col(name) if name in (*told.columns, *_SAID) else pl.lit(None))
            .cast(dtype)
            .alias(name)
            for name, dtype in ENTRIES.items()
        )
        files, rejects = discover(entries, self._limits, self._ignore)
        self.rejects.append(rejects)
        return (
            files.drop("compression", "container_id")
            .join(
                told.select("path", "document_id", "compression", "container"),
                on="path",
                maintain_order="left",
            )
            .with_columns(container_id=pl.lit(source.row["document_id"], pl.String))
        )

    def _sources_in(self, source: _Source, members: pl.DataFrame) -> Iterator[_Source]:
        levels = source.levels + (source.container in ARCHIVES)
        for row in members.drop_nulls("container").to_dicts():
            container = Container(row["container"])
            if container in ARCHIVES and levels > MOST_LEVELS:
                self._hold(row, HeldBackError(ReasonCode.UNSUPPORTED_TYPE, _TOO_DEEP))
            elif source.depth < _MOST_DEPTH:
                yield _Source(row, container, source.budget, levels, source.depth + 1)

    def _hold(self, row: dict[str, Any], held: HeldBackError) -> None:
        reject = {
            "document_id": row["document_id"],
            "path": row["path"],
            "stage": "unpack",
            "reason_code": held.reason_code,
            "detail": held.detail,
        }
        self.rejects.append(pl.DataFrame([reject], schema=REJECTS))


_FOUND: Final = {
    "path": pl.String,
    "path_bytes": pl.Binary,
    "path_below": pl.String,
    "file_name": pl.String,
    "byte_size": pl.Int64,
    "device": pl.UInt64,
    "inode": pl.UInt64,
    "document_id": pl.String,
    "compression": pl.String,
    "container": pl.String,
    "reason_code": pl.String,
    "detail": pl.String,
}
_SAID: Final = ("entry_kind", "is_named", "is_link_to_directory")


def expand_containers(
    arrivals: pl.DataFrame,
    folder: Path,
    limits: Limits = DEFAULT_LIMITS,
    ignore: Sequence[str] = DEFAULT_IGNORE,
) -> Expanded:
    """Take containers apart, and containers in them.

    A member that is broken, too large, or has a password is held back alone; a broken
    container gives the members before that place.

    Args:
        arrivals: As `hash_files` gives them; those with `container` are looked into.
        folder: For the members; made when missing.
        limits: Caps on members, their bytes, and their ratio.
        ignore: As for `discover`, by paths in the container.
    """
    start = time.perf_counter()
    chosen = arrivals.drop_nulls("container").unique(
        "document_id", keep="first", maintain_order=True
    )
    expander = _Expander(folder, limits, ignore)
    if len(chosen):
        folder.mkdir(parents=True, exist_ok=True)
        expander.expand(chosen)
    expanded = Expanded(
        pl.DataFrame(expander.containers, schema=arrivals.schema),
        pl.concat(
            [arrivals.clear(), *(m.select(arrivals.columns) for m in expander.members)]
        ),
        pl.concat(expander.rejects),
    )
    logger.info(
        "Took %d members out of %d archives and mailboxes; %d held back (%.2f s)",
        len(expanded.members),
        len(expanded.containers),
        len(expanded.rejects),
        time.perf_counter() - start,
    )
    return expanded


def _bounded(inside: Inside, budget: _Budget) -> Iterator[bytes]:
    """The bytes of a member, as long as it stays under the caps."""
    limits, size = budget.limits, 0
    by_ratio = limits.ratio * (inside.packed_bytes or limits.document_bytes)
    most = max(by_ratio, limits.ratio_from_bytes)
    for piece in inside.pieces():
        size += len(piece)
        budget.spend(count=len(piece))
        if size > most:
            raise HeldBackError(
                ReasonCode.BOMB,
                f"{inside.packed_bytes} bytes unpack to more than {most}",
            )
        if size > limits.document_bytes:
            raise HeldBackError(
                ReasonCode.TOO_LARGE, f"more than {limits.document_bytes} bytes"
            )
        yield piece


def _shown(name: str) -> str:
    """The name of a member as part of a path that leads nowhere else."""
    plain = name.encode("utf-8", "backslashreplace").decode()
    parts = [
        part
        for part in plain.replace("\\", "/").replace("\0", "").split("/")
        if part not in ("", ".", "..")
    ]
    return "/".join(parts)[-_NAME_CHARS:] or "unnamed"
