"""Runs of numbers, laid out one after another."""

import numpy as np
import polars as pl

from transforms.text.buffers import Offsets


def flatten_runs(runs: pl.Series) -> tuple[Offsets, dict[str, Offsets]]:
    """First run of each list, one more than lists, and the fields of all runs."""
    counts = runs.list.len().fill_null(0).to_numpy()
    flat = runs.explode(empty_as_null=False).drop_nulls().struct.unnest()
    fields = {name: flat[name].cast(pl.Int64).to_numpy() for name in flat.columns}
    return np.append(0, np.cumsum(counts, dtype=np.int64)), fields
