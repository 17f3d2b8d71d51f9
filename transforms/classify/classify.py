"""Articles in, five calibrated scores each and the words that decided out."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.classify.classifier import Classifier, shipped_classifier
from transforms.classify.score_arrays import (
    Fields,
    HashArray,
    Scored,
    language_hash,
    make_scratch,
)
from transforms.classify.score_kernels import EVIDENCE_COUNT, score_article_rows
from transforms.contracts import CATEGORY_CODES, EVIDENCE, SCORES
from transforms.text.buffers import ByteArray, Offsets, buffer_documents

NO_LANGUAGE: Final = ("und", "zxx")  # too little text to say, or figures alone
_THREAD_BYTES: Final = 1 << 20  # below, a second thread costs more than it saves


def classify(
    articles: pl.DataFrame,
    classifier: Classifier | None = None,
    *,
    threads: int | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Score every article in every category, if the classifier knows its language.

    Words count as runs of letters and digits, so quotes, case, spaces, and line breaks
    change nothing; nor does the number of threads.

    Args:
        articles: `article_row`, `title`, `body`; null counts as empty. Optional
            `language`, ISO 639; without it, all are English.
        classifier: By default the one that ships.
        threads: At most so many at once; by default as many as Polars may use.

    Returns:
        Scores (contract SCORES), five rows per article in the order of CATEGORY_CODES:
        the best is primary and assigned, others are assigned from their threshold on,
        none beside `other`. An article in a language that is not known, or of none
        that can be told and without a known word, has one row, of no category.
        Evidence (contract EVIDENCE): up to five spans that spoke for the primary
        category, then up to three against it, at word bounds, none over another.
    """
    used = classifier or shipped_classifier()
    fields = Fields(
        *_field(articles, "title"),
        *_field(articles, "body"),
        _language_hashes(articles, used),
    )
    scored = _score(fields, used, threads or pl.thread_pool_size())
    is_known = _is_known(articles, scored, used)
    scores = _frame_scores(articles, scored, used)
    evidence = _frame_evidence(articles, scored)
    if is_known.all():
        return scores, evidence
    rows = articles["article_row"].cast(SCORES["article_row"])
    known = rows.filter(is_known).implode()
    return (
        pl.concat(
            [
                scores.filter(pl.col("article_row").is_in(known)),
                _unclassified(rows.filter(~is_known)),
            ]
        ).sort("article_row", maintain_order=True),
        evidence.filter(pl.col("article_row").is_in(known)),
    )


def _is_known(
    articles: pl.DataFrame, scored: Scored, classifier: Classifier
) -> pl.Series:
    """Whether the classifier has something to say of each article."""
    if "language" not in articles.columns:
        return pl.repeat(value=True, n=len(articles), eager=True)
    has_known_words = pl.Series((scored.spans[:, :, 0] >= 0).any(axis=1))
    languages = articles["language"]
    is_unsaid = languages.is_null() | languages.is_in(NO_LANGUAGE)
    known = languages.is_in(classifier.facts.languages)
    return known.fill_null(value=False) | (is_unsaid & has_known_words)


def _unclassified(rows: pl.Series) -> pl.DataFrame:
    """The one row of each article that has no label."""
    return pl.DataFrame({"article_row": rows}).with_columns(
        category=pl.lit(None, pl.String),
        score=pl.lit(0.0),
        is_primary=pl.lit(value=True),
        is_assigned=pl.lit(value=True),
        weight=pl.lit(1.0),
    )


def _field(articles: pl.DataFrame, name: str) -> tuple[ByteArray, Offsets]:
    buffer = buffer_documents(articles.select(text=pl.col(name).fill_null("")))
    return buffer.data, buffer.document_starts


def _language_hashes(articles: pl.DataFrame, classifier: Classifier) -> HashArray:
    """Which stems the words of each article begin with; 0 for whole words."""
    hashes = np.zeros(len(articles), dtype=np.uint64)
    if "language" in articles.columns:
        for code in classifier.facts.lexicon_languages:
            is_of_it = articles["language"].eq_missing(code).to_numpy()
            hashes[is_of_it] = language_hash(code)
    return hashes


