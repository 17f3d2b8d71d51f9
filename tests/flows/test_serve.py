"""`newsmill serve` as its user sees it: a UI that answers, a schedule that fires."""

import signal
import subprocess
import sys
import urllib.request

import pytest

from flows.prefect_server import free_port, is_healthy


@pytest.fixture
def served(newsmill, seed_file):
    """A server with a run every minute; ended by SIGTERM, as a service manager does."""
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "seed.txt").write_bytes(seed_file.read_bytes())
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "flows", "serve", str(inputs),
            "--warehouse", str(newsmill.warehouse),
            "--cron", "* * * * *", "--port", str(port),
        ],
        cwd=newsmill.folder, env=newsmill.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}", inputs
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 128 + signal.SIGTERM


def test_schedule_fires_and_picks_up_a_file_that_came_later(
    newsmill, served, wait_until
):
    url, inputs = served
    wait_until(lambda: is_healthy(f"{url}/api"), seconds=120)
    with urllib.request.urlopen(url, timeout=10) as page:
        assert b"Prefect" in page.read()

    def articles():
        if not newsmill.warehouse.exists():
            return 0
        return newsmill.sql("SELECT count(*) AS n FROM fact_article")[0]["n"]

    wait_until(lambda: articles() == 9, seconds=180)
    (inputs / "late.jsonl").write_text('{"title": "Dam opens", "text": "It did so."}\n')
    wait_until(lambda: articles() == 10, seconds=180)
