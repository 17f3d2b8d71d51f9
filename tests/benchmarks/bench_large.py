"""A large warehouse: loading, size, adding a little, questions, and nothing new.

    python -m tests.benchmarks.bench_large ARTICLES.jsonl.gz [--sets N ...] [--folder F]

A set is 100,000 articles in 2,500 digests (see `reworded`), read, split, cleaned, and
classified as in a run; what it became stays in the folder, so that later calls load it
at once. Seconds are of the wall, with CPU seconds beside them where the machine is
shared. Sets are loaded into an empty warehouse in one run, which is then copied; 1,000
more articles are added to the copy.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from expectations.audit import audit
from flows.batch.batches import group_files, make_recipe
from flows.runners.pool import worker_pool
from flows.runners.runner import in_order
from flows.settings import Settings
from flows.tasks.transform_batch import transform_batch
from tests.benchmarks import bulk_digests, reworded
from tests.benchmarks.bench_classify import read_articles, show
from transforms.discover.discover import discover
from warehouse.database.scripts import read_scripts
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.landing.listing import list_entries
from warehouse.open_reader import open_published
from warehouse.open_writer import open_writer
from warehouse.publish import file_writer as publish
from warehouse.publish.files import copy_file
from warehouse.runs import RunFacts

SET_ARTICLES, MORE_ARTICLES, MORE_SEED = 100_000, 1_000, 99
MAX_BODY_CHARS = 5_000
RUN_DATE = date(2026, 11, 25)
NEWSMILL = [str(Path(sys.executable).with_name("newsmill"))]
WORKERS = len(os.sched_getaffinity(0))
SLOWEST = 5
MEGABYTE = 1_000_000


def make(data, folder, seed, articles):
    """Digests of a set and the parts that they become; nothing when they are there."""
    inputs, parts, note = folder / f"in/{seed}", folder / "parts", folder / "parts.json"
    made = json.loads(note.read_text()) if note.exists() else {}
    if str(seed) in made:
        return made[str(seed)]
    parts.mkdir(parents=True, exist_ok=True)
    usable = [
        row
        for row in bulk_digests.usable(read_articles(data))
        if sum(map(len, row[1])) <= MAX_BODY_CHARS
    ]
    shutil.rmtree(inputs, ignore_errors=True)
    size = reworded.write(reworded.Words(usable), inputs, articles, seed)
    entries = list_entries([inputs], follow_symlinks=False)
    hashed = join_arrivals(hash_files(discover(entries)[0]).arrivals)
    batches = group_files(
        hashed,
        batch_bytes=Settings().batch_bytes,
        folder=parts,
        recipe=make_recipe(RUN_DATE, None),
    )
    with worker_pool(WORKERS) as pool:
        done = list(in_order(pool, transform_batch, batches, ahead=2 * WORKERS))
    made[str(seed)] = {
        "bytes": size,
        "inputs": str(inputs),
        "parts": [str(part.path) for part in done],
    }
    note.write_text(json.dumps(made))
    return made[str(seed)]


@contextmanager
def timed(seconds, name):
    start, cpu = time.perf_counter(), time.process_time()
    yield
    seconds[name] = time.perf_counter() - start
    seconds[f"{name} cpu"] = time.process_time() - cpu


def load(warehouse, parts):
    """One run from parts to the published file; seconds of its steps."""
    seconds = {}
    steps = {name: getattr(publish, name) for name in ("load_parts", "link_stories")}

    def watched(name):
        def step(*given):
            # Stories are linked again when the audit set articles aside.
            earlier = {key: value for key, value in seconds.items() if name in key}
            with timed(seconds, name):
                steps[name](*given)
            for key, value in earlier.items():
                seconds[key] += value

        return step

    for name in steps:
        setattr(publish, name, watched(name))
    facts = RunFacts(f"run-{time.time_ns()}", datetime.now(UTC), "bench")
    with (
        timed(seconds, "all"),
        open_writer(warehouse, facts, lock_timeout_seconds=0) as writer,
    ):
        with timed(seconds, "copy"):
            build = writer.start_build()
        build.load(parts)
        with timed(seconds, "audit"):
            report = audit(build.connection, run_date=RUN_DATE)
        build.set_aside(report.failing_rows)
        build.record_quality(report.results)
        with timed(seconds, "publish"):
            counts = build.publish(files_in=1)
    failed = report.results.filter(~pl.col("success"))["code"].to_list()
    return {
        "seconds": seconds,
        "articles": counts.articles_new,
        "failed": failed,
        "peak": peak_bytes(),
    }


def peak_bytes():
    """Most memory of this process; `getrusage` would count its parent before exec."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def load_apart(warehouse, parts):
    """The same in a process of its own, so that its memory and start are its own."""
    words = [sys.executable, "-m", "tests.benchmarks.bench_large", "--load"]
    done = subprocess.run(
        [*words, str(warehouse)],
        input="\n".join(parts),
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout)


def show_load(name, told, megabytes):
    seconds = told["seconds"]
    steps = ", ".join(
        f"{step} {seconds[step]:.2f} (CPU {seconds[f'{step} cpu']:.2f})"
        for step in ("copy", "load_parts", "link_stories", "audit", "publish")
    )
    show(
        f"{name}: {told['articles']:,} new articles of {megabytes:,.1f} MB in "
        f"{seconds['all']:.2f} s, {told['articles'] / seconds['all']:,.0f} per second, "
        f"peak {told['peak'] / MEGABYTE:,.0f} MB: {steps}"
    )
    if told["failed"]:
        show(f"  checks that did not pass: {', '.join(told['failed'])}")


