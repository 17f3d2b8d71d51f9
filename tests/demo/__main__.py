"""`make demo`: the seed and six weeks of invented news, ingested week by week."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from flows.process_end import stopping_between_tasks
from flows.settings import Settings
from flows.tasks.summary import RunSummary
from tests.demo.digests import WEEKS, write_weeks


def make_demo(folder: Path, *, weeks: int = WEEKS, direct: bool = False) -> Path:
    """Write the digests below a folder and ingest them, a run per week.

    Args:
        folder: Ours alone: an earlier demo in it is removed.
        weeks: Weeks to write, six at most.
        direct: Without Prefect; its UI then has nothing to show.

    Returns:
        The warehouse.
    """
    digests, warehouse = folder / "digests", folder / "demo.duckdb"
    shutil.rmtree(digests, ignore_errors=True)
    for old in folder.glob(f"{warehouse.name}*"):
        old.unlink()
    written = write_weeks(digests, weeks=weeks)
    inputs = [Path("seeds"), *written]
    runs = [
        Settings(warehouse=warehouse, seeds=tuple(inputs[: 2 + at]))
        for at in range(len(written))
    ]
    print(f"{len(runs)} weeks of invented news, a run for each", file=sys.stderr)  # noqa: T201
    for week, summary in enumerate(_ingest(runs, direct=direct), start=1):
        print(f"  week {week}: {summary.headline}", file=sys.stderr)  # noqa: T201
    return warehouse


def _ingest(runs: list[Settings], *, direct: bool) -> Iterator[RunSummary]:
    with stopping_between_tasks():
        if direct:
            from flows.ingest import ingest
            from flows.runners.direct import DirectRunner

            yield from (ingest(settings, DirectRunner()) for settings in runs)
            return
        from flows.orchestration.own_server import prefect_api

        with prefect_api(timeout_seconds=runs[0].prefect_timeout_seconds) as server:
            from flows.orchestration.prefect_flows import record

            if server is not None:
                server.wait()
            yield from map(record, runs)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("warehouse/demo"))
    parser.add_argument("--direct", action="store_true", help="without Prefect")
    given = parser.parse_args()
    warehouse = make_demo(given.folder, direct=given.direct)
    print(f"Published to {warehouse}")  # noqa: T201
    if not given.direct:
        print("Its runs are in Prefect's UI: newsmill serve")  # noqa: T201


if __name__ == "__main__":
    main()
