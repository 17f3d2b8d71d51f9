"""Searches with patterns that stay compiled from one batch to the next.

Polars keeps the last 32 patterns that a thread has used. A batch takes more than a
hundred, so each of them was compiled anew for every batch: without what is here, the
splitter takes 1.8 times as long, and the search for metadata 1.6 times. Each pattern is
sought on a thread that is asked for few others: one that it shares with whatever came
next, or one of its task's own.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from threading import local
from typing import Final, ParamSpec, TypeVar

import polars as pl

P = ParamSpec("P")
T = TypeVar("T")

PATTERNS_PER_THREAD: Final = 30
_here: Final = local()
_places: Final[dict[str, int]] = {}


@cache
def _thread(place: int | str) -> ThreadPoolExecutor:
    """The one of a number that patterns share, or of the name of a task."""
    return ThreadPoolExecutor(
        1, f"patterns {place}", initializer=setattr, initargs=(_here, "is_own", True)
    )


def _place(pattern: str) -> int:
    """Which of the shared threads holds the pattern."""
    return _places.setdefault(pattern, len(_places)) // PATTERNS_PER_THREAD


def _search(
    pattern: str, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    if _is_on_own_thread():
        return search(*args, **kwargs)
    return _thread(_place(pattern)).submit(search, *args, **kwargs).result()


def _is_on_own_thread() -> bool:
    return getattr(_here, "is_own", False)


def on_own_thread(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a task run where its patterns stay compiled, and wake a thread for it once.

    All that the task searches must be few enough for a thread, here or by Polars; what
    Polars does lazily, or with several expressions at once, it does elsewhere. A task
    within a task stays on that one's thread.

    Args:
        name: Of the task, or of tasks that together have few patterns.
    """

    def decorate(task: Callable[P, T]) -> Callable[P, T]:
        @wraps(task)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            if _is_on_own_thread():
                return task(*args, **kwargs)
            return _thread(name).submit(task, *args, **kwargs).result()

        return run

    return decorate


def contains_each(searches: Sequence[tuple[pl.Series, str]]) -> list[pl.Series]:
    """Whether each text of each search fits its pattern.

    To wake a thread takes as long as to search some hundred lines; here that is done
    once per thread, not once per pattern.
    """

    def search_all(numbers: list[int]) -> list[pl.Series]:
        return [texts.str.contains(p) for texts, p in (searches[n] for n in numbers)]

    places: dict[int, list[int]] = {}
    for number, (_, pattern) in enumerate(searches):
        places.setdefault(_place(pattern), []).append(number)
    found: dict[int, pl.Series] = {}
    for place, numbers in places.items():
        hits = _thread(place).submit(search_all, numbers).result()
        found |= zip(numbers, hits, strict=True)
    return [found[number] for number in range(len(searches))]


def contains(texts: pl.Series, pattern: str) -> pl.Series:
    """Whether each text fits the pattern."""
    if texts.is_empty():
        return texts == ""
    return _search(pattern, texts.str.contains, pattern)


def extract(texts: pl.Series, pattern: str, group: int = 1) -> pl.Series:
    """One group of the pattern in each text, null where it does not fit."""
    if texts.is_empty():
        return texts
    return _search(pattern, texts.str.extract, pattern, group)


def extract_groups(texts: pl.Series, pattern: str) -> pl.Series:
    """All groups of the pattern in each text, null where it does not fit."""
    return _search(pattern, texts.str.extract_groups, pattern)


def replace(texts: pl.Series, pattern: str, value: str = "") -> pl.Series:
    """Texts with the first place that fits the pattern replaced."""
    if texts.is_empty():
        return texts
    return _search(pattern, texts.str.replace, pattern, value)


def replace_all(texts: pl.Series, pattern: str, value: str = "") -> pl.Series:
    """Texts with every place that fits the pattern replaced."""
    if texts.is_empty():
        return texts
    return _search(pattern, texts.str.replace_all, pattern, value)
