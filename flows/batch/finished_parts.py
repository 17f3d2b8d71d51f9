"""What a batch became, noted beside its part, so that no run makes it twice.

The note is written after the part, by one rename: a part without one is made again.
"""

import polars as pl

from flows.batch.batches import Batch, Part, Piece
from transforms.contracts import REJECTS
from warehouse.staging.parts_folder import read_note, write_note


def find_finished(batch: Batch | Piece) -> Part | None:
    """The part of a batch that this run, or one that died, has made already."""
    told = read_note(batch.folder, batch.batch_id)
    if told is None:
        return None
    pieces = tuple(
        Piece(batch, number, len(told["pieces"]), first, count)
        for number, (first, count) in enumerate(told["pieces"], 1)
        if isinstance(batch, Batch)
    )
    rejects = pl.DataFrame(told["rejects"], schema=REJECTS)
    path = batch.folder / told["part"]
    return Part(path, told["counts"], rejects, pieces=pieces)


def note_finished(batch: Batch | Piece, part: Part) -> Part:
    """Note that a part is whole, for runs after this one; gives the part back."""
    told = {
        "part": part.path.name,
        "counts": part.counts,
        "rejects": part.rejects.to_dicts(),
        "pieces": [(piece.first, piece.count) for piece in part.pieces],
    }
    folders = [part.path, *(piece.left_folder for piece in part.pieces)]
    write_note(batch.folder, batch.batch_id, told, about=folders)
    return part
