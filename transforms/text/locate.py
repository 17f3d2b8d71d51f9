"""From places in cleaned titles and bodies back to places in the document."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.text.buffers import Offsets, buffer_documents
from transforms.text.char_index import CharIndex, gather_texts
from transforms.text.runs import flatten_runs

_FIELDS: Final = ("title", "body")
_UNIT_SHIFT: Final = 32


def locate(
    spans: pl.DataFrame, articles: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """Find spans of titles and bodies in their documents.

    An edge on a character that cleaning made (a space for a line break) moves inward
    to the next character that stands in the document. A span of nothing but such
    characters (a word that was mended) is the stretch between what stands around it.

    Args:
        spans: `article_row`, `field` (title or body), `text_start`, `text_end`
            (characters, end exclusive), none empty.
        articles: CLEAN_ARTICLES in order of `article_row`.
        documents: DOCUMENTS; row i is document i of the batch.

    Returns:
        The same rows and order with `document_row`, `char_start`, `char_end`, and
        `exact`, the document's text from `char_start` to `char_end`.
    """
    runs = _run_table(articles)
    rows = np.searchsorted(
        articles["article_row"].to_numpy(), spans["article_row"].to_numpy()
    )
    units = 2 * rows + (spans["field"] == "body").to_numpy()
    starts = spans["text_start"].cast(pl.Int64).to_numpy()
    ends = spans["text_end"].cast(pl.Int64).to_numpy()
    char_starts = _to_document(runs, units, starts, is_end=False)
    char_ends = _to_document(runs, units, ends - 1, is_end=True)
    is_made = ~_has_run(runs, units, starts, ends) | (char_ends <= char_starts)
    if is_made.any():
        char_starts[is_made], char_ends[is_made] = _between_runs(
            runs, articles, units[is_made], starts[is_made]
        )
    document_rows = articles["document_row"].to_numpy()[rows]
    exact = slice_documents(documents, document_rows, char_starts, char_ends)
    return spans.with_columns(
        document_row=pl.Series(document_rows, dtype=pl.UInt32),
        char_start=pl.Series(char_starts, dtype=pl.Int64),
        char_end=pl.Series(char_ends, dtype=pl.Int64),
        exact=exact,
    )


def _run_table(articles: pl.DataFrame) -> dict[str, Offsets]:
    """Runs of all texts in order: unit (two per article), places, key to search by.

    The last is of no article: it stands behind all others, and, found at -1, before
    them, so that whoever looks at a neighbour finds that it is of another unit.
    """
    nobody = 2 * len(articles)
    end = {"unit": nobody, "text_start": 0, "char_start": 0, "length": 0}
    tables = []
    for place, field in enumerate(_FIELDS):
        firsts, flat = flatten_runs(articles[f"{field}_runs"])
        tables.append(
            {"unit": np.repeat(2 * np.arange(len(articles)) + place, np.diff(firsts))}
            | flat
        )
    joined = {
        name: np.concatenate([*(table[name] for table in tables), [last]])
        for name, last in end.items()
    }
    order = np.argsort(joined["unit"], kind="stable")
    runs = {name: values[order] for name, values in joined.items()}
    return runs | {"key": (runs["unit"] << _UNIT_SHIFT) + runs["text_start"]}


def _run_at(runs: dict[str, Offsets], units: Offsets, places: Offsets) -> Offsets:
    """The last run that starts at or before each place, be it of an earlier unit."""
    keys = (units << _UNIT_SHIFT) + places
    return np.searchsorted(runs["key"], keys, side="right") - 1


def _to_document(
    runs: dict[str, Offsets], units: Offsets, places: Offsets, *, is_end: bool
) -> Offsets:
    """Document place of one character of each text; its end when `is_end`."""
    found = _run_at(runs, units, places)
    past = places - runs["text_start"][found]
    lengths = runs["length"][found]
    has_next = runs["unit"][found + 1] == units
    is_own = runs["unit"][found] == units
    # A run of no length is a character written as an escape, up to the run behind it.
    is_escape = is_own & (past == 0) & (lengths == 0) & has_next
    if is_end:
        widths = np.where(
            is_escape,
            runs["char_start"][found + 1] - runs["char_start"][found],
            np.minimum(past + 1, lengths),
        )
        ends: Offsets = runs["char_start"][found] + widths
        return ends
    # A start on a made character moves on to the run behind it.
    moves_on = (~is_own | (past >= lengths)) & ~is_escape & has_next
    starts: Offsets = np.where(
        moves_on, runs["char_start"][found + 1], runs["char_start"][found] + past
    )
    return starts


def _has_run(
    runs: dict[str, Offsets], units: Offsets, starts: Offsets, ends: Offsets
) -> NDArray[np.bool_]:
    """Whether any character of each span stands in the document."""
    found = _run_at(runs, units, ends - 1)
    run_ends = runs["text_start"][found] + np.maximum(runs["length"][found], 1)
    has_run: NDArray[np.bool_] = (runs["unit"][found] == units) & (run_ends > starts)
    return has_run


def _between_runs(
    runs: dict[str, Offsets], articles: pl.DataFrame, units: Offsets, places: Offsets
) -> tuple[Offsets, Offsets]:
    """Stretch of the article from the run before each place to the run behind it."""
    rows = units // 2
    before = _run_at(runs, units, places)
    before_ends = runs["char_start"][before] + runs["length"][before]
    behind_starts = runs["char_start"][before + 1]
    # A record may have its title behind its text: then only runs of the same count.
    is_in_order = before_ends < behind_starts
    has_before, has_behind = (
        np.where(
            is_in_order, runs["unit"][run] // 2 == rows, runs["unit"][run] == units
        )
        for run in (before, before + 1)
    )
    first, last = (
        articles[name].to_numpy()[rows] for name in ("char_start", "char_end")
    )
    return (
        np.where(has_before, before_ends, first),
        np.where(has_behind, behind_starts, last),
    )


def slice_documents(
    documents: pl.DataFrame,
    document_rows: Offsets,
    char_starts: Offsets,
    char_ends: Offsets,
) -> pl.Series:
    """Texts of character ranges of documents, in any order, overlapping or not."""
    index = CharIndex(buffer_documents(documents))
    # A range that is no range is empty; copied as it is, it would end the process.
    starts = np.maximum(index.to_bytes(document_rows, char_starts), 0)
    ends = np.maximum(index.to_bytes(document_rows, char_ends), starts)
    return gather_texts(index.buffer.data, starts, ends)
