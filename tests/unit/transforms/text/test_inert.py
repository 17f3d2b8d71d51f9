import json
import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.inert import (
    HIDDEN,
    csv_text,
    json_text,
    markdown_cell,
    markdown_text,
    page_text,
    table_cell,
    terminal_text,
    ui_cell,
)

pytestmark = pytest.mark.compiled
TEXTS = st.text(max_size=20)
PILED = "e" + "\u0301" * 10_000
PAGES = [page_text, csv_text]
SHOWN = [terminal_text, table_cell, markdown_text, markdown_cell, ui_cell, *PAGES]
HOSTILE = "<img src=x onerror=alert(1)>[a](javascript:alert(1))|\x1b[31m\u202e"


def by_name(function):
    return function.__name__


@pytest.fixture(scope="module")
def hidden():
    """Every character that Unicode calls hidden, a letter between each two."""
    signs = map(chr, range(sys.maxunicode + 1))
    return "x".join(sign for sign in signs if category(sign) in HIDDEN)


@pytest.mark.parametrize("make_inert", SHOWN, ids=by_name)
def test_no_hidden_character_is_shown(make_inert, hidden):
    step = 2_000  # cells are cut short
    shown = "".join(
        make_inert(hidden[start : start + step])
        for start in range(0, len(hidden), step)
    )

    left = {sign for sign in shown if category(sign) in HIDDEN}
    assert left == (set("\t\n\u200c\u200d") if make_inert in PAGES else set())


def test_json_means_the_same_without_hidden_characters(hidden):
    encoded = json_text(json.dumps(hidden, ensure_ascii=False))

    assert json.loads(encoded) == hidden
    assert not {sign for sign in encoded if category(sign) in HIDDEN}


@pytest.mark.parametrize("make_inert", SHOWN, ids=by_name)
@pytest.mark.parametrize("between", ["", "\u200d"], ids=["alone", "joined"])
def test_piles_of_marks_are_cut_short(make_inert, between):
    shown = make_inert("e" + between.join("\u0301" for _ in range(20)) + "!?")

    assert shown.count("\u0301") == 4
    assert shown.endswith("?")


@given(TEXTS)
def test_line_for_a_terminal_is_one_line(text):
    for line in (terminal_text(text), table_cell(text)):
        assert len(line.splitlines()) <= 1
    assert all(sign.isprintable() for sign in table_cell(text))
    assert table_cell(table_cell(text)) == table_cell(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a\\nb"), ("\u202ex", "\\u202ex"), ("x" * 300, "x" * 200 + "…")],
    ids=["line break", "bidi override", "long"],
)
def test_terminal_text_tells_what_it_hides_and_cuts(text, shown):
    assert terminal_text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", "[2J]0;title"),
        ("\x9b31mred", "31mred"),
        ("a\u202edcb\u2066", "adcb"),
        ("a\u200bb\u200dc\U000e0041", "abc"),
        ("two\nlines\r\nhere\t.", "two lines  here ."),
        ("line\u2028separator\x85next", "line separator next"),
        ("ü 中文 عربي", "ü 中文 عربي"),
        (PILED, "e" + "\u0301" * 4),
        ("\ud800", ""),
    ],
)
def test_table_cell_leaves_out_what_has_no_width(text, shown):
    assert table_cell(text) == shown


@pytest.mark.parametrize("text", ["دست‌ها", "👩‍👩‍👧‍👦", "two\n\nparagraphs\tand a tab"])
def test_page_keeps_joiners_and_its_own_breaks(text):
    assert page_text(text) == text


@pytest.mark.parametrize("make_inert", [markdown_text, ui_cell], ids=by_name)
def test_markup_stays_text_in_markdown(make_inert):
    shown = make_inert(HOSTILE)

    assert "<img" not in shown.replace("\\<", "")
    assert "[a](" not in shown
    assert "|" not in shown.replace("\\|", "")


def test_markdown_text_is_cut_where_it_is_told():
    assert len(markdown_text("x" * 3_000, limit=2_000)) == 2_001


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("a|b\nc", "a\\|b c"),
        ("[x](javascript:y)", "\\[x\\](javascript:y)"),
        ("![i](x) `c` *b* _e_", "\\!\\[i\\](x) \\`c\\` \\*b\\* \\_e\\_"),
        ("&amp;", "&amp;amp;"),
    ],
)
def test_markdown_cell_shows_markup_as_text(text, cell):
    assert markdown_cell(text) == cell


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"),
        *(" =1", "\u00a0=1", "\u3000+1", "\u200b=1", "\ufeff=1", "\u2060 \u200d=1"),
        *("＝1", "＋1", "－1", "＠A", "−1"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert csv_text(text) == f"'{page_text(text)}"


@pytest.mark.parametrize("text", ["", " ", "a=b", "1-2", "plain", "'=1", "a\tb\nc"])
def test_other_text_stays_in_csv(text):
    assert csv_text(text) == text
