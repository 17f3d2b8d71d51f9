"""The fitted scorer: boosted trees as plain arrays, without pickle, exact anywhere.

Trees are read by a byte-compiled loop: a row walks about thirty short trees, which as
column expressions would read every column for every tree.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.filled_lines import Numbers

Scores = npt.NDArray[np.float64]
_Integers = npt.NDArray[np.int32]

WEIGHTS_FILE: Final = Path(__file__).parent / "weights" / "split.npz"
HOPELESS: Final = -5.5  # log-odds from which a line does not come back
_TREES_PER_LOOK: Final = 8
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


@numba.njit(cache=True, nogil=True)
def _sum_leaves(
    table: Numbers,
    rows: npt.NDArray[np.int64],
    nodes: tuple[_Integers, Numbers, _Integers, Numbers],
    roots: _Integers,
    floor: float,
) -> Scores:
    """Sum of the leaves that each row reaches; hopeless rows stop on the way.

    Most lines are far from any boundary, and a few trees tell.
    """
    features, thresholds, lefts, values = nodes
    total = np.zeros(len(rows), dtype=np.float64)
    for place, row in enumerate(rows):
        for tree, root in enumerate(roots):
            if tree % _TREES_PER_LOOK == 0 and total[place] < floor:
                break
            node = root
            while features[node] >= 0:
                goes_right = table[features[node], row] > thresholds[node]
                node = lefts[node] + goes_right
            total[place] += values[node]
    return total


@numba.njit(cache=True, nogil=True)
def _sum_steps(
    table: Numbers,
    rows: npt.NDArray[np.int64],
    nodes: tuple[_Integers, Numbers, _Integers, Numbers],
    roots: _Integers,
) -> Scores:
    features, thresholds, lefts, values = nodes
    steps = np.zeros((len(rows), len(table)), dtype=np.float64)
    for place, row in enumerate(rows):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_right = table[features[node], row] > thresholds[node]
                child = lefts[node] + goes_right
                steps[place, features[node]] += values[child] - values[node]
                node = child
    return steps


def stack_features(features: dict[str, Numbers], names: tuple[str, ...]) -> Numbers:
    """One row per named feature: neighbouring lines then share a cache line."""
    if not names:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([features[name] for name in names])


def log_odds(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> Scores:
    """Log-odds that the ensemble gives to each of the rows."""
    table = stack_features(features, trees.names)
    floor = HOPELESS - trees.baseline
    return trees.baseline + _sum_leaves(table, rows, trees.nodes, trees.roots, floor)


def contributions(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> Scores:
    """Log-odds that each feature (column, as in `trees.names`) adds to each row.

    The change of a node's mean log-odds on the way from root to leaf is put down to
    the feature that the node asks for. A row's contributions, the baseline, and the
    mean of the roots add up to its log-odds.
    """
    table = stack_features(features, trees.names)
    return _sum_steps(table, rows, trees.nodes, trees.roots)


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
    """Ensembles by name, as `save_models` wrote them."""
    with np.load(path, allow_pickle=False) as arrays:
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
