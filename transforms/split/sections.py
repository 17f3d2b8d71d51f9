"""A long document is split section by section, so that memory does not grow with it.

A section is a document of its own to the splitter. What its last article is, the lines
behind it tell as well, so the next section begins with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.best_path_kernels import OUTSIDE, START
from transforms.split.scored_lines import ScoredLines, find_states, score_lines
from transforms.split.trees import Trees
from transforms.text.buffers import TextBuffer

# Of titles alone, whose lines cost most, they take 500 MB.
SECTION_LINES: Final = 200_000


@dataclass(frozen=True)
class Section:
    """Lines that were scored together, with the state of each.

    Attributes:
        lines: Contract LINES, without those that the next section has.
        scored: All that were looked at; those behind `lines` are OUTSIDE.
        states: Of every filled line: OUTSIDE, START, or INSIDE.
        count: Filled lines among `lines`.
    """

    lines: pl.DataFrame
    scored: ScoredLines
    states: npt.NDArray[np.int8]
    count: int


def score_sections(
    buffer: TextBuffer,
    lines: pl.DataFrame,
    models: dict[str, Trees],
    section_lines: int = SECTION_LINES,
) -> Iterator[Section]:
    """Score lines of any number; together the sections have each line once.

    Args:
        buffer: The batch's text.
        lines: Contract LINES, of whole documents.
        models: Weights.
        section_lines: Lines to look at in one go, of several documents or of a part of
            one.
    """
    if len(lines) <= section_lines:
        scored = score_lines(buffer, lines, models)
        states = find_states(scored)
        yield Section(lines, scored, states, len(states))
        return
    at = 0
    while at < len(lines):
        end = _end_of_section(lines["document_row"], at, section_lines)
        chosen = lines[at:end]
        scored = score_lines(*_as_batch(buffer, chosen), models)
        states = find_states(scored)
        count = len(states)
        documents = lines["document_row"]
        starts = np.flatnonzero(states == START)
        if end < len(lines) and documents[end] == documents[end - 1] and len(starts):
            last = scored.filled.line_rows[starts[-1]]
            # One article that fills a section is cut.
            if last > 0 and len(starts) > 1:
                count, end = int(starts[-1]), at + int(last)
                states[count:] = OUTSIDE
        yield Section(lines[at:end], scored, states, count)
        at = end


def _end_of_section(documents: pl.Series, at: int, section_lines: int) -> int:
    """After as many whole documents as there is room for, or within the first."""
    end = at + section_lines
    if end >= len(documents):
        return len(documents)
    first = documents.search_sorted(documents[end])
    return int(first) if first > at else end


def _as_batch(
    buffer: TextBuffer, lines: pl.DataFrame
) -> tuple[TextBuffer, pl.DataFrame]:
    """The lines with their text alone, as if there were no other."""
    first = int(lines["byte_start"][0])
    rows = lines["document_row"].rle_id()
    is_first = rows.diff().fill_null(1) != 0
    starts = lines["byte_start"].filter(is_first).to_numpy() - first
    end = int(lines["byte_end"][-1]) - first
    return (
        TextBuffer(buffer.data[first : first + end], np.append(starts, end)),
        lines.with_columns(
            pl.col("byte_start", "byte_end") - first,
            rows.cast(pl.UInt32).alias("document_row"),
        ),
    )
