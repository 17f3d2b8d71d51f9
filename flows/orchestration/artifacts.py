"""What a run shows in Prefect's UI beside its states: facts in, inert artifacts out.

The UI renders Markdown, and HTML inside of it, in Markdown artifacts, in descriptions,
and in links of tables: every text of a file or an article is escaped here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from flows.orchestration.api_client import Artifact
from flows.settings import Settings
from flows.tasks.datasets import file_dataset, table_dataset
from flows.tasks.summary import LOW_BOUNDARY_SCORE, RunSummary, held_phrase
from flows.tasks.summary_text import summary_markdown
from flows.wording import counted
from transforms.text.inert import markdown_text, ui_cell
from warehouse.lake.address import folder_beside
from warehouse.read.reports import read_report

SHOWN_ROWS: Final = 100
SHOWN_BOUNDARIES: Final = 20
REPORT_NAME: Final = "newsmill-report.html"


def ingest_artifacts(summary: RunSummary, settings: Settings) -> list[Artifact]:
    """Summary, checks, what was held back, doubtful boundaries, and the report.

    A run that found nothing new shows nothing: its state says so, hour by hour, and
    the newest of each kind stays that of a run that did something.
    """
    if not summary.run_id:
        return []
    warehouse = settings.warehouse
    checks = read_report(warehouse, "quality").to_dicts()
    shown = [
        Artifact(
            "run-summary",
            "markdown",
            "What this run did, checked, and held back",
            summary_markdown(summary, [row for row in checks if not row["success"]]),
        ),
        checks_table(checks),
    ]
    if len(summary.held_back):
        shown.append(held_back_table(summary))
    boundaries = read_report(
        warehouse,
        "run_boundaries",
        run_id=summary.run_id,
        score_limit=LOW_BOUNDARY_SCORE,
        row_limit=SHOWN_BOUNDARIES,
    )
    if len(boundaries):
        shown.append(
            table(
                "lowest-boundaries",
                "Where an article may begin or end elsewhere: the boundaries of "
                f"this run with a score below {LOW_BOUNDARY_SCORE}",
                boundaries.to_dicts(),
            )
        )
    return [*shown, *report_link(warehouse)]


def checks_table(checks: Iterable[Mapping[str, object]]) -> Artifact:
    """Every check with its outcome, failures first."""
    rows = [
        {
            "outcome": outcome(check),
            "check": check["code"],
            "observed": check["observed"],
            "rule": check["description"],
            "what to do": "" if check["success"] else check["runbook"],
        }
        for check in checks
    ]
    passed = sum(row["outcome"] == "passed" for row in rows)
    return table("quality-checks", f"{passed} of {len(rows)} checks passed", rows)


def outcome(check: Mapping[str, object]) -> str:
    """A check in one word, the same as in the report."""
    if check["success"]:
        return "passed"
    return "failed" if check["severity"] == "critical" else "warned"


def held_back_table(summary: RunSummary) -> Artifact:
    """What was set aside, with its reason; the first rows of it."""
    held = summary.held_back
    rows = held.head(SHOWN_ROWS).to_dicts()
    left = len(held) - len(rows)
    more = f"; {left} more: newsmill quarantine" if left else ""
    return table(
        "held-back",
        f"{len(held)} held back, each with its reason{more}",
        [
            {
                "reason": row["reason_code"],
                "detail": row["detail"] or "",
                "where": row["path"] or "",
            }
            for row in rows
        ],
    )


def report_link(warehouse: Path) -> list[Artifact]:
    """The report beside the warehouse, when `newsmill report` has written one.

    Browsers do not follow a link from a web page to a file, so the address is there to
    be copied as well.
    """
    path = folder_beside(warehouse).resolve() / REPORT_NAME
    if not path.is_file():
        return []
    link = f"[{markdown_text(path.name)}]({path.as_uri()})"
    return [
        Artifact(
            "report",
            "markdown",
            "The report that `newsmill report` wrote",
            f"{link}\n\nIf the browser does not follow it, open `{path.as_uri()}`.\n",
        )
    ]


def failure_markdown(reason: str, rules: Sequence[Mapping[str, str]]) -> Artifact:
    """Why nothing was published, and what to do about each check that failed."""
    lines = ["# Nothing was published", "", markdown_text(reason, limit=2000)]
    for rule in rules:
        lines += [
            "",
            f"## {markdown_text(rule['code'])}",
            "",
            f"{markdown_text(rule['description'])}.",
            "",
            f"What to do: {markdown_text(rule['runbook'])}",
        ]
    return Artifact(
        "failure", "markdown", "Why nothing was published", "\n".join(lines) + "\n"
    )


def findings_markdown(findings: Sequence[str], articles: int) -> Artifact:
    """What a re-check of the published warehouse found."""
    lines = [f"# {counted(len(findings), 'finding')} in {counted(articles, 'article')}"]
    lines += ["", *(f"- {markdown_text(line)}" for line in findings[:SHOWN_ROWS])]
    if len(findings) > SHOWN_ROWS:
        lines += ["", f"and {len(findings) - SHOWN_ROWS} more: `newsmill check`"]
    return Artifact(
        "findings",
        "markdown",
        "What `newsmill check` and the expectations found",
        "\n".join(lines) + "\n",
    )


def table(key: str, description: str, rows: Sequence[Mapping[str, object]]) -> Artifact:
    """Rows as a table artifact, every text one inert line."""
    inert = [{name: _cell(value) for name, value in row.items()} for row in rows]
    return Artifact(key, "table", description, json.dumps(inert))


def _cell(value: object) -> object:
    return value if isinstance(value, int | float | None) else ui_cell(value)


def dataset_artifacts(settings: Settings) -> list[Artifact]:
    """What a run reads and writes, as `openlineage-prefect` reads it of a task run.

    It knows such a table by its description, and takes its first row: the namespace
    and the name of one dataset. So the first of the folders stands for all.
    """
    datasets = {
        "input": file_dataset(settings.seeds[0]),
        "output": table_dataset(settings.warehouse),
    }
    return [
        table(
            f"openlineage-{role}",
            f"ol-dataset_{role}",
            [{"database_uri": named.namespace, "table": named.name}],
        )
        for role, named in datasets.items()
    ]


def ingest_name(summary: RunSummary) -> str:
    """What a run did, as the name that a list of runs shows."""
    files = summary.files
    if summary.status == "nothing_new":
        found = files.get("found", 0)
        return f"nothing new in {counted(found, 'file')}" if found else "no files"
    new = counted(files.get("new", 0), "file")
    return f"{new}, {counted(summary.articles_new, 'new article')}"


def published_message(articles_new: int, held_back: int, held_before: int = 0) -> str:
    """What a run published, as the message of its state."""
    return counted(articles_new, "new article") + held_phrase(held_back, held_before)
