"""Languages of texts: a quick yes for English, a proper look at the rest."""

import unicodedata
from typing import Final

import numpy as np
import polars as pl

from transforms.extract_metadata.language.language_kernels import (
    is_mostly_of,
    pack_words,
    score,
    walk,
)
from transforms.extract_metadata.language.language_model import load_language_model
from transforms.text.buffers import buffer_documents

UNDETERMINED: Final = "und"
SAMPLE_CHARS: Final = 400
MIN_LETTERS: Final = 40
MIN_PROBABILITY: Final = 0.8
# Bytes to look at, and how many common words of English are too few in them. Names and
# figures crowd some first lines; further on, English shows.
_GLANCES: Final = np.array([[240, 2], [900, 7]], dtype=np.int64)
_COMMON: Final = pack_words(
    (
        "the",
        "of",
        "and",
        "that",
        "with",
        "was",
        "were",
        "is",
        "has",
        "have",
        "for",
        "from",
        "by",
        "said",
        "to",
        "at",
        "be",
        "it",
        "he",
        "his",
        "are",
        "not",
        "will",
        "which",
        "this",
        "their",
        "but",
        "who",
        "they",
        "after",
        "its",
    )
)
# Of these, the ones that no neighbour of English spells so.
_OWN: Final = pack_words(("the", "and", "with", "said", "from"))
_MIN_WORDS_PER_BYTE: Final = 0.02
_TEXTS_AT_ONCE: Final = 4096


def find_languages(texts: pl.Series) -> pl.Series:
    """ISO 639-1 codes of texts, judged by their first few hundred characters.

    Returns:
        One code per text, `und` where there is too little to go by.
    """
    filled = texts.fill_null("")
    buffer = buffer_documents(filled.to_frame("text"))
    is_english = is_mostly_of(
        buffer.data,
        buffer.document_starts,
        (_COMMON, _OWN),
        _GLANCES,
        _MIN_WORDS_PER_BYTE,
    )
    rest = np.flatnonzero(~is_english)
    codes = pl.Series("language", ["en"]).new_from_index(0, len(texts))
    return codes.scatter(
        rest, _look_up(filled.gather(rest).str.slice(0, SAMPLE_CHARS))
    ).alias("language")


def _look_up(samples: pl.Series) -> pl.Series:
    """Codes of the texts as py3langid gives them, `und` where it is not sure."""
    lower = samples.str.to_lowercase()
    letters = samples.str.count_matches(r"\p{L}")
    found = pl.Series("code", [UNDETERMINED]).new_from_index(0, len(samples))
    rows = (letters >= MIN_LETTERS).arg_true()
    if rows.is_empty():
        return found
    codes: list[str] = []
    for first in range(0, len(rows), _TEXTS_AT_ONCE):
        codes += classify(lower.gather(rows[first : first + _TEXTS_AT_ONCE]))
    return found.scatter(rows, pl.Series(codes, dtype=pl.String))


def classify(texts: pl.Series) -> list[str]:
    """Likeliest language of each text in lower case; `und` below `MIN_PROBABILITY`.

    The same scores as `py3langid.LanguageIdentifier.classify` with probabilities.
    """
    model = load_language_model()
    composed = pl.Series([unicodedata.normalize("NFC", text) for text in texts])
    buffer = buffer_documents(composed.to_frame("text"))
    starts = buffer.document_starts
    features, bounds = walk(buffer.data, starts, model.automaton)
    used, places = np.unique(features, return_inverse=True)
    table = model.table[used].astype(np.float32)
    scores = score(places, bounds, table) + model.prior
    scores[np.diff(bounds) == 0] = 0
    # Divided by the root of the bytes, probabilities of long texts are no surer.
    scores /= np.sqrt(np.maximum(np.diff(starts), 1))[:, None].astype(np.float32)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    names, columns = np.unique(model.codes, return_inverse=True)
    shares = np.zeros((len(names), len(odds)))
    np.add.at(shares, columns, odds.T)
    best = shares.argmax(axis=0)
    is_sure = shares.max(axis=0) >= MIN_PROBABILITY
    return list(map(str, np.where(is_sure, names[best], UNDETERMINED)))
