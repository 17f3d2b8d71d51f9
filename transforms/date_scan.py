"""Places in texts where a date or a weekday is named, found in one pass over the bytes.

Compiled, because a regular expression that looks on both sides of a month's name costs
several passes. What a place means (its year, whether it counts) is for
`transforms.dates` to decide.
"""

from typing import Final

import numba
import numpy as np
import polars as pl

from transforms.buffers import ByteArray, Offsets, buffer_documents

Bounds = tuple[int, int]
Found = tuple[int, int]

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
MENTION: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(),  # of the texts
    "at": pl.Int64(),  # byte in the text
    "year": pl.Int64(),  # 0: none given
    "month": pl.Int64(),  # 0: a weekday alone
    "day": pl.Int64(),
    "last_day": pl.Int64(),  # of a range such as January 3-4, else the day
    "weekday": pl.Int64(),  # 1 Monday to 7 Sunday, 0: none
    "order": pl.Int64(),  # 1: all numbers, so day and month may be the other way
}
_WEEKDAY_BASE: Final = 20
_PACKED_LETTERS: Final = 8
_MAX_WORD: Final = 9
_MIN_WORD: Final = 3
_MAX_DAY: Final = 31
_MAX_MONTH: Final = 12
_YEARS: Final = (1900, 2100)
_YEAR_DIGITS: Final = 4
_DAY_DIGITS: Final = 2
_SPACE, _COMMA, _DOT, _DASH, _SLASH, _ZERO, _LOWER = 32, 44, 46, 45, 47, 48, 32
_COLON, _PERCENT, _TIME_MARK = 58, 37, 84
_OF: Final = (0x6F, 0x66)
_NONE: Final = (0, 0)


def _pack_word(word: str) -> int:
    return int.from_bytes(word[:_PACKED_LETTERS].encode(), "big")


