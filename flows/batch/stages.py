"""The steps of a batch, each named as its stage: frames in, frames out, all counted."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from flows.batch.batches import LEAST_LINE_BYTES, MOST_READ_PIECES, Batch, Part
from flows.batch.work import Work
from flows.weights import load_splitter
from transforms.classify.classifier import Classifier
from transforms.contracts import HELD_SPANS, REJECTS, InputKind, TitleBasis
from transforms.errors import ConservationError
from transforms.text.field_names import read_columns

if TYPE_CHECKING:
    from transforms.star.star import ScoredBatch
    from warehouse.landing.landing import Landed


def read(batch: Batch) -> "Landed":
    """Bytes of the batch's files, decompressed, and what could not be read."""
    from warehouse.landing.landing import Room, read_documents

    most_bytes = MOST_READ_PIECES * batch.piece_bytes
    room = Room(most_bytes, most_bytes // LEAST_LINE_BYTES)
    landed = read_documents(batch.files, room=room)
    return landed._replace(rejects=pl.concat([landed.rejects, batch.held]))


def decode(landed: pl.DataFrame, unread: pl.DataFrame, columns: str = "") -> Work:
    """Text of each document, in the encoding that it proves to have.

    Args:
        landed: As `read_documents` gives them.
        unread: REJECTS of what could not be read.
        columns: What the fields are called in tables, as in the settings.
    """
    from transforms.decode.decode import decode_documents

    decoded = decode_documents(landed, read_columns(columns))
    documents, held_spans, rejects = decoded
    return Work(
        documents=documents,
        held_spans=held_spans.with_columns(stage=pl.lit("decode")),
        rejects=pl.concat([unread, rejects]),
        counts={
            "documents": len(documents),
            "chars": int(documents["char_count"].sum()),
        },
    )


def split(work: Work, splitter: Path | None = None) -> Work:
    """Articles of each document: digests by their structure, records by their lines.

    Args:
        work: Whose documents are of one kind.
        splitter: Weights; None are those that ship.
    """
    if len(work.documents) and work.documents["kind"][0] == InputKind.RECORDS:
        return _split_records(work)
    from transforms.split.lone_article import add_lone_articles
    from transforms.split.only_headlines import (
        hold_headline_lists,
        name_headline_lists,
    )
    from transforms.split.outside_articles import find_outside_articles
    from transforms.split.split import report_empty
    from transforms.split.split import split as split_documents

    held_spans = work.held_spans.select(list(HELD_SPANS))
    found = hold_headline_lists(
        add_lone_articles(
            split_documents(work.documents, held_spans, load_splitter(splitter))
        )
    )
    empty = name_headline_lists(report_empty(found, work.documents), found.lines)
    # Spans that decoding marked are set aside with the articles that hold them.
    freed = replace(work, held_spans=work.held_spans.clear())
    touched = replace(freed, held_spans=freed.hold(found.quarantined, "decode"))
    return replace(
        touched,
        buffer=found.buffer,
        lines=found.lines,
        articles=found.articles,
        held_spans=touched.hold(
            pl.concat([empty, find_outside_articles(found)]), "split"
        ),
        counts=work.counts | {"split": len(found.articles)},
    )


def _split_records(work: Work) -> Work:
    from transforms.split.records.records import parse_records

    parsed = parse_records(work.documents, work.held_spans.select(list(HELD_SPANS)))
    return replace(
        work,
        documents=parsed.documents,
        buffer=parsed.buffer,
        lines=parsed.lines,
        articles=parsed.articles,
        records=parsed,
        # The parser sets marked spans aside with the records that hold them.
        held_spans=replace(work, held_spans=work.held_spans.clear()).hold(
            parsed.rejects, "split"
        ),
        counts=work.counts | {"split": len(parsed.articles)},
    )


def clean(work: Work) -> Work:
    """Title and body of each article, with the way back to the file."""
    from transforms.clean.clean import clean as clean_articles

    assert work.buffer is not None
    basis = TitleBasis.LINE if work.records is None else TitleBasis.FIELD
    cleaned = clean_articles(work.buffer, work.lines, work.articles, basis)
    if len(cleaned.articles) + len(cleaned.rejects) != len(work.articles):
        raise ConservationError(
            "clean",
            "articles",
            len(work.articles),
            len(cleaned.articles) + len(cleaned.rejects),
        )
    articles, rejects, documents = cleaned.articles, cleaned.rejects, work.documents
    if work.records is not None:
        from transforms.split.records.restore_places import (
            restore_offsets,
            restore_spans,
        )

        articles = restore_offsets(articles, work.records)
        rejects = restore_spans(rejects, work.records)
        documents = work.records.raw_documents
    return replace(
        work,
        documents=documents,
        lines=cleaned.lines,
        articles=articles,
        held_spans=work.hold(rejects, "clean"),
        counts=work.counts | {"clean": len(articles)},
    )


def extract_metadata(work: Work, run_date: date) -> Work:
    """Source, author, place, dates, and language of each article."""
    from transforms.extract_metadata.announced_counts import count_announced
    from transforms.extract_metadata.extract_metadata import extract_metadata as extract

    fields = work.records.fields if work.records is not None else None
    # Documents without articles may be of very many lines, a list of titles say.
    rows = work.articles["document_row"].unique().implode()
    lines = work.lines.filter(pl.col("document_row").is_in(rows))
    described = extract(work.articles, lines, work.documents, fields, run_date)
    announced = count_announced(work.documents, work.lines)
    # Lines and the text that they are of are done with, and are as large as all else.
    return replace(
        work,
        buffer=None,
        lines=work.lines.clear(),
        articles=described,
        documents=work.documents.with_columns(announced),
    )


def deduplicate(work: Work) -> Work:
    """The identity of each article; equal ones become one in the star."""
    from transforms.deduplicate.deduplicate import add_identity

    identified = add_identity(work.articles)
    distinct = identified["article_id"].n_unique()
    return replace(
        work,
        articles=identified,
        counts=work.counts | {"distinct": distinct},
    )


def classify(work: Work, classifier: Classifier) -> Work:
    """Scores of every label, and the words that spoke for and against the first."""
    from transforms.classify.classify import classify as score
    from transforms.deduplicate.deduplicate import own_titles
    from transforms.text.locate import locate

    # The words of a title that is made from the lead speak once, in the body.
    own = work.articles.with_columns(own_titles(work.articles))
    scores, evidence = score(own, classifier)
    return replace(
        work,
        scores=scores,
        evidence=locate(evidence, work.articles, work.documents),
    )


def extract_content(work: Work, *, is_wanted: bool = True) -> Work:
    """Places, persons, organisations, and counted claims of each article.

    Args:
        work: Up to the identity of its articles.
        is_wanted: Else the texts are not read, and datelines stay as they are printed.
    """
    from transforms.deduplicate.deduplicate import own_titles
    from transforms.extract_content.extract_content import extract_content as extract
    from transforms.extract_content.extract_content import read_datelines
    from transforms.text.locate import locate

    # A title that is made from the lead says what it says in the body.
    own = work.articles.with_columns(own_titles(work.articles))
    content = extract(own) if is_wanted else read_datelines(own)
    mentions = locate(content.mentions, work.articles, work.documents)
    quantities = locate(content.quantities, work.articles, work.documents)
    said = quantities.with_row_index("claim_row").filter(
        pl.col("speaker").is_not_null()
    )
    speakers = locate(
        said.select(
            *("claim_row", "article_row", "field"),
            text_start="speaker_start",
            text_end="speaker_end",
        ),
        work.articles,
        work.documents,
    ).select("claim_row", speaker_start="char_start", speaker_end="char_end")
    located = (
        quantities.drop("speaker_start", "speaker_end")
        .with_row_index("claim_row")
        .join(speakers, on="claim_row", how="left", maintain_order="left")
        .drop("claim_row")
    )
    return replace(
        work,
        content=replace(content, mentions=mentions, quantities=located),
        counts=work.counts | {"mentions": len(mentions), "quantities": len(located)},
    )


def star(work: Work, classifier: Classifier, version: str) -> dict[str, pl.DataFrame]:
    """Rows of every table, keys instead of names."""
    from transforms.star.star import build_star

    account(work)
    return build_star(scored_batch(work), classifier.facts, transform_version=version)


def scored_batch(work: Work) -> "ScoredBatch":
    """All of it that the star is built from."""
    from transforms.star.star import ScoredBatch

    return ScoredBatch(
        work.documents,
        work.articles,
        work.scores,
        work.evidence,
        work.held_spans,
        work.rejects,
        work.content,
    )


def account(work: Work) -> None:
    """Raise unless spans lie inside their documents and do not overlap."""
    spans = (
        work.articles.select("document_row", "char_start", "char_end")
        .join(work.documents.select("document_row", "char_count"), on="document_row")
        .sort("document_row", "char_start")
    )
    wrong = spans.filter(
        (pl.col("char_start") < 0)
        | (pl.col("char_end") > pl.col("char_count"))
        | (pl.col("char_end") <= pl.col("char_start"))
        | (
            pl.col("char_start")
            < pl.col("char_end").shift(1).over("document_row").fill_null(0)
        )
    )
    if len(wrong):
        raise ConservationError("split", "spans", len(spans), len(spans) - len(wrong))


def write(
    batch: Batch, work: Work, tables: dict[str, pl.DataFrame], name: str = ""
) -> Part:
    """The batch as a Parquet part, written whole or not at all."""
    from warehouse.staging.write_part import write_part

    rejects = pl.concat(
        [
            work.held_spans.join(
                work.documents.select("document_row", "document_id", "path"),
                on="document_row",
                maintain_order="left",
            ).select(list(REJECTS)),
            work.rejects.select(list(REJECTS)),
        ]
    )
    path = write_part(batch.folder, name or batch.batch_id, tables)
    return Part(path, work.counts | {"occurrences": len(work.articles)}, rejects)
