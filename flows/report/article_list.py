"""The complete list of articles: by day, in the report or in pages beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

# Of one page, about 300 bytes each.
PAGE_ROWS: Final = 5_000
# A report with more has its list in pages beside it.
LIST_ROWS: Final = 3_000


@dataclass(frozen=True)
class ListPage:
    """Articles of one month, or of a part of a month that has many.

    Attributes:
        name: Of its file.
        month: Its first day; None for undated articles.
        part: Counted from 1.
        parts: Of the month.
        first: Number of its first article in the whole list, counted from 1.
        last: Number of its last article.
    """

    name: str
    month: date | None
    part: int
    parts: int
    first: int
    last: int

    @property
    def articles(self) -> int:
        """How many it lists."""
        return self.last - self.first + 1

    @property
    def title(self) -> str:
        """What it is called where it is linked."""
        named = f"{self.month:%B %Y}" if self.month else "Undated"
        return named if self.parts == 1 else f"{named}, part {self.part}"


def list_pages(months: Iterable[Mapping[str, Any]]) -> list[ListPage]:
    """Pages in the order of the list.

    Args:
        months: `month` (date, None for undated), `first_place`, `last_place`, in order.

    Example:
        >>> month = {"month": None, "first_place": 1, "last_place": 5_001}
        >>> [(page.name, page.articles) for page in list_pages([month])]
        [('undated.html', 5000), ('undated-2.html', 1)]
    """
    return [page for month in months for page in _month_pages(month)]


def by_day(
    rows: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[date | None, list[Mapping[str, Any]]]]:
    """Articles in the order of the list, as one group per day of publication."""
    for day, group in groupby(rows, lambda row: row["published_date"]):
        yield day, list(group)


def by_year(pages: Sequence[ListPage]) -> list[tuple[int | None, list[ListPage]]]:
    """Pages in their order, as one group per year; None for the undated."""
    return [
        (year, list(group))
        for year, group in groupby(
            pages, lambda page: page.month.year if page.month else None
        )
    ]


def _month_pages(month: Mapping[str, Any]) -> Iterator[ListPage]:
    named = f"{month['month']:%Y-%m}" if month["month"] else "undated"
    starts = range(month["first_place"], month["last_place"] + 1, PAGE_ROWS)
    for part, first in enumerate(starts, 1):
        yield ListPage(
            name=f"{named}-{part}.html" if part > 1 else f"{named}.html",
            month=month["month"],
            part=part,
            parts=len(starts),
            first=first,
            last=min(first + PAGE_ROWS - 1, month["last_place"]),
        )
