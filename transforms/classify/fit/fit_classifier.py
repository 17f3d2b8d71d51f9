"""Fit a classifier to labelled articles: a linear model drawn to a lexicon.

The log-odds of terms start from what the hand-kept lexicon says and move only as far
as the articles ask for, so that terms no article held, of countries or trades that no
corpus covers, keep their meaning. All figures come from publishers held out whole.
"""

import hashlib
import math
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.classify.classifier import write_classifier
from transforms.classify.fit import labelled_terms
from transforms.classify.fit.calibration import (
    Floats,
    Labels,
    fit_temperature,
    macro_f1,
    softmax,
)
from transforms.classify.fit.labelled_terms import Sparse, TermCounts, count_terms
from transforms.classify.fit.model_card import Figures, write_model_card
from transforms.classify.fit.word_hashes import fold_table
from transforms.classify.score_arrays import FoldTable, Model
from transforms.contracts import CATEGORY_CODES
from transforms.errors import ContractError

NAME: Final = "lexicon-drawn linear"
_COLUMNS: Final = ("title", "text", "label", "corpus")
_LEAST_SLOTS: Final = 1 << 12
_LARGEST_STEP_COUNT: Final = 2000
_DIGITS: Final = 7
_LEAST_SCORE: Final = 1e-300  # whose logarithm is still finite
_LEAST_FALL: Final = 1e-6  # of the loss in a round; below it the fit ends
_OTHER: Final = CATEGORY_CODES.index("other")


@dataclass(frozen=True)
class FitSettings:
    """Chosen by holding out whole corpora.

    Attributes:
        lexicon_gain: Log-odds, per unit of strength, that the lexicon starts from.
        ridge: How strongly terms are held where the lexicon puts them.
        crowd_power: A domain's articles of one label weigh as their number to the power
            of 1 minus this.
        least_articles: A term must occur in so many.
        least_domains: And in so many domains, so that no publisher's phrases count.
        piece_weight: Of a lead or a window, against a whole article.
        norm_floor: Draws texts with few known terms to the middle.
        empty_weight: Of a text without words being `other`, against all articles.
        second_label_score: Least score of a category beside the primary one.
        rounds: Of the optimiser, at most.
    """

    lexicon_gain: float = 1.25
    ridge: float = 7e-5
    crowd_power: float = 0.7
    least_articles: int = 3
    least_domains: int = 3
    piece_weight: float = 0.5
    norm_floor: float = 20.0
    empty_weight: float = 0.02
    second_label_score: float = 0.3
    rounds: int = 80


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


@dataclass(frozen=True)
class _Linear:
    """Log-odds per kept term, before quantising."""

    columns: Labels
    rarity: Floats
    weights: Floats
    bias: Floats


def fit_classifier(
    records: pl.DataFrame,
    *,
    version: str = "1",
    seed: int = 0,
    settings: FitSettings | None = None,
) -> Fitted:
    """Fit, judge, calibrate, and pack a classifier.

    The same records and seed give the same bytes on the same machine.

    Args:
        records: `title`, `text`, `label` (CATEGORY_CODES), `corpus`; optional `source`
            (held out whole inside a corpus of many) and `weight` (of the label).
        version: Tells it from others of its name.
        seed: Of the pieces that articles are cut into.
        settings: By default those of the shipped version.

    Raises:
        ContractError: A column is missing, a label unknown, or one category has none.
    """
    _check_records(records)
    used = settings or FitSettings()
    fold = fold_table()
    counted = count_terms(records, fold, seed)
    logits = hold_out(counted, used)
    whole = ~counted.is_piece
    labels, domains = counted.labels[whole], counted.domains[whole]
    per_domain = (
        1.0 / np.bincount(domains, minlength=len(counted.domain_names))[domains]
    )
    temperature = fit_temperature(labels, logits, per_domain)
    scores = softmax(logits / temperature)
    figures = Figures(labels, scores, records["corpus"].to_list())
    everything = np.ones(len(counted.labels), dtype=bool)
    linear = _fit_linear(counted, everything, used)
    facts = {
        "name": NAME,
        "version": version,
        "gold_sha256": _gold_sha256(records),
        "macro_f1": round(macro_f1(labels, scores.argmax(axis=1)), 4),
        "thresholds": dict.fromkeys(CATEGORY_CODES, used.second_label_score),
        "temperature": temperature,
        "seed": seed,
        "article_count": len(records),
        "settings": asdict(used),
    }
    model = _pack(linear, counted.terms, fold, temperature, used)
    return Fitted(
        write_classifier(facts, model), write_model_card(facts, figures), figures
    )


