"""Near-duplicates and stories of what a run loads, beside what the warehouse holds.

Candidates come from the sketches alone; only their texts are read. The result depends
on what the warehouse holds in the end, not on the order in which it came: an article is
compared with its neighbours in time, so a new one may come between two old ones, whose
pair is then looked at again; and a new one may make boilerplate of what old ones of its
source share, which are then looked at as if they were new.
"""

import logging
import time
from collections.abc import Iterator
from typing import Any, Final

import duckdb
import polars as pl

from transforms.deduplicate.near_duplicates import (
    LIMITS,
    METHOD_VERSION,
    build_article_signature,
    group_stories,
    is_near_duplicate,
    measure_pairs,
)
from warehouse.database.connection import LOADER_MEMORY, read_setting
from warehouse.database.scripts import read_script
from warehouse.runs import RunFacts
from warehouse.staging.load import stage_rows

logger = logging.getLogger(__name__)

_CHUNK_CHARS: Final = 8 << 20
_GIVEN: Final = {
    "method_version": METHOD_VERSION,
    "undated_day": -1_000_000,
    "neighbours": LIMITS.neighbours,
    "shared_values": LIMITS.shared_values,
    "boilerplate_days": LIMITS.boilerplate_days,
    "unsigned_days": LIMITS.unsigned_days,
    # How many may leave at once before all is looked at again.
    "few_articles": 200,
}
# What only the search for pairs needs; texts are among it.
_USED_UP: Final = ("chunked", "wanted_text", "wanted_place", "staged_place")


def link_stories(connection: duckdb.DuckDBPyConnection, run: RunFacts) -> None:
    """Stage pairs of near-duplicates, and every article whose story they change.

    Memory is bounded by the chunk of texts that is compared, and by the pairs.

    Args:
        connection: To the build, loaded.
        run: Whose key the rows get.
    """
    start = time.perf_counter()
    given = _GIVEN | {"run_key": run.key}
    _run(connection, "scope", given)
    ((articles, new, is_disturbed),) = _run(connection, "extent", given).rows()
    if not new and not is_disturbed:
        return
    _sign_unsigned(connection, given)
    is_everything = is_disturbed or 2 * new > articles
    _run(connection, "everything" if is_everything else "additions", given)
    for step in ("holders", "candidates", "retired"):
        _run(connection, step, given)
    _judge_known(connection, given)
    _compare_candidates(connection, given)
    _stage_stories(connection, given, start)


def link_remaining(connection: duckdb.DuckDBPyConnection, run: RunFacts) -> None:
    """Stage the same once more after articles were taken out of staging.

    Where these were few and new, only articles next to them are looked at again.

    Args:
        connection: To the build; `failing_article` tells which ones left.
        run: Whose key the rows get.
    """
    start = time.perf_counter()
    given = _GIVEN | {"run_key": run.key}
    is_simple = _run(connection, "departed", given).item()
    if not is_simple or _run(connection, "unsettled", given).item():
        link_stories(connection, run)
        return
    for step in ("remaining", "candidates", "regained"):
        _run(connection, step, given)
    _judge_known(connection, given)
    # It holds what is near those that left, and no more.
    connection.execute("DROP TABLE temp.holder")
    _compare_candidates(connection, given)
    _stage_stories(connection, given, start)


def _sign_unsigned(
    connection: duckdb.DuckDBPyConnection, given: dict[str, Any]
) -> None:
    if _run(connection, "unsigned", given).item() == 0:
        return
    _put_texts_together(connection, given)
    for texts in _in_chunks(connection, "wanted_text", "place"):
        stage_rows(connection, "article_signature", build_article_signature(texts))


def _put_texts_together(
    connection: duckdb.DuckDBPyConnection, given: dict[str, Any]
) -> None:
    """One thread sorts them: each holds so many that two would not fit."""
    _run(connection, "texts", given)
    threads = read_setting(connection, "threads")
    connection.execute("SET threads = 1")
    try:
        _run(connection, "texts_in_order", given)
    finally:
        connection.execute(f"SET threads = {threads}")


