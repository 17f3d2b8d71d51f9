"""A batch on its way through the stages."""

from dataclasses import dataclass, field

import polars as pl

from flows.wording import counted
from transforms.contracts import EVIDENCE, HELD_SPANS, SCORES
from transforms.split.records.records import ParsedRecords
from transforms.text.buffers import TextBuffer

STAGED_HELD_SPANS = {**HELD_SPANS, "stage": pl.String()}


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

    def describe(self) -> str:
        """What it holds so far, in counts."""
        held = len(self.held_spans) + len(self.rejects)
        return ", ".join(
            [
                counted(len(self.documents), "document"),
                counted(len(self.articles), "article"),
                f"{held:,} set aside",
            ]
        )
