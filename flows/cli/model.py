"""Commands that judge and refit what was learned."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import (
    MOST_ROWS,
    CheckedCommand,
    ForceOption,
    JsonOption,
    WarehouseOption,
    path,
)
from flows.cli.output import say
from flows.cli.terminal import working
from flows.settings import load_settings
from flows.verbosity import is_verbose
from transforms.errors import UsageError
from transforms.text.closest import did_you_mean

# Of NumPy's random numbers.
MOST_SEED = (1 << 32) - 1


class Stage(StrEnum):
    """What `newsmill train` refits."""

    CLASSIFY = "classify"
    SPLIT = "split"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(cls=CheckedCommand)(evaluate)
    app.command(cls=CheckedCommand)(train)
    app.command(cls=CheckedCommand)(versions)
    app.command(cls=CheckedCommand)(reclassify)
    app.command(cls=CheckedCommand)(promote)
    app.command(cls=CheckedCommand)(label)


def evaluate(
    gold: Annotated[
        Path | None,
        typer.Argument(
            help="JSON Lines, digests beside it; without it, the labels that people "
            "gave to stored articles.",
            metavar="GOLD",
            parser=path,
        ),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            help="Weights of a classifier; those that ship by default.",
            metavar="FILE",
            parser=path,
        ),
    ] = None,
    splitter: Annotated[
        Path | None,
        typer.Option(
            help="Weights of a splitter; those that ship by default.",
            metavar="FILE",
            parser=path,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Report by this column of the gold as well. May be repeated."
        ),
    ] = None,
    json: JsonOption = False,
    show: Annotated[
        int, typer.Option(help="How many failing cases to list.", min=0, max=MOST_ROWS)
    ] = 0,
) -> None:
    """Measure boundaries, fields, and labels on labelled data of your own."""
    from flows.cli.output import print_json
    from flows.cli.show_evaluation import print_evaluation
    from flows.jobs.evaluate import Judge, evaluate_stored
    from flows.jobs.evaluate import evaluate as evaluate_gold

    if gold is None:
        judged = evaluate_stored(load_settings(warehouse=warehouse).warehouse, show)
    else:
        judged = evaluate_gold(gold, Judge(weights, splitter, tuple(by or ()), show))
    if json:
        print_json(judged.as_json())
    else:
        print_evaluation(judged)


def train(
    data: Annotated[
        Path,
        typer.Argument(
            help="A JSON Lines file of labelled articles, or of gold for digests.",
            metavar="DATA",
            parser=path,
        ),
    ],
    *,
    stage: Annotated[Stage, typer.Option(help="What to refit.")] = Stage.CLASSIFY,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Weights; classifiers/ or splitters/ beside the warehouse by default. "
            "A new file, or any with --force.",
            metavar="FILE",
            parser=path,
        ),
    ] = None,
    force: ForceOption = False,
    version: Annotated[str, typer.Option(help="What to call the new version.")] = "1",
    seed: Annotated[
        int,
        typer.Option(
            help="Seed of the random numbers; the same seed gives the same weights.",
            min=0,
            max=MOST_SEED,
        ),
    ] = 0,
    labels: Annotated[
        bool,
        typer.Option(
            "--labels",
            help="Also learn from the labels that people gave to stored articles.",
        ),
    ] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Refit the classifier, or the splitter, from labelled data."""
    from flows.jobs.train import train_classifier, train_splitter
    from flows.weights import classifier_file, require_version_name, splitter_file
    from warehouse.read.outputs import Outputs

    require_version_name(version)
    settings = load_settings(warehouse=warehouse)
    target = output or (
        splitter_file(settings, version)
        if stage is Stage.SPLIT
        else classifier_file(settings, version)
    )
    if output is None and target.exists():
        raise UsageError(f"{target} exists", "Give another --version, or -o")
    outputs = Outputs(settings.warehouse, settings.seeds, is_forced=force)
    if stage is Stage.SPLIT:
        written = train_splitter(data, target, outputs)
    else:
        stored = settings.warehouse if labels else None
        written = train_classifier(
            data, target, outputs, version=version, seed=seed, labels_of=stored
        )
    for line in written:
        say(line)


def versions(*, warehouse: WarehouseOption = None, json: JsonOption = False) -> None:
    """List the classifier versions, and which one the views show."""
    from flows.cli.output import show_named_rows
    from warehouse.amend.classifier_versions import list_versions

    known = list_versions(load_settings(warehouse=warehouse).warehouse)
    brief = ("version", "name", "articles", "is_serving", "macro_f1")
    if not (json or is_verbose()):
        known = [{name: row[name] for name in brief} for row in known]
    show_named_rows(known, "versions", as_json=json)


VersionOption = Annotated[
    str,
    typer.Option(
        "--version", help="Version of the classifier, as `newsmill versions` lists it."
    ),
]


def reclassify(*, version: VersionOption, warehouse: WarehouseOption = None) -> None:
    """Score stored articles with another version; earlier scores are kept."""
    from flows.tasks.classifier_versions import score_articles as score_stored

    with working("scoring stored articles"):
        scored = score_stored(load_settings(warehouse=warehouse), version)
    say(f"{scored} articles scored by version {version}")
    say(f"newsmill promote {version} lets the views show it")


def promote(
    version: Annotated[
        str,
        typer.Argument(
            help="Version of the classifier, as `newsmill versions` lists it."
        ),
    ],
    *,
    warehouse: WarehouseOption = None,
) -> None:
    """Choose the version that the views show; choose the former one to roll back."""
    from flows.tasks.classifier_versions import promote_version

    promote_version(load_settings(warehouse=warehouse), version)
    say(f"version {version} serves")


def label(
    article: Annotated[
        str,
        typer.Argument(
            help="The article's key, the first digits of its id, or its title."
        ),
    ],
    category: Annotated[
        str, typer.Argument(help="crisis, energy, crime, government, or other.")
    ],
    *,
    by: Annotated[str, typer.Option("--by", help="Who gives the label.")] = "analyst",
    note: Annotated[str | None, typer.Option(help="Why the label is right.")] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Record the label that a person gives; the classifier's own is kept."""
    from flows.jobs.explain import find_article
    from flows.tasks.classifier_versions import label_article
    from transforms.contracts import CATEGORY_CODES

    if category not in CATEGORY_CODES:
        raise UsageError(
            f"no category {category!r}", did_you_mean(category, CATEGORY_CODES)
        )
    settings = load_settings(warehouse=warehouse)
    key = find_article(settings.warehouse, article)
    label_article(settings, key, category, labelled_by=by, note=note)
    say(f"{key} is {category}, says {by}")
