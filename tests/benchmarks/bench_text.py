"""Throughput of the text stages: decode, split, clean, metadata, alone and together.

    python -m tests.benchmarks.bench_text ARTICLES.jsonl.gz [--megabytes N] [--hostile]

ARTICLES holds `title` and `text`, and optionally `source`. Digests in invented layouts
are composed from them, a part of the batch, and repeated up to its size; batches of the
size that a run takes go to one worker process per core, as in a run. Rates are bytes of
UTF-8 text by wall time of both cores; CPU rates are by CPU seconds of one core, which a
busy machine changes less. With `--hostile`, time at 2n by time at n of single hostile
documents, by user CPU seconds, best of three: what the system takes is for pages of
memory, and grows in steps when a document outgrows what the allocator keeps.
"""

import argparse
import gzip
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl

from flows.batch.stages import clean, decode, extract_metadata, split
from flows.runners.pool import worker_pool
from flows.runners.runner import in_order
from flows.settings import Settings
from tests.benchmarks.compose_digests import compose
from transforms.contracts import REJECTS, InputKind

COMPOSED_DIGESTS = 800
SEED = 5
RUN_DATE = date(2026, 11, 25)
MEGABYTE = 1_000_000
STAGES = ("decode", "split", "clean", "extract_metadata")
HOSTILE = {
    "one line": lambda n: "storm and flood, " * (n * 1_500_000),
    "one word": lambda n: "x" * (n * 10_000_000),
    "blank lines": lambda n: "\n" * (n * 500_000) + "Bridge reopens\nIt was shut.\n",
    "articles of one line": lambda n: "Bridge over the river reopens\n" * (n * 50_000),
    "dates": lambda n: (
        ("On January 3-4, 2022, May 5, 1/2/2022 and Monday. " * 6 + "\n") * (n * 8_000)
    ),
    "dated articles": lambda n: (
        "Bridge reopens 5 May\n\nROME, May 5 (Wire) - Shut on 1/2/2022.\n\n"
        "Source: Wire, January 5, 2022\n\n" * (n * 8_000)
    ),
    "bylines": lambda n: ("By " + "Jane Doe and " * 13 + "\n\n") * (n * 10_000),
    "titles and lines": lambda n: "Bridge reopens\nIt was shut.\n\n" * (n * 25_000),
    "brackets, stops, capitals": lambda n: "(A. [B. -C: " * 8 * (n * 10_000) + "\n",
    "pattern bait": lambda n: ("Reporting by A. B; " * 12 + "\n") * (n * 10_000),
    "dots and digits": lambda n: ("1. . . . . . ..... " * 6 + "\n") * (n * 10_000),
    "short wide lines": lambda n: "世界世界世界世\n" * (n * 50_000),
}


def show(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def land(texts):
    contents = [text.encode() for text in texts]
    return pl.DataFrame(
        {
            "document_id": [f"{row:064x}" for row in range(len(texts))],
            "path": [f"{row}.txt" for row in range(len(texts))],
            "file_name": [f"{row}.txt" for row in range(len(texts))],
            "byte_size": [len(content) for content in contents],
            "kind": InputKind.DIGEST,
            "container_id": pl.Series([None] * len(contents), dtype=pl.String),
            "content": contents,
        },
        schema_overrides={"kind": pl.String},
    )


def read_clocks():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime, used.ru_utime


def transform(texts):
    """Wall, CPU, and user CPU seconds of each stage over one batch, and its size."""
    landed = land(texts)
    work, seconds = None, {}
    for stage, step in (
        ("decode", lambda _: decode(landed, pl.DataFrame(schema=REJECTS))),
        ("split", split),
        ("clean", clean),
        ("extract_metadata", lambda work: extract_metadata(work, RUN_DATE)),
    ):
        before = read_clocks()
        work = step(work)
        seconds[stage] = [
            after - start for after, start in zip(read_clocks(), before, strict=True)
        ]
    return seconds, int(landed["byte_size"].sum()), len(work.articles)


def cut_into_batches(texts, batch_bytes):
    batches, size = [[]], 0
    for text in texts:
        if size >= batch_bytes:
            batches.append([])
            size = 0
        batches[-1].append(text)
        size += len(text.encode())
    return batches


def run_batches(submit, batches, workers):
    """Wall seconds of all batches, seconds by stage, bytes, articles."""
    start = time.perf_counter()
    done = list(in_order(submit, transform, batches, ahead=workers + 1))
    wall = time.perf_counter() - start
    stages = {
        stage: [
            sum(seconds[stage][clock] for seconds, _, _ in done) for clock in (0, 1)
        ]
        for stage in STAGES
    }
    return wall, stages, *(sum(part[place] for part in done) for place in (1, 2))


def judge_throughput(articles, megabytes, digests):
    workers = Settings().worker_count
    documents, _ = compose(articles, digests, SEED)
    once = documents["text"].to_list()
    size = sum(len(text.encode()) for text in once)
    copies = max(1, round(megabytes * MEGABYTE / size))
    with worker_pool(workers) as submit:
        warm = cut_into_batches(once[: 8 * workers], 1)
        run_batches(submit, warm, workers)
        results = []
        for texts in (once * max(copies // 2, 1), once * copies):
            batches = cut_into_batches(texts, Settings().batch_bytes)
            results.append(run_batches(submit, batches, workers))
    half, (wall, stages, size, count) = results
    show(
        f"{size / MEGABYTE:.0f} MB in {len(once) * copies} digests ({copies} copies of "
        f"{len(once)} composed ones), {count} articles, {workers} processes"
    )
    show("stage             MB/s, all cores   MB/s of one core's CPU")
    for stage, (seconds, cpu) in stages.items():
        rate = size / MEGABYTE / (seconds / workers)
        show(f"{stage:16} {rate:16.1f} {size / MEGABYTE / cpu:24.1f}")
    cpu = sum(seconds for _, seconds in stages.values())
    show(
        f"{'together':16} {size / MEGABYTE / wall:16.1f} {size / MEGABYTE / cpu:24.1f}"
    )
    half_cpu = sum(seconds for _, seconds in half[1].values())
    show(f"CPU for {size / half[2]:.2f} times the bytes: {cpu / half_cpu:.2f} times")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    show(
        f"peak memory of a worker: {peak:.0f} MiB, batches of {Settings().batch_bytes}"
    )


def time_stages(text):
    """User CPU seconds of each stage over one document, the best of three."""
    runs = [transform([text])[0] for _ in range(3)]
    return {stage: min(seconds[stage][2] for seconds in runs) for stage in STAGES}


def judge_hostile_input():
    show("hostile document           MB at 2n  " + "".join(f"{s:>18}" for s in STAGES))
    for name, make in HOSTILE.items():
        single, double = (time_stages(make(n)) for n in (1, 2))
        cells = "".join(
            f"{double[s]:10.2f} s {double[s] / max(single[s], 1e-4):4.2f}x"
            for s in STAGES
        )
        show(f"{name:26} {len(make(2).encode()) / MEGABYTE:8.1f}  {cells}")


def read_articles(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--digests", type=int, default=COMPOSED_DIGESTS)
    parser.add_argument("--hostile", action="store_true")
    arguments = parser.parse_args()
    articles = read_articles(arguments.articles)
    judge_throughput(articles, arguments.megabytes, arguments.digests)
    if arguments.hostile:
        judge_hostile_input()


if __name__ == "__main__":
    main()
