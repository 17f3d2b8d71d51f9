"""Searches with patterns that stay compiled from one batch to the next.

Polars keeps the last 32 patterns that a thread has used. A batch takes more than a
hundred, so each of them was compiled anew for every batch, an eighth of the time of the
text stages. Here each pattern is sought on a thread that is asked for few others.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, LifoQueue
from threading import Lock
from typing import Final, ParamSpec, TypeVar

import polars as pl

P = ParamSpec("P")
T = TypeVar("T")

PATTERNS_PER_THREAD: Final = 30


class _Lane:
    """Threads that hold all patterns, for one caller at a time."""

    def __init__(self) -> None:
        self._threads: list[ThreadPoolExecutor] = []

    def call(
        self, place: int, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        while len(self._threads) <= place:
            self._threads.append(ThreadPoolExecutor(1, thread_name_prefix="patterns"))
        return self._threads[place].submit(search, *args, **kwargs).result()


_places: Final[dict[str, int]] = {}
_lanes: Final[LifoQueue[_Lane]] = LifoQueue()
_lock: Final = Lock()


def _place(pattern: str) -> int:
    """Which thread of a lane holds the pattern."""
    with _lock:
        return _places.setdefault(pattern, len(_places)) // PATTERNS_PER_THREAD


def _call(place: int, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        lane = _lanes.get_nowait()
    except Empty:
        lane = _Lane()
    try:
        return lane.call(place, search, *args, **kwargs)
    finally:
        _lanes.put(lane)


def _search(
    pattern: str, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    return _call(_place(pattern), search, *args, **kwargs)


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
        found.update(zip(numbers, _call(place, search_all, numbers), strict=True))
    return [found[number] for number in range(len(searches))]


def contains(texts: pl.Series, pattern: str) -> pl.Series:
    """Whether each text fits the pattern."""
    return _search(pattern, texts.str.contains, pattern)


def extract(texts: pl.Series, pattern: str, group: int = 1) -> pl.Series:
    """One group of the pattern in each text, null where it does not fit."""
    return _search(pattern, texts.str.extract, pattern, group)


def extract_groups(texts: pl.Series, pattern: str) -> pl.Series:
    """All groups of the pattern in each text, null where it does not fit."""
    return _search(pattern, texts.str.extract_groups, pattern)


def replace(texts: pl.Series, pattern: str, value: str = "") -> pl.Series:
    """Texts with the first place that fits the pattern replaced."""
    return _search(pattern, texts.str.replace, pattern, value)


def replace_all(texts: pl.Series, pattern: str, value: str = "") -> pl.Series:
    """Texts with every place that fits the pattern replaced."""
    return _search(pattern, texts.str.replace_all, pattern, value)
