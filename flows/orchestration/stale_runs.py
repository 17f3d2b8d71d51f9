"""Runs of a deployment that nobody waits for: too late ones, and those left behind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import get_current_settings
from prefect.states import Cancelled, Completed, Crashed

from flows.orchestration.artifacts import published_message
from transforms.errors import NewsmillError
from warehouse.read.reports import read_report

MISSED_BEATS: Final = 3
DEFAULT_BEAT_SECONDS: Final = 180
AUTOMATION_NAME: Final = "Newsmill: crash runs without a heartbeat"
LOOKED_AT: Final = 50
_AUTOMATION_FIELDS: Final = set(AutomationCore.model_fields)
_UNTOLD: Final = (
    StateType.PENDING,
    StateType.RUNNING,
    StateType.CANCELLING,
    StateType.CRASHED,
)
_ENDED: Final = ("Completed", "Failed", "Cancelled", "Crashed", "TimedOut")


def settle_earlier_runs(
    client: SyncPrefectClient,
    run_id: UUID,
    deployment: UUID,
    path: Path,
    *,
    takes_all: bool,
) -> str:
    """What a run does for those before it; one line about it, or none.

    Args:
        client: To Prefect's API.
        run_id: The run under way.
        deployment: Whose runs.
        path: The warehouse; may be missing still.
        takes_all: Whether it does what scheduled runs would do.
    """
    before = [run for run in _stuck(client, [deployment]) if run.id != run_id]
    settled = _complete_published(client, before, path)
    late = cancel_superseded(client, deployment, datetime.now(UTC)) if takes_all else 0
    if not settled and not late:
        return ""
    return f"{len(settled)} earlier runs settled, {late} late ones cancelled"


def cancel_superseded(
    client: SyncPrefectClient, deployment: UUID, now: datetime
) -> int:
    """Cancel scheduled runs that are due already: the run under way takes all there is.

    After a downtime they would follow each other, with nothing left to do. What a
    person asked for is left alone.

    Returns:
        How many there were.
    """
    # One that waits for its turn is scheduled anew, and still expected when it was due.
    is_due = FlowRunFilterExpectedStartTime.model_validate({"before_": now})
    due = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
            state=_of([StateType.SCHEDULED]),
            expected_start_time=is_due,
        )
    )
    late = [run for run in due if run.auto_scheduled]
    for run in late:
        _set(client, run, Cancelled(message="A run that started later took its part"))
    return len(late)


def settle_dead(
    client: SyncPrefectClient, deployments: list[UUID], warehouse: Path
) -> int:
    """Give a final state to runs whose processes are gone, so that no slot stays taken.

    Args:
        client: To Prefect's API.
        deployments: Whose runs; no process of them may be alive.
        warehouse: Tells which of them published.

    Returns:
        How many there were.
    """
    dead = _stuck(client, deployments)
    published = _complete_published(client, dead, warehouse)
    left = [run for run in dead if run.id not in published]
    lost = [run for run in left if run.state and not run.state.is_final()]
    for run in lost:
        _set(client, run, Crashed(message="The service that ran it was stopped"))
    return len(published) + len(lost)


def _complete_published(
    client: SyncPrefectClient, runs: list[FlowRun], warehouse: Path
) -> set[UUID]:
    """Complete runs that published but could not say so: `dim_run` is the truth."""
    if not runs:
        return set()
    ids = [str(run.id) for run in runs]
    try:
        published = read_report(warehouse, "published_flow_runs", flow_run_ids=ids)
    except NewsmillError:
        # There is no warehouse yet, or it is for the run itself to say what is wrong.
        return set()
    said = {
        UUID(flow_run_id): f"{published_message(articles, held_back)}; told late"
        for flow_run_id, articles, held_back in published.rows()
    }
    for run in runs:
        if run.id in said:
            _set(client, run, Completed(message=said[run.id]))
    return set(said)


def _stuck(client: SyncPrefectClient, deployments: list[UUID]) -> list[FlowRun]:
    """The newest runs that have not ended, or that ended without a word."""
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=deployments),
            state=_of(_UNTOLD),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=LOOKED_AT,
    )


def _of(types: Sequence[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))


def _set(client: SyncPrefectClient, run: FlowRun, state: State[None]) -> None:
    client.set_flow_run_state(run.id, state, force=True)


def heartbeat_window() -> timedelta:
    """How long a run may be silent: as long as three beats of its heart.

    The 90 s of Prefect's own example would end live runs, whose heart beats every 180.
    """
    beat = get_current_settings().flows.heartbeat_frequency or DEFAULT_BEAT_SECONDS
    return timedelta(seconds=MISSED_BEATS * beat)


def crash_silent_runs() -> AutomationCore:
    """The automation that calls a run crashed when its process died without a word."""
    beat = "prefect.flow-run.heartbeat"
    return AutomationCore(
        name=AUTOMATION_NAME,
        description="Made by Newsmill. dim_run says whether such a run published.",
        trigger=EventTrigger(
            after={beat},
            expect={beat, *(f"prefect.flow-run.{state}" for state in _ENDED)},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(
                {
                    "prefect.resource.role": "flow",
                    "prefect.resource.name": "newsmill-*",
                }
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=heartbeat_window(),
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                force=False,
                state=StateType.CRASHED,
                message="No heartbeat: its process or its machine is gone",
            )
        ],
    )


def ensure_automation(client: SyncPrefectClient) -> None:
    """Have the automation once, as this version wants it.

    One that is so already is left alone: a changed one forgets the beats that it has
    heard, and with them the runs that fell silent before.
    """
    wanted = crash_silent_runs()
    there = client.read_automations_by_name(AUTOMATION_NAME)
    if not there:
        client.create_automation(wanted)
        return
    wanted.enabled = there[0].enabled
    if AutomationCore(**there[0].model_dump(include=_AUTOMATION_FIELDS)) != wanted:
        client.update_automation(there[0].id, wanted)
