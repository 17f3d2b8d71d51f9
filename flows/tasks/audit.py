"""The candidate rows, judged before anybody sees them."""

from datetime import date
from typing import TYPE_CHECKING

from flows.tasks.session import Session
from transforms.errors import AuditFailedError

if TYPE_CHECKING:
    from expectations.audit import AuditReport


def audit(session: Session, run_date: date) -> "AuditReport":
    """Judge the staged rows; failing articles and documents are set aside.

    What an article is to blame for, its document may fail as well, so the document is
    judged once more without it.

    Raises:
        AuditFailedError: A critical check failed; nothing will be published.
    """
    # Great Expectations takes seconds to import, and a run with nothing new needs none.
    from expectations.audit import audit as judge

    build = session.build
    assert build is not None
    report = judge(build.connection, run_date=run_date)
    build.set_aside(report.failing_rows)
    if len(report.failing_rows) and report.unsettled:
        codes = report.unsettled
        later = judge(build.connection, run_date=run_date, codes=codes)
        report = report.settled_by(later)
    build.set_aside_documents(report.failing_documents)
    build.record_quality(report.results)
    session.report = report
    if report.failed_critical:
        raise AuditFailedError(report.failed_critical, report.first_place)
    return report
