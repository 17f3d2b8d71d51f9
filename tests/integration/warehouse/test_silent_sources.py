"""Sources that had news on nearly every day and stopped, by the view and the audit."""

from datetime import date, timedelta

import duckdb
import pytest

from expectations.rules.thresholds import DEFAULT
from expectations.screens.screens import make_screens
from flows.tasks.summary import RunSummary
from flows.tasks.summary_text import summary_rows
from warehouse.database.schema import create_staging, create_warehouse

FIRST = date(2022, 1, 3)  # a Monday
DAILY = range(30)
# The others, so that there are days to be silent on.
OTHERS = range(60)
CASES = {
    "stopped": (DAILY, True),
    "still there": (range(54), False),
    "five days a week": ([n for n in range(33) if n % 7 < 5], True),
    "a weekend more than a week": ([n for n in range(54) if n % 7 < 5], False),
    "weekly": (range(0, 30, 7), False),
    "too few to tell": (range(13), False),
    "a pause as it has had before": (
        [n for n in range(50) if n % 10 > 4],
        False,
    ),
}


@pytest.fixture
def warehouse():
    with duckdb.connect(":memory:") as connection:
        create_warehouse(connection)
        create_staging(connection)
        yield connection


def publish(connection, days_by_source):
    """An article of a source for each of its days, counted from the first."""
    wanted = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = "
        "'fact_article' AND database_name = current_database() AND NOT is_nullable"
    ).fetchall()
    zeros = ", ".join(
        f"CAST({'false' if kind == 'BOOLEAN' else 0} AS {kind}) AS {name}"
        for name, kind in wanted
        if name not in ("source_key", "published_date_key")
    )
    connection.execute(
        "INSERT INTO main.dim_date BY NAME SELECT strftime(day, '%Y%m%d')::INTEGER "
        "AS date_key, day::DATE AS date FROM range(?::DATE, ?::DATE, INTERVAL 1 DAY) "
        "AS days(day)",
        [FIRST, FIRST + timedelta(600)],
    )
    for key, (name, numbers) in enumerate(days_by_source.items(), 1):
        connection.execute(
            "INSERT INTO main.dim_source BY NAME SELECT ? AS source_key, ? AS name",
            [key, name],
        )
        connection.execute(
            f"INSERT INTO main.fact_article BY NAME SELECT ? AS source_key, {zeros}, "
            "strftime(?::DATE + unnest(?::INTEGER[]), '%Y%m%d')::INTEGER "
            "AS published_date_key",
            [key, FIRST, list(numbers)],
        )


def silent(connection):
    """Names by the view; what the audit finds in the same rows is the same."""
    parameters = {"run_date": FIRST, **vars(DEFAULT)}
    with make_screens(connection, ["silent_source"], parameters) as (screen,):
        screened = connection.execute(
            f"SELECT name FROM temp.{screen} INNER JOIN main.dim_source "
            "USING (source_key) WHERE NOT is_heard ORDER BY name"
        ).fetchall()
    rows = connection.execute(
        "SELECT source FROM main.silent_source ORDER BY source"
    ).fetchall()
    assert rows == screened
    return [name for (name,) in rows]


@pytest.mark.parametrize("name", CASES)
def test_source_is_silent_that_was_daily_and_stopped(warehouse, name):
    days, is_silent = CASES[name]

    publish(warehouse, {"Others": OTHERS, name: days})

    assert silent(warehouse) == ([name] if is_silent else [])


def test_silence_is_told_with_its_days(warehouse):
    publish(warehouse, {"Others": OTHERS, "Daily Beacon": DAILY})

    (row,) = warehouse.execute(
        "SELECT source, last_day, day_count, usual_gap_days, days_silent "
        "FROM main.silent_source"
    ).fetchall()

    assert row == ("Daily Beacon", FIRST + timedelta(29), 30, 1, 30)


def test_one_wrong_day_or_a_hole_for_all_is_nobodys_silence(warehouse):
    publish(warehouse, {"Others": [*DAILY, 100], "Daily Beacon": DAILY})

    assert silent(warehouse) == []


def test_after_a_year_it_is_no_news(warehouse):
    publish(warehouse, {"Others": range(500), "Daily Beacon": DAILY})

    assert silent(warehouse) == []


def test_summary_names_the_first_that_stopped():
    sources = [
        {"source": f"Beacon {n}", "last_day": "2022-02-01", "days_silent": 9}
        for n in range(7)
    ]

    rows = dict(
        summary_rows(RunSummary("r", None, "published", {}, silent_sources=sources))
    )

    assert rows["silent"].startswith("Beacon 0, last on 2022-02-01 · Beacon 1, ")
    assert rows["silent"].endswith('2 more: newsmill query "FROM silent_source"')
    assert "silent" not in dict(summary_rows(RunSummary("r", None, "published", {})))
