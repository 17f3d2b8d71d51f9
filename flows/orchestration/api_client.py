"""What a run tells Prefect beyond its states; a server that is gone stops nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.logging import get_run_logger
from prefect.runtime import task_run

T = TypeVar("T")

CALL_SECONDS: Final = 10.0
# A server that died is started again within seconds by the run or the service that
# watches it; nobody says so of one that a user named.
ABSENCE_SECONDS: Final = 45.0
UNWATCHED_ABSENCE_SECONDS: Final = 15.0
POLL_SECONDS: Final = 1.0
PROGRESS_EVERY_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Artifact:
    """Something to show beside a run.

    Attributes:
        key: Small letters, digits, and dashes; the same from run to run.
        kind: `markdown`, `table`, or `progress`.
        description: One sentence; itself Markdown.
        data: As Prefect stores that kind; text of articles is escaped already.
    """

    key: str
    kind: str
    description: str
    data: Any


@dataclass
class ApiClient:
    """Calls to Prefect's API about one flow run.

    Attributes:
        flow_run_id: Whom they are about.
        absence_seconds: How long the server may be away.
        is_lost: It was away for longer; nothing more is told.
    """

    flow_run_id: UUID
    absence_seconds: float = ABSENCE_SECONDS
    is_lost: bool = False

    def __call__(self, tell: Callable[[SyncPrefectClient], T]) -> T | None:
        """Give the call a client, and None when Prefect cannot be told."""
        deadline = time.monotonic() + self.absence_seconds
        while not self.is_lost:
            try:
                with get_client(
                    httpx_settings={"timeout": CALL_SECONDS}, sync_client=True
                ) as client:
                    return tell(client)
            except httpx.HTTPStatusError as error:
                get_run_logger().warning("Prefect refused: %s", error)
                return None
            except (httpx.HTTPError, ConnectionError) as error:
                # The client itself gives up at once when a connection is refused.
                self.is_lost = time.monotonic() > deadline
                if self.is_lost:
                    get_run_logger().warning("Prefect does not answer: %r", error)
                time.sleep(POLL_SECONDS)
        return None

    def rename(self, name: str) -> None:
        """Give the flow run a name that says what it did."""
        self(lambda client: client.update_flow_run(self.flow_run_id, name=name))

    def show(self, artifact: Artifact) -> UUID | None:
        """Put an artifact beside the flow run, and the task run that is under way."""
        request = ArtifactCreate(
            key=artifact.key,
            type=artifact.kind,
            description=artifact.description,
            data=artifact.data,
            flow_run_id=self.flow_run_id,
            task_run_id=UUID(task_run.id) if task_run.id else None,
        )
        shown = self(lambda client: client.create_artifact(request))
        return shown.id if shown is not None else None


class Progress:
    """A bar in the UI: made by the first task of many, moved every few seconds."""

    def __init__(
        self, api: ApiClient, *, every_seconds: float = PROGRESS_EVERY_SECONDS
    ) -> None:
        self._api, self._every_seconds = api, every_seconds
        self._artifact_id: UUID | None = None
        self._told_at = float("-inf")

    def started(self, task: str) -> None:
        """Tasks are task runs, which Prefect shows by itself."""

    def finished(self, done: int, total: int) -> None:
        """Say how many of how many are done; one alone is no progress to show."""
        now = time.monotonic()
        is_due = done == total or now - self._told_at >= self._every_seconds
        if total < 2 or not is_due:  # noqa: PLR2004 - one is not many
            return
        self._told_at = now
        percent = round(100 * done / total, 1)
        said = f"{done} of {total} batches transformed"
        if self._artifact_id is None:
            artifact = Artifact("progress", "progress", said, percent)
            self._artifact_id = self._api.show(artifact)
            return
        self._move(self._artifact_id, ArtifactUpdate(data=percent, description=said))

    def _move(self, artifact_id: UUID, update: ArtifactUpdate) -> None:
        self._api(lambda client: client.update_artifact(artifact_id, update))
