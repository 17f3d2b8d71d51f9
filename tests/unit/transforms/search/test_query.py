import pytest

from transforms.errors import UsageError
from transforms.search.query import read_query


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("protest", "protest"),
        ("CSTO AND protest", "CSTO protest"),
        ('"power plant" OR blackout', '"power plant" OR blackout'),
        ("“power plant”", '"power plant"'),
        ("gas NOT oil", "gas -oil"),
        ("NOT NOT gas", "gas"),
        ("(oil OR gas) pipe", "oil pipe OR gas pipe"),
        ("gas NOT (oil OR coal)", "gas -oil -coal"),
        ("gas NOT (oil AND coal)", "gas -oil OR gas -coal"),
        ("gas category:Energy AND pipe", 'gas pipe category:"Energy"'),
        ("gas NOT source:TASS since:2022-01", 'gas -source:"TASS" since:"2022-01"'),
        ('gas source:"Radio X"', 'gas source:"Radio X"'),
    ],
)
def test_query_is_read_as_the_macro_takes_it(words, query):
    assert read_query(words) == query


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "no words"),
        ("category:crisis", "no words"),
        ('"power plant', "not closed"),
        ("(oil", "not closed"),
        ("oil)", "not opened"),
        ("oil OR", "missing at the end"),
        ("oil OR AND gas", "missing before AND"),
        ("NOT oil", "NOT needs"),
        ("oil OR NOT gas", "NOT needs"),
        ("***", "no letter"),
        ("oil colour:red", "no field"),
        ("oil catgory:crisis", "Did you mean category"),
        ("oil category:crisi", "Did you mean crisis"),
        ("oil category:", "no value"),
        ("oil since:yesterday", "expected a day"),
        ("oil since:2022-13", "expected a day"),
        ("oil NOT until:2022", "other bound"),
        ("a " * 1_001, "characters"),
        ("(" * 500, "expected 200 at most"),
        ("NOT " * 400 + "oil", "expected 200 at most"),
        ("(a OR b)" * 8, "multiplied out"),
        ("x NOT (" + " OR ".join(["(a b)"] * 9) + ")", "NOT"),
    ],
)
def test_what_is_no_query_is_refused_with_the_reason(words, why):
    with pytest.raises(UsageError, match=why):
        read_query(words)
