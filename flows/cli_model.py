"""Commands that judge and refit what was learned."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import JsonOption
from transforms.errors import UsageError


class Stage(StrEnum):
    """What `newsmill train` refits."""

    CLASSIFY = "classify"
    SPLIT = "split"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(evaluate)
    app.command()(train)


def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="JSON Lines; digests lie beside it.", metavar="GOLD")
    ],
    *,
    weights: Annotated[
        Path | None, typer.Option(help="Classifier; the shipped one by default.")
    ] = None,
    json: JsonOption = False,
    show: Annotated[int, typer.Option(help="Failing cases to list.", min=0)] = 0,
) -> None:
    """Boundary and label figures on labelled data of your own."""
    from flows.cli_read import print_json, show_rows
    from flows.evaluating import evaluate as judge

    judged = judge(gold, weights=weights, show=show)
    if json:
        print_json(judged.as_json())
        return
    for name, rows in judged.figures.items():
        typer.secho(f"\n{name.replace('_', ' ')}", bold=True)
        show_rows(
            [
                {
                    key: f"{value:.4f}" if isinstance(value, float) else value
                    for key, value in row.items()
                }
                for row in rows.to_dicts()
            ]
        )
    if show:
        typer.secho("\nfailing cases", bold=True)
        show_rows(judged.failures.to_dicts())


def train(
    data: Annotated[
        Path,
        typer.Argument(
            help="JSON Lines: articles, or gold of digests.", metavar="DATA"
        ),
    ],
    *,
    stage: Annotated[Stage, typer.Option(help="What to refit.")] = Stage.CLASSIFY,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Weights to write.")
    ] = None,
    version: Annotated[str, typer.Option(help="Name of the new version.")] = "1",
    seed: Annotated[int, typer.Option(help="The same one, the same weights.")] = 0,
) -> None:
    """Refit the classifier, or the splitter, from labelled data."""
    from flows.training import train_classifier, train_splitter

    target = output or Path(f"{stage.value}.{version}.weights")
    if target.exists() and output is None:
        raise UsageError(f"{target} exists", "Name another file with -o")
    if stage is Stage.SPLIT:
        written = train_splitter(data, target)
    else:
        written = train_classifier(data, target, version=version, seed=seed)
    for line in written:
        typer.echo(line)
