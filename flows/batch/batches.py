"""Groups of files that one task transforms: bounded by bytes, of one kind each."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Final

import polars as pl

from flows.weights import read_weights_file, version_with
from transforms.contracts import REJECTS
from transforms.reference import read_weights
from warehouse.staging.parts_folder import PART_FORMAT

# A compressed file is taken for as much text as news usually gives.
COMPRESSED_GROWTH: Final = 5
# A batch of less is not worth the start of workers; more pieces than the most cost more
# than they save.
CUT_PIECES: Final = 4
MOST_PIECES: Final = 32
# What compressed files hold is known once they are unpacked: what is more than that, or
# in lines shorter than any text has on the average, is left for a batch of its own.
MOST_READ_PIECES: Final = 2
LEAST_LINE_BYTES: Final = 24


@dataclass(frozen=True)
class Recipe:
    """How files become a part.

    Attributes:
        run_date: Day of the run, UTC; nothing after it is a date of the past.
        weights: Of the classifier; None is the one that ships.
        splitter: Its weights; None are those that ship.
        columns: What the fields are called in tables, as in the settings.
        without: What is left out, as in the settings.
        fingerprint: Versions of the transforms, the classifier, and of parts, and the
            day.
    """

    run_date: date
    weights: Path | None
    splitter: Path | None
    columns: str
    without: tuple[str, ...]
    fingerprint: str

    @property
    def is_content_wanted(self) -> bool:
        """Whether texts are read for places, persons, organisations, and claims."""
        return "content" not in self.without

    @property
    def version(self) -> str:
        """Of the transforms, as documents tell it."""
        return version_with(self.splitter, self.without)


def make_recipe(
    run_date: date,
    weights: Path | None,
    splitter: Path | None = None,
    columns: str = "",
    without: tuple[str, ...] = (),
) -> Recipe:
    """The recipe of this Newsmill, on this machine."""
    content = read_weights_file(weights) if weights else read_weights("classify")
    sha256 = hashlib.sha256(content).hexdigest()
    version = version_with(splitter, without)
    versions = (version, sha256, run_date, PART_FORMAT, columns)
    fingerprint = " ".join(map(str, versions))
    return Recipe(run_date, weights, splitter, columns, without, fingerprint)


@dataclass(frozen=True)
class Batch:
    """Files that are transformed together into one part.

    Attributes:
        number: From 1.
        total: Batches of the run.
        kind: InputKind; all files of a batch are of one.
        files: Contract FILES with `document_id`, one row per new document.
        folder: Where the part is written.
        recipe: What else than the files decides the part.
        piece_bytes: Text that is scored at a time; a batch of much more is cut.
        held: Files that were among these, and why they are not (contract REJECTS).
    """

    number: int
    total: int
    kind: str
    files: pl.DataFrame
    folder: Path
    recipe: Recipe
    piece_bytes: int
    held: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTS))

    @property
    def batch_id(self) -> str:
        """SHA-256 of all that decides the part: same files and recipe, same part."""
        digest = hashlib.sha256(self.recipe.fingerprint.encode())
        for frame in (self.files, self.held):
            for row in frame.select("document_id", "path").sort("path").iter_rows():
                digest.update("\0".join(map(str, row)).encode() + b"\n")
        return digest.hexdigest()

    def without(self, left: pl.DataFrame) -> "Batch":
        """The batch that it is once some of its files are left for another."""
        files = self.files.join(
            left, on="document_id", how="anti", maintain_order="left"
        )
        return replace(self, files=files)

    def halves(self) -> "tuple[Batch, Batch]":
        """Its files in two batches, as they stand."""
        middle = len(self.files) // 2
        return (
            replace(self, files=self.files[:middle]),
            replace(self, files=self.files[middle:]),
        )

    def of_left(self, left: pl.DataFrame) -> "Batch | None":
        """Another batch, of files that were left; None when there are none."""
        held = self.held.clear()
        return None if left.is_empty() else replace(self, files=left, held=held)

    @property
    def is_large(self) -> bool:
        """Whether it holds more text than a usual batch, a large file then."""
        return self.grown_bytes > self.piece_bytes

    @property
    def is_cut(self) -> bool:
        """Whether it holds so much that it is cut, as far as sizes tell."""
        return self.grown_bytes >= CUT_PIECES * self.piece_bytes

    @property
    def grown_bytes(self) -> int:
        """Bytes of text, by guess."""
        return int(self.files.select(_grown_bytes().sum()).item())

    @property
    def documents_id(self) -> str:
        """Of the part with the documents of a batch that was cut, and no article."""
        return f"{self.batch_id}.documents"

    def __str__(self) -> str:
        files = f"{len(self.files)} file" + "s" * (len(self.files) != 1)
        return f"batch {self.number} of {self.total}: {files}"


@dataclass(frozen=True)
class Piece:
    """Some articles of a batch that was cut, for one task to score.

    Attributes:
        batch: Of which it is one.
        number: From 1.
        total: Pieces of the batch.
        first: Place of its first article among those of the batch.
        count: Its articles.
    """

    batch: Batch
    number: int
    total: int
    first: int
    count: int

    @property
    def folder(self) -> Path:
        """Where its part is written."""
        return self.batch.folder

    @property
    def recipe(self) -> Recipe:
        """What else than the files decides its part."""
        return self.batch.recipe

    @property
    def batch_id(self) -> str:
        """Of its batch, and its place in it."""
        return f"{self.batch.batch_id}.{self.first}-{self.first + self.count}"

    @property
    def left_folder(self) -> Path:
        """Where its articles and their text wait for its task."""
        return self.folder / f"{self.batch_id}.left"

    def __str__(self) -> str:
        return f"{self.batch}, piece {self.number} of {self.total}"


@dataclass(frozen=True)
class Part:
    """What a batch or piece became.

    Attributes:
        path: Folder with one Parquet file per table.
        counts: Documents, occurrences, characters of the batch, and rows per stage.
        rejects: Set aside on the way (contract REJECTS).
        seconds: Wall time per step.
        pieces: What is left to do of a batch that was cut.
        left: Files of the batch that were more than it may hold, as one more batch.
    """

    path: Path
    counts: dict[str, int]
    rejects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTS))
    seconds: dict[str, float] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()
    left: Batch | None = None

    def describe(self) -> str:
        """What the batch gave, in counts."""
        made = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"{made or 'articles of a piece'}; {len(self.rejects):,} set aside"


def _grown_bytes() -> pl.Expr:
    """Bytes of each file once it is decompressed, by guess."""
    is_plain = pl.col("compression") == "none"
    return pl.col("byte_size") * pl.when(is_plain).then(1).otherwise(COMPRESSED_GROWTH)


def cut_batch(batch: Batch, sizes: pl.Series) -> tuple[Piece, ...]:
    """Pieces of about `piece_bytes` each, of whole articles; none of a usual batch.

    Args:
        batch: Whose text is split already.
        sizes: Bytes of each article, in order.
    """
    total = int(sizes.sum())
    if total < CUT_PIECES * batch.piece_bytes:
        return ()
    size = max(batch.piece_bytes, -(-total // MOST_PIECES))
    groups = ((sizes.cum_sum() - 1) // size).rle().struct.field("len").to_list()
    ends = list(accumulate(groups))
    return tuple(
        Piece(batch, number, len(groups), end - count, count)
        for number, (count, end) in enumerate(zip(groups, ends, strict=True), start=1)
    )


def group_files(
    files: pl.DataFrame,
    *,
    batch_bytes: int,
    folder: Path,
    recipe: Recipe,
    workers: int = 1,
) -> list[Batch]:
    """Batches in the order of document ids, so that names and folders play no part.

    Args:
        files: Contract FILES with `document_id`; one row per document.
        batch_bytes: Of text in a batch; it is closed by the file that reaches it.
        folder: Where the parts go.
        recipe: Of all batches.
        workers: That share the batches: all get as many, of about the same size.
    """
    grown = _grown_bytes()
    total = grown.sum().over("kind")
    count = (total - 1).clip(0) // max(batch_bytes, 1) + 1
    shared = pl.when(count > 1).then(-(-count // workers) * workers).otherwise(1)
    size = -(-total // shared)
    grouped = files.sort("kind", "document_id").with_columns(
        group=(grown.cum_sum().over("kind") - 1).clip(0) // size.clip(1)
    )
    groups = grouped.partition_by("kind", "group", maintain_order=True)
    return [
        Batch(
            number,
            len(groups),
            rows["kind"][0],
            rows.drop("group"),
            folder,
            recipe,
            max(batch_bytes, 1),
        )
        for number, rows in enumerate(groups, start=1)
    ]
