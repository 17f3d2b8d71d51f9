"""Words of a text as hashes, and what letters fold into.

A word is a run of letters and digits, case-folded and without accents, so that other
quotes, dashes, spaces, and line breaks give the same words.
"""

import unicodedata
from typing import Final

import numpy as np

from transforms.classify.score_arrays import FoldTable, HashArray
from transforms.classify.score_kernels import (
    APOSTROPHES,
    FOLD_ACCENT,
    FOLD_BREAK,
    FOLD_SKIP,
    PLANE,
    PRIME,
    SEED,
    WHOLE,
    scan_words,
    stem_hash,
)

_MOST_FOLDED: Final = 3
WHOLE_WORDS: Final = (np.uint64(0), np.zeros(1, dtype=np.uint32))


def fold_table() -> FoldTable:
    """What each code point below U+10000 becomes in a word.

    Compatibility forms, case, and accents fold away. A classifier keeps the table that
    it was fitted with, so that another Unicode version cannot change its scores.
    """
    table = np.zeros(PLANE, dtype=np.uint64)
    for code in range(PLANE):
        table[code] = _fold(chr(code))
    return table


def _fold(character: str) -> int:
    category = unicodedata.category(character)
    if category == "Cs":  # half of a surrogate pair: in no valid text
        return FOLD_BREAK
    if category == "Cf":
        return FOLD_SKIP
    if category.startswith("M"):
        return FOLD_ACCENT
    folded = unicodedata.normalize("NFKC", character).casefold()
    letters = [c for c in unicodedata.normalize("NFKD", folded) if c.isalnum()]
    if not letters and character.isalnum():
        letters = [character]
    return sum(ord(c) << 16 * place for place, c in enumerate(letters[:_MOST_FOLDED]))


def hash_words(text: str, fold: FoldTable, limit: int) -> HashArray:
    r"""Hashes of a text's first words.

    Example:
        >>> fold = fold_table()
        >>> hash_words("Oil—“Prices”", fold, 9) == hash_words("OIL\nprices", fold, 9)
        array([ True,  True])
    """
    data = np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)
    hashes = np.empty(limit, dtype=np.uint64)
    places = np.empty((2, limit), dtype=np.int64)
    span = 0, len(data)
    count = scan_words(data, span, fold, WHOLE_WORDS, (hashes, places[0], places[1]))
    return hashes[:count].copy()


def hash_stem(stem: str, language: np.uint64, fold: FoldTable) -> np.uint64:
    """Hash of a stem, which ends in `*`, or of a word of that language as it stands."""
    letters = SEED
    for character in stem.rstrip("*"):
        folded = int(fold[ord(character)])
        while folded > FOLD_ACCENT and ord(character) not in APOSTROPHES:
            letters = np.uint64(
                (int(letters) ^ (folded & 0xFFFF)) * int(PRIME) & 0xFFFFFFFFFFFFFFFF
            )
            folded >>= 16
    whole = language if stem.endswith("*") else language ^ WHOLE
    return np.uint64(stem_hash(letters, whole))
