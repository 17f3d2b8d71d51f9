"""What scaling out costs here: python -m tests.scale.measure FOLDER [PAIRS [PART ...]].

Prints one JSON object. FOLDER holds digests; the runs are interleaved, so that what
else the machine does falls on all of them alike. A PART is `articles`, `workers`,
`runners`, `targets`, or `large`; all of them by default.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from expectations.audit import audit
from flows.batch.batches import group_files, make_recipe
from flows.runners.dask_cluster import cluster_options
from flows.settings import Settings
from flows.tasks.transform_batch import transform_batch
from tests.builds import open_build
from tests.scale.machines import POSTGRES, ROOT, Postgres
from transforms.discover.discover import discover
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.landing.listing import list_entries
from warehouse.runs import RunFacts

BATCHES = 12
MEBIBYTE = 1 << 20


def total_bytes(*paths):
    files = [
        f for path in paths for f in ([path] if path.is_file() else path.rglob("*"))
    ]
    return sum(file.stat().st_size for file in files if file.is_file())


class Clock:
    """Calls steps, and adds up the CPU seconds of each."""

    def __init__(self):
        self.seconds = Counter()

    def __call__(self, step, *args, **kwargs):
        start = time.process_time()
        result = step(*args, **kwargs)
        self.seconds[step.__name__] += time.process_time() - start
        return result


def measure_articles(inputs, folder):
    """CPU seconds and bytes per article, in this process, kernels compiled.

    Threads of Polars wait for each other: set POLARS_MAX_THREADS=1 for a worker's.
    """
    files, _ = discover(list_entries((inputs,), follow_symlinks=False))
    hashed = join_arrivals(hash_files(files).arrivals)
    batches = group_files(
        hashed,
        batch_bytes=total_bytes(inputs) // BATCHES,
        folder=folder,
        recipe=make_recipe(datetime.now(UTC).date(), None),
    )
    transform_batch(batches[0])
    clock = Clock()
    made = [transform_batch(batch, clock) for batch in batches[1:]]
    cpu = clock.seconds.total()
    articles = sum(part.counts["occurrences"] for part in made)
    read = sum(int(batch.files["byte_size"].sum()) for batch in batches[1:])
    return {
        "articles": articles,
        "bytes_per_article": read / articles,
        "cpu_seconds_per_article": cpu / articles,
        "cpu_ms_by_step": {
            step: 1000 * spent / articles for step, spent in clock.seconds.items()
        },
        "cpu_mb_per_second": read / 1e6 / cpu,
        "part_bytes_per_article": total_bytes(*(part.path for part in made)) / articles,
    }


def run(inputs, warehouse, *words, batch_bytes=0):
    """One run: its seconds by step, and CPU and memory of it and its workers."""
    batch_bytes = batch_bytes or total_bytes(inputs) // BATCHES
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(inputs),
            "--direct",
            "--json",
            "--warehouse",
            str(warehouse),
            *words,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"NEWSMILL_BATCH_BYTES": str(batch_bytes)},
    )
    told = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    seconds = json.loads(told)["seconds"]
    loading = sum(seconds[step] for step in ("stage", "audit", "publish"))
    reading = seconds["discover"] + seconds["land"]
    return {
        "transform_wall": seconds["total"] - loading - reading,
        "pieces_wall": seconds.get("transform_piece", 0),
        "load_wall": loading,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
        "total_wall": seconds["total"],
    }


def transform_timed(batch):
    """A worker, and the CPU seconds that a batch takes it."""
    start = time.process_time()
    transform_batch(batch)
    return os.getpid(), time.process_time() - start


def measure_workers(inputs, folder, pairs):
    """The transform stage on one and on two warm workers of one core each.

    Workers of Dask and of a plain pool of processes by turns. `wall_ratio` says little
    when others use the cores; `ratio` does not ask the clock: it is the CPU time of one
    worker over that of the busier of two, which is how much sooner two are done when
    each has a core. `cpu_growth` is what two workers cost each other in CPU time.
    """
    from distributed import Client, LocalCluster

    files, _ = discover(list_entries((inputs,), follow_symlinks=False))
    hashed = join_arrivals(hash_files(files).arrivals)
    recipe = make_recipe(datetime.now(UTC).date(), None)
    taken = {(way, workers): [] for way in ("pool", "dask") for workers in (1, 2)}
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as one,
        ProcessPoolExecutor(2, get_context("spawn")) as two,
        LocalCluster(**cluster_options(Settings(workers=2))) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        addresses = list(client.scheduler_info()["workers"])

        def by_dask(workers, batches):
            mapped = client.map(
                transform_timed, batches, pure=False, workers=addresses[:workers]
            )
            return client.gather(mapped)

        def by_pool(workers, batches):
            return list((one, two)[workers - 1].map(transform_timed, batches))

        for number in range(pairs + 1):
            for (way, workers), times in taken.items():
                batches = group_files(
                    hashed,
                    batch_bytes=total_bytes(inputs) // BATCHES,
                    recipe=recipe,
                    folder=folder / f"{number}-{way}-{workers}",
                )
                start = time.perf_counter()
                told = (by_dask if way == "dask" else by_pool)(workers, batches)
                spent = Counter()
                for worker, cpu in told:
                    spent[worker] += cpu
                wall = time.perf_counter() - start
                times.append((wall, max(spent.values()), spent.total()))
    # The first round compiled and imported.
    wall, busiest, cpu = (
        {
            key: statistics.median(t[place] for t in times[1:])
            for key, times in taken.items()
        }
        for place in (0, 1, 2)
    )
    found = {
        way: {
            "ratio": busiest[way, 1] / busiest[way, 2],
            "wall_ratio": wall[way, 1] / wall[way, 2],
            "one_cpu_seconds": cpu[way, 1],
            "one_wall_seconds": wall[way, 1],
            "two_wall_seconds": wall[way, 2],
            "cpu_growth": cpu[way, 2] / cpu[way, 1],
        }
        for way in ("pool", "dask")
    }
    return found | {"batches": len(batches)}


def measure_runners(inputs, folder, pairs):
    ways = {
        f"{runner}-{workers}": ("--runner", runner, "--workers", workers)
        for runner in ("local", "dask")
        for workers in ("1", "2")
    }
    taken = {name: [] for name in ways}
    for number in range(pairs):
        for name, words in ways.items():
            warehouse = folder / f"{name}-{number}.duckdb"
            taken[name].append(run(inputs, warehouse, *words))
    return {name: _medians(runs) for name, runs in taken.items()}


def measure_large(inputs, folder, pairs):
    """All of the digests as one file: reading it is one task, its pieces are several.

    `peak_mb` is of the largest process; `whole` does not cut.
    """
    file = folder / "large" / "large.txt"
    file.parent.mkdir(parents=True)
    with file.open("wb") as joined:
        for path in sorted(inputs.rglob("*.txt")):
            joined.write(path.read_bytes() + b"\n\n")
    size = file.stat().st_size
    ways = {
        "whole": ("2", 2 * size),
        "one": ("1", size // BATCHES),
        "two": ("2", size // BATCHES),
    }
    taken = {name: [] for name in ways}
    for number in range(pairs):
        for name, (workers, batch_bytes) in ways.items():
            warehouse = folder / f"large-{name}-{number}.duckdb"
            taken[name].append(
                run(
                    file.parent,
                    warehouse,
                    "--workers",
                    workers,
                    batch_bytes=batch_bytes,
                )
            )
    return {name: _medians(runs) for name, runs in taken.items()}


def load(parts, target, run_id):
    """CPU and wall seconds of loading parts: staged, audited, committed."""
    started = datetime.now(UTC)
    facts = RunFacts(run_id, started, "measure")
    cpu, wall = time.process_time(), time.perf_counter()
    with open_build(target, facts, lock_timeout_seconds=60) as build:
        build.load([part.path for part in parts])
        report = audit(build.connection, run_date=started.date())
        build.record_quality(report.results)
        build.publish()
    return time.process_time() - cpu, time.perf_counter() - wall


def measure_targets(inputs, folder, pairs):
    """Loads of one part, then of all others, into each kind of warehouse.

    `fixed` is what a load costs with nothing in it, `per_article` what each article
    adds; CPU seconds are of the loader, without PostgreSQL's.
    """
    files, _ = discover(list_entries((inputs,), follow_symlinks=False))
    hashed = join_arrivals(hash_files(files).arrivals)
    batches = group_files(
        hashed,
        batch_bytes=total_bytes(inputs) // BATCHES,
        folder=folder / "parts",
        recipe=make_recipe(datetime.now(UTC).date(), None),
    )
    parts = [transform_batch(batch) for batch in batches]
    counts = [part.counts["distinct"] for part in parts]
    load(parts[:1], folder / "imports.duckdb", "imports")
    postgres = Postgres() if POSTGRES else None
    taken = {}
    try:
        for number in range(pairs):
            targets = {
                "file": folder / f"file{number}.duckdb",
                "sqlite": Path(
                    f"ducklake:sqlite:{folder}/s{number}.sqlite?data={folder}/s{number}"
                ),
            }
            if postgres:
                targets["postgres"] = postgres.lake(folder)
            for name, target in targets.items():
                few = load(parts[:1], target, f"{number}-few")
                many = load(parts[1:], target, f"{number}-many")
                kept = Path(str(target).partition("?data=")[2] or target)
                size = total_bytes(kept) / sum(counts)
                taken.setdefault(name, []).append(
                    _told(few, many, counts) | {"bytes_per_article": size}
                )
    finally:
        if postgres:
            postgres.stop()
    return {name: _medians(runs) for name, runs in taken.items()}


def _told(few, many, counts):
    told = {}
    for place, unit in enumerate(("cpu", "wall")):
        slope = (many[place] - few[place]) / (sum(counts[1:]) - counts[0])
        told[f"{unit}_per_article"] = slope
        told[f"{unit}_fixed"] = few[place] - slope * counts[0]
        told[f"{unit}_of_many"] = many[place]
    return told


def _medians(runs):
    return {key: statistics.median(r[key] for r in runs) for key in runs[0]}


def main():
    inputs = Path(sys.argv[1]).absolute()
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    folder = Path(tempfile.mkdtemp(prefix="newsmill-measure-"))
    measures = {
        "articles": lambda: measure_articles(inputs, folder / "parts"),
        "workers": lambda: measure_workers(inputs, folder / "warm", pairs),
        "runners": lambda: measure_runners(inputs, folder, pairs),
        "targets": lambda: measure_targets(inputs, folder, pairs),
        "large": lambda: measure_large(inputs, folder, pairs),
    }
    wanted = sys.argv[3:] or list(measures)
    try:
        found = {"input_bytes": total_bytes(inputs)} | {
            part: {"load_average": os.getloadavg()[0], **measures[part]()}
            for part in wanted
        }
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
