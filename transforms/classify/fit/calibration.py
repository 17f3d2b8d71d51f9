"""How right are scores, and how honest?"""

from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.contracts import CATEGORY_CODES

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

BIN_COUNT: Final = 10
_TEMPERATURES: Final = np.geomspace(0.4, 2.5, 64)


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


def fit_temperature(labels: Labels, logits: Floats, weights: Floats) -> float:
    """The number to divide log-odds by, so that held-out labels are most likely."""

    def weighted_loss(temperature: float) -> float:
        scores = softmax(logits / temperature)[np.arange(len(labels)), labels]
        return float(-(weights * np.log(np.maximum(scores, 1e-12))).sum())

    return float(min(_TEMPERATURES, key=weighted_loss))