def hold_out(
    counted: TermCounts, settings: FitSettings, groups: Labels | None = None
) -> Floats:
    """Log-odds of whole articles by models that saw nothing of their group.

    Args:
        counted: Labelled texts.
        settings: Of the fits.
        groups: One number per text; by default its domain.
    """
    held = counted.domains if groups is None else groups
    whole = np.flatnonzero(~counted.is_piece)
    logits = np.zeros((len(whole), len(CATEGORY_CODES)))
    for group in np.unique(held):
        linear = _fit_linear(counted, held != group, settings)
        rows = np.flatnonzero((held == group) & ~counted.is_piece)
        counts = counted.counts[rows][:, linear.columns]
        vectors = _vectors(counts, linear.rarity, settings)
        logits[rows] = vectors @ linear.weights + linear.bias
    return logits


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


def _keep_terms(
    counted: TermCounts,
    used: npt.NDArray[np.bool_],
    settings: FitSettings,
) -> tuple[Labels, Floats]:
    """Columns of the terms worth a weight, and their rarity."""
    rows = np.flatnonzero(used & ~counted.is_piece)
    present = counted.counts[rows]
    present.data = np.ones_like(present.data)
    articles = np.asarray(present.sum(axis=0)).ravel()
    domains = np.zeros(len(counted.terms), dtype=np.int64)
    for domain in np.unique(counted.domains[rows]):
        held = present[counted.domains[rows] == domain]
        domains += np.asarray(held.sum(axis=0)).ravel() > 0
    is_kept = (articles >= settings.least_articles) & (
        domains >= settings.least_domains
    )
    is_kept |= counted.lexicon.any(axis=1)
    columns = np.flatnonzero(is_kept)
    rarity = np.log((len(rows) + 1) / (articles[columns] + 1)) + 1
    return columns, rarity


def _vectors(counts: Sparse, rarity: Floats, settings: FitSettings) -> Sparse:
    """Rows of length 1: damped counts times rarity."""
    from scipy.sparse import diags

    vectors = counts.astype(np.float64).tocsr()
    vectors.data = np.log1p(vectors.data)
    vectors = vectors @ diags(rarity)
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    lengths = np.sqrt(squares + settings.norm_floor)
    return (diags(1 / np.maximum(lengths, 1e-9)) @ vectors).tocsr()


def _example_weights(
    counted: TermCounts, rows: Labels, settings: FitSettings
) -> Floats:
    """Large domains are damped, and all labels count the same in sum."""
    labels, domains = counted.labels[rows], counted.domains[rows]
    cells = domains * len(CATEGORY_CODES) + labels
    crowd = np.bincount(cells)[cells]
    weights = crowd**-settings.crowd_power * counted.weights[rows]
    per_label = np.bincount(labels, weights, len(CATEGORY_CODES))
    weights *= per_label.mean() / per_label[labels]
    weights *= np.where(counted.is_piece[rows], settings.piece_weight, 1.0)
    normed: Floats = weights / weights.sum()
    return normed


def _fit_linear(
    counted: TermCounts,
    used: npt.NDArray[np.bool_],
    settings: FitSettings,
) -> _Linear:
    columns, rarity = _keep_terms(counted, used, settings)
    rows = np.flatnonzero(used)
    vectors = _vectors(counted.counts[rows][:, columns], rarity, settings)
    # The last row is empty: a text without a known term is of no category.
    vectors.resize(len(rows) + 1, len(columns))
    weights, bias = _optimise(
        vectors,
        np.append(counted.labels[rows], _OTHER),
        np.append(_example_weights(counted, rows, settings), settings.empty_weight),
        counted.lexicon[columns] * settings.lexicon_gain,
        settings,
    )
    return _Linear(columns, rarity, weights, bias)


