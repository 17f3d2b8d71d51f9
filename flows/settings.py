"""What a run may be told: flags over NEWSMILL_* variables over newsmill.toml."""

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from transforms.errors import SettingsError, UsageError
from transforms.text.closest import closest

SETTINGS_FILE: Final = "newsmill.toml"
ENVIRONMENT_PREFIX: Final = "NEWSMILL_"
MEBIBYTE: Final = 1 << 20
RUNNERS: Final = ("local", "dask")


@dataclass(frozen=True)
class Settings:
    """One run's settings, each with the unit in its name.

    Attributes:
        warehouse: The DuckDB file that analysts read.
        seeds: Folders and files to ingest when the command line names none.
        roots: Where runs that are started through Prefect may read and write besides
            the seeds and the warehouse.
        lock_timeout_seconds: How long to wait for another writer.
        batch_bytes: Text per batch; the memory of a run grows with it, not with the
            input.
        workers: Processes that transform batches; 0 takes one per core, 1 is this one.
        runner: `local` for processes of this machine, `dask` for a Dask cluster.
        scheduler: Address of a Dask scheduler; none starts one with local workers.
        classifier: Weights of another classifier than the one that ships.
        splitter: Weights of another splitter than the one that ships.
        follow_symlinks: Follow links that stay inside the folder given.
        prefect_timeout_seconds: How long to wait for a Prefect server to answer.
    """

    warehouse: Path = Path("warehouse/newsmill.duckdb")
    seeds: tuple[Path, ...] = (Path("seeds"),)
    roots: tuple[Path, ...] = ()
    lock_timeout_seconds: float = 60.0
    batch_bytes: int = 12 * MEBIBYTE
    workers: int = 0
    runner: str = "local"
    scheduler: str = ""
    classifier: Path | None = None
    splitter: Path | None = None
    follow_symlinks: bool = False
    prefect_timeout_seconds: float = 120.0

    @property
    def worker_count(self) -> int:
        """Processes for a run of several batches, at least one."""
        return self.workers or len(os.sched_getaffinity(0))


def load_settings(**flags: object) -> Settings:
    """Settings from all three places, the command line's flags winning.

    Args:
        flags: Named as the attributes of Settings; None means not given.

    Raises:
        SettingsError: An unknown name, or a value of the wrong type.
    """
    settings = replace(
        Settings(), **{name: value for name, (value, _) in _given(flags).items()}
    )
    if settings.runner not in RUNNERS:
        raise SettingsError("runner", repr(settings.runner), " or ".join(RUNNERS))
    _leave_deleted_folder(settings)
    return settings


def setting_origins(settings: Settings, **flags: object) -> dict[str, tuple[Any, str]]:
    """Each setting with its value and where that came from.

    Args:
        settings: As loaded with the same flags.
        flags: Named as the attributes of Settings; None means not given.
    """
    given = _given(flags)
    return {
        name: (getattr(settings, name), given[name][1] if name in given else "default")
        for name in _TYPES
    }


def _given(flags: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    """Value and origin of each setting that is not left to its default."""
    places = (
        (_from_file(Path(SETTINGS_FILE)), SETTINGS_FILE),
        (_from_environment(), "environment"),
        (flags, "command line"),
    )
    return {
        name: (_convert(name, value), place)
        for origin, place in places
        for name, value in origin.items()
        if value is not None
    }


def _leave_deleted_folder(settings: Settings) -> None:
    """Stand somewhere that exists: libraries ask for the current folder."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        if not settings.warehouse.is_absolute():
            raise UsageError(
                f"the current folder is gone, so {settings.warehouse} is nowhere",
                "Change to a folder that exists, or give absolute paths",
            ) from error
        os.chdir("/")


_TYPES: Final[dict[str, Any]] = {item.name: item.type for item in fields(Settings)}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), str(error), "valid TOML") from error


def _from_environment() -> dict[str, Any]:
    # Variables for tests and tools share the prefix; only settings are read here.
    return {
        name: os.environ[ENVIRONMENT_PREFIX + name.upper()]
        for name in _TYPES
        if ENVIRONMENT_PREFIX + name.upper() in os.environ
    }


_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


def _convert(name: str, value: object) -> Any:  # noqa: ANN401 - as wide as Settings
    if name not in _TYPES:
        meant = closest(name, _TYPES)
        known = f"perhaps {meant}" if meant else f"one of {', '.join(_TYPES)}"
        raise SettingsError(name, "an unknown setting", known)
    wanted = _TYPES[name]
    try:
        if wanted == Path | None:
            return Path(str(value))
        if get_origin(wanted) is tuple:
            items = value.split(os.pathsep) if isinstance(value, str) else value
            return tuple(get_args(wanted)[0](item) for item in items)  # type: ignore[attr-defined]
        if wanted is bool:
            return value if isinstance(value, bool) else _flag(str(value))
        converted = wanted(value)
    except (TypeError, ValueError, KeyError) as error:
        raise SettingsError(
            name, repr(value), _TYPE_NAMES.get(wanted, str(wanted))
        ) from error
    if wanted in (int, float) and converted < 0:
        raise SettingsError(name, repr(value), "a number that is not negative")
    return converted


_TYPE_NAMES: Final[dict[Any, str]] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a path",
}


def _flag(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError(text)
