"""Texts cut into words, and phrases found among them: compiled loops.

Compiled, because a word costs a few steps per character here, while a regular
expression over whole texts (27 to 43 MB/s) would use up half of the stage's time.
"""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import (
    ASCII,
    BEYOND,
    BLANK,
    CLASSES,
    DIGIT,
    LOWER,
    OTHER,
    STOP,
    UPPER,
    read_code_point,
)

WordKeys = npt.NDArray[np.uint64]
Small = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.uint32]

LOWER_WORD: Final = 0
CAPITAL: Final = 1
UPPER_WORD: Final = 2
INITIAL: Final = 3
NUMBER_WORD: Final = 4
POSSESSIVE: Final = 5
MARK: Final = 6
MIXED: Final = 7


class WordArrays(NamedTuple):
    """One row per word, number, or mark, in the order of the texts.

    Attributes:
        text_row: Which text it stands in.
        start: Its first character in that text.
        end: The one after its last.
        byte_start: The same in the buffer of all texts.
        byte_end: Likewise.
        kind: LOWER_WORD, CAPITAL (and lower case after it), UPPER_WORD (two letters or
            more), INITIAL (letters with dots, such as "U.S."), NUMBER_WORD, POSSESSIVE,
            MARK, MIXED (letters, then digits).
        space: What is before it: 0 nothing, 1 blank, 2 line break, 3 blank line or the
            start of the text.
        key: Of its letters or digits, whatever their case and accents; never 0.
        value: Of a number; NaN where it is none, as in a date. A mark has 2 where it
            may end a sentence, 1 where it closes a quotation or bracket, else 0.
        sentence: Ascends over all texts.
    """

    text_row: Counts
    start: Counts
    end: Counts
    byte_start: Offsets
    byte_end: Offsets
    kind: Small
    space: Small
    key: WordKeys
    value: npt.NDArray[np.float64]
    sentence: Counts


FOLDED_POINTS: Final = 0x3000  # code points below it have a row in the table of folds
_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT: Final = np.uint64(33)
_APOSTROPHES: Final = (0x27, 0x2018, 0x2019, 0x2BC, 0x2BB, 0x60)
_CLOSERS: Final = (0x22, 0x27, 0x2019, 0x201D, 0xBB, 0x29, 0x5D)
_S: Final = (0x53, 0x73)
_DOT: Final = 0x2E
_COMMA: Final = 0x2C
_BREAK: Final = 0x0A
_ELLIPSIS: Final = 0x2026
_NARROW: Final = (0xA0, 0x2009, 0x202F)  # blanks that group the digits of a number
_GROUP: Final = 3
_TEN: Final = 10.0
_NO_BLANK: Final = 0
_ONE_BLANK: Final = 1
_LINE_BREAK: Final = 2
_BLANK_LINE: Final = 3
_NONE: Final = -1
_DIGITS: Final = (0x30, 0x39)
_IS_CLOSER: Final = 1.0  # values of marks
_IS_STOP: Final = 2.0
_EMPTY: Final = np.uint64(0)
_DOT_STATE: Final = (int(_SEED) ^ _DOT) * int(_PRIME) & 0xFFFFFFFFFFFFFFFF
_DOT_MIXED: Final = (_DOT_STATE ^ (_DOT_STATE >> int(_SHIFT))) * int(
    _MIX
) & 0xFFFFFFFFFFFFFFFF
DOT_KEY: Final = np.uint64((_DOT_MIXED ^ (_DOT_MIXED >> int(_SHIFT))) | 1)


@numba.njit(cache=True, nogil=True)
def _read(data: ByteArray, at: int, end: int) -> tuple[int, int, int]:
    """Code point, class, and width in bytes of the character at `at`."""
    first = np.int64(data[at])
    if first < ASCII:
        return int(first), int(CLASSES[first]), 1
    code, width = read_code_point(data, at, end)
    return code, (int(CLASSES[code]) if code < BEYOND else OTHER), width


@numba.njit(cache=True, nogil=True)
def _is_letter_or_digit(data: ByteArray, at: int, end: int) -> bool:
    """Whether one stands there; not at the end."""
    return at < end and _read(data, at, end)[1] in (UPPER, LOWER, DIGIT)


