"""Whole runs against what people would use instead, interleaved, ratios first.

    python -m tests.benchmarks.bench_run {start,stream,content,large} ARTICLES.jsonl.gz

`start` times the seed, `stream` 200 MB of composed digests, `content` the same with and
without the search for places, actors, and claims, `large` 100 MB against 1 GB and their
memory. What was measured is kept in `--folder` (the system's temporary one
when none is named), so that a run that was cut short goes on where it stopped;
`--again` forgets it. Nothing else should run on the machine meanwhile.
"""

import argparse
import json
import os
import pickle
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from flows.api_address import set_quiet_defaults
from flows.orchestration.own_server import own_server
from tests.benchmarks import bulk_digests
from tests.benchmarks.bench_classify import peer, read_articles, show, whole_texts
from transforms.contracts import CATEGORY_CODES

ROOT = Path(__file__).parents[2]
NEWSMILL = [str(Path(sys.executable).with_name("newsmill"))]
PLAIN = [sys.executable, "-m", "tests.benchmarks.plain_way"]
FLOOR = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute(
    "CREATE TABLE document AS SELECT filename, content FROM read_text(?)",
    [sys.argv[2] + "/*.txt"],
)
connection.execute(f"COPY document TO '{sys.argv[1]}.parquet'")
connection.close()
"""
MEGABYTES = 1_000_000


class Bench:
    """A folder of inputs, and of what was measured so far."""

    def __init__(self, data, folder, pairs):
        self.data, self.folder, self.pairs = data, folder, pairs
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "measured.jsonl"
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self._known = {tuple(row["key"]): row for row in map(json.loads, lines)}
        os.environ["PREFECT_HOME"] = str(folder / "prefect")
        set_quiet_defaults()

    @property
    def warehouse(self):
        return self.folder / "news.duckdb"

    def measure(self, key, command, *, fresh=True, **environment):
        """Wall, CPU, and peak memory of a command and its processes, once per key."""
        key = [str(part) for part in key]
        if tuple(key) not in self._known:
            if fresh:
                self.clear()
            row = {"key": key, **clock(command, environment)}
            self._known[tuple(key)] = row
            with self._log.open("a") as log:
                log.write(json.dumps(row) + "\n")
        return self._known[tuple(key)]

    def clear(self):
        for left in self.folder.glob("news.duckdb*"):
            left.unlink() if left.is_file() else shutil.rmtree(left)

    def digests(self, megabytes):
        """A folder of so many megabytes of digests; their boundaries beside it."""
        folder = self.folder / f"digests_{megabytes}"
        gold = self.folder / f"digests_{megabytes}.json"
        if not gold.exists():
            shutil.rmtree(folder, ignore_errors=True)
            articles = bulk_digests.usable(read_articles(self.data))
            gold.write_text(json.dumps(bulk_digests.write(articles, folder, megabytes)))
        return folder

    def model(self):
        """The peer's classifier, fitted on the same articles as ours."""
        path = self.folder / "plain.pickle"
        if not path.exists():
            articles = read_articles(self.data)
            labels = [CATEGORY_CODES.index(label) for label in articles["label"]]
            path.write_bytes(pickle.dumps(peer().fit(whole_texts(articles), labels)))
        return path

    def run(self, *words):
        return [
            *NEWSMILL,
            "run",
            *map(str, words),
            "--json",
            "--warehouse",
            str(self.warehouse),
        ]

    def plain(self, folder, *words):
        return [*PLAIN, *words, str(self.model()), str(self.warehouse), str(folder)]


def clock(command, environment):
    """Run a command to its end.

    Returns:
        `wall` and `cpu` in seconds, with all processes that it waited for, `peak` in
        bytes over all its processes at once (shared pages counted once), and `said`,
        what a run tells of itself.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peaks = [0]
    watching = threading.Thread(target=watch, args=(process, peaks))
    watching.start()
    out, err = process.communicate()
    wall = time.perf_counter() - start
    watching.join()
    if process.returncode:
        raise SystemExit(f"{command}: exit {process.returncode}\n{err[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(after[:2]) - sum(before[:2])
    said = json.loads(out) if out.startswith("{") else {}
    kept = {name: said[name] for name in ("seconds", "articles_new") if name in said}
    return {"wall": wall, "cpu": cpu, "peak": max(peaks), "said": kept}


def watch(process, peaks):
    """Look once a second: to count pages takes some 10 ms per process, and stops it."""
    while process.poll() is None:
        total = 0
        try:
            family = [psutil.Process(process.pid)]
            family += family[0].children(recursive=True)
        except psutil.Error:
            continue
        for one in family:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
        peaks.append(total)
        time.sleep(1)


def middle(rows, what):
    return statistics.median(row[what] for row in rows)


def ratios(ours, theirs, what):
    """Median of the pairs' ratios, the peer over ours."""
    return statistics.median(
        t[what] / o[what] for o, t in zip(ours, theirs, strict=True)
    )


