"""Runs that nobody ends: an audit that fails, a machine that dies, what came due since.

The Prefect server is a lasting one that the services are told of, as with work pools.
"""

import subprocess
import sys
from datetime import UTC, datetime

import filelock
import pytest

from tests.conftest import ROOT
from tests.faults.injected.sitecustomize import injected
from tests.flows.served import Served

# The shortest that Prefect allows; a run is given up after three.
BEAT_SECONDS = 30
PATIENCE_SECONDS = 3 * BEAT_SECONDS + 90


def in_states(api, *types):
    return api.find("flow_runs", flow_runs={"state": {"type": {"any_": list(types)}}})


def overdue(api):
    """Scheduled runs that should have started."""
    now = {"before_": datetime.now(UTC).isoformat()}
    return api.find(
        "flow_runs",
        flow_runs={
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "next_scheduled_start_time": now,
        },
    )


@pytest.mark.full
def test_runs_that_nobody_ends_are_settled(
    newsmill, mortal_server, seed_file, wait_until, request
):
    _, api = mortal_server
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "seed.txt").write_bytes(seed_file.read_bytes())

    _fails_scheduled_runs_whose_audit_fails(newsmill, api, wait_until)
    _gives_up_a_run_whose_machine_died(newsmill, api, wait_until)
    _does_at_once_what_came_due_in_a_downtime(newsmill, api, wait_until)
    _are_seen_in_a_browser(request, api)


def _fails_scheduled_runs_whose_audit_fails(newsmill, api, wait_until):
    served = Served(newsmill, api, **injected("spans_too_long"))
    try:
        failed = wait_until(lambda: in_states(api, "FAILED"), seconds=120)
    finally:
        served.stop()

    assert failed[0]["state"]["message"].startswith("audit failed, nothing was")
    assert "failure" in api.artifacts(failed[0]["id"])
    assert not newsmill.warehouse.exists()


def _gives_up_a_run_whose_machine_died(newsmill, api, wait_until):
    crashed_before = len(in_states(api, "CRASHED"))
    with filelock.FileLock(newsmill.folder / f"{newsmill.warehouse.name}.lock"):
        served = Served(
            newsmill, api, PREFECT_FLOWS_HEARTBEAT_FREQUENCY=str(BEAT_SECONDS)
        )
        (run,) = wait_until(lambda: in_states(api, "RUNNING"), seconds=120)
        beat = {
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "resource": {"id": [f"prefect.flow-run.{run['id']}"]},
        }
        # The server takes notice of a changed automation only every few seconds, so it
        # is to hear a second beat after the first.
        wait_until(
            lambda: len(api.post("events/filter", filter=beat)["events"]) > 1,
            seconds=3 * BEAT_SECONDS,
        )
        served.kill()

        ended = wait_until(
            lambda: in_states(api, "CRASHED")[crashed_before:],
            seconds=PATIENCE_SECONDS,
        )

    assert [found["id"] for found in ended] == [run["id"]]
    assert ended[0]["state"]["message"].startswith("No heartbeat")
    assert not newsmill.warehouse.exists()


def _does_at_once_what_came_due_in_a_downtime(newsmill, api, wait_until):
    # While the dead run held the slot, the server cancelled what came due.
    assert not in_states(api, "PENDING", "RUNNING")
    waiting = len(wait_until(lambda: overdue(api)[3:] and overdue(api), seconds=120))
    (automation,) = api.find("automations")
    served = Served(newsmill, api, PREFECT_FLOWS_HEARTBEAT_FREQUENCY=str(BEAT_SECONDS))
    try:
        wait_until(lambda: served.articles() == 9, seconds=120)
        wait_until(lambda: not overdue(api), seconds=60)
        did = "1 file, 9 new articles"
        wait_until(
            lambda: did in [run["name"] for run in in_states(api, "COMPLETED")],
            seconds=60,
        )
        completed = in_states(api, "COMPLETED")
        cancelled = in_states(api, "CANCELLED")
    finally:
        served.stop()

    assert api.find("automations") == [automation]
    assert [run["name"] for run in completed].count(did) == 1
    assert len(completed) < waiting
    assert len(cancelled) >= waiting - len(completed)
    assert newsmill.sql("SELECT status FROM dim_run WHERE run_key <> 0") == [
        {"status": "published"}
    ]


def _are_seen_in_a_browser(request, api):
    page = request.getfixturevalue("chromium").new_page()
    for state, name in {
        "FAILED": "ingest",
        "CRASHED": "ingest",
        "COMPLETED": "1 file, 9 new articles",
    }.items():
        run = next(run for run in in_states(api, state) if run["name"] == name)
        page.goto(f"{api.url.removesuffix('/api')}/runs/flow-run/{run['id']}")
        page.get_by_text(name, exact=True).first.wait_for()
        page.get_by_text(state.capitalize(), exact=True).first.wait_for()
    page.close()


TIMED_RUN = """
import sys
from pathlib import Path
from flows.orchestration.prefect_flows import ingest
from flows.orchestration.parameters import Caller, called_by
from flows.settings import Settings
seeds, warehouse = map(Path, sys.argv[1:])
with called_by(Caller(Settings(warehouse=warehouse, seeds=(seeds,)))):
    state = ingest.with_options(timeout_seconds=3)(return_state=True)
print(state.name)
"""


@pytest.mark.full
def test_run_that_takes_too_long_ends_as_timed_out(newsmill, prefect_api, seed_file):
    with filelock.FileLock(newsmill.folder / f"{newsmill.warehouse.name}.lock"):
        ended = subprocess.run(
            [sys.executable, "-c", TIMED_RUN, seed_file, newsmill.warehouse],
            env={**newsmill.environment, "PREFECT_API_URL": prefect_api.url},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )

    assert ended.stdout == "TimedOut\n"
    (run,) = prefect_api.find(
        "flow_runs", flow_runs={"state": {"name": {"any_": ["TimedOut"]}}}
    )
    assert run["state_type"] == "FAILED"
    assert "exceeded timeout of 3" in run["state"]["message"]
    assert not newsmill.warehouse.exists()
