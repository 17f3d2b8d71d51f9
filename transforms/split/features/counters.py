"""Lines that count the articles of an export: `3 of 12 DOCUMENTS`, `Dokument 3 von 12`.

Such lines in ascending order open articles, whatever else a file is like; the numbers
of pages do not count.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.split.lines.filled_lines import FilledLines, Integers
from transforms.text.buffers import TextBuffer, slice_text
from transforms.text.compiled_patterns import extract_groups

_MOST_WORDS: Final = 5
_FEWEST: Final = 3  # counters in ascending order
_LEAST_LINES: Final = 3  # of an article with its counter
_ITEM: Final = (
    r"(?:documents?|dokumente?n?|documenten|documentos?|documenti|documento|artikeln?|"
    r"articles?|artículos?|articoli|articolo|records?|stories|story|items?|results?|"
    r"résultats?|ergebnisse?|документ(?:а|ов|ы)?|стат[ьеи]\p{L}*|haber|sonuç)"
)
_COUNT: Final = r"(\d{1,5})\s+(?:of|out of|von|van|de|sur|di|из|av)\s+(\d{1,5})"
_COUNTER: Final = rf"(?i)^[\W_]*(?:{_ITEM}\s+{_COUNT}|{_COUNT}\s+{_ITEM})[\W_]*$"


def find_counters(buffer: TextBuffer, filled: FilledLines) -> Integers:
    """Rows of lines that count articles, each more than the one before it.

    Args:
        buffer: The batch's text.
        filled: Its lines.
    """
    counts = filled.counts
    is_short = (counts["words"] <= _MOST_WORDS) & (counts["digits"] > 1)
    rows: Integers = filled.candidate_rows[is_short[filled.candidate_rows]]
    if not len(rows):
        return rows
    texts = slice_text(buffer.data, filled.starts[rows], filled.ends[rows])
    said = extract_groups(texts, _COUNTER).struct.unnest().fill_null("0")
    groups = said.select(pl.all().cast(pl.Int64)).to_numpy()
    # Of two forms with two numbers each, one fits.
    number, total = np.maximum(groups[:, :2], groups[:, 2:]).T
    is_counter = (number > 0) & (number <= total)
    rows, number, total = rows[is_counter], number[is_counter], total[is_counter]
    if not len(rows):
        return rows
    goes_on = (
        (np.diff(filled.documents[rows]) == 0)
        & (np.diff(total) == 0)
        & (np.diff(number) > 0)
        & (np.diff(rows) >= _LEAST_LINES)
    )
    runs = np.cumsum(np.append(True, ~goes_on))
    return np.asarray(rows[np.bincount(runs)[runs] >= _FEWEST])
