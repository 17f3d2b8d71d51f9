"""What a run reports of itself: plain facts, printed by flows.cli.output."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

import polars as pl

from transforms.contracts import REJECTS

# Below this, an article may well begin or end elsewhere.
LOW_BOUNDARY_SCORE: Final = 0.8


@dataclass(frozen=True)
class RunSummary:
    """One run's facts.

    Attributes:
        run_id: The run's natural key in `dim_run`; empty when nothing was written.
        flow_run_id: The Prefect flow run, None for a direct run.
        status: `published`, `nothing_new`.
        files: Counts of paths found, and of these by outcome, which add up: new, known,
            copies of new ones, held back, and settled by a person; of the new ones,
            those that were read again because the transforms have changed.
        articles_new: Distinct articles that were not in the warehouse before.
        occurrences_new: Appearances of articles in the new documents.
        categories: New distinct articles by primary label.
        checks: Counts of expectations passed, warned, and failed.
        warnings: Codes and observations of the expectations that warned.
        silent_sources: Of a run that published: sources that had news on nearly every
            day and stopped, as the report `silent_sources` has them.
        characters: Characters of the new documents: total, articles, separators,
            quarantined.
        held_back: Files, spans, and articles set aside (contract REJECTS); a row per
            path of a file, copies included.
        held_before: Of these, how many an earlier run had set aside already.
        seconds: Wall time per step, and `total`.
        warehouse: The published file.
    """

    run_id: str
    flow_run_id: str | None
    status: str
    files: dict[str, int]
    articles_new: int = 0
    occurrences_new: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    silent_sources: list[dict[str, Any]] = field(default_factory=list)
    characters: dict[str, int] = field(default_factory=dict)
    held_back: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=REJECTS)
    )
    held_before: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    warehouse: str = ""

    @property
    def headline(self) -> str:
        """The run in one line, as Prefect's UI shows it."""
        return (
            f"{self.files.get('new', 0)} new files, "
            f"{self.articles_new} new articles"
            f"{held_phrase(self.held_new, self.held_before)}"
        )

    @property
    def held_new(self) -> int:
        """Files, spans, and articles that this run was the first to set aside."""
        return len(self.held_back) - self.held_before

    def as_json(self) -> dict[str, Any]:
        """One object of plain values, for `--json` and for artifacts."""
        plain = asdict(self) | {"held_back": self.held_back.to_dicts()}
        plain["seconds"] = {name: round(s, 3) for name, s in self.seconds.items()}
        return plain | {"headline": self.headline}


def held_phrase(new: int, before: int = 0) -> str:
    """What is set aside, to go behind other counts; empty when nothing is.

    Example:
        >>> held_phrase(2), held_phrase(0, before=3)
        (', 2 held back', ', 3 still held back')
    """
    still = f", {before:,} still held back" if before else ""
    return (f", {new:,} held back" if new else "") + still