def _word_tables() -> tuple[Offsets, Offsets, Offsets]:
    words = [
        (_pack_word(name), len(name), number)
        for number, names in enumerate(MONTHS, 1)
        for name in names
    ] + [
        (_pack_word(name), len(name), _WEEKDAY_BASE + number)
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
    """1 for a capital that a word of the table begins with, 2 for digits."""
    marks = np.zeros(256, dtype=np.uint8)
    for name in (*WEEKDAYS, *(names[0] for names in MONTHS)):
        marks[ord(name[0].upper())] = 1
    marks[ord("0") : ord("9") + 1] = 2
    return marks


WORD_CODES, WORD_SIZES, WORD_VALUES = _word_tables()
KINDS: Final = _byte_kinds()
STARTERS: Final = _starters()
_DIGIT, _LETTER = 1, 2


@numba.njit(cache=True, nogil=True)
def _word_value(data: ByteArray, at: int, end: int) -> int:
    """Month 1 to 12, weekday 21 to 27, or 0 for a word."""
    size = end - at
    if size < _MIN_WORD or size > _MAX_WORD:
        return 0
    code = np.int64(0)
    for place in range(at, min(end, at + _PACKED_LETTERS)):
        code = (code << 8) | np.int64(data[place] | _LOWER)
    found = np.searchsorted(WORD_CODES, code)
    if found < len(WORD_CODES) and WORD_CODES[found] == code:
        return WORD_VALUES[found] if WORD_SIZES[found] == size else 0
    return 0


@numba.njit(cache=True, nogil=True)
def _number(data: ByteArray, at: int, end: int, digits: int) -> Found:
    """Value and end of at most `digits` digits that no further digit follows."""
    value = 0
    place = at
    while place < end and place - at < digits and KINDS[data[place]] == _DIGIT:
        value = value * 10 + data[place] - _ZERO
        place += 1
    if place == at or (place < end and KINDS[data[place]] == _DIGIT):
        return _NONE
    return value, place


@numba.njit(cache=True, nogil=True)
def _skip(data: ByteArray, at: int, end: int, char: int) -> int:
    while at < end and data[at] == char:
        at += 1
    return at


@numba.njit(cache=True, nogil=True)
def _is_ordinal(data: ByteArray, at: int, end: int) -> bool:
    """Whether st, nd, rd, or th stands at `at`."""
    if at + 2 > end:
        return False
    first, second = data[at] | _LOWER, data[at + 1] | _LOWER
    pair = first * 256 + second
    return bool(
        pair == ord("s") * 256 + ord("t")
        or pair == ord("n") * 256 + ord("d")
        or pair == ord("r") * 256 + ord("d")
        or pair == ord("t") * 256 + ord("h")
    )


@numba.njit(cache=True, nogil=True)
def _year_at(data: ByteArray, at: int, end: int) -> int:
    """Year behind optional comma and spaces, or 0."""
    is_dashed = at + 1 < end and data[at] == _DASH
    place = at + 1 if is_dashed else _skip(data, at, end, _SPACE)
    place = _skip(data, place, end, _COMMA)
    place = _skip(data, place, end, _SPACE)
    year, stop = _number(data, place, end, _YEAR_DIGITS)
    is_closed = stop >= end or KINDS[data[stop]] != _LETTER
    if _YEARS[0] <= year < _YEARS[1] and is_closed:
        return year
    return 0


@numba.njit(cache=True, nogil=True)
def _ends_number(data: ByteArray, at: int, end: int) -> bool:
    """Whether a day may end here: not 5.2, 3,000, 7:30, 5%, 3rds."""
    if at >= end:
        return True
    char = data[at]
    if char in (_DOT, _COMMA) and at + 1 < end and KINDS[data[at + 1]] == _DIGIT:
        return char == _COMMA and _year_at(data, at, end) > 0
    return KINDS[char] == 0 and char not in (_COLON, _PERCENT)


@numba.njit(cache=True, nogil=True)
def _day_at(data: ByteArray, at: int, end: int) -> Found:
    """Day of month at `at` and where it ends, ordinal ending included."""
    day, place = _number(data, at, end, _DAY_DIGITS)
    if day < 1 or day > _MAX_DAY:
        return _NONE
    if _is_ordinal(data, place, end):
        place += 2
    return (day, place) if _ends_number(data, place, end) else _NONE


@numba.njit(cache=True, nogil=True)
def _dash_at(data: ByteArray, at: int, end: int) -> int:
    """End of a dash (hyphen, en dash, em dash) with or without spaces; 0 for none."""
    at = _skip(data, at, end, _SPACE)
    if at < end and data[at] == _DASH:
        return _skip(data, at + 1, end, _SPACE)
    is_wide = at + 2 < end and data[at] == 0xE2 and data[at + 1] == 0x80  # noqa: PLR2004
    if is_wide and 0x93 <= data[at + 2] <= 0x94:  # noqa: PLR2004
        return _skip(data, at + 3, end, _SPACE)
    return 0


@numba.njit(cache=True, nogil=True)
def _last_day_at(data: ByteArray, at: int, end: int, day: int) -> Found:
    """Last day of a range that goes on at `at`, and its end; else the day itself."""
    place = _dash_at(data, at, end)
    if place:
        last, stop = _day_at(data, place, end)
        if last > day:
            return last, stop
    return day, at


@numba.njit(cache=True, nogil=True)
def _day_before(data: ByteArray, start: int, at: int) -> Found:
    """Day in front of a month's name (5 January, 5th of January) and its place."""
    place = at
    while place > start and data[place - 1] in (_SPACE, _DASH):
        place -= 1
    if place == at:
        return _NONE
    is_of = (
        place - 3 > start and data[place - 2] == _OF[0] and data[place - 1] == _OF[1]
    )
    place -= 3 if is_of else 0
    if place - 2 > start and _is_ordinal(data, place - 2, at):
        place -= 2
    first = place
    while first > start and KINDS[data[first - 1]] == _DIGIT:
        first -= 1
    day, stop = _number(data, first, place, _DAY_DIGITS)
    is_open = first > start and (
        KINDS[data[first - 1]] != 0 or data[first - 1] in (_DOT, _SLASH, _COLON)
    )
    return _NONE if day < 1 or day > _MAX_DAY or is_open or not stop else (day, first)


@numba.njit(cache=True, nogil=True)
def _read_month(
    data: ByteArray, bounds: Bounds, word: Bounds, mention: Offsets
) -> bool:
    """Fill the mention from the numbers around a month's name."""
    after = word[1] + 1 if word[1] < bounds[1] and data[word[1]] == _DOT else word[1]
    before, first = _day_before(data, bounds[0], word[0])
    gap = _skip(data, after, bounds[1], _SPACE)
    year = _year_at(data, after, bounds[1])
    if before and (year or not _day_at(data, gap, bounds[1])[0]):
        mention[1], mention[2], mention[4], mention[5] = first, year, before, before
        return True
    day, stop = _day_at(data, gap, bounds[1])
    if not day or gap == word[1]:
        return False
    last, stop = _last_day_at(data, stop, bounds[1], day)
    mention[1], mention[2] = word[0], _year_at(data, stop, bounds[1])
    mention[4], mention[5] = day, last
    return True


@numba.njit(cache=True, nogil=True)
def _read_word(data: ByteArray, bounds: Bounds, word: Bounds, mention: Offsets) -> bool:
    value = _word_value(data, word[0], word[1])
    mention[1:] = 0
    if value > _WEEKDAY_BASE:
        mention[1], mention[6] = word[0], value - _WEEKDAY_BASE
        return True
    mention[3] = value
    if value == 0:
        return False
    return _read_month(data, bounds, word, mention)


@numba.njit(cache=True, nogil=True)
def _read_digits(data: ByteArray, end: int, at: int, mention: Offsets) -> bool:
    """2022-01-06, 06.01.2022, or 6/1/2022."""
    mention[1:] = 0
    mention[1] = at
    first, stop = _number(data, at, end, _YEAR_DIGITS)
    if not stop or stop + 2 > end:
        return False
    mark = data[stop]
    if mark not in (_DASH, _DOT, _SLASH):
        return False
    second, middle = _number(data, stop + 1, end, _DAY_DIGITS)
    if not middle or middle >= end or data[middle] != mark:
        return False
    third, last = _number(data, middle + 1, end, _YEAR_DIGITS)
    # A time may follow the day at once: 2022-01-06T10:00.
    is_glued = last < end and KINDS[data[last]] == _LETTER and data[last] != _TIME_MARK
    if not last or is_glued:
        return False
    return _keep_numbers(mention, mark, (first, second, third))


@numba.njit(cache=True, nogil=True)
def _keep_numbers(mention: Offsets, mark: int, numbers: tuple[int, int, int]) -> bool:
    first, second, third = numbers
    if _YEARS[0] <= first < _YEARS[1] and mark == _DASH:
        mention[2], mention[3], mention[4] = first, second, third
    elif _YEARS[0] <= third < _YEARS[1] and mark != _DASH:
        mention[2], mention[3], mention[4] = third, second, first
        mention[7] = mark == _SLASH
    mention[5] = mention[4]
    return bool(mention[2])


@numba.njit(cache=True, nogil=True)
def _next_starter(data: ByteArray, at: int, end: int) -> int:
    """First place from `at` on where a mention may begin; most text holds none."""
    while at + 4 <= end and not (
        STARTERS[data[at]]
        | STARTERS[data[at + 1]]
        | STARTERS[data[at + 2]]
        | STARTERS[data[at + 3]]
    ):
        at += 4
    while at < end and not STARTERS[data[at]]:
        at += 1
    return at


@numba.njit(cache=True, nogil=True)
def _scan_text(
    data: ByteArray, bounds: Bounds, mentions: Offsets, state: Offsets
) -> None:
    """Append the mentions of one text; state is (text row, mentions so far)."""
    mention = np.zeros(mentions.shape[1], dtype=np.int64)
    mention[0] = state[0]
    at = _next_starter(data, bounds[0], bounds[1])
    while at < bounds[1]:
        starter = STARTERS[data[at]]
        if not starter or (at > bounds[0] and KINDS[data[at - 1]] != 0):
            at = _next_starter(data, at + 1, bounds[1])
            continue
        end = at + 1
        while end < bounds[1] and KINDS[data[end]] == KINDS[data[at]]:
            end += 1
        if starter == 1:
            is_found = _read_word(data, bounds, (at, end), mention)
        else:
            is_found = _read_digits(data, bounds[1], at, mention)
        if is_found:
            if state[1] < len(mentions):
                mentions[state[1]] = mention
                mentions[state[1], 1] -= bounds[0]
            state[1] += 1
        at = end


@numba.njit(cache=True, nogil=True)
def _scan_texts(data: ByteArray, starts: Offsets, mentions: Offsets) -> int:
    state = np.zeros(2, dtype=np.int64)
    for row in range(len(starts) - 1):
        state[0] = row
        _scan_text(data, (starts[row], starts[row + 1]), mentions, state)
    return int(state[1])


def find_dates(texts: pl.Series) -> pl.DataFrame:
    """All dates and weekdays named in texts, in order of row and place.

    Days that no month has are left out; whether a month has a 31st depends on the
    year and is checked when the year is known.

    Args:
        texts: Any strings, none null.

    Returns:
        MENTION columns.

    Example:
        >>> find_dates(pl.Series(["On January 3-4, 2022, in Almaty"])).row(0)
        (0, 3, 2022, 1, 3, 4, 0, 0)
    """
    buffer = buffer_documents(texts.to_frame("text"))
    room = np.empty((len(texts) * 16 + 1024, len(MENTION)), dtype=np.int64)
    count = _scan_texts(buffer.data, buffer.document_starts, room)
    if count > len(room):
        room = np.empty((count, len(MENTION)), dtype=np.int64)
        _scan_texts(buffer.data, buffer.document_starts, room)
    found = room[:count]
    is_possible = (found[:, 3] <= _MAX_MONTH) | (found[:, 7] == 1)
    is_possible &= (found[:, 4] <= _MAX_DAY) & ((found[:, 4] > 0) | (found[:, 6] > 0))
    found = found[is_possible]
    return pl.DataFrame(
        {name: found[:, place] for place, name in enumerate(MENTION)}
    ).select(pl.col(name).cast(dtype) for name, dtype in MENTION.items())
