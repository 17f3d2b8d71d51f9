"""A table is a suspect as soon as Great Expectations says that a row of it fails."""

import duckdb
import pytest

from expectations.gx.duckdb_datasource import lend
from expectations.gx.suspects import find_suspects
from expectations.rules.vocabulary import (
    between,
    equal,
    one_of,
    present,
    rule_of,
    suite,
    true,
    unique,
    warn,
)

RULE = warn("held", "A rule of a test.", "Look here.")
KINDS = {
    "present": present("a", RULE),
    "unique": unique(["a"], RULE),
    "unique together": unique(["a", "b"], RULE),
    "true": true("yes", RULE),
    "between": between("a", RULE, low=1, high=3),
    "at least": between("a", RULE, low=2),
    "equal": equal("a", "b", RULE),
    "one of": one_of("word", ["it's", "{one}", ":two", "50 %"], RULE),
}
ROWS = [
    "(1, 1, TRUE, 'it''s')",
    "(NULL, 2, FALSE, '{one}')",
    "(2, NULL, NULL, ':two')",
    "(3, 2, TRUE, '50 %')",
    "(4, 4, TRUE, NULL)",
    "(0, 0, TRUE, 'none')",
]
TABLES = [[], *([row] for row in ROWS), [ROWS[0]] * 2, [ROWS[1]] * 2, [ROWS[2]] * 2]


@pytest.mark.parametrize("kind", KINDS)
def test_no_failing_row_is_missed(kind):
    connection = duckdb.connect()
    names = [f"news{place}" for place in range(len(TABLES))]
    for name, rows in zip(names, TABLES, strict=True):
        connection.execute(
            f"CREATE TEMP TABLE {name} (a INTEGER, b INTEGER, yes BOOLEAN, word TEXT)"
        )
        for row in rows:
            connection.execute(f"INSERT INTO {name} VALUES {row}")

    failing = set()
    with lend(connection, names) as batches:
        for name, batch in zip(names, batches, strict=True):
            if not batch.validate(KINDS[kind], result_format="BOOLEAN_ONLY").success:
                failing.add(name)
        suites = {name: suite_of(KINDS[kind]) for name in names}
        suspects = find_suspects(batches[0], suites)

    assert failing
    assert failing <= suspects
    assert names[0] not in suspects


def suite_of(expectation):
    rule = rule_of(expectation)
    made = suite("news", expectation)
    expectation.meta["code"] = rule.code
    return made


def test_all_are_suspects_where_one_cannot_be_asked():
    connection = duckdb.connect()
    connection.execute("CREATE TEMP TABLE news AS SELECT 1 AS a")
    connection.execute("CREATE TEMP TABLE views AS SELECT 1 AS b")

    with lend(connection, ["news", "views"]) as batches:
        asked = {
            "news": suite_of(KINDS["present"]),
            "views": suite_of(KINDS["at least"]),
        }
        suspects = find_suspects(batches[0], asked)

    assert suspects == {"news", "views"}
