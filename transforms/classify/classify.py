"""Articles in, five calibrated scores each and the words that decided out."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.classify.classifier import Classifier, shipped_classifier
from transforms.classify.score_arrays import Fields, Scored, make_scratch
from transforms.classify.score_kernels import EVIDENCE_COUNT, score_article_rows
from transforms.contracts import CATEGORY_CODES, EVIDENCE, SCORES
from transforms.text.buffers import ByteArray, Offsets, buffer_documents

_THREAD_BYTES = 1 << 20  # below, a second thread costs more than it saves


def classify(
    articles: pl.DataFrame,
    classifier: Classifier | None = None,
    *,
    threads: int | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Score every article in every category.

    Words count as runs of letters and digits, so quotes, case, spaces, and line breaks
    change nothing; nor does the number of threads.

    Args:
        articles: `article_row`, `title`, `body`; null counts as empty.
        classifier: By default the one that ships.
        threads: At most so many at once; by default as many as Polars may use.

    Returns:
        Scores (contract SCORES), five rows per article in the order of CATEGORY_CODES:
        the best is primary and assigned, others are assigned from their threshold on.
        Evidence (contract EVIDENCE): up to five spans that spoke for the primary
        category and up to three against it, at word bounds, none over another.
    """
    used = classifier or shipped_classifier()
    fields = Fields(*_field(articles, "title"), *_field(articles, "body"))
    scored = _score(fields, used, threads or pl.thread_pool_size())
    return _frame_scores(articles, scored, used), _frame_evidence(articles, scored)


def _field(articles: pl.DataFrame, name: str) -> tuple[ByteArray, Offsets]:
    buffer = buffer_documents(articles.select(text=pl.col(name).fill_null("")))
    return buffer.data, buffer.document_starts


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
    is_assigned = is_primary | (scores >= least)
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
