"""`newsmill query`: from words on the command line to rows on stdout or in a file."""

import sys
from pathlib import Path

import typer

from transforms.errors import UsageError
from warehouse.formats import Format
from warehouse.queries import Answer, list_named_queries, named_query, run_query


def list_questions() -> list[dict[str, object]]:
    """Name and purpose of the named questions."""
    return [dict(question) for question in list_named_queries()]


def ask(  # noqa: PLR0913 - one per option
    path: Path, sql: str | None, name: str | None, *, output_format: str,
    output: Path | None, timeout: float, limit: int,
) -> None:  # fmt: skip
    """Answer one question.

    Args:
        path: The warehouse.
        sql: One SELECT, or None with a name.
        name: A named question, or None with SQL.
        output_format: Of the rows.
        output: A file that appears when it is whole; None is stdout.
        timeout: Seconds.
        limit: Rows at most; more are cut, and the cut is said on stderr.

    Raises:
        UsageError: Neither or both of SQL and name, or an unknown format.
    """
    if (sql is None) == (name is None):
        raise UsageError(
            "query: give either SQL or --name", "See `newsmill query --list`"
        )
    question = sql if sql is not None else named_query(name or "")
    form = _format(output_format)
    if output is None:
        sys.stdout.flush()
        answer = run_query(
            path, question, sys.stdout.buffer,
            form=form, timeout_s=timeout, row_limit=limit,
        )  # fmt: skip
        sys.stdout.buffer.flush()
    else:
        answer = _write(path, question, output, form, timeout, limit)
    if answer.is_cut:
        typer.echo(
            f"newsmill: cut after {answer.row_count} rows; see --limit", err=True
        )


def _format(word: str) -> Format:
    try:
        return Format(word)
    except ValueError as error:
        forms = ", ".join(form.value for form in Format)
        raise UsageError(f"--format: got {word!r}, expected one of {forms}") from error


def _write(
    path: Path, question: str, output: Path, form: Format, timeout: float, limit: int
) -> Answer:
    partial = output.with_name(f".{output.name}.partial")
    try:
        with partial.open("wb") as out:
            answer = run_query(
                path, question, out, form=form, timeout_s=timeout, row_limit=limit
            )
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return answer
