"""A Prefect server that dies in the middle: the run publishes, and the process ends."""

import time

import pytest

# A run of the seed, the patience that Prefect is given after it, and a busy machine.
DEADLINE_SECONDS = 120


@pytest.mark.full
def test_killed_server_neither_loses_nor_holds_the_run(
    newsmill, mortal_server, seed_file, wait_until
):
    server, api = mortal_server
    process = newsmill.start(
        "run",
        seed_file,
        "--json",
        "--warehouse",
        newsmill.warehouse,
        PREFECT_API_URL=api.url,
    )
    lock = newsmill.warehouse.with_name(f"{newsmill.warehouse.name}.lock")
    wait_until(lock.exists, seconds=60)
    assert not newsmill.warehouse.exists(), "killed too late to prove anything"
    server.kill()
    killed_at = time.monotonic()

    out, err = process.communicate(timeout=DEADLINE_SECONDS)

    assert process.returncode == 0, err
    assert time.monotonic() - killed_at < DEADLINE_SECONDS
    assert b'"articles_new": 9' in out
    assert b"Prefect's server does not answer any more" in err
    assert newsmill.sql(
        "SELECT status, articles_new FROM dim_run WHERE run_key <> 0"
    ) == [{"status": "published", "articles_new": 9}]
