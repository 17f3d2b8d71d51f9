"""What is published, proved again; nothing is written or locked."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings
from flows.tasks.classifier_versions import find_changed_scores
from flows.weights import load_classifier, serving_weights, version_with
from transforms.deduplicate.near_duplicates import METHOD_VERSION
from warehouse.read.check_apart import check_apart
from warehouse.read.recheck import open_as_candidates
from warehouse.read.reports import read_report

if TYPE_CHECKING:
    from expectations.audit import AuditReport


def read_everything(settings: Settings) -> list[str]:
    """Every block against its checksum, every span and quote against its slice."""
    return check_apart(settings.warehouse)


def score_again(settings: Settings) -> list[str]:
    """Stored scores against those that the same classifier gives now."""
    return find_changed_scores(settings)


def count_outdated(settings: Settings) -> dict[str, int]:
    """Rows that other transforms, another classifier, or another method made.

    Returns:
        Counts of `documents` and `articles` of other transforms, `labels` (articles
        that the classifier of new articles has not scored), and `stories` (articles
        whose near-duplicates were found otherwise).
    """
    counts = read_report(
        settings.warehouse,
        "outdated",
        transform_version=version_with(settings.splitter, settings.without),
        classifier_key=load_classifier(serving_weights(settings)).facts.key,
        method_version=METHOD_VERSION,
    )
    return counts.row(0, named=True)


def audit_again(warehouse: Path, today: date) -> "AuditReport":
    """The expectations, over all published rows."""
    from expectations.audit import audit
    from expectations.catalogue import standing_codes

    with open_as_candidates(warehouse) as connection:
        return audit(connection, run_date=today, codes=standing_codes())
