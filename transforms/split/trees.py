"""The fitted scorer of lines: boosted trees as plain arrays, and their file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.arrays_file import pack_arrays, unpack_arrays
from transforms.errors import WeightsError
from transforms.reference import read_weights
from transforms.split.tree_kernels import (
    MOST_LEAVES,
    BitVectors,
    NodeArrays,
    Numbers,
    Scores,
    leaf_places,
    sum_contributions,
    sum_leaves,
)

_Integers = npt.NDArray[np.int32]

# Log-odds from which a line does not come back, whatever the trees behind add.
GIVE_UP_LOG_ODDS: Final = -5.0
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
    def nodes(self) -> NodeArrays:
        """What a walk from root to leaf reads."""
        return self.features, self.thresholds, self.lefts, self.values

    @cached_property
    def bit_vectors(self) -> BitVectors:
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
        values[trees, leaf_places(leaf_bits)] = self.values[outer]
        return BitVectors(
            self.features[inner].astype(np.uint32),
            self.thresholds[inner],
            ~np.array(lost, dtype=np.uint32),
            np.append(np.searchsorted(inner, self.roots), len(inner)),
            values,
        )


def average_trees(ensembles: Sequence[Trees]) -> Trees:
    """One ensemble that gives the mean of the log-odds of several."""
    names = tuple(sorted(set().union(*(trees.names for trees in ensembles))))
    places = [
        np.array([names.index(name) for name in trees.names] + [-1], dtype=np.int32)
        for trees in ensembles
    ]
    counts = [len(trees.features) for trees in ensembles]
    offsets = np.cumsum([0, *counts[:-1]]).astype(np.int32)
    parts = list(zip(ensembles, places, offsets, strict=True))
    share = np.float32(1 / len(ensembles))
    return Trees(
        names=names,
        features=np.concatenate([place[trees.features] for trees, place, _ in parts]),
        thresholds=np.concatenate([trees.thresholds for trees in ensembles]),
        lefts=np.concatenate(
            [
                np.where(trees.features < 0, 0, trees.lefts + offset)
                for trees, _, offset in parts
            ]
        ),
        values=np.concatenate([trees.values * share for trees in ensembles]),
        roots=np.concatenate([trees.roots + offset for trees, _, offset in parts]),
        baseline=float(np.mean([trees.baseline for trees in ensembles])),
    )


def stack_features(
    features: dict[str, Numbers],
    names: tuple[str, ...],
    rows: npt.NDArray[np.int64],
) -> Numbers:
    """One row per named feature, one column per chosen row; rows ascend.

    Raises:
        WeightsError: The names are those of another version's weights.
    """
    unknown = sorted(set(names) - set(features))
    if unknown:
        raise _wrong(f"they read {', '.join(unknown)}, unknown here")
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
        floor = GIVE_UP_LOG_ODDS - trees.baseline
        total = sum_leaves(table, columns, trees.bit_vectors, floor)
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
    return sum_contributions(table, trees.nodes, trees.roots)


_ARRAYS: Final = {
    "features": "<i4",
    "thresholds": "<f4",
    "lefts": "<i4",
    "values": "<f4",
    "roots": "<i4",
}
_TYPES: Final = {
    f"{model}.{part}": kind
    for model in MODEL_NAMES
    for part, kind in {**_ARRAYS, "names": "<U", "baseline": "<f8"}.items()
}
# Far more than any fit gives, and no sum of it leaves the range of a number.
_MOST_LOG_ODDS: Final = 1_000
_MOST_NODES: Final = 1 << 17
_MOST_NAMES: Final = 1 << 12


def write_models(models: dict[str, Trees]) -> bytes:
    """The file of the ensembles: numbers and names."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, trees in models.items():
        arrays |= {f"{name}.{part}": getattr(trees, part) for part in _ARRAYS}
        arrays[f"{name}.names"] = np.array(trees.names, dtype=np.str_)
        arrays[f"{name}.baseline"] = np.array(trees.baseline)
    return pack_arrays(arrays)


def read_models(data: bytes) -> dict[str, Trees]:
    """Ensembles by name, as `write_models` wrote them.

    Raises:
        WeightsError: The bytes are no such file, or hold what is no tree.
    """
    arrays = unpack_arrays(data, _TYPES, stage="split")
    return {name: _read_trees(arrays, name) for name in MODEL_NAMES}


def _read_trees(arrays: dict[str, npt.NDArray[Any]], name: str) -> Trees:
    parts = {part: arrays[f"{name}.{part}"] for part in _ARRAYS}
    names, baseline = arrays[f"{name}.names"], arrays[f"{name}.baseline"]
    flat = {**parts, "names": names}
    if wrong := sorted(part for part, array in flat.items() if array.ndim != 1):
        raise _wrong(f"{name}.{wrong[0]}: got {flat[wrong[0]].ndim} dimensions, not 1")
    if baseline.ndim:
        raise _wrong(f"{name}.baseline: got {baseline.shape}, expected one number")
    if len(parts["features"]) > _MOST_NODES or len(names) > _MOST_NAMES:
        problem = f"got {len(parts['features']):,} nodes of {len(names):,} features"
        most = f"expected {_MOST_NODES:,} and {_MOST_NAMES:,} at most"
        raise _wrong(f"{name}: {problem}, {most}")
    trees = Trees(tuple(map(str, names)), **parts, baseline=float(baseline))
    if problem := _find_fault(trees):
        raise _wrong(f"{name}: {problem}")
    return trees


def _find_fault(trees: Trees) -> str:
    """Why these are no trees, empty when they are: the kernels trust every index."""
    count = len(trees.features)
    if {len(part) for part in trees.nodes} != {count}:
        return f"{[len(part) for part in trees.nodes]} nodes, expected as many of each"
    numbers = np.concatenate([trees.values, [trees.baseline]])
    if not (np.abs(numbers) <= _MOST_LOG_ODDS).all():
        return f"log-odds that are no number up to {_MOST_LOG_ODDS}"
    if not np.isfinite(trees.thresholds).all():
        return "thresholds that are no numbers"
    if count and not -1 <= trees.features.min() <= trees.features.max() < len(
        trees.names
    ):
        return f"features beyond the {len(trees.names)} that are named"
    return _find_loose_node(trees)


def _find_loose_node(trees: Trees) -> str:
    """Whether every node hangs from the root of its tree, and from one node only."""
    count, roots = len(trees.features), trees.roots.astype(np.int64)
    if (
        not len(roots)
        or roots[0] != 0
        or roots[-1] >= count
        or np.any(np.diff(roots) < 1)
    ):
        return f"roots that do not ascend from 0 to one of {count} nodes"
    inner = np.flatnonzero(trees.features >= 0)
    lefts = trees.lefts[inner].astype(np.int64)
    tree_ends = np.append(roots[1:], count)
    ends = tree_ends[np.searchsorted(roots, inner, side="right") - 1]
    if np.any((lefts <= inner) | (lefts + 1 >= ends)):
        return "children before their parent, or in another tree"
    parents = np.bincount(np.concatenate([lefts, lefts + 1, roots]), minlength=count)
    if np.any(parents != 1):
        return "nodes without a parent, or with two"
    leaves = np.add.reduceat(trees.features < 0, roots)
    if leaves.max() > MOST_LEAVES:
        return f"a tree of {leaves.max()} leaves, more than {MOST_LEAVES}"
    return ""


def _wrong(problem: str) -> WeightsError:
    return WeightsError("split", problem)


@cache
def shipped_models() -> dict[str, Trees]:
    """The ensembles that come with Newsmill."""
    return read_models(read_weights("split"))
