"""A writer in a process of its own, so that it can be killed for real."""

import os
import subprocess
import sys

from tests.faults.injected.sitecustomize import injected

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from transforms.errors import NewsmillError
from warehouse.open_writer import open_writer
from warehouse.runs import RunFacts

warehouse, run_id, *parts = sys.argv[1:]
run = RunFacts(run_id, datetime(2022, 1, 8, tzinfo=UTC), "0.1.0")
try:
    with open_writer(Path(warehouse), run, lock_timeout_seconds=0) as writer:
        build = writer.start_build()
        build.load([Path(part) for part in parts])
        print(build.publish().articles_new)
except NewsmillError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def write(mill, *parts, run_id, faults=(), limit=None):
    """Run a writer process to its end; gives its exit code and error text."""
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(mill.warehouse), run_id, *map(str, parts)],
        env={**os.environ, **injected(*faults)},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr
