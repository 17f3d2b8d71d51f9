"""Where Prefect's API is: named by the user, on this machine, or not there."""

import os
import socket
import tomllib
import urllib.request
from pathlib import Path
from typing import Final

from flows.verbosity import LOGGERS

LOOPBACK: Final = "127.0.0.1"


DEFAULT_PORT: Final = 4200


# Nothing is told to anyone unless the user says so.
QUIET_DEFAULTS: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
    "GX_ANALYTICS_ENABLED": "false",
    # What our stages log is in the log of the run, in Prefect's UI.
    "PREFECT_LOGGING_EXTRA_LOGGERS": ",".join(LOGGERS),
}


def set_quiet_defaults() -> None:
    """Telemetry off, unless the environment already decides otherwise."""
    for name, value in QUIET_DEFAULTS.items():
        os.environ.setdefault(name, value)


def configured_api_url() -> str | None:
    """The API that the user named: by variable, or in the active Prefect profile.

    Read without importing Prefect, which takes a second.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        return named
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    url = profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(url) if url else None


def local_api_url() -> str:
    """Where `newsmill serve` and `prefect server start` listen by default."""
    port = os.environ.get("PREFECT_SERVER_API_PORT", str(DEFAULT_PORT))
    return f"http://{LOOPBACK}:{port}/api"


def is_healthy(api_url: str, *, timeout_seconds: float = 2.0) -> bool:
    """Whether a Prefect API answers there."""
    try:
        with urllib.request.urlopen(  # noqa: S310 - http to a Prefect API
            f"{api_url.rstrip('/')}/health", timeout=timeout_seconds
        ) as answer:
            return bool(answer.read(16).strip() == b"true")
    except (OSError, ValueError, urllib.error.URLError):
        return False


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
