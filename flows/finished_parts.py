"""What a batch became, noted beside its part, so that no run makes it twice.

The note is written after the part, by one rename: a part without one is made again.
"""

import json
import os
from pathlib import Path

import polars as pl

from flows.batches import Batch, Part
from transforms.contracts import REJECTS


def find_finished(batch: Batch) -> Part | None:
    """The part of a batch that this run, or one that died, has made already."""
    path = batch.folder / batch.batch_id
    try:
        note = json.loads(_note(batch).read_text("utf-8"))
    except FileNotFoundError:
        return None
    if not path.is_dir():
        return None
    return Part(path, note["counts"], pl.DataFrame(note["rejects"], schema=REJECTS))


def note_finished(batch: Batch, part: Part) -> Part:
    """Note that a part is whole, for runs after this one; gives the part back."""
    note = _note(batch)
    partial = note.with_name(f".{note.name}.{os.getpid()}.partial")
    partial.write_text(
        json.dumps({"counts": part.counts, "rejects": part.rejects.to_dicts()}), "utf-8"
    )
    partial.replace(note)
    return part


def _note(batch: Batch) -> Path:
    return batch.folder / f"{batch.batch_id}.json"
