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
    path = batch.folder / told["part"]
    rejects = pl.DataFrame(told["rejects"], schema=REJECTS)
    if isinstance(batch, Piece):
        return Part(path, told["counts"], rejects)
    left = batch.files.filter(pl.col("document_id").is_in(told["left"]))
    cut = batch.without(left)
    pieces = tuple(
        Piece(cut, number, len(told["pieces"]), first, count)
        for number, (first, count) in enumerate(told["pieces"], 1)
    )
    return Part(path, told["counts"], rejects, pieces=pieces, left=batch.of_left(left))


def note_finished(batch: Batch | Piece, part: Part) -> Part:
    """Note that a part is whole, for runs after this one; gives the part back."""
    told = {
        "part": part.path.name,
        "counts": part.counts,
        "rejects": part.rejects.to_dicts(),
        "pieces": [(piece.first, piece.count) for piece in part.pieces],
        "left": part.left.files["document_id"].to_list() if part.left else [],
    }
    folders = [part.path, *(piece.left_folder for piece in part.pieces)]
    write_note(batch.folder, batch.batch_id, told, about=folders)
    return part


def note_start(batch: Batch) -> None:
    """Note that this process starts on a batch: should it die, the next run knows."""
    batch.folder.mkdir(parents=True, exist_ok=True)
    write_note(batch.folder, _start_of(batch), {}, about=())


def was_started(batch: Batch) -> bool:
    """Whether a run that died was at this batch, in its own process."""
    return read_note(batch.folder, _start_of(batch)) is not None


def _start_of(batch: Batch) -> str:
    return f"{batch.batch_id}.start"
