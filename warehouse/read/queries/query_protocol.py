"""What the parent and the child of a query tell each other."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """What the parent asks.

    `width` is the terminal's, None for a file or a pipe; `snapshot` is an earlier state
    of a lake, None for the newest; `values` are those of the statement's parameters.
    """

    path: str
    sql: str
    form: str
    timeout_s: float
    row_limit: int
    memory_bytes: int
    width: int | None
    snapshot: int | None = None
    values: dict[str, str | None] = field(default_factory=dict)


@dataclass
class Answer:
    """How much was written; `is_cut` says that there were more rows than allowed."""

    row_count: int = 0
    is_cut: bool = False
