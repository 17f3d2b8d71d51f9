"""The parts of dates in bytes: month names, days, years, and the signs between them."""

from functools import cache
from typing import Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.reference import read_reference
from transforms.text.buffers import ByteArray, Offsets

Bounds = tuple[int, int]
Found = tuple[int, int]
Names = tuple[npt.NDArray[np.uint64], Offsets]

MONTHS: Final = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
WEEKDAY_BASE: Final = 20
NAMES, DIGITS = 1, 2  # what may start a mention
_PACKED_LETTERS: Final = 8
_MAX_WORD: Final = 9
_MIN_WORD: Final = 3
MAX_DAY: Final = 31
MAX_MONTH: Final = 12
# Years of the solar calendar of Iran and Afghanistan are told from others by this.
SOLAR_YEARS: Final = (1300, 1500)
YEARS: Final = (1600, 2100)
LONE_YEARS: Final = (1900, 2100)
YEAR_DIGITS: Final = 4
SHORT_YEAR: Final = 10_000  # plus the two digits that are given of it
SOLAR_MONTH: Final = 12  # plus the month of the solar calendar
NEEDS_YEAR: Final = 100  # plus the month: a short name, which by itself may be any word
DAY_DIGITS: Final = 2
SPACE, COMMA, DOT, DASH, SLASH, _ZERO, LOWER = 32, 44, 46, 45, 47, 48, 32
_COLON, PERCENT, TIME_MARK, NEW_LINE, OPENING = 58, 37, 84, 10, 40
_OF: Final = (0x6F, 0x66)
_ORDINALS: Final = tuple(a * 256 + b for a, b in (b"st", b"nd", b"rd", b"th"))
NONE: Final = (0, 0)


def _pack_word(word: str) -> int:
    return int.from_bytes(word[:_PACKED_LETTERS].encode(), "big")


def _word_tables() -> tuple[Offsets, Offsets, Offsets]:
    words = [
        (_pack_word(name), len(name), number)
        for number, names in enumerate(MONTHS, 1)
        for name in names
    ] + [
        (_pack_word(name), len(name), WEEKDAY_BASE + number)
        for number, name in enumerate(WEEKDAYS, 1)
    ]
    codes, sizes, values = zip(*sorted(words), strict=True)
    return (
        np.array(codes, dtype=np.int64),
        np.array(sizes, dtype=np.int64),
        np.array(values, dtype=np.int64),
    )


def _byte_kinds() -> ByteArray:
    kinds = np.zeros(256, dtype=np.uint8)
    kinds[ord("0") : ord("9") + 1] = 1
    kinds[ord("A") : ord("Z") + 1] = 2
    kinds[ord("a") : ord("z") + 1] = 2
    kinds[128:] = 3
    return kinds


def _starters() -> ByteArray:
    """NAMES for a capital that a word of the table begins with, DIGITS for a digit."""
    marks = np.zeros(256, dtype=np.uint8)
    for name in (*WEEKDAYS, *(names[0] for names in MONTHS)):
        marks[ord(name[0].upper())] = NAMES
    marks[ord("0") : ord("9") + 1] = DIGITS
    return marks


@numba.njit(cache=True, nogil=True)
def prefix_code(first: int, second: int, third: int) -> int:
    """Number of the first three letters of a word, in whatever case."""
    return (int(first & 31) << 10) | (int(second & 31) << 5) | int(third & 31)


def _prefixes() -> npt.NDArray[np.bool_]:
    """Which three letters begin a name of a month or weekday."""
    marks = np.zeros(1 << 15, dtype=np.bool_)
    for name in (*WEEKDAYS, *(names[0] for names in MONTHS)):
        marks[getattr(prefix_code, "py_func", prefix_code)(*name[:3].encode())] = True
    return marks


HASH_START: Final = np.uint64(0xCBF29CE484222325)
HASH_FACTOR: Final = np.uint64(0x100000001B3)


def _hash_word(word: str) -> int:
    """FNV-1a of the UTF-8 bytes, as the scan makes it."""
    value = int(HASH_START)
    for byte in word.encode():
        value = ((value ^ byte) * int(HASH_FACTOR)) & 0xFFFFFFFFFFFFFFFF
    return value


@cache
def month_names() -> Names:
    """Hashes of the months' names in other languages, ascending, and what each means.

    They stand behind a day: `5 janvier`, `5 de enero de`, `5 января`, `5. Januar`.
    """
    words = read_reference("date_words").filter(pl.col("kind").str.ends_with("month"))
    rows = {
        _hash_word("".join(c.lower() if c.isascii() else c for c in form)): (
            int(number)
            + SOLAR_MONTH * (kind == "solar_month")
            + NEEDS_YEAR * (kind == "short_month")
        )
        for kind, number, names in words.select("kind", "number", "words").iter_rows()
        for name in names.split("; ")
        for form in (name, name.capitalize(), name.upper())
    }
    codes, values = zip(*sorted(rows.items()), strict=True)
    return np.array(codes, dtype=np.uint64), np.array(values, dtype=np.int64)


WORD_CODES, WORD_SIZES, WORD_VALUES = _word_tables()
KINDS: Final = _byte_kinds()
STARTERS: Final = _starters()
PREFIXES: Final = _prefixes()
DIGIT, LETTER = 1, 2


