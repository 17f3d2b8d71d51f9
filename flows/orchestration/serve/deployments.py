"""The named deployments: `prefect.yaml`, read for `newsmill serve`."""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import yaml

if TYPE_CHECKING:
    from prefect.runner import Runner

FILE_NAME: Final = "prefect.yaml"
INGEST: Final = "ingest"
# Beside the packages in a checkout, inside of this one when installed.
_PLACES: Final = (
    Path(__file__).parents[3] / FILE_NAME,
    Path(__file__).parents[2] / FILE_NAME,
)


@dataclass
class Deployment:
    """One named deployment.

    Attributes:
        name: Within its flow.
        entrypoint: Module and name of the flow.
        description: One sentence.
        tags: For the filters of the UI.
        parameters: What its runs are told unless somebody says otherwise.
        schedules: Of Prefect's form: `cron` and `timezone`.
        concurrency_limit: `limit` and `collision_strategy`.
        work_pool: Of `prefect deploy`; not used by `newsmill serve`.
    """

    name: str
    entrypoint: str
    description: str
    tags: list[str]
    parameters: dict[str, Any]
    schedules: list[dict[str, str]]
    concurrency_limit: dict[str, Any]
    work_pool: dict[str, str] = field(default_factory=dict)


def load_deployments() -> list[Deployment]:
    """The deployments of `prefect.yaml`, in its order."""
    path = next(place for place in _PLACES if place.is_file())
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Deployment(**words) for words in written["deployments"]]


def served_deployments(
    *, cron: str | None, parameters: dict[str, dict[str, Any]]
) -> list[Deployment]:
    """The deployments as one process serves them.

    Args:
        cron: Schedule of the ingest instead of the one in the file, UTC.
        parameters: By name of the deployment, over those of the file.
    """
    served = load_deployments()
    for deployment in served:
        if cron and deployment.name == INGEST:
            deployment.schedules = [{"cron": cron, "timezone": "UTC"}]
        deployment.parameters |= parameters.get(deployment.name, {})
    return served


def add_to(runner: "Runner", deployment: Deployment) -> UUID:
    """Let a runner serve it; the deployment as Prefect's server knows it.

    The runner gets the flow itself, and calls that whatever anybody writes into the
    deployment afterwards: no entry point is looked up, and no pull step is run.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.flows import Flow, load_flow_from_entrypoint
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    flow: Flow[..., Any] = load_flow_from_entrypoint(deployment.entrypoint)
    added = runner.add_flow(
        flow,
        name=deployment.name,
        description=deployment.description,
        tags=deployment.tags,
        parameters=deployment.parameters,
        schedules=[
            Cron(entry["cron"], timezone=entry["timezone"])
            for entry in deployment.schedules
        ],
        concurrency_limit=ConcurrencyLimitConfig(**deployment.concurrency_limit),
        version=version("newsmill"),
        # What a worker of a pool would find from any working folder.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert not isinstance(added, Coroutine)
    return added
