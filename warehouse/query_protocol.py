"""What the parent and the child of a query tell each other, as JSON."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a query ended; anything else is the child's own failure."""

    ANSWERED = "answered"
    REFUSED = "refused"  # not one reading statement, or wrong SQL
    UNUSABLE = "unusable"  # no warehouse of ours, or a damaged one
    BUSY = "busy"
    TIMEOUT = "timeout"
    MEMORY = "memory"


@dataclass(frozen=True)
class Request:
    """What the parent asks; `width` is the terminal's, None for a file or a pipe."""

    path: str
    sql: str
    form: str
    timeout_s: float
    row_limit: int
    memory_bytes: int
    width: int | None


@dataclass
class Verdict:
    """What is told on stderr."""

    outcome: Outcome = Outcome.ANSWERED
    message: str = ""
    row_count: int = 0
    is_cut: bool = False
