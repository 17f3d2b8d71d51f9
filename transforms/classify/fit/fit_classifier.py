"""Fit a classifier to labelled articles: a linear model drawn to a lexicon.

The log-odds of terms start from what the hand-kept lexicons say and move only as far
as the articles ask for, so that terms no article held, of countries or trades that no
corpus covers, keep their meaning. All figures come from publishers held out whole.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.classify.classifier import write_classifier
from transforms.classify.fit.calibration import (
    Labels,
    calibrate,
    fit_calibration,
    fit_threshold,
    macro_f1,
)
from transforms.classify.fit.labelled_terms import count_terms, name_domains
from transforms.classify.fit.linear_model import FitSettings, fit_linear, hold_out
from transforms.classify.fit.model_card import Figures, write_model_card
from transforms.classify.fit.pack_model import pack_model
from transforms.classify.fit.translated_lexicon import (
    english_columns,
    translated_languages,
)
from transforms.classify.fit.word_hashes import fold_table
from transforms.contracts import CATEGORY_CODES
from transforms.errors import ContractError
from transforms.reference import read_reference

NAME: Final = "lexicon-drawn linear"
BRIEFS: Final = "labelled_briefs"
_COLUMNS: Final = ("title", "text", "label", "corpus")
_BRIEF_FOLDS: Final = 4
_FEWEST_CORPORA: Final = 3


@dataclass(frozen=True)
class Fitted:
    """A new version.

    Attributes:
        weights: The file, as `classifier.read_classifier` takes it.
        model_card: Markdown.
        figures: How it did on publishers that were held out.
    """

    weights: bytes
    model_card: str
    figures: Figures


def fit_classifier(
    records: pl.DataFrame,
    *,
    version: str = "1",
    seed: int = 0,
    settings: FitSettings | None = None,
) -> Fitted:
    """Fit, judge, calibrate, and pack a classifier.

    The same records and seed give the same bytes on the same machine. The made-up
    briefs that ship are fitted with them, and are part of no figure.

    Args:
        records: `title`, `text`, `label` (CATEGORY_CODES), `corpus`; optional `source`
            (held out whole inside a corpus of many), `weight` (of the label), and
            `id` (named in the model card where the label is doubtful).
        version: Tells it from others of its name.
        seed: Of the pieces that articles are cut into.
        settings: By default those of the shipped version.

    Raises:
        ContractError: A column is missing, a label unknown, or one category has none.
    """
    _check_records(records)
    used = settings or FitSettings()
    both = add_briefs(records, used.brief_weight) if used.brief_weight else records
    fold = fold_table()
    counted = count_terms(both, fold, seed)
    groups = hold_out_groups(both)
    listed = np.unique(np.concatenate(english_columns(counted.terms, fold)))
    logits, listed_logits = hold_out(counted, used, groups, listed)
    labels = counted.labels[~counted.is_piece]
    weights = counted.weights[~counted.is_piece]
    is_said = both["also"].is_not_null().to_numpy() if "also" in both else False
    shares = counted.shares[~counted.is_piece]
    seconds = np.where(np.atleast_1d(is_said)[:, None], shares > 0, np.nan)
    calibration = fit_calibration(labels, logits, seconds, weights)
    listed_calibration = fit_calibration(labels, listed_logits, seconds, weights)
    scores = calibrate(logits, calibration)
    given = slice(len(records))
    figures = Figures(
        labels[given],
        scores[given],
        records["corpus"].to_list(),
        [str(name) for name in records["id"]] if "id" in records.columns else [],
    )
    everything = np.ones(len(counted.labels), dtype=bool)
    linear = fit_linear(counted, everything, used)
    known = translated_languages()
    facts = {
        "name": NAME,
        "version": version,
        "gold_sha256": _gold_sha256(both),
        "macro_f1": round(macro_f1(figures.labels, figures.scores.argmax(axis=1)), 4),
        "thresholds": dict.fromkeys(CATEGORY_CODES, fit_threshold(scores, seconds)),
        "languages": ["en", *known],
        "lexicon_languages": list(known),
        "seed": seed,
        "article_count": len(records),
        "brief_count": len(both) - len(records),
        "settings": asdict(used),
    }
    model = pack_model(
        linear, counted.terms, fold, np.stack([calibration, listed_calibration]), used
    )
    return Fitted(
        write_classifier(facts, model), write_model_card(facts, figures), figures
    )


def add_briefs(records: pl.DataFrame, weight: float) -> pl.DataFrame:
    """The records, and behind them the made-up briefs that ship."""
    given = pl.col("also").fill_null("").str.split("; ")
    briefs = read_reference(BRIEFS).with_columns(
        corpus=pl.lit(BRIEFS),
        weight=pl.lit(weight),
        also=given.list.eval(pl.element().filter(pl.element() != "")),
    )
    if "weight" not in records.columns:
        records = records.with_columns(weight=pl.lit(1.0))
    return pl.concat([records, briefs], how="diagonal_relaxed")


def hold_out_groups(records: pl.DataFrame) -> Labels:
    """What each record is held out with: its corpus, if there are some, or its domain.

    Briefs are held out in parts, for no other text is like them.
    """
    corpora = records["corpus"].to_list()
    is_many = len(set(corpora) - {BRIEFS}) >= _FEWEST_CORPORA
    names = corpora if is_many else name_domains(records)
    parts = [
        f"{name}/{_digest(title or '') % _BRIEF_FOLDS}" if corpus == BRIEFS else name
        for name, corpus, title in zip(names, corpora, records["title"], strict=True)
    ]
    found: Labels = np.unique(parts, return_inverse=True)[1].astype(np.int64)
    return found


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _check_records(records: pl.DataFrame) -> None:
    problems = [f"missing column {name}" for name in _COLUMNS if name not in records]
    if not problems:
        found = set(records["label"].to_list())
        problems = [f"unknown label {label}" for label in found - set(CATEGORY_CODES)]
        problems += [f"no article of {code}" for code in set(CATEGORY_CODES) - found]
    if problems:
        raise ContractError("train", "labelled articles", sorted(problems))


def _gold_sha256(records: pl.DataFrame) -> str:
    """SHA-256 over titles, texts, and labels, whatever the order of the records."""
    rows = sorted(
        "\x1f".join(map(str, row))
        for row in records.select("label", "title", "text").rows()
    )
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row.encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()
