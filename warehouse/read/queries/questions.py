r"""Named questions: one `.sql` file each in `warehouse/sql/queries`, and its header.

The first comment lines say what is asked. Each line after them that begins with `-- $`
declares a parameter: name, type, default, and meaning, as in
`-- $weeks BIGINT = 8: Weeks to show.` The SQL names it as `$weeks::BIGINT`; its value
is bound when the question is asked, never written into the SQL.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any, Final

from transforms.errors import UsageError
from transforms.text.closest import closest
from warehouse.database.scripts import read_scripts

BoundValues = Mapping[str, str | None]

_DECLARED: Final = re.compile(
    r"-- \$(?P<name>[a-z_]+) (?P<kind>[A-Z]+) = (?P<default>.+?): (?P<meaning>.+)"
)
_BIGINT_MAX: Final = (1 << 63) - 1


def _whole_number(word: str) -> int:
    number = int(word)
    if abs(number) > _BIGINT_MAX:
        raise ValueError(word)
    return number


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "BIGINT": _whole_number,
    "DATE": date.fromisoformat,
    "DOUBLE": float,
    "VARCHAR": str,
}


@dataclass(frozen=True)
class Parameter:
    """A value that a question leaves to who asks it.

    Attributes:
        name: As in the SQL, without the dollar sign.
        kind: DuckDB type: BIGINT, DATE, DOUBLE, or VARCHAR.
        default: What is asked when no value is given; None is NULL.
        meaning: One sentence.
    """

    name: str
    kind: str
    default: str | None
    meaning: str

    def read(self, word: str) -> str:
        """The value as DuckDB casts it to the type.

        Raises:
            UsageError: The word is no value of the type.
        """
        try:
            return str(_READERS[self.kind](word))
        except ValueError as error:
            raise UsageError(
                f"--param {self.name}: got {word!r}, expected {self.kind}", self.meaning
            ) from error


@dataclass(frozen=True)
class Question:
    """A named question.

    Attributes:
        name: Of its file, without the ending.
        purpose: What is asked, and what is counted.
        parameters: In the order of the file.
        sql: The file.
    """

    name: str
    purpose: str
    parameters: tuple[Parameter, ...]
    sql: str

    def bind(self, given: Mapping[str, str]) -> dict[str, str | None]:
        """A value for each parameter: the one given, else its default.

        Raises:
            UsageError: A name that is no parameter, or a value of another type.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given.keys() - known.keys():
            takes = ", ".join(known) or "none"
            meant = closest(name, list(known))
            raise UsageError(
                f"query: {self.name} has no parameter {name!r}, it takes: {takes}",
                f"Did you mean {meant}?" if meant else "See `newsmill query --list`",
            )
        return {
            name: parameter.read(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }


def list_questions() -> list[Question]:
    """All named questions, in name order."""
    return [_question(name, sql) for name, sql in read_scripts("queries").items()]


def find_question(name: str) -> Question:
    """One named question.

    Raises:
        UsageError: There is none of that name; the message tells the closest.
    """
    questions = read_scripts("queries")
    if name not in questions:
        meant = closest(name, questions)
        step = f"Did you mean {meant}?" if meant else "See `newsmill query --list`"
        raise UsageError(f"query: no question is named {name!r}", step)
    return _question(name, questions[name])


def _question(name: str, sql: str) -> Question:
    header = list(takewhile(lambda line: line.startswith("--"), sql.splitlines()))
    declared = [_DECLARED.fullmatch(line) for line in header]
    purpose = takewhile(lambda line: not line.startswith("-- $"), header)
    return Question(
        name,
        " ".join(line.removeprefix("--").strip() for line in purpose),
        tuple(_parameter(found) for found in declared if found),
        sql,
    )


def _parameter(found: re.Match[str]) -> Parameter:
    default = None if found["default"] == "NULL" else found["default"]
    return Parameter(found["name"], found["kind"], default, found["meaning"])
