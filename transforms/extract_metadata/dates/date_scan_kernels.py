"""Places in texts where a date or a weekday is named, found in one pass over the bytes.

Compiled, because the stage takes four times as long with a regular expression that
looks on both sides of a month's name. What a place means (its year, whether it counts)
is for `transforms.extract_metadata.dates.article_dates` to decide.
"""

from typing import Final

import numba
import numpy as np

from transforms.extract_metadata.dates.date_token_kernels import (
    COMMA,
    DASH,
    DAY_DIGITS,
    DIGIT,
    DIGITS,
    DOT,
    HASH_FACTOR,
    HASH_START,
    KINDS,
    LETTER,
    LONE_YEARS,
    LOWER,
    MAX_DAY,
    MAX_MONTH,
    NAMES,
    NEEDS_YEAR,
    NEW_LINE,
    NONE,
    OPENING,
    PERCENT,
    PREFIXES,
    SHORT_YEAR,
    SLASH,
    SOLAR_MONTH,
    SOLAR_YEARS,
    SPACE,
    STARTERS,
    TIME_MARK,
    WEEKDAY_BASE,
    YEAR_DIGITS,
    YEARS,
    Bounds,
    Found,
    Names,
    day_at,
    day_before,
    last_day_at,
    month_names,
    number,
    prefix_code,
    skip,
    word_value,
    year_at,
)
from transforms.text.buffers import ByteArray, Offsets, TextBuffer

MENTION: Final = (
    "row",  # of the texts
    "at",  # byte in the text
    "year",  # 0: none given; its last two digits alone: SHORT_YEAR and these
    "month",  # 0: a weekday or year alone; SOLAR_MONTH and one of the solar calendar
    "day",  # 0: a weekday, month, or year alone
    "last_day",  # of a range such as January 3-4, else the day
    "weekday",  # 1 Monday to 7 Sunday, 0: none
    "order",  # 1: all numbers, so day and month may be the other way
)


@numba.njit(cache=True, nogil=True)
def _read_month(
    data: ByteArray, bounds: Bounds, word: Bounds, mention: Offsets
) -> bool:
    """Fill the mention from the numbers around a month's name."""
    after = word[1] + 1 if word[1] < bounds[1] and data[word[1]] == DOT else word[1]
    before, first = day_before(data, bounds[0], word[0])
    gap = skip(data, after, bounds[1], SPACE)
    year = year_at(data, after, bounds[1])
    if before and (year or not day_at(data, gap, bounds[1])[0]):
        mention[1], mention[2], mention[4], mention[5] = first, year, before, before
        return True
    day, stop = day_at(data, gap, bounds[1])
    if not day or gap == word[1]:
        mention[1], mention[2] = word[0], year
        return 0 < year < SHORT_YEAR
    last, stop = last_day_at(data, stop, bounds[1], day)
    mention[1], mention[2] = word[0], year_at(data, stop, bounds[1])
    mention[4], mention[5] = day, last
    return True


@numba.njit(cache=True, nogil=True)
def _read_word(data: ByteArray, bounds: Bounds, word: Bounds, mention: Offsets) -> bool:
    value = word_value(data, word[0], word[1])
    mention[1:] = 0
    if value > WEEKDAY_BASE:
        mention[1], mention[6] = word[0], value - WEEKDAY_BASE
        return True
    mention[3] = value
    if value == 0:
        return False
    return _read_month(data, bounds, word, mention)


@numba.njit(cache=True, nogil=True)
def _foreign_month(data: ByteArray, at: int, end: int, names: Names) -> Found:
    """Month that a word at `at` names in another language, and the word's end."""
    code = HASH_START
    place = at
    while place < end and KINDS[data[place]] > DIGIT:
        byte = data[place]
        # A no-break space, and signs such as a dash, are no letters.
        is_wide = byte == 0xE2 and place + 1 < end and data[place + 1] == 0x80  # noqa: PLR2004
        is_wide |= byte == 0xC2 and place + 1 < end and data[place + 1] == 0xA0  # noqa: PLR2004
        if is_wide:
            break
        if ord("A") <= byte <= ord("Z"):
            byte |= LOWER
        code = (code ^ np.uint64(byte)) * HASH_FACTOR
        place += 1
    row = np.searchsorted(names[0], code)
    if row < len(names[0]) and names[0][row] == code:
        return names[1][row], place
    return NONE


