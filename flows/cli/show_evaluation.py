"""Figures of an evaluation on the terminal."""

from typing import Any

import typer

from flows.cli.output import heading
from flows.jobs.evaluate import Evaluation
from transforms.text.inert import terminal_text

SHOWN_FILES = 10


def print_evaluation(judged: Evaluation) -> None:
    """The figures as tables, and the failing cases one below the other."""
    from flows.cli.output import show_rows

    for name, figures in judged.figures.items():
        title, rows = name.replace("_", " "), figures
        if name == "by_file" and len(figures) > SHOWN_FILES:
            title += f", lowest {SHOWN_FILES} of {len(figures)}"
            rows = figures.sort("start_f1", "exact_f1", "file").head(SHOWN_FILES)
        heading(f"\n{title}")
        show_rows(
            [
                {
                    key: f"{value:.4f}" if isinstance(value, float) else value
                    for key, value in row.items()
                }
                for row in rows.to_dicts()
            ]
        )
    if len(judged.failures):
        heading("\nfailing cases")
    for row in judged.failures.to_dicts():
        _print_failure(row)


def _print_failure(row: dict[str, Any]) -> None:
    """A failing case of digests with its place marked, or one of labels on a line."""
    if "failure" not in row:
        typer.echo("  ".join(terminal_text(value) for value in row.values()))
        return
    file = terminal_text(row["file"])
    typer.echo(f"\n{file}, character {row['char_start']}: {row['failure']}")
    for side in ("expected", "found"):
        if row[side] is not None:
            typer.echo(f"  {side:8}  {terminal_text(row[side])}")
    typer.echo(f"  {terminal_text(row['before'])} ▸▸ {terminal_text(row['after'])}")
