"""A small valid load in `staging`, an empty `main`, and one way to break a row."""

import hashlib
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

TABLES = {
    "dim_run": (
        "run_key BIGINT, run_id VARCHAR, started_at TIMESTAMP, status VARCHAR, "
        "chars_total BIGINT, chars_in_articles BIGINT, chars_separator BIGINT, "
        "chars_quarantined BIGINT, files_in INTEGER, documents_known INTEGER"
    ),
    "dim_source": "source_key BIGINT, name VARCHAR, kind VARCHAR, aliases VARCHAR[]",
    "dim_author": "author_key BIGINT, name VARCHAR, aliases VARCHAR[]",
    "dim_place": (
        "place_key BIGINT, name VARCHAR, kind VARCHAR, country_iso2 VARCHAR, "
        "country VARCHAR, admin1 VARCHAR, latitude DOUBLE, longitude DOUBLE, "
        "geonames_id BIGINT, aliases VARCHAR[]"
    ),
    "dim_actor": "actor_key BIGINT, name VARCHAR, kind VARCHAR, aliases VARCHAR[]",
    "dim_date": "date_key INTEGER, date DATE",
    "dim_category": "category_key BIGINT, code VARCHAR, label VARCHAR",
    "dim_classifier": (
        "classifier_key BIGINT, name VARCHAR, version VARCHAR, "
        "weights_sha256 VARCHAR, gold_sha256 VARCHAR, macro_f1 DOUBLE"
    ),
    "dim_document": (
        "document_key BIGINT, document_id VARCHAR, file_name VARCHAR, "
        "byte_size BIGINT, char_count BIGINT, encoding VARCHAR, "
        "announced_count BIGINT, kind VARCHAR, format VARCHAR, container_id VARCHAR"
    ),
    "fact_article": (
        "article_key BIGINT, article_id VARCHAR, title VARCHAR, source_key BIGINT, "
        "author_key BIGINT, place_key BIGINT, category_key BIGINT, "
        "published_date_key INTEGER, event_date_key INTEGER, date_basis VARCHAR, "
        "first_document_key BIGINT, first_char_start BIGINT, "
        "classifier_key BIGINT, run_key BIGINT, "
        "confidence DOUBLE, word_count INTEGER, char_count INTEGER, "
        "paragraph_count INTEGER, occurrence_count INTEGER, is_truncated BOOLEAN, "
        "title_basis VARCHAR, agency_key BIGINT, "
        "published_from_key INTEGER, published_to_key INTEGER, is_date_stated BOOLEAN"
    ),
    "bridge_article_author": ("article_key BIGINT, author_key BIGINT, ordinal INTEGER"),
    "document_segment": (
        "document_key BIGINT, char_start BIGINT, article_key BIGINT, text VARCHAR"
    ),
    "fact_occurrence": (
        "article_key BIGINT, document_key BIGINT, ordinal INTEGER, "
        "char_start BIGINT, char_end BIGINT, record_id VARCHAR, "
        "boundary_score DOUBLE, run_key BIGINT, "
        "title_runs STRUCT(text_start UINTEGER, char_start UINTEGER, "
        "length UINTEGER)[], body_runs STRUCT(text_start UINTEGER, "
        "char_start UINTEGER, length UINTEGER)[], title_gaps VARCHAR[], "
        "body_gaps VARCHAR[]"
    ),
    "fact_classification": (
        "article_key BIGINT, category_key BIGINT, classifier_key BIGINT, "
        "score DOUBLE, is_primary BOOLEAN, is_assigned BOOLEAN, weight DOUBLE, "
        "run_key BIGINT"
    ),
    "fact_evidence": (
        "article_key BIGINT, category_key BIGINT, classifier_key BIGINT, "
        "document_key BIGINT, char_start BIGINT, char_end BIGINT, exact VARCHAR, "
        "contribution DOUBLE"
    ),
    "fact_mention": (
        "article_key BIGINT, document_key BIGINT, char_start BIGINT, "
        "char_end BIGINT, exact VARCHAR, kind VARCHAR, place_key BIGINT, "
        "actor_key BIGINT, role VARCHAR, score FLOAT"
    ),
    "fact_quantity": (
        "article_key BIGINT, document_key BIGINT, char_start BIGINT, "
        "char_end BIGINT, exact VARCHAR, quantity_type VARCHAR, value_low DOUBLE, "
        "value_high DOUBLE, currency VARCHAR, speaker VARCHAR, speaker_start BIGINT, "
        "speaker_end BIGINT, place_key BIGINT"
    ),
    "fact_article_pair": (
        "article_key BIGINT, other_article_key BIGINT, containment FLOAT, "
        "resemblance FLOAT, method_version UTINYINT, run_key BIGINT"
    ),
    "bridge_article_story": (
        "article_key BIGINT, story_key BIGINT, method_version UTINYINT, run_key BIGINT"
    ),
    "quarantine": (
        "document_key BIGINT, char_start BIGINT, char_end BIGINT, stage VARCHAR, "
        "reason_code VARCHAR, detail VARCHAR, run_key BIGINT, status VARCHAR"
    ),
    "path_outcome": (
        "run_key BIGINT, path VARCHAR, document_id VARCHAR, outcome VARCHAR, "
        "reason_code VARCHAR, copy_of VARCHAR"
    ),
}

