"""Multinomial log-loss and its gradient over sparse rows, in one compiled pass.

Compiled, because two sparse products in double precision take four times as long.
"""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.contracts import CATEGORY_CODES

Floats = npt.NDArray[np.float64]
_CATEGORY_COUNT: Final = len(CATEGORY_CODES)  # fixed, so that loops unroll


class Examples(NamedTuple):
    """Texts as sparse rows.

    Attributes:
        bounds: Where each row begins in `columns`, one more than rows.
        columns: Terms.
        values: Their weights in the row.
        labels: Category per row.
        weights: How much the row counts.
    """

    bounds: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    weights: Floats


@numba.njit(cache=True, nogil=True)
def log_loss(
    examples: Examples, term_weights: Floats, bias: Floats, slopes: Floats
) -> float:
    """Weighted log-loss of the labels, and its gradient.

    Args:
        examples: Examples.
        term_weights: One row per term.
        bias: One number per category.
        slopes: Filled with the gradient, one row per term and then one for the bias.

    Returns:
        The loss.
    """
    slopes[:] = 0.0
    loss = 0.0
    scores = np.empty(_CATEGORY_COUNT)
    for row in range(len(examples.labels)):
        scores[:] = bias
        begin, end = examples.bounds[row], examples.bounds[row + 1]
        for place in range(begin, end):
            column, value = examples.columns[place], examples.values[place]
            for category in range(_CATEGORY_COUNT):
                scores[category] += value * term_weights[column, category]
        scores -= scores.max()
        label, weight = examples.labels[row], examples.weights[row]
        total = np.exp(scores).sum()
        loss += weight * (np.log(total) - scores[label])
        for category in range(_CATEGORY_COUNT):
            scores[category] = weight * np.exp(scores[category]) / total
        scores[label] -= weight
        slopes[-1] += scores
        for place in range(begin, end):
            column, value = examples.columns[place], examples.values[place]
            for category in range(_CATEGORY_COUNT):
                slopes[column, category] += value * scores[category]
    return loss
