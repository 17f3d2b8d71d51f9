"""Commands that look at a published warehouse and change nothing."""

from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from flows.api_address import settle_prefect_home
from flows.cli.options import (
    MOST_ROWS,
    CheckedCommand,
    ForceOption,
    JsonOption,
    SinceOption,
    WarehouseOption,
    path,
    warehouse_path,
)
from flows.cli.output import heading, print_json, say, show_rows
from flows.cli.terminal import working
from flows.settings import load_settings
from flows.tasks.summary_text import RULES_CHANGED
from flows.verbosity import is_verbose
from flows.wording import counted
from transforms.errors import WarehouseDamagedError

OUTDATED: Final = {
    "documents": f"to be read again: {RULES_CHANGED}, and the next run that finds "
    "their files takes them up",
    "articles": "are from these documents",
    "labels": "are not by the classifier of new articles: `newsmill reclassify`",
    "stories": "were found by another method: the next run finds them anew",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(cls=CheckedCommand)(status)
    app.command(cls=CheckedCommand)(doctor)
    app.command(cls=CheckedCommand)(quality)
    app.command(cls=CheckedCommand)(explain)
    app.command(cls=CheckedCommand)(report)
    app.command(cls=CheckedCommand)(check)


def status(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    limit: Annotated[
        int, typer.Option(help="How many runs to show.", min=1, max=MOST_ROWS)
    ] = 10,
) -> None:
    """Show the last runs, also those that were interrupted, and who writes now."""
    from flows.jobs.status import read_status

    settings = load_settings(warehouse=warehouse)
    settle_prefect_home(settings.warehouse)
    found = read_status(settings, limit)
    if json:
        print_json(vars(found))
        return
    show_rows(
        found.runs if is_verbose() else [_run_in_brief(run) for run in found.runs]
    )
    if found.writer:
        say(f"Under way: {found.writer}")
    if found.outdated_documents:
        say(
            f"To be read again: {counted(found.outdated_documents, 'document')}; "
            f"{RULES_CHANGED}, and the next run that finds their files takes them up"
        )
    for run_id in found.interrupted:
        say(f"Interrupted: run {run_id}; it published nothing, run again to take it up")


def _run_in_brief(run: dict[str, Any]) -> dict[str, object]:
    return {
        "started (UTC)": f"{run['started_at']:%Y-%m-%d %H:%M:%S}",
        "ended as": run["status"],
        "files": run["files_in"],
        "new": run["documents_new"],
        "known": run["documents_known"],
        "copies": run["copies"],
        "files held": run["files_held"],
        "articles": run["articles_new"],
        "newly held": run["rows_quarantined"],
        "seconds": run["seconds"],
    }


def quality(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    limit: Annotated[
        int,
        typer.Option(
            help="How many uncertain boundaries to show.", min=1, max=MOST_ROWS
        ),
    ] = 10,
) -> None:
    """Show the checks of the newest run, and the least certain boundaries."""
    from flows.tasks.summary import LOW_BOUNDARY_SCORE
    from warehouse.read.reports import read_report

    file = warehouse_path(warehouse)
    checks = read_report(file, "quality").to_dicts()
    boundaries = read_report(
        file, "low_boundaries", row_limit=limit, score_limit=LOW_BOUNDARY_SCORE
    ).to_dicts()
    if json:
        print_json({"checks": checks, "low_boundaries": boundaries})
        return
    failed = [check for check in checks if not check["success"]]
    say(f"{len(checks)} checks, {len(failed)} failed or warned")
    shown = checks if is_verbose() else failed
    if shown:
        show_rows([_check_in_brief(check) for check in shown], flexible=("what",))
    if len(shown) < len(checks):
        say("Every check: newsmill quality --verbose, or newsmill report")
    if boundaries:
        heading("\nLeast certain boundaries")
        show_rows(boundaries, flexible=("file_name", "title"))


def _check_in_brief(check: dict[str, Any]) -> dict[str, object]:
    rule = check["description"].rstrip(".")
    return {
        "": "ok" if check["success"] else check["severity"],
        "observed": check["observed"],
        "what": f"{check['code']}: {rule}."
        if check["success"]
        else f"{check['code']}: {rule}. {check['runbook']}",
    }


def explain(
    article: Annotated[
        str,
        typer.Argument(
            help="The article's key, the first digits of its id, or its title."
        ),
    ],
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
) -> None:
    """Show an article in its file: boundary, labels, evidence, dates, claims."""
    from flows.cli.show_explanation import print_explanation
    from flows.jobs.explain import explain_article

    splitter = load_settings(warehouse=warehouse).splitter
    found = explain_article(warehouse_path(warehouse), article, splitter)
    if json:
        print_json(found)
    else:
        print_explanation(found)


def doctor(*, warehouse: WarehouseOption = None, json: JsonOption = False) -> None:
    """Look for problems: versions, settings, lock, disk, server. Exit 1 if any."""
    from flows.jobs.doctor import Severity, examine

    settings = load_settings(warehouse=warehouse)
    settle_prefect_home(settings.warehouse)
    findings = examine(settings, warehouse=warehouse)
    problems = [found for found in findings if found.verdict is Severity.PROBLEM]
    if json:
        told = [found.as_json() for found in findings]
        print_json({"problems": len(problems), "findings": told})
    else:
        for about, group in groupby(findings, lambda found: found.about):
            heading(about)
            show_rows(
                [
                    {
                        "": "" if found.verdict is Severity.OK else found.verdict,
                        " ": found.name,
                        "  ": f"{found.value}. {found.step}"
                        if found.step
                        else found.value,
                    }
                    for found in group
                ],
                flexible=("  ",),
            )
        say(f"{len(problems)} problems")
    if problems:
        raise typer.Exit(1)


def report(
    *,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="File to write: a new one, an earlier report, or any file "
            "with --force.",
            metavar="FILE",
            parser=path,
        ),
    ] = Path("newsmill-report.html"),
    since: SinceOption = None,
    category: Annotated[
        list[str] | None,
        typer.Option(help="Only articles with this primary label. May be repeated."),
    ] = None,
    force: ForceOption = False,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
) -> None:
    """Write the report: HTML that needs no script and no network."""
    from flows.report.report import write_report
    from flows.report.scope import Scope
    from warehouse.read.outputs import Outputs

    scope = Scope.read(since, tuple(category or ()))
    settings = load_settings(warehouse=warehouse)
    outputs = Outputs(settings.warehouse, settings.seeds, is_forced=force)
    made = write_report(settings.warehouse, output, outputs, scope)
    if json:
        pages = [str(page) for page in made.pages]
        print_json({"report": str(output), "bytes": made.size, "pages": pages})
        return
    say(f"{output} ({made.size / 1000:,.0f} kB); open it in a browser")
    if made.pages:
        say(f"Its list of articles is in {made.pages[0].parent}: keep both together")


def check(*, warehouse: WarehouseOption = None, json: JsonOption = False) -> None:
    """Read the whole warehouse again, and prove that it is intact."""
    from flows.recheck import recheck
    from flows.runners.direct import DirectRunner

    settings = load_settings(warehouse=warehouse)
    try:
        with working("reading every block"):
            found = recheck(settings, DirectRunner())
    except WarehouseDamagedError as error:
        _show_findings({"findings": error.damages, "outdated": {}}, json=json)
        raise
    _show_findings(
        {
            "findings": found.findings,
            "outdated": found.outdated,
            "checks": found.report.count_checks(),
        },
        json=json,
    )
    if found.findings:
        raise typer.Exit(1)


def _show_findings(found: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(found)
        return
    for line in found["findings"]:
        say(line)
    outdated = {name: count for name, count in found["outdated"].items() if count}
    for name, count in outdated.items():
        say(f"{count:,} {name} {OUTDATED[name]}")
    say(f"{len(found['findings'])} findings")