def table(head, rows):
    show("| " + " | ".join(head) + " |")
    show("|---" * len(head) + "|")
    for row in rows:
        show("| " + " | ".join(row) + " |")


def seconds_row(name, rows):
    return name, f"{middle(rows, 'wall'):.2f}", f"{middle(rows, 'cpu'):.2f}"


def start(bench):
    """The seed, as people meet it: second time on a machine, nothing running."""
    seeds = ROOT / "seeds"
    # Prefect's database and the compiled code are there from the first time on.
    bench.measure(["start", "first"], bench.run(seeds))
    bench.measure(["start", "plain first"], bench.plain(seeds, "--flow"))
    kinds = ("recorded", "plain", "direct", "nothing new, direct", "help", "query")
    found = {kind: [] for kind in (*kinds, "recorded, server runs")}
    query = [
        *NEWSMILL,
        "query",
        "SELECT title, category FROM article",
        "--warehouse",
        str(bench.warehouse),
    ]
    for pair in range(bench.pairs):
        for kind, command, is_fresh in (
            ("plain", bench.plain(seeds, "--flow"), True),
            ("recorded", bench.run(seeds), True),
            ("direct", bench.run(seeds, "--direct"), True),
            ("nothing new, direct", bench.run(seeds, "--direct"), False),
            ("query", query, False),
            ("help", [*NEWSMILL, "--help"], False),
        ):
            found[kind].append(
                bench.measure(["start", kind, pair], command, fresh=is_fresh)
            )
    with own_server(timeout_seconds=120) as server:
        server.wait()
        url = os.environ["PREFECT_API_URL"]
        for pair in range(bench.pairs):
            found["recorded, server runs"].append(
                bench.measure(
                    ["start", "server", pair], bench.run(seeds), PREFECT_API_URL=url
                )
            )
    wall, cpu = (
        1 / ratios(found["recorded"], found["plain"], what) for what in ("wall", "cpu")
    )
    show(
        f"\nThe seed: {wall:.2f} x the plain way's wall time, {cpu:.2f} x its CPU time"
    )
    table(
        ("the seed, medians", "wall s", "CPU s"),
        [seconds_row(kind, rows) for kind, rows in found.items()],
    )


def stream(bench, megabytes=200):
    """Composed digests, everything on, against the plain script without Prefect."""
    folder = bench.digests(megabytes)
    bench.measure(["stream", "first"], bench.run(ROOT / "seeds"))
    floor = [sys.executable, "-c", FLOOR, str(bench.warehouse), str(folder)]
    ours, theirs, least = [], [], []
    for pair in range(bench.pairs):
        key = ["stream", megabytes]
        ours.append(bench.measure([*key, "newsmill", pair], bench.run(folder)))
        if pair == 0:
            compare_boundaries(bench, folder, "newsmill", OUR_SPANS)
        theirs.append(bench.measure([*key, "plain", pair], bench.plain(folder)))
        if pair == 0:
            compare_boundaries(bench, folder, "plain way", THEIR_SPANS)
        least.append(bench.measure([*key, "floor", pair], floor))
    wall, cpu = (ratios(ours, theirs, what) for what in ("wall", "cpu"))
    show(
        f"\n{megabytes} MB: {wall:.1f} x the plain way in wall time, {cpu:.1f} x in CPU"
    )
    table(
        (f"{megabytes} MB, medians", "MB/s", "wall s", "CPU s", "peak memory"),
        [
            (
                name,
                f"{megabytes / middle(rows, 'wall'):.1f}",
                *seconds_row(name, rows)[1:],
                f"{middle(rows, 'peak') / MEGABYTES:,.0f} MB",
            )
            for name, rows in (
                ("Newsmill, Prefect and Great Expectations on", ours),
                ("plain way, without either", theirs),
                ("floor: DuckDB read_text and COPY", least),
            )
        ],
    )
    show_seconds(ours[-1])


OUR_SPANS = """
    SELECT d.file_name, o.char_start, o.char_end
    FROM fact_occurrence AS o INNER JOIN dim_document AS d USING (document_key)
"""
THEIR_SPANS = "SELECT file_name, char_start, char_end FROM article"


