"""Prove the published warehouse again: its tasks in their order."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.runners.runner import Runner
from flows.settings import Settings
from flows.tasks.prove_again import audit_again, read_everything, score_again
from warehouse.amend.classifier_versions import list_versions

if TYPE_CHECKING:
    from expectations.audit import AuditReport


@dataclass(frozen=True)
class Recheck:
    """What a re-check found.

    Attributes:
        findings: One line for each promise that does not hold; none when all do.
        report: Of the expectations, over all published rows.
        articles: That are published.
    """

    findings: list[str]
    report: "AuditReport"
    articles: int


def recheck(settings: Settings, run: Runner) -> Recheck:
    """Read every block of the warehouse and prove again what it promises.

    Characters add up, spans and quotes equal their slices, scores are what the same
    classifier gives today, and every expectation that does not compare a run with
    those before it holds for all published rows. Nothing is written or locked.

    Args:
        settings: Name the warehouse.
        run: Calls the tasks.

    Raises:
        WarehouseUnusableError: The file is missing, not ours, corrupt, or newer.
    """
    findings = run(read_everything, settings) + run(score_again, settings)
    report = run(audit_again, settings.warehouse, datetime.now(UTC).date())
    failed = report.results.filter(~report.results["success"])
    blocking = failed.filter(failed["severity"] == "critical")
    findings += [
        f"{row['code']}: {row['observed']}" for row in blocking.iter_rows(named=True)
    ]
    versions = list_versions(settings.warehouse)
    articles = max((row["articles"] for row in versions), default=0)
    return Recheck(findings, report, articles)