@numba.njit(cache=True, nogil=True)
def _skip_of(data: ByteArray, at: int, end: int) -> int:
    """Past a space and `de `, if they stand at `at`."""
    place = skip(data, at, end, SPACE)
    is_de = place + 3 < end and data[place] == ord("d") and data[place + 1] == ord("e")
    return place + 3 if is_de and data[place + 2] == SPACE else place


@numba.njit(cache=True, nogil=True)
def _read_foreign(
    data: ByteArray, end: int, at: int, names: Names, mention: Offsets
) -> bool:
    """5 janvier 2022, 5 de enero de 2022, 5. Januar 2022, 5-yanvar."""
    day, stop = number(data, at, end, DAY_DIGITS)
    if day < 1 or day > MAX_DAY:
        return False
    is_marked = stop < end and data[stop] in (DOT, DASH)
    place = _skip_of(data, stop + is_marked, end)
    if place >= end or KINDS[data[place]] <= DIGIT:
        return False
    month, word_end = _foreign_month(data, place, end, names)
    if not month:
        return False
    is_cut = word_end < end and data[word_end] == DOT
    year = year_at(data, _skip_of(data, word_end + is_cut, end), end)
    if month > NEEDS_YEAR:
        month = month - NEEDS_YEAR if year else 0
    # English spells some months alike, and `On May 5. August was warm` has two.
    is_english = word_value(data, place, word_end) > 0 and data[place] < ord("a")
    is_dotted = is_marked and data[stop] == DOT
    if not month or (is_english and not (is_dotted and year)):
        return False
    mention[1:] = 0
    mention[1], mention[2], mention[3] = at, year, month
    mention[4], mention[5] = day, day
    return True


@numba.njit(cache=True, nogil=True)
def _read_digits(
    data: ByteArray, end: int, at: int, names: Names, mention: Offsets
) -> bool:
    """2022-01-06, 06.01.2022, or 6/1/2022."""
    mention[1:] = 0
    mention[1] = at
    first, stop = number(data, at, end, YEAR_DIGITS)
    if not stop or at + 2 > end:
        return False
    mark = data[stop] if stop < end else SPACE
    is_number = mark in (DASH, DOT, SLASH)
    is_number = is_number and stop + 1 < end and KINDS[data[stop + 1]] == DIGIT
    if not is_number and stop - at < YEAR_DIGITS:
        return _read_foreign(data, end, at, names, mention)
    if not is_number:
        return _read_year(data, at, stop, end, first, mention)
    second, middle = number(data, stop + 1, end, DAY_DIGITS)
    if not middle or middle >= end or data[middle] != mark:
        return False
    third, last = number(data, middle + 1, end, YEAR_DIGITS)
    if not last or not _ends_numbers(data, last, end, mark):
        return False
    sizes = (stop - at, last - middle - 1)
    return _keep_numbers(mention, mark, (first, second, third), sizes)


@numba.njit(cache=True, nogil=True)
def _read_year(
    data: ByteArray, at: int, stop: int, end: int, year: int, mention: Offsets
) -> bool:
    """A year alone: not 2000%, 2000 km, $2000, 2,000."""
    is_open = at > 0 and data[at - 1] not in (SPACE, NEW_LINE, OPENING)
    is_glued = stop < end and (
        KINDS[data[stop]] == LETTER
        or data[stop] == PERCENT
        or (data[stop] == COMMA and stop + 1 < end and KINDS[data[stop + 1]] == DIGIT)
    )
    if is_open or is_glued or not LONE_YEARS[0] <= year < LONE_YEARS[1]:
        return False
    mention[2] = year
    return True


@numba.njit(cache=True, nogil=True)
def _ends_numbers(data: ByteArray, at: int, end: int, mark: int) -> bool:
    """Whether a date of numbers may end here; a time may follow: 2022-01-06T10:00."""
    if at >= end:
        return True
    if data[at] == mark:
        return at + 1 >= end or KINDS[data[at + 1]] != DIGIT
    return bool(KINDS[data[at]] != LETTER or data[at] == TIME_MARK)


