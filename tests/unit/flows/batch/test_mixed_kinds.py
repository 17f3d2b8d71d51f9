"""Digests and records in one batch: each is read in its own way, rows stay right."""

import hashlib
import json
from datetime import date

import polars as pl
import pytest

from flows.batch.stages import (
    account,
    classify,
    decode,
    deduplicate,
    extract_content,
    star,
)
from flows.batch.transform import find_articles
from flows.runners.direct import DirectRunner
from transforms.classify.classifier import shipped_classifier
from transforms.contracts import REJECTS, InputKind
from transforms.version import transform_version

TODAY = date(2026, 1, 1)


def digest_of(number):
    return (
        f"River dam {number} reopens after repairs\n\nThe dam on the northern river "
        f"reopened after {number} months of repairs, the ministry said on Monday.\n\n"
        "Source: River Agency\n\n"
        f"Men held over robbery number {number}\n\nPolice detained {number} men on "
        "suspicion of robbing a bank in the old capital.\n\nSource: City Police\n"
    )


def records_of(number):
    rows = [
        {
            "id": f"{number}-{row}",
            "title": f"Refinery {number} of port {row} shut down",
            "text": f"The refinery of port {row} was shut down after a fire, its "
            f"operator said in report {number}.",
        }
        for row in range(3)
    ]
    return "\n".join(map(json.dumps, rows)) + "\n"


def decoded(*documents):
    """Work of documents, each a kind and a text."""
    contents = [text.encode() for _, text in documents]
    ids = [hashlib.sha256(content).hexdigest() for content in contents]
    landed = pl.DataFrame(
        {
            "document_id": ids,
            "path": ids,
            "file_name": ids,
            "byte_size": [len(content) for content in contents],
            "kind": [kind.value for kind, _ in documents],
            "container_id": pl.Series([None] * len(contents), dtype=pl.String),
            "content": contents,
        },
        schema_overrides={"byte_size": pl.Int64},
    )
    return decode(landed, pl.DataFrame(schema=REJECTS))


def placed(work):
    """Each article by its document, place, and words."""
    ids = work.documents["document_id"]
    rows = work.articles.with_columns(
        document_id=ids.gather(work.articles["document_row"])
    )
    return rows.select("document_id", "char_start", "char_end", "title", "body").sort(
        "document_id", "char_start"
    )


DOCUMENTS = [
    *((InputKind.DIGEST, digest_of(number)) for number in range(4)),
    *((InputKind.RECORDS, records_of(number)) for number in range(4)),
    (InputKind.RECORDS, '{"title": "No text"}\n'),
]


def test_each_document_of_a_mixed_batch_gives_what_it_gives_alone():
    together = find_articles(decoded(*DOCUMENTS), DirectRunner(), TODAY)
    apart = [find_articles(decoded(one), DirectRunner(), TODAY) for one in DOCUMENTS]

    alone = pl.concat(placed(work) for work in apart).sort("document_id", "char_start")
    assert placed(together).equals(alone)
    assert len(together.articles) == 4 * 2 + 4 * 3
    assert together.counts["split"] == sum(work.counts["split"] for work in apart)
    assert together.counts["documents"] == len(DOCUMENTS)


def test_rows_of_a_mixed_batch_join_the_right_documents():
    work = find_articles(decoded(*DOCUMENTS), DirectRunner(), TODAY)

    account(work)
    assert work.documents["document_row"].to_list() == list(range(len(DOCUMENTS)))
    assert work.articles["article_row"].is_unique().all()
    kinds = work.documents["kind"].gather(work.articles["document_row"])
    assert (work.articles["record_id"].is_not_null() == (kinds == "records")).all()
    held = work.held_spans.join(work.documents, on="document_row")
    assert held["text"].to_list() == ['{"title": "No text"}\n']
    classifier = shipped_classifier()
    scored = classify(deduplicate(work), classifier)
    scored = extract_content(scored, is_wanted=False)
    tables = star(scored, classifier, transform_version())
    assert len(tables["dim_document"]) == len(DOCUMENTS)
    assert len(tables["fact_occurrence"]) == len(work.articles)


@pytest.mark.parametrize("kind", [InputKind.DIGEST, InputKind.RECORDS])
def test_batch_of_one_kind_is_not_taken_apart(kind):
    text = digest_of(1) if kind == InputKind.DIGEST else records_of(1)
    work = decoded((kind, text))

    assert work.by_kind() == [work]
