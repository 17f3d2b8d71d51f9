"""What may go better in a while by itself, and what needs a person first."""

import errno
from typing import Final

from transforms.errors import InputError, OutOfSpaceError, WarehouseBusyError

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


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was refused, here or to a worker that its system then ended."""
    if isinstance(error, OutOfSpaceError):
        return error.what == "memory"
    # Python has no type of its own for the latter.
    return isinstance(error, MemoryError) or str(error) == "can't start new thread"


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
