"""How much a command says: quiet, normal, or verbose."""

from enum import IntEnum


class Level(IntEnum):
    """How much is said."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class _Manners:
    """As the command line of this process asked."""

    level = Level.NORMAL


def is_quiet() -> bool:
    """Only errors and data are wanted."""
    return _Manners.level == Level.QUIET


def is_verbose() -> bool:
    """Everything that is known is wanted."""
    return _Manners.level == Level.VERBOSE
