"""Groups of lines that share a key within their document."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import Offsets

HashTable = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float32]

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


class LineGroups:
    """Lines, each with those of its document that share its key."""

    def __init__(self, documents: Offsets, keys: HashTable) -> None:
        self.groups = number_groups(documents, keys)
        self.sizes = np.bincount(self.groups)[self.groups].astype(np.float32)

    def sum(self, values: Numbers) -> Numbers:
        """Sum over the group of each line."""
        return np.bincount(self.groups, values)[self.groups].astype(np.float32)
