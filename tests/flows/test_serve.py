"""`newsmill serve` as its user sees it: a UI that answers, schedules that fire."""

import signal
import socket
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import filelock
import psutil
import pytest

from flows.api_address import is_healthy
from tests.conftest import Newsmill
from tests.flows.served import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory, make_prefect_home, wait_until):
    """A service with an ingest every few seconds; ended as a service manager does."""
    newsmill = Newsmill(tmp_path_factory.mktemp("served"))
    served = Served(newsmill, PREFECT_HOME=str(make_prefect_home()))
    try:
        wait_until(served.is_ready, seconds=120)
        yield served
    finally:
        code, err = served.stop()
    assert code == 128 + signal.SIGTERM, err
    assert "Traceback" not in err.split("Flow run")[0], err
    assert "RuntimeWarning" not in err, err
    assert "newsmill: the service is stopped, its runs with it\n" in err
    assert f"its password: the first line of {served.note}\n" in err
    assert served.leftovers() == []


@pytest.mark.full
def test_service_is_operated_from_start_to_end(served, seed_file, wait_until):
    """One service, one story: starting it costs more than all that is asked of it."""
    _shows_its_deployments_and_their_limits(served)
    _picks_up_what_comes_between_two_scheduled_runs(served, seed_file, wait_until)
    served.pause("ingest")
    wait_until(lambda: not served.under_way(), seconds=120)
    _refuses_paths_outside_of_its_folders(served, wait_until)
    _does_what_comes_due_beside_a_run_of_a_bad_path(served, wait_until)
    _keeps_overlapping_runs_apart_though_its_server_dies(served, wait_until)
    _proves_the_warehouse_again(served, wait_until)
    _refuses_a_deployment_that_somebody_changed(served, wait_until)
    _records_what_its_user_runs_beside_it(served, seed_file)


def _shows_its_deployments_and_their_limits(served):
    strategies = {
        found["name"]: found["concurrency_options"]["collision_strategy"]
        for found in served.api.find("deployments")
    }
    assert strategies == {
        "ingest": "ENQUEUE",
        "recheck": "CANCEL_NEW",
        "reclassify": "ENQUEUE",
    }
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


def _does_what_comes_due_beside_a_run_of_a_bad_path(served, wait_until):
    soon = datetime.now(UTC) + timedelta(seconds=3)
    missing = [str(served.inputs / "missing")]
    runs = [served.ask_for("ingest", at=soon, paths=missing)]
    runs.append(served.ask_for("ingest", at=soon))

    ended = [wait_until(lambda run=run: served.ended(run), seconds=240) for run in runs]

    assert [run["state_type"] for run in ended] == ["FAILED", "COMPLETED"]
    assert "does not exist" in ended[0]["state"]["message"]


def _refuses_paths_outside_of_its_folders(served, wait_until):
    run = served.ask_for("ingest", paths=["../../etc"])

    ended = wait_until(lambda: served.ended(run), seconds=120)

    assert ended["state_type"] == "FAILED"
    assert "expected a path below" in ended["state"]["message"]


def _keeps_overlapping_runs_apart_though_its_server_dies(served, wait_until):
    (served.inputs / "more.jsonl").write_text('{"title": "Dam shuts", "text": "So."}\n')
    soon = datetime.now(UTC) + timedelta(seconds=3)
    runs = [served.ask_for("ingest", at=soon) for _ in range(2)]

    def states():
        return sorted(served.api.flow_run(run)["state_type"] for run in runs)

    wait_until(lambda: states() == ["RUNNING", "SCHEDULED"], seconds=120)
    served.server().kill()
    wait_until(lambda: not is_healthy(served.api.url), seconds=30)
    wait_until(lambda: is_healthy(served.api.url), seconds=120)
    ended = [wait_until(lambda run=run: served.ended(run), seconds=240) for run in runs]

    told = sorted((run["state_type"], run["state"]["message"]) for run in ended)
    assert told == [
        ("COMPLETED", "0 new articles"),
        ("COMPLETED", "1 new article"),
    ]
    (completed,) = (run for run in ended if "1 new" in run["state"]["message"])
    assert completed["name"] == "1 file, 1 new article"
    published = served.newsmill.sql(
        "SELECT flow_run_id FROM dim_run WHERE run_key <> 0 ORDER BY started_at"
    )
    assert len(published) == 3
    assert published[-1] == {"flow_run_id": completed["id"]}


def _proves_the_warehouse_again(served, wait_until):
    run = served.ask_for("recheck")

    ended = wait_until(lambda: served.ended(run), seconds=240)

    assert ended["state"]["message"].startswith("0 findings in 11 articles")
    assert {"findings", "quality-checks"} <= set(served.api.artifacts(run))


def _refuses_a_deployment_that_somebody_changed(served, wait_until):
    touched = served.newsmill.folder / "touched"
    shell = {
        "prefect.deployments.steps.run_shell_script": {"script": f"touch {touched}"}
    }
    where = f"deployments/{served.deployment('recheck')['id']}"
    served.api.post(where, "PATCH", entrypoint="os.path.join", pull_steps=[shell])
    run = served.ask_for("recheck")

    ended = wait_until(lambda: served.ended(run), seconds=240)

    assert ended["state_type"] == "FAILED"
    assert ended["state"]["message"].startswith("the deployment recheck was changed")
    assert not touched.exists()


def _records_what_its_user_runs_beside_it(served, seed_file):
    beside = served.newsmill.folder / "beside"
    beside.mkdir()
    newsmill = Newsmill(beside)

    ended = newsmill(
        "run",
        seed_file,
        "--json",
        "--warehouse",
        newsmill.warehouse,
        PREFECT_HOME=str(served.home),
    )

    run = served.api.flow_run(ended.json["flow_run_id"])
    assert run["state"]["message"] == "9 new articles"


@pytest.mark.full
def test_killed_service_leaves_nothing_behind(
    newsmill, make_prefect_home, seed_file, wait_until
):
    served = Served(newsmill, PREFECT_HOME=str(make_prefect_home()))
    (served.inputs / "seed.txt").write_bytes(seed_file.read_bytes())
    with filelock.FileLock(f"{newsmill.warehouse}.lock"):
        wait_until(served.is_ready, seconds=120)
        wait_until(served.running, seconds=120)
        known = {"PREFECT_HOME": str(served.home), "NEWSMILL_SEEDS": str(served.inputs)}
        asked = newsmill.here("doctor", **known)
        assert f"answers at {served.api.url}" in asked.out
        service = psutil.Process(served.process.pid)
        family = service.children(recursive=True)
        shared = {path for one in family for path in shared_memory(one)}
        assert served.leftovers()

        served.process.kill()

        gone, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    assert len(gone) > 1
    assert served.leftovers() == []
    assert [path for path in shared if Path(path).exists()] == []
    with socket.create_server(("127.0.0.1", urlsplit(served.api.url).port)):
        asked = newsmill.here("doctor", **known)
    assert "no service of yours runs" in asked.out
    served.process.communicate()


def shared_memory(process):
    """Semaphores and memory that a process shares with others."""
    maps = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
    return {word for word in maps.split() if word.startswith("/dev/shm/")}
