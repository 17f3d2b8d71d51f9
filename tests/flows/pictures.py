"""Pictures of Prefect's UI for the README, taken with the system's chromium.

`make pictures` runs the demo's digests on a server of its own, and opens that.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.flows.conftest import running_server

FOLDER = Path("flows/pictures")
# Where `make demo` puts it too, so that the pictures show no other path.
DEMO = Path("warehouse/demo")
SIZE = {"width": 1200, "height": 860}


def run_demo(folder, api):
    """Ingest six weeks of invented news; the id of the last run."""
    subprocess.run(
        [sys.executable, "-m", "tests.demo", str(folder)],
        env={**os.environ, "PREFECT_API_URL": api.url},
        check=True,
    )
    return api.find("flow_runs", sort="START_TIME_DESC")[0]["id"]


def take_pictures(folder):
    """A run, and its summary."""
    home = folder / "prefect"
    home.mkdir()
    with running_server(home) as (_, api), sync_playwright() as driver:
        run = run_demo(DEMO, api)
        summary = api.artifacts(run)["run-summary"]["id"]
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE)
        for name, path in {
            "prefect-run.png": f"/runs/flow-run/{run}",
            "prefect-summary.png": f"/artifacts/artifact/{summary}",
        }.items():
            page.goto(api.url.removesuffix("/api") + path)
            page.wait_for_load_state("networkidle")
            # The timeline draws itself on a canvas and says nothing when it is done.
            page.wait_for_timeout(2500)
            page.screenshot(path=FOLDER / name)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        take_pictures(Path(scratch))
