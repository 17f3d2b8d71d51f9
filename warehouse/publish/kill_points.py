"""Named places where a test may kill the process; inert otherwise."""

import os
import signal
from typing import Final

import duckdb

STEPS: Final = (
    "during_copy",
    "after_copy",
    "after_migrate",
    "after_load",
    "before_commit",
    "after_commit",
    "after_checkpoint",
    "before_replace",
    "after_replace",
)


def stop_here(step: str) -> None:
    """Kill this process without warning when a test asked for it at this step."""
    assert step in STEPS
    if (
        os.environ.get("NEWSMILL_TESTING") == "1"
        and os.environ.get("NEWSMILL_TEST_STOP") == step
    ):
        os.kill(os.getpid(), signal.SIGKILL)


BREAKS: Final = {
    "spans_too_long": "UPDATE staging.fact_occurrence "
    "SET char_end = char_end + 1000000",
    "one_title_empty": "UPDATE staging.fact_article SET title = '' WHERE article_key = "
    "(SELECT min(article_key) FROM staging.fact_article)",
}


def break_here(connection: duckdb.DuckDBPyConnection) -> None:
    """Spoil the staged rows in a named way when a test asked for it."""
    wanted = os.environ.get("NEWSMILL_TEST_BREAK", "")
    if os.environ.get("NEWSMILL_TESTING") == "1" and wanted:
        connection.execute(BREAKS[wanted])