@numba.njit(cache=True, nogil=True)
def _is_digit(data: ByteArray, at: int, end: int) -> bool:
    return bool(at < end and _DIGITS[0] <= data[at] <= _DIGITS[1])


@numba.njit(cache=True, nogil=True)
def _is_final_s(data: ByteArray, at: int, end: int) -> bool:
    """Whether what follows an apostrophe is an s that ends the word."""
    return bool(
        at < end
        and np.int64(data[at]) in _S
        and not _is_letter_or_digit(data, at + 1, end)
    )


@numba.njit(cache=True, nogil=True)
def _mixed(state: np.uint64) -> np.uint64:
    """Key from the state of a scan; never 0."""
    mixed = (state ^ (state >> _SHIFT)) * _MIX
    return (mixed ^ (mixed >> _SHIFT)) | np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _add(state: np.uint64, code: int, folds: Counts) -> np.uint64:
    """State of a scan after one more character; what folds to nothing adds nothing."""
    folded = folds[code] if code < FOLDED_POINTS else np.uint32(code)
    if folded == 0:
        return state
    return (state ^ np.uint64(folded)) * _PRIME


@numba.njit(cache=True, nogil=True)
def _read_number(  # noqa: C901 - one pass over digits, for speed
    data: ByteArray, at: int, end: int
) -> tuple[int, int, float]:
    """End of a number in bytes, its characters, and its value.

    A comma, dot, or narrow blank before three digits groups them, but for a lone dot;
    else the last mark begins the decimals.
    """
    chars, since, marks, last_mark = 0, 0, 0, 0
    digits, same, is_grouped = 0.0, True, True
    while at < end:
        code, _, width = _read(data, at, end)
        if _DIGITS[0] <= code <= _DIGITS[1]:
            digits = digits * _TEN + (code - _DIGITS[0])
            since += 1
        else:
            following = at + width
            is_narrow = code in _NARROW
            if not (is_narrow or code in (_DOT, _COMMA)):
                break
            if not _is_digit(data, following, end):
                break
            run = following
            while is_narrow and _is_digit(data, run, end):
                run += 1
            if is_narrow and run - following != _GROUP:
                break
            is_grouped &= marks == 0 or since == _GROUP
            same &= marks == 0 or code == last_mark
            marks += 1
            last_mark, since = code, 0
        at += width
        chars += 1
    if marks == 0:
        return at, chars, digits
    if is_grouped and same and since == _GROUP and (marks > 1 or last_mark != _DOT):
        return at, chars, digits
    if marks > 1 and same:  # a date or a version
        return at, chars, np.nan
    return at, chars, digits / _TEN**since


