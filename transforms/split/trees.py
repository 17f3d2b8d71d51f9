"""The fitted scorer: boosted trees as plain arrays, without pickle, exact anywhere.

Rows do not walk the trees. Every question of a tree is put to a block of rows at once,
and its answers strike out the leaves that a row cannot reach, a bit each: what is left
first is the row's leaf. That is more questions, but many rows per instruction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.arrays_file import pack_arrays, unpack_arrays
from transforms.errors import ContractError
from transforms.reference import read_weights
from transforms.split.lines.filled_lines import Numbers

Scores = npt.NDArray[np.float64]
_Bits = npt.NDArray[np.uint32]
_Integers = npt.NDArray[np.int32]

HOPELESS: Final = -5.5  # log-odds from which a line does not come back
_TREES_PER_LOOK: Final = 8
MOST_LEAVES: Final = 32
_BLOCK_ROWS: Final = 128
_ALL: Final = np.uint32(0xFFFFFFFF)
_ALL_BITS: Final = np.uint64(_ALL)
_BIT_HASH: Final = np.uint64(0x077CB531)
_BIT_SHIFT: Final = np.uint64(27)
MODEL_NAMES: Final = (
    "start_local",
    "outer_local",
    "start_style",
    "outer_style",
    "title",
)


@dataclass(frozen=True)
class Trees:
    """One boosted ensemble of binary trees.

    Attributes:
        names: Feature of each column that the trees read.
        features: Per node: column, -1 at a leaf.
        thresholds: Per node: go left when the value is at most this.
        lefts: Per node: the left child; the right child follows it.
        values: Per node: mean log-odds of the rows that pass; a leaf's value is added.
        roots: First node of each tree.
        baseline: Log-odds before any tree.
    """

    names: tuple[str, ...]
    features: _Integers
    thresholds: Numbers
    lefts: _Integers
    values: Numbers
    roots: _Integers
    baseline: float

    @property
    def nodes(self) -> tuple[_Integers, Numbers, _Integers, Numbers]:
        """What a walk from root to leaf reads."""
        return self.features, self.thresholds, self.lefts, self.values

    @cached_property
    def questions(self) -> "_Questions":
        """The same for many rows at once."""
        is_leaf, lefts = (self.features < 0).tolist(), self.lefts.tolist()
        sizes = [1] * len(is_leaf)  # leaves below each node
        for node in reversed(range(len(is_leaf))):  # a child comes after its parent
            if not is_leaf[node]:
                sizes[node] = sizes[lefts[node]] + sizes[lefts[node] + 1]
        firsts = [0] * len(is_leaf)  # of these leaves
        for node, left in enumerate(lefts):
            if not is_leaf[node]:
                firsts[left] = firsts[node]
                firsts[left + 1] = firsts[node] + sizes[left]
        inner, outer = (np.flatnonzero(self.features >= 0), np.flatnonzero(is_leaf))
        lost = [((1 << sizes[lefts[node]]) - 1) << firsts[node] for node in inner]
        trees = np.searchsorted(self.roots, outer, side="right") - 1
        leaf_bits = np.uint64(1) << np.array(firsts, dtype=np.uint64)[outer]
        values = np.zeros((len(self.roots), MOST_LEAVES), dtype=np.float32)
        values[trees, _place_of.py_func(leaf_bits)] = self.values[outer]
        return _Questions(
            self.features[inner].astype(np.uint32),
            self.thresholds[inner],
            ~np.array(lost, dtype=np.uint32),
            np.append(np.searchsorted(inner, self.roots), len(inner)),
            values,
        )


class _Questions(NamedTuple):
    """Every inner node of an ensemble, tree by tree.

    Attributes:
        features: Column that the node asks for.
        thresholds: The answer is no where the value is more.
        masks: After a no, the leaves that can still be reached, as bits from the left.
        bounds: First node of each tree, and the number of nodes.
        values: Per tree, the leaves' values at the places that `_place_of` gives.
    """

    features: _Bits
    thresholds: Numbers
    masks: _Bits
    bounds: npt.NDArray[np.int64]
    values: Numbers


@numba.njit(cache=True, nogil=True)
def _place_of(bit: Any) -> Any:  # noqa: ANN401 - a number, or an array of them
    """A number below 32 for each of 32 bits: they lie apart in a de Bruijn sequence."""
    return (bit * _BIT_HASH & _ALL_BITS) >> _BIT_SHIFT


@numba.njit(cache=True, nogil=True)
def _weigh(total: Scores, floor: float, weights: Scores) -> bool:
    """Weight 0 for the rows below the floor, 1 for others; whether there are any."""
    is_any = False
    for row in range(len(total)):
        is_any |= total[row] >= floor
        weights[row] = total[row] >= floor
    return is_any


@numba.njit(cache=True, nogil=True)
def _ask_block(
    block: Numbers, questions: _Questions, floor: float, total: Scores
) -> None:
    """Add the leaves that each row of a block reaches to its total."""
    features, thresholds, masks, bounds, values = questions
    leaves = np.empty(_BLOCK_ROWS, dtype=np.uint32)
    weights = np.empty(_BLOCK_ROWS, dtype=np.float64)
    for tree in range(len(values)):
        if tree % _TREES_PER_LOOK == 0 and not _weigh(total, floor, weights):
            return
        leaves[:] = _ALL
        for node in range(bounds[tree], bounds[tree + 1]):
            feature, threshold, mask = features[node], thresholds[node], masks[node]
            for row in range(_BLOCK_ROWS):
                leaves[row] &= mask if block[feature, row] > threshold else _ALL
        for row in range(len(total)):
            left = np.uint64(leaves[row])
            place = _place_of(left & (~left + np.uint64(1)))
            total[row] += weights[row] * values[tree, place]


@numba.njit(cache=True, nogil=True)
def _sum_leaves(
    table: Numbers, columns: _Bits, questions: _Questions, floor: float
) -> Scores:
    """Sum of the leaves that each row reaches; hopeless rows stop on the way.

    Most lines are far from any boundary, and a few trees tell.
    """
    total = np.zeros(table.shape[1], dtype=np.float64)
    block = np.zeros((len(columns), _BLOCK_ROWS), dtype=np.float32)
    for first in range(0, len(total), _BLOCK_ROWS):
        rows = total[first : first + _BLOCK_ROWS]
        for place, column in enumerate(columns):
            block[place, : len(rows)] = table[column, first : first + len(rows)]
        _ask_block(block, questions, floor, rows)
    return total


@numba.njit(cache=True, nogil=True)
def _sum_steps(
    table: Numbers,
    nodes: tuple[_Integers, Numbers, _Integers, Numbers],
    roots: _Integers,
) -> Scores:
    features, thresholds, lefts, values = nodes
    steps = np.zeros((table.shape[1], len(table)), dtype=np.float64)
    for row in range(table.shape[1]):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_right = table[features[node], row] > thresholds[node]
                child = lefts[node] + goes_right
                steps[row, features[node]] += values[child] - values[node]
                node = child
    return steps


def stack_features(
    features: dict[str, Numbers],
    names: tuple[str, ...],
    rows: npt.NDArray[np.int64],
) -> Numbers:
    """One row per named feature, one column per chosen row; rows ascend.

    Raises:
        ContractError: The names are those of another version's weights.
    """
    unknown = sorted(set(names) - set(features))
    if unknown:
        problem = f"they read {', '.join(unknown)}, unknown here: train them again"
        raise _wrong(problem)
    table = np.empty((len(names), len(rows)), dtype=np.float32)
    for place, name in enumerate(names):
        values = features[name]
        if len(values) == len(rows):
            table[place] = values
        else:
            values.take(rows, out=table[place], mode="clip")  # as fast as can be
    return table


def log_odds(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> Scores:
    """Log-odds that the ensemble gives to each of the rows."""
    return log_odds_of_each([trees], features, rows)[0]


def log_odds_of_each(
    ensembles: Sequence[Trees],
    features: dict[str, Numbers],
    rows: npt.NDArray[np.int64],
) -> list[Scores]:
    """Log-odds that each ensemble gives to each of the rows.

    Most of what one reads, the others read as well: it is put together once.
    """
    names = tuple({name: None for trees in ensembles for name in trees.names})
    table = stack_features(features, names, rows)
    places = {name: place for place, name in enumerate(names)}
    found = []
    for trees in ensembles:
        columns = np.array([places[name] for name in trees.names], dtype=np.uint32)
        floor = HOPELESS - trees.baseline
        total = _sum_leaves(table, columns, trees.questions, floor)
        found.append(trees.baseline + total)
    return found


def contributions(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> Scores:
    """Log-odds that each feature (column, as in `trees.names`) adds to each row.

    The change of a node's mean log-odds on the way from root to leaf is put down to
    the feature that the node asks for. A row's contributions, the baseline, and the
    mean of the roots add up to its log-odds.
    """
    table = stack_features(features, trees.names, rows)
    return _sum_steps(table, trees.nodes, trees.roots)


_ARRAYS: Final = ("features", "thresholds", "lefts", "values", "roots")


def write_models(models: dict[str, Trees]) -> bytes:
    """The file of the ensembles: numbers and names."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, trees in models.items():
        arrays |= {f"{name}.{part}": getattr(trees, part) for part in _ARRAYS}
        arrays[f"{name}.names"] = np.array(trees.names)
        arrays[f"{name}.baseline"] = np.array(trees.baseline)
    return pack_arrays(arrays)


def read_models(data: bytes) -> dict[str, Trees]:
    """Ensembles by name, as `write_models` wrote them.

    Raises:
        ContractError: The bytes are no such file, or a tree has too many leaves.
    """
    arrays = unpack_arrays(data, stage="split")
    try:
        models = {name: _read_trees(arrays, name) for name in MODEL_NAMES}
    except KeyError as error:
        raise _wrong(f"{error} is missing") from error
    for trees in models.values():
        leaves = np.add.reduceat(trees.features < 0, trees.roots)
        if leaves.max() > MOST_LEAVES:
            raise _wrong(f"a tree of {leaves.max()} leaves, more than {MOST_LEAVES}")
    return models


def _read_trees(arrays: dict[str, npt.NDArray[Any]], name: str) -> Trees:
    return Trees(
        names=tuple(map(str, arrays[f"{name}.names"])),
        baseline=float(arrays[f"{name}.baseline"]),
        **{part: arrays[f"{name}.{part}"] for part in _ARRAYS},
    )


def _wrong(problem: str) -> ContractError:
    return ContractError("split", "weights file", [problem])


@cache
def shipped_models() -> dict[str, Trees]:
    """The ensembles that come with Newsmill."""
    return read_models(read_weights("split"))
