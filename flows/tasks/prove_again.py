"""What is published, proved again; nothing is written or locked."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings
from flows.tasks.classifier_versions import find_changed_scores
from warehouse.read.check import check_warehouse
from warehouse.read.recheck import open_as_candidates

if TYPE_CHECKING:
    from expectations.audit import AuditReport


def read_everything(settings: Settings) -> list[str]:
    """Every block against its checksum, every span and quote against its slice."""
    return check_warehouse(settings.warehouse)


def score_again(settings: Settings) -> list[str]:
    """Stored scores against those that the same classifier gives now."""
    return find_changed_scores(settings)


def audit_again(warehouse: Path, today: date) -> "AuditReport":
    """The expectations, over all published rows."""
    from expectations.audit import audit
    from expectations.catalogue import standing_codes

    with open_as_candidates(warehouse) as connection:
        return audit(connection, run_date=today, codes=standing_codes())
