"""Scoring stored articles with another classifier version, when somebody asks."""

from typing import Any, Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.jobs.classifier_versions import reclassify as score_stored
from flows.jobs.classifier_versions import serve_version
from flows.orchestration.api_client import Telling
from flows.orchestration.outcomes import Outcome, carry_out
from flows.orchestration.parameters import PathText, Version, settings_for
from flows.settings import Settings
from flows.wording import counted

TIMEOUT_SECONDS: Final = 12 * 3600


@flow(
    name="newsmill-reclassify",
    flow_run_name="reclassify with version {version}",
    persist_result=False,
    timeout_seconds=TIMEOUT_SECONDS,
)
def reclassify(
    version: Version, warehouse: PathText = "", *, promote: bool = False
) -> State[Any]:
    """Score all stored articles with a classifier version that has not scored them.

    Scores of other versions stay. A run that was stopped goes on where it was.

    Args:
        version: Of the classifier: the name that `newsmill train --version` gave it.
        warehouse: The DuckDB file. Empty: the one that the service was started with.
        promote: Let the views show this version afterwards.
    """

    def work(telling: Telling) -> Outcome:  # noqa: ARG001 - as carry_out calls it
        settings = settings_for(warehouse=warehouse)
        scored = counted(score_articles(settings, version), "article")
        if promote:
            promote_version(settings, version)
        serves = ", which serves now" if promote else ""
        said = f"{scored} scored by version {version}{serves}"
        return Outcome(name=said, message=said)

    return carry_out(work)


@task(cache_policy=NO_CACHE, persist_result=False)
def score_articles(settings: Settings, version: str) -> int:
    """Articles that the version had not scored, and how many there were."""
    return score_stored(settings, version)


@task(cache_policy=NO_CACHE, persist_result=False)
def promote_version(settings: Settings, version: str) -> None:
    """The views show this version from now on."""
    serve_version(settings, version)