@numba.njit(cache=True, nogil=True)
def _keep_numbers(
    mention: Offsets, mark: int, numbers: tuple[int, int, int], sizes: tuple[int, int]
) -> bool:
    first, second, third = numbers
    if SOLAR_YEARS[0] <= first < YEARS[1]:
        is_solar = first < YEARS[0]
        mention[2], mention[4] = first, third
        mention[3] = second + SOLAR_MONTH * is_solar
    elif YEARS[0] <= third < YEARS[1]:
        mention[2], mention[3], mention[4] = third, second, first
        mention[7] = mark != DOT
    elif sizes[0] <= DAY_DIGITS and sizes[1] == DAY_DIGITS:
        mention[2], mention[3], mention[4] = SHORT_YEAR + third, second, first
        mention[7] = mark != DOT
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
def _may_name(data: ByteArray, at: int, end: int) -> bool:
    """Whether the letters at `at` may begin the name of a month or weekday."""
    if at + 2 >= end:
        return False
    return bool(PREFIXES[prefix_code(data[at], data[at + 1], data[at + 2])])


@numba.njit(cache=True, nogil=True)
def _scan_text(
    data: ByteArray, bounds: Bounds, names: Names, mentions: Offsets, state: Offsets
) -> None:
    """Append the mentions of one text; state is (text row, mentions so far)."""
    mention = np.zeros(mentions.shape[1], dtype=np.int64)
    mention[0] = state[0]
    at = _next_starter(data, bounds[0], bounds[1])
    while at < bounds[1]:
        starter = STARTERS[data[at]]
        is_inside = at > bounds[0] and KINDS[data[at - 1]] != 0
        if is_inside or not (starter == DIGITS or _may_name(data, at, bounds[1])):
            at = _next_starter(data, at + 1, bounds[1])
            continue
        end = at + 1
        while end < bounds[1] and KINDS[data[end]] == KINDS[data[at]]:
            end += 1
        if starter == NAMES:
            is_found = _read_word(data, bounds, (at, end), mention)
        else:
            is_found = _read_digits(data, bounds[1], at, names, mention)
        if is_found:
            if state[1] < len(mentions):
                mentions[state[1]] = mention
                mentions[state[1], 1] -= bounds[0]
            state[1] += 1
        at = end


@numba.njit(cache=True, nogil=True)
def _scan_texts(
    data: ByteArray, starts: Offsets, names: Names, mentions: Offsets
) -> int:
    state = np.zeros(2, dtype=np.int64)
    for row in range(len(starts) - 1):
        state[0] = row
        _scan_text(data, (starts[row], starts[row + 1]), names, mentions, state)
    return int(state[1])


def find_dates(texts: TextBuffer) -> dict[str, Offsets]:
    """All dates and weekdays named in texts, in order of row and place.

    Days that no month has are left out; whether a month has a 31st depends on the
    year and is checked when the year is known.

    Returns:
        One array per name of MENTION.

    Example:
        >>> import polars as pl
        >>> from transforms.text.buffers import buffer_documents
        >>> texts = pl.DataFrame({"text": ["On January 3-4, 2022, in Almaty"]})
        >>> found = find_dates(buffer_documents(texts))
        >>> [int(found[name][0]) for name in MENTION]
        [0, 3, 2022, 1, 3, 4, 0, 0]
    """
    starts = texts.document_starts
    room = np.empty((len(starts) * 16 + 1024, len(MENTION)), dtype=np.int64)
    names = month_names()
    count = _scan_texts(texts.data, starts, names, room)
    if count > len(room):
        room = np.empty((count, len(MENTION)), dtype=np.int64)
        _scan_texts(texts.data, starts, names, room)
    found = room[:count]
    is_possible = (found[:, 3] <= SOLAR_MONTH + MAX_MONTH) | (found[:, 7] == 1)
    has_day = (found[:, 4] > 0) | (found[:, 6] > 0)
    is_possible &= (found[:, 4] <= MAX_DAY) & (has_day | (found[:, 2] > 0))
    # Each column on its own, for that is how they are read.
    columns = np.ascontiguousarray(found[is_possible].T)
    return dict(zip(MENTION, columns, strict=True))
