"""What can be counted in the bytes of lines: letters, words, ends, and hashes.

Byte loops, because one pass over the buffer replaces a dozen passes of string
expressions; a long line is read at both ends only. Bytes are named by their values.
"""

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets

IntTable = npt.NDArray[np.int32]
HashTable = npt.NDArray[np.uint64]

MAX_WHOLE_LINE_BYTES: Final = 240
_EDGE_BYTES: Final = 160
COUNTS: Final = (
    "unused",
    "words",
    "capitalised",
    "long_lower",  # words of four letters and more that start small
    "upper",
    "lower",
    "digits",
    "first_class",
    "last_class",
    "ends_sentence",
    "starts_word_upper",
    "bytes",
)
HASHES: Final = ("text_hash", "shape_hash", "lead_hash")

# Classes of the first and last character.
OTHER, UPPER, LOWER, DIGIT, QUOTE, OPEN, CLOSE, STOP, COLON, COMMA, DASH, ELLIPSIS = (
    range(12)
)


@numba.njit(cache=True)
def _letter_case(data: Any, i: int) -> int:
    """1 upper, 2 lower, 0 no letter, for the character that starts at byte i."""
    b = data[i]
    if 65 <= b <= 90:
        return 1
    if 97 <= b <= 122:
        return 2
    if b < 0xC3 or i + 1 >= len(data):
        return 0
    c = data[i + 1]
    if b == 0xC3:
        return 1 if c <= 0x9E else 2
    if b == 0xD0:
        return 1 if c <= 0xAF else 2
    if b == 0xCE:
        return 1 if c <= 0xAB else 2
    if b == 0xE2 or b == 0xE3 or b >= 0xEF:
        return 0
    return 2


@numba.njit(cache=True)
def _class_of(data: Any, i: int) -> int:
    """Class of the character that starts at byte i."""
    b = data[i]
    case = _letter_case(data, i)
    if case:
        return UPPER if case == 1 else LOWER
    if 48 <= b <= 57:
        return DIGIT
    if b in (34, 39, 96):
        return QUOTE
    if b in (40, 91, 123, 60):
        return OPEN
    if b in (41, 93, 125, 62):
        return CLOSE
    if b in (46, 33, 63):
        return STOP
    if b == 58:
        return COLON
    if b in (44, 59):
        return COMMA
    if b in (45, 42, 43, 35, 95, 61, 126):
        return DASH
    if b == 0xC2 and i + 1 < len(data) and data[i + 1] in (0xAB, 0xBB):
        return QUOTE
    if b == 0xE2 and i + 2 < len(data) and data[i + 1] == 0x80:
        c = data[i + 2]
        if 0x98 <= c <= 0x9F:
            return QUOTE
        if 0x90 <= c <= 0x95 or c == 0xA2:
            return DASH
        if c == 0xA6:
            return ELLIPSIS
    return OTHER


@numba.njit(cache=True)
def _space_bytes(data: Any, i: int, end: int) -> int:
    """Width of the blank (or byte order mark) that starts at byte i, else 0."""
    b = data[i]
    if b == 32 or b == 9 or b == 0:
        return 1
    if b == 0xC2 and i + 1 < end and data[i + 1] == 0xA0:
        return 2
    if b == 0xEF and i + 2 < end and data[i + 1] == 0xBB and data[i + 2] == 0xBF:
        return 3
    if b == 0xE2 and i + 2 < end and data[i + 1] == 0x80 and data[i + 2] <= 0x8B:
        return 3
    if b == 0xE3 and i + 2 < end and data[i + 1] == 0x80 and data[i + 2] == 0x80:
        return 3
    return 0


@numba.njit(cache=True)
def trim_lines(data: Any, starts: Any, ends: Any) -> Any:
    """Byte ranges without the blanks at either end; blank lines become empty."""
    trimmed = np.empty((2, len(starts)), dtype=np.int64)
    for row in range(len(starts)):
        i, end = starts[row], ends[row]
        while i < end:
            width = _space_bytes(data, i, end)
            if width == 0:
                break
            i += width
        while end > i:
            width = 0
            for back in (1, 2, 3):
                if end - back >= i and data[end - back] & 0xC0 != 0x80:
                    if _space_bytes(data, end - back, end) == back:
                        width = back
                    break
            if width == 0:
                break
            end -= width
        trimmed[0, row] = i
        trimmed[1, row] = end
    return trimmed


