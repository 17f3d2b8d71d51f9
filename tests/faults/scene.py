"""Made-up digests in any number, and runs that can be stopped from outside."""

import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.fingerprint import fingerprint
from tests.waiting import wait_until
from warehouse.open_reader import open_published

ROOT = Path(__file__).parents[2]

_WHO = ("The ministry", "A court", "The operator", "Police", "The council", "Rescuers")
_DID = ("opened", "closed", "inspected", "repaired", "sealed", "rebuilt", "guarded")
_WHAT = ("dam", "refinery", "bank", "power line", "bridge", "school", "archive", "port")
_WHERE = ("northern valley", "old capital", "harbour town", "eastern plain", "hills")


def _sentence(dice):
    return (
        f"{dice.choice(_WHO)} {dice.choice(_DID)} the {dice.choice(_WHAT)} in the "
        f"{dice.choice(_WHERE)} after {dice.randint(2, 999)} days, "
        f"{dice.choice(_WHO).lower()} said in report {dice.randint(1, 10**9)}."
    )


def digest(*, articles, seed):
    """A digest of invented articles, the same for the same seed."""
    dice = random.Random(seed)
    pieces = []
    for _ in range(articles):
        title = (
            f"{dice.choice(_WHAT).capitalize()} {dice.choice(_DID)} "
            f"in {dice.choice(_WHERE)} for the {dice.randint(2, 10**6)}th time"
        )
        body = "\n\n".join(
            " ".join(_sentence(dice) for _ in range(dice.randint(2, 4)))
            for _ in range(dice.randint(1, 3))
        )
        pieces.append(f"{title}\n\n{body}\n\nSource: {dice.choice(_WHERE)} Agency\n")
    return "\n".join(pieces)


def write_digests(folder, *, files, articles, seed=0):
    """So many files of so many articles each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        text = digest(articles=articles, seed=seed * 100_000 + number)
        (folder / f"{seed}-{number:05d}.txt").write_text(text, encoding="utf-8")
    return folder


class Scene:
    """A folder of digests, a warehouse, and runs in processes of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.inputs = folder / "in"
        self.inputs.mkdir()
        self.warehouse = folder / "news.duckdb"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("NEWSMILL_")},
            "PREFECT_HOME": str(folder / "prefect"),
            "DO_NOT_TRACK": "1",
        }

    def add(self, *, files=1, articles=5, seed=0):
        write_digests(self.inputs, files=files, articles=articles, seed=seed)

    def start(self, *words, inputs=None, warehouse=None, limit=None, **environment):
        """A direct run, not waited for, in a process group of its own."""
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flows",
                "run",
                str(inputs or self.inputs),
                "--direct",
                "--json",
                *words,
                "--warehouse",
                str(warehouse or self.warehouse),
            ],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=limit,  # noqa: PLW1509
        )

    def run(self, *words, timeout=300, **how):
        """A direct run to its end: exit code and what it said on stderr."""
        process = self.start(*words, **how)
        _, err = process.communicate(timeout=timeout)
        told = err.decode(errors="replace")
        assert "Traceback" not in told, told
        return process.returncode, told

    def clean(self, inputs=None):
        """Fingerprint of one clean run over the inputs, in a warehouse of its own."""
        warehouse = self.folder / "clean" / "news.duckdb"
        shutil.rmtree(warehouse.parent, ignore_errors=True)
        warehouse.parent.mkdir()
        code, told = self.run(inputs=inputs, warehouse=warehouse)
        assert code == 0, told
        return fingerprint(warehouse)

    def state(self):
        """Fingerprint of the published file; None when there is none."""
        return fingerprint(self.warehouse) if self.warehouse.exists() else None

    def statuses(self):
        with open_published(self.warehouse) as connection:
            return [
                status
                for (status,) in connection.execute(
                    "SELECT status FROM main.dim_run WHERE run_key <> 0 "
                    "ORDER BY started_at"
                ).fetchall()
            ]

    def parts(self):
        """Finished parts of the run under way; those of which one writes have a dot."""
        folder = self.warehouse.with_name(f"{self.warehouse.name}.build.parts")
        return [part for part in folder.glob("*/*") if not part.name.startswith(".")]

    def published_after(self, earlier):
        """When the warehouse was published, once that is not `earlier`; None till then.

        A moment is what `published_after` gave, None before the first.
        """
        if not self.warehouse.exists():
            return None
        moment = self.warehouse.stat().st_mtime_ns
        return moment if moment != earlier else None

    def stray(self):
        """What lies beside the warehouse and is neither it nor its lock."""
        kept = {self.warehouse.name, f"{self.warehouse.name}.lock"}
        return {
            path.name
            for path in self.warehouse.parent.iterdir()
            if path.name.startswith(self.warehouse.name) and path.name not in kept
        }


def kill(process):
    """kill -9 of the one process, as the kernel's out-of-memory killer does."""
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


def members(group):
    """Processes of a process group that still run, zombies left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, member_of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(member_of) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_until_gone(group, *, seconds=15):
    """Processes of a group that are left after a while, which are then killed."""
    with suppress(AssertionError):
        wait_until(lambda: not members(group), seconds=seconds)
    left = members(group)
    if left:
        os.killpg(group, signal.SIGKILL)
    return left
