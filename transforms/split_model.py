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

from transforms.line_features import Numbers

WEIGHTS_FILE: Final = Path(__file__).parent / "weights" / "split.npz"
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
    features: npt.NDArray[np.int32]
    thresholds: npt.NDArray[np.float32]
    lefts: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int32]
    baseline: float


@numba.njit(cache=True)
def _sum_leaves(
    rows: Any, features: Any, thresholds: Any, lefts: Any, values: Any, roots: Any
) -> Any:
    total = np.zeros(len(rows), dtype=np.float64)
    for row in range(len(rows)):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_right = rows[row, features[node]] > thresholds[node]
                node = lefts[node] + goes_right
            total[row] += values[node]
    return total


@numba.njit(cache=True)
def _sum_steps(
    rows: Any, features: Any, thresholds: Any, lefts: Any, values: Any, roots: Any
) -> Any:
    steps = np.zeros((len(rows), rows.shape[1]), dtype=np.float64)
    for row in range(len(rows)):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_right = rows[row, features[node]] > thresholds[node]
                child = lefts[node] + goes_right
                steps[row, features[node]] += values[child] - values[node]
                node = child
    return steps


def stack_features(
    features: dict[str, Numbers], names: tuple[str, ...], rows: npt.NDArray[np.int64]
) -> Numbers:
    """Matrix of the named features for the chosen rows."""
    table = np.empty((len(rows), len(names)), dtype=np.float32)
    for column, name in enumerate(names):
        table[:, column] = features[name][rows]
    return table


def log_odds(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Log-odds that the ensemble gives to each of the rows."""
    table = stack_features(features, trees.names, rows)
    return trees.baseline + _sum_leaves(
        table, trees.features, trees.thresholds, trees.lefts, trees.values, trees.roots
    )


def contributions(
    trees: Trees, features: dict[str, Numbers], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Log-odds that each feature (column, as in `trees.names`) adds to each row.

    The change of a node's mean log-odds on the way from root to leaf is put down to
    the feature that the node asks for. A row's contributions, the baseline, and the
    mean of the roots add up to its log-odds.
    """
    table = stack_features(features, trees.names, rows)
    return np.asarray(
        _sum_steps(
            table,
            trees.features,
            trees.thresholds,
            trees.lefts,
            trees.values,
            trees.roots,
        )
    )


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
