"""Searches with patterns that stay compiled from one batch to the next.

Polars keeps the last 32 patterns that a thread has used. A batch takes more than a
hundred, so each of them was compiled anew for every batch, an eighth of the time of the
text stages. Here each pattern is sought on a thread that is asked for few others: one
that it shares with whatever came next, or one of its task's own.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, LifoQueue
from threading import Lock, local
from typing import Final, ParamSpec, TypeVar

import polars as pl

P = ParamSpec("P")
T = TypeVar("T")

PATTERNS_PER_THREAD: Final = 30
# Of a thread in its lane: a number where patterns share it, else the name of its task.
Place = int | str


class _Lane:
    """Threads that hold all patterns, for one caller at a time."""

    def __init__(self) -> None:
        self._threads: dict[Place, ThreadPoolExecutor] = {}

    def call(
        self, place: Place, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if place not in self._threads:
            self._threads[place] = ThreadPoolExecutor(1, thread_name_prefix="patterns")
        return self._threads[place].submit(search, *args, **kwargs).result()


_places: Final[dict[str, int]] = {}
_lanes: Final[LifoQueue[_Lane]] = LifoQueue()
_lock: Final = Lock()
_here: Final = local()


def _place(pattern: str) -> int:
    """Which thread of a lane holds the pattern."""
    with _lock:
        return _places.setdefault(pattern, len(_places)) // PATTERNS_PER_THREAD


def _call(place: Place, search: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
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
    if _is_in_task():
        return search(*args, **kwargs)
    return _call(_place(pattern), search, *args, **kwargs)


def _is_in_task() -> bool:
    return getattr(_here, "is_in_task", False)


def on_own_thread(
    name: str, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a task where its patterns stay compiled, and wake a thread for it once.

    All that the task searches must be few enough for a thread, here or by Polars; what
    Polars does lazily, or with several expressions at once, it does elsewhere. A task
    within a task stays on that one's thread.

    Args:
        name: Of the task, or of tasks that together have few patterns.
        task: What to run.
        *args: For the task.
        **kwargs: For the task.
    """

    def run() -> T:
        _here.is_in_task = True
        return task(*args, **kwargs)

    return run() if _is_in_task() else _call(name, run)


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
