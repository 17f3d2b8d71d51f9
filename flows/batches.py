"""Groups of files that one task transforms: bounded by bytes, of one kind each."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from transforms.classifier import DEFAULT_WEIGHTS
from transforms.contracts import REJECTS
from transforms.version import transform_version
from warehouse.parts import PART_FORMAT

# A compressed file is taken for as much text as news usually gives.
COMPRESSED_GROWTH: Final = 5


@dataclass(frozen=True)
class Recipe:
    """How files become a part.

    Attributes:
        run_date: Day of the run, UTC; nothing after it is a date of the past.
        weights: Of the classifier; None is the one that ships.
        splitter: Its weights; None are those that ship.
        fingerprint: Versions of the transforms, the classifier, and of parts, and the
            day.
    """

    run_date: date
    weights: Path | None
    splitter: Path | None
    fingerprint: str


def make_recipe(
    run_date: date, weights: Path | None, splitter: Path | None = None
) -> Recipe:
    """The recipe of this Newsmill, on this machine."""
    content = (weights or DEFAULT_WEIGHTS).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    versions = (transform_version(splitter), sha256, run_date, PART_FORMAT)
    return Recipe(run_date, weights, splitter, " ".join(map(str, versions)))


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
    """

    number: int
    total: int
    kind: str
    files: pl.DataFrame
    folder: Path
    recipe: Recipe

    @property
    def batch_id(self) -> str:
        """SHA-256 of all that decides the part: same files and recipe, same part."""
        digest = hashlib.sha256(self.recipe.fingerprint.encode())
        for row in self.files.select("document_id", "path").sort("path").iter_rows():
            digest.update("\0".join(map(str, row)).encode() + b"\n")
        return digest.hexdigest()

    def __str__(self) -> str:
        return f"batch {self.number} of {self.total}: {len(self.files)} files"


@dataclass(frozen=True)
class Part:
    """What a batch became.

    Attributes:
        path: Folder with one Parquet file per table.
        counts: Documents, occurrences, characters of the batch, and rows per stage.
        rejects: Set aside on the way (contract REJECTS).
        seconds: Wall time per step.
    """

    path: Path
    counts: dict[str, int]
    rejects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTS))
    seconds: dict[str, float] = field(default_factory=dict)


def group_files(
    files: pl.DataFrame, *, batch_bytes: int, folder: Path, recipe: Recipe
) -> list[Batch]:
    """Batches in the order of document ids, so that names and folders play no part.

    Args:
        files: Contract FILES with `document_id`; one row per document.
        batch_bytes: A batch is closed by the file that reaches it.
        folder: Where the parts go.
        recipe: Of all batches.
    """
    growth = (
        pl.when(pl.col("compression") == "none").then(1).otherwise(COMPRESSED_GROWTH)
    )
    grouped = files.sort("kind", "document_id").with_columns(
        group=((pl.col("byte_size") * growth).cum_sum().over("kind") - 1).clip(0)
        // max(batch_bytes, 1)
    )
    groups = grouped.partition_by("kind", "group", maintain_order=True)
    return [
        Batch(number, len(groups), rows["kind"][0], rows.drop("group"), folder, recipe)
        for number, rows in enumerate(groups, start=1)
    ]
