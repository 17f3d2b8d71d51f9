"""Batches that end the process at work on them: the culprit is held, the others load.

A process that dies, mostly for want of memory, takes all batches with it that were
under way. Each of these is tried again in a process of its own, and halved as long as
it ends that, too; a file that does so alone is held back, and nobody reads it again
until `newsmill quarantine retry`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import polars as pl

from flows.batch.batches import Batch, Part, Piece
from flows.batch.culprits import (
    fails_at_all,
    is_of_a_stage,
    said,
    transform_contained,
)
from flows.batch.finished_parts import note_start
from flows.runners.runner import Runner
from flows.runners.transient_errors import is_out_of_memory
from transforms.contracts import REJECTS, ReasonCode

logger = logging.getLogger(__name__)

BatchOrPiece = TypeVar("BatchOrPiece", Batch, Piece)
Task = Callable[[Any], Part]

# More than one, which would mean this process.
ALONE: Final = 2
_SAID: Final = {
    ReasonCode.OUT_OF_MEMORY: "a process with nothing else to do had too little memory",
    ReasonCode.CRASHED: "a process with nothing else to do crashed",
}
_NEXT_STEP: Final = (
    "split the file, or free memory and try `newsmill quarantine retry --reason {}`"
)


def is_end_of_process(error: BaseException) -> bool:
    """Whether the process at work on a batch ended, or would have."""
    return is_out_of_memory(error) or isinstance(error, ChildProcessError)


def transform_here(run: Runner, task: Task, batch: Batch) -> list[Part]:
    """Parts of a batch whose stages are called in this process, as tasks of the run."""
    note_start(batch)
    try:
        return [transform_contained(batch, run)]
    except BaseException as error:
        if not is_end_of_process(error):
            raise
        logger.warning("%s: %s", batch, error)
    return transform_alone(run, task, batch)


def map_isolated(
    run: Runner, task: Task, batches: Sequence[Batch], *, workers: int
) -> list[Part]:
    """Parts of the batches.

    Args:
        run: Calls the task.
        task: From a batch to its part, again for nothing when that is there already.
        batches: In which files may be that no process can bear.
        workers: Processes at most.
    """
    parts, suspects = _map(run, task, batches, workers)
    # Of several that were under way, any may be the one.
    lone = suspects[0] if len(suspects) == 1 and len(suspects[0].files) > 1 else None
    for suspect in lone.halves() if lone else suspects:
        parts += transform_alone(run, task, suspect)
    return parts


def map_pieces(
    run: Runner, task: Task, parts: list[Part], *, workers: int
) -> list[Part]:
    """The parts, with those of their pieces.

    Args:
        run: Calls the task.
        task: From a piece to its part.
        parts: Of which some were cut. One with a piece that no process, or no stage,
            can bear gives way to one that says so.
        workers: Processes at most.
    """
    pieces = [piece for part in parts for piece in part.pieces]
    if not pieces:
        return parts
    made, suspects = _map(run, task, pieces, workers, _may_be_of_a_piece)
    ends: dict[str, tuple[Batch, BaseException]] = {}
    for piece in suspects:
        if piece.batch.batch_id in ends:
            continue
        try:
            made += run.map(task, [piece], workers=ALONE)
        except BaseException as error:
            if not _may_be_of_a_piece(error):
                raise
            if is_of_a_stage(error) and fails_at_all(piece.batch):
                raise
            ends[piece.batch.batch_id] = piece.batch, error
    whole = [
        part for part in [*parts, *made] if part.path.name.partition(".")[0] not in ends
    ]
    refused = [_refuse(batch, error) for batch, error in ends.values()]
    return [*whole, *(transform_contained(batch, run) for batch in refused)]


def _may_be_of_a_piece(error: BaseException) -> bool:
    return is_end_of_process(error) or is_of_a_stage(error)


def transform_alone(run: Runner, task: Task, batch: Batch) -> list[Part]:
    """Parts of a batch that is tried in processes of its own."""
    try:
        return list(run.map(task, [batch], workers=ALONE))
    except BaseException as error:
        if not is_end_of_process(error):
            raise
        if len(batch.files) == 1:
            return [transform_contained(_refuse(batch, error), run)]
        logger.warning("%s ended its process (%s): halved", batch, error)
    return [
        part for half in batch.halves() for part in transform_alone(run, task, half)
    ]


def _map(
    run: Runner,
    task: Task,
    items: Sequence[BatchOrPiece],
    workers: int,
    is_borne: Callable[[BaseException], bool] = is_end_of_process,
) -> tuple[list[Part], list[BatchOrPiece]]:
    """Parts of most items, and the items that were under way when one failed.

    Args:
        run: Calls the task.
        task: From an item to its part.
        items: Batches, or pieces of some.
        workers: Processes at most.
        is_borne: Whether an error may be of one item; others end the run.
    """
    parts: list[Part] = []
    suspects: list[BatchOrPiece] = []
    waiting = list(items)
    while waiting:
        known = len(parts)
        try:
            for part in run.map(task, waiting, workers=workers):
                parts.append(part)  # noqa: PERF402 - kept when the next one raises
        except BaseException as error:
            if not is_borne(error):
                raise
            logger.warning("A process that transforms failed: %s", said(error))
            done = len(parts) - known
            under_way = done + run.ahead(workers)
            suspects += waiting[done:under_way]
            waiting = waiting[under_way:]
        else:
            break
    return parts, suspects


def _refuse(batch: Batch, error: BaseException) -> Batch:
    """The batch with all its files held back."""
    if not is_end_of_process(error):
        return _held_whole(batch, ReasonCode.STAGE_FAILED, said(error))
    reason = ReasonCode.OUT_OF_MEMORY if is_out_of_memory(error) else ReasonCode.CRASHED
    detail = f"{_SAID[reason]}: {_NEXT_STEP.format(reason.value)}"
    return _held_whole(batch, reason, detail)


def _held_whole(batch: Batch, reason: ReasonCode, detail: str) -> Batch:
    held = batch.files.with_columns(
        char_start=None,
        char_end=None,
        stage=pl.lit("transform"),
        reason_code=pl.lit(reason.value),
        detail=pl.lit(detail),
    ).select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items())
    return replace(batch, files=batch.files.clear(), held=held)
