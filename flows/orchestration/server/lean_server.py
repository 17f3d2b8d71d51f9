"""Prefect's server with what a run asks first; everything else comes when it is asked.

A whole server loads thirty routers, prepares what each of two hundred routes may be
asked with, and sweeps its database, before it answers at all; a run asks six routers.
This leans on private parts of pinned releases; tests compare what a whole server and
this one record.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final
from urllib.parse import quote, unquote

from flows.orchestration.server.prefect_internals import changed_settings

# Routers of Prefect's API; their paths begin with these words. The last two words are
# answered without a router.
ASKED_FIRST: Final = ("flows", "flow_runs", "logs", "artifacts", "events", "admin")
WORDS_ASKED_FIRST: Final = frozenset({*ASKED_FIRST, "health", "version"})
_NO_ROUTERS: Final = frozenset({"dependencies", "middleware", "run_history", "server"})
_OF_THE_UI: Final = ("ui.flows", "ui.flow_runs", "ui.schemas", "ui.task_runs")
_API: Final = "prefect.server.api"
# Below this, a database waits for a whole server to delete old events.
SMALL_DATABASE_BYTES: Final = 64 << 20
# To ask whether there are newer ones, a server reads a hundred of them.
NEWEST_REVISION: Final = "a3b9c7d2e5f1"


@contextmanager
def lean_settings() -> Iterator[None]:
    """Prefect's settings for the server of one run, for the time of a block.

    Types of blocks, of which a run uses none, are entered by the next whole server,
    and while the database is small, that one deletes old events too.
    """
    changes: dict[str, object] = {
        "server.register_blocks_on_start": False,
        "server.memoize_block_auto_registration": False,
    }
    database = _own_database()
    if database is not None:
        if database.stat().st_size < SMALL_DATABASE_BYTES:
            changes["server.services.db_vacuum.enabled"] = None
        if _revision(database) == NEWEST_REVISION:
            changes["server.database.migrate_on_start"] = False
    with changed_settings(changes):
        yield


def _own_database() -> Path | None:
    """The file of Prefect's database, None when it is a server's or not there yet."""
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL as ADDRESS

    scheme, _, path = str(ADDRESS.value()).partition(":///")
    file = Path(unquote(path.partition("?")[0]))
    return file if scheme.startswith("sqlite") and file.is_file() else None


def _revision(database: Path) -> str | None:
    """Up to where the tables of a database were migrated, None when it cannot say."""
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)
        ) as opened:
            rows = opened.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return None
    return str(rows[0][0]) if len(rows) == 1 else None


def lean_app() -> Any:  # noqa: ANN401 - an ASGI application
    """Prefect's server; routers that runs do not ask first are added when asked."""
    _leave_out_unused_libraries()
    import fastapi._compat.v2
    import prefect.plugins
    from prefect.settings import Settings

    # A run that brings its own server names no blocks of the packages that extend
    # Prefect, and Dask alone is a tenth of its start.
    prefect.plugins.load_prefect_collections = lambda *_: {}
    # All settings written out, as the name of the only application in a cache.
    setattr(Settings, "hash_key", lambda _: "the only one")  # noqa: B010
    _build_when_used(fastapi._compat.v2.ModelField)  # noqa: SLF001
    left_out = _leave_out_routers()
    from prefect.server.api.server import create_app

    app: Any = create_app()
    return _Growing(app, lambda: _add_routers(app.api_app, left_out))


def _leave_out_unused_libraries() -> None:
    """Stores for results of background tasks on Redis: our queue is in memory."""
    unused: Mapping[str, Mapping[str, object]] = {
        "key_value.aio.stores.redis": {"RedisStore": object},
        "key_value.aio.protocols.key_value": {"AsyncKeyValue": object},
    }
    for name, holds in unused.items():
        module = ModuleType(name)
        vars(module).update(holds)
        sys.modules.setdefault(name, module)


def _build_when_used(field: Any) -> None:  # noqa: ANN401 - private class of FastAPI
    """Build what checks a parameter of a route at its first use, not with the route."""
    build = field.__post_init__

    def missing(self: Any, name: str) -> Any:  # noqa: ANN401 - as getattr
        if name != "_type_adapter":
            raise AttributeError(name)
        build(self)
        return vars(self)[name]

    field.__post_init__ = lambda _: None
    field.__getattr__ = missing


def _leave_out_routers() -> list[str]:
    """Let the server begin without most routers, and name them."""
    from fastapi import APIRouter

    api = import_module(_API)
    names = set(api.__all__) - set(ASKED_FIRST) - _NO_ROUTERS - {"ui"}
    left_out = [*sorted(names), *_OF_THE_UI]
    vars(api)["ui"] = SimpleNamespace()
    for name in left_out:
        _set(api, name, SimpleNamespace(router=APIRouter()))
    # What others of its modules import is there in any case.
    import_module(f"{_API}.server")
    return [name for name in left_out if type(_get(api, name)) is SimpleNamespace]


def _set(owner: object, name: str, value: object) -> None:
    *above, last = name.split(".")
    for part in above:
        owner = getattr(owner, part)
    setattr(owner, last, value)


def _get(owner: Any, name: str) -> Any:  # noqa: ANN401 - module or stand-in
    for part in name.split("."):
        owner = getattr(owner, part)
    return owner


def _add_routers(api_app: Any, names: list[str]) -> None:  # noqa: ANN401 - FastAPI
    from fastapi import Depends

    server = import_module(f"{_API}.server")
    for name in names:
        module = import_module(f"{_API}.{name}")
        api_app.include_router(
            module.router, dependencies=[Depends(server.enforce_minimum_version)]
        )


class _Growing:
    """An application that is made whole by the first request that needs it."""

    def __init__(self, app: Any, grow: Callable[[], None]) -> None:  # noqa: ANN401
        self._app, self._grow = app, grow
        self._is_whole = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        if not self._is_whole and not self._is_there(scope):
            self._is_whole = True
            self._grow()
        await self._app(scope, receive, send)

    @staticmethod
    def _is_there(scope: Any) -> bool:  # noqa: ANN401 - of ASGI
        if scope["type"] == "lifespan":
            return True
        words = scope["path"].split("/")[1:3]
        return words[0] != "api" or words[-1] in WORDS_ASKED_FIRST
