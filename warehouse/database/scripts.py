"""Our SQL as it lies in `warehouse/sql`, by folder and by name, and what fills it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PARAMETER: Final = re.compile(r"\$([a-z_]+)")


def read_script(folder: str, name: str) -> str:
    """SQL of one file, named without its ending."""
    script = files("warehouse").joinpath("sql", folder, f"{name}.sql")
    return script.read_text("utf-8")


def read_scripts(folder: str) -> dict[str, str]:
    """SQL of all files of a folder, by name without ending, in name order."""
    entries = files("warehouse").joinpath("sql", folder).iterdir()
    names = sorted(entry.name for entry in entries if entry.name.endswith(".sql"))
    stems = [name.removesuffix(".sql") for name in names]
    return {stem: read_script(folder, stem) for stem in stems}


def quoted_name(name: str) -> str:
    """A name as SQL writes it, whatever is in it.

    Example:
        >>> quoted_name("note of ours")
        '"note of ours"'
    """
    return '"' + name.replace('"', '""') + '"'


def quoted_value(value: object) -> str:
    """A value as SQL writes it, whatever is in it.

    Args:
        value: None, a truth value, a number, a text, a path, a day, a time without a
            zone, or a list of these.

    Example:
        >>> quoted_value(["it's", 2, None])
        "['it''s', 2, NULL]"
    """
    match value:
        case None:
            return "NULL"
        case bool() | int() | float():
            return str(value)
        case str() | Path():
            quoted = "'" + str(value).replace("'", "''") + "'"
            # A statement would end where a null character stands.
            pieces = quoted.replace("\0", "' || chr(0) || '")
            return quoted if pieces == quoted else f"({pieces})"
        case datetime():
            return f"TIMESTAMP '{value.isoformat(' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case Sequence():
            return f"[{', '.join(map(quoted_value, value))}]"
    raise TypeError(f"no value of SQL: {value!r}")


def filled(script: str, values: Mapping[str, object]) -> str:
    """SQL with a value in place of each `$name`.

    DuckDB imports pandas to bind any value, which takes longer than most answers.

    Args:
        script: One of ours, in which a dollar sign is that of a parameter.
        values: By name; the script names each.
    """
    assert set(_PARAMETER.findall(script)) == set(values)
    return _PARAMETER.sub(lambda name: quoted_value(values[name[1]]), script)


def run_scripts(
    connection: "DuckDBPyConnection", folder: str, given: Mapping[str, Any]
) -> None:
    """Run the files of a folder in name order.

    Args:
        connection: To the build.
        folder: Below `warehouse/sql`.
        given: Values by name; each statement gets those that it names.
    """
    for script in read_scripts(folder).values():
        for statement in connection.extract_statements(script):
            names = statement.named_parameters
            connection.execute(statement, {name: given[name] for name in names})
