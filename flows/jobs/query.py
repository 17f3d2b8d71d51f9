"""`newsmill query`: from words on the command line to rows on stdout or in a file."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import typer

from transforms.errors import UsageError
from transforms.text.closest import did_you_mean
from warehouse.read.formats import Format
from warehouse.read.outputs import Outputs
from warehouse.read.queries.queries import run_query
from warehouse.read.queries.questions import find_question, list_questions


def question_rows() -> list[dict[str, object]]:
    """Name, purpose, and parameters of the named questions, in name order."""
    return [
        {
            "name": question.name,
            "purpose": question.purpose,
            "parameters": "; ".join(
                f"{known.name} ({known.kind}, {known.default or 'none'}): "
                f"{known.meaning}"
                for known in question.parameters
            ),
        }
        for question in list_questions()
    ]


def show_sql(sql: str | None, name: str | None) -> str:
    """The SQL that would be asked, parameters by name."""
    return (find_question(name).sql if name is not None else sql or "").rstrip("\n")


def ask(  # noqa: PLR0913 - one per option
    path: Path,
    sql: str | None,
    name: str | None,
    *,
    params: Sequence[str] = (),
    output_format: str,
    output: Path | None,
    outputs: Outputs,
    timeout: float,
    limit: int,
    at_run: str | None = None,
) -> None:
    """Answer one question.

    Args:
        path: The warehouse.
        sql: One SELECT, or None with a name.
        name: A named question, or None with SQL.
        params: `name=value`, one for each parameter that is not to have its default.
        output_format: Of the rows.
        output: A file that appears when it is whole; None is stdout.
        outputs: What may be written over.
        timeout: Seconds.
        limit: Rows at most; more are cut, and the cut is said on stderr.
        at_run: Ask a lake as this run left it.

    Raises:
        UsageError: Neither or both of SQL and name, an unknown format or parameter, or
            the output is something else.
    """
    require_one_question(sql, name)
    values: Mapping[str, str | None] = _values(params)
    if name is not None:
        question = find_question(name)
        sql, values = question.sql, question.bind(_values(params))
    form = _format(output_format)
    answer_into = partial(
        run_query,
        path,
        sql or "",
        form=form,
        timeout_s=timeout,
        row_limit=limit,
        at_run=at_run,
        values=values,
    )
    if output is None:
        sys.stdout.flush()
        answer = answer_into(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with outputs.file(output) as partial_file, partial_file.open("wb") as out:
            answer = answer_into(out)
    if answer.is_cut:
        typer.echo(
            f"newsmill: cut after {answer.row_count} rows; see --limit", err=True
        )


def require_one_question(sql: str | None, name: str | None) -> None:
    """Raise UsageError unless there is either SQL or the name of a question."""
    if (sql is None) == (name is None):
        raise UsageError(
            "query: give either SQL or --name", "See `newsmill query --list`"
        )


def _values(params: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in params:
        name, equals, value = word.partition("=")
        if not equals or not name or name in values:
            raise UsageError(
                f"--param: got {word!r}, expected name=value, each name once",
                "See `newsmill query --list` for the names",
            )
        values[name] = value
    return values


def _format(word: str) -> Format:
    try:
        return Format(word)
    except ValueError as error:
        forms = ", ".join(form.value for form in Format)
        raise UsageError(
            f"--format: got {word!r}, expected one of {forms}",
            did_you_mean(word, list(Format)),
        ) from error
