"""Our SQL as it lies in `warehouse/sql`, by folder and by name, and names in SQL."""

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
