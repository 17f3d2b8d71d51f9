"""Past one service: a server on PostgreSQL, `prefect deploy`, a worker of a pool."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.conftest import ROOT
from tests.flows.conftest import running_server
from tests.scale.machines import POSTGRES, Postgres, run_quietly


@pytest.fixture
def postgres_api(tmp_path):
    """A server of Prefect whose database is a PostgreSQL of its own."""
    if not POSTGRES:
        pytest.skip("no PostgreSQL here (Debian: apt install postgresql)")
    postgres = Postgres()
    try:
        where = ("-h", postgres.folder, "-U", "newsmill")
        run_quietly(postgres.binaries / "createdb", *where, "prefect")
        url = f"postgresql+asyncpg://newsmill@/prefect?host={postgres.folder}"
        home = tmp_path / "server"
        home.mkdir()
        database = {"PREFECT_API_DATABASE_CONNECTION_URL": url}
        with running_server(home, **database) as (_, api):
            count = "SELECT count(*) FROM flow_run WHERE state_type = 'COMPLETED'"
            api.count_completed = lambda: run_quietly(
                postgres.binaries / "psql", *where, "-Atc", count, "prefect"
            ).strip()
            yield api
    finally:
        postgres.stop()


@pytest.mark.full
def test_worker_of_a_pool_runs_what_prefect_deploy_deployed(
    newsmill, postgres_api, seed_file
):
    api = postgres_api

    def prefect(*words):
        subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *words],
            cwd=ROOT,
            timeout=180,
            check=True,
            capture_output=True,
            env={
                **newsmill.environment,
                "PREFECT_API_URL": api.url,
                "NEWSMILL_SEEDS": str(seed_file),
                "NEWSMILL_WAREHOUSE": str(newsmill.warehouse),
            },
        )

    prefect("work-pool", "create", "newsmill", "--type", "process")
    prefect("deploy", "--all")
    deployments = {found["name"]: found for found in api.find("deployments")}
    assert set(deployments) == {"ingest", "recheck", "reclassify"}
    run = api.post(
        f"deployments/{deployments['ingest']['id']}/create_flow_run",
        state={
            "type": "SCHEDULED",
            "state_details": {"scheduled_time": datetime.now(UTC).isoformat()},
        },
    )
    prefect("worker", "start", "--pool", "newsmill", "--run-once")

    ended = api.flow_run(run["id"])
    assert (ended["state_type"], ended["name"]) == (
        "COMPLETED",
        "1 file, 9 new articles",
    )
    assert newsmill.sql("SELECT flow_run_id FROM dim_run WHERE run_key <> 0") == [
        {"flow_run_id": run["id"]}
    ]
    beats = {"event": {"name": ["prefect.flow-run.heartbeat"]}}
    assert api.post("events/filter", filter=beats)["events"]
    assert api.count_completed() == "1"
