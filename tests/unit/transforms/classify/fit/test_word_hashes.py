import numpy as np
import pytest

from transforms.classify.fit.word_hashes import WHOLE_WORDS, fold_table, hash_words
from transforms.classify.score_kernels import NUMBER, pair_hash, scan_words

FOLD = fold_table()


def words_of(text, limit=100):
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    hashes = np.empty(limit, dtype=np.uint64)
    starts, ends = np.empty((2, limit), dtype=np.int64)
    words = hashes, starts, ends
    count = scan_words(data, (0, len(data)), FOLD, WHOLE_WORDS, words)
    return [text[starts[i] : ends[i]] for i in range(count)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \r\n\t", []),
        ("oil", ["oil"]),
        ("Oil, gas & coal.", ["Oil", "gas", "coal"]),
        ("“Oil”—gas…coal", ["Oil", "gas", "coal"]),
        ("don’t don't", ["don", "t", "don", "t"]),
        ("naïve café Ольга 電力", ["naïve", "café", "Ольга", "電力"]),
        ("fire🔥truck", ["fire", "truck"]),
        ("co\u00adoperate", ["co\u00adoperate"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("𝐀bc", ["𝐀bc"]),
        ("nbsp\u00a0here", ["nbsp", "here"]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OIL PRICES", "oil prices"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("office", "o\ufb03ce"),
        ("Ｏｉｌ", "oil"),
        ("coop", "co\u00adop"),
        ("“oil”\r\n\r\nprices", "'oil' prices"),
        ("1999", "2022"),
    ],
)
def test_folded_forms_are_one_word(one, other):
    assert np.array_equal(hash_words(one, FOLD, 9), hash_words(other, FOLD, 9))


@pytest.mark.parametrize(
    ("one", "other"), [("oil", "oils"), ("7th", "8th"), ("1", "I")]
)
def test_different_words_differ(one, other):
    assert not np.array_equal(hash_words(one, FOLD, 9), hash_words(other, FOLD, 9))


def test_digits_alone_are_a_number():
    assert hash_words("2015", FOLD, 9).tolist() == [NUMBER]


def test_reading_stops_at_the_limit():
    assert words_of("a b c d", limit=2) == ["a", "b"]
    assert len(hash_words("a b", FOLD, 2)) == 2


def test_pair_hash_tells_order():
    one, two = np.array([3], dtype=np.uint64), np.array([4], dtype=np.uint64)

    assert pair_hash(one, two) != pair_hash(two, one)
    assert pair_hash(one[0], two[0]) == pair_hash(one, two)[0]
