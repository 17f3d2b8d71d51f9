"""The recipe of flows/examples/README.md that tells a webhook of failed runs."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.conftest import ROOT
from tests.faults.injected.sitecustomize import injected


@pytest.fixture
def listener():
    """A service on loopback that takes a POST, and what it was told."""
    told = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            told.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alert", told
    server.shutdown()
    server.server_close()


@pytest.mark.full
def test_failed_run_is_told_to_a_webhook(
    newsmill, record, prefect_api, listener, seed_file, wait_until
):
    address, told = listener
    text = (ROOT / "flows/examples/README.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    subprocess.run(
        [sys.executable, "-c", recipe],
        env={
            **os.environ,
            "PREFECT_HOME": str(newsmill.folder),
            "PREFECT_API_URL": prefect_api.url,
            "ALERT_URL": address,
        },
        check=True,
    )

    record(
        newsmill,
        seed_file,
        code=14,
        **injected("spans_too_long"),
    )

    (alert,) = wait_until(lambda: told, seconds=60)
    assert alert["text"].startswith("newsmill-ingest Failed: audit failed, nothing was")
