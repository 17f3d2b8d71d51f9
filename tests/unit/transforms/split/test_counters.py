"""Counters of an export: which lines open its articles by their numbers."""

import polars as pl
import pytest

from transforms.split.features.counters import find_counters
from transforms.split.lines.filled_lines import scan_filled_lines
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

TEXT = "The port was closed on Monday.\n\nShips waited.\n\nNobody was hurt."


def counters(*lines: str, text: str = TEXT) -> list[str]:
    """The lines that count articles, each with a text below it."""
    digest = "\n\n".join(f"{line}\n\n{text}" for line in lines)
    documents = pl.DataFrame({"document_row": [0], "text": [digest]})
    buffer = buffer_documents(documents.cast({"document_row": pl.UInt32}))
    found = find_lines(buffer)
    filled = scan_filled_lines(buffer, found)
    rows = filled.line_rows[find_counters(buffer, filled)]
    return [line.strip() for line in found[rows]["text"]]


@pytest.mark.parametrize(
    "form",
    [
        "{} of 63 DOCUMENTS",
        "Document {} of 63",
        "    {} of 63 DOCUMENTS",
        "Dokument {} von 63",
        "{} van 63 documenten",
        "Résultat {} sur 63",
        "Документ {} из 63",
        "Article {} of 63.",
    ],
)
def test_numbers_in_ascending_order_open_articles(form):
    lines = [form.format(number) for number in (2, 3, 9)]

    assert counters(*lines) == [line.strip() for line in lines]


@pytest.mark.parametrize(
    "lines",
    [
        ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"],
        ["1 of 3", "2 of 3", "3 of 3"],
        ["1 of 3 documents", "2 of 3 documents"],
        ["3 of 3 documents", "2 of 3 documents", "1 of 3 documents"],
        ["1 of 3 documents", "2 of 5 documents", "3 of 9 documents"],
        ["7 of 3 documents", "8 of 3 documents", "9 of 3 documents"],
    ],
    ids=["pages", "no word", "two", "descending", "other totals", "more than all"],
)
def test_other_numbers_count_nothing(lines):
    assert counters(*lines) == []


def test_counters_without_articles_between_them_open_none():
    assert counters(*(f"{n} of 9 documents" for n in range(1, 10)), text="") == []