def questions(warehouse):
    """Best of three of each named question, and the slowest as commands, start to end.

    Returns:
        Seconds per question, slowest first, and of a command that asks nothing.
    """
    rows = []
    with open_published(warehouse) as connection:
        for name, question in read_scripts("queries").items():
            best = min(
                clock(lambda q=question: connection.execute(q).fetchall())
                for _ in range(3)
            )
            rows.append((name, *best))
    command = [*NEWSMILL, "query", "--warehouse", str(warehouse), "--format", "csv"]
    idle = min(clock(lambda: quiet([*command, "SELECT 1"])) for _ in range(3))
    rows.sort(key=lambda row: -row[1])
    asked = {
        row[0]: clock(lambda n=row[0]: quiet([*command, "--name", n]))[0]
        for row in rows[:SLOWEST]
    }
    return [(*row, asked.get(row[0])) for row in rows], idle[0]


def clock(work):
    """Wall and CPU seconds, children included."""
    start = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - start[0], sum(os.times()[:4]) - start[1]


def quiet(command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


def measure(folder, sets, more):
    """Load so many sets, and ask all of it."""
    warehouse = folder / f"news_{len(sets)}.duckdb"
    warehouse.unlink(missing_ok=True)
    size = sum(one["bytes"] for one in sets)
    show(f"\n{len(sets) * SET_ARTICLES:,} articles, {size / MEGABYTE:,.0f} MB of text")
    told = load_apart(warehouse, [part for one in sets for part in one["parts"]])
    show_load("load", told, size / MEGABYTE)
    show_size(warehouse, size)
    answers, idle = questions(warehouse)
    show(f"questions, seconds: alone (CPU), whole command; command alone {idle:.2f}")
    for name, wall, cpu, whole in answers:
        command = f"{whole:6.2f}" if whole else ""
        show(f"  {wall:6.2f} ({cpu:5.2f}) {command:6}  {name}")
    nothing_new(folder, warehouse, sets)
    return add_more(folder, warehouse, more)


def show_size(warehouse, text_bytes):
    size = warehouse.stat().st_size
    with open_published(warehouse) as connection:
        used = connection.execute(
            "SELECT used_blocks * block_size FROM pragma_database_size() "
            "WHERE database_name = current_database()"
        ).fetchone()[0]
    show(
        f"file {size / MEGABYTE:,.1f} MB = {size / text_bytes:.3f} x the text, "
        f"{used / text_bytes:.3f} in use"
    )


def nothing_new(folder, warehouse, sets):
    """A run over the same digests, beside one over a warehouse and folder of one."""
    small, one = folder / "small.duckdb", folder / "in/one"
    one.mkdir(exist_ok=True)
    digest = next(Path(sets[0]["inputs"]).iterdir())
    shutil.copy(digest, one)
    run = [*NEWSMILL, "run", "--direct", "--json", "--warehouse"]
    quiet([*run, small, one])
    start = min(clock(lambda: quiet([*run, small, one])) for _ in range(3))
    paths = [row["inputs"] for row in sets]
    whole = min(clock(lambda: quiet([*run, warehouse, *paths])) for _ in range(3))
    show(
        f"run with nothing new: {whole[0]:.2f} s (CPU {whole[1]:.2f}); "
        f"of it start-up {start[0]:.2f} (CPU {start[1]:.2f})"
    )


def add_more(folder, warehouse, more):
    """1,000 articles on top of a copy; seconds without the copy."""
    copy = folder / "more.duckdb"
    rows = []
    for _ in range(3):
        copy_file(warehouse, copy)
        before = copy.stat().st_size
        rows.append(load_apart(copy, more["parts"]))
    best = min(rows, key=lambda row: row["seconds"]["all"])
    show_load("add", best, more["bytes"] / MEGABYTE)
    show(f"  file grew by {(copy.stat().st_size - before) / MEGABYTE:,.1f} MB")
    copy.unlink()
    seconds = best["seconds"]
    return seconds["all"] - seconds["copy"], seconds["all cpu"] - seconds["copy cpu"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, nargs="?")
    parser.add_argument("--sets", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--make", action="store_true", help="make parts, load nothing")
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.load:
        parts = [Path(line) for line in sys.stdin.read().splitlines()]
        sys.stdout.write(json.dumps(load(given.load, parts)))
        return
    folder = given.folder or Path(tempfile.gettempdir(), "newsmill_large")
    sets = [
        make(given.articles, folder, seed, SET_ARTICLES)
        for seed in range(max(given.sets))
    ]
    more = make(given.articles, folder, MORE_SEED, MORE_ARTICLES)
    if given.make:
        return
    show(f"DuckDB {duckdb.__version__}, {os.cpu_count()} cores")
    added = [measure(folder, sets[:count], more) for count in given.sets]
    wall, cpu = (last / first for last, first in zip(added[-1], added[0], strict=True))
    show(f"\nadding to the largest against the smallest: {wall:.2f} x, CPU {cpu:.2f} x")


if __name__ == "__main__":
    main()
