"""The star schema of one batch: a frame per table, keys instead of names.

Rows say nothing of the run that loads them; the warehouse adds that.
"""

from dataclasses import dataclass

import polars as pl

from transforms.classify.classifier import ClassifierFacts
from transforms.contracts import (
    ARTICLES,
    DESCRIBED_DOCUMENTS,
    EVIDENCE,
    HELD_SPANS,
    LOCATED,
    LOCATED_QUANTITIES,
    MENTIONS,
    REJECTS,
    SCORES,
    InputKind,
    check,
)
from transforms.deduplicate.deduplicate import choose_representatives
from transforms.deduplicate.near_duplicates import build_article_signature
from transforms.extract_content.content import Content
from transforms.keys import key_from_sha256, surrogate_keys
from transforms.star.content_tables import (
    add_place_keys,
    add_places,
    build_dim_actor,
    build_dim_place,
    build_fact_mention,
    build_fact_quantity,
)
from transforms.star.dimensions import (
    build_bridge_article_author,
    build_dim_author,
    build_dim_category,
    build_dim_date,
    build_dim_source,
    date_keys,
)
from transforms.star.document_segments import cut_documents, split_at_runs
from transforms.star.quarantine import build_quarantine


@dataclass(frozen=True)
class ScoredBatch:
    """All that the stages made of one batch of documents.

    Attributes:
        documents: Contract DESCRIBED_DOCUMENTS.
        articles: Contract ARTICLES with `article_id` and `article_key`.
        scores: Contract SCORES.
        evidence: Contract EVIDENCE with `char_start`, `char_end` in the document, and
            `exact`, the words that stand there.
        held_spans: Contract HELD_SPANS with `stage`.
        rejects: Contract REJECTS; whole documents and files.
        content: What the articles tell of, mentions and quantities with `char_start`,
            `char_end`, and `exact` too; speakers at their places in the document.
    """

    documents: pl.DataFrame
    articles: pl.DataFrame
    scores: pl.DataFrame
    evidence: pl.DataFrame
    held_spans: pl.DataFrame
    rejects: pl.DataFrame
    content: Content


def build_star(
    batch: ScoredBatch, classifier: ClassifierFacts, *, transform_version: str
) -> dict[str, pl.DataFrame]:
    """Rows of every table that a batch fills.

    An article that the batch prints several times becomes one row of `fact_article`,
    made from its occurrence in the smallest document and place, and one row of
    `fact_occurrence` per appearance.

    Args:
        batch: Frames of one batch; `article_row` and `document_row` join them.
        classifier: Version that gave the scores.
        transform_version: Version of the stages, kept per document.

    Returns:
        Table name to rows, in the order of the keys where it matters.

    Raises:
        ContractError: A frame lacks a column.
    """
    return build_article_tables(batch, classifier) | build_document_tables(
        batch, transform_version=transform_version
    )


def build_article_tables(
    batch: ScoredBatch, classifier: ClassifierFacts
) -> dict[str, pl.DataFrame]:
    """Rows of the tables that tell of articles; see `build_star`.

    Of a document, they need no more than the articles' own text.
    """
    _check(batch)
    printed = add_document_keys(batch.articles, batch.documents)
    articles = choose_representatives(printed)
    scores = key_labels(batch.scores, articles, classifier)
    evidence = key_labels(batch.evidence, articles, classifier)
    content = batch.content
    places = add_place_keys(content.places)
    return {
        "dim_source": build_dim_source(articles),
        "dim_author": build_dim_author(printed),
        "dim_place": build_dim_place(places),
        "dim_actor": build_dim_actor(content.actors),
        "dim_date": build_dim_date(articles),
        "dim_category": build_dim_category(),
        "dim_classifier": build_dim_classifier(classifier),
        "fact_article": build_fact_article(
            add_places(articles, content, places), scores, classifier
        ),
        "bridge_article_author": build_bridge_article_author(articles),
        "fact_occurrence": build_fact_occurrence(printed, batch.documents["text"]),
        "fact_classification": build_fact_classification(scores),
        "fact_evidence": build_fact_evidence(evidence),
        "fact_mention": build_fact_mention(content.mentions, articles, places),
        "fact_quantity": build_fact_quantity(content.quantities, articles, places),
        "article_signature": build_article_signature(articles),
    }


