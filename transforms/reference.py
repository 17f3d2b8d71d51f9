"""Hand-kept lists of `seeds/reference`, read once and never changed."""

from functools import cache
from pathlib import Path

import polars as pl

REFERENCE_FOLDER = Path(__file__).parent.parent / "seeds" / "reference"


@cache
def read_reference(name: str) -> pl.DataFrame:
    """Rows of one list, all columns as text, empty cells null.

    Args:
        name: File name without its ending.
    """
    return pl.read_csv(
        REFERENCE_FOLDER / f"{name}.csv", infer_schema=False, comment_prefix="#"
    )
