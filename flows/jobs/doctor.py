"""`newsmill doctor`: whether this machine can do what Newsmill asks of it."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from flows.api_address import named_api, service_api, service_note, why_unusable
from flows.jobs.surroundings import look_around
from flows.settings import Settings, setting_origins
from flows.wording import counted
from transforms.errors import NewsmillError

PACKAGES: Final = (
    "newsmill",
    "duckdb",
    "polars",
    "pyarrow",
    "numpy",
    "numba",
    "great-expectations",
    "prefect",
    "marimo",
)
OPTIONAL: Final = frozenset({"marimo"})
# A run copies the warehouse beside itself, and writes parts of the new text.
MIN_FREE_BYTES: Final = 500 << 20
MIN_PYTHON: Final = (3, 11)


class Severity(StrEnum):
    """How a finding is to be read."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: versions, settings, warehouse, inputs, surroundings, disk, or server.
        name: What it is.
        value: As found.
        verdict: A problem makes the command exit with 1.
        step: What to do about it.
    """

    about: str
    name: str
    value: str
    verdict: Severity = Severity.OK
    step: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def examine(settings: Settings, **flags: object) -> list[Finding]:
    """Look at everything; nothing is started, left behind, or asked of the network.

    Args:
        settings: As a run would have them.
        flags: What of them the command line said.
    """
    parts: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions,
        lambda: _settings(settings, flags),
        lambda: _warehouse(settings.warehouse),
        lambda: _inputs(settings),
        lambda: _surroundings(settings),
        lambda: _disk(settings.warehouse),
        _server,
    )
    return [finding for part in parts for finding in part()]


def _versions() -> Iterator[Finding]:
    is_old = sys.version_info < MIN_PYTHON
    yield Finding(
        "versions",
        "python",
        platform.python_version(),
        Severity.PROBLEM if is_old else Severity.OK,
        "Needs 3.11" * is_old,
    )
    for name in PACKAGES:
        try:
            yield Finding("versions", name, version(name))
        except PackageNotFoundError:
            is_optional = name in OPTIONAL
            yield Finding(
                "versions",
                name,
                "not installed",
                Severity.NOTE if is_optional else Severity.PROBLEM,
                "Extra `explore`: the notebook needs it"
                if is_optional
                else "`make setup` installs it",
            )


def _settings(settings: Settings, flags: dict[str, object]) -> Iterator[Finding]:
    for name, (value, origin) in setting_origins(settings, **flags).items():
        many = isinstance(value, tuple)
        shown = (", ".join(map(str, value)) if many else str(value or "")) or "none"
        if isinstance(value, bool | int | float):
            shown = str(value)
        yield Finding("settings", name, f"{shown} ({origin})")


def _warehouse(path: Path) -> Iterator[Finding]:
    from warehouse.publish.lock import read_lock

    yield _readable(path)
    try:
        note = read_lock(path)
    except NewsmillError as error:
        yield Finding("warehouse", "writer", str(error), Severity.PROBLEM)
        return
    yield Finding("warehouse", "writer", note.holder or "nobody")
    for run in note.interrupted:
        yield Finding(
            "warehouse",
            "interrupted",
            f"run {run.run_id}",
            Severity.NOTE,
            "The next run records it; nothing of it was published",
        )


def _readable(path: Path) -> Finding:
    from warehouse.read.reports import read_report

    if not path.exists():
        return Finding(
            "warehouse",
            "file",
            f"{path}: none yet",
            Severity.NOTE,
            "`newsmill run` makes it",
        )
    try:
        facts = read_report(path, "doctor").row(0, named=True)
    except NewsmillError as error:
        return Finding(
            "warehouse",
            "file",
            str(error),
            Severity.PROBLEM,
            "`newsmill check` says more; or name another with --warehouse",
        )
    size = path.stat().st_size / 1e6
    return Finding(
        "warehouse",
        "file",
        f"{path}: {counted(facts['articles'], 'article')}, "
        f"{counted(facts['runs'], 'run')}, "
        f"{size:,.1f} MB, schema {facts['schema_version']}",
    )


def _inputs(settings: Settings) -> Iterator[Finding]:
    for path in settings.seeds:
        is_there = os.access(path, os.R_OK)
        yield Finding(
            "inputs",
            str(path),
            "readable" if is_there else "not readable",
            Severity.OK if is_there else Severity.PROBLEM,
            "" if is_there else "Make it, or name others: `newsmill run FOLDER`",
        )


def _surroundings(settings: Settings) -> Iterator[Finding]:
    for name, found in look_around(settings):
        verdict = Severity.PROBLEM if isinstance(found, Exception) else Severity.OK
        yield Finding("surroundings", name, str(found), verdict)


def _disk(warehouse: Path) -> Iterator[Finding]:
    real = Path(os.path.realpath(warehouse))
    folder = next(p for p in real.parents if p.exists())
    needed = MIN_FREE_BYTES
    if warehouse.is_file():
        needed += 2 * warehouse.stat().st_size
    for name, place in (("warehouse", folder), ("temporary", _temporary())):
        free = shutil.disk_usage(place).free
        yield Finding(
            "disk",
            name,
            f"{free / 1e9:,.1f} GB free in {place}",
            Severity.OK if free > needed else Severity.PROBLEM,
            "" if free > needed else f"A run may need {needed / 1e9:,.1f} GB",
        )
    if not os.access(folder, os.W_OK):
        yield Finding(
            "disk",
            "warehouse",
            f"{folder} cannot be written",
            Severity.PROBLEM,
            "Queries work; a run needs to write there",
        )


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _server() -> Iterator[Finding]:
    named = named_api()
    api = named or service_api()
    if api is None:
        yield Finding(
            "server",
            "Prefect",
            "no service of yours runs",
            Severity.NOTE,
            "A run brings its own; `newsmill serve` keeps one, with its UI",
        )
        return
    why = why_unusable(api)
    if not why:
        is_ours = api == service_api()
        where = f"; the password of its UI is in {service_note()}" if is_ours else ""
        yield Finding("server", "Prefect", f"answers at {api.url}{where}")
    elif named:
        yield Finding(
            "server",
            "Prefect",
            f"{api.url} {why}",
            Severity.PROBLEM,
            "Start it, unset PREFECT_API_URL, set PREFECT_API_AUTH_STRING to its "
            "password, or run with --direct",
        )
    else:
        yield Finding(
            "server",
            "Prefect",
            f"the service at {api.url} {why}",
            Severity.NOTE,
            "A run brings its own meanwhile; `newsmill serve` again if it stays so",
        )
