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
from transforms.errors import WarehouseDamagedError
from warehouse.amend.classifier_versions import list_versions

if TYPE_CHECKING:
    from expectations.audit import AuditReport


@dataclass(frozen=True)
class Recheck:
    """What a re-check found.

    Attributes:
        findings: One for each article that its classifier scores otherwise now.
        outdated: Rows that other versions made, by what they are; not a fault.
        report: Of the expectations, over all published rows.
        articles: That are published.
    """

    findings: list[str]
    outdated: dict[str, int]
    report: "AuditReport"
    articles: int


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
        WarehouseDamagedError: It is not what was published, or breaks a critical rule.
        WarehouseUnusableError: The file is missing, not ours, corrupt, or newer.
    """
    path = settings.warehouse
    damages = run(read_everything, settings)
    if damages:
        # Rows that nobody published say nothing of the rules, or of the classifier.
        raise WarehouseDamagedError(str(path), damages)
    report = run(audit_again, path, datetime.now(UTC).date())
    failed = report.results.filter(~report.results["success"])
    blocking = failed.filter(failed["severity"] == "critical")
    broken = [
        f"{row['code']}: {row['observed']}" for row in blocking.iter_rows(named=True)
    ]
    if broken:
        raise WarehouseDamagedError(str(path), broken)
    versions = list_versions(path)
    return Recheck(
        run(score_again, settings),
        run(count_outdated, settings),
        report,
        max((row["articles"] for row in versions), default=0),
    )
