"""`newsmill train`: from labelled data to a weights file and its model card."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl

from flows.jobs.evaluate import read_jsonl
from transforms.errors import ContractError, UsageError
from warehouse.read.outputs import Outputs
from warehouse.read.reports import read_report

FEWEST_ARTICLES = 20


def train_classifier(
    path: Path,
    target: Path,
    outputs: Outputs,
    *,
    version: str,
    seed: int,
    labels_of: Path | None = None,
) -> list[str]:
    """Fit the classifier, and write its weights and, beside them, its model card.

    Args:
        path: JSON Lines with `title`, `text`, `label`, and optionally `source`,
            `corpus` (held out whole when the fit is judged), and `weight`.
        target: Weights file.
        outputs: What may be written over.
        version: Of the new classifier.
        seed: The same data and seed give the same bytes.
        labels_of: A warehouse whose human labels are added; None adds none.

    Returns:
        What was written, line by line.

    Raises:
        UsageError: A needed column or a label is missing, or the files exist.
    """
    from transforms.classify.classifier import read_classifier
    from transforms.classify.fit.fit_classifier import fit_classifier

    outputs = _also_reading(outputs, path)
    outputs.require_file(target)
    card = target.with_suffix(".md")
    if card == target:
        raise UsageError(f"{target}: the model card has that name", "Name it .npz")
    outputs.require_file(card)
    records = read_jsonl(path)
    missing = {"title", "text", "label"} - set(records.columns)
    if missing:
        raise UsageError(f"{path}: rows lack {', '.join(sorted(missing))}")
    if "corpus" not in records.columns:
        records = records.with_columns(corpus=pl.lit(path.stem))
    if labels_of is not None:
        records = _add_labels(records, labels_of)
    try:
        fitted = fit_classifier(records, version=version, seed=seed)
    except ContractError as error:
        raise UsageError(f"{path}: {error}", "Give more articles") from error
    with outputs.file(target) as partial, outputs.file(card) as partial_card:
        partial.write_bytes(fitted.weights)
        partial_card.write_text(fitted.model_card, encoding="utf-8")
    facts = read_classifier(fitted.weights).facts
    return [
        f"{target}  {len(fitted.weights):,} bytes, SHA-256 {facts.weights_sha256}",
        f"{card}  the model card",
    ]


def _also_reading(outputs: Outputs, *inputs: Path) -> Outputs:
    return replace(outputs, inputs=(*outputs.inputs, *inputs))


def _add_labels(records: pl.DataFrame, labels_of: Path) -> pl.DataFrame:
    labelled = read_report(labels_of, "human_labels")
    columns = [
        name
        for name in ("title", "text", "label", "corpus", "source", "weight")
        if name in records.columns or name in ("corpus", "weight")
    ]
    if "weight" not in records.columns:
        records = records.with_columns(weight=pl.lit(1.0))
    return pl.concat([records.select(columns), labelled.select(columns)])


def train_splitter(path: Path, target: Path, outputs: Outputs) -> list[str]:
    """Fit the splitter on digests that lie beside their gold.

    Args:
        path: JSON Lines with `file`, `char_start`, `char_end`, `title`.
        target: Weights file, written as a whole or not at all.
        outputs: What may be written over.

    Returns:
        What was written and how to use it, line by line.

    Raises:
        UsageError: A needed column or a digest is missing, a span lies outside its
            file, there are too few articles to learn from, what fits is not installed,
            or the target exists.
    """
    from transforms.split.trees import write_models

    try:
        from transforms.split.fit import fit_splitter
    except ModuleNotFoundError as error:
        raise UsageError(
            f"train --stage split: {error.name} is not installed",
            "Install the extra: pip install 'newsmill[train]'",
        ) from error

    outputs.require_file(target)
    gold = read_jsonl(path)
    missing = {"file", "char_start", "char_end", "title"} - set(gold.columns)
    if missing:
        raise UsageError(f"{path}: rows lack {', '.join(sorted(missing))}")
    names = gold["file"].unique().sort()
    documents = pl.DataFrame({"file": names}).with_row_index("document_row")
    files = [path.parent / name for name in names]
    texts = [_read(file) for file in files]
    documents = documents.with_columns(text=pl.Series(texts, dtype=pl.String))
    placed = gold.join(documents.drop("text"), on="file").sort(
        "document_row", "char_start"
    )
    _check_spans(path, documents, placed)
    weights = write_models(fit_splitter(documents, placed))
    with _also_reading(outputs, path, *files).file(target) as partial:
        partial.write_bytes(weights)
    return [
        f"{target}  {len(placed):,} articles of {len(documents):,} files",
        f"SHA-256 {hashlib.sha256(weights).hexdigest()}",
        f"newsmill evaluate GOLD --splitter {target}  judges it, best on other files",
        f"NEWSMILL_SPLITTER={target}  splits with it",
    ]


def _check_spans(path: Path, documents: pl.DataFrame, placed: pl.DataFrame) -> None:
    """Refuse gold that a fit could only fail on, or learn nonsense from."""
    if len(placed) < FEWEST_ARTICLES:
        raise UsageError(
            f"{path}: {len(placed)} articles are too few to fit a splitter",
            f"It takes {FEWEST_ARTICLES}, and some hundreds to be any good",
        )
    chars = documents.select("document_row", pl.col("text").str.len_chars())
    outside = placed.join(chars, on="document_row").filter(
        (pl.col("char_start") < 0)
        | (pl.col("char_start") >= pl.col("char_end"))
        | (pl.col("char_end") > pl.col("text"))
    )
    if len(outside):
        file, start, end = outside.select("file", "char_start", "char_end").row(0)
        raise UsageError(
            f"{path}: {len(outside)} spans lie outside their files, the first being "
            f"{start} to {end} of {file}",
            "Offsets count characters; newlines stay as they stand in the file",
        )


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
