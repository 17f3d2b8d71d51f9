"""`newsmill evaluate`: the stages against labelled data of the user's own.

Gold rows with `file` name digests beside the gold file and are judged on boundaries,
fields, and labels; gold rows with `text` are whole articles, judged on labels.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.steps import Work, classify, clean, decode, extract_metadata, split
from transforms.classifier import Classifier, load_classifier
from transforms.contracts import REJECTS, InputKind
from transforms.errors import UsageError
from transforms.evaluate import (
    fill_file_columns,
    list_failures,
    match_articles,
    measure_window_diff,
    score_boundaries,
    score_fields,
    score_labels,
)
from transforms.sources import resolve_sources
from warehouse.reading import read_report

GROUPS = ("format", "layout", "crlf", "gap", "sections", "corpus")


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
    if not path.is_file():
        raise UsageError(f"no such file: {path}")
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    try:
        rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    except ValueError as error:
        raise UsageError(f"{path}: not JSON Lines: {error}") from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: expected one JSON object per line")
    return pl.from_dicts(rows, infer_schema_length=None)


def evaluate(path: Path, *, weights: Path | None, show: int) -> Evaluation:
    """Judge the stages on one gold file.

    Args:
        path: JSON Lines.
        weights: Classifier; None is the one that ships.
        show: Failing cases to list.

    Raises:
        UsageError: The rows name neither files nor texts, or a file is missing.
    """
    gold = read_jsonl(path)
    classifier = load_classifier(weights)
    if "file" in gold.columns:
        return _evaluate_digests(gold, path.parent, classifier, show)
    if {"title", "text", "label"} <= set(gold.columns):
        return _evaluate_labels(gold, classifier)
    raise UsageError(
        f"{path}: rows have neither `file` nor `title`, `text`, and `label`",
        "Gold for digests names a file beside it; gold for labels holds the text",
    )


def _evaluate_digests(
    gold: pl.DataFrame, folder: Path, classifier: Classifier, show: int
) -> Evaluation:
    work = _transform(gold["file"].unique().sort().to_list(), folder, classifier)
    names = work.documents.select("document_row", file="file_name", text="text")
    labelled = work.articles.join(
        work.scores.filter("is_primary").select("article_row", "category"),
        on="article_row",
        how="left",
    )
    predicted = labelled.join(names.drop("text"), on="document_row").select(
        "file", "char_start", "char_end", "title", "source", "author", "dateline",
        "category", date=pl.col("published_date").cast(pl.String),
    )  # fmt: skip
    gold = gold.with_columns(
        format=pl.when(_flag(gold, "composed"))
        .then(pl.lit("composed"))
        .otherwise(pl.col("file"))
    )
    if "source" in gold.columns:
        # Gold names a publisher as its file does; both sides mean the one of the list.
        canonical = resolve_sources(gold["source"])["source"]
        gold = gold.with_columns(source=canonical)
    matched = fill_file_columns(match_articles(predicted, gold), ["format"])
    counts = names.select("file", char_count=pl.col("text").str.len_chars())
    window = measure_window_diff(matched, counts)
    figures = {
        "boundaries": score_boundaries(matched),
        "window_diff": window.select(pl.col(window.columns[-1]).mean()),
    }
    for name in GROUPS:
        if name in gold.columns and gold[name].n_unique() > 1:
            figures[f"by_{name}"] = score_boundaries(matched, [name]).drop_nulls(name)
    figures["fields"] = score_fields(matched)
    if "label" in gold.columns:
        figures["labels"] = _with_mean(score_labels(matched))
    return Evaluation(figures, list_failures(matched, names, show))


def _flag(gold: pl.DataFrame, name: str) -> pl.Expr:
    if name not in gold.columns:
        return pl.lit(value=False)
    return pl.col(name).fill_null(value=False)


def _transform(files: list[str], folder: Path, classifier: Classifier) -> Work:
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise UsageError(f"{folder / missing[0]} is named by the gold and missing")
    contents = [(folder / name).read_bytes() for name in files]
    landed = pl.DataFrame(
        {
            "document_id": [
                hashlib.sha256(content).hexdigest() for content in contents
            ],
            "path": files,
            "file_name": files,
            "byte_size": [len(content) for content in contents],
            "kind": InputKind.DIGEST.value,
            "content": contents,
        },
        schema_overrides={"content": pl.Binary, "byte_size": pl.Int64},
    )
    work = decode(landed, pl.DataFrame(schema=REJECTS))
    work = extract_metadata(
        clean(split(work, InputKind.DIGEST)), datetime.now(UTC).date()
    )
    return classify(work, classifier)


def _evaluate_labels(gold: pl.DataFrame, classifier: Classifier) -> Evaluation:
    from transforms.classify import classify as score

    articles = gold.with_row_index("article_row").select(
        "article_row", "title", "label", body="text"
    )
    scores, _ = score(articles, classifier)
    matched = articles.join(
        scores.filter("is_primary").select(
            "article_row", predicted_category="category"
        ),
        on="article_row",
    )
    return _judge_labels(matched)


def evaluate_stored(path: Path) -> Evaluation:
    """Judge the serving labels of a warehouse on what people said of its articles.

    Raises:
        UsageError: Nobody has labelled an article yet.
    """
    labelled = read_report(path, "human_labels")
    if labelled.is_empty():
        raise UsageError(f"{path}: no article is labelled yet", "See `newsmill label`")
    return _judge_labels(labelled)


def _judge_labels(labelled: pl.DataFrame) -> Evaluation:
    matched = labelled.with_columns(is_found=pl.lit(value=True))
    wrong = matched.filter(pl.col("label") != pl.col("predicted_category"))
    return Evaluation(
        {"labels": _with_mean(score_labels(matched))},
        wrong.select("title", "label", "predicted_category").head(20),
    )


def _with_mean(labels: pl.DataFrame) -> pl.DataFrame:
    mean = labels.select(
        pl.lit("macro mean").alias("label"),
        pl.col("gold_count").sum(),
        pl.col("precision", "recall", "f1").mean(),
    )
    return pl.concat([labels, mean])
