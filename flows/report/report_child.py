"""The process that renders one report, and that a damaged warehouse may crash."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from flows.report.report import render_report
from warehouse.read.supervised import answer_parent


def main() -> None:
    """Answer one request."""
    answer_parent(_render)


def _render(wanted: dict[str, Any], out: BinaryIO) -> None:
    page = render_report(Path(wanted["warehouse"]), now=datetime.now(UTC))
    out.write(page.encode())
