"""Batches become Parquet parts: a task each, in worker processes or on machines."""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing import parent_process
from typing import TypeVar

from flows.batch.batches import Batch, Part, Piece, Recipe, make_recipe
from flows.batch.culprits import transform_contained
from flows.batch.finished_parts import find_finished, note_finished, note_start
from flows.batch.transform import transform_rest
from flows.runners.direct import DirectRunner
from flows.runners.runner import Runner
from transforms.contracts import PASSING_REASONS
from transforms.errors import NewsmillError

BatchOrPiece = TypeVar("BatchOrPiece", Batch, Piece)


class OtherVersionError(NewsmillError):
    """A worker would make other parts than the machine that asks for them."""

    def __init__(self, got: str, expected: str) -> None:
        super().__init__(got, expected)
        self.got, self.expected = got, expected

    def __str__(self) -> str:
        return (
            f"transform: a worker has transforms, weights, and day {self.got}, "
            f"expected {self.expected}. Install the same Newsmill on all machines"
        )


def transform_batch(batch: Batch) -> Part:
    """A batch as a part, unless a run that died has made it already.

    Raises:
        OtherVersionError: This process would make another part than the asking one.
    """
    return _unless_finished(batch, transform_contained)


def transform_piece(batch: Piece) -> Part:
    """What is left of a batch that was cut, as `transform_batch` does it."""
    return _unless_finished(batch, transform_rest)


def _unless_finished(
    batch: BatchOrPiece, make: Callable[[BatchOrPiece, Runner], Part]
) -> Part:
    _require_same(batch.recipe)
    finished = find_finished(batch)
    if finished is not None:
        return finished
    if isinstance(batch, Batch) and parent_process() is None:
        note_start(batch)
    run = DirectRunner()
    part = replace(make(batch, run), seconds=run.seconds)
    if part.rejects["reason_code"].is_in(list(PASSING_REASONS)).any():
        return part  # another run may well read those files
    return note_finished(batch, part)


def _require_same(recipe: Recipe) -> None:
    own = make_recipe(
        *(recipe.run_date, recipe.weights, recipe.splitter, recipe.columns),
        recipe.without,
    )
    if own != recipe:
        raise OtherVersionError(own.fingerprint, recipe.fingerprint)
