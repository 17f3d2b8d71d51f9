"""Pictures of the report for the README, taken with the system's chromium.

`make pictures` takes them of the report that `make demo` writes.
"""

import shutil
import sys
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

FOLDER: Final = Path("flows/pictures")
DESK: Final = {"viewport": {"width": 1200, "height": 860}}
# File name: how the page is opened, and the section that it shows.
PICTURES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "report.png": (DESK, ""),
    "report-dark.png": (DESK | {"color_scheme": "dark"}, ""),
    "report-evidence.png": (DESK, "#newest"),
}


def take_pictures(report: Path, folder: Path = FOLDER) -> None:
    """Write every picture; the page is opened from the disk, as its reader would."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (options, section) in PICTURES.items():
            _take(browser, report.resolve().as_uri() + section, options, folder / name)
        browser.close()


def _take(browser: Browser, url: str, options: dict[str, Any], target: Path) -> None:
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target))
    context.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
