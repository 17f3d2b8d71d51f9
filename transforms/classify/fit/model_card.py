"""The model card: what a classifier was fitted on, how right and how honest it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from transforms.classify.fit.calibration import (
    Floats,
    Labels,
    calibration_error,
    class_f1,
    label_errors,
    macro_f1,
    reliability,
)
from transforms.contracts import CATEGORY_CODES

Cell = str | int | float
_Row = tuple[Cell, ...]
_CARD: Final = """\
# {name}, version {version}

Sorts news articles into crisis, energy, crime, government, and other: a linear model
over words and pairs of words, hashed, which starts from the hand-kept lexicons
`seeds/reference/lexicon_topics.csv` (topics, wherever they stand) and
`lexicon_acts.csv` (what is done, by whom, and what kind of text it is; in the title and
the first words), and moves as far as labelled articles ask for. The words that decided
are stored as evidence.

Fitted on {article_count} articles and the {brief_count} made-up briefs of
`seeds/reference/labelled_briefs.csv`, seed {seed}. SHA-256 over all of them:
`{gold_sha256}`.

## Languages

Known: {languages}. Of these, {lexicon_languages} are known by a translated lexicon
alone (`seeds/reference/lexicon_translated.csv`): what words begin with, with the
weights of the English words that they stand for. Their scores are calibrated on English
articles of which only those words were counted, and their labels are less sure.
Articles in all other languages are unclassified (category key 0), never `other`.

## Scores

Each category has a score of its own: the probability that an editor would name it
first, against all others. A label with evidence of its own has at least 0.3 of the
probability that it is one beside the first. The highest is the primary label; others
are assigned from {threshold:.3f} on, none beside `other`.

## Held-out figures

Every article is judged by a model fitted without its corpus, or, where there are less
than three, without its group of publishers.

{corpora}

{categories}

## Calibration

Score of the primary label against the share that was right, on the same held-out
articles. Expected calibration error: {error}. That of each category's score stands in
the table of categories; a corpus of which a category is all, or nothing, is the worst.

{tenths}

## Known weaknesses

- Of the public corpora's labels, about one in ten is doubtful; government is mostly
  American and British, crime mostly American prosecutors.
- A word classifier that was fitted on articles of the same publishers (scikit-learn,
  TF-IDF with logistic regression) may do better on long articles whose labels follow
  the sections of one house: it learns names and habits that this one leaves out, for
  they say nothing of another publisher.
- An act does not always outweigh many words of another topic around it: the sentence
  for a crash may still be crisis, the theft from a pipeline energy.
- Very short texts, and those that are half crime and half politics, get scores near
  the middle: look at the margin between the two best scores.
- Company news of energy firms stands between energy and other.

## Doubtful gold

Labels that the held-out model contradicts with a score of {doubt} and more. They were
left as they are; some are right.

{doubtful}
"""
_DOUBT: Final = 0.95
_MOST_NAMED: Final = 12


@dataclass(frozen=True)
class Figures:
    """Judged articles, each by a model that saw nothing of its domain.

    Attributes:
        labels: Place in CATEGORY_CODES.
        scores: Calibrated, one row per article.
        corpora: Of each article.
        names: Of each article, or none at all.
    """

    labels: Labels
    scores: Floats
    corpora: list[str]
    names: list[str] = field(default_factory=list)


def write_model_card(facts: dict[str, Any], figures: Figures) -> str:
    """Markdown from the facts in the weights file and the held-out figures."""
    tables = {
        "corpora": _table(
            ("corpus", "articles", "accuracy", "macro-F1", "calibration error"),
            _corpus_rows(figures),
        ),
        "categories": _table(
            ("category", "articles", "F1", "calibration error"), _category_rows(figures)
        ),
        "tenths": _table(
            ("score from", "articles", "mean score", "right"), _tenths(figures)
        ),
        "error": f"{calibration_error(figures.labels, figures.scores):.3f}",
        "threshold": max(facts["thresholds"].values()),
        "doubt": _DOUBT,
        "doubtful": _table(("corpus", "articles", "some of them"), _doubtful(figures)),
    }
    names = ("languages", "lexicon_languages")
    listed = {name: ", ".join(facts[name]) for name in names}
    return _CARD.format(**facts | tables | listed)


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
        error = calibration_error(labels, figures.scores[inside])
        rows.append((corpus, int(inside.sum()), share, macro_f1(labels, found), error))
    share = float((figures.labels == predicted).mean())
    pooled = macro_f1(figures.labels, predicted)
    error = calibration_error(figures.labels, figures.scores)
    return [*rows, ("all pooled", len(corpora), share, pooled, error)]


def _category_rows(figures: Figures) -> list[_Row]:
    scores = class_f1(figures.labels, figures.scores.argmax(axis=1))
    errors = label_errors(figures.labels, figures.scores)
    return [
        (
            code,
            int((figures.labels == place).sum()),
            float(scores[place]),
            float(errors[place]),
        )
        for place, code in enumerate(CATEGORY_CODES)
    ]


def _doubtful(figures: Figures) -> list[_Row]:
    corpora, scores = np.array(figures.corpora), figures.scores
    is_other = scores.argmax(axis=1) != figures.labels
    is_doubtful = is_other & (scores.max(axis=1) >= _DOUBT)
    rows: list[_Row] = []
    for corpus in sorted(set(figures.corpora)):
        places = np.flatnonzero(is_doubtful & (corpora == corpus))
        surest = places[np.argsort(-scores[places].max(axis=1), kind="stable")]
        names = [figures.names[at] for at in surest[:_MOST_NAMED] if figures.names]
        rows.append((corpus, len(places), ", ".join(map(_plain, names))))
    return rows


def _plain(name: str) -> str:
    """A name that cannot break the table."""
    return re.sub(r"[^\w.:/-]", "_", name)[:40]


def _tenths(figures: Figures) -> list[_Row]:
    return list(reliability(figures.labels, figures.scores))
