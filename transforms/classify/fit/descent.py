"""Least point of a smooth convex loss: L-BFGS with sums in one fixed order.

BLAS adds in another order on another processor or number of cores, and the weights of
a classifier must come out the same bit for bit; hence not SciPy's.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Loss = Callable[[Floats], tuple[float, Floats]]

_MEMORY: Final = 8
_ENOUGH_DECREASE: Final = 1e-4
_MOST_HALVINGS: Final = 20
_SMALL_GAIN: Final = 1e-7  # of the loss, per round


@numba.njit(cache=True)
def dot(one: Floats, other: Floats) -> float:
    """Sum of products, first to last."""
    total = 0.0
    for place in range(len(one)):
        total += one[place] * other[place]
    return total


def descend(loss: Loss, begin: Floats, rounds: int) -> Floats:
    """The point that the loss falls to.

    Args:
        loss: Gives the loss and its gradient; the gradient is kept, so a fresh array.
        begin: Where to start.
        rounds: At most.

    Example:
        >>> bowl = lambda p: (float(((p - 3) ** 2).sum()), 2 * (p - 3))
        >>> at = descend(bowl, np.zeros(2), 9)
        >>> at.round(6).tolist()
        [3.0, 3.0]
    """
    point, (value, slope) = begin, loss(begin)
    steps: deque[tuple[Floats, Floats, float]] = deque(maxlen=_MEMORY)
    for _ in range(rounds):
        direction = _direction(slope, steps)
        found = _search(loss, point, value, slope, direction)
        if found is None:
            return point
        length, next_value, next_slope = found
        move, turn = length * direction, next_slope - slope
        curve = dot(move, turn)
        if curve > 0:
            steps.append((move, turn, curve))
        gain, point, value, slope = (
            value - next_value,
            point + move,
            next_value,
            next_slope,
        )
        if gain < _SMALL_GAIN * abs(value):
            return point
    return point


def _direction(slope: Floats, steps: deque[tuple[Floats, Floats, float]]) -> Floats:
    """Downhill, bent by what the last steps told of the curvature."""
    if not steps:
        return slope * (-1 / max(float(np.sqrt(dot(slope, slope))), 1e-12))
    direction = -slope
    shares = []
    for move, turn, curve in reversed(steps):
        share = dot(move, direction) / curve
        direction = direction - share * turn
        shares.append(share)
    _, turn, curve = steps[-1]
    direction = direction * (curve / dot(turn, turn))
    for (move, turn, curve), share in zip(steps, reversed(shares), strict=True):
        direction = direction + (share - dot(turn, direction) / curve) * move
    return direction


def _search(
    loss: Loss, point: Floats, value: float, slope: Floats, direction: Floats
) -> tuple[float, float, Floats] | None:
    """Longest of the halved steps that lowers the loss enough, None if none does."""
    fall = dot(slope, direction)
    length = 1.0
    for _ in range(_MOST_HALVINGS):
        next_value, next_slope = loss(point + length * direction)
        if next_value <= value + _ENOUGH_DECREASE * length * fall:
            return length, next_value, next_slope
        length /= 2
    return None
