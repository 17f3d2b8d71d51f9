"""Classifier versions in use: find their weights, score stored articles, serve one."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from flows.settings import Settings
from flows.tasks.session import new_run
from flows.weights import find_weights, load_classifier, serving_weights
from transforms.classify.classifier import Classifier
from transforms.errors import UsageError
from transforms.star.star import (
    build_dim_classifier,
    build_fact_classification,
    build_fact_evidence,
    key_labels,
)
from warehouse.amend.classifier_versions import (
    StoredBatch,
    add_human_label,
    add_scores,
    find_version,
    iterate_unscored,
    list_versions,
    promote,
)
from warehouse.open_writer import open_writer
from warehouse.read.reports import read_report
from warehouse.staging.sealed_folder import is_whole, sealed_folder

# No version has this key, so no article has a score by it.
EVERY_ARTICLE: Final = 0
SCORE_TOLERANCE: Final = 1e-9


def score_articles(settings: Settings, version: str) -> int:
    """Score all stored articles with a version that has not scored them.

    Old rows stay. Parts are kept beside the warehouse until they are published, so a
    stopped reclassification goes on where it was.

    Returns:
        Articles that were scored.

    Raises:
        UsageError: There are no weights of that version.
    """
    classifier = load_classifier(find_weights(settings, version))
    facts = classifier.facts
    run = new_run(None)
    with open_writer(
        settings.warehouse, run, lock_timeout_seconds=settings.lock_timeout_seconds
    ) as writer:
        folder = writer.path.with_name(f"{writer.path.name}.reclassify-{facts.key}")
        parts = [
            _write_scores(folder, batch, classifier)
            for batch in iterate_unscored(writer.path, facts.key)
        ]
        row = build_dim_classifier(facts)
        scored = writer.start_build().amend(
            lambda connection: add_scores(connection, row, parts, run)
        )
    shutil.rmtree(folder, ignore_errors=True)
    return scored


def _write_scores(folder: Path, batch: StoredBatch, classifier: Classifier) -> Path:
    part = folder / _name_of(batch)
    if is_whole(part):
        return part
    with sealed_folder(part, replace_old=True) as partial:
        for table, rows in _score(batch, classifier):
            rows.write_parquet(partial / f"{table}.parquet")
    return part


def _name_of(batch: StoredBatch) -> str:
    """Of the part, by all that decides it: texts may have been read again meanwhile."""
    digest = hashlib.sha256()
    for rows in (batch.articles, batch.documents):
        digest.update(rows.write_ipc(None).getbuffer())
    return digest.hexdigest()


def _score(
    batch: StoredBatch, classifier: Classifier
) -> Iterator[tuple[str, pl.DataFrame]]:
    from transforms.classify.classify import classify
    from transforms.text.locate import locate

    scores, evidence = classify(batch.articles, classifier)
    located = locate(evidence, batch.articles, batch.documents)
    keys = batch.documents.select("document_row", "document_key")
    articles = batch.articles.join(keys, on="document_row", maintain_order="left")
    keyed = key_labels(scores, articles, classifier.facts)
    yield "fact_classification", build_fact_classification(keyed)
    keyed = key_labels(located, articles, classifier.facts)
    yield "fact_evidence", build_fact_evidence(keyed)


def find_changed_scores(settings: Settings) -> list[str]:
    """Articles whose stored scores are not what the same version gives today.

    Returns:
        One finding per such article: a determinism error. None when the weights of the
        serving version are not here.
    """
    path = settings.warehouse
    classifier = load_classifier(serving_weights(settings))
    key = classifier.facts.key
    stored = read_report(path, "scores", classifier_key=key)
    changed: list[str] = []
    for batch in iterate_unscored(path, EVERY_ARTICLE):
        ((_, scores), _) = _score(batch, classifier)
        compared = scores.join(
            stored, on=["article_key", "category_key"], suffix="_stored"
        ).filter((pl.col("score") - pl.col("score_stored")).abs() > SCORE_TOLERANCE)
        changed += [
            f"article {article}: version {classifier.facts.version} scores it "
            "otherwise now"
            for article in compared["article_key"].unique().sort()
        ]
    return changed


def promote_version(settings: Settings, version: str) -> None:
    """Let the views show a version; the one before can be served again the same way.

    Raises:
        UsageError: Unknown, or it has not scored all articles.
    """
    wanted = find_version(settings.warehouse, version)
    most = max(row["articles"] for row in list_versions(settings.warehouse))
    if wanted["articles"] < most:
        raise UsageError(
            f"version {version!r} has scored {wanted['articles']} of {most} articles",
            f"First: newsmill reclassify --version {version}",
        )
    run = new_run(None)
    with open_writer(
        settings.warehouse, run, lock_timeout_seconds=settings.lock_timeout_seconds
    ) as writer:
        writer.start_build().amend(
            lambda connection: promote(connection, wanted["classifier_key"], run)
        )


def label_article(
    settings: Settings,
    article_key: int,
    category: str,
    *,
    labelled_by: str,
    note: str | None,
) -> None:
    """Keep what a person says of an article."""
    with open_writer(
        settings.warehouse,
        new_run(None),
        lock_timeout_seconds=settings.lock_timeout_seconds,
    ) as writer:
        writer.start_build().amend(
            lambda connection: add_human_label(
                connection, article_key, category, labelled_by=labelled_by, note=note
            )
        )
