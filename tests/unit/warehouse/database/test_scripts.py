"""Names and values in SQL: whatever is in them, they come back as they were."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.database.scripts import filled, quoted_name, quoted_value

WHOLE = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS | WHOLE | st.none() | st.booleans() | st.dates() | st.datetimes())
def test_value_comes_back_as_it_was(value):
    with duckdb.connect() as connection:
        answer = connection.execute(filled("SELECT $value", {"value": value}))

        assert answer.fetchall() == [(value,)]


HOSTILE = ["it's", "'); DROP TABLE t; --", "a\0b"]


@pytest.mark.parametrize(
    ("value", "comes_back"),
    [(HOSTILE, HOSTILE), ((), []), (Path("of'us"), "of'us")],
)
def test_other_values_come_back_as_sql_has_them(value, comes_back):
    with duckdb.connect() as connection:
        asked = connection.execute(f"SELECT {quoted_value(value)}")

        assert asked.fetchall() == [(comes_back,)]


def test_value_that_sql_does_not_have_is_refused():
    with pytest.raises(TypeError, match="no value of SQL"):
        quoted_value({"a": 1})


def test_script_and_values_must_name_the_same():
    with pytest.raises(AssertionError):
        filled("SELECT $value", {"other": 1})


@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
    )
)
def test_name_comes_back_as_it_was(name):
    with duckdb.connect() as connection:
        asked = connection.execute(f"SELECT 1 AS {quoted_name(name)}")

        assert asked.description[0][0] == name
