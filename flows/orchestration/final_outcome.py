"""The outcome of a flow run, heard by its caller as soon as there is one.

Prefect gives it only when its server has taken the final state, which a server that
died meanwhile never does.
"""

import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Final

from flows.process_end import skip_farewells

PATIENCE_SECONDS: Final = 20.0


@dataclass
class _Heard:
    """What the caller waits for.

    Attributes:
        is_known: There is an outcome, or there will be none.
        is_told: Prefect is done with the run too.
        outcome: What the flow announced.
        error: What ended the call before or instead.
    """

    is_known: threading.Event = field(default_factory=threading.Event)
    is_told: threading.Event = field(default_factory=threading.Event)
    outcome: Any = None
    error: BaseException | None = None


_LISTENER: ContextVar[_Heard | None] = ContextVar("listener", default=None)


def announce(outcome: object) -> None:
    """Say what the run came to, before Prefect is told."""
    heard = _LISTENER.get()
    if heard is not None:
        heard.outcome = outcome
        heard.is_known.set()


def hear(
    call: Callable[[], None], *, patience_seconds: float = PATIENCE_SECONDS
) -> Any:  # noqa: ANN401 - whatever the flow announces
    """What a flow announces; after that, Prefect has a bounded time to be told.

    The flow runs in a thread of its own, which is left behind when Prefect's server is
    gone: `flows.process_end.leave` then ends the process without it.

    Args:
        call: Calls the flow.
        patience_seconds: From the announcement to the end of the call.

    Raises:
        BaseException: What the flow announced as its failure, or what ended it.
    """
    heard = _Heard()
    context = copy_context()
    context.run(_LISTENER.set, heard)

    def run() -> None:
        try:
            context.run(call)
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            heard.error = error
        finally:
            heard.is_known.set()
            heard.is_told.set()

    threading.Thread(target=run, name="flow", daemon=True).start()
    heard.is_known.wait()
    if not heard.is_told.wait(patience_seconds):
        skip_farewells()
        _say(
            "Prefect's server does not answer any more; this run is in dim_run, "
            "whatever the UI shows"
        )
    if isinstance(heard.outcome, BaseException):
        raise heard.outcome
    if heard.outcome is None and heard.error is not None:
        raise heard.error
    return heard.outcome


def _say(message: str) -> None:
    print(f"newsmill: {message}", file=sys.stderr, flush=True)  # noqa: T201
