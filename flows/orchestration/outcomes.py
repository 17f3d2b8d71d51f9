"""From what a flow did to what Prefect shows of it: a state that tells the truth.

An expected failure becomes a state with its reason; a programming error is left to
Prefect, which shows its traceback.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.orchestration.api_client import (
    ABSENCE_SECONDS,
    UNWATCHED_ABSENCE_SECONDS,
    ApiClient,
    Artifact,
)
from flows.orchestration.artifacts import failure_markdown
from flows.orchestration.parameters import (
    announce,
    deployment_of_run,
    is_server_watched,
)
from flows.orchestration.serve.deployments import load_deployments
from flows.process_end import end_with_parent, hearing_signals_again
from flows.verbosity import current_level, start_logging
from flows.wording import counted
from transforms.errors import AuditFailedError, NewsmillError, UsageError


@dataclass(frozen=True)
class Outcome:
    """What a flow did.

    Attributes:
        name: Of the flow run from now on; empty leaves it the one it has.
        message: Of its final state.
        data: What a caller in the process gets.
        artifacts: Makes what is shown beside the run, after the outcome is settled.
        is_good: Whether the final state is Completed.
    """

    name: str
    message: str
    data: Any = None
    artifacts: Callable[[], list[Artifact]] = list
    is_good: bool = True


def carry_out(work: Callable[[ApiClient], Outcome]) -> State[Any]:
    """Do the work of a flow run, and give its final state.

    Args:
        work: Gets a client of Prefect's API.
    """
    end_with_parent()
    absence = ABSENCE_SECONDS if is_server_watched() else UNWATCHED_ABSENCE_SECONDS
    api = ApiClient(flow_run.id, absence)
    start_logging(current_level())
    with hearing_signals_again():
        try:
            _require_own_deployment(api)
            outcome = work(api)
        except NewsmillError as error:
            get_run_logger().error("%s", error)
            why = _why(error)
            outcome = Outcome("", str(error), error, lambda: [why], is_good=False)
        announce(outcome.data)
        _show(outcome, api)
        if outcome.name:
            api.rename(outcome.name)
    if outcome.is_good:
        return Completed(message=outcome.message, data=outcome.data)
    return Failed(message=outcome.message, data=outcome.data)


def _require_own_deployment(api: ApiClient) -> None:
    """Refuse a deployment that somebody made another program of.

    A service would not run that program, it calls its own flows; but a run that was
    meant to do something else must not do this instead, and its user is to know.

    Raises:
        UsageError: Its entry point is none of ours, or it has pull steps.
    """
    deployment_id = deployment_of_run()
    if deployment_id is None:
        return
    found = api(lambda client: client.read_deployment(deployment_id))
    ours = {deployment.entrypoint for deployment in load_deployments()}
    if found and (found.pull_steps or found.entrypoint not in ours):
        steps = counted(len(found.pull_steps or ()), "pull step")
        raise UsageError(
            f"the deployment {found.name} was changed: got the entry point "
            f"{found.entrypoint!r} and {steps}, expected a flow of Newsmill and none",
            "Find out who did it; `newsmill serve` sets it right when it starts",
        )


def _show(outcome: Outcome, api: ApiClient) -> None:
    """Show what can be shown: what is published stays published without it."""
    try:
        artifacts = outcome.artifacts()
    except NewsmillError as error:
        get_run_logger().warning("Not all can be shown: %s", error)
        return
    for artifact in artifacts:
        api.show(artifact)


def _why(error: NewsmillError) -> Artifact:
    rules: list[dict[str, str]] = []
    if isinstance(error, AuditFailedError):
        from expectations.catalogue import all_rules

        rules = [vars(rule) for rule in all_rules() if rule.code in error.failed]
    return failure_markdown(str(error), rules)
