r"""Where the characters of a record's title and text stand in its JSON line.

A string is a chain of stretches that stand in the file as they are, and of escapes
(`\n`, `\u00e9`, a pair of them for one character), which stand for one character
each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numba
import numpy as np

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import ASCII, TAIL, TAIL_MASK

_BACKSLASH: Final = 0x5C
_LETTER_U: Final = 0x75
_SHORT_ESCAPE_CHARS: Final = 2
_LONG_ESCAPE_CHARS: Final = 6
_MAY_CUT: Final = np.isin(np.arange(256), (_BACKSLASH, 0x0B, 0x0C, 0xC2, 0xE2))
_IS_PLAIN: Final = ~_MAY_CUT & (np.arange(256) < ASCII)


class Segment(NamedTuple):
    """One title or text that has an escape, or a break to be flattened.

    Attributes:
        raw: As it stands in the file, without the quotes.
        virtual_key: Of its first character, see `RecordOffsets`.
        char_start: Of its first character in the document.
        is_title: Whether line breaks are spaces in the virtual text.
    """

    raw: str
    virtual_key: int
    char_start: int
    is_title: bool


@dataclass(frozen=True)
class RecordOffsets:
    """Stretches of all virtual documents of a batch, ascending by key.

    Attributes:
        keys: Document row times 2^32 plus the character in the virtual document.
        char_starts: Character in the document as it was read.
        lengths: Characters that are the same on both sides; 0 for an escape, and for
            the end of a string that ends with one.
        widths: Characters in the document: of an escape 2, 6, or 12.
    """

    keys: Offsets
    char_starts: Offsets
    lengths: Offsets
    widths: Offsets

    def find(self, keys: Offsets) -> Offsets:
        """Stretch of each virtual character."""
        found = np.searchsorted(self.keys, keys, side="right") - 1
        return np.maximum(found, 0)

    def starts_of(self, keys: Offsets) -> Offsets:
        """Document character at which each virtual character begins."""
        found = self.find(keys)
        past = np.minimum(keys - self.keys[found], self.lengths[found])
        starts: Offsets = self.char_starts[found] + past
        return starts

    def ends_of(self, keys: Offsets) -> Offsets:
        """Document character at which each virtual character ends."""
        found = self.find(keys)
        past = keys - self.keys[found]
        ends: Offsets = self.char_starts[found] + np.where(
            past < self.lengths[found], past + 1, self.widths[found]
        )
        return ends


@numba.njit(cache=True)
def _hex_digit(byte: int) -> int:
    if byte <= 0x39:
        return byte - 0x30
    return (byte | 0x20) - 0x57


@numba.njit(cache=True)
def _unit_at(data: ByteArray, at: int, end: int) -> int:
    r"""UTF-16 unit of the escape `\uXXXX` at `at`, -1 when there is none."""
    if at + _LONG_ESCAPE_CHARS > end:
        return -1
    if data[at] != _BACKSLASH or data[at + 1] != _LETTER_U:
        return -1
    unit = 0
    for place in range(at + 2, at + _LONG_ESCAPE_CHARS):
        unit = unit * 16 + _hex_digit(int(data[place]))
    return unit


@numba.njit(cache=True)
def _escape_chars(data: ByteArray, at: int, end: int) -> int:
    """Length of the escape at `at`; two of them can be one character."""
    unit = _unit_at(data, at, end)
    if unit < 0:
        return _SHORT_ESCAPE_CHARS
    if 0xD800 <= unit < 0xDC00:
        second = _unit_at(data, at + _LONG_ESCAPE_CHARS, end)
        if 0xDC00 <= second < 0xE000:
            return 2 * _LONG_ESCAPE_CHARS
    return _LONG_ESCAPE_CHARS


@numba.njit(cache=True)
def _break_bytes(data: ByteArray, at: int, end: int) -> int:
    """Bytes of the line break other than LF and CR at `at`, else 0."""
    first = data[at]
    if first in (0x0B, 0x0C):
        return 1
    if first == 0xC2 and at + 1 < end and data[at + 1] == 0x85:
        return 2
    if first == 0xE2 and at + 2 < end and data[at + 1] == 0x80:
        return 3 if data[at + 2] in (0xA8, 0xA9) else 0  # U+2028 and U+2029
    return 0


@numba.njit(cache=True)
def _symbol_at(data: ByteArray, at: int, end: int, is_title: int) -> tuple[int, int]:
    """Bytes of the character at `at`, and its width if it is not the same; else 0."""
    if data[at] == _BACKSLASH:
        width = _escape_chars(data, at, end)
        return width, width
    size = _break_bytes(data, at, end) if is_title else 0
    if size:
        return size, 1
    size = 1
    while at + size < end and (data[at + size] & TAIL_MASK) == TAIL:
        size += 1
    return size, 0


@numba.njit(cache=True)
def _cut_segments(
    data: ByteArray, bounds: Offsets, segments: Offsets, out: Offsets
) -> int:
    """Fill columns (key, char_start, length, width) of all segments; gives their count.

    Compiled, because what a byte means hangs on the backslashes before it.
    """
    row = 0
    for segment in range(len(segments)):
        key, char, is_title = segments[segment]
        at, end = bounds[segment], bounds[segment + 1]
        same, width = 0, 0
        while at < end:
            if _IS_PLAIN[data[at]]:
                at, same, width = at + 1, same + 1, 0
                continue
            size, width = _symbol_at(data, at, end, is_title)
            at += size
            if not width:
                same += 1
                continue
            if same:
                out[:, row] = (key, char, same, same)
                row, key, char, same = row + 1, key + same, char + same, 0
            out[:, row] = (key, char, 0, width)
            row, key, char = row + 1, key + 1, char + width
        if same or width:
            # After an escape at the very end, where it ends.
            out[:, row] = (key, char, same, same)
            row += 1
    return row


def map_segments(segments: Sequence[Segment], plain: Offsets) -> RecordOffsets:
    """Offsets of all titles and texts of a batch.

    Args:
        segments: Those with an escape or a break to be flattened, in order.
        plain: Rows (key, char_start, length, length) of all others, in order.
    """
    raws = [segment.raw.encode("utf-8") for segment in segments]
    data = np.frombuffer(b"".join(raws), dtype=np.uint8)
    bounds = np.append(0, np.cumsum([len(raw) for raw in raws])).astype(np.int64)
    facts = np.array(
        [(s.virtual_key, s.char_start, s.is_title) for s in segments], dtype=np.int64
    ).reshape(-1, 3)
    # Each special character ends one stretch, is one, and begins one.
    room = 2 * int(_MAY_CUT[data].sum()) + 2 * len(segments)
    out = np.empty((4, room), dtype=np.int64)
    out = out[:, : _cut_segments(data, bounds, facts, out)]
    others = plain.reshape(-1, 4).T
    rows = np.insert(out, np.searchsorted(out[0], others[0]), others, axis=1)
    return RecordOffsets(*rows)


@numba.njit(cache=True)
def _compose(
    runs: Offsets, firsts: Offsets, stretches: Offsets, out: Offsets, counts: Offsets
) -> int:
    """Cut runs (text_start, key, length) at the stretches that they lie in.

    Fills rows (text_start, char_start, length), and how many each run became.
    """
    row = 0
    for run in range(len(runs)):
        text_start, key, length = runs[run]
        begun = row
        closes_at = -1
        at = firsts[run]
        while at < len(stretches) and stretches[at, 0] < key + length:
            start = max(stretches[at, 0], key)
            size = stretches[at, 2]
            closes_at = -1
            if size == 0 and stretches[at, 0] >= key:
                out[row] = (text_start + start - key, stretches[at, 1], 0)
                row += 1
                closes_at = stretches[at, 1] + stretches[at, 3]
            elif size > 0:
                end = min(stretches[at, 0] + size, key + length)
                if end > start:
                    out[row] = (
                        text_start + start - key,
                        stretches[at, 1] + start - stretches[at, 0],
                        end - start,
                    )
                    row += 1
            at += 1
        if closes_at >= 0:
            out[row] = (text_start + length, closes_at, 0)
            row += 1
        counts[run] = row - begun
    return row


def compose_runs(offsets: RecordOffsets, runs: Offsets) -> tuple[Offsets, Offsets]:
    """Runs in the document instead of the virtual one.

    A character written as an escape becomes a run of length 0 at the escape's start,
    and is followed by a run that begins where the escape ends; so a reader of runs
    that takes a made character to the next run behind it finds both its edges.

    Args:
        offsets: Stretches of the batch.
        runs: Rows (text_start, virtual key, length).

    Returns:
        Rows (text_start, char_start, length), and how many rows each run became.
    """
    counts = np.zeros(len(runs), dtype=np.int64)
    if not len(runs) or not len(offsets.keys):
        return np.zeros((0, 3), dtype=np.int64), counts
    firsts = offsets.find(runs[:, 1])
    ends = np.searchsorted(offsets.keys, runs[:, 1] + runs[:, 2], side="left")
    room = int((np.maximum(ends - firsts, 0) + 2).sum())
    stretches = np.stack(
        [offsets.keys, offsets.char_starts, offsets.lengths, offsets.widths], axis=1
    )
    out = np.empty((room, 3), dtype=np.int64)
    count = _compose(runs, firsts, stretches, out, counts)
    return out[:count], counts
