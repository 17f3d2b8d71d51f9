"""What a run may be told: flags over NEWSMILL_* variables over newsmill.toml."""

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, get_origin

from transforms.discover.ignored import DEFAULT_IGNORE
from transforms.errors import SettingsError, UsageError
from transforms.text.closest import closest
from transforms.text.field_names import read_columns
from warehouse.landing.paths import parse_path, read_named

SETTINGS_FILE: Final = "newsmill.toml"
ENVIRONMENT_PREFIX: Final = "NEWSMILL_"
MEBIBYTE: Final = 1 << 20
SETTINGS_BYTES_MAX: Final = MEBIBYTE
RUNNERS: Final = ("local", "dask")
OPTIONAL_STEPS: Final = ("content",)


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
        ignore: Patterns of files and folders that are no inputs, such as `~$*` and
            `drafts/`.
        columns: What the fields are called in tables and lists of articles, such as
            `title=headline,text=body`; the usual names are known without.
        without: Steps to leave out: `content`, the search of texts for places, persons,
            organisations, and counted claims.
        search: Keep an index of all words for `newsmill search`.
        prefect_timeout_seconds: How long to wait for a Prefect server to answer.
    """

    warehouse: Path = Path("warehouse/newsmill.duckdb")
    seeds: tuple[Path, ...] = (Path("seeds"),)
    roots: tuple[Path, ...] = ()
    lock_timeout_seconds: float = 60.0
    batch_bytes: int = 6 * MEBIBYTE
    workers: int = 0
    runner: str = "local"
    scheduler: str = ""
    classifier: Path | None = None
    splitter: Path | None = None
    follow_symlinks: bool = False
    ignore: tuple[str, ...] = DEFAULT_IGNORE
    columns: str = ""
    without: tuple[str, ...] = ()
    search: bool = True
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
    try:
        str(settings.warehouse).encode()
    except UnicodeEncodeError as error:
        raise SettingsError(
            "warehouse", repr(str(settings.warehouse)), "a path in UTF-8"
        ) from error
    if settings.runner not in RUNNERS:
        raise SettingsError("runner", repr(settings.runner), " or ".join(RUNNERS))
    for name in set(settings.without) - set(OPTIONAL_STEPS):
        raise SettingsError("without", repr(name), " or ".join(OPTIONAL_STEPS))
    try:
        read_columns(settings.columns)
    except ValueError as error:
        wanted = "pairs of field and column, such as title=headline,text=body"
        raise SettingsError("columns", repr(settings.columns), wanted) from error
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
    if not os.path.lexists(path):
        return {}
    try:
        text = read_named(path, SETTINGS_BYTES_MAX).decode()
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
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
        return _read_as(wanted, name, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingsError(name, repr(value), _expected(wanted, name)) from error


def _read_as(wanted: Any, name: str, value: object) -> Any:  # noqa: ANN401
    if get_origin(wanted) is tuple:
        items = value.split(os.pathsep) if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise TypeError(items)
        read = parse_path if wanted == tuple[Path, ...] else _text
        return tuple(read(item) for item in items)
    if wanted in (Path, Path | None):
        return parse_path(value)
    if wanted is bool:
        return value if isinstance(value, bool) else _flag(str(value))
    if wanted is str:
        return _text(value)
    if isinstance(value, bool) or (wanted is int and isinstance(value, float)):
        raise TypeError(value)
    number = wanted(value)
    least, most = _BOUNDS[name]
    if not least <= number <= most:  # nor is nan
        raise ValueError(value)
    return number


def _expected(wanted: Any, name: str) -> str:  # noqa: ANN401
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        return f"{_TYPE_NAMES[wanted]} from {least} to {most}"
    return _TYPE_NAMES[wanted]


YEAR_SECONDS: Final = 365 * 86_400
# Beyond these, libraries overflow or a machine has nothing to give.
_BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "lock_timeout_seconds": (0, YEAR_SECONDS),
    "batch_bytes": (1, 1 << 40),
    "workers": (0, 10_000),
    "prefect_timeout_seconds": (0, YEAR_SECONDS),
}
_TYPE_NAMES: Final[dict[Any, str]] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text",
    Path: "a path",
    Path | None: "a path",
    tuple[Path, ...]: "paths",
    tuple[str, ...]: "texts",
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # a variable may hold bytes that are no text
    return value


def _flag(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError(text)
