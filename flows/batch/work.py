"""A batch on its way through the stages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, Protocol, TypeVar

import polars as pl

from transforms.contracts import EVIDENCE, HELD_SPANS, SCORES
from transforms.split.records.records import ParsedRecords
from transforms.text.buffers import TextBuffer

P = ParamSpec("P")


T = TypeVar("T")


STAGED_HELD_SPANS = {**HELD_SPANS, "stage": pl.String()}


class Caller(Protocol):
    """Calls a step; all that a batch needs of a Runner."""

    seconds: dict[str, float]

    def __call__(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one step under its own name."""
        ...


@dataclass(frozen=True)
class Work:
    """A batch on its way; every step gives a new one with more of it filled.

    Attributes:
        documents: Contract DOCUMENTS; of records, their virtual documents until the
            offsets are restored.
        held_spans: Contract HELD_SPANS with `stage`: set aside so far.
        rejects: Contract REJECTS: whole files set aside so far.
        buffer: Text of the documents, back to back.
        lines: Contract SPLIT_LINES.
        articles: From SPLIT_ARTICLES to ARTICLES with identity.
        records: What the records said of themselves; None for digests.
        scores: Contract SCORES.
        evidence: Contract EVIDENCE, located in the documents.
        counts: Rows and characters, by name.
    """

    documents: pl.DataFrame
    held_spans: pl.DataFrame
    rejects: pl.DataFrame
    buffer: TextBuffer | None = None
    lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    articles: pl.DataFrame = field(default_factory=pl.DataFrame)
    records: ParsedRecords | None = None
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCORES))
    evidence: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=EVIDENCE)
    )
    counts: dict[str, int] = field(default_factory=dict)

    def hold(self, spans: pl.DataFrame, stage: str) -> pl.DataFrame:
        """The held spans with those of one more stage."""
        return pl.concat(
            [
                self.held_spans,
                spans.with_columns(stage=pl.lit(stage)).select(list(STAGED_HELD_SPANS)),
            ]
        )
