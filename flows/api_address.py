"""Where Prefect's API is: named by the user, kept by a service of his, or not there.

A port on which something answers is nobody's until it proves so. A service leaves a
note in Prefect's home, and locks it as long as it lives: only its own user can read the
note, and only while the lock is held does the port that it names belong to the service.
"""

import base64
import fcntl
import hashlib
import http.client
import os
import re
import socket
import stat
import tomllib
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from flows.verbosity import LOGGERS
from warehouse.lake.address import absolute, find_lake

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
PROFILES: Final = "profiles.toml"
# In the home of a warehouse: the home that its service was given.
SERVED_FROM: Final = "newsmill-served-from"
_ONLY_OWNER: Final = 0o700
API_SECONDS: Final = 5.0
# As JSON, such as "3.9.1".
_VERSION: Final = re.compile(rb'"\d+\.\d+[^"]*"')
_REFUSED: Final = (401, 403)
_NO_ANSWER: Final = (OSError, ValueError, http.client.HTTPException)


@dataclass(frozen=True)
class Api:
    """A Prefect API.

    Attributes:
        url: Ends with `/api` on a server of one's own.
        auth_string: `user:password` as Prefect wants it; empty when none is known.
    """

    url: str
    auth_string: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        """What its client has to send."""
        if not self.auth_string:
            return {}
        encoded = base64.b64encode(self.auth_string.encode()).decode()
        return {"Authorization": f"Basic {encoded}"}

    def use(self) -> None:
        """Let this process and its children talk to it; before Prefect is imported."""
        os.environ["PREFECT_API_URL"] = self.url
        if self.auth_string:
            os.environ["PREFECT_API_AUTH_STRING"] = self.auth_string


def set_quiet_defaults() -> None:
    """Telemetry off, unless the environment already decides otherwise."""
    for name, value in QUIET_DEFAULTS.items():
        os.environ.setdefault(name, value)


def named_api() -> Api | None:
    """The API that the user named, with its password if he or his service knows it."""
    url = configured("PREFECT_API_URL")
    if not url:
        return None
    service = service_api()
    if service and service.url == url.rstrip("/"):
        return service
    return Api(url, configured("PREFECT_API_AUTH_STRING"))


def configured(name: str) -> str:
    """What a variable, or else the active Prefect profile, says; empty for nothing.

    Read without importing Prefect, which takes a second.
    """
    named = os.environ.get(name)
    if named:
        return named
    try:
        path = os.environ.get("PREFECT_PROFILES_PATH") or prefect_home() / PROFILES
        text = Path(path).read_text(encoding="utf-8")
        profiles = tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    return str(profiles.get("profiles", {}).get(active, {}).get(name, ""))


def prefect_home() -> Path:
    """Where Prefect keeps its database."""
    named = os.environ.get("PREFECT_HOME")
    return Path(named).expanduser() if named else shared_home()


def make_prefect_home() -> None:
    """Make the home, and the folders above it, which Prefect does not.

    Where it cannot be made, Prefect says so.
    """
    with suppress(OSError):
        prefect_home().mkdir(_ONLY_OWNER, parents=True, exist_ok=True)


def shared_home() -> Path:
    """Where Prefect's own commands keep what is theirs."""
    return Path("~/.prefect").expanduser()


def settle_prefect_home(warehouse: Path) -> None:
    """Give a warehouse a home of Prefect of its own, unless the user names one.

    So two desks that share an account share no server and no runs. A service of this
    warehouse that was given another home is found there. Profiles are the user's, and
    stay where `prefect config set` writes them.
    """
    if os.environ.get("PREFECT_HOME"):
        return
    profiles = shared_home() / PROFILES
    os.environ.setdefault("PREFECT_PROFILES_PATH", str(profiles))
    home = home_of(warehouse)
    try:
        other = Path((home / SERVED_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        other = home
    is_served = other != home and service_api(other) is not None
    os.environ["PREFECT_HOME"] = str(other if is_served else home)


def prepared_home() -> Path:
    """A home with an empty database of this Prefect, to begin others with."""
    return shared_home() / "newsmill" / f"prepared-{version('prefect')}"


def home_of(warehouse: Path) -> Path:
    """The home of Prefect that belongs to a warehouse."""
    where = absolute(warehouse)
    digest = hashlib.sha256(os.fsencode(where)).hexdigest()[:8]
    # Of a lake's address, the kind: it may be as long as it likes.
    name = "lake" if find_lake(warehouse) else Path(where).stem[:40]
    return shared_home() / "newsmill" / f"{name}-{digest}"


def run_notes() -> Path:
    """The folder of notes of runs that are under way."""
    return prefect_home() / "newsmill-runs"


def service_note(home: Path | None = None) -> Path:
    """The note of a service: its password in the first line, its API in the second.

    One that uses a server of somebody else has that one's password in a third line.
    """
    return (home or prefect_home()) / "newsmill-service"


def service_api(home: Path | None = None) -> Api | None:
    """The API of the service that this user keeps; None when none runs.

    Nothing is sent anywhere: who holds the lock of the note holds the port.

    Args:
        home: Of Prefect; None is the one in use.
    """
    # A FIFO would hold us, a link would lead elsewhere.
    how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(service_note(home), how)
    except OSError:
        return None
    with os.fdopen(descriptor, encoding="utf-8") as note:
        if not is_private(descriptor):
            return None
        try:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_api(note.read())
        except OSError:  # a file system without locks
            return None
    return None


def is_private(descriptor: int) -> bool:
    """Whether a file is a regular one that nobody but this user can open."""
    facts = os.fstat(descriptor)
    is_open = bool(facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    is_own = facts.st_uid == os.geteuid() and not is_open
    return stat.S_ISREG(facts.st_mode) and is_own


def _read_api(text: str) -> Api | None:
    auth_string, _, rest = text.partition("\n")
    url, _, of_others = rest.partition("\n")
    if not auth_string or not url:
        return None
    is_others = of_others.endswith("\n")
    return Api(url, of_others.strip() if is_others else auth_string)


def is_healthy(api_url: str, *, timeout_seconds: float = 2.0) -> bool:
    """Whether a Prefect API answers there."""
    try:
        return _get(Api(api_url), "health", timeout_seconds) == b"true"
    except _NO_ANSWER:
        return False


def why_unusable(api: Api) -> str:
    """Why no run can be recorded there; empty when one can.

    Args:
        api: Is asked for its health, and then for what it answers to its clients only;
            a few seconds for each.
    """
    if not is_healthy(api.url, timeout_seconds=API_SECONDS):
        return "does not answer"
    try:
        if not _VERSION.fullmatch(_get(api, "admin/version", API_SECONDS)):
            return "is none that a run can be recorded by"
    except urllib.error.HTTPError as error:
        # Prefect Cloud has no such page, and asks for a key that its client knows.
        if error.code in _REFUSED and not configured("PREFECT_API_KEY"):
            return "asks for another password"
    except _NO_ANSWER:
        return "does not answer"
    return ""


def _get(api: Api, page: str, timeout_seconds: float) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - http to a Prefect API
        f"{api.url.rstrip('/')}/{page}", headers=api.headers()
    )
    with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:  # noqa: S310
        return bytes(answer.read(64).strip())


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
