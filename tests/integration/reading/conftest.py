"""A published warehouse of one document and two articles."""

import hashlib
import shutil
from pathlib import Path

import pytest

from transforms.keys import article_identity
from warehouse.database.connection import open_build_file
from warehouse.database.row_sums import write_sums
from warehouse.database.schema import create_warehouse

TEXT = (
    "\ufeffDam fills\nWater rose — fast.\n\n* * *\n\n"
    "=Bank\x1b[31m robbed\nMen took cash."
)
FIRST = (1, 29)
SECOND = (38, 70)


def key_of(name):
    return int(hashlib.sha256(name.encode()).hexdigest()[:16], 16) >> 1


def article_rows(key, title, body, span, ordinal):
    start, end = span
    runs = [{"text_start": 0, "char_start": start, "length": len(title)}]
    body_runs = [
        {"text_start": 0, "char_start": start + len(title) + 1, "length": len(body)}
    ]
    identity = article_identity(title, body)
    return {
        "fact_article": (
            *(key, identity, title, 0, 0, 0, 1, 0, 0, "unknown", 7, start, 1, 1, 0.9),
            *(4, len(body), 1, 1, False, "en", "line"),
        ),
        "fact_occurrence": (
            *(key, 7, ordinal, start, end, None, 0.9, 1, start + len(title)),
            *(runs, body_runs, [], ["", ""], ["", ""], "line"),
        ),
        "fact_evidence": (
            *(key, 1, 1, 7, start, start + 3, TEXT[start : start + 3], 1.5, 1),
        ),
    }


def insert_content(connection):
    """The first article is of a place and a person, the second of stolen money."""
    dam, cash = TEXT.index("Dam"), TEXT.index("cash")
    connection.execute(
        "INSERT INTO dim_place (place_key, name, kind, country_iso2, country) "
        "VALUES (5, 'Dam', 'city', 'NL', 'Netherlands'); "
        "INSERT INTO dim_actor (actor_key, name, kind) VALUES (6, 'Men', 'person')"
    )
    connection.execute(
        "INSERT INTO fact_mention VALUES "
        "(11, 7, $dam, $dam + 3, 'Dam', 'place', 5, 0, 'title', NULL, false, 0.9, 1), "
        "(12, 7, $men, $men + 3, 'Men', 'person', 0, 6, 'text', 'chief', false, 1, 1)",
        {"dam": dam, "men": TEXT.index("Men")},
    )
    connection.execute(
        "INSERT INTO fact_quantity VALUES (12, 7, $cash, $cash + 4, 'cash', 'money', "
        "900, 1000, true, 'TJS', 'TJS', false, 'Men', $men, $men + 3, 5, 1)",
        {"cash": cash, "men": TEXT.index("Men")},
    )


@pytest.fixture
def warehouse_file(tmp_path, published):
    return Path(shutil.copy(published, tmp_path / "newsmill.duckdb"))


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / "newsmill.duckdb"
    with open_build_file(path) as connection:
        create_warehouse(connection)
        connection.execute(
            "INSERT INTO ops.document BY NAME SELECT 7 AS document_key, "
            "sha256('7') AS document_id, 'a.txt' AS file_name, 90 AS byte_size, "
            "length($text) AS char_count, 1 AS run_key",
            {"text": TEXT},
        )
        places = [(0, FIRST[0], 0), (FIRST[0], SECOND[0], 11), (SECOND[0], None, 12)]
        for start, end, key in places:
            connection.execute(
                "INSERT INTO document_segment VALUES (7, ?, ?, ?)",
                [start, key, TEXT[start:end]],
            )
        for rows in (
            article_rows(11, "Dam fills", "Water rose — fast.", FIRST, 1),
            article_rows(12, "=Bank\x1b[31m robbed", "Men took cash.", SECOND, 2),
        ):
            for table, row in rows.items():
                # Columns that came later are as their defaults say.
                described = connection.execute(f"DESCRIBE {table}").fetchall()
                names = ", ".join(name for name, *_ in described[: len(row)])
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", row
                )
        insert_content(connection)
        connection.execute(
            "INSERT INTO ops.article_change BY NAME SELECT *, article_key AS "
            "change_number, 1 AS run_key, TIMESTAMP '2022-01-07' AS changed_at, "
            "'added' AS change FROM ops.article_state"
        )
        write_sums(connection, 1, {})
    return path
