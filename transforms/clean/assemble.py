"""Texts put together from pieces of the batch's buffer, with the way back to it."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.clean.white_space_kernels import (
    AS_SPACE,
    all_edits,
    count_chars,
    count_spaces,
    join_pieces,
)
from transforms.contracts import OFFSET_RUN
from transforms.text.buffers import ByteArray, Offsets, as_arrow

CHAR_SPAN = pl.Struct({"char_start": pl.UInt32(), "char_end": pl.UInt32()})
PARAGRAPH_GLUE = 2
_LINE_FEED = 10


@dataclass(frozen=True)
class AssembledTexts:
    """One text per unit, in unit order.

    Attributes:
        texts: The texts; empty where a unit has no filled line.
        runs: List of OFFSET_RUN per text.
        repairs: List of CHAR_SPAN per text: document spans whose characters were
            rewritten and so are in no run.
        space_counts: Spaces in each text.
        break_counts: Blank lines in each text.
    """

    texts: pl.Series
    runs: pl.Series
    repairs: pl.Series
    space_counts: Offsets
    break_counts: Offsets


@dataclass(frozen=True)
class Pieces:
    """Byte ranges of the buffer that make up the texts, in order, none empty."""

    units: Offsets
    starts: Offsets
    ends: Offsets
    glues: Offsets
    char_starts: Offsets
    char_counts: Offsets

    def text_starts(self, unit_count: int) -> tuple[Offsets, Offsets]:
        """Place of each piece in its text, and of the first piece of each unit."""
        past = np.cumsum(self.glues + self.char_counts)
        firsts = np.searchsorted(self.units, np.arange(unit_count + 1))
        bases = np.append(0, past)[firsts]
        return past - self.char_counts - bases[self.units], firsts


def assemble(data: ByteArray, lines: pl.DataFrame, unit_count: int) -> AssembledTexts:
    """Join lines to texts: white space evened out, invisible characters left out.

    Args:
        data: UTF-8 bytes of the batch.
        lines: In order: `unit` (0 to `unit_count` - 1, ascending), `byte_start`,
            `byte_end`, `char_start` (of the whole line), `glue` (bytes of white space
            before the line: 0, 1, or 2); optional `line_byte_start` where the line was
            trimmed at its start, `stray_at`: byte of a quote to leave out.
        unit_count: How many texts to make.
    """
    pieces = _cut_pieces(data, lines)
    text_starts, firsts = pieces.text_starts(unit_count)
    sizes = pieces.glues + pieces.ends - pieces.starts
    past = np.append(0, np.cumsum(sizes))
    out = np.empty(past[-1], dtype=np.uint8)
    bounds = past[firsts]
    join_pieces(data, pieces.starts, pieces.ends, pieces.glues, out)
    breaks = np.append(0, np.cumsum(pieces.glues == PARAGRAPH_GLUE))
    texts = pa.LargeStringArray.from_buffers(
        unit_count,
        pa.py_buffer(np.ascontiguousarray(bounds)),
        pa.py_buffer(out),
    )
    return AssembledTexts(
        texts=pl.Series("text", texts, dtype=pl.String),
        runs=_merge_runs(data, pieces, text_starts, unit_count),
        repairs=pl.Series("repairs", [], dtype=pl.List(CHAR_SPAN)).extend_constant(
            [], unit_count
        ),
        space_counts=count_spaces(out, bounds),
        break_counts=np.diff(breaks[firsts]),
    )


def _cut_pieces(data: ByteArray, lines: pl.DataFrame) -> Pieces:
    starts = lines["byte_start"].to_numpy()
    ends = np.maximum(lines["byte_end"].to_numpy(), starts)
    edits = all_edits(data, starts, ends)
    if "stray_at" in lines.columns:
        edits = _add_strays(edits, lines["stray_at"].drop_nulls().to_numpy())
    edit_lines = np.searchsorted(starts, edits[:, 0], side="right") - 1
    piece_lines = np.concatenate([np.arange(len(starts)), edit_lines])
    order = np.argsort(piece_lines, kind="stable")
    piece_lines = piece_lines[order]
    piece_starts = np.concatenate([starts, edits[:, 1]])[order]
    stops = np.concatenate([starts, edits[:, 0]])[order]
    is_last = np.append(piece_lines[1:] != piece_lines[:-1], [True])[: len(order)]
    piece_ends = np.where(
        is_last, ends[piece_lines], np.append(stops[1:], 0)[: len(order)]
    )
    edit_glues = (edits[:, 2] == AS_SPACE).astype(np.int64)
    glues = np.concatenate([lines["glue"].to_numpy(), edit_glues])[order]
    char_starts, char_counts = _place_chars(
        data, lines, (piece_lines, piece_starts, piece_ends)
    )
    filled = np.flatnonzero(piece_ends > piece_starts)
    units = lines["unit"].to_numpy().astype(np.int64)[piece_lines[filled]]
    return Pieces(
        units=units,
        starts=piece_starts[filled],
        ends=piece_ends[filled],
        glues=_strongest_glues(glues, filled, units),
        char_starts=char_starts[filled],
        char_counts=char_counts[filled],
    )


def _add_strays(edits: Offsets, strays: Offsets) -> Offsets:
    rows = np.stack([strays, strays + 3, np.ones_like(strays)], axis=1)
    both = np.concatenate([edits, rows])
    return both[np.argsort(both[:, 0], kind="stable")]


def _strongest_glues(glues: Offsets, filled: Offsets, units: Offsets) -> Offsets:
    """Glue before each filled piece: the strongest since the filled piece before it."""
    if not len(filled):
        return np.zeros(0, dtype=np.int64)
    since = np.append(0, filled[:-1] + 1)
    strongest = np.maximum.reduceat(glues[: filled[-1] + 1], since)
    strongest[0] = 0
    strongest[1:][units[1:] != units[:-1]] = 0
    return strongest


def _place_chars(
    data: ByteArray, lines: pl.DataFrame, pieces: tuple[Offsets, Offsets, Offsets]
) -> tuple[Offsets, Offsets]:
    """Document offset and length in characters of each piece."""
    piece_lines, starts, ends = pieces
    whole = "line_byte_start" if "line_byte_start" in lines.columns else "byte_start"
    line_starts = lines[whole].to_numpy()
    is_first = np.append(True, piece_lines[1:] != piece_lines[:-1])[: len(starts)]
    gap_starts = np.where(is_first, line_starts[piece_lines], np.append(0, ends)[:-1])
    gaps = count_chars(data, gap_starts, starts)
    counts = count_chars(data, starts, ends)
    past = np.cumsum(gaps + counts)
    before = past - counts
    bases = (before - gaps)[is_first]
    ranks = np.cumsum(is_first) - 1
    line_chars = lines["char_start"].to_numpy()[piece_lines]
    return line_chars + before - bases[ranks], counts


def _merge_runs(
    data: ByteArray, pieces: Pieces, text_starts: Offsets, unit_count: int
) -> pl.Series:
    """Runs of each text: pieces that a blank line parts in both places are one."""
    gaps = pieces.starts[1:] - pieces.ends[:-1]
    last = len(data) - 1
    is_same_break = (
        (pieces.glues[1:] == PARAGRAPH_GLUE)
        & (gaps == PARAGRAPH_GLUE)
        & (data[np.minimum(pieces.ends[:-1], last)] == _LINE_FEED)
        & (data[np.minimum(pieces.ends[:-1] + 1, last)] == _LINE_FEED)
    )
    opens = np.flatnonzero(np.append(True, ~is_same_break)[: len(pieces.starts)])
    closes = np.append(opens[1:], len(pieces.starts))[: len(opens)] - 1
    text_ends = text_starts + pieces.char_counts
    lengths = text_ends[closes] - text_starts[opens]
    columns = [text_starts[opens], pieces.char_starts[opens], lengths]
    fields = pa.StructArray.from_arrays(
        [as_arrow(column.astype(np.uint32)) for column in columns],
        names=["text_start", "char_start", "length"],
    )
    firsts = np.searchsorted(pieces.units[opens], np.arange(unit_count + 1))
    lists = pa.LargeListArray.from_arrays(as_arrow(firsts.astype(np.int64)), fields)
    return pl.Series("runs", lists, dtype=pl.List(OFFSET_RUN))