def compare_boundaries(bench, folder, who, select):
    """How many articles were found exactly; speed counts only on equal work."""
    if not bench.warehouse.exists():
        return
    import duckdb

    gold = json.loads(folder.with_suffix(".json").read_text())
    wanted = {(name, *span) for name, spans in gold.items() for span in spans}
    with duckdb.connect(str(bench.warehouse), read_only=True) as connection:
        found = set(connection.execute(select).fetchall())
    exact = len(wanted & found)
    show(f"{who}: {exact:,} of {len(wanted):,} articles exact, {len(found):,} found")


def show_seconds(row):
    """Where the wall time of a run went; steps in order, batches beside each other."""
    seconds = row["said"]["seconds"]
    outside = row["wall"] - seconds["total"]
    around = {name: seconds[name] for name in ("land", "stage", "audit", "publish")}
    batches = seconds["total"] - sum(around.values())
    show(
        "Newsmill's wall time: batches "
        f"{batches:.1f}, "
        + ", ".join(f"{name} {spent:.1f}" for name, spent in around.items())
        + f", before and after (start, Prefect, its server) {outside:.1f}"
    )
    share = (outside + seconds["audit"]) / row["wall"]
    show(f"Prefect, Great Expectations, and every start together: {share:.0%} of it")


def content(bench, megabytes=200):
    """What it costs to search texts for places, actors, and claims."""
    folder = bench.digests(megabytes)
    bench.measure(["content", "first"], bench.run(ROOT / "seeds"))
    sides = {"with content": (), "without": ("--without", "content")}
    found = {side: [] for side in sides}
    for pair in range(bench.pairs):
        for side, words in sides.items():
            command = bench.run(folder, "--direct", *words)
            row = bench.measure(["content", megabytes, side, pair], command)
            if bench.warehouse.exists():
                row |= count_content(bench.warehouse)
            found[side].append(row)
    wall, cpu = (
        1 / ratios(found["with content"], found["without"], what)
        for what in ("wall", "cpu")
    )
    show(f"\nwith content: {wall:.2f} x the wall time of without, {cpu:.2f} x the CPU")
    table(
        (f"{megabytes} MB, medians", "MB/s", "wall s", "CPU s", *COUNTED),
        [
            (
                side,
                f"{megabytes / middle(rows, 'wall'):.1f}",
                *seconds_row("", rows)[1:],
                *(f"{rows[-1].get(what, 0):,.1f}" for what in COUNTED),
            )
            for side, rows in found.items()
        ],
    )


COUNTED = ("bytes per article", "mentions per article", "claims per article")


def count_content(warehouse):
    """Bytes, mentions, and claims of a warehouse per article."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        articles, mentions, claims = connection.execute(
            "SELECT (SELECT count(*) FROM fact_article), "
            "(SELECT count(*) FROM fact_mention), (SELECT count(*) FROM fact_quantity)"
        ).fetchone()
    totals = (warehouse.stat().st_size, mentions, claims)
    return dict(zip(COUNTED, [total / articles for total in totals], strict=True))


def large(bench):
    """Does a gigabyte take ten times the time of a tenth, in the memory of a fifth?"""
    rows = {}
    bench.measure(["large", "first"], bench.run(ROOT / "seeds"))
    for megabytes in (100, 200, 1_000):
        folder = bench.digests(megabytes)
        rows[megabytes] = bench.measure(["large", megabytes], bench.run(folder))
    small, fifth, whole = rows.values()
    show(f"\ntime(1 GB) / time(100 MB): {whole['wall'] / small['wall']:.1f}")
    show(f"memory(1 GB) / memory(200 MB): {whole['peak'] / fifth['peak']:.2f}")
    table(
        ("everything on", "MB/s", "wall s", "CPU s", "peak memory"),
        [
            (
                f"{megabytes:,} MB",
                f"{megabytes / row['wall']:.1f}",
                *seconds_row("", [row])[1:],
                f"{row['peak'] / MEGABYTES:,.0f} MB",
            )
            for megabytes, row in rows.items()
        ],
    )
    show_seconds(whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["start", "stream", "content", "large"])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.gettempdir(), "newsmill_bench")
    if given.again:
        (folder / "measured.jsonl").unlink(missing_ok=True)
    bench = Bench(given.articles.resolve(), folder, given.pairs)
    if given.part in ("stream", "content"):
        {"stream": stream, "content": content}[given.part](bench, given.megabytes)
    else:
        {"start": start, "large": large}[given.part](bench)
    bench.clear()


if __name__ == "__main__":
    main()
