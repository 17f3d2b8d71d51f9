"""The server that a run brings: it comes back when it dies, and ends with its run."""

import os
import signal

import psutil
import pytest

from flows.api_address import is_healthy
from tests.flows.conftest import PrefectApi, running_server


@pytest.fixture
def start_run(newsmill, make_prefect_home, seed_file):
    """Start a run that has to bring its own server; its process and Prefect's home."""

    def start():
        home = make_prefect_home()
        (home / "tmp").mkdir()
        process = newsmill.start(
            "run",
            seed_file,
            "--json",
            "--warehouse",
            newsmill.warehouse,
            PREFECT_HOME=str(home),
            TMPDIR=str(home / "tmp"),
        )
        return process, home

    return start


def listening(run):
    """Processes below a run that wait for connections."""
    return [
        one
        for one in run.children(recursive=True)
        if any(line.status == psutil.CONN_LISTEN for line in one.net_connections())
    ]


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.full)]
)
def test_own_server_ends_with_its_run(start_run, wait_until, number):
    process, home = start_run()
    run = psutil.Process(process.pid)
    (server,) = wait_until(lambda: listening(run), seconds=60)
    port = server.net_connections()[0].laddr.port
    wait_until(lambda: is_healthy(f"http://127.0.0.1:{port}/api"), seconds=60)
    stranger = PrefectApi(f"http://127.0.0.1:{port}/api")
    assert stranger.ask("variables/filter", "POST", {})[0] == 403
    assert stranger.ask("admin/version")[0] == 401
    assert stranger.ask("admin/version", Host="hostile.test")[0] == 400
    family = run.children(recursive=True)

    process.send_signal(number)

    process.communicate(timeout=30)
    gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    assert gone
    assert list((home / "tmp").iterdir()) == []


@pytest.mark.full
def test_own_server_that_is_killed_comes_back_and_has_it_all(
    newsmill, start_run, wait_until
):
    process, home = start_run()
    run = psutil.Process(process.pid)
    lock = newsmill.warehouse.with_name(f"{newsmill.warehouse.name}.lock")
    wait_until(lock.exists, seconds=60)
    (server,) = listening(run)
    assert not newsmill.warehouse.exists(), "killed too late to prove anything"
    os.kill(server.pid, signal.SIGKILL)

    out, err = process.communicate(timeout=120)

    assert process.returncode == 0, err
    assert b'"articles_new": 9' in out
    assert b"starting it again" in err
    (row,) = newsmill.sql("SELECT flow_run_id FROM dim_run WHERE run_key <> 0")
    with running_server(home) as (_, api):
        found = api.flow_run(row["flow_run_id"])
        assert found["state"]["message"] == "9 new articles"
        assert {"discover", "split", "publish"} <= api.task_names(found["id"])


@pytest.mark.full
def test_run_begins_the_home_of_its_warehouse(newsmill, seed_file):
    words = ("run", seed_file, "--warehouse", newsmill.warehouse)
    home = {"PREFECT_HOME": "", "HOME": str(newsmill.folder)}

    newsmill(*words, **home)

    (made,) = (newsmill.folder / ".prefect" / "newsmill").iterdir()
    assert made.name.startswith("news-")
    assert (made / "prefect.db").is_file()
    assert not (newsmill.folder / "prefect").exists()
