import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.inert import csv_text
from warehouse.read.formats import Format, render

TEXTS = st.text(max_size=20)


def rendered(form, names, rows, width=None):
    return "".join(render(form, names, rows, width))


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

    assert back[1:] == [[csv_text(word), str(number)] for word, number in rows]


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


@pytest.mark.parametrize("width", [12, 24, 40, 60, 200])
def test_name_of_a_column_is_whole_at_any_width(width):
    names = ["first_published_date", "most_reprinted_source_of_all", "count(*) FILTER"]
    text = rendered(Format.TABLE, names, [("2022-01-06", "x" * 90, 1)] * 2, width)

    shown = text.splitlines()[0].split()
    left_out = text.partition("Not shown:")[2].replace("\n", " ")
    assert shown[0] == names[0]
    assert all(name in shown or name in left_out for name in names[:2])
    if width > len(names[0]):
        assert max(map(len, text.splitlines())) <= max(width, len(names[1]) + 1)


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


def test_markdown_shows_markup_as_text():
    text = rendered(Format.MARKDOWN, ["a"], [("<b>x|y</b>",)])

    assert text.splitlines()[2] == "| &lt;b&gt;x\\|y&lt;/b&gt; |"
