"""Whether this process has published, so that its end can tell the truth about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto


class Publication(Enum):
    """How far this process has come with making rows visible."""

    NOT_BEGUN = auto()
    UNDER_WAY = auto()
    DONE = auto()


class _Process:
    publication = Publication.NOT_BEGUN


def publication() -> Publication:
    """How far this process has come."""
    return _Process.publication


def forget_publication() -> None:
    """A new command begins in this process."""
    _Process.publication = Publication.NOT_BEGUN


@contextmanager
def publishing() -> Iterator[None]:
    """Inside of the block, and nowhere else, rows become visible.

    It holds the one call that does so, so that hardly any instant is undecided. A call
    that fails has published nothing; one that is interrupted may have.
    """
    before = _Process.publication
    _Process.publication = Publication.UNDER_WAY
    try:
        yield
    except Exception:
        _Process.publication = before
        raise
    _Process.publication = Publication.DONE
