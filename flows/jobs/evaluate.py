"""`newsmill evaluate`: the stages against labelled data of the user's own.

Gold rows with `file` name digests beside the gold file and are judged on boundaries,
fields, and labels, as a whole and by group; gold rows with `text` are whole articles,
judged on labels.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from flows.batch.stages import classify, decode
from flows.batch.transform import find_articles
from flows.batch.work import Work
from flows.runners.direct import DirectRunner
from flows.weights import load_classifier, load_splitter
from transforms.classify.classifier import Classifier
from transforms.contracts import REJECTS, InputKind
from transforms.errors import UsageError
from transforms.evaluate.evaluate import (
    blame_false_articles,
    match_articles,
    measure_window_diff,
    score_boundaries,
    score_dates,
    score_fields,
    score_groups,
    score_labels,
)
from transforms.evaluate.failures import list_failures
from transforms.extract_metadata.bylines import find_persons
from transforms.extract_metadata.languages import find_languages
from transforms.extract_metadata.leads import dateline_place
from transforms.extract_metadata.sources import resolve_sources
from warehouse.landing.paths import read_named
from warehouse.read.reports import read_report

GOLD_BYTES_MAX = 1 << 30
ONE_OBJECT = "Expected one JSON object per line, a column of one type"
GROUPS = ("format", "layout", "crlf", "gap", "sections", "corpus")


@dataclass(frozen=True)
class Judge:
    """What an evaluation judges with, and what it tells.

    Attributes:
        classifier: Weights; None are those that ship.
        splitter: Weights; None are those that ship.
        groups: Columns of the gold to report by, besides `GROUPS` and the file.
        show: Failing cases to list.
    """

    classifier: Path | None = None
    splitter: Path | None = None
    groups: Sequence[str] = ()
    show: int = 0


@dataclass(frozen=True)
class Evaluation:
    """Figures by name, each a frame that says its grain by its first columns."""

    figures: dict[str, pl.DataFrame]
    failures: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """One object of plain values."""
        return {name: rows.to_dicts() for name, rows in self.figures.items()} | {
            "failures": self.failures.to_dicts()
        }


def read_jsonl(path: Path) -> pl.DataFrame:
    """Rows of a JSON Lines file, plain or gzipped.

    Raises:
        UsageError: No such file, or a line that is not a JSON object.
    """
    content = read_named(path, GOLD_BYTES_MAX)
    try:
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not JSON Lines: {error}", ONE_OBJECT) from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: not JSON Lines", ONE_OBJECT)
    try:
        return pl.from_dicts(rows, infer_schema_length=None)
    except (PolarsError, TypeError, ValueError, OverflowError) as error:
        raise UsageError(
            f"{path}: a column holds values of several types: {error}", ONE_OBJECT
        ) from error


def evaluate(path: Path, judge: Judge) -> Evaluation:
    """Judge the stages on one gold file.

    Args:
        path: JSON Lines.
        judge: Weights, groups, and how much to tell.

    Raises:
        UsageError: The rows name neither files nor texts, lack a column that is asked
            for, or a file is missing.
    """
    gold = read_jsonl(path)
    missing = sorted(set(judge.groups) - set(gold.columns) - {"file"})
    if missing:
        raise UsageError(
            f"{path}: rows have no {', '.join(missing)} to group by",
            f"Name one of {', '.join(gold.columns)}",
        )
    classifier = load_classifier(judge.classifier)
    if judge.splitter is not None:
        load_splitter(judge.splitter)  # refused at once, asked for or not
    if "file" in gold.columns:
        work = _transform(gold["file"], path.parent, classifier, judge.splitter)
        return _evaluate_digests(_prepare(gold), work, judge)
    if {"title", "text", "label"} <= set(gold.columns):
        return _evaluate_labels(gold, classifier, judge.show)
    raise UsageError(
        f"{path}: rows have neither `file` nor `title`, `text`, and `label`",
        "Gold for digests names a file beside it; gold for labels holds the text",
    )


def _prepare(gold: pl.DataFrame) -> pl.DataFrame:
    """Gold with publishers as the reference list names them, and formats for all."""
    lacking = {"char_start", "char_end"} - set(gold.columns)
    if lacking:
        raise UsageError(f"gold rows name a file but lack {', '.join(sorted(lacking))}")
    # A field that no row fills is of no type.
    gold = _name_alike(gold.cast({pl.Null: pl.String}))
    if {"format", "composed"} <= set(gold.columns):
        composed = pl.when("composed").then(pl.lit("composed"))
        gold = gold.with_columns(format=pl.coalesce("format", composed))
    return gold


def _name_alike(gold: pl.DataFrame) -> pl.DataFrame:
    """Gold with publishers, authors, and places as the stages name them.

    Gold names these as its file does: a publisher by any alias, the persons who wrote
    an article in any order, with what else the byline says, a place with its day.
    """
    if "source" in gold.columns:
        gold = gold.with_columns(resolve_sources(gold["source"])["source"])
    if "author" in gold.columns:
        bylines = gold["author"].cast(pl.String)
        named = _join_authors(find_persons(bylines))
        gold = gold.with_columns(named.zip_with(named.is_not_null(), bylines))
    if "dateline" in gold.columns:
        places = dateline_place(gold["dateline"].cast(pl.String))
        gold = gold.with_columns(places.alias("dateline"))
    return gold


def _join_authors(authors: pl.Series) -> pl.Series:
    """Sets of persons as texts that are equal where the sets are, null for none."""
    joined = authors.list.eval(pl.element().str.to_lowercase()).list.sort()
    return joined.list.join("; ").replace("", None).alias("author")


def _evaluate_digests(gold: pl.DataFrame, work: Work, judge: Judge) -> Evaluation:
    names = work.documents.select("document_row", file="file_name", text="text")
    labelled = work.articles.with_columns(_join_authors(work.articles["authors"])).join(
        work.scores.filter("is_primary").select("article_row", "category"),
        on="article_row",
        how="left",
    )
    predicted = labelled.join(names.drop("text"), on="document_row").select(
        "file",
        "char_start",
        "char_end",
        "title",
        "source",
        "author",
        "dateline",
        "category",
        "published_from",
        "published_to",
        "is_date_stated",
        date=pl.col("published_date").cast(pl.String),
    )
    groups = [
        name
        for name in dict.fromkeys((*judge.groups, *GROUPS, "file"))
        if name in gold.columns
    ]
    matched = blame_false_articles(
        match_articles(predicted, gold), [name for name in groups if name != "file"]
    )
    counts = names.select("file", char_count=pl.col("text").str.len_chars())
    windows = measure_window_diff(matched, counts)
    figures = {
        "boundaries": score_boundaries(matched).with_columns(
            window_diff=pl.lit(windows["window_diff"].mean())
        ),
        "fields": score_fields(matched),
    }
    for name in groups:
        if name in judge.groups or matched[name].n_unique() > 1:
            figures[f"by_{name}"] = score_groups(matched, windows, name)
    if "date" in gold.columns:
        figures["dates"] = score_dates(matched)
    if "label" in gold.columns:
        figures["labels"] = _with_mean(score_labels(matched))
    return Evaluation(figures, list_failures(matched, names, judge.show))


def _transform(
    files: pl.Series, folder: Path, classifier: Classifier, splitter: Path | None
) -> Work:
    names = files.unique().sort().to_list()
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UsageError(f"{folder / missing[0]} is named by the gold and missing")
    contents = [(folder / name).read_bytes() for name in names]
    landed = pl.DataFrame(
        {
            "document_id": [
                hashlib.sha256(content).hexdigest() for content in contents
            ],
            "path": names,
            "file_name": names,
            "byte_size": [len(content) for content in contents],
            "kind": InputKind.DIGEST.value,
            "container_id": None,
            "content": contents,
        },
        schema_overrides={
            "byte_size": pl.Int64,
            "container_id": pl.String,
            "content": pl.Binary,
        },
    )
    work = decode(landed, pl.DataFrame(schema=REJECTS))
    today = datetime.now(UTC).date()
    return classify(find_articles(work, DirectRunner(), today, splitter), classifier)


def _evaluate_labels(
    gold: pl.DataFrame, classifier: Classifier, show: int
) -> Evaluation:
    from transforms.classify.classify import classify as score

    texts = gold.select(
        pl.concat_str(pl.col("title", "text").fill_null(""), separator="\n")
    ).to_series()
    articles = gold.with_row_index("article_row").select(
        "article_row", "title", "label", find_languages(texts), body="text"
    )
    scores, _ = score(articles, classifier)
    matched = articles.join(
        scores.filter("is_primary").select(
            "article_row", predicted_category="category"
        ),
        on="article_row",
    )
    return _judge_labels(matched, show)


def evaluate_stored(path: Path, show: int) -> Evaluation:
    """Judge the serving labels of a warehouse on what people said of its articles.

    Args:
        path: The warehouse.
        show: Failing cases to list.

    Raises:
        UsageError: Nobody has labelled an article yet.
    """
    labelled = read_report(path, "human_labels")
    if labelled.is_empty():
        raise UsageError(f"{path}: no article is labelled yet", "See `newsmill label`")
    return _judge_labels(labelled, show)


def _judge_labels(labelled: pl.DataFrame, show: int) -> Evaluation:
    matched = labelled.with_columns(is_found=pl.lit(value=True))
    wrong = matched.filter(pl.col("label") != pl.col("predicted_category"))
    return Evaluation(
        {"labels": _with_mean(score_labels(matched))},
        wrong.select("title", "label", "predicted_category").head(show),
    )


def _with_mean(labels: pl.DataFrame) -> pl.DataFrame:
    mean = labels.select(
        pl.lit("macro mean").alias("label"),
        pl.col("gold_count").sum(),
        pl.col("precision", "recall", "f1").mean(),
    )
    return pl.concat([labels, mean])
