import re

import pytest

from transforms.errors import UsageError
from warehouse.read.queries.questions import (
    Parameter,
    Question,
    find_question,
    list_questions,
)

WEEKS = Parameter("weeks", "BIGINT", "8", "Weeks to show.")
SINCE = Parameter("since", "DATE", None, "First day.")
QUESTION = Question("q", "Why?", (WEEKS, SINCE), "SELECT $weeks::BIGINT, $since::DATE")


def test_questions_are_listed_with_purpose_in_name_order():
    listed = list_questions()

    assert [each.name for each in listed] == sorted(each.name for each in listed)
    assert all(each.purpose and "$" not in each.purpose for each in listed)


@pytest.mark.parametrize("name", [each.name for each in list_questions()])
def test_what_a_question_declares_is_what_its_sql_names(name):
    question = find_question(name)
    body = re.sub(r"--.*", "", question.sql)

    named = set(re.findall(r"\$(\w+)", body))
    cast = set(re.findall(r"\$(\w+)::([A-Z]+)", body))
    assert named == {known.name for known in question.parameters}
    assert cast == {(known.name, known.kind) for known in question.parameters}
    for known in question.parameters:
        assert known.default is None or known.read(known.default)


def test_unknown_question_is_told_with_the_closest():
    with pytest.raises(UsageError, match=r"Did you mean silent_days\?"):
        find_question("silant_day")
    with pytest.raises(UsageError, match="--list"):
        find_question("zzz")


def test_value_given_stands_before_the_default():
    assert QUESTION.bind({}) == {"weeks": "8", "since": None}
    assert QUESTION.bind({"weeks": "0012", "since": "2022-01-06"}) == {
        "weeks": "12",
        "since": "2022-01-06",
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"week": "1"}, r"Did you mean weeks\?"),
        ({"zzz": "1"}, "it takes: weeks, since"),
        ({"weeks": "many"}, "expected BIGINT"),
        ({"weeks": str(1 << 63)}, "expected BIGINT"),
        ({"since": "6 January"}, "expected DATE"),
    ],
)
def test_value_of_another_type_is_told(given, told):
    with pytest.raises(UsageError, match=told):
        QUESTION.bind(given)
