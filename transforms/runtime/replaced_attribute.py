"""One attribute of a module or class, replaced for the time of a block."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def replaced(owner: object, name: str, by: object) -> Iterator[None]:
    """Let everybody who looks find something else there, and put back what was.

    Args:
        owner: The module or class that holds the attribute itself.
        name: Of the attribute.
        by: What is found meanwhile.
    """
    before = vars(owner)[name]
    setattr(owner, name, by)
    try:
        yield
    finally:
        setattr(owner, name, before)
