"""A file that a stage cannot bear is held back by name; its batch goes on without it.

Files are tried in halves of halves, so a batch with one such file costs about two more
of its kind. Whether it is to blame, or whatever the run does, tells a sample digest:
where that fails too, so does the run.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from flows.batch.batches import Batch, Part
from flows.batch.sample import transform_sample
from flows.batch.transform import transform
from flows.runners.direct import DirectRunner
from flows.runners.runner import Runner
from flows.weights import load_classifier
from transforms.contracts import REJECTS, ReasonCode
from transforms.errors import (
    OutOfSpaceError,
    UsageError,
    WarehouseUnusableError,
    WeightsError,
)
from transforms.text.inert import terminal_text

logger = logging.getLogger(__name__)

# Not about a file: the machine, or what the user chose for all of them.
_OF_THE_RUN: Final = (
    MemoryError,
    OSError,
    OutOfSpaceError,
    UsageError,
    WarehouseUnusableError,
    WeightsError,
)
# What Polars raises where its own code failed is no Exception.
_OF_A_STAGE: Final = (Exception, pl.exceptions.PanicException)
_REASON: Final = ReasonCode.STAGE_FAILED.value
_DETAIL_MAX_CHARS: Final = 200


class _Culprit(NamedTuple):
    document_id: str
    path: str
    stage: str
    error: BaseException


def transform_contained(batch: Batch, run: Runner) -> Part:
    """A batch as a part, whatever its files are like.

    Args:
        batch: Its files are read here.
        run: Calls the stages, each under its own name.

    Returns:
        The part. Its rejects tell of files at which a stage failed, `stage_failed`.

    Raises:
        Exception: What a stage raised, where no file is to blame.
    """
    try:
        return transform(batch, run)
    except _OF_THE_RUN:
        raise
    except _OF_A_STAGE as error:
        logger.warning("%s: %s; its files are tried apart", batch, said(error))
        culprits = list(_find_in_halves(batch, error, _stage_of(run)))
        if not culprits or fails_at_all(batch):
            raise
    held = pl.DataFrame(
        [
            (c.document_id, c.path, None, None, c.stage, _REASON, said(c.error))
            for c in culprits
        ],
        schema=REJECTS,
        orient="row",
    )
    for path, stage, detail in held.select("path", "stage", "detail").iter_rows():
        logger.warning(
            "Held back %s: %s failed with %s", terminal_text(path), stage, detail
        )
    return transform(replace(batch.without(held), held=held), run)


def is_of_a_stage(error: BaseException) -> bool:
    """Whether a stage failed, maybe at a file, and neither machine nor user."""
    return isinstance(error, _OF_A_STAGE) and not isinstance(error, _OF_THE_RUN)


def _find_culprits(batch: Batch) -> Iterator[_Culprit]:
    run = DirectRunner()
    try:
        left = transform(batch, run).left
        while left is not None:
            left = transform(left, run).left
    except _OF_THE_RUN:
        raise
    except _OF_A_STAGE as error:
        yield from _find_in_halves(batch, error, _stage_of(run))


def _find_in_halves(
    batch: Batch, error: BaseException, stage: str
) -> Iterator[_Culprit]:
    """Files of a batch that has failed, each of which fails alone."""
    if len(batch.files) == 1:
        ((document_id, path),) = batch.files.select("document_id", "path").rows()
        yield _Culprit(document_id, path, stage, error)
        return
    for half in batch.halves():
        yield from _find_culprits(half)


def _stage_of(run: Runner) -> str:
    """The stage that was called last."""
    return next(reversed(run.seconds), "transform")


def fails_at_all(batch: Batch) -> bool:
    """Whether the same stages fail at a digest that is known to be good."""
    recipe = batch.recipe
    try:
        transform_sample(load_classifier(recipe.weights), recipe.splitter)
    except _OF_A_STAGE as error:
        logger.warning("A sample digest fails as well: %s", said(error))
        return True
    return False


def said(error: BaseException) -> str:
    """The first line of an error."""
    line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {line}"[:_DETAIL_MAX_CHARS]
