import json
import time
import urllib.request

import pytest

from flows.prefect_server import own_server, set_quiet_defaults


class PrefectApi:
    """A real server, asked over HTTP as its own UI asks it."""

    def __init__(self, url):
        self.url = url

    def find(self, what, **filters):
        request = urllib.request.Request(
            f"{self.url}/{what}/filter",
            json.dumps(filters).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def flow_run(self, flow_run_id):
        (run,) = self.find("flow_runs", flow_runs={"id": {"any_": [flow_run_id]}})
        return run

    def task_names(self, flow_run_id):
        runs = self.find(
            "task_runs", flow_runs={"id": {"any_": [flow_run_id]}}, limit=200
        )
        return {run["name"].rsplit("-", 1)[0] for run in runs}


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        set_quiet_defaults()
        with own_server(timeout_seconds=120) as url:
            yield PrefectApi(url)


@pytest.fixture(scope="session")
def wait_until():
    """Ask again and again until it is so; fail when it takes too long."""

    def wait(is_so, *, seconds):
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"not so after {seconds} s"
            time.sleep(0.5)

    return wait
