"""Fit what mentions of dates say of a publication's day, or measure it held out.

The folder holds `train/articles.jsonl.gz` (title, text, and date of publication).
Usage:

    python -m tests.benchmarks.measure_dates FOLDER fit        the shipped weights
    python -m tests.benchmarks.measure_dates FOLDER held_out   a table only

`held_out` counts on the articles before CUT, and dates digests that are put together of
those from CUT on: a few articles of a few days, without a line that states a day. Their
boundaries are given, so that only the dating is measured.
"""

import gzip
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl

from tests.article_frames import digests
from tests.benchmarks.compose_digests import split_paragraphs
from transforms.arrays_file import pack_arrays
from transforms.extract_metadata.dates import votes as product
from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.extract_metadata.dates.mentions import (
    buffer_texts,
    day_number,
    mark_future,
    read_mentions,
)
from transforms.extract_metadata.leads import LEAD_CHARS, read_leads

CUT = date(2016, 7, 1)
RUN_DATE = date(2026, 11, 30)
SHIPPED = Path("transforms/weights/dates.npz")
DIGESTS = 189
SEED = 7
SIZES, SPANS = (4, 16), (1, 5)  # articles of a digest, and days that they lie apart
SMOOTHING = 0.3
# Publication behind the day of a dateline, counted as if in twenty articles: no corpus
# here has kept both. Wires file on the day, papers print on the next.
DATELINE_COUNTS = {0: 9.0, 1: 9.0, 2: 1.2, 3: 0.5}
EDGES = np.array(
    [
        *(-23650, -3650, -1461, -730, -366, -183, -92, -46, -31, -21, -14, -10, -7),
        *range(-6, 15),
        *(17, 21, 26, 31, 38, 46, 60, 75, 92, 122, 152, 183, 244, 305, 366, 450, 548),
        *(730, 1096, 1461, 2200, 3650, 7300, 20000, 40000),
    ]
)


def read_articles(folder: Path) -> list[dict]:
    """Articles of known days, oldest first, each with `day`."""
    path = folder / "train" / "articles.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    known = [
        article | {"day": day}
        for article in articles
        if (day := _read_day(article.get("date") or "")) is not None
    ]
    return sorted(known, key=lambda article: article["day"])


def _read_day(text: str) -> date | None:
    for size, form in ((10, "%Y-%m-%d"), (None, "%d-%b-%Y")):
        try:
            return datetime.strptime(text.split(maxsplit=1)[0][:size], form).date()  # noqa: DTZ007
        except (ValueError, IndexError):
            continue
    return None


def count_lags(articles: list[dict]) -> dict[str, np.ndarray]:
    """What `votes.read_tables` reads: edges, shares of lags and of weekdays by kind."""
    bodies = pl.Series([article["text"] for article in articles])
    texts = buffer_texts(bodies)
    found = find_dates(texts)
    orders = np.zeros(len(articles), dtype=np.int64)
    mentions = mark_future(read_mentions(texts, orders, found), texts)
    leads = read_leads(bodies.str.slice(0, LEAD_CHARS))["dateline_text"]
    lead_bytes = leads.str.len_bytes().fill_null(0).to_numpy().astype(np.int64)
    votes = product.cast_votes(mentions, lead_bytes, day_number(RUN_DATE))
    rows = np.repeat(np.arange(len(articles)), np.diff(votes.starts))
    published = np.array([day_number(article["day"]) for article in articles])[rows]
    lags = published - votes.days
    around = product.calendar_days()[published] - votes.days + product.HALF_YEAR
    nearest = around % product.DAYS_PER_YEAR - product.HALF_YEAR
    lags = np.where(votes.forms == product.IN_YEAR, nearest, lags)
    weekdays = (published + 3 - (votes.days - 1)) % 7
    counts = np.full((len(product.MENTION_KINDS), len(EDGES) - 1), SMOOTHING)
    days = np.ones((len(product.MENTION_KINDS), 7))
    for kind in range(len(product.MENTION_KINDS)):
        is_kind = votes.kinds == kind
        is_weekday = is_kind & (votes.forms == product.ON_WEEKDAY)
        counts[kind] += np.histogram(lags[is_kind & ~is_weekday], EDGES)[0]
        days[kind] += np.bincount(weekdays[is_weekday], minlength=7)
    dateline = product.MENTION_KINDS.index("dateline")
    for lag, count in DATELINE_COUNTS.items():
        counts[dateline, np.searchsorted(EDGES, lag)] += count
    return {
        "edges": EDGES,
        "lags": counts / counts.sum(axis=1, keepdims=True),
        "weekdays": days / days.sum(axis=1, keepdims=True),
    }


