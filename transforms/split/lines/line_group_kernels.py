"""Groups of lines that share a key within their document."""

from functools import cached_property
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import Offsets

HashTable = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float32]

NEAR_LINES: Final = 60  # candidate lines; a digest may change its style after them
_PRIME: Final = np.uint64(0x100000001B3)
_FOLD_SHIFT: Final = np.uint64(29)


@numba.njit(cache=True, nogil=True)
def number_groups(documents: Offsets, keys: HashTable) -> Offsets:
    """Number, from 0, of each row's group: the rows of one document with one key.

    A hash table of its own, because window expressions over a dozen keys took longer
    than all other features together.
    """
    size = 16
    while size < 2 * len(keys):
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    groups = np.empty(len(keys), dtype=np.int64)
    found = 0
    for row in range(len(keys)):
        state = (np.uint64(documents[row]) * _PRIME ^ keys[row]) * _PRIME
        slot = np.int64((state ^ (state >> _FOLD_SHIFT)) & np.uint64(size - 1))
        while True:
            first = slots[slot]
            if first < 0:
                slots[slot] = row
                groups[row] = found
                found += 1
                break
            if keys[first] == keys[row] and documents[first] == documents[row]:
                groups[row] = groups[first]
                break
            slot = (slot + 1) & (size - 1)
    return groups


@numba.njit(cache=True, nogil=True)
def count_earlier(groups: Offsets) -> Offsets:
    """How many rows of the same group come before each row."""
    seen = np.zeros(len(groups) + 1, dtype=np.int64)
    earlier = np.empty(len(groups), dtype=np.int64)
    for row, group in enumerate(groups):
        earlier[row] = seen[group]
        seen[group] += 1
    return earlier


@numba.njit(cache=True, nogil=True)
def find_near(groups: Offsets, order: Offsets, reach: int) -> tuple[Offsets, Offsets]:
    """First and last place, end exclusive, in `order` of the near rows of each group.

    Args:
        groups: Per row: its group.
        order: Rows, by group and then by place.
        reach: How many rows away is near.
    """
    lows = np.empty(len(order), dtype=np.int64)
    highs = np.empty(len(order), dtype=np.int64)
    low, high = 0, 0
    for place, row in enumerate(order):
        while groups[order[low]] != groups[row] or order[low] < row - reach:
            low += 1
        high = max(high, place)
        while (
            high < len(order)
            and groups[order[high]] == groups[row]
            and order[high] <= row + reach
        ):
            high += 1
        lows[row], highs[row] = low, high
    return lows, highs


class LineGroups:
    """Lines, each with those of its document that share its key."""

    def __init__(self, documents: Offsets, keys: HashTable) -> None:
        self.groups = number_groups(documents, keys)
        self.sizes = np.bincount(self.groups)[self.groups].astype(np.float32)

    @cached_property
    def _near(self) -> tuple[Offsets, Offsets, Offsets]:
        """Rows by group, and between which places there the near ones of each are."""
        order = np.argsort(self.groups, kind="stable")
        return order, *find_near(self.groups, order, NEAR_LINES)

    @cached_property
    def near_sizes(self) -> Numbers:
        """Lines of the group that are near, each itself among them."""
        _, lows, highs = self._near
        return (highs - lows).astype(np.float32)

    def sum_near(self, values: Numbers) -> Numbers:
        """Sum over the lines of the group that are at most `NEAR_LINES` away."""
        order, lows, highs = self._near
        total = np.concatenate([[0.0], np.cumsum(values[order], dtype=float)])
        return np.asarray((total[highs] - total[lows]).astype(np.float32))

    def sum(self, values: Numbers) -> Numbers:
        """Sum over the group of each line."""
        return np.bincount(self.groups, values)[self.groups].astype(np.float32)