@numba.njit(cache=True, nogil=True)
def _holds(keys: WordKeys, key: np.uint64) -> bool:
    """Whether a key is among ascending ones."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(keys) and keys[low] == key)


@numba.njit(cache=True, nogil=True)
def _ends_sentence(
    words: WordArrays,
    last: int,
    abbreviations: WordKeys,
    starters: WordKeys,
    key: np.uint64,
) -> bool:
    """Whether a sentence ends before a word that may start one.

    Args:
        words: Those before it.
        last: The last of them.
        abbreviations: WordKeys of words whose dot ends no sentence, ascending.
        starters: WordKeys of words that start a sentence behind initials, ascending.
        key: Of the word itself.
    """
    at = last
    while at > 0 and words.kind[at] == MARK and words.value[at] == _IS_CLOSER:
        at -= 1
    if at < 0:
        return False
    if words.kind[at] == INITIAL:
        return _holds(starters, key)
    if words.kind[at] != MARK or words.value[at] != _IS_STOP:
        return False
    is_dot = words.key[at] == DOT_KEY
    return not (is_dot and at and _holds(abbreviations, words.key[at - 1]))


@numba.njit(cache=True, nogil=True)
def _read_word(  # noqa: C901, PLR0912 - one pass over letters, for speed
    data: ByteArray, at: int, end: int, folds: Counts
) -> tuple[int, int, int, np.uint64]:
    """End of a word in bytes, its characters, its kind, and the state of its scan."""
    state = _SEED
    chars, uppers, lowers, digits, dots = 0, 0, 0, 0, 0
    starts_upper = _read(data, at, end)[1] == UPPER
    while at < end:
        code, kind, width = _read(data, at, end)
        after = at + width
        if kind in (UPPER, LOWER, DIGIT):
            if dots and dots != uppers:
                break
            uppers += kind == UPPER
            lowers += kind == LOWER
            digits += kind == DIGIT
            state = _add(state, code, folds)
        elif code in _APOSTROPHES:
            if not after < end or _read(data, after, end)[1] not in (UPPER, LOWER):
                break
            if _is_final_s(data, after, end):
                break
        elif code == _DOT and lowers == 0 and digits == 0 and uppers == dots + 1:
            dots += 1
            state = _add(state, code, folds)
            is_next = (
                after + 1 < end
                and _read(data, after, end)[1] == UPPER
                and data[after + 1] == _DOT
            )
            if not is_next:
                at = after
                chars += 1
                break
        else:
            break
        at = after
        chars += 1
    if dots:
        kind = INITIAL
    elif digits:
        kind = MIXED
    elif starts_upper:
        kind = UPPER_WORD if lowers == 0 and uppers > 1 else CAPITAL
    else:
        kind = LOWER_WORD
    return at, chars, kind, state


@numba.njit(cache=True, nogil=True)
def cut_words(  # noqa: C901 - one pass over bytes, for speed
    data: ByteArray,
    text_starts: Offsets,
    folds: Counts,
    sentence_words: tuple[WordKeys, WordKeys],
    words: WordArrays,
) -> int:
    """Fill `words` with the words, numbers, and marks of all texts.

    Args:
        data: UTF-8 bytes of the texts, back to back.
        text_starts: Where they start, and the end of the last.
        folds: What each code point below FOLDED_POINTS counts as in a key; 0: nothing.
        sentence_words: WordKeys of words whose dot ends no sentence, and of words that
            start a sentence behind initials; both ascending.
        words: Filled; at least as long as the data.

    Returns:
        How many there are.
    """
    abbreviations, starters = sentence_words
    count, sentence = 0, _NONE
    for row in range(len(text_starts) - 1):
        at, end, char = text_starts[row], text_starts[row + 1], 0
        space, breaks = _BLANK_LINE, 0
        while at < end:
            code, kind, width = _read(data, at, end)
            if kind == BLANK:
                breaks += code == _BREAK
                if space != _BLANK_LINE:
                    space = min(breaks, 2) + _ONE_BLANK
                at += width
                char += 1
                continue
            start, start_char = at, char
            state, value, word_kind = _SEED, np.nan, MARK
            if _DIGITS[0] <= code <= _DIGITS[1]:
                word_kind = NUMBER_WORD
                at, chars, value = _read_number(data, at, end)
                char += chars
                for place in range(start, at):
                    if _DIGITS[0] <= data[place] <= _DIGITS[1]:
                        state = _add(state, int(data[place]), folds)
            elif kind in (UPPER, LOWER, DIGIT):
                at, chars, word_kind, state = _read_word(data, at, end, folds)
                char += chars
            elif (
                code in _APOSTROPHES
                and space == _NO_BLANK
                and words.kind[count - 1] != MARK
                and _is_final_s(data, at + width, end)
            ):
                word_kind = POSSESSIVE
                state = _add(state, _S[1], folds)
                at += width + 1
                char += 2
            else:
                state = _add(state, code, folds)
                is_stop = kind == STOP or code == _ELLIPSIS
                value = _IS_STOP if is_stop else _IS_CLOSER * (code in _CLOSERS)
                at += width
                char += 1
            key = _mixed(state)
            if space == _BLANK_LINE or (
                space != _NO_BLANK
                and word_kind not in (LOWER_WORD, POSSESSIVE)
                and _ends_sentence(words, count - 1, abbreviations, starters, key)
            ):
                sentence += 1
            words.text_row[count] = row
            words.start[count], words.end[count] = start_char, char
            words.byte_start[count], words.byte_end[count] = start, at
            words.kind[count], words.space[count] = word_kind, space
            words.key[count], words.value[count] = key, value
            words.sentence[count] = sentence
            count += 1
            space, breaks = _NO_BLANK, 0
    return count