@numba.njit(cache=True)
def edge_ends(data: Any, starts: Any, ends: Any, limit: int) -> Any:
    """Where the first `limit` bytes of each range end, on a character's border."""
    cut = np.empty(len(starts), dtype=np.int64)
    for row in range(len(starts)):
        i = min(ends[row], starts[row] + limit)
        while i < ends[row] and data[i] & 0xC0 == 0x80:
            i += 1
        cut[row] = i
    return cut


@numba.njit(cache=True)
def edge_starts(data: Any, starts: Any, ends: Any, limit: int) -> Any:
    """Where the last `limit` bytes of each range start, on a character's border."""
    cut = np.empty(len(starts), dtype=np.int64)
    for row in range(len(starts)):
        i = max(starts[row], ends[row] - limit)
        while i < ends[row] and data[i] & 0xC0 == 0x80:
            i += 1
        cut[row] = i
    return cut


@numba.njit(cache=True)
def _is_word_byte(b: int) -> bool:
    return 97 <= b <= 122 or 65 <= b <= 90 or 48 <= b <= 57 or b >= 0xC3 and b != 0xE2


@numba.njit(cache=True)
def _mix(state: np.uint64, b: int) -> np.uint64:
    return (state ^ np.uint64(b)) * np.uint64(1099511628211)


@numba.njit(cache=True)
def _count_words(data: Any, start: int, end: int, out: Any) -> None:
    """Add the word and letter counts of a byte range to a row."""
    in_word = False
    word_bytes = 0
    is_small = False
    i = start
    while i < end:
        b = data[i]
        if _is_word_byte(b) or (in_word and 0x80 <= b < 0xC0):
            if not 0x80 <= b < 0xC0:
                case = _letter_case(data, i)
                out[4] += case == 1
                out[5] += case == 2
                out[6] += 48 <= b <= 57
                if not in_word:
                    in_word = True
                    word_bytes = 0
                    out[1] += 1
                    out[2] += case == 1
                    is_small = case == 2
            word_bytes += 1
        elif in_word and not (
            b == 39 or (b == 0xE2 and i + 2 < end and data[i + 2] == 0x99)
        ):
            in_word = False
            out[3] += is_small and word_bytes >= 4
        elif b == 0xE2:
            i += 2
        i += 1
    out[3] += in_word and is_small and word_bytes >= 4


@numba.njit(cache=True)
def _sentence_end(data: Any, start: int, end: int) -> int:
    """1 when the range ends like a sentence: a stop, perhaps closed by quotes."""
    i = end - 1
    for _ in range(4):
        while i > start and data[i] & 0xC0 == 0x80:
            i -= 1
        if i < start:
            return 0
        kind = _class_of(data, i)
        if kind == STOP or kind == ELLIPSIS:
            return 1
        if kind != QUOTE and kind != CLOSE:
            return 0
        i -= 1
    return 0


@numba.njit(cache=True)
def _hash_line(data: Any, start: int, end: int, out: Any) -> None:
    """Hashes of the letters, of the shape (numbers as one), and of the lead-in.

    The lead-in ends at the first colon, else after two words. Quotes, blanks and
    other signs do not count, so that straight and curly quotes hash alike.
    """
    text = np.uint64(14695981039346656037)
    shape = text
    lead = text
    word = text
    has_digit = False
    has_letter = False
    words = 0
    is_lead = True
    for i in range(start, end + 1):
        b = data[i] if i < end else 32
        if _is_word_byte(b) or 0x80 <= b < 0xC0:
            if b == 0xE2:
                continue
            low = b + 32 if 65 <= b <= 90 else b
            if 48 <= b <= 57:
                has_digit = True
            else:
                has_letter = True
            word = _mix(word, low)
        else:
            if word != np.uint64(14695981039346656037):
                # A leading number is an item's place in a list, not its text.
                if words > 0 or has_letter:
                    text = _mix(text, 32) ^ word
                part = np.uint64(48) if has_digit else word
                shape = _mix(shape, 32) ^ part
                if is_lead:
                    lead = _mix(lead, 32) ^ part
                words += 1
                word = np.uint64(14695981039346656037)
                has_digit = False
                has_letter = False
            if b == 58 or (b == 32 and words >= 2):
                if is_lead and b == 58:
                    lead = _mix(lead, 58)
                is_lead = False
    out[0] = text
    out[1] = shape
    out[2] = lead