@numba.njit(cache=True, nogil=True)
def word_value(data: ByteArray, at: int, end: int) -> int:
    """Month 1 to 12, weekday 21 to 27, or 0 for a word."""
    size = end - at
    if size < _MIN_WORD or size > _MAX_WORD:
        return 0
    code = np.int64(0)
    for place in range(at, min(end, at + _PACKED_LETTERS)):
        code = (code << 8) | np.int64(data[place] | LOWER)
    found = np.searchsorted(WORD_CODES, code)
    if found < len(WORD_CODES) and WORD_CODES[found] == code:
        return WORD_VALUES[found] if WORD_SIZES[found] == size else 0
    return 0


@numba.njit(cache=True, nogil=True)
def number(data: ByteArray, at: int, end: int, digits: int) -> Found:
    """Value and end of at most `digits` digits that no further digit follows."""
    value = 0
    place = at
    while place < end and place - at < digits and KINDS[data[place]] == DIGIT:
        value = value * 10 + int(data[place]) - _ZERO
        place += 1
    if place == at or (place < end and KINDS[data[place]] == DIGIT):
        return NONE
    return value, place


@numba.njit(cache=True, nogil=True)
def skip(data: ByteArray, at: int, end: int, char: int) -> int:
    """First place from `at` on that holds another byte than `char`."""
    while at < end and data[at] == char:
        at += 1
    return at


@numba.njit(cache=True, nogil=True)
def _is_ordinal(data: ByteArray, at: int, end: int) -> bool:
    """Whether st, nd, rd, or th stands at `at`."""
    if at + 2 > end:
        return False
    return int(data[at] | LOWER) * 256 + int(data[at + 1] | LOWER) in _ORDINALS


@numba.njit(cache=True, nogil=True)
def year_at(data: ByteArray, at: int, end: int) -> int:
    """Year behind optional comma and spaces, or 0; of two digits from SHORT_YEAR on."""
    is_dashed = at + 1 < end and data[at] == DASH
    place = at + 1 if is_dashed else skip(data, at, end, SPACE)
    place = skip(data, place, end, COMMA)
    place = skip(data, place, end, SPACE)
    year, stop = number(data, place, end, YEAR_DIGITS)
    if not stop or (stop < end and KINDS[data[stop]] == LETTER):
        return 0
    if SOLAR_YEARS[0] <= year < YEARS[1]:
        return year
    is_short = stop - place == DAY_DIGITS and place > at
    return SHORT_YEAR + year if is_short and _ends_short(data, stop, end) else 0


@numba.njit(cache=True, nogil=True)
def _ends_short(data: ByteArray, at: int, end: int) -> bool:
    """Whether a year of two digits may end here: not 10:14, 10.5, 10,000, 10%."""
    if at >= end:
        return True
    if data[at] in (DOT, COMMA):
        return at + 1 >= end or KINDS[data[at + 1]] != DIGIT
    return data[at] not in (_COLON, PERCENT, DASH, SLASH)


@numba.njit(cache=True, nogil=True)
def _ends_number(data: ByteArray, at: int, end: int) -> bool:
    """Whether a day may end here: not 5.2, 3,000, 7:30, 5%, 3rds."""
    if at >= end:
        return True
    char = data[at]
    if char in (DOT, COMMA) and at + 1 < end and KINDS[data[at + 1]] == DIGIT:
        return char == COMMA and year_at(data, at, end) > 0
    return KINDS[char] == 0 and char not in (_COLON, PERCENT)


@numba.njit(cache=True, nogil=True)
def day_at(data: ByteArray, at: int, end: int) -> Found:
    """Day of month at `at` and where it ends, ordinal ending included."""
    day, place = number(data, at, end, DAY_DIGITS)
    if day < 1 or day > MAX_DAY:
        return NONE
    if _is_ordinal(data, place, end):
        place += 2
    return (day, place) if _ends_number(data, place, end) else NONE


@numba.njit(cache=True, nogil=True)
def _dash_at(data: ByteArray, at: int, end: int) -> int:
    """End of a dash (hyphen, en dash, em dash) with or without spaces; 0 for none."""
    at = skip(data, at, end, SPACE)
    if at < end and data[at] == DASH:
        return skip(data, at + 1, end, SPACE)
    is_wide = at + 2 < end and data[at] == 0xE2 and data[at + 1] == 0x80  # noqa: PLR2004
    if is_wide and 0x93 <= data[at + 2] <= 0x94:  # noqa: PLR2004
        return skip(data, at + 3, end, SPACE)
    return 0


@numba.njit(cache=True, nogil=True)
def last_day_at(data: ByteArray, at: int, end: int, day: int) -> Found:
    """Last day of a range that goes on at `at`, and its end; else the day itself."""
    place = _dash_at(data, at, end)
    if place:
        last, stop = day_at(data, place, end)
        if last > day:
            return last, stop
    return day, at


@numba.njit(cache=True, nogil=True)
def day_before(data: ByteArray, start: int, at: int) -> Found:
    """Day in front of a month's name (5 January, 5th of January) and its place."""
    place = at
    while place > start and data[place - 1] in (SPACE, DASH):
        place -= 1
    if place == at:
        return NONE
    is_of = (
        place - 3 > start and data[place - 2] == _OF[0] and data[place - 1] == _OF[1]
    )
    place -= 3 if is_of else 0
    if place - 2 > start and _is_ordinal(data, place - 2, at):
        place -= 2
    first = place
    while first > start and KINDS[data[first - 1]] == DIGIT:
        first -= 1
    day, stop = number(data, first, place, DAY_DIGITS)
    is_open = first > start and (
        KINDS[data[first - 1]] != 0 or data[first - 1] in (DOT, SLASH, _COLON)
    )
    return NONE if day < 1 or day > MAX_DAY or is_open or not stop else (day, first)
