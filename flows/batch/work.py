"""A batch on its way through the stages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from flows.wording import counted
from transforms.contracts import EVIDENCE, HELD_SPANS, SCORES
from transforms.extract_content.content import Content
from transforms.text.buffers import TextBuffer

if TYPE_CHECKING:
    # It brings kernels, which a run that finds nothing new does not need.
    from transforms.split.records.records import ParsedRecords

STAGED_HELD_SPANS = {**HELD_SPANS, "stage": pl.String()}


@dataclass(frozen=True)
class Work:
    """A batch on its way; every step gives a new one with more of it filled.

    Attributes:
        documents: Contract DOCUMENTS; of records, their virtual documents until the
            offsets are restored.
        held_spans: Contract HELD_SPANS with `stage`: set aside so far.
        rejects: Contract REJECTS: whole files set aside so far.
        buffer: Text of the documents, back to back, until metadata is there.
        lines: Contract SPLIT_LINES, as long.
        articles: From SPLIT_ARTICLES to ARTICLES with identity.
        records: What the records said of themselves; None for digests.
        scores: Contract SCORES.
        evidence: Contract EVIDENCE, located in the documents.
        content: What the articles tell of, located in the documents.
        counts: Rows and characters, by name.
    """

    documents: pl.DataFrame
    held_spans: pl.DataFrame
    rejects: pl.DataFrame
    buffer: TextBuffer | None = None
    lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    articles: pl.DataFrame = field(default_factory=pl.DataFrame)
    records: "ParsedRecords | None" = None
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCORES))
    evidence: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=EVIDENCE)
    )
    content: Content = field(default_factory=Content)
    counts: dict[str, int] = field(default_factory=dict)

    def hold(self, spans: pl.DataFrame, stage: str) -> pl.DataFrame:
        """The held spans with those of one more stage."""
        return pl.concat(
            [
                self.held_spans,
                spans.with_columns(stage=pl.lit(stage)).select(list(STAGED_HELD_SPANS)),
            ]
        )

    def by_kind(self) -> "list[Work]":
        """The same documents in a work for each kind, their rows numbered from 0.

        What is counted and rejected so far stays with the first.
        """
        kinds = self.documents["kind"].unique().sort()
        if len(kinds) <= 1:
            return [self]
        rejects = self.rejects
        works: list[Work] = []
        for kind in kinds:
            chosen = self.documents.filter(pl.col("kind") == kind)
            rows = chosen.select("document_row", own=pl.row_index().cast(pl.UInt32))
            held = (
                self.held_spans.join(rows, on="document_row", maintain_order="left")
                .with_columns(document_row="own")
                .drop("own")
            )
            documents = chosen.with_columns(document_row=rows["own"])
            counts = {} if works else self.counts
            works.append(
                replace(
                    self,
                    documents=documents,
                    held_spans=held,
                    rejects=rejects,
                    counts=counts,
                )
            )
            rejects = rejects.clear()
        return works

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


def join_works(works: Sequence[Work]) -> Work:
    """One work with the documents and articles of several, rows numbered through.

    Args:
        works: Of other documents each, with metadata.
    """
    if len(works) == 1:
        return works[0]
    columns = works[0].articles.columns
    documents, held_spans, articles = [], [], []
    first_document = first_article = 0
    for work in works:
        row = pl.col("document_row") + pl.lit(first_document, pl.UInt32)
        documents.append(work.documents.with_columns(row))
        held_spans.append(work.held_spans.with_columns(row))
        articles.append(
            work.articles.select(columns).with_columns(
                row, pl.col("article_row") + pl.lit(first_article, pl.UInt32)
            )
        )
        first_document += len(work.documents)
        last = work.articles.select(pl.col("article_row").max()).item()
        first_article += int(last or 0) + 1
    return Work(
        documents=pl.concat(documents),
        held_spans=pl.concat(held_spans),
        rejects=pl.concat(work.rejects for work in works),
        articles=pl.concat(articles),
        counts={
            name: sum(work.counts.get(name, 0) for work in works)
            for name in dict.fromkeys(name for work in works for name in work.counts)
        },
    )
