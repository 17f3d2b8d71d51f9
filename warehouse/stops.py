"""Named places where a test may kill the process; inert otherwise."""

import os
import signal
from typing import Final

STEPS: Final = (
    "during_copy",
    "after_copy",
    "after_migrate",
    "after_load",
    "before_commit",
    "after_commit",
    "after_checkpoint",
    "before_replace",
    "after_replace",
)


def stop_here(step: str) -> None:
    """Kill this process without warning when a test asked for it at this step."""
    assert step in STEPS
    if (
        os.environ.get("NEWSMILL_TESTING") == "1"
        and os.environ.get("NEWSMILL_TEST_STOP") == step
    ):
        os.kill(os.getpid(), signal.SIGKILL)
