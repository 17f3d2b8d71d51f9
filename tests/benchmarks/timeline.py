"""Where the seconds of one run go, from the start of Python to its end.

    python -m tests.benchmarks.timeline run seeds --warehouse FILE [--direct]

Runs the command in this process, and notes the imports of large libraries, the steps of
the run, and what is waited for: when each began, and the wall and CPU seconds of this
process that it took, without those of what is indented below it. Other processes, the
server's and the worker's, appear as what they are waited for, and with all their CPU
seconds in the last line.
"""

import builtins
import functools
import os
import resource
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

LEAST_SECONDS = 0.005
LIBRARIES = ("prefect", "great_expectations", "polars", "duckdb", "numba")
CALLS = {
    "flows.orchestration.own_server": ("drain_queues",),
    "flows.orchestration.supervised_server": ("wait_until_healthy", "stop_server"),
    "flows.tasks.summarize": ("summarize",),
    "flows.cli.run": ("print_summary",),
    "warehouse.publish.file_writer": ("load_parts", "link_stories"),
    "expectations.screens.screens": ("read_texts", "make_screens"),
    "expectations.audit": ("judge",),
}


class Timeline:
    """What happened in this process, thread by thread."""

    def __init__(self):
        self.rows = []
        self._open = threading.local()
        self._imported = set()

    @contextmanager
    def span(self, name):
        stack = self._open.__dict__.setdefault("stack", [])
        place = len(self.rows)
        self.rows.append(None)
        start, cpu = time.time(), time.process_time()
        stack.append([0.0, 0.0])
        try:
            yield
        finally:
            wall, used = time.time() - start, time.process_time() - cpu
            below = stack.pop()
            if stack:
                stack[-1][0] += wall
                stack[-1][1] += used
            self.rows[place] = (
                start - STARTED,
                wall - below[0],
                used - below[1],
                len(stack),
                name,
                threading.current_thread().name,
            )

    def watch(self, module, names):
        for name in names:
            call = vars(module).get(name)
            if call is not None and not hasattr(call, "is_watched"):
                setattr(module, name, self._watched(call, name))

    def _watched(self, call, name):
        @functools.wraps(call)
        def watched(*given, **named):
            with self.span(name.strip("_")):
                return call(*given, **named)

        watched.is_watched = True
        return watched

    def imports(self, real):
        def watched(name, *given, **named):
            top = name.partition(".")[0]
            level = named.get("level", given[3] if len(given) > 3 else 0)
            if level or top in self._imported or top not in LIBRARIES:
                found = real(name, *given, **named)
            else:
                self._imported.add(top)
                with self.span(f"import {top}"):
                    found = real(name, *given, **named)
            for module, names in CALLS.items():
                if module in sys.modules:
                    self.watch(sys.modules[module], names)
            return found

        return watched

    def steps(self, timed):
        @contextmanager
        def watched(seconds, name):
            with self.span(f"step {name}"), timed(seconds, name):
                yield

        return watched

    def show(self):
        tell(f"{'at s':>7} {'wall s':>7} {'CPU s':>7}  what")
        for row in self.rows:
            if row is not None and max(row[1:3]) >= LEAST_SECONDS:
                start, wall, cpu, depth, name, thread = row
                where = "" if thread == "MainThread" else f"  ({thread})"
                indent = "  " * depth
                tell(f"{start:7.2f} {wall:7.2f} {cpu:7.2f}  {indent}{name}{where}")


def tell(line):
    sys.stderr.write(line + "\n")


def since_start():
    """When this process was started, by the clock of the system."""
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    up = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - up + float(stat[19]) / os.sysconf("SC_CLK_TCK")


STARTED = since_start()


def main():
    timeline = Timeline()
    builtins.__import__ = timeline.imports(builtins.__import__)
    with timeline.span("start of Python and of the command"):
        import flows.cli.app
        import flows.runners.direct

    for module in (flows.runners.runner, flows.runners.direct):
        module.timed = timeline.steps(flows.runners.runner.timed)
    sys.argv = ["newsmill", *sys.argv[1:]]
    leave = flows.cli.app.end_process

    def show_and_leave(code):
        timeline.show()
        rest = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        wall, own = time.time() - STARTED, time.process_time()
        tell(
            f"{wall:7.2f} {'':7} {own:7.2f}  the end; other processes {rest:.2f} CPU s"
        )
        leave(code)

    flows.cli.app.end_process = show_and_leave
    with timeline.span("what is not named below"):
        flows.cli.app.main()


if __name__ == "__main__":
    main()
