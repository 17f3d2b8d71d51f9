import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.read.formats import Format, neutralize, printable, render

TEXTS = st.text(max_size=20)


def rendered(form, names, rows, width=None):
    return "".join(render(form, names, rows, width))


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"),
        *(" =1", "\u00a0=1", "\u3000+1", "\u200b=1", "\ufeff=1"),
        *("＝1", "＋1", "－1", "＠A", "−1"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert neutralize(text) == f"'{text}"
    assert rendered(Format.CSV, ["a"], [(text,)]).startswith('"a"\n"\'')


@pytest.mark.parametrize("text", ["", " ", "a=b", "1-2", "plain", "'=1"])
def test_other_text_stays(text):
    assert neutralize(text) == text


def test_name_of_a_column_is_neutralized_too():
    assert rendered(Format.CSV, ["=1"], []) == '"\'=1"\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, "-5"),
        (-1.5, "-1.5"),
        (Decimal("-1.50"), "-1.50"),
        (True, "true"),
        (date(2022, 1, 6), "2022-01-06"),
        (None, ""),
        ("", '""'),
        (timedelta(days=-1), '"\'-1 day, 0:00:00"'),
        (b"\x00=", '"003d"'),
        ({"a": [1, None]}, '"{""a"": [1, null]}"'),
    ],
)
def test_csv_leaves_numbers_and_days_as_they_are(value, cell):
    assert rendered(Format.CSV, ["a"], [(value,)]) == f'"a"\n{cell}\n'


@given(st.lists(st.tuples(TEXTS, st.integers()), max_size=5))
@settings(max_examples=60)
def test_csv_reads_back_to_neutral_texts(rows):
    text = rendered(Format.CSV, ["text", "number"], rows)

    back = list(csv.reader(io.StringIO(text, newline="")))

    assert back[1:] == [[neutralize(word), str(number)] for word, number in rows]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", "[2J]0;title"),
        ("\x9b31mred", "31mred"),
        ("a\u202edcb\u2066", "adcb"),
        ("a\u200bb\u200dc\U000e0041", "abc"),
        ("two\nlines\r\nhere\t.", "two lines  here ."),
        ("line\u2028separator", "line separator"),
        ("e" + "\u0301" * 10_000, "e" + "\u0301" * 4),
        ("ü 中文 عربي", "ü 中文 عربي"),
        ("\ud800", ""),
    ],
)
def test_shown_text_cannot_steer_a_terminal(text, shown):
    assert printable(text) == shown


@given(TEXTS)
def test_shown_text_is_one_printable_line(text):
    shown = printable(text)

    assert all(character.isprintable() for character in shown)
    assert printable(shown) == shown


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), st.integers(20, 60))
@settings(max_examples=60)
def test_table_has_a_line_per_row_within_the_width(rows, width):
    lines = rendered(Format.TABLE, ["a", "b"], rows, width).split("\n")

    assert len(lines) == len(rows) + 3
    assert all(len(line) <= width for line in lines)


def test_wide_letters_keep_columns_in_line():
    text = rendered(Format.TABLE, ["a", "b"], [("中文", 1), ("xy", 22)])

    assert text == "a      b\n────  ──\n中文   1\nxy    22\n"


def test_table_cuts_long_cells_at_whole_letters():
    text = rendered(Format.TABLE, ["a"], [("中" * 100,)], 11)

    assert text.splitlines()[2] == "中" * 5 + "…"


@given(st.lists(st.tuples(TEXTS, st.floats()), max_size=4))
@settings(max_examples=60)
def test_json_is_json_and_plain(rows):
    text = rendered(Format.JSON, ["text", "number"], rows)

    assert [row["text"] for row in json.loads(text)] == [row[0] for row in rows]
    assert not set(text) & set("\x1b\x7f\x9b\u202e\u2028\u200b\ufeff\U000e0041")


def test_json_has_no_word_for_not_a_number():
    rows = [(float("nan"), float("-inf"), Decimal("NaN"))]

    assert json.loads(rendered(Format.JSONL, ["a", "b", "c"], rows)) == {
        "a": None,
        "b": None,
        "c": None,
    }


def test_columns_of_one_name_are_kept_apart():
    assert json.loads(rendered(Format.JSONL, ["a", "a"], [(1, 2)])) == {
        "a": 1,
        "a_2": 2,
    }


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
def test_markdown_shows_markup_as_text(text, cell):
    assert rendered(Format.MARKDOWN, ["a"], [(text,)]).splitlines()[2] == f"| {cell} |"
