"""Trying again what may go better in a while, and nothing else."""

import errno
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from transforms.errors import InputError, WarehouseBusyError

T = TypeVar("T")

# A load of a gigabyte takes a minute or two: the last try comes after its end.
BACKOFF_SECONDS: Final = (15.0, 60.0, 180.0)
_TRANSIENT_ERRNOS: Final = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EIO,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ECONNRESET,
    }
)


def is_transient(error: BaseException) -> bool:
    """Whether the same may succeed later without anybody doing something.

    A failed audit, wrong usage, an unusable file, or a full disk need a person first.

    Example:
        >>> is_transient(WarehouseBusyError("news.duckdb", "process 7"))
        True
        >>> is_transient(OSError(errno.ENOSPC, "full"))
        False
    """
    if isinstance(error, InputError):
        return error.is_transient
    if isinstance(error, OSError):
        return error.errno in _TRANSIENT_ERRNOS
    return isinstance(error, WarehouseBusyError)


def retry_transient(
    work: Callable[[], T],
    delays_seconds: Sequence[float],
    *,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """What the work gives, tried once and then once after each delay.

    Args:
        work: May be done again from the start: a run that failed has left nothing.
        delays_seconds: One per further try; none means a single try.
        say: Gets one line before each wait.
        sleep: Waits.

    Raises:
        BaseException: What the last try raised, or the first that is not transient.
    """
    for delay in delays_seconds:
        try:
            return work()
        except Exception as error:
            if not is_transient(error):
                raise
            say(f"{error}. Trying again in {delay:.0f} s")
        sleep(delay)
    return work()
