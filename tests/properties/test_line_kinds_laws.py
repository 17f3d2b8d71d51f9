"""One search for many patterns finds what a search for each of them finds."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.reference import read_reference
from transforms.text.line_kinds import SCOPES, kinds_of, match_kinds

pytestmark = pytest.mark.compiled
LIST = read_reference("line_patterns")
ASKERS = ("split", "header", "trailer")


def in_python(pattern):
    """The pattern as Python writes it: flags in front, no classes by ASCII."""
    pattern = pattern.replace(r"(?-u:\b)?", "").replace(r"(?-u:\b)", r"\b")
    pattern = pattern.replace(r"\p{Lu}", "[A-ZÀ-Ö]").replace(r"\p{Ll}", "[a-zà-ö]")
    pattern = pattern.replace(r"\p{L}", "A-Za-zÀ-Ö").replace("(?-u:", "(?:")
    return "(?i)" * ("(?i)" in pattern) + pattern.replace("(?i)", "")


def lines():
    """Texts that fit some pattern, with more on either side of those of free ones."""
    rows = LIST.select("scope", "pattern").rows()
    fitting = [
        st.just(pattern) if scope == "phrase" else st.from_regex(in_python(pattern))
        for scope, pattern in rows
    ]
    return st.one_of(st.text(max_size=30), *fitting).map(str.strip)


TEXTS = st.lists(lines(), min_size=1, max_size=4)


def one_by_one(text, asked_by, scopes):
    """Kinds by a search for each pattern of the list."""
    found = set()
    for askers, kind, scope, pattern in LIST.select(
        "asked_by", "kind", "scope", "pattern"
    ).rows():
        if asked_by in askers.split("; ") and scope in scopes:
            texts = pl.Series([text])
            if scope == "phrase":
                hits = texts.str.contains_any([pattern], ascii_case_insensitive=True)
            else:
                hits = texts.str.contains(pattern)
            found |= {kind} if hits[0] else set()
    return found


@pytest.mark.parametrize("asked_by", ASKERS)
@settings(max_examples=40)
@given(texts=TEXTS, data=st.data())
def test_kinds_are_those_of_a_search_for_each_pattern(asked_by, texts, data):
    scopes = data.draw(st.sampled_from([SCOPES, ("head",), ("tail",), ("line",)]))

    found = match_kinds(pl.Series(texts), asked_by, scopes)

    kinds = kinds_of(asked_by)
    for text, bits in zip(texts, found, strict=True):
        named = {kind for place, kind in enumerate(kinds) if bits >> place & 1}
        assert named == one_by_one(text, asked_by, scopes)


@settings(max_examples=40)
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
