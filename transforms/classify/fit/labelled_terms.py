"""Labelled articles as counted terms, and what the hand-kept lexicon says of terms."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.classify.fit.word_hashes import hash_words
from transforms.classify.score_arrays import FoldTable, HashArray
from transforms.classify.score_kernels import (
    NUMBER,
    SECOND_SHARE,
    head_hash,
    pair_hash,
)
from transforms.contracts import CATEGORY_CODES
from transforms.reference import read_reference

TITLE_WORDS: Final = 64
BODY_WORDS: Final = 400
TITLE_GAIN: Final = 4
LEAD_WORDS: Final = 50
LEAD_GAIN: Final = 2
HEAD_WORDS: Final = 30
_WINDOW_WORDS: Final = 80
_SOURCE_FOLDS: Final = 4
_MANY_SOURCES: Final = 8
_PAIR: Final = 2
_ENDINGS: Final = ("", "s", "es", "ed", "d", "ing", "er", "ers")
_STOP_WORDS: Final = """\
a an the of to in on at for from by with and or but nor as is are was were be been being
am has have had having do does did will would shall should can could may might must it
its he she they them his her their him i we you your our my me us this that these those
there here which who whom whose what when where why how not no so than then too very
also
just about into over under after before between during up down out off all any each more
most other some such only own same if because while until both few again further once
said says say s t d ll re ve m mr mrs ms dr
"""

Labels = npt.NDArray[np.int64]
Sparse = Any  # scipy.sparse.csr_matrix, which has no types


@dataclass(frozen=True)
class TermCounts:
    """Labelled texts, one row each: whole articles first, then pieces of them.

    Attributes:
        counts: Sparse matrix, texts by `terms`.
        terms: Ascending hashes.
        labels: Place in CATEGORY_CODES, per text.
        shares: What part of the text each category has, one row per text.
        domains: Number of the group that its publisher falls into, per text.
        is_piece: Whether the text is a lead or a window of an article.
        weights: How much its label counts, per text.
        domain_names: By number.
        lexicon: What the lexicon says of each term, one number per category, else 0.
    """

    counts: Sparse
    terms: HashArray
    labels: Labels
    shares: npt.NDArray[np.float64]
    domains: Labels
    is_piece: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]
    domain_names: list[str]
    lexicon: npt.NDArray[np.float64]


def stop_hashes(fold: FoldTable) -> HashArray:
    """Ascending hashes of the words that are no terms."""
    return np.sort(hash_words(_STOP_WORDS, fold, len(_STOP_WORDS)))


def _terms(words: HashArray, stops: HashArray) -> tuple[HashArray, Labels]:
    """Words and pairs of words, as `score_kernels` counts them, and where each ends."""
    places = np.flatnonzero(~np.isin(words, stops))
    kept = words[places]
    is_word = kept != NUMBER
    pairs = pair_hash(kept[:-1], kept[1:])
    return (
        np.concatenate([kept[is_word], pairs]),
        np.concatenate([places[is_word], places[1:]]),
    )


def lexicon_terms(fold: FoldTable) -> tuple[HashArray, npt.NDArray[np.float64]]:
    """Ascending term hashes of the lexicons, and their word for each category.

    Words for topics count wherever they stand, words for acts in the head of a text.

    Returns:
        Hashes, and per hash one number per category that sum to 0.
    """
    stops = stop_hashes(fold)
    found: dict[int, list[float]] = {}
    columns = ("category", "strength", "terms")
    rows = [
        (name, *row)
        for name in ("lexicon_topics", "lexicon_acts")
        for row in read_reference(name)[columns].rows()
    ]
    for name, category, strength, terms in rows:
        place = CATEGORY_CODES.index(category)
        for listed in listed_terms(terms, fold, stops):
            is_act = name == "lexicon_acts"
            term = int(head_hash(np.uint64(listed))) if is_act else listed
            row = found.setdefault(term, [0.0] * len(CATEGORY_CODES))
            row[place] = max(row[place], float(strength))
    hashes = np.array(sorted(found), dtype=np.uint64)
    strengths = np.array([found[int(term)] for term in hashes])
    return hashes, strengths - strengths.mean(axis=1, keepdims=True)


def listed_terms(terms: str, fold: FoldTable, stops: HashArray) -> set[int]:
    """Hashes of the words and pairs of one cell of a lexicon."""
    found = set()
    for word in _spell_out(terms):
        kept = hash_words(word, fold, TITLE_WORDS)
        term = _single_term(kept[~np.isin(kept, stops)])
        if term is not None:
            found.add(term)
    return found


def _single_term(words: HashArray) -> int | None:
    if len(words) == 1:
        return int(words[0])
    return int(pair_hash(words[:1], words[1:])[0]) if len(words) == _PAIR else None


def _spell_out(terms: str) -> list[str]:
    """Words of one cell of the lexicon, `*` replaced by the common endings."""
    return [
        word.strip().removesuffix("*") + ending
        for word in terms.split(";")
        for ending in (_ENDINGS if word.strip().endswith("*") else ("",))
    ]


def name_domains(records: pl.DataFrame) -> list[str]:
    """The group that each record is held out with.

    That is its corpus; a corpus of many sources is cut into groups of whole sources,
    and a single corpus without them into groups by title.
    """
    names = records["corpus"].to_list()
    if "source" in records.columns:
        names = _cut_by_source(records.select("corpus", pl.col("source").fill_null("")))
    if len(set(names)) > 1:
        return names
    return [
        f"{name}/{_fold_of(title or '')}"
        for name, title in zip(names, records["title"], strict=True)
    ]


def _cut_by_source(records: pl.DataFrame) -> list[str]:
    counts = records.group_by("corpus").agg(pl.col("source").n_unique())
    many = set(counts.filter(pl.col("source") >= _MANY_SOURCES)["corpus"])
    return [
        f"{corpus}/{_fold_of(source)}" if corpus in many else corpus
        for corpus, source in records.rows()
    ]


def _fold_of(source: str) -> int:
    return int(hashlib.sha256(source.encode()).hexdigest(), 16) % _SOURCE_FOLDS


def count_terms(records: pl.DataFrame, fold: FoldTable, seed: int) -> TermCounts:
    """Count the terms of each article, of its lead, and of a window of its body.

    The lexicon's terms are there too, whether a text holds them or not.

    Args:
        records: title, text, label, corpus; optional source, weight.
        fold: As in `transforms.classify.fit.word_hashes`.
        seed: Of the windows' places.
    """
    names = name_domains(records)
    domain_names = sorted(set(names))
    texts = _cut_texts(records, fold, seed)
    stops = stop_hashes(fold)
    rows = [_count_text(*text, stops) for text in texts]
    known, strengths = lexicon_terms(fold)
    found = [terms for terms, _ in rows]
    terms, columns = np.unique(np.concatenate([*found, known]), return_inverse=True)
    lexicon_weights = np.zeros((len(terms), len(CATEGORY_CODES)))
    lexicon_weights[columns[len(columns) - len(known) :]] = strengths
    weights = (
        records["weight"].cast(pl.Float64).to_numpy()
        if "weight" in records.columns
        else np.ones(len(records))
    )
    labels = [CATEGORY_CODES.index(label) for label in records["label"]]
    domains = [domain_names.index(name) for name in names]
    copies = len(texts) // len(records)
    return TermCounts(
        _sparse([counts for _, counts in rows], columns, len(terms)),
        terms,
        np.tile(np.array(labels, dtype=np.int64), copies),
        np.tile(_label_shares(records), (copies, 1)),
        np.tile(np.array(domains, dtype=np.int64), copies),
        np.arange(len(texts)) >= len(records),
        np.tile(weights, copies),
        domain_names,
        lexicon_weights,
    )


def _label_shares(records: pl.DataFrame) -> npt.NDArray[np.float64]:
    """All of an article to its label, but for what its second labels take."""
    shares = np.zeros((len(records), len(CATEGORY_CODES)))
    seconds: list[list[str] | None] = (
        records["also"].to_list() if "also" in records.columns else [None] * len(shares)
    )
    for row, (label, also) in enumerate(zip(records["label"], seconds, strict=True)):
        for code in also or ():
            shares[row, CATEGORY_CODES.index(code)] = SECOND_SHARE / len(also or ())
        shares[row, CATEGORY_CODES.index(label)] = 1 - shares[row].sum()
    return shares


def _cut_texts(
    records: pl.DataFrame, fold: FoldTable, seed: int
) -> list[tuple[HashArray, HashArray, int]]:
    """Title and body words of articles, of leads, of windows, and words of the head.

    A window has neither title nor head.
    """
    draw = np.random.default_rng(seed)
    columns = records.select(pl.col("title", "text").fill_null("")).rows()
    whole = [
        (
            hash_words(title, fold, TITLE_WORDS),
            hash_words(text, fold, BODY_WORDS),
            HEAD_WORDS,
        )
        for title, text in columns
    ]
    leads = [(title, body[:LEAD_WORDS], head) for title, body, head in whole]
    windows = []
    for title, body, _ in whole:
        begin = int(draw.integers(0, max(1, len(body) - _WINDOW_WORDS)))
        windows.append((title[:0], body[begin : begin + _WINDOW_WORDS], 0))
    return whole + leads + windows


def _count_text(
    title: HashArray, body: HashArray, head: int, stops: HashArray
) -> tuple[HashArray, npt.NDArray[np.float64]]:
    in_title, _ = _terms(title, stops)
    in_body, places = _terms(body, stops)
    gains = np.concatenate(
        [
            np.full(len(in_title), float(TITLE_GAIN)),
            np.where(places < LEAD_WORDS, float(LEAD_GAIN), 1.0),
        ]
    )
    terms = np.concatenate([in_title, in_body])
    is_head = np.concatenate([np.ones(len(in_title), dtype=bool), places < head])
    terms = np.concatenate([terms, head_hash(terms[is_head])])
    gains = np.concatenate([gains, gains[is_head]])
    found, places = np.unique(terms, return_inverse=True)
    counts = np.bincount(places, gains, len(found)).astype(np.float64)
    return found, counts


def _sparse(
    counts: list[npt.NDArray[np.float64]], columns: npt.NDArray[np.int64], width: int
) -> Sparse:
    from scipy.sparse import csr_matrix

    bounds = np.cumsum([0, *map(len, counts)])
    values = np.concatenate(counts).astype(np.float32)
    shape = len(counts), width
    return csr_matrix((values, columns[: len(values)], bounds), shape=shape)
