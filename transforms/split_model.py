"""The fitted scorer: boosted trees as plain arrays, without pickle, exact anywhere.

Rows walk the trees in blocks, a level at a time: the steps of a level do not wait for
each other, which is four times as fast as one row after the other.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import numba
import numpy as np
import numpy.typing as npt

from transforms.errors import ContractError
from transforms.filled_lines import Numbers

Scores = npt.NDArray[np.float64]
_Integers = npt.NDArray[np.int32]

WEIGHTS_FILE: Final = Path(__file__).parent / "weights" / "split.npz"
HOPELESS: Final = -5.5  # log-odds from which a line does not come back
_TREES_PER_LOOK: Final = 8
_BLOCK_ROWS: Final = 64
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
    def levels(self) -> "_Levels":
        """The same for a walk level by level, in which a leaf leads to itself."""
        is_leaf = self.features < 0
        own = np.arange(len(is_leaf))
        depths = np.zeros(len(is_leaf), dtype=np.int64)
        for node in np.flatnonzero(~is_leaf):  # a child comes after its parent
            depths[self.lefts[node] : self.lefts[node] + 2] = depths[node] + 1
        return _Levels(
            np.where(is_leaf, 0, self.features).astype(np.uint32),
            np.where(is_leaf, np.inf, self.thresholds).astype(np.float32),
            np.where(is_leaf, own, self.lefts).astype(np.uint32),
            self.values,
            self.roots.astype(np.uint32),
            np.maximum.reduceat(depths, self.roots),
        )


class _Levels(NamedTuple):
    features: npt.NDArray[np.uint32]
    thresholds: Numbers
    lefts: npt.NDArray[np.uint32]
    values: Numbers
    roots: npt.NDArray[np.uint32]
    depths: npt.NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def _keep_hopeful(
    alive: npt.NDArray[np.uint32], count: int, total: Scores, floor: float
) -> int:
    """Move the rows whose sum is above the floor to the front; count them."""
    kept = 0
    for place in alive[:count]:
        alive[kept] = place
        kept += total[place] >= floor
    return kept


@numba.njit(cache=True, nogil=True)
def _walk_block(block: Numbers, levels: _Levels, floor: float, total: Scores) -> None:
    """Add the leaves that each row of a block reaches to its total."""
    features, thresholds, lefts, values, roots, depths = levels
    alive = np.arange(len(total)).astype(np.uint32)
    nodes = np.empty(len(total), dtype=np.uint32)
    count = len(total)
    for tree, root in enumerate(roots):
        if tree % _TREES_PER_LOOK == 0:
            count = _keep_hopeful(alive, count, total, floor)
            if not count:
                return
        nodes[:count] = root
        for _ in range(depths[tree]):
            for place in range(count):
                node = nodes[place]
                goes_right = block[alive[place], features[node]] > thresholds[node]
                nodes[place] = lefts[node] + np.uint32(goes_right)
        for place in range(count):
            total[alive[place]] += values[nodes[place]]


@numba.njit(cache=True, nogil=True)
def _sum_leaves(table: Numbers, levels: _Levels, floor: float) -> Scores:
    """Sum of the leaves that each row reaches; hopeless rows stop on the way.

    Most lines are far from any boundary, and a few trees tell.
    """
    count = table.shape[1]
    total = np.zeros(count, dtype=np.float64)
    block = np.empty((_BLOCK_ROWS, len(table)), dtype=np.float32)
    for first in range(0, count, _BLOCK_ROWS):
        end = min(first + _BLOCK_ROWS, count)
        for feature in range(len(table)):
            for row in range(first, end):
                block[row - first, feature] = table[feature, row]
        _walk_block(block, levels, floor, total[first:end])
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
        raise ContractError("split", "weights file", [problem])
    table = np.empty((len(names), len(rows)), dtype=np.float32)
    for place, name in enumerate(names):
        values = features[name]
        table[place] = values if len(values) == len(rows) else values[rows]
    return table


def log_odds(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> Scores:
    """Log-odds that the ensemble gives to each of the rows."""
    table = stack_features(features, trees.names, rows)
    floor = HOPELESS - trees.baseline
    return trees.baseline + _sum_leaves(table, trees.levels, floor)


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


def save_models(path: Path, models: dict[str, Trees]) -> None:
    """Write the ensembles to one npz of numbers and names."""
    arrays: dict[str, Any] = {}
    for name, trees in models.items():
        arrays |= {f"{name}.{part}": getattr(trees, part) for part in _ARRAYS}
        arrays[f"{name}.names"] = np.array(trees.names)
        arrays[f"{name}.baseline"] = np.float64(trees.baseline)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_models(path: Path) -> dict[str, Trees]:
    """Ensembles by name, as `save_models` wrote them.

    Raises:
        ContractError: The file cannot be read, or holds something else.
    """
    try:
        return _read_arrays(path)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        problem = f"{path}: {error}"
        raise ContractError("split", "weights file", [problem]) from error


def _read_arrays(path: Path) -> dict[str, Trees]:
    # NumPy leaves a file open that it cannot read.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return {
            name: Trees(
                names=tuple(str(feature) for feature in arrays[f"{name}.names"]),
                baseline=float(arrays[f"{name}.baseline"]),
                **{part: arrays[f"{name}.{part}"] for part in _ARRAYS},
            )
            for name in MODEL_NAMES
        }


@cache
def shipped_models() -> dict[str, Trees]:
    """The ensembles that come with Newsmill."""
    return read_models(WEIGHTS_FILE)


def load_splitter(path: Path | None) -> dict[str, Trees]:
    """The ensembles of a file; None means those that come with Newsmill.

    Raises:
        ContractError: As `read_models`.
    """
    return read_models(path) if path else shipped_models()
