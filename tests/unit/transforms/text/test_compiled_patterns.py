"""Searches on the threads that keep patterns compiled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import polars as pl
import pytest

from transforms.text.compiled_patterns import (
    PATTERNS_PER_THREAD,
    contains,
    contains_each,
    extract,
    extract_groups,
    on_own_thread,
    replace,
    replace_all,
)

TEXTS = pl.Series("text", ["a1 b2", "", None, "x"])


def test_searches_give_what_polars_gives() -> None:
    pattern = r"([a-z])(\d)"

    assert contains(TEXTS, pattern).equals(TEXTS.str.contains(pattern))
    assert extract(TEXTS, pattern, 2).equals(TEXTS.str.extract(pattern, 2))
    assert extract_groups(TEXTS, pattern).equals(TEXTS.str.extract_groups(pattern))
    assert replace(TEXTS, pattern).to_list() == [" b2", "", None, "x"]
    assert replace_all(TEXTS, pattern, "-").to_list() == ["- -", "", None, "x"]


@pytest.mark.parametrize("search", [contains, extract, replace, replace_all])
def test_nothing_is_sought_in_no_text(search: Callable[..., pl.Series]) -> None:
    found = search(TEXTS.clear(), "(not a pattern")

    dtype = pl.Boolean if search is contains else pl.String
    assert found.equals(pl.Series("text", [], dtype=dtype), check_names=True)
    assert found.dtype == dtype


def test_many_callers_of_many_patterns_share_threads() -> None:
    patterns = [f"^{number}$" for number in range(2 * PATTERNS_PER_THREAD)]
    numbers = pl.Series([str(number) for number in range(len(patterns))])

    with ThreadPoolExecutor(4) as callers:
        found = list(callers.map(lambda p: contains(numbers, p).arg_true(), patterns))

    assert [rows.to_list() for rows in found] == [[n] for n in range(len(patterns))]


def test_searches_for_many_patterns_come_back_in_order() -> None:
    numbers = range(2 * PATTERNS_PER_THREAD)
    searches = [(pl.Series([str(n), "x", None]), f"^{n}$|y") for n in numbers]

    found = contains_each(searches + searches[::-1])

    assert [rows.to_list() for rows in found] == [[True, False, None]] * 2 * len(
        numbers
    )
    assert contains_each([]) == []


def test_a_bad_pattern_fails_in_the_caller() -> None:
    with pytest.raises(pl.exceptions.ComputeError):
        contains(TEXTS, "(")
    assert contains(TEXTS, "x").to_list() == [False, False, None, True]


def test_a_task_and_its_searches_stay_on_one_thread() -> None:
    def search() -> tuple[int, list[int], list[bool | None]]:
        inner = [on_own_thread("inner")(get_ident)() for _ in range(2)]
        return get_ident(), inner, contains(TEXTS, "x").to_list()

    first, second = (on_own_thread("outer")(search)() for _ in range(2))

    assert first == second
    assert first[0] not in {get_ident(), on_own_thread("inner")(get_ident)()}
    assert first[1:] == ([first[0]] * 2, [False, False, None, True])


def test_what_a_task_raises_reaches_its_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        on_own_thread("bad")(lambda: 1 / 0)()
