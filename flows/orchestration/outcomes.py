"""From what a flow did to what Prefect shows of it: a state that tells the truth.

An expected failure becomes a state with its reason; a programming error is left to
Prefect, which shows its traceback.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.orchestration.api_client import Artifact, Telling
from flows.orchestration.artifacts import failure_markdown
from flows.orchestration.final_outcome import announce
from flows.orchestration.parameters import is_deployed
from flows.orchestration.transient_errors import BACKOFF_SECONDS, retry_transient
from transforms.errors import AuditFailedError, ExitCode, NewsmillError

# The client tries a vanished server for a minute, and `newsmill serve` starts it again
# within seconds; after that nobody listens any more.
FAREWELL_SECONDS: Final = 180.0
RETURN_SECONDS: Final = 60.0


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


def carry_out(work: Callable[[Telling], Outcome]) -> State[Any]:
    """Do the work of a flow run, and give its final state.

    Args:
        work: Gets the line to Prefect. Of a deployed run it is tried again when a
            cause may pass by itself; of a run at a terminal its user decides that.
    """
    telling = Telling(flow_run.id)
    log = get_run_logger()
    try:
        outcome = retry_transient(
            lambda: work(telling),
            BACKOFF_SECONDS if is_deployed() else (),
            say=log.warning,
        )
    except NewsmillError as error:
        log.error("%s", error)  # noqa: TRY400 - its message is all there is to say
        why = _why(error)
        outcome = Outcome("", str(error), error, lambda: [why], is_good=False)
    announce(outcome.data)
    if is_deployed():
        _end_even_without_prefect(outcome)
        telling.wait_for_server(RETURN_SECONDS)
    _show(outcome, telling)
    if outcome.name:
        telling.rename(outcome.name)
    if outcome.is_good:
        return Completed(message=outcome.message, data=outcome.data)
    return Failed(message=outcome.message, data=outcome.data)


def _show(outcome: Outcome, telling: Telling) -> None:
    """Show what can be shown: what is published stays published without it."""
    try:
        artifacts = outcome.artifacts()
    except NewsmillError as error:
        get_run_logger().warning("Not all can be shown: %s", error)
        return
    for artifact in artifacts:
        telling.show(artifact)


def _why(error: NewsmillError) -> Artifact:
    rules: list[dict[str, str]] = []
    if isinstance(error, AuditFailedError):
        from expectations.catalogue import all_rules

        rules = [vars(rule) for rule in all_rules() if rule.code in error.failed]
    return failure_markdown(str(error), rules)


def _end_even_without_prefect(outcome: Outcome) -> None:
    """End this process in a while, though Prefect may still try to tell its server.

    Without a server its events alone would be tried for ten minutes. The warehouse has
    the outcome; the next run tells it to Prefect (flows.orchestration.stale_runs).
    """

    def end() -> None:
        sys.stderr.write(f"newsmill: Prefect was not told: {outcome.message}\n")
        sys.stderr.flush()
        os._exit(ExitCode.OTHER)

    timer = threading.Timer(FAREWELL_SECONDS, end)
    timer.daemon = True
    timer.start()