@numba.njit(cache=True)
def _scan(data: Any, starts: Any, ends: Any, limit: int, edge: int) -> Any:
    counts = np.zeros((len(starts), 12), dtype=np.int32)
    hashes = np.zeros((len(starts), 3), dtype=np.uint64)
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        out = counts[row]
        out[11] = end - start
        if end <= start:
            continue
        out[7] = _class_of(data, start)
        last = end - 1
        while last > start and data[last] & 0xC0 == 0x80:
            last -= 1
        out[8] = _class_of(data, last)
        out[9] = _sentence_end(data, start, end)
        if end - start <= limit:
            _count_words(data, start, end, out)
            _hash_line(data, start, end, hashes[row])
        else:
            _count_words(data, start, start + edge, out)
            _count_words(data, end - edge, end, out)
            hashes[row, 0] = np.uint64(row)
            hashes[row, 1] = np.uint64(row)
            hashes[row, 2] = np.uint64(row)
    return counts, hashes


def scan_lines(
    data: ByteArray, starts: Offsets, ends: Offsets
) -> tuple[IntTable, HashTable]:
    """Counts and hashes of trimmed lines; see `COUNTS` and `HASHES` for the columns.

    Lines longer than `MAX_WHOLE_LINE_BYTES` are read at both ends, and their hashes
    equal no other line's.
    """
    counts, hashes = _scan(data, starts, ends, MAX_WHOLE_LINE_BYTES, _EDGE_BYTES)
    return counts, hashes


@numba.njit(cache=True)
def _window_bits(data: Any, start: int, end: int, bits: Any) -> int:
    """Set one bit per word of four letters and more; words are cut to six letters."""
    state = np.uint64(14695981039346656037)
    length = 0
    found = 0
    for i in range(start, end + 1):
        b = data[i] if i < end else 32
        if 65 <= b <= 90:
            b += 32
        if 97 <= b <= 122 or b >= 0x80 and b != 0xE2:
            if length < 6:
                state = _mix(state, b)
            length += 1
        else:
            if length >= 4:
                slot = (state ^ (state >> np.uint64(29))) & np.uint64(1023)
                word = int(slot >> np.uint64(6))
                bit = np.uint64(1) << (slot & np.uint64(63))
                found += bits[word] & bit == 0
                bits[word] |= bit
            state = np.uint64(14695981039346656037)
            length = 0
    return found


@numba.njit(cache=True)
def _shared(a: Any, b: Any) -> int:
    shared = 0
    for k in range(len(a)):
        both = a[k] & b[k]
        while both:
            both &= both - np.uint64(1)
            shared += 1
    return shared


@numba.njit(cache=True)
def measure_overlap(data: Any, spans: Any, window: int) -> Any:
    """Shares of words that lines have in common with the text around them.

    Args:
        data: UTF-8 bytes.
        spans: Per line: start, end, start and end of its document.
        window: Bytes looked at on either side.

    Returns:
        Per line: share of its words found after it, share found before it, and the
        share of the words after it that also stand before it.
    """
    shares = np.zeros((len(spans), 3), dtype=np.float32)
    line = np.zeros(16, dtype=np.uint64)
    after = np.zeros(16, dtype=np.uint64)
    before = np.zeros(16, dtype=np.uint64)
    for row in range(len(spans)):
        start, end, low, high = spans[row]
        line[:] = 0
        after[:] = 0
        before[:] = 0
        own = _window_bits(data, start, end, line)
        coming = _window_bits(data, end, min(high, end + window), after)
        _window_bits(data, max(low, start - window), start, before)
        if own:
            shares[row, 0] = _shared(line, after) / own
            shares[row, 1] = _shared(line, before) / own
        if coming:
            shares[row, 2] = _shared(after, before) / coming
    return shares
