"""Which articles a report is about."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from transforms.contracts import LABEL_CODES
from transforms.errors import UsageError
from transforms.text.closest import did_you_mean

_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """All articles, or those of some days and labels.

    Attributes:
        since: The first day of publication; None takes undated articles in too.
        categories: Codes of primary labels; empty: all.
    """

    since: date | None = None
    categories: tuple[str, ...] = ()

    @classmethod
    def read(cls, since: str | None, categories: tuple[str, ...]) -> Self:
        """The scope as a user writes it.

        Args:
            since: A day, a month, or a year, of which the first day is meant.
            categories: Codes, in any case of letters.

        Raises:
            UsageError: There is no such day or label.

        Example:
            >>> Scope.read("2022-03", ("Crisis",)).since
            datetime.date(2022, 3, 1)
        """
        codes = [_known_code(category) for category in categories]
        return cls(None if since is None else _first_day(since), tuple(codes))

    @property
    def is_all(self) -> bool:
        """Nothing is left out."""
        return self == Scope()

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL that chooses the articles is asked with."""
        return {"since": self.since, "categories": list(self.categories)}


def _first_day(since: str) -> date:
    if found := _DAY.fullmatch(since):
        year, month, day = (int(part or 1) for part in found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise UsageError(
        f"--since: got {since!r}, expected a day, a month, or a year",
        "Such as 2022-01-31, 2022-01, or 2022",
    )


def _known_code(category: str) -> str:
    code = category.lower()
    if code not in LABEL_CODES:
        raise UsageError(
            f"--category: no category is named {category!r}",
            did_you_mean(code, LABEL_CODES),
        )
    return code
