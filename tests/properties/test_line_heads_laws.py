"""A line's beginning never rules out a kind that its pattern speaks for."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.reference import read_reference
from transforms.split.lines.filled_lines import kind_mask
from transforms.split.lines.line_head_kernels import KEYED_KINDS, read_heads
from transforms.text.buffers import buffer_documents
from transforms.text.line_kinds import match_kinds

PATTERNS = [
    (row["kind"], row["pattern"])
    for row in read_reference("line_patterns").to_dicts()
    if row["asked_by"] == "split"
    and row["scope"] in ("line", "head")
    and row["kind"] in KEYED_KINDS
]
# Allowed by their end as well, as `filled_lines` knows: a page, or two capitals.
BY_OTHER_SIGNS = {"toc": r"\d$", "byline": r"^[^\W\d_].*[^\W\d_]"}


def in_python(pattern):
    """The pattern as Python writes it: flags in front, no classes by ASCII."""
    pattern = pattern.replace(r"(?-u:\b)?", "").replace(r"(?-u:\b)", r"\b")
    is_folded = "(?i)" in pattern
    return "(?i)" * is_folded + pattern.replace("(?i)", "")


def heads_of(texts):
    buffer = buffer_documents(pl.DataFrame({"text": texts}))
    return read_heads(
        buffer.data, buffer.document_starts[:-1], buffer.document_starts[1:]
    )


@pytest.mark.parametrize(("kind", "pattern"), PATTERNS)
@settings(max_examples=25)
@given(data=st.data())
def test_lines_of_a_kind_begin_as_it_may(kind, pattern, data):
    text = data.draw(st.from_regex(in_python(pattern))).strip()
    fits = match_kinds(pl.Series([text]), "split", ("line", "head")) & kind_mask([kind])
    if not fits[0] or re.search(BY_OTHER_SIGNS.get(kind, "(?!)"), text):
        return
    assert heads_of([text])[0] & kind_mask([kind]), text


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("Source: Example Agency", ["source", "field_head", "field_tail", "number"]),
        ("The writer is a reporter for Example", ["credits", "footer"]),
        ("Ann Smith is an editor", ["credits"]),
        ("Ann Smiths edited it", []),
        ("LONDON, May 5 (Wire) - He left", ["dateline"]),
        ("Wells-on-Sea: he left", []),
        ("WELLS: he left", ["dateline", "number"]),
        ("12. He left", ["number", "dateline", "footer", "record", "word_count"]),
        ("He left", []),
    ],
)
def test_beginnings_allow_few_kinds(line, kinds):
    assert heads_of([line])[0] == kind_mask(kinds)


def test_other_than_ascii_rules_out_nothing():
    every = kind_mask(KEYED_KINDS)
    assert (heads_of(["© 2015", "ſource: X", "soſ", "№ 5"]) & every == every).all()
    assert heads_of(["", "a"]).tolist() == [0, 0]


def test_every_row_is_read_from_its_own_bytes():
    lines = ["He left", "Tags: a", "He left"]
    assert np.flatnonzero(heads_of(lines)).tolist() == [1]
