"""The nightly re-check: the published warehouse is proved again, and not changed."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.jobs.classifier_versions import find_changed_scores
from flows.orchestration.api_client import Telling
from flows.orchestration.artifacts import checks_table, findings_markdown
from flows.orchestration.outcomes import Outcome, carry_out
from flows.orchestration.parameters import PathText, settings_for
from flows.settings import Settings
from flows.wording import counted
from warehouse.amend.classifier_versions import list_versions
from warehouse.read.check import check_warehouse
from warehouse.read.recheck import open_as_candidates

if TYPE_CHECKING:
    from expectations.audit import AuditReport

TIMEOUT_SECONDS: Final = 6 * 3600


@flow(
    name="newsmill-recheck",
    flow_run_name="re-check",
    persist_result=False,
    timeout_seconds=TIMEOUT_SECONDS,
)
def recheck(warehouse: PathText = "") -> State[Any]:
    """Read every block of the warehouse and prove again what it promises.

    Characters add up, spans and quotes equal their slices, scores are what the same
    classifier gives today, and every expectation that does not compare a run with
    those before it holds for all published rows. Nothing is written or locked.

    Args:
        warehouse: The DuckDB file to read. Empty: the one that the service was started
            with.
    """

    def work(telling: Telling) -> Outcome:  # noqa: ARG001 - as carry_out calls it
        settings = settings_for(warehouse=warehouse)
        findings = read_everything(settings) + score_again(settings)
        report = audit_again(settings.warehouse, datetime.now(UTC).date())
        failed = report.results.filter(~report.results["success"])
        blocking = failed.filter(failed["severity"] == "critical")
        findings += [
            f"{row['code']}: {row['observed']}"
            for row in blocking.iter_rows(named=True)
        ]
        articles = _count_articles(settings.warehouse)
        said = f"{counted(len(findings), 'finding')} in {counted(articles, 'article')}"
        warned = len(failed) - len(blocking)
        return Outcome(
            name=f"re-check: {said}",
            message=f"{said}, {counted(warned, 'warning')}",
            data=findings,
            artifacts=lambda: [
                findings_markdown(findings, articles),
                checks_table(report.results.sort("success", "code").to_dicts()),
            ],
            is_good=not findings,
        )

    return carry_out(work)


@task(cache_policy=NO_CACHE, persist_result=False)
def read_everything(settings: Settings) -> list[str]:
    """Every block against its checksum, every span and quote against its slice."""
    return check_warehouse(settings.warehouse)


@task(cache_policy=NO_CACHE, persist_result=False)
def score_again(settings: Settings) -> list[str]:
    """Stored scores against those that the same classifier gives now."""
    return find_changed_scores(settings)


@task(cache_policy=NO_CACHE, persist_result=False)
def audit_again(warehouse: Path, today: date) -> "AuditReport":
    """The expectations, over all published rows."""
    from expectations.audit import audit
    from expectations.catalogue import standing_codes

    with open_as_candidates(warehouse) as connection:
        return audit(connection, run_date=today, codes=standing_codes())


def _count_articles(warehouse: Path) -> int:
    return max((row["articles"] for row in list_versions(warehouse)), default=0)
