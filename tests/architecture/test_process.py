"""No surgery on the process: memory, garbage, forks, and ends are left to Python.

A process is set up by documented settings, starts children by spawning, and ends by
returning, so that what depends on these works as its authors tested it.
"""

import ast
import re

import pytest

from tests.architecture.product import imported_names, modules, tree, where

# A second signal, or the end of a parent, must end a process whose libraries' threads
# hang: Python would wait for these. Nothing is published there but by one rename.
MAY_END_AT_ONCE = "flows.process_end"
NEVER_IMPORTED = {
    "_thread": "threads come from threading and concurrent.futures",
    "atexit": "what must be closed is closed where it was opened",
    "cffi": "the memory of the process is the C library's",
    "ctypes": "the memory of the process is the C library's",
    "gc": "Python collects when it thinks fit",
    "mmap": "files are read; whoever needs them shared passes their path",
}
NEVER_CALLED = re.compile(
    r"os\.(_exit|abort|fork|forkpty|register_at_fork|posix_spawn|spawn\w+|exec\w+)"
    r"|(multiprocessing\.)?(set_start_method|set_forkserver_preload)"
    r"|threading\.(setprofile|settrace)|sys\.(setprofile|settrace|setswitchinterval)"
    r"|.*\b(madvise|mallopt|malloc_trim|mlock\w*)"
)
ALLOCATORS = re.compile(
    r"(MALLOC_|_RJEM_|JE_MALLOC|MIMALLOC_|PYTHONMALLOC|LD_PRELOAD|GLIBC_TUNABLES)\w*"
)


def surgery(path):
    for node, _, origin in imported_names(path):
        if origin.partition(".")[0] in NEVER_IMPORTED or NEVER_CALLED.fullmatch(origin):
            yield node, origin
    for node in ast.walk(tree(path)):
        match node:
            case ast.Attribute() if NEVER_CALLED.fullmatch(ast.unparse(node)):
                yield node, ast.unparse(node)
            case ast.Constant(value=str(text)) if ALLOCATORS.fullmatch(text):
                yield node, text
            case ast.Call(args=[ast.Constant(value="fork" | "forkserver"), *_]):
                yield node, ast.unparse(node)


def test_processes_are_left_as_python_makes_them():
    broken = [
        f"{where(path, node)}: {what}"
        for name, path in modules().items()
        for node, what in surgery(path)
        if (name, what) != (MAY_END_AT_ONCE, "os._exit")
    ]

    assert broken == []


def test_one_place_alone_ends_a_process_at_once():
    calls = [what for _, what in surgery(modules()[MAY_END_AT_ONCE])]

    assert set(calls) == {"os._exit"}


@pytest.mark.parametrize(
    "source",
    [
        "import gc",
        "from ctypes import CDLL",
        "import atexit",
        "import os\nos._exit(1)",
        "from os import _exit",
        "import os\nos.fork()",
        "import multiprocessing as m\nm.get_context('fork')",
        "from multiprocessing import get_context\nget_context('forkserver')",
        "from multiprocessing import set_start_method",
        "import os\nos.environ['MALLOC_ARENA_MAX'] = '2'",
        "environment = {'_RJEM_MALLOC_CONF': 'narenas:1'}",
        "libc.mallopt(1, 2)",
    ],
)
def test_a_breach_is_seen(source, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)

    assert list(surgery(path))
