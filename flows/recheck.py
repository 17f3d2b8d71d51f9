"""Prove the published warehouse again: its tasks in their order."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.runners.runner import Runner
from flows.settings import Settings
from flows.tasks.prove_again import (
    audit_again,
    count_outdated,
    read_everything,
    score_again,
)
from transforms.errors import AuditBrokenError, WarehouseDamagedError
from warehouse.amend.classifier_versions import list_versions

if TYPE_CHECKING:
    from expectations.audit import AuditReport


@dataclass(frozen=True)
class Recheck:
    """What a re-check found.

    Attributes:
        damages: One line for each promise that does not hold; none when all do.
        changed_scores: One for each article that its classifier scores otherwise now.
        outdated: Rows that other versions made, by what they are; not a fault.
        report: Of the expectations, over all published rows.
        articles: That are published.
    """

    damages: list[str]
    changed_scores: list[str]
    outdated: dict[str, int]
    report: "AuditReport"
    articles: int

    @property
    def findings(self) -> list[str]:
        """All that is not as it should be."""
        return self.damages + self.changed_scores


def recheck(settings: Settings, run: Runner) -> Recheck:
    """Read every block of the warehouse and prove again what it promises.

    Tables hold what was published, characters add up, spans and quotes equal their
    slices, scores are what the same classifier gives today, and every expectation that
    does not compare a run with those before it holds for all published rows. Nothing
    is written or locked.

    Args:
        settings: Name the warehouse.
        run: Calls the tasks.

    Raises:
        WarehouseDamagedError: A table cannot be read, or lacks columns.
        WarehouseUnusableError: The file is missing, not ours, corrupt, or newer.
    """
    path = settings.warehouse
    damages = run(read_everything, settings)
    try:
        report = run(audit_again, path, datetime.now(UTC).date())
    except AuditBrokenError as error:
        if not damages:
            raise
        raise WarehouseDamagedError(str(path), [*damages, str(error)]) from error
    failed = report.results.filter(~report.results["success"])
    blocking = failed.filter(failed["severity"] == "critical")
    damages += [
        f"{row['code']}: {row['observed']}" for row in blocking.iter_rows(named=True)
    ]
    versions = list_versions(path)
    return Recheck(
        damages,
        # Scores of rows that nobody published say nothing of the classifier.
        [] if damages else run(score_again, settings),
        run(count_outdated, settings),
        report,
        max((row["articles"] for row in versions), default=0),
    )
