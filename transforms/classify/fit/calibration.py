"""How right are scores, and how honest?"""

from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.classify.score_kernels import OTHER, SECOND_SHARE
from transforms.contracts import CATEGORY_CODES

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

BIN_COUNT: Final = 10
_NEWTON_STEPS: Final = 40
_DAMPING: Final = 1e-3  # towards the margins as they are; it holds where all is right
_LEAST_SLOPE: Final = 0.05
SECOND_PRECISION: Final = 0.8  # of second labels, where gold has some
_FEWEST_SECONDS: Final = 30
_SECOND_LINE: Final = (3.0, -0.4)  # where no gold has second labels
_SECOND_SCORE: Final = 0.15


def softmax(logits: Floats) -> Floats:
    """Probabilities that sum to 1 per row."""
    raised: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def class_f1(labels: Labels, predicted: Labels) -> Floats:
    """F1 per category, NaN where a category is neither there nor predicted."""
    codes = range(len(CATEGORY_CODES))
    hits = np.array([np.sum((labels == c) & (predicted == c)) for c in codes])
    named = np.array([np.sum(labels == c) + np.sum(predicted == c) for c in codes])
    scores = np.full(len(hits), np.nan)
    np.divide(2.0 * hits, named, out=scores, where=named > 0)
    return scores


def macro_f1(labels: Labels, predicted: Labels) -> float:
    """Mean F1 of the categories that the labels hold."""
    held = np.unique(labels)
    return float(class_f1(labels, predicted)[held].mean())


def reliability(
    labels: Labels, scores: Floats
) -> list[tuple[float, int, float, float]]:
    """Mean score against the share that was right, per tenth of the primary score.

    Returns:
        Lower bound, articles, mean score, share that was right; empty tenths left out.
    """
    stated = scores.max(axis=1)
    is_right = scores.argmax(axis=1) == labels
    tenth = np.minimum((stated * BIN_COUNT).astype(np.int64), BIN_COUNT - 1)
    return [
        (
            place / BIN_COUNT,
            int(np.sum(tenth == place)),
            float(stated[tenth == place].mean()),
            float(is_right[tenth == place].mean()),
        )
        for place in range(BIN_COUNT)
        if np.any(tenth == place)
    ]


def calibration_error(labels: Labels, scores: Floats) -> float:
    """Expected calibration error: mean gap of the tenths, by their articles."""
    rows = reliability(labels, scores)
    return sum(count * abs(stated - right) for _, count, stated, right in rows) / len(
        labels
    )


def margins(logits: Floats) -> Floats:
    """Log-odds of each category against all others together."""
    found = np.empty_like(logits)
    for place in range(logits.shape[1]):
        rest = np.delete(logits, place, axis=1)
        top = rest.max(axis=1)
        total = np.log(np.exp(rest - top[:, None]).sum(axis=1)) + top
        found[:, place] = logits[:, place] - total
    return found


def calibrate(logits: Floats, calibration: Floats) -> Floats:
    """Scores of each category by itself: the probability that it is the first label.

    A label with evidence of its own keeps what it takes as a second one, where the
    article is of some category.

    Args:
        logits: Log-odds, one row per article.
        calibration: From `fit_calibration`.
    """
    slope, offset, second_slope, second_offset = calibration
    scores = _share(slope * margins(logits) + offset)
    second = _share(second_slope * heights(logits) + second_offset)
    second *= SECOND_SHARE * (1 - scores[:, [OTHER]])
    second[:, OTHER] = 0
    return np.maximum(scores, second)


def heights(logits: Floats) -> Floats:
    """Log-odds of each category above the mean of all: what speaks for it alone."""
    above: Floats = logits - logits.mean(axis=1, keepdims=True)
    return above


def _share(logits: Floats) -> Floats:
    shares: Floats = 1.0 / (1.0 + np.exp(-logits))
    return shares


