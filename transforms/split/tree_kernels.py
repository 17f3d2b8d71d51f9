"""Boosted trees put to many rows at once, by bit vectors as QuickScorer has them.

A row does not walk from root to leaf. Every comparison of a tree is made for a block of
rows, and each that fails takes away the leaves on its left, a bit each; the first leaf
that is left is the row's. That is more comparisons, but many rows per instruction
(Lucchese et al., QuickScorer, SIGIR 2015).
"""

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
NodeArrays = tuple[
    npt.NDArray[np.int32], Numbers, npt.NDArray[np.int32], Numbers
]  # features, thresholds, left children, values
_Bits = npt.NDArray[np.uint32]

MOST_LEAVES: Final = 32  # bits of a vector
_TREES_PER_CHECK: Final = 8
_BLOCK_ROWS: Final = 128
_ALL: Final = np.uint32(0xFFFFFFFF)
_ALL_BITS: Final = np.uint64(_ALL)
_BIT_HASH: Final = np.uint64(0x077CB531)
_BIT_SHIFT: Final = np.uint64(27)


class BitVectors(NamedTuple):
    """Every inner node of an ensemble, tree by tree.

    Attributes:
        features: Column that the node compares.
        thresholds: The comparison fails where the value is more.
        masks: The leaves that can still be reached when it fails, as bits from the
            left.
        bounds: First node of each tree, and the number of nodes.
        values: Per tree, the leaves' values at the places that `leaf_places` gives.
    """

    features: _Bits
    thresholds: Numbers
    masks: _Bits
    bounds: npt.NDArray[np.int64]
    values: Numbers


def leaf_places(bits: Any) -> Any:  # noqa: ANN401 - a number, or an array of them
    """A number below 32 for each of 32 bits: they lie apart in a de Bruijn sequence."""
    return (bits * _BIT_HASH & _ALL_BITS) >> _BIT_SHIFT


_leaf_place = numba.njit(cache=True, nogil=True)(leaf_places)


@numba.njit(cache=True, nogil=True)
def _mark_active(total: Scores, floor: float, weights: Scores) -> bool:
    """Weight 0 for the rows below the floor, 1 for others; whether there are any."""
    is_any = False
    for row in range(len(total)):
        is_any |= total[row] >= floor
        weights[row] = total[row] >= floor
    return is_any


@numba.njit(cache=True, nogil=True)
def _score_block(
    block: Numbers, vectors: BitVectors, floor: float, total: Scores
) -> None:
    """Add the leaves that each row of a block reaches to its total."""
    features, thresholds, masks, bounds, values = vectors
    leaves = np.empty(_BLOCK_ROWS, dtype=np.uint32)
    weights = np.empty(_BLOCK_ROWS, dtype=np.float64)
    for tree in range(len(values)):
        if tree % _TREES_PER_CHECK == 0 and not _mark_active(total, floor, weights):
            return
        leaves[:] = _ALL
        for node in range(bounds[tree], bounds[tree + 1]):
            feature, threshold, mask = features[node], thresholds[node], masks[node]
            for row in range(_BLOCK_ROWS):
                leaves[row] &= mask if block[feature, row] > threshold else _ALL
        for row in range(len(total)):
            left = np.uint64(leaves[row])
            place = _leaf_place(left & (~left + np.uint64(1)))
            total[row] += weights[row] * values[tree, place]


@numba.njit(cache=True, nogil=True)
def sum_leaves(
    table: Numbers, columns: _Bits, vectors: BitVectors, floor: float
) -> Scores:
    """Sum of the leaves that each row reaches.

    Args:
        table: One row per feature, one column per row to score.
        columns: Row of the table for each feature of the ensemble.
        vectors: The ensemble.
        floor: A row whose sum falls below it after some trees is not scored on: most
            lines are far from any boundary, and a few trees tell.
    """
    total = np.zeros(table.shape[1], dtype=np.float64)
    block = np.zeros((len(columns), _BLOCK_ROWS), dtype=np.float32)
    for first in range(0, len(total), _BLOCK_ROWS):
        rows = total[first : first + _BLOCK_ROWS]
        for place, column in enumerate(columns):
            block[place, : len(rows)] = table[column, first : first + len(rows)]
        _score_block(block, vectors, floor, rows)
    return total


@numba.njit(cache=True, nogil=True)
def sum_contributions(
    table: Numbers, nodes: NodeArrays, roots: npt.NDArray[np.int32]
) -> Scores:
    """Change of the node values on each row's way through all trees, by feature."""
    features, thresholds, lefts, values = nodes
    changes = np.zeros((table.shape[1], len(table)), dtype=np.float64)
    for row in range(table.shape[1]):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_right = table[features[node], row] > thresholds[node]
                child = lefts[node] + goes_right
                changes[row, features[node]] += values[child] - values[node]
                node = child
    return changes