CATEGORIES = ("crisis", "energy", "crime", "government", "other")
GAP = "\n\n* * *\n\n"
NEWS = {
    "Dam fills early": "Water rose to 80 metres — a record, officials said. " * 15,
    "Court jails “bank” thieves": "Two men took 3 million somoni from a bank. " * 15,
    "Minister resigns": "The minister left office on Monday, aides said. " * 15,
}
DIGESTS = {
    "monday.txt": ["Dam fills early", "Court jails “bank” thieves"],
    "tuesday.txt": ["Minister resigns", "Dam fills early"],
}


def identity(text: str) -> tuple[int, str]:
    """Key and hash as the pipeline makes them."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return int(digest[:16], 16) // 2, digest


def digest_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Documents and what is in them, as one load would stage it."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
    for file_name, titles in DIGESTS.items():
        spans, text = [], "\ufeff"
        for title in titles:
            spans.append((title, len(text)))
            text += f"{title}\n{NEWS[title].strip()}{GAP}"
        document_key, document_id = identity(file_name)
        rows["dim_document"].append(
            (
                document_key,
                document_id,
                file_name,
                len(text.encode()),
                len(text),
                "utf-8",
                len(titles),
                "digest",
                "text",
                None,
            )
        )
        places = [0, *(start for _, start in spans), len(text)]
        rows["document_segment"] += [
            (
                document_key,
                start,
                identity(spans[n - 1][0])[0] if n else 0,
                text[start : places[n + 1]],
            )
            for n, start in enumerate(places[:-1])
        ]
        for ordinal, (title, start) in enumerate(spans, 1):
            end = start + len(title) + 1 + len(NEWS[title].strip())
            article_key = identity(title)[0]
            rows["fact_occurrence"].append(
                (
                    *(article_key, document_key, ordinal, start, end, None, 0.9, 1),
                    *runs_of(title, start),
                    *(["", ""], ["", ""]),
                )
            )
            if title not in {row[2] for row in rows["fact_article"]}:
                rows_of_article(rows, title, document_key, start)
                rows["fact_evidence"].append(
                    (
                        article_key,
                        1,
                        1,
                        document_key,
                        start,
                        start + len(title),
                        title,
                        1.5,
                    )
                )
                rows_of_content(rows, title, (article_key, document_key, start))
    return rows


def rows_of_content(
    rows: dict[str, list[tuple[Any, ...]]], title: str, place: tuple[int, int, int]
) -> None:
    """Mentions of the first word as a place and of the second as a person.

    Of the thieves, it is claimed too how much they took, by the two men.
    """
    article_key, document_key, start = place
    first, second, *_ = title.split()
    at = start + len(first) + 1
    for kind, exact, begin, keys in (
        ("place", first, start, (5, 0)),
        ("person", second, at, (0, 6)),
    ):
        span = begin, begin + len(exact), exact
        rows["fact_mention"].append(
            (article_key, document_key, *span, kind, *keys, "title", 0.5)
        )
    if "thieves" in title:
        body = start + len(title) + 1
        (money, speaker) = (
            (begin, begin + len(words))
            for words in ("3 million somoni", "Two men")
            for begin in [body + NEWS[title].index(words)]
        )
        rows["fact_quantity"].append(
            (
                *(article_key, document_key, *money, "3 million somoni", "money"),
                *(3e6, 3e6, "TJS", "Two men", *speaker, 5),
            )
        )


def runs_of(title: str, start: int) -> list[list[dict[str, int]]]:
    """Title and body as one stretch each."""
    places = (start, len(title)), (start + len(title) + 1, len(NEWS[title].strip()))
    return [
        [{"text_start": 0, "char_start": place, "length": length}]
        for place, length in places
    ]


def rows_of_article(
    rows: dict[str, list[tuple[Any, ...]]], title: str, document_key: int, start: int
) -> None:
    """Fact and five labels of one article."""
    key, article_id = identity(title)
    body = NEWS[title].strip()
    times = sum(titles.count(title) for titles in DIGESTS.values())
    rows["bridge_article_story"].append((key, key, 1, 1))
    rows["bridge_article_author"] += [(key, 2, 1), (key, 3, 2)]
    rows["fact_article"].append(
        (
            *(key, article_id, title, 1, 2, 0, 1, 20220106, 0, "dateline"),
            *(document_key, start, 1, 1, 0.8, 120, len(body), 1, times, False, "line"),
            0,
            *(20220106, 20220106, True),
        )
    )
    for category in range(1, 6):
        is_first = category == 1
        rows["fact_classification"].append(
            (
                *(key, category, 1, 0.8 if is_first else 0.05, is_first, is_first),
                *(1.0 if is_first else 0.0, 1),
            )
        )


@pytest.fixture
def staged() -> duckdb.DuckDBPyConnection:
    """A valid load of three articles in two documents, not committed."""
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE SCHEMA staging")
    connection.execute("CREATE SCHEMA ops")
    connection.execute(f"CREATE TABLE ops.document ({TABLES['dim_document']})")
    for name, columns in TABLES.items():
        connection.execute(f"CREATE TABLE main.{name} ({columns})")
        connection.execute(f"CREATE TABLE staging.{name} ({columns})")
    connection.execute("BEGIN")
    rows = digest_rows()
    total = sum(row[4] for row in rows["dim_document"])
    inside = sum(row[4] - row[3] for row in rows["fact_occurrence"])
    started_at = datetime(2022, 1, 7, 8)  # noqa: DTZ001
    rows["dim_run"].append(
        (1, "run-1", started_at, "running", total, inside, total - inside, 0, 4, 0)
    )
    ids = {row[2]: row[1] for row in rows["dim_document"]}
    rows["path_outcome"] += [
        (1, "monday.txt", ids["monday.txt"], "loaded", None, None),
        (1, "tuesday.txt", ids["tuesday.txt"], "loaded", None, None),
        (1, "copy.txt", ids["monday.txt"], "copy", None, "monday.txt"),
        (1, "picture.txt", None, "held_back", "binary", None),
    ]
    rows["dim_source"].append((1, "Example Agency", "agency", ["EA"]))
    place = ("Dushanbe", "city", "TJ", "Tajikistan", None, 38.5, 68.8, 1221874, [])
    rows["dim_place"].append((5, *place))
    rows["dim_actor"].append((6, "Jane Doe", "person", []))
    rows["dim_author"] += [(2, "Jane Doe", []), (3, "John Roe", [])]
    rows["dim_date"].append((20220106, date(2022, 1, 6)))
    rows["dim_classifier"].append((1, "linear", "1", "a" * 64, "b" * 64, 0.9))
    rows["dim_category"] += [
        (key, code, code.title()) for key, code in enumerate(CATEGORIES, 1)
    ]
    for name in ("dim_source", "dim_author", "dim_place", "dim_actor"):
        rows[name].append((0, "", *[None] * (TABLES[name].count(",") - 1)))
    rows["dim_date"].append((0, None))
    for name, values in rows.items():
        for value in values:
            marks = ", ".join("?" * len(value))
            connection.execute(f"INSERT INTO staging.{name} VALUES ({marks})", value)
    return connection
