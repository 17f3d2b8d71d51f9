import numpy as np
import pytest

from transforms.classify.fit.labelled_terms import lexicon_terms
from transforms.classify.fit.translated_lexicon import (
    LIST,
    english_columns,
    translate,
    translated_languages,
)
from transforms.classify.fit.word_hashes import fold_table, hash_stem
from transforms.classify.score_arrays import language_hash
from transforms.classify.score_kernels import head_hash, scan_words
from transforms.reference import read_reference

pytestmark = pytest.mark.compiled
FOLD = fold_table()
ROWS = read_reference(LIST)
KEYS = np.zeros(64, dtype=np.uint32)


def table_of(*hashes):
    keys = KEYS.copy()
    for term in map(int, hashes):
        slot = term & 63
        while keys[slot]:
            slot = (slot + 1) & 63
        keys[slot] = (term >> 32) | 1
    return keys


def words_of(text, code, *stems):
    known = [hash_stem(stem, code, FOLD) for stem in stems]
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    hashes = np.zeros(9, dtype=np.uint64)
    starts, ends = np.zeros((2, 9), dtype=np.int64)
    count = scan_words(
        data, (0, len(data)), FOLD, (code, table_of(*known)), (hashes, starts, ends)
    )
    names = dict(zip(map(int, known), stems, strict=True))
    return [names.get(int(found)) for found in hashes[:count]]


@pytest.mark.parametrize(
    ("text", "stems", "found"),
    [
        ("землетрясением", ["землетряс*"], ["землетряс*"]),
        ("газ газета", ["газ"], ["газ", None]),
        ("газета газовый", ["газ*", "газет*"], ["газет*", "газ*"]),
        ("газ", ["газ*", "газ"], ["газ"]),
        ("O‘G‘RI oʻgʻri", ["oʻgʻri"], ["oʻgʻri", "oʻgʻri"]),
        ("2024 нефть", ["нефт*"], [None, "нефт*"]),
    ],
)
def test_word_is_the_longest_stem_that_it_begins_with(text, stems, found):
    assert words_of(text, language_hash("ru"), *stems) == found


def test_stems_of_two_languages_are_apart():
    one, other = (hash_stem("gaz*", language_hash(code), FOLD) for code in ("uz", "tr"))

    assert one != other


def test_list_has_words_and_pairs_and_no_stem_too_short():
    for language in translated_languages():
        for cell in ROWS[language]:
            terms = [term.split() for term in (cell or "x").split("; ")]
            assert all(1 <= len(words) <= 2 for words in terms), cell
            stems = [word for words in terms for word in words if word.endswith("*")]
            assert all(len(stem) >= 4 for stem in stems), cell


def test_stem_has_the_mean_weight_of_its_english_words():
    terms, _ = lexicon_terms(FOLD)
    weights = np.arange(5.0 * len(terms)).reshape(-1, 5)
    (place,) = ROWS.with_row_index().filter(
        ROWS["english"].str.starts_with("earthquake")
    )["index"]

    stems = translate(terms, weights, np.ones(len(terms)), FOLD)

    text, head = english_columns(terms, FOLD)[2 * place : 2 * place + 2]
    stem = hash_stem("землетрясен*", language_hash("ru"), FOLD)
    for term, columns in ((stem, text), (head_hash(stem), head)):
        found = stems.weights[np.searchsorted(stems.hashes, term)]
        assert found.tolist() == pytest.approx(weights[columns].mean(axis=0).tolist())
