"""Batches of made-up digests, and runs that load them."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.builds import open_build
from transforms.classify.classifier import ClassifierFacts
from transforms.contracts import (
    ACTORS,
    ARTICLES,
    CATEGORY_CODES,
    DESCRIBED_DOCUMENTS,
    EVIDENCE,
    HELD_SPANS,
    LOCATED,
    LOCATED_QUANTITIES,
    MENTIONS,
    REJECTS,
    SCORES,
)
from transforms.deduplicate.deduplicate import add_identity
from transforms.extract_content.content import Content
from transforms.extract_content.extract_content import read_datelines
from transforms.star.star import ScoredBatch, build_star
from warehouse.runs import RunCounts, RunFacts
from warehouse.staging.write_part import write_part

CLASSIFIER = ClassifierFacts("linear", "1", "a" * 64, "b" * 64, 0.9)
GAP = "\n\n* * *\n\n"
MARKS = {"¶": ("\n", "\n\n"), "~": ("â€™", "’")}
Row = tuple[int, int, int, str, str, int, int, list[dict[str, int]]]
Digests = dict[str, list[str]]


@dataclass(frozen=True)
class Mill:
    """One warehouse and the parts that are written for it."""

    warehouse: Path
    parts: Path

    def part(
        self,
        digests: Digests,
        *,
        batch_id: str = "",
        version: str = "1",
        classifier: ClassifierFacts = CLASSIFIER,
    ) -> Path:
        """Write one batch; an article is `Title|Body`, `!` before it is held back.

        Its day is its place in the digest, unless its title begins with "Undated"; its
        source is named by the first word of the title, unless that is "Unsigned".

        In a body, `¶` is a line break that cleaning makes a blank line, and `~` is
        damage that it repairs.
        """
        batch = scored_batch(digests)
        name = (
            batch_id or hashlib.sha256(f"{version}{digests}".encode()).hexdigest()[:16]
        )
        tables = build_star(batch, classifier, transform_version=version)
        return write_part(self.parts, name, tables)

    def run(
        self, *parts: Path, run_id: str = "run-1", rejects: pl.DataFrame | None = None
    ) -> RunCounts:
        """Load parts and publish."""
        with open_build(self.warehouse, run_facts(run_id)) as build:
            build.load(parts)
            if rejects is not None:
                build.add_rejects(rejects)
            return build.publish(files_in=len(parts))


def run_facts(run_id: str) -> RunFacts:
    """A run that starts at a minute of its own."""
    minute = int(hashlib.sha256(run_id.encode()).hexdigest(), 16) % 60
    return RunFacts(run_id, datetime(2022, 1, 7, 8, minute, tzinfo=UTC), "0.1.0")


def scored_batch(digests: Digests) -> ScoredBatch:
    """What the stages would make of some digests."""
    documents, articles, held = [], [], []
    for document_row, (file_name, texts) in enumerate(digests.items()):
        text = "\ufeff"
        for ordinal, article in enumerate(texts, 1):
            title, _, marked = article.lstrip("!").partition("|")
            printed, body, runs = cleaned(marked, len(text) + len(title) + 1)
            start, span = len(text), f"{title}\n{printed}"
            if article.startswith("!"):
                held.append((document_row, start, start + len(span), "no_body", "none"))
            else:
                articles.append(
                    (
                        len(articles),
                        document_row,
                        ordinal,
                        title,
                        body,
                        start,
                        len(span),
                        runs,
                    )
                )
            text += span + GAP
        documents.append((document_row, file_name, text))
    return ScoredBatch(
        documents=_documents(documents),
        articles=_articles(articles),
        scores=_scores(articles),
        evidence=_evidence(articles),
        held_spans=pl.DataFrame(held, schema=HELD_SPANS, orient="row").with_columns(
            pl.lit("clean").alias("stage")
        ),
        rejects=pl.DataFrame(schema=REJECTS),
        content=_content(articles),
    )


def cleaned(marked: str, start: int) -> tuple[str, str, list[dict[str, int]]]:
    """A body as it is printed at a place, as it is cleaned, and what both share."""
    printed, body, runs = "", "", []
    for sign in re.split("([¶~])", marked):
        if sign in MARKS:
            before, after = MARKS[sign]
        else:
            before = after = sign
            runs.append(
                {
                    "text_start": len(body),
                    "char_start": start + len(printed),
                    "length": len(sign),
                }
            )
        printed, body = printed + before, body + after
    return printed, body, runs


def _documents(rows: list[tuple[int, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "document_row": row,
                "document_id": hashlib.sha256(text.encode()).hexdigest(),
                "path": f"in/{file_name}",
                "file_name": file_name,
                "byte_size": len(text.encode()),
                "container_id": None,
                "kind": "digest",
                "format": "text",
                "extractor": None,
                "dated": None,
                "encoding": "utf-8",
                "replaced_count": 0,
                "char_count": len(text),
                "text": text,
            }
            for row, file_name, text in rows
        ],
        schema=DESCRIBED_DOCUMENTS,
    )


def _articles(rows: list[Row]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [
            {
                "article_row": row,
                "document_row": document_row,
                "ordinal": ordinal,
                "char_start": start,
                "char_end": start + length,
                "boundary_score": 0.9,
                "title": title,
                "title_basis": "line",
                "body": body,
                "title_runs": [
                    {"text_start": 0, "char_start": start, "length": len(title)}
                ],
                "body_runs": runs,
                "cuts": [],
                "paragraph_count": 1,
                "word_count": len(body.split()),
                "is_truncated": False,
                "source": None
                if title.startswith("Unsigned")
                else f"{title.split()[0]} Agency",
                "byline": f"By {title.split()[-1]}",
                "authors": [title.split()[-1], "Second Author"],
                "dateline": "ROME" if ordinal == 1 else None,
                "published_date": None
                if title.startswith("Undated")
                else date(2022, 1, ordinal),
                "published_from": None
                if title.startswith("Undated")
                else date(2022, 1, ordinal),
                "published_to": None
                if title.startswith("Undated")
                else date(2022, 1, ordinal),
                "is_date_stated": not title.startswith("Undated"),
                "date_basis": "dateline",
                "language": "en",
            }
            for row, document_row, ordinal, title, body, start, length, runs in rows
        ],
        schema=ARTICLES,
    )
    return add_identity(frame)


def _scores(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "article_row": row[0],
                "category": code,
                "score": 0.8 if place == len(row[3]) % 5 else 0.05,
                "is_primary": place == len(row[3]) % 5,
                "is_assigned": place == len(row[3]) % 5,
                "weight": 1.0 if place == len(row[3]) % 5 else 0.0,
            }
            for row in rows
            for place, code in enumerate(CATEGORY_CODES)
        ],
        schema=SCORES,
    )


def _evidence(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "article_row": row[0],
                "category": CATEGORY_CODES[len(row[3]) % 5],
                "field": "title",
                "text_start": 0,
                "text_end": len(row[3]),
                "contribution": 1.5,
                "char_start": row[5],
                "char_end": row[5] + len(row[3]),
                "exact": row[3],
            }
            for row in rows
        ],
        schema=EVIDENCE | LOCATED,
    )


def _content(rows: list[Row]) -> Content:
    """The first word of each title as a place, the last as a person, who also claims.

    What is claimed is the second word.
    """
    mentions, quantities, actors = [], [], []
    for row, *_, title, _, start, _, _ in rows:
        words = [found.span() for found in re.finditer(r"\S+", title)]
        first, last = words[0], words[-1]
        place, person = (title[low:high] for low, high in (first, last))
        for kind, name, (low, high) in (
            ("place", place, first),
            ("person", person.title(), last),
        ):
            mentions.append(
                {
                    "article_row": row,
                    "kind": kind,
                    "name": name.title(),
                    "place": name.title() if kind == "place" else None,
                    "role": "title",
                    "score": 0.5,
                    "is_metonym": False,
                    **_located(title, start, low, high),
                }
            )
        actors.append((person.title(), "person", [f"Old {person.title()}"]))
        quantities.append(
            {
                "article_row": row,
                "quantity_type": "other",
                "value_low": 1.0,
                "is_approximate": False,
                "is_negated": False,
                "speaker": person,
                "speaker_start": start + last[0],
                "speaker_end": start + last[1],
                "place": place.title(),
                **_located(title, start, *words[:2][-1]),
            }
        )
    articles = _articles(rows)
    names = pl.DataFrame(
        {"article_row": -1, "dateline": [row["place"] for row in mentions[::2]]},
        schema_overrides={"dateline": pl.String},
    )
    told = read_datelines(articles)
    return replace(
        told,
        mentions=pl.DataFrame(mentions, schema=MENTIONS | LOCATED),
        quantities=pl.DataFrame(quantities, schema=LOCATED_QUANTITIES),
        actors=pl.DataFrame(actors, schema=ACTORS, orient="row"),
        places=pl.concat([told.places, read_datelines(names).places]),
    )


def _located(title: str, start: int, low: int, high: int) -> dict[str, object]:
    """A span of a title that stands at a place of the document."""
    return {
        "field": "title",
        "text_start": low,
        "text_end": high,
        "char_start": start + low,
        "char_end": start + high,
        "exact": title[low:high],
    }


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    return Mill(tmp_path / "news.duckdb", tmp_path / "parts")


@pytest.fixture
def second_mill(tmp_path: Path) -> Mill:
    return Mill(tmp_path / "other.duckdb", tmp_path / "parts")


@pytest.fixture
def facts_of() -> Callable[[str], RunFacts]:
    return run_facts


@pytest.fixture
def next_classifier() -> ClassifierFacts:
    return replace(CLASSIFIER, version="2", weights_sha256="c" * 64)


@pytest.fixture
def monday() -> Digests:
    return {
        "monday.txt": [
            "Dam fills early|Water rose to 80 metres, a record, officials said.",
            "Court jails thieves|Two men took 3 million somoni from a bank.",
            "!Nothing follows|",
        ]
    }


@pytest.fixture
def tuesday() -> Digests:
    return {
        "tuesday.txt": [
            "Minister resigns|The minister left office on Monday, aides said.",
            "DAM FILLS EARLY|Water rose to “80 metres”, a record, officials said.",
        ]
    }


@pytest.fixture(scope="session")
def milled() -> Callable[..., Path]:
    """Loads three days into a warehouse in a folder, or into the one that is named."""

    def load(folder: Path, warehouse: Path | None = None) -> Path:
        mill = Mill(warehouse or folder / "news.duckdb", folder / "parts")
        for day in range(3):
            texts = [f"Title {day} {n} here|Body {day} of {n}." for n in range(day + 3)]
            mill.run(mill.part({f"{day}.txt": texts}), run_id=f"run-{day}")
        return mill.warehouse

    return load


@pytest.fixture
def batch_of() -> Callable[[Digests], ScoredBatch]:
    return scored_batch


@pytest.fixture
def classifier() -> ClassifierFacts:
    return CLASSIFIER
