"""The server that a run brings: it records as a whole one does, and ends with it."""

import signal
import socket
import subprocess
import sys
from collections import Counter

import psutil
import pytest

from flows.api_address import LOOPBACK
from flows.orchestration.supervised_server import stop_server, wait_until_healthy
from flows.orchestration.server.server_process import start_server
from tests.flows.conftest import PrefectApi, running_server

NO_SERVER = {"PREFECT_SERVER_API_PORT": "9"}
# Compiled code with threads keeps a run from forking its server off.
WITH_THREADS = "import polars\nfrom flows.cli.app import main\nmain()"
# Each is answered by a router that no run asks first.
ASKED_RARELY = [
    "deployments/filter",
    "block_types/filter",
    "work_pools/filter",
    "variables/filter",
    "task_runs/count",
    "automations/filter",
    "concurrency_limits/filter",
    "ui/flow_runs/history",
]


def what_is_recorded(api, flow_run_id):
    """All that Prefect knows of a run, but for ids and times."""
    of_run = {"flow_runs": {"id": {"any_": [flow_run_id]}}}
    run = api.flow_run(flow_run_id)
    tasks = api.find("task_runs", **of_run, limit=200)
    logs = api.find("logs", logs={"flow_run_id": {"any_": [flow_run_id]}}, limit=200)
    events = api.find(
        "events", filter={"any_resource": {"id": [f"prefect.flow-run.{flow_run_id}"]}}
    )["events"]
    timed = [run, *tasks]
    assert all(one["start_time"] <= one["end_time"] for one in timed)
    assert all(
        run["start_time"] <= task["start_time"] and task["end_time"] <= run["end_time"]
        for task in tasks
    )
    return {
        "run": (run["name"], run["state_name"], run["state"]["message"]),
        "fields": sorted(name for name, value in run.items() if value is not None),
        "tasks": sorted((task["name"], task["state_name"]) for task in tasks),
        "artifacts": {
            key: (shown["type"], shown["description"])
            for key, shown in api.artifacts(flow_run_id).items()
        },
        "logs": Counter(
            line["message"] for line in logs if "View at" not in line["message"]
        ),
        # Whether a key of an artifact is new depends on what ran there before.
        "events": Counter(
            event["event"].replace("collection.updated", "collection.created")
            for event in events
        ),
    }


@pytest.fixture(scope="module")
def recorded_whole(
    make_newsmill, tmp_path_factory, record, prefect_api, seed_file, wait_until
):
    """What a whole server records of the seed, when its queues are empty."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("whole"))
    flow_run_id = record(newsmill, seed_file).json["flow_run_id"]
    seen = []

    def is_settled():
        seen.append(what_is_recorded(prefect_api, flow_run_id))
        events = seen[-1]["events"]
        is_still = len(seen) > 3 and seen[-1] == seen[-4]
        return is_still and events["prefect.flow-run.Completed"]

    wait_until(is_settled, seconds=60)
    return seen[-1]


@pytest.mark.parametrize(
    "how", [["-m", "flows"], ["-c", WITH_THREADS]], ids=["forked", "started"]
)
def test_own_server_records_what_a_whole_one_does(
    newsmill, make_prefect_home, seed_file, recorded_whole, how
):
    home = make_prefect_home()
    ended = subprocess.run(
        [
            sys.executable,
            *how,
            "run",
            str(seed_file),
            "--json",
            "--warehouse",
            str(newsmill.warehouse),
        ],
        env={**newsmill.environment, **NO_SERVER, "PREFECT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )

    flow_run_id = newsmill.sql("SELECT flow_run_id FROM dim_run WHERE run_key <> 0")
    with running_server(home) as (_, api):
        recorded = what_is_recorded(api, flow_run_id[0]["flow_run_id"])
    assert recorded == recorded_whole
    assert '"status": "published"' in ended.stdout


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_own_server_ends_with_its_run(
    newsmill, make_prefect_home, seed_file, wait_until, number
):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(seed_file),
            "--warehouse",
            str(newsmill.warehouse),
        ],
        env={
            **newsmill.environment,
            **NO_SERVER,
            "PREFECT_HOME": str(make_prefect_home()),
        },
        stderr=subprocess.DEVNULL,
    )
    run = psutil.Process(process.pid)
    wait_until(lambda: listening(run), seconds=60)
    family = run.children(recursive=True)

    process.send_signal(number)

    process.wait(30)
    gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    assert gone


def listening(run):
    """Processes below a run that wait for connections."""
    return [
        one
        for one in run.children(recursive=True)
        if any(line.status == psutil.CONN_LISTEN for line in one.net_connections())
    ]


@pytest.fixture
def started_server(make_prefect_home, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(make_prefect_home()))
    with socket.create_server((LOOPBACK, 0)) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}/api"
        server = start_server(listener)
    wait_until_healthy(server, url, 120)
    yield server, PrefectApi(url)
    stop_server(server)


def test_own_server_answers_all_that_a_whole_one_does(started_server):
    _, api = started_server

    for path in ASKED_RARELY:
        body = {"history_start": "2026-01-01T00:00:00Z"} if "history" in path else {}
        assert api.post(path, **body) is not None


def test_own_server_ends_when_it_is_asked_to(started_server):
    server, _ = started_server

    server.terminate()

    assert server.wait(20) == -signal.SIGTERM