def compose(articles: list[dict], count: int, seed: int) -> list[list[dict]]:
    """Digests of neighbouring days; each article is in one at most."""
    r = random.Random(seed)
    found, at = [], 0
    while at < len(articles):
        size, span = r.randint(*SIZES), r.randint(*SPANS)
        first = articles[at]["day"]
        chosen = [
            article
            for article in articles[at : at + size]
            if (article["day"] - first).days <= span
        ]
        at += len(chosen)
        if len(chosen) >= SIZES[0]:
            found.append(chosen)
    return r.sample(found, min(count, len(found)))


@contextmanager
def fitted(weights: bytes) -> Iterator[None]:
    """Date with other weights than those that ship."""
    shipped = SHIPPED.read_bytes() if SHIPPED.is_file() else b""
    SHIPPED.write_bytes(weights)
    product.read_tables.cache_clear()
    try:
        yield
    finally:
        SHIPPED.write_bytes(shipped)
        product.read_tables.cache_clear()


def date_digests(chosen: list[list[dict]]) -> pl.DataFrame:
    """Dates that articles of digests get, beside `day`, the true one."""
    texts = [
        [
            "\n\n".join(
                [
                    " ".join(article["title"].split()),
                    *split_paragraphs(article["text"], article["title"]),
                ]
            )
            for article in digest
        ]
        for digest in chosen
    ]
    found = digests(*texts).metadata(run_date=RUN_DATE)
    days = [article["day"] for digest in chosen for article in digest]
    # An article of which nothing but a title is left has no row.
    return found.select(
        "published_date",
        "published_from",
        "published_to",
        "is_date_stated",
        "date_basis",
        day=pl.Series(days).gather(found["article_row"]),
    )


def score(dated: pl.DataFrame) -> pl.DataFrame:
    """One row of figures: shares of all articles, or of those that have a date."""
    late = (pl.col("published_date") - pl.col("day")).dt.total_days()
    has_bounds = pl.col("published_from").is_not_null()
    return dated.select(
        articles=pl.len(),
        stated=pl.col("is_date_stated").mean(),
        dated=late.is_not_null().mean(),
        within_1_day=(late.drop_nulls().abs() <= 1).mean(),
        within_7_days=(late.drop_nulls().abs() <= 7).mean(),
        month_early=(late.drop_nulls() < -30).mean(),
        bounded=has_bounds.mean(),
        bounds_true=pl.col("day")
        .is_between("published_from", "published_to")
        .filter(has_bounds)
        .mean(),
        median_bound_days=(pl.col("published_to") - pl.col("published_from"))
        .dt.total_days()
        .median(),
    )


def measure_held_out(folder: Path) -> None:
    """Print what digests of unseen days cost."""
    articles = read_articles(folder)
    known = [article for article in articles if article["day"] < CUT]
    unseen = [article for article in articles if article["day"] >= CUT]
    with fitted(pack_arrays(count_lags(known))):
        dated = date_digests(compose(unseen, DIGESTS, SEED))
    with pl.Config(tbl_cols=12, float_precision=3, tbl_width_chars=140):
        sys.stdout.write(f"{score(dated)}\n{dated['date_basis'].value_counts()}\n")


def fit_shipped(folder: Path) -> None:
    """Write the weights that ship."""
    SHIPPED.write_bytes(pack_arrays(count_lags(read_articles(folder))))


COMMANDS = {"fit": fit_shipped, "held_out": measure_held_out}

if __name__ == "__main__":
    COMMANDS[sys.argv[2]](Path(sys.argv[1]))
