"""Profiles of hypothesis and what several test folders share."""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "quick",
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# Without a compiler, where kernels take a hundred times as long.
settings.register_profile("uncompiled", settings.get_profile("quick"), max_examples=2)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def seed_file() -> Path:
    (seed,) = (ROOT / "seeds").glob("*.txt")
    return seed


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Newsmill:
    """The command line in a folder of its own, as its user would call it."""

    def __init__(self, folder):
        self.folder = folder
        self.warehouse = folder / "news.duckdb"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("NEWSMILL_")},
            "PREFECT_HOME": str(folder / "prefect"),
            "DO_NOT_TRACK": "1",
            # A small run starts no process of its own; tests of workers ask for two.
            "NEWSMILL_WORKERS": "1",
        }

    def __call__(self, *words, code=0, timeout=180, **environment):
        ended = subprocess.run(
            [sys.executable, "-m", "flows", *map(str, words)],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return self._as_wanted(code, ended.returncode, ended.stdout, ended.stderr)

    def start(self, *words, **environment):
        """The same, not waited for, and what it writes to be read."""
        return subprocess.Popen(
            [sys.executable, "-m", "flows", *map(str, words)],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def here(self, *words, code=0, **environment):
        """The same command in this process.

        Prefect, kills, faults, and what is shown on a terminal need one of their own.
        """
        from flows.__main__ import main

        out, err = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in "12")
        with (
            chdir(self.folder),
            patch.dict(os.environ, {**self.environment, **environment}, clear=True),
            patch.object(sys, "argv", ["newsmill", *map(str, words)]),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        shown = out.buffer.getvalue(), err.buffer.getvalue()
        return self._as_wanted(code, ended.value.code, *shown)

    def ask(self, *words, **how):
        """The same about the warehouse of this folder."""
        return self.here(*words, "--warehouse", self.warehouse, **how)

    @staticmethod
    def _as_wanted(wanted, code, out, err):
        out, err = out.decode(), err.decode()
        assert "Traceback" not in err, err
        assert code == wanted, (code, out, err)
        return Ended(code, out, err)

    def run(self, *paths, **how):
        """Ingest these without Prefect, in this process; what the summary says."""
        return self.ask("run", *paths, "--direct", "--json", **how).json

    def sql(self, question, *values):
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            cursor = connection.execute(question, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture
def newsmill(tmp_path):
    return Newsmill(tmp_path)


@pytest.fixture(scope="session")
def make_newsmill():
    """The command line for fixtures that choose their folder."""
    return Newsmill


@pytest.fixture(scope="session")
def chromium():
    """A headless browser of the system; playwright's own cannot be had everywhere."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on this machine (Debian: apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                # A foreign name that leads here, as pages use that rebind theirs.
                "--host-resolver-rules=MAP hostile.test 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory, seed_file):
    """The seed, ingested once for all tests that only read."""
    newsmill = Newsmill(tmp_path_factory.mktemp("seeded"))
    newsmill.lineage = newsmill.folder / "lineage.ndjson"
    newsmill.summary = newsmill.run(seed_file, "--lineage", newsmill.lineage)
    return newsmill


@pytest.fixture(scope="session")
def copy_seeded(seeded):
    """Copies of it into other folders, to be changed there."""

    def copy(folder):
        for path in seeded.folder.glob(f"{seeded.warehouse.name}*"):
            shutil.copy(path, folder)
        return Newsmill(folder)

    return copy


@pytest.fixture
def seeded_copy(copy_seeded, tmp_path):
    """The same for a test that changes it."""
    return copy_seeded(tmp_path)


@pytest.fixture(scope="session")
def seed_gold():
    lines = (ROOT / "tests/golden/seed_gold.jsonl").read_text("utf-8")
    return [json.loads(line) for line in lines.splitlines()]