def _score(fields: Fields, classifier: Classifier, threads: int) -> Scored:
    count = len(fields.title_offsets) - 1
    scored = Scored(
        np.empty((count, len(CATEGORY_CODES)), dtype=np.float64),
        np.full((count, EVIDENCE_COUNT, 3), -1, dtype=np.int32),
        np.zeros((count, EVIDENCE_COUNT), dtype=np.float32),
    )
    byte_ends = fields.title_offsets[1:] + fields.body_offsets[1:]
    total = int(byte_ends[-1] - fields.body_offsets[0]) if count else 0
    pieces = max(1, min(threads, total // _THREAD_BYTES))
    inner = np.searchsorted(byte_ends, np.arange(1, pieces) * total // pieces)
    bounds = [0, *inner.tolist(), count]

    def work(piece: int) -> None:
        rows = bounds[piece], bounds[piece + 1]
        room = make_scratch(classifier.model)
        score_article_rows(rows, fields, classifier.model, room, scored)

    if pieces == 1:
        work(0)
        return scored
    with ThreadPoolExecutor(pieces) as pool:
        list(pool.map(work, range(pieces)))
    return scored


def _is_primary(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    primary = scores.argmax(axis=1)
    is_primary: npt.NDArray[np.bool_] = primary[:, None] == np.arange(scores.shape[1])
    return is_primary


def _frame_scores(
    articles: pl.DataFrame, scored: Scored, classifier: Classifier
) -> pl.DataFrame:
    scores = scored.scores
    least = np.array([classifier.thresholds[code] for code in CATEGORY_CODES])
    is_primary = _is_primary(scores)
    # What is of no category is of that alone.
    is_other = np.array([code == "other" for code in CATEGORY_CODES])
    may_have_more = ~is_primary[:, is_other]
    is_assigned = is_primary | ((scores >= least) & ~is_other & may_have_more)
    shared = np.where(is_assigned, scores, 0.0)
    weights = shared / shared.sum(axis=1, keepdims=True)
    count, categories = scores.shape
    return pl.DataFrame(
        {
            "article_row": articles["article_row"].to_numpy().repeat(categories),
            "category": np.tile(np.arange(categories, dtype=np.uint32), count),
            "score": scores.ravel(),
            "is_primary": is_primary.ravel(),
            "is_assigned": is_assigned.ravel(),
            "weight": weights.ravel(),
        }
    ).select(
        pl.col("article_row").cast(SCORES["article_row"]),
        _named("category", CATEGORY_CODES),
        "score",
        "is_primary",
        "is_assigned",
        "weight",
    )


def _frame_evidence(articles: pl.DataFrame, scored: Scored) -> pl.DataFrame:
    found_rows, found_places = np.nonzero(scored.spans[:, :, 0] >= 0)
    spans = scored.spans[found_rows, found_places]
    rows = articles["article_row"].to_numpy()
    primary = scored.scores.argmax(axis=1) if len(rows) else np.zeros(0, dtype=int)
    return pl.DataFrame(
        {
            "article_row": rows[found_rows],
            "category": primary[found_rows],
            "field": spans[:, 0],
            "text_start": spans[:, 1],
            "text_end": spans[:, 2],
            "contribution": scored.shares[found_rows, found_places],
        }
    ).select(
        pl.col("article_row").cast(EVIDENCE["article_row"]),
        _named("category", CATEGORY_CODES),
        _named("field", ("title", "body")),
        pl.col("text_start", "text_end").cast(pl.UInt32),
        pl.col("contribution").cast(pl.Float64).round(4),
    )


def _named(column: str, names: tuple[str, ...]) -> pl.Expr:
    """The column's small numbers as the names that they stand for."""
    return pl.lit(pl.Series(names)).gather(pl.col(column)).alias(column)