def fit_calibration(
    labels: Labels, logits: Floats, seconds: Floats, weights: Floats
) -> Floats:
    """Slopes and offsets by which scores become honest (Platt).

    The first label's offset is one for all: one for each would take the mix of these
    corpora for that of the next publisher.

    Args:
        labels: Place in CATEGORY_CODES.
        logits: Of articles whose publishers the model did not know.
        seconds: Per article and category, 1 where it is a label of the article and 0
            where it is none; NaN where nobody said which are beside the first one.
        weights: What each article counts.

    Returns:
        Four rows, as in `score_arrays.Model.calibration`, a column per category.
    """
    fitted = np.zeros((4, logits.shape[1]))
    fitted[:2] = _fit_margins(margins(logits), labels, weights)
    fitted[2], fitted[3] = np.array(_SECOND_LINE)[:, None]
    asked = _asked(logits, seconds)
    if asked.any():
        line = _fit_line(heights(logits)[asked], seconds[asked] > 0)
        fitted[2], fitted[3] = line[0], line[1]
    return fitted


def _fit_margins(margin: Floats, labels: Labels, weights: Floats) -> Floats:
    """Slopes per category and their one offset, by Newton's steps."""
    count = margin.shape[1]
    is_right = labels[:, None] == np.arange(count)
    shares = (weights / weights.sum())[:, None]
    line = np.append(np.ones(count), 0.0)
    for _ in range(_NEWTON_STEPS):
        score = _share(line[:-1] * margin + line[-1])
        error, spread = shares * (score - is_right), shares * score * (1.0 - score)
        slope = np.append((error * margin).sum(axis=0), error.sum())
        slope += _DAMPING * (line - np.append(np.ones(count), 0.0))
        curve = np.diag(np.append((spread * margin**2).sum(axis=0), spread.sum()))
        curve[-1, :-1] = curve[:-1, -1] = (spread * margin).sum(axis=0)
        line = line - _step(curve, slope)
    return np.stack([np.maximum(line[:-1], _LEAST_SLOPE), np.full(count, line[-1])])


def _fit_line(inputs: Floats, is_right: npt.NDArray[np.bool_]) -> Floats:
    """Slope and offset of the log-odds of being right, by Newton's steps."""
    columns = np.stack([inputs, np.ones_like(inputs)])
    line = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        score = _share(line @ columns)
        slope = columns @ (score - is_right) / len(inputs)
        curve = (columns * score * (1.0 - score)) @ columns.T / len(inputs)
        line = line - _step(curve, slope + _DAMPING * (line - [1.0, 0.0]))
    return line


def _step(curve: Floats, slope: Floats) -> Floats:
    """One of Newton's, damped, and none too long."""
    step = np.linalg.solve(curve + _DAMPING * np.eye(len(slope)), slope)
    step /= max(1.0, float(np.abs(step).max()))
    return step.astype(np.float64)


def _asked(scores: Floats, seconds: Floats) -> npt.NDArray[np.bool_]:
    """Where a label may be a second one, and somebody said whether it is."""
    primary = scores.argmax(axis=1)
    asked: npt.NDArray[np.bool_] = ~np.isnan(seconds) & (primary != OTHER)[:, None]
    asked[np.arange(len(primary)), primary] = False
    asked[:, OTHER] = False
    return asked


def fit_threshold(scores: Floats, seconds: Floats) -> float:
    """Least score of a label beside the first one, for enough of them to be right.

    Args:
        scores: Calibrated, one row per article.
        seconds: As for `fit_calibration`.
    """
    asked = _asked(scores, seconds)
    order = np.argsort(-scores[asked], kind="stable")
    stated, is_right = scores[asked][order], (seconds[asked] > 0)[order]
    precision = np.cumsum(is_right) / np.arange(1, len(order) + 1)
    fine = np.flatnonzero(precision >= SECOND_PRECISION)
    return float(stated[fine[-1]]) if len(fine) >= _FEWEST_SECONDS else _SECOND_SCORE


def label_errors(labels: Labels, scores: Floats) -> Floats:
    """Expected calibration error of each category's score against all articles."""
    found = np.zeros(scores.shape[1])
    for place, stated in enumerate(scores.T):
        tenth = np.minimum((stated * BIN_COUNT).astype(np.int64), BIN_COUNT - 1)
        for one in np.unique(tenth):
            gap = stated[tenth == one].mean() - (labels[tenth == one] == place).mean()
            found[place] += abs(gap) * (tenth == one).mean()
    return found
