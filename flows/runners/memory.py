"""How much free memory a process keeps."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

# Of mallopt(3): so much free memory at the end of the heap goes back to the system, and
# so does each block of this size.
_M_TRIM_THRESHOLD: Final = -1


_M_MMAP_THRESHOLD: Final = -3


_TRIM_BYTES: Final = 8 << 20


_MMAP_BYTES: Final = 1 << 20


# Of Polars' own allocator, jemalloc: one arena, whose free pages it keeps for a moment.
_JEMALLOC_NAME: Final = "_RJEM_MALLOC_CONF"


_JEMALLOC: Final = "dirty_decay_ms:200,muzzy_decay_ms:0,narenas:1"


@contextmanager
def shared_machine(workers: int) -> Iterator[None]:
    """Processes that start in the block share the cores, and keep little free memory.

    glibc would keep freed memory in an arena per thread, and so would the allocator of
    Polars: a hundred megabytes each.
    """
    cores = len(os.sched_getaffinity(0))
    wanted = {
        "POLARS_MAX_THREADS": str(max(cores // workers, 1)),
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TRIM_THRESHOLD_": str(_TRIM_BYTES),
        "MALLOC_MMAP_THRESHOLD_": str(_MMAP_BYTES),
    }
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    # Polars has put its own there, for the processes that it is loaded in.
    before = {name: os.environ.get(name) for name in (*added, _JEMALLOC_NAME)}
    os.environ.update(added | {_JEMALLOC_NAME: _JEMALLOC})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def keep_little_memory() -> None:
    """Give freed memory back to the system at once, for the rest of this process.

    Between texts that come and go in millions, glibc would keep hundreds of megabytes
    for later. Elsewhere nothing is changed.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
