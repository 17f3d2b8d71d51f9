"""How much a command says: quiet, normal, or verbose, and its log on stderr."""

import logging
from enum import IntEnum
from typing import Final

LOGGERS: Final = ("flows", "expectations", "warehouse")
LINE: Final = "%(asctime)s %(name)s: %(message)s"


class Level(IntEnum):
    """How much is said."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class _Said:
    """As the command line of this process asked."""

    level = Level.NORMAL
    handler: logging.Handler | None = None


def start_logging(level: Level) -> None:
    """Say so much from now on; verbose logs on stderr what every stage did.

    Only our own loggers speak there: Prefect keeps a log of its own in its UI.
    """
    before = _Said.handler
    _Said.level, _Said.handler = level, None
    if level == Level.VERBOSE:
        _Said.handler = logging.StreamHandler()
        _Said.handler.setFormatter(logging.Formatter(LINE))
    for logger in map(logging.getLogger, LOGGERS):
        if before is not None:
            logger.removeHandler(before)
        # Prefect's log of a run has them too, whatever is said on stderr.
        logger.setLevel(logging.INFO)
        if _Said.handler is not None:
            logger.addHandler(_Said.handler)


def current_level() -> Level:
    """What the command line asked for, to be handed to worker processes."""
    return _Said.level


def is_quiet() -> bool:
    """Only errors and data are wanted."""
    return _Said.level == Level.QUIET


def is_verbose() -> bool:
    """Everything that is known is wanted."""
    return _Said.level == Level.VERBOSE
