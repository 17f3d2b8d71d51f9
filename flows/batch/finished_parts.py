"""What a batch became, noted beside its part, so that no run makes it twice.

The note is written after the part, by one rename: a part without one is made again.
"""

import json
from pathlib import Path

import polars as pl

from flows.batch.batches import Batch, Part, Piece
from transforms.contracts import REJECTS
from warehouse.atomic_write import atomic_file


def find_finished(batch: Batch | Piece) -> Part | None:
    """The part of a batch that this run, or one that died, has made already."""
    try:
        note = json.loads(_note(batch).read_text("utf-8"))
    except FileNotFoundError:
        return None
    path = batch.folder / note["part"]
    if not path.is_dir():
        return None
    pieces = tuple(
        Piece(batch, number, len(note["pieces"]), first, count)
        for number, (first, count) in enumerate(note["pieces"], 1)
        if isinstance(batch, Batch)
    )
    rejects = pl.DataFrame(note["rejects"], schema=REJECTS)
    return Part(path, note["counts"], rejects, pieces=pieces)


def note_finished(batch: Batch | Piece, part: Part) -> Part:
    """Note that a part is whole, for runs after this one; gives the part back."""
    note = _note(batch)
    told = {
        "part": part.path.name,
        "counts": part.counts,
        "rejects": part.rejects.to_dicts(),
        "pieces": [(piece.first, piece.count) for piece in part.pieces],
    }
    with atomic_file(note) as partial:
        partial.write_text(json.dumps(told), "utf-8")
    return part


def _note(batch: Batch | Piece) -> Path:
    return batch.folder / f"{batch.batch_id}.json"