def build_document_tables(
    batch: ScoredBatch, *, transform_version: str
) -> dict[str, pl.DataFrame]:
    """Rows of the tables that tell of documents; see `build_star`.

    Of the batch, scores and evidence are not read.
    """
    printed = add_document_keys(batch.articles, batch.documents)
    return {
        "dim_document": build_dim_document(batch.documents, transform_version),
        "document_segment": cut_documents(
            add_document_keys(batch.documents, batch.documents).select(
                "document_key", "text"
            ),
            printed,
        ),
        "quarantine": build_quarantine(
            pl.concat(
                [
                    _held_as_rejects(batch.held_spans, batch.documents),
                    batch.rejects.select(list(REJECTS)),
                ]
            ),
            batch.documents,
        ),
    }


def add_document_keys(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add `document_key` to rows with `document_row`, whose order stays.

    Args:
        rows: Of articles or documents; those with a key already keep it.
        documents: Contract DOCUMENTS; row i is document i of the batch.
    """
    if "document_key" in rows.columns:
        return rows
    keys = key_from_sha256(documents["document_id"])
    return rows.with_columns(document_key=keys.gather(rows["document_row"]))


def build_dim_classifier(classifier: ClassifierFacts) -> pl.DataFrame:
    """One row: the version that scored the batch."""
    return pl.DataFrame(
        {
            "classifier_key": [classifier.key],
            "name": [classifier.name],
            "version": [classifier.version],
            "weights_sha256": [classifier.weights_sha256],
            "gold_sha256": [classifier.gold_sha256],
            "macro_f1": [classifier.macro_f1],
            "languages": [list(classifier.languages)],
            "lexicon_languages": [list(classifier.lexicon_languages)],
        },
        schema_overrides={
            "languages": pl.List(pl.String),
            "lexicon_languages": pl.List(pl.String),
            "classifier_key": pl.Int64,
            "gold_sha256": pl.String,
            "macro_f1": pl.Float64,
        },
    )


def build_dim_document(documents: pl.DataFrame, transform_version: str) -> pl.DataFrame:
    """One row per document of the batch, without its text: see `cut_documents`."""
    return documents.select(
        key_from_sha256(documents["document_id"]).alias("document_key"),
        "document_id",
        "file_name",
        "path",
        "byte_size",
        "char_count",
        "encoding",
        "kind",
        "replaced_count",
        pl.lit(transform_version).alias("transform_version"),
        "announced_count",
        "format",
        "extractor",
        "container_id",
    )


def build_containers(containers: pl.DataFrame, transform_version: str) -> pl.DataFrame:
    """Rows of `dim_document` for archives and mailboxes, which hold no text.

    Args:
        containers: Contract FILES with `document_id`, and `container`, what each is.
        transform_version: Version of the stages that read what lies in them.
    """
    documents = containers.with_columns(
        char_count=pl.lit(0, pl.Int64),
        kind=pl.lit(InputKind.CONTAINER.value),
        replaced_count=pl.lit(0, pl.Int64),
        format="container",
    )
    lacking = [name for name in DESCRIBED_DOCUMENTS if name not in documents.columns]
    return build_dim_document(
        documents.with_columns(
            pl.lit(None, DESCRIBED_DOCUMENTS[name]).alias(name) for name in lacking
        ),
        transform_version,
    )


def build_fact_article(
    articles: pl.DataFrame, scores: pl.DataFrame, classifier: ClassifierFacts
) -> pl.DataFrame:
    """One row per distinct article of the batch.

    Args:
        articles: The representatives, with `document_key` and what `add_places` adds.
        scores: Labels of these, with `category_key`.
        classifier: Version that gave them.
    """
    primary = scores.filter("is_primary").select("article_key", "category_key", "score")
    labelled = articles.join(
        primary, on="article_key", how="left", maintain_order="left"
    )
    return labelled.select(
        "article_key",
        "article_id",
        pl.col("title").fill_null(""),
        surrogate_keys(labelled["source"]).alias("source_key"),
        surrogate_keys(labelled["agency"]).alias("agency_key"),
        surrogate_keys(labelled["authors"].list.first()).alias("author_key"),
        pl.col("place_key").fill_null(0),
        pl.col("category_key").fill_null(0),
        date_keys(pl.col("published_date")).alias("published_date_key"),
        date_keys(pl.col("published_from")).alias("published_from_key"),
        date_keys(pl.col("published_to")).alias("published_to_key"),
        "is_date_stated",
        date_keys(pl.col("event_date")).alias("event_date_key"),
        "date_basis",
        pl.col("document_key").alias("first_document_key"),
        pl.col("char_start").alias("first_char_start"),
        pl.lit(classifier.key, pl.Int64).alias("classifier_key"),
        pl.col("score").fill_null(0.0).alias("confidence"),
        "word_count",
        pl.col("body").str.len_chars().alias("char_count"),
        "paragraph_count",
        "is_truncated",
        "language",
        "title_basis",
        "byline",
        "url",
        "dateline",
        "country_iso2",
        "country",
    )


def build_fact_occurrence(
    printed: pl.DataFrame, document_texts: pl.Series
) -> pl.DataFrame:
    """One row per appearance, with the pieces that its title and body are made of.

    Args:
        printed: Contract ARTICLES with `article_key` and `document_key`.
        document_texts: Of the documents, in the order of their rows.
    """
    last_run = pl.col("title_runs").list.last().struct
    rows = printed["document_row"]
    # Both at once: the documents are looked through once.
    runs, gaps = split_at_runs(
        pl.concat([printed["title"], printed["body"].alias("title")]),
        pl.concat([printed["title_runs"], printed["body_runs"].alias("title_runs")]),
        pl.concat([rows, rows]),
        document_texts,
    )
    pieces = {
        f"{name}_{part}": both.slice(first, len(printed))
        for part, both in (("runs", runs), ("gaps", gaps))
        for name, first in (("title", 0), ("body", len(printed)))
    }
    return printed.with_columns(**pieces).select(
        "article_key",
        "document_key",
        "ordinal",
        "char_start",
        "char_end",
        "record_id",
        "boundary_score",
        (last_run.field("char_start") + last_run.field("length"))
        .cast(pl.Int64)
        .alias("title_char_end"),
        "title_runs",
        "body_runs",
        "cuts",
        "title_gaps",
        "body_gaps",
        "title_basis",
    )


def build_fact_classification(scores: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct article and category."""
    return scores.select(
        "article_key",
        "category_key",
        "classifier_key",
        "score",
        "is_primary",
        "is_assigned",
        "weight",
    )


def build_fact_evidence(evidence: pl.DataFrame) -> pl.DataFrame:
    """One row per span that spoke for or against a label."""
    return evidence.select(
        "article_key",
        "category_key",
        "classifier_key",
        "document_key",
        "char_start",
        "char_end",
        "exact",
        "contribution",
    )


def key_labels(
    labels: pl.DataFrame, articles: pl.DataFrame, classifier: ClassifierFacts
) -> pl.DataFrame:
    """Scores or evidence of some articles, with the keys of what they speak of.

    Args:
        labels: `article_row`, `category`, and what is said of these.
        articles: `article_row`, `article_key`, `document_key`; labels of others go.
        classifier: Version that gave the labels.
    """
    keyed = labels.with_columns(
        surrogate_keys(labels["category"]).alias("category_key"),
        pl.lit(classifier.key, pl.Int64).alias("classifier_key"),
    )
    return keyed.join(
        articles.select("article_row", "article_key", "document_key"),
        on="article_row",
        maintain_order="left",
    )


def _held_as_rejects(held_spans: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    return held_spans.join(
        documents.select("document_row", "document_id", "path"),
        on="document_row",
        maintain_order="left",
    ).select(list(REJECTS))


def _check(batch: ScoredBatch) -> None:
    identity = {"article_id": pl.String(), "article_key": pl.Int64()}
    for contract, frame, schema in (
        ("DESCRIBED_DOCUMENTS", batch.documents, DESCRIBED_DOCUMENTS),
        ("ARTICLES", batch.articles, ARTICLES | identity),
        ("SCORES", batch.scores, SCORES),
        ("EVIDENCE", batch.evidence, EVIDENCE | LOCATED),
        ("MENTIONS", batch.content.mentions, MENTIONS | LOCATED),
        ("QUANTITIES", batch.content.quantities, LOCATED_QUANTITIES),
        ("HELD_SPANS", batch.held_spans, HELD_SPANS | {"stage": pl.String()}),
        ("REJECTS", batch.rejects, REJECTS),
    ):
        check(frame, schema, stage="star", contract=contract)