def _judge_known(connection: duckdb.DuckDBPyConnection, given: dict[str, Any]) -> None:
    """Retire known pairs whose dates or sources speak against them by now."""
    known = _run(connection, "judged", given)
    keys = known.filter(~is_near_duplicate()).select("article_key", "other_article_key")
    stage_rows(connection, "retired_pair", keys)


def _compare_candidates(
    connection: duckdb.DuckDBPyConnection, given: dict[str, Any]
) -> None:
    _run(connection, "comparisons", given)
    _put_texts_together(connection, given)
    for pairs in _in_chunks(connection, "new_candidate", "place, other_place"):
        connection.register("chunk", pairs.to_arrow())
        texts = _fetch(
            connection,
            "SELECT article_key, title, title_basis, body FROM wanted_text SEMI JOIN ("
            "SELECT place FROM chunk UNION SELECT other_place FROM chunk"
            ") USING (place) ORDER BY place",
        )
        connection.unregister("chunk")
        found = measure_pairs(pairs.drop("place", "other_place"), texts)
        rows = found.with_columns(
            method_version=pl.lit(METHOD_VERSION, pl.UInt8),
            run_key=pl.lit(given["run_key"], pl.Int64),
        )
        stage_rows(connection, "fact_article_pair", rows)
    for table in _USED_UP:
        connection.execute(f"DROP TABLE temp.{table}")


def _stage_stories(
    connection: duckdb.DuckDBPyConnection, given: dict[str, Any], start: float
) -> None:
    pairs = _run(connection, "pairs", given)
    connection.register("paired", pairs.to_arrow())
    articles = _fetch(
        connection,
        "SELECT article_key, nullif(day, $undated_day) AS day FROM linked_article "
        "SEMI JOIN ("
        "SELECT article_key FROM paired UNION SELECT other_article_key FROM paired"
        ") USING (article_key)",
        {"undated_day": given["undated_day"]},
    )
    connection.unregister("paired")
    connection.register("grouped_article", group_stories(articles, pairs).to_arrow())
    _run(connection, "stories", given)
    connection.unregister("grouped_article")
    logger.info(
        "Linked %d articles by %d pairs of near-duplicates (%.2f s)",
        len(articles),
        len(pairs),
        time.perf_counter() - start,
    )


def _in_chunks(
    connection: duckdb.DuckDBPyConnection, table: str, order: str
) -> Iterator[pl.DataFrame]:
    """Rows of a temporary table, so many that their texts stay below the bound."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE chunked AS SELECT *, "  # noqa: S608 - ours
        f"sum(char_count) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) "
        f"// {_CHUNK_CHARS} AS number FROM {table}"
    )
    numbers = connection.execute("SELECT DISTINCT number FROM chunked ORDER BY number")
    for (number,) in numbers.fetchall():
        yield _fetch(
            connection,
            "SELECT * EXCLUDE (number, char_count) FROM chunked "  # noqa: S608
            f"WHERE number = $number ORDER BY {order}",
            {"number": number},
        )


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, given: dict[str, Any]
) -> pl.DataFrame:
    """Run the statements of `sql/link/<name>.sql`; rows of the last one."""
    for statement in connection.extract_statements(read_script("link", name)):
        wanted = {key: given[key] for key in statement.named_parameters}
        answer = _execute(connection, statement, wanted)
    return answer


def _execute(
    connection: duckdb.DuckDBPyConnection,
    statement: duckdb.Statement,
    given: dict[str, Any],
) -> pl.DataFrame:
    """Run a statement, once more with all the memory there is where it needs that."""
    try:
        return connection.execute(statement, given).pl()
    except duckdb.OutOfMemoryException:
        # What texts need and cannot be spilled grows with their length.
        usual = read_setting(connection, "memory_limit")
        connection.execute(f"SET memory_limit = '{LOADER_MEMORY}'")
        answer = connection.execute(statement, given).pl()
        connection.execute(f"SET memory_limit = '{usual}'")
        return answer


def _fetch(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    given: dict[str, Any] | None = None,
) -> pl.DataFrame:
    return connection.execute(select, given or {}).pl()
