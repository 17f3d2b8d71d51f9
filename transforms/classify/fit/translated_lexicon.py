"""Words of other languages with the weights of the English words that they stand for.

A word is known by what it begins with, for these languages bend its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.classify.fit.calibration import Floats, Labels
from transforms.classify.fit.labelled_terms import listed_terms, stop_hashes
from transforms.classify.fit.word_hashes import hash_stem
from transforms.classify.score_arrays import FoldTable, HashArray, language_hash
from transforms.classify.score_kernels import head_hash, pair_hash
from transforms.contracts import CATEGORY_CODES
from transforms.reference import read_reference

LIST: Final = "lexicon_translated"
ENGLISH: Final = "english"
_PAIR: Final = 2


@dataclass(frozen=True)
class Stems:
    """Terms of other languages.

    Attributes:
        hashes: Distinct.
        weights: Log-odds per category, rarity included.
        rarity: Of the English words.
    """

    hashes: HashArray
    weights: Floats
    rarity: Floats


def translated_languages() -> tuple[str, ...]:
    """ISO 639 codes of the list's columns."""
    return tuple(name for name in read_reference(LIST).columns if name != ENGLISH)


def english_columns(terms: HashArray, fold: FoldTable) -> list[Labels]:
    """Per row of the list, places among `terms` of its English words, and as head."""
    stops = stop_hashes(fold)
    rows = []
    for cell in read_reference(LIST)[ENGLISH]:
        wanted = np.array(sorted(listed_terms(cell, fold, stops)), dtype=np.uint64)
        for form in (wanted, head_hash(wanted)):
            places = np.searchsorted(terms, form)
            is_found = terms[np.minimum(places, len(terms) - 1)] == form
            rows.append(places[is_found])
    return rows


def translate(
    terms: HashArray, weights: Floats, rarity: Floats, fold: FoldTable
) -> Stems:
    """Stems of all languages of the list.

    Args:
        terms: Ascending hashes of the English terms.
        weights: Their log-odds per category, rarity included.
        rarity: Theirs.
        fold: As in `transforms.classify.fit.word_hashes`.
    """
    found: dict[int, list[tuple[Floats, float]]] = {}
    english = english_columns(terms, fold)
    for language in translated_languages():
        for row, cell in enumerate(read_reference(LIST)[language]):
            for term, is_part in _stems(cell or "", language, fold):
                for form, places in (
                    (np.uint64(term), english[2 * row]),
                    (head_hash(np.uint64(term)), english[2 * row + 1]),
                ):
                    known = found.setdefault(int(form), [])
                    if len(places) and not is_part:
                        known.append(
                            (weights[places].mean(axis=0), rarity[places].mean())
                        )
    hashes = np.array(sorted(found), dtype=np.uint64)
    nothing = [(np.zeros(len(CATEGORY_CODES)), 0.0)]
    means = [found[int(term)] or nothing for term in hashes]
    return Stems(
        hashes,
        np.array([np.mean([one for one, _ in some], axis=0) for some in means]),
        np.array([np.mean([one for _, one in some]) for some in means]),
    )


def _stems(cell: str, language: str, fold: FoldTable) -> Iterator[tuple[int, bool]]:
    """Hashes of a cell's terms, and of the words of its pairs, which say nothing."""
    code = language_hash(language)
    for term in cell.split(";"):
        words = [hash_stem(word, code, fold) for word in term.split()]
        if len(words) == 1:
            yield int(words[0]), False
        elif len(words) == _PAIR:
            yield int(pair_hash(*words)), False
            yield from ((int(word), True) for word in words)
