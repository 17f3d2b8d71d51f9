"""Where the CPU of a run goes: by step and stage, then by function.

    python -m tests.benchmarks.profile_run PATH ... [--megabytes 200] [--functions 40]

Runs `ingest` on the given files in this process alone, batches one after the other,
under Python's profiler with CPU time as its clock; with `--megabytes`, PATH is labelled
articles (JSON Lines), of which so much of composed digests is made first. Compiled code
counts for the function that calls it. The profiler slows Python by about a tenth, what
is compiled not at all.
"""

import argparse
import cProfile
import pstats
import tempfile
import time
from pathlib import Path

from flows.ingest import ingest
from flows.runners.direct import DirectRunner
from flows.settings import Settings
from tests.benchmarks import bulk_digests
from tests.benchmarks.bench_classify import read_articles, show

ROOT = Path(__file__).parents[2]
STEPS = ("flows/tasks/", "flows/batch/stages.py")


class InThisProcess(DirectRunner):
    """Transforms one batch after the other where the profiler sees it."""

    def map(self, task, items, *, workers):  # noqa: ARG002 - there are none
        """Call a task for each item, here."""
        yield from (self(task, item) for item in items)


def profiled(paths, folder):
    """The profile of a run, and its CPU seconds."""
    settings = Settings(seeds=tuple(paths), warehouse=folder / "news.duckdb")
    profiler = cProfile.Profile(time.process_time)
    start = time.process_time()
    profiler.runcall(ingest, settings, InThisProcess())
    return pstats.Stats(profiler), time.process_time() - start


def rows(stats):
    """Place, name, own and whole CPU seconds, calls of each function."""
    for (path, line, name), (_, calls, own, whole, _) in stats.stats.items():
        short = path.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
        yield f"{short}:{line}", name, own, whole, calls


def tell(stats, seconds, size, functions):
    """Print the tables."""
    speed = size / 1e6 / seconds
    show(f"{size / 1e6:.1f} MB, {seconds:.1f} CPU s, {speed:.1f} MB/s")
    seen = list(rows(stats))
    # Steps that call others hold their time.
    steps = [row for row in seen if row[0].startswith(STEPS) and row[3] > seconds / 200]
    show("\nby step and stage, with what it calls")
    for place, name, _, whole, calls in sorted(steps, key=lambda row: -row[3]):
        show(f"{whole:8.2f} s {whole / seconds:6.1%} {calls:6} x  {name}  {place}")
    show("\nby function, without what it calls")
    for place, name, own, _, calls in sorted(seen, key=lambda row: -row[2])[:functions]:
        show(f"{own:8.2f} s {own / seconds:6.1%} {calls:8} x  {name}  {place}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=int, default=0)
    parser.add_argument("--functions", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, paths = Path(name), given.paths
        if given.megabytes:
            articles = bulk_digests.usable(read_articles(*paths))
            paths = [folder / "digests"]
            bulk_digests.write(articles, *paths, given.megabytes)
        files = [file for path in paths for file in [path, *path.rglob("*")]]
        size = sum(file.stat().st_size for file in files if file.is_file())
        tell(*profiled(paths, folder), size, given.functions)


if __name__ == "__main__":
    main()