def _optimise(
    vectors: Sparse,
    labels: Labels,
    example_weights: Floats,
    start: Floats,
    settings: FitSettings,
) -> tuple[Floats, Floats]:
    """Weights and bias of the least log-loss, moves away from the start paid for."""
    from scipy.optimize import minimize

    shape = len(start) + 1, start.shape[1]
    by_term = vectors.T.tocsr()
    rows = np.arange(len(labels))

    def loss(point: Floats) -> tuple[float, Floats]:
        moves, bias = point.reshape(shape)[:-1], point.reshape(shape)[-1]
        scores = softmax(vectors @ (start + moves) + bias)
        losses = -np.log(np.maximum(scores[rows, labels], _LEAST_SCORE))
        cost = 0.5 * settings.ridge * float(np.square(moves).sum())
        errors = scores * example_weights[:, None]
        errors[rows, labels] -= example_weights
        slopes = by_term @ errors + settings.ridge * moves
        return (
            float(example_weights @ losses) + cost,
            np.append(slopes.ravel(), errors.sum(axis=0)),
        )

    found = minimize(
        loss,
        np.zeros(math.prod(shape)),
        jac=True,
        method="L-BFGS-B",
        # By the fall of the loss alone: its slopes are as small as one text's share.
        options={"maxiter": settings.rounds, "ftol": _LEAST_FALL, "gtol": 0.0},
    )
    end = found.x.reshape(shape)
    return start + end[:-1], end[-1]


def _pack(
    linear: _Linear,
    terms: npt.NDArray[np.uint64],
    fold: FoldTable,
    temperature: float,
    settings: FitSettings,
) -> Model:
    """Arrays of the kernels: whole steps instead of floats, terms in a hash table."""
    hashes, rarity = terms[linear.columns], linear.rarity
    weights = linear.weights * rarity[:, None] / temperature
    stops = labelled_terms.stop_hashes(fold)
    slot_count = _LEAST_SLOTS
    while slot_count < 1.4 * (len(hashes) + len(stops)):
        slot_count *= 2
    keys, slots = pack_table(np.concatenate([hashes, stops]), slot_count)
    largest = np.maximum(np.abs(weights).max(axis=0), 1e-3)
    # Rounded, so that the last digits of a sum cannot change the file.
    steps = (largest / _LARGEST_STEP_COUNT).round(_DIGITS)
    slot_weights = np.zeros((slot_count, len(CATEGORY_CODES)), dtype=np.int16)
    slot_weights[slots[: len(hashes)]] = np.round(weights / steps)
    slot_rarity = np.zeros(slot_count, dtype=np.float32)
    slot_rarity[slots[: len(hashes)]] = rarity
    slot_rarity[slots[len(hashes) :]] = -1
    return Model(
        fold,
        keys,
        slot_weights,
        slot_rarity,
        steps,
        (linear.bias / temperature).round(_DIGITS),
        np.log1p(np.arange(256)).round(_DIGITS),
        np.array(
            [
                labelled_terms.TITLE_WORDS,
                labelled_terms.BODY_WORDS,
                labelled_terms.LEAD_WORDS,
                labelled_terms.TITLE_GAIN,
                labelled_terms.LEAD_GAIN,
            ]
        ),
        settings.norm_floor,
    )


def pack_table(
    terms: npt.NDArray[np.uint64], slot_count: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Keys of an open-addressed table, and the slot of each term.

    A term goes to the first free slot from its low bits on, in ascending order of the
    low bits, so that the same terms always give the same table.

    Args:
        terms: Distinct hashes.
        slot_count: A power of two, larger than the number of terms.
    """
    keys = np.zeros(slot_count, dtype=np.uint32)
    slots = np.empty(len(terms), dtype=np.int64)
    mask = slot_count - 1
    wanted = (terms & np.uint64(mask)).astype(np.int64)
    highs = (terms >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
    for term in np.lexsort((terms, wanted)):
        slot = int(wanted[term])
        while keys[slot]:
            slot = (slot + 1) & mask
        keys[slot], slots[term] = highs[term], slot
    return keys, slots
