"""One search for many patterns finds what a search for each of them finds."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.reference import read_reference
from transforms.text.line_kinds import SCOPES, kinds_of, match_kinds

pytestmark = pytest.mark.compiled
LIST = read_reference("line_patterns")
ASKERS = ("split", "header", "trailer")

RANGES = {"L": "A-Za-zÀ-Ö", "Lu": "A-ZÀ-Ö", "Ll": "a-zà-ö"}
LETTERS = re.compile(r"\\p\{?(L[ul]?)\}?")
CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]|" + LETTERS.pattern)


def in_python(pattern):
    """The pattern as Python writes it: flags in front, letters as ranges."""

    def ranges(found):
        inside = LETTERS.sub(lambda letters: RANGES[letters[1]], found[0])
        return inside if found[0].startswith("[") else f"[{inside}]"

    pattern = pattern.replace(r"(?-u:\b)?", "").replace(r"(?-u:\b)", r"\b")
    pattern = CLASS.sub(ranges, pattern).replace("(?-u:", "(?:")
    return "(?i)" * ("(?i)" in pattern) + pattern.replace("(?i)", "")


def lines():
    """Texts that fit some pattern, with more on either side of those of free ones."""
    rows = LIST.select("scope", "pattern").rows()
    fitting = [
        st.just(pattern) if scope == "phrase" else st.from_regex(in_python(pattern))
        for scope, pattern in rows
    ]
    return st.one_of(st.text(max_size=30), *fitting).map(str.strip)


TEXTS = st.lists(lines(), min_size=1, max_size=8)


def one_by_one(texts, asked_by, scopes):
    """Kinds of each text by a search for each pattern of the list."""
    found = [set() for _ in texts]
    for askers, kind, scope, pattern in LIST.select(
        "asked_by", "kind", "scope", "pattern"
    ).rows():
        if asked_by in askers.split("; ") and scope in scopes:
            if scope == "phrase":
                hits = texts.str.contains_any([pattern], ascii_case_insensitive=True)
            else:
                hits = texts.str.contains(pattern)
            for kinds, is_hit in zip(found, hits, strict=True):
                kinds.update({kind} if is_hit else ())
    return found


@pytest.mark.parametrize("asked_by", ASKERS)
@settings(max_examples=20)
@given(texts=TEXTS, data=st.data())
def test_kinds_are_those_of_a_search_for_each_pattern(asked_by, texts, data):
    scopes = data.draw(st.sampled_from([SCOPES, ("head",), ("tail",), ("line",)]))
    series = pl.Series(texts)

    found = match_kinds(series, asked_by, scopes)

    kinds = kinds_of(asked_by)
    for bits, wanted in zip(found, one_by_one(series, asked_by, scopes), strict=True):
        named = {kind for place, kind in enumerate(kinds) if bits >> place & 1}
        assert named == wanted


@settings(max_examples=20)
@given(texts=TEXTS, data=st.data())
def test_gate_takes_its_kind_from_the_texts_that_it_closes(texts, data):
    kinds = kinds_of("split")
    kind = data.draw(st.sampled_from(kinds))
    gate = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    series = pl.Series(texts)
    places = {kind, f"{kind}/tail", f"{kind}/phrase"}

    gated = match_kinds(series, "split", gates=dict.fromkeys(places, pl.Series(gate)))

    bit = 1 << kinds.index(kind)
    for is_let, whole, less in zip(
        gate, match_kinds(series, "split"), gated, strict=True
    ):
        assert less == (whole if is_let else int(whole) & ~bit)
