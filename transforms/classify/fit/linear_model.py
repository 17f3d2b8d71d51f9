"""A linear model over counted terms, drawn to where the lexicons put them."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.classify.fit.calibration import Floats, Labels, softmax
from transforms.classify.fit.labelled_terms import Sparse, TermCounts
from transforms.contracts import CATEGORY_CODES

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
        brief_weight: Of a made-up brief that ships, against an article; 0 leaves them
            out.
        rounds: Of the optimiser, at most.
    """

    lexicon_gain: float = 1.25
    ridge: float = 1e-4
    crowd_power: float = 0.7
    least_articles: int = 3
    least_domains: int = 3
    piece_weight: float = 0.5
    norm_floor: float = 20.0
    empty_weight: float = 0.02
    brief_weight: float = 4.0
    rounds: int = 80


@dataclass(frozen=True)
class Linear:
    """Log-odds per kept term, before quantising."""

    columns: Labels
    rarity: Floats
    weights: Floats
    bias: Floats


def hold_out(
    counted: TermCounts, settings: FitSettings, groups: Labels, listed: Labels
) -> tuple[Floats, Floats]:
    """Log-odds of whole articles by models that saw nothing of their group.

    Args:
        counted: Labelled texts.
        settings: Of the fits.
        groups: One number per article; below 0 for what is fitted always.
        listed: Columns of the terms that other languages have a word for.

    Returns:
        Log-odds by all terms, and by the listed ones alone.
    """
    copies = len(counted.labels) // len(groups)
    held = np.tile(groups, copies)
    logits = np.zeros((len(groups), len(CATEGORY_CODES)))
    listed_logits = np.zeros_like(logits)
    for group in np.unique(groups[groups >= 0]):
        linear = fit_linear(counted, held != group, settings)
        rows = np.flatnonzero(groups == group)
        counts = counted.counts[rows][:, linear.columns]
        vectors = _vectors(counts, linear.rarity, settings)
        logits[rows] = vectors @ linear.weights + linear.bias
        counts = counts.multiply(np.isin(linear.columns, listed)).tocsr()
        vectors = _vectors(counts, linear.rarity, settings)
        listed_logits[rows] = vectors @ linear.weights + linear.bias
    return logits, listed_logits


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


def fit_linear(
    counted: TermCounts,
    used: npt.NDArray[np.bool_],
    settings: FitSettings,
) -> Linear:
    """The model of some of the texts."""
    columns, rarity = _keep_terms(counted, used, settings)
    rows = np.flatnonzero(used)
    vectors = _vectors(counted.counts[rows][:, columns], rarity, settings)
    # The last row is empty: a text without a known term is of no category.
    vectors.resize(len(rows) + 1, len(columns))
    nothing = np.eye(len(CATEGORY_CODES))[[_OTHER]]
    weights, bias = _optimise(
        vectors,
        np.concatenate([counted.shares[rows], nothing]),
        np.append(_example_weights(counted, rows, settings), settings.empty_weight),
        counted.lexicon[columns] * settings.lexicon_gain,
        settings,
    )
    return Linear(columns, rarity, weights, bias)


def _optimise(
    vectors: Sparse,
    shares: Floats,
    example_weights: Floats,
    start: Floats,
    settings: FitSettings,
) -> tuple[Floats, Floats]:
    """Weights and bias of the least log-loss, moves away from the start paid for."""
    from scipy.optimize import minimize

    shape = len(start) + 1, start.shape[1]
    by_term = vectors.T.tocsr()

    def loss(point: Floats) -> tuple[float, Floats]:
        moves, bias = point.reshape(shape)[:-1], point.reshape(shape)[-1]
        scores = softmax(vectors @ (start + moves) + bias)
        logarithms = np.log(np.maximum(scores, _LEAST_SCORE))
        losses = -(shares * logarithms).sum(axis=1)
        cost = 0.5 * settings.ridge * float(np.square(moves).sum())
        errors = (scores - shares) * example_weights[:, None]
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
