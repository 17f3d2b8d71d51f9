"""`newsmill serve` under way, for the tests that operate it."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil

from flows.api_address import free_port, is_healthy
from tests.flows.conftest import PrefectApi

# Prefect takes a sixth field, of seconds: nobody has to wait for a minute to pass.
OFTEN = "* * * * * */15"
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "CRASHED"}
OFTEN_LOOKED = {
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
}


class Served:
    """A service under way, and its API: that of a server of its own unless named."""

    def __init__(self, newsmill, api=None, **environment):
        self.newsmill, self.inputs = newsmill, newsmill.folder / "in"
        self.inputs.mkdir(exist_ok=True)
        port = free_port()
        known = {**newsmill.environment, **OFTEN_LOOKED, **environment}
        self.home = Path(known["PREFECT_HOME"])
        self.note = self.home / "newsmill-service"
        self.temporary = newsmill.folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        known["TMPDIR"] = str(self.temporary)
        known["HOME"] = str(newsmill.folder)
        self.api = api or PrefectApi(f"http://127.0.0.1:{port}/api", self.note)
        known.pop("PREFECT_API_URL", None)
        if api:
            known["PREFECT_API_URL"] = api.url
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flows",
                "serve",
                str(self.inputs),
                "--warehouse",
                str(newsmill.warehouse),
                "--cron",
                OFTEN,
                "--port",
                str(port),
            ],
            cwd=newsmill.folder,
            env=known,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def is_ready(self):
        """Whether its own server answers, and knows the last deployment."""
        is_told = self.note.is_file() and self.note.stat().st_size
        return is_told and is_healthy(self.api.url) and self.deployment("reclassify")

    def leftovers(self):
        """Temporary files, of which there should be none once it has ended."""
        return [*self.temporary.iterdir(), *self.home.glob("*.tmp")]

    def stop(self):
        """As a service manager does; the exit code, and what was said."""
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=90)
        return self.process.returncode, err.decode()

    def kill(self):
        """As when its machine dies: the service and its runs, without a word."""
        family = psutil.Process(self.process.pid)
        for process in [family, *family.children(recursive=True)]:
            process.kill()
        self.process.communicate()

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

    def running(self):
        return self.in_states("RUNNING")

    def under_way(self):
        return self.in_states("PENDING", "RUNNING")

    def in_states(self, *types):
        wanted = {"state": {"type": {"any_": list(types)}}}
        return self.api.find("flow_runs", flow_runs=wanted)

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
            if "flows.orchestration.server_process" in child.cmdline()
        )
