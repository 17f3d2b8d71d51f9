"""What becomes of a load when another one was committed first: it is tried again."""

import random
import time
from typing import Final

from transforms.errors import WarehouseBusyError

# Seconds to wait before a load is tried again; a random share of it is waited.
FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 10.0


class LakeChangedError(WarehouseBusyError):
    """Another load was committed first; stage, audit, and publish again."""


def pause_before_retry(waited_seconds: float) -> float:
    """Sleep, longer the longer one has waited, and never in step with others.

    Returns:
        Seconds slept.
    """
    longest = min(max(FIRST_PAUSE_SECONDS, waited_seconds), LONGEST_PAUSE_SECONDS)
    pause = longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    time.sleep(pause)
    return pause
