"""What the parent and the child of a query tell each other, as JSON."""

from dataclasses import dataclass, field

from transforms.errors import (
    NewsmillError,
    OutOfSpaceError,
    UsageError,
    WarehouseBusyError,
    WarehouseMissingError,
    WarehouseUnusableError,
)


class QueryStoppedError(NewsmillError):
    """The query ran for longer than it may."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(timeout_s)
        self.timeout_s = timeout_s

    def __str__(self) -> str:
        return (
            f"query: stopped after {self.timeout_s:g} s. "
            "Narrow it down, or raise --timeout"
        )


ERRORS: dict[str, type[NewsmillError]] = {
    kind.__name__: kind
    for kind in (
        OutOfSpaceError,
        QueryStoppedError,
        UsageError,
        WarehouseBusyError,
        WarehouseMissingError,
        WarehouseUnusableError,
    )
}


@dataclass(frozen=True)
class Request:
    """What the parent asks.

    `width` is the terminal's, None for a file or a pipe; `snapshot` is an earlier state
    of a lake, None for the newest.
    """

    path: str
    sql: str
    form: str
    timeout_s: float
    row_limit: int
    memory_bytes: int
    width: int | None
    snapshot: int | None = None


@dataclass
class Verdict:
    """How it went: an error of ours by name and facts, or how much was written."""

    error: str | None = None
    facts: list[str | float] = field(default_factory=list)
    row_count: int = 0
    is_cut: bool = False
