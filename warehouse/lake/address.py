"""Where a DuckLake is: one line of text, no secret in it.

    ducklake:sqlite:/srv/news/catalog.sqlite?data=/srv/news/data
    ducklake:duckdb:/srv/news/catalog.duckdb?data=/srv/news/data
    ducklake:postgres:dbname=news host=db user=loader?data=/shared/news/data

It is DuckLake's own form with the folder of the Parquet files added. What PostgreSQL
needs to let someone in stays where libpq looks for it: PGPASSWORD, PGPASSFILE,
~/.pgpass, PGSERVICEFILE.
"""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from transforms.errors import SettingsError

PREFIX: Final = "ducklake:"
_FORM: Final = re.compile(
    r"ducklake:(?P<kind>sqlite|duckdb|postgres):(?P<catalog>[^?]+)\?data=(?P<data>.+)"
)
_WORDS: Final = re.compile(r"\w+\s*=")
_SECRET: Final = re.compile(r"\b(password|sslpassword)\s*=", re.IGNORECASE)
_EXPECTED: Final = (
    "ducklake:sqlite:FILE?data=FOLDER, ducklake:duckdb:FILE?data=FOLDER, or "
    "ducklake:postgres:dbname=NAME host=HOST?data=FOLDER"
)
_IN_SQL: Final = {
    "sqlite": "sqlite_scanner",
    "duckdb": None,
    "postgres": "postgres_scanner",
}


@dataclass(frozen=True)
class LakeAddress:
    """A DuckLake: its catalogue and its folder of Parquet files.

    Attributes:
        kind: `sqlite` or `duckdb` for one machine, `postgres` for many.
        catalog: Absolute path of the file, or the words that libpq connects by.
        data: Absolute path of the folder that every loader and reader reaches.
    """

    kind: str
    catalog: str
    data: Path

    def __str__(self) -> str:
        return f"{PREFIX}{self.kind}:{self.catalog}?data={self.data}"

    @property
    def catalog_file(self) -> Path | None:
        """The file of a catalogue on one machine."""
        return None if self.kind == "postgres" else Path(self.catalog)

    @property
    def extension(self) -> str | None:
        """DuckDB's extension that reads the catalogue."""
        return _IN_SQL[self.kind]

    @property
    def attached_as(self) -> str:
        """What DuckDB attaches."""
        return f"{PREFIX}{self.kind}:{self.catalog}"


@cache
def find_lake(warehouse: Path) -> LakeAddress | None:
    """The lake that a warehouse setting names; None when it names a file.

    Raises:
        SettingsError: It begins like a lake's, and is none or holds a secret.
    """
    text = str(warehouse)
    if not text.startswith(PREFIX):
        return None
    if _SECRET.search(text):
        raise SettingsError(
            "warehouse", "a password", "none; put it into PGPASSWORD or ~/.pgpass"
        )
    found = _FORM.fullmatch(text)
    is_known = found is not None and (
        found["kind"] != "postgres" or _WORDS.match(found["catalog"])
    )
    if found is None or not is_known:
        # Not repeated here: it may hold a password in a form that is not ours.
        raise SettingsError("warehouse", "an address of another form", _EXPECTED)
    catalog = found["catalog"]
    if found["kind"] != "postgres":
        catalog = str(Path(catalog).absolute())
    return LakeAddress(found["kind"], catalog, Path(found["data"]).absolute())


def folder_beside(warehouse: Path) -> Path:
    """The folder for what belongs to a warehouse and is not in it."""
    lake = find_lake(warehouse)
    return warehouse.parent if lake is None else lake.data.parent


def own_paths(warehouse: Path) -> list[Path]:
    """Files and folders that a warehouse is made of; what is beside them is named so.

    Of a catalogue on another machine, the folder of the data alone.
    """
    lake = find_lake(warehouse)
    if lake is None:
        return [warehouse]
    return [lake.data, *([lake.catalog_file] if lake.catalog_file else [])]


def absolute(warehouse: Path) -> str:
    """The same warehouse, whatever the current folder."""
    return str(find_lake(warehouse) or os.path.realpath(warehouse))
