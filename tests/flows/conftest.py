import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from functools import partial
from unittest.mock import patch

import pytest

from flows.api_address import (
    LOOPBACK,
    QUIET_DEFAULTS,
    Api,
    free_port,
    prefect_home,
    prepared_home,
)
from flows.orchestration.protected_server import (
    api_at,
    make_auth_string,
    start_server,
)
from flows.orchestration.supervised_server import stop_server, wait_until_healthy
from tests import waiting
from tests.conftest import Newsmill


class PrefectApi:
    """A real server, asked over HTTP as its own UI asks it.

    Attributes:
        url: Where.
        note: Of a service whose server it is, and which it needs the password of.
    """

    def __init__(self, url, note=None):
        self.url, self.note = url, note
        self.token = {}

    def ask(self, what, method="GET", body=None, **headers):
        """One request, and the answer as it comes: status and text."""
        request = urllib.request.Request(
            f"{self.url}/{what}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def credentials(self):
        """What only who can read the note has."""
        if self.note is None:
            return {}
        auth_string = self.note.read_text(encoding="utf-8").split("\n")[0]
        headers = Api(self.url, auth_string).headers()
        if not self.token:
            _, answer = self.ask("csrf-token?client=tests", **headers)
            token = json.loads(answer)["token"]
            self.token |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "tests"}
        return headers | self.token

    def post(self, what, method="POST", **body):
        def answered():
            code, answer = self.ask(what, method, body, **self.credentials())
            # Busy, says a server on SQLite; Prefect's own clients wait too.
            assert code < 400 or code == 503, answer
            return (answer or "null") if code < 400 else None

        return json.loads(waiting.wait_until(answered, seconds=BUSY_SECONDS, every=1))

    def find(self, what, **filters):
        return self.post(f"{what}/filter", **filters)

    def flow_run(self, flow_run_id):
        (run,) = self.find("flow_runs", flow_runs={"id": {"any_": [flow_run_id]}})
        return run

    def task_names(self, flow_run_id):
        runs = self.find(
            "task_runs", flow_runs={"id": {"any_": [flow_run_id]}}, limit=200
        )
        return {run["name"].rsplit("-", 1)[0] for run in runs}

    def artifacts(self, flow_run_id):
        found = self.find("artifacts", flow_runs={"id": {"any_": [flow_run_id]}})
        return {artifact["key"]: artifact for artifact in found}


BUSY_SECONDS = 15
HOSTILE_NAME = "<img src=x onerror=alert(1)>[a](javascript:alert(1)).txt"
# Tables of Prefect's database that hold what every server needs, not what ran.
OF_EVERY_SERVER = {
    "alembic_version",
    "block_type",
    "block_schema",
    "block_schema_reference",
    "configuration",
}


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory):
    """An empty database of Prefect, up to date when `make setup` has made one."""
    copy = tmp_path_factory.mktemp("migrated") / "prefect.db"
    homes = prepared_home(), prefect_home()
    made = [home / "prefect.db" for home in homes if (home / "prefect.db").is_file()]
    if not made:
        return None
    with closing(sqlite3.connect(made[0])) as database:
        database.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy)) as database:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        for (table,) in tables:
            if table not in OF_EVERY_SERVER:
                database.execute(f'DELETE FROM "{table}"')
        database.commit()
    return copy


@pytest.fixture(scope="session")
def make_prefect_home(tmp_path_factory, migrated_database):
    """Homes of Prefect whose servers start without twelve seconds of migrations."""

    def make():
        home = tmp_path_factory.mktemp("prefect")
        if migrated_database is not None:
            shutil.copy(migrated_database, home)
        return home

    return make


@contextmanager
def running_server(home, **environment):
    """A whole server with its UI, on a free port; its process and its API."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "prefect.server.api.server:create_app",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--log-level",
            "critical",
        ],
        env={
            **os.environ,
            **QUIET_DEFAULTS,
            "PREFECT_HOME": str(home),
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(server, url, 120)
        yield server, PrefectApi(url)
    finally:
        server.kill()
        server.wait()


@contextmanager
def protected_server(home):
    """A server as a service starts it; the page of its API and its password."""
    note = home / "newsmill-service"
    scratch = home / "scratch"
    with socket.create_server((LOOPBACK, 0)) as listener:
        api = api_at(listener, make_auth_string())
        note.write_text(f"{api.auth_string}\n{api.url}\n", encoding="utf-8")
        known = QUIET_DEFAULTS | {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": api.url,
            # The types of blocks are many, and nobody here uses one.
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        }
        with patch.dict(os.environ, known):
            server = start_server(listener, api.auth_string, scratch=str(scratch))
        try:
            wait_until_healthy(server, api.url, 120)
            yield PrefectApi(api.url, note)
        finally:
            stop_server(server)


@pytest.fixture(scope="session")
def prefect_api(make_prefect_home):
    with running_server(make_prefect_home()) as (_, api):
        yield api


@pytest.fixture(scope="session")
def record(prefect_api):
    """Run the command line against the shared server."""

    def run(newsmill, *words, code=0, **environment):
        return newsmill(
            "run",
            *words,
            "--json",
            "--warehouse",
            newsmill.warehouse,
            code=code,
            PREFECT_API_URL=prefect_api.url,
            **environment,
        )

    return run


@pytest.fixture(scope="session")
def recorded(tmp_path_factory, record, seed_file):
    """The seed, recorded once, and beside it a hostile name that is held back."""
    newsmill = Newsmill(tmp_path_factory.mktemp("recorded"))
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "seed.txt").write_bytes(seed_file.read_bytes())
    (inputs / HOSTILE_NAME).symlink_to("/etc/hostname")
    newsmill.summary = record(newsmill, inputs).json
    return newsmill


@pytest.fixture
def mortal_server(make_prefect_home):
    """A server for a test that kills it: its process and its API."""
    with running_server(make_prefect_home()) as server_and_api:
        yield server_and_api


@pytest.fixture(scope="session")
def wait_until():
    """Ask a server again and again until it is so; fail when it takes too long."""
    return partial(waiting.wait_until, every=0.5)
