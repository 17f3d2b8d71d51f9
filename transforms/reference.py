"""The one door for what comes with Newsmill: hand-kept lists and fitted weights.

No other module of `transforms` reads a file. The lists lie in `seeds/reference`, beside
this package in a clone and in an installation; the weights lie in `weights`.
"""

import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import polars as pl

_PACKAGE: Final = files("transforms")
LISTS: Final = _PACKAGE / ".." / "seeds" / "reference"


@cache
def read_reference(name: str) -> pl.DataFrame:
    """Rows of a list, all columns as text, empty cells null.

    Args:
        name: File name without its ending.
    """
    return pl.read_csv(
        (LISTS / f"{name}.csv").read_bytes(), infer_schema=False, comment_prefix="#"
    )


def read_weights(stage: str) -> bytes:
    """The fitted weights that ship: of `classify`, `split`, or `dates`."""
    return (_PACKAGE / "weights" / f"{stage}.npz").read_bytes()


def read_sources() -> Iterator[tuple[str, bytes]]:
    """All modules of `transforms` and all lists: name and content, in no order.

    A module is named by its path, as in `text/lines.py`, a list as in `places.csv`.
    """
    yield from _read_files(_PACKAGE, ".py")
    yield from _read_files(LISTS, ".csv")


@cache
def read_version(distribution: str) -> str:
    """Name and version of an installed distribution; of Python where none is named."""
    if distribution:
        return f"{distribution} {version(distribution)}"
    return f"python {platform.python_version()}"


def _read_files(
    folder: Traversable, ending: str, path: str = ""
) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read_files(entry, ending, f"{path}{entry.name}/")
        elif entry.name.endswith(ending):
            yield f"{path}{entry.name}", entry.read_bytes()
