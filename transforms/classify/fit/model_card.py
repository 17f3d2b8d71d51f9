"""The model card: what a classifier was fitted on, how right and how honest it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from transforms.classify.fit.calibration import (
    Floats,
    Labels,
    calibration_error,
    class_f1,
    macro_f1,
    reliability,
)
from transforms.contracts import CATEGORY_CODES

Cell = str | int | float
_Row = tuple[Cell, ...]
_CARD: Final = """\
# {name}, version {version}

Sorts news articles into crisis, energy, crime, government, and other: a linear model
over words and pairs of words, hashed, which starts from the hand-kept lexicon
`seeds/reference/lexicon_topics.csv` and moves as far as labelled articles ask for.
English only: a text in another language has few known words, and its label means
little even where its score is high.
The words that decided are stored as evidence.

Fitted on {article_count} articles, seed {seed}. SHA-256 over all of them:
`{gold_sha256}`.

## Held-out figures

Every article is judged by a model fitted without its corpus; a corpus of many
publishers is cut into groups of publishers, which are held out in turn.

{corpora}

{categories}

## Calibration

Score of the primary label against the share that was right, on the same held-out
articles; log-odds were divided by {temperature:.3f}. Expected calibration error:
{error}.

{tenths}

## Known weaknesses

- Of the public corpora's labels, about one in ten is doubtful; government is mostly
  American and British, crime mostly American prosecutors.
- Very short texts, and those that are half crime and half politics, get scores near
  the middle: look at the margin between the two best scores.
- Company news of energy firms stands between energy and other.
"""


@dataclass(frozen=True)
class Figures:
    """Judged articles, each by a model that saw nothing of its domain.

    Attributes:
        labels: Place in CATEGORY_CODES.
        scores: Calibrated, one row per article.
        corpora: Of each article.
    """

    labels: Labels
    scores: Floats
    corpora: list[str]


def write_model_card(facts: dict[str, Any], figures: Figures) -> str:
    """Markdown from the facts in the weights file and the held-out figures."""
    tables = {
        "corpora": _table(
            ("corpus", "articles", "accuracy", "macro-F1"), _corpus_rows(figures)
        ),
        "categories": _table(("category", "articles", "F1"), _category_rows(figures)),
        "tenths": _table(
            ("score from", "articles", "mean score", "right"), _tenths(figures)
        ),
        "error": f"{calibration_error(figures.labels, figures.scores):.3f}",
    }
    return _CARD.format(**facts, **tables)


def _table(head: _Row, rows: Iterable[_Row]) -> str:
    cells = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in cells)


def _cell(value: Cell) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _corpus_rows(figures: Figures) -> list[_Row]:
    corpora = np.array(figures.corpora)
    predicted = figures.scores.argmax(axis=1)
    rows: list[_Row] = []
    for corpus in sorted(set(figures.corpora)):
        inside = corpora == corpus
        labels, found = figures.labels[inside], predicted[inside]
        share = float((labels == found).mean())
        rows.append((corpus, int(inside.sum()), share, macro_f1(labels, found)))
    share = float((figures.labels == predicted).mean())
    pooled = macro_f1(figures.labels, predicted)
    return [*rows, ("all pooled", len(corpora), share, pooled)]


def _category_rows(figures: Figures) -> list[_Row]:
    scores = class_f1(figures.labels, figures.scores.argmax(axis=1))
    return [
        (code, int((figures.labels == place).sum()), float(scores[place]))
        for place, code in enumerate(CATEGORY_CODES)
    ]


def _tenths(figures: Figures) -> list[_Row]:
    return list(reliability(figures.labels, figures.scores))
