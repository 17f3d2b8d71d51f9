"""`newsmill serve` as its user sees it: a UI that answers, schedules that fire."""

import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from flows.prefect_server import free_port, is_healthy
from tests.conftest import Newsmill
from tests.flows.conftest import PrefectApi

# Prefect takes a sixth field, of seconds: nobody has to wait for a minute to pass.
OFTEN = "* * * * * */15"
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "CRASHED"}


class Served:
    """A service under way, and its API."""

    def __init__(self, newsmill, home):
        self.newsmill, self.inputs = newsmill, newsmill.folder / "in"
        self.inputs.mkdir()
        port = free_port()
        self.api = PrefectApi(f"http://127.0.0.1:{port}/api")
        environment = {
            **newsmill.environment, "PREFECT_HOME": str(home),
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
        }  # fmt: skip
        environment.pop("PREFECT_API_URL", None)
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "flows", "serve", str(self.inputs),
                "--warehouse", str(newsmill.warehouse),
                "--cron", OFTEN, "--port", str(port),
            ],
            cwd=newsmill.folder, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def deployment(self, name):
        deployments = self.api.find("deployments")
        return next((found for found in deployments if found["name"] == name), None)

    def ask_for(self, name, at=None, **parameters):
        when = (at or datetime.now(UTC)).isoformat()
        run = self.api.post(
            f"deployments/{self.deployment(name)['id']}/create_flow_run",
            parameters=parameters,
            state={"type": "SCHEDULED", "state_details": {"scheduled_time": when}},
        )
        return run["id"]

    def ended(self, flow_run_id):
        run = self.api.flow_run(flow_run_id)
        return run if run["state_type"] in ENDED else None

    def under_way(self):
        busy = {"type": {"any_": ["PENDING", "RUNNING"]}}
        return self.api.find("flow_runs", flow_runs={"state": busy})

    def articles(self):
        if not self.newsmill.warehouse.exists():
            return 0
        return self.newsmill.sql("SELECT count(*) AS n FROM fact_article")[0]["n"]

    def pause(self, name):
        self.api.post(f"deployments/{self.deployment(name)['id']}/pause_deployment")

    def server(self):
        """The process of Prefect's server."""
        return next(
            child
            for child in psutil.Process(self.process.pid).children()
            if "server" in child.cmdline()
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory, make_prefect_home, wait_until):
    """A service with an ingest every few seconds; ended as a service manager does."""
    served = Served(Newsmill(tmp_path_factory.mktemp("served")), make_prefect_home())
    try:
        wait_until(lambda: is_healthy(served.api.url), seconds=120)
        wait_until(lambda: served.deployment("reclassify"), seconds=60)
        yield served
    finally:
        served.process.send_signal(signal.SIGTERM)
        _, err = served.process.communicate(timeout=90)
    assert served.process.returncode == 128 + signal.SIGTERM, err
    assert b"Traceback" not in err.split(b"Flow run")[0], err


def test_service_is_operated_from_start_to_end(served, seed_file, wait_until):
    """One service, one story: starting it costs more than all that is asked of it."""
    _shows_its_deployments_and_their_limits(served)
    _picks_up_what_comes_between_two_scheduled_runs(served, seed_file, wait_until)
    served.pause("ingest")
    wait_until(lambda: not served.under_way(), seconds=120)
    _refuses_paths_outside_of_its_folders(served, wait_until)
    _keeps_overlapping_runs_apart(served, wait_until)
    _outlives_the_death_of_its_server(served, wait_until)
    _proves_the_warehouse_again(served, wait_until)


def _shows_its_deployments_and_their_limits(served):
    strategies = {
        found["name"]: found["concurrency_options"]["collision_strategy"]
        for found in served.api.find("deployments")
    }
    assert strategies == {
        "ingest": "CANCEL_NEW", "recheck": "CANCEL_NEW", "reclassify": "ENQUEUE"
    }  # fmt: skip
    form = served.deployment("ingest")["parameter_openapi_schema"]["properties"]
    assert form["paths"]["description"].startswith("Folders and files to take in.")
    with urllib.request.urlopen(served.api.url.removesuffix("/api")) as page:
        assert b"Prefect" in page.read()


def _picks_up_what_comes_between_two_scheduled_runs(served, seed_file, wait_until):
    (served.inputs / "seed.txt").write_bytes(seed_file.read_bytes())
    wait_until(lambda: served.articles() == 9, seconds=120)
    (served.inputs / "late.jsonl").write_text('{"title": "Dam opens", "text": "So."}\n')
    wait_until(lambda: served.articles() == 10, seconds=120)
    (automation,) = served.api.find("automations")
    assert automation["trigger"]["within"] == 540


def _refuses_paths_outside_of_its_folders(served, wait_until):
    run = served.ask_for("ingest", paths=["../../etc"])

    ended = wait_until(lambda: served.ended(run), seconds=120)

    assert ended["state_type"] == "FAILED"
    assert "expected a path below" in ended["state"]["message"]


def _keeps_overlapping_runs_apart(served, wait_until):
    (served.inputs / "more.jsonl").write_text('{"title": "Dam shuts", "text": "So."}\n')
    soon = datetime.now(UTC) + timedelta(seconds=3)
    runs = [served.ask_for("ingest", at=soon) for _ in range(2)]

    ended = [wait_until(lambda run=run: served.ended(run), seconds=120) for run in runs]

    states = sorted((run["state_type"], run["state"]["message"]) for run in ended)
    assert states == [
        ("CANCELLED", "Deployment concurrency limit reached."),
        ("COMPLETED", "1 new article"),
    ]
    published = served.newsmill.sql(
        "SELECT flow_run_id FROM dim_run WHERE run_key <> 0 ORDER BY started_at"
    )
    completed = [run["id"] for run in ended if run["state_type"] == "COMPLETED"]
    assert published[-1:] == [{"flow_run_id": completed[0]}]
    assert len(published) == 3


def _outlives_the_death_of_its_server(served, wait_until):
    (served.inputs / "last.jsonl").write_text('{"title": "Dam bursts", "text": "So."}')
    run = served.ask_for("ingest")
    wait_until(lambda: served.api.flow_run(run)["state_type"] == "RUNNING", seconds=120)
    served.server().kill()

    wait_until(lambda: not is_healthy(served.api.url), seconds=30)
    wait_until(lambda: is_healthy(served.api.url), seconds=120)
    ended = wait_until(lambda: served.ended(run), seconds=240)

    assert ended["state_type"] == "COMPLETED"
    assert ended["name"] == "1 file, 1 new article"
    assert served.articles() == 12


def _proves_the_warehouse_again(served, wait_until):
    run = served.ask_for("recheck")

    ended = wait_until(lambda: served.ended(run), seconds=240)

    assert ended["state"]["message"].startswith("0 findings in 12 articles")
    assert {"findings", "quality-checks"} <= set(served.api.artifacts(run))
