"""The process that draws one report, and that a damaged warehouse may crash."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from flows.report.report import draw_pages
from flows.report.scope import Scope
from warehouse.read.supervised import answer_parent


def main() -> None:
    """Answer one request."""
    answer_parent(_draw)


def _draw(wanted: dict[str, Any], out: BinaryIO) -> None:
    since = wanted["since"] and date.fromisoformat(wanted["since"])
    pages = draw_pages(
        Path(wanted["warehouse"]),
        now=datetime.now(UTC),
        scope=Scope(since, tuple(wanted["categories"])),
        report_name=wanted["report_name"],
    )
    # One page after the other goes to the parent, and none is kept here.
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, page in pages:
            archive.writestr(name, page)
