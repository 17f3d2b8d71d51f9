"""`newsmill query`: from words on the command line to rows on stdout or in a file."""

import sys
from functools import partial
from pathlib import Path

import typer

from flows.wording import did_you_mean
from transforms.errors import UsageError
from warehouse.read.formats import Format
from warehouse.read.outputs import Outputs
from warehouse.read.queries import list_named_queries, named_query, run_query


def list_questions() -> list[dict[str, object]]:
    """Name and purpose of the named questions."""
    return [dict(question) for question in list_named_queries()]


def ask(  # noqa: PLR0913 - one per option
    path: Path,
    sql: str | None,
    name: str | None,
    *,
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
        output_format: Of the rows.
        output: A file that appears when it is whole; None is stdout.
        outputs: What may be written over.
        timeout: Seconds.
        limit: Rows at most; more are cut, and the cut is said on stderr.
        at_run: Ask a lake as this run left it.

    Raises:
        UsageError: Neither or both of SQL and name, an unknown format, or the output
            is something else.
    """
    if (sql is None) == (name is None):
        raise UsageError(
            "query: give either SQL or --name", "See `newsmill query --list`"
        )
    question = sql if sql is not None else named_query(name or "")
    form = _format(output_format)
    answer_into = partial(
        run_query,
        path,
        question,
        form=form,
        timeout_s=timeout,
        row_limit=limit,
        at_run=at_run,
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


def _format(word: str) -> Format:
    try:
        return Format(word)
    except ValueError as error:
        forms = ", ".join(form.value for form in Format)
        raise UsageError(
            f"--format: got {word!r}, expected one of {forms}",
            did_you_mean(word, list(Format)),
        ) from error
