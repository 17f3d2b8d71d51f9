"""How a test waits: for what it wants to see, and no longer than it says."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(find: Callable[[], T], *, seconds: float = 60, every: float = 0.05) -> T:
    """Ask again and again, and give what is found as soon as it is something.

    Fails when nothing is found in time, and says what was looked for.
    """
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"{find} found nothing for {seconds} s"
        time.sleep(every)
    return found
