"""A run's facts as rows of text, for the terminal and for Prefect's UI."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from flows.verbosity import is_verbose
from flows.wording import counted, task_words
from transforms.text.inert import markdown_text

if TYPE_CHECKING:
    import polars as pl

    from flows.tasks.summary import RunSummary


SHOWN_HELD_BACK: Final = 10
SHOWN_SILENT: Final = 5
RULES_CHANGED: Final = "rules, weights, or lists have changed since they were read"


def summary_rows(summary: "RunSummary") -> list[tuple[str, str]]:
    """The summary as name and value, in reading order."""
    files, characters = summary.files, summary.characters
    rows = [
        (
            "files",
            " · ".join(_files(files)),
        ),
        (
            "articles",
            f"{summary.articles_new:,} new · "
            + counted(summary.occurrences_new, "appearance"),
        ),
    ]
    again = files.get("read_again", 0)
    if again:
        rows.insert(1, ("read again", f"{counted(again, 'file')}: {RULES_CHANGED}"))
    if summary.categories:
        rows.append(("by category", _counts(summary.categories)))
    if len(summary.held_back):
        rows.append(("held back", _held(summary.held_back)))
    if summary.checks:
        rows.append(("checks", _counts(summary.checks)))
    rows += [("warning", warning) for warning in summary.warnings]
    if summary.silent_sources:
        rows.append(("silent", _silent(summary.silent_sources)))
    if characters:
        rows.append(
            (
                "characters",
                "{total:,} = {articles:,} in articles + {separators:,} between them "
                "+ {quarantined:,} held back".format_map(characters),
            )
        )
    rows.append(("time", _time(summary)))
    return rows


def _files(files: Mapping[str, int]) -> Iterator[str]:
    for name in ("found", "new", "known", "copies", "held_back", "settled"):
        count = files.get(name, 0)
        if count or name not in ("copies", "settled"):
            word = "copy" if name == "copies" and count == 1 else name
            yield f"{count} {word.replace('_', ' ')}"


def _held(held_back: "pl.DataFrame") -> str:
    """How many files as a whole, and how many spans of others."""
    whole = int(held_back["char_start"].is_null().sum())
    told = [(whole, "whole file"), (len(held_back) - whole, "span")]
    return " · ".join(counted(count, what) for count, what in told if count)


def _silent(sources: Sequence[Mapping[str, Any]]) -> str:
    """The first sources that stopped, and how to see all."""
    told = [
        f"{source['source']}, last on {source['last_day']}"
        for source in sources[:SHOWN_SILENT]
    ]
    left = len(sources) - len(told)
    more = [f'{left} more: newsmill query "FROM silent_source"'] if left else []
    return " · ".join(told + more)


def _counts(counts: dict[str, int]) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.items())


def _time(summary: "RunSummary") -> str:
    slowest = sorted(
        ((s, name) for name, s in summary.seconds.items() if name != "total"),
        reverse=True,
    )[: None if is_verbose() else 3]
    steps = ", ".join(f"{task_words(name)} {took:.1f}" for took, name in slowest)
    return f"{summary.seconds.get('total', 0.0):.1f} s" + (f" ({steps})" * bool(steps))


def summary_title(summary: "RunSummary") -> str:
    """What became of the warehouse."""
    if summary.status == "nothing_new":
        return f"Nothing to do: 0 new. {summary.warehouse} is as it was"
    return f"Published to {summary.warehouse}"


def next_commands() -> Sequence[str]:
    """Commands worth trying after a run."""
    return (
        'newsmill query "SELECT category, count(*) FROM article GROUP BY category"',
        "newsmill report",
        "newsmill query --list",
        "newsmill serve",
    )


def summary_markdown(
    summary: "RunSummary", not_passed: Sequence[Mapping[str, object]] = ()
) -> str:
    """The summary as Prefect shows it beside the run.

    Args:
        summary: Of the run.
        not_passed: Its checks that did not pass, as the report `quality` has them.
    """
    lines = [f"# {markdown_text(summary_title(summary))}", ""]
    lines += ["| what | how much |", "|---|---|"]
    lines += [
        f"| {markdown_text(name)} | {markdown_text(value)} |"
        for name, value in summary_rows(summary)
        if name != "warning" or not not_passed
    ]
    if not_passed:
        lines += ["", "## Checks that did not pass", ""]
        lines += [
            "- {code}, {observed}: {description}. {runbook}".format_map(
                {name: markdown_text(value) for name, value in check.items()}
            )
            for check in not_passed
        ]
    if len(summary.held_back):
        lines += [
            "",
            "## Held back",
            "",
            "| reason | detail | where |",
            "|---|---|---|",
        ]
        lines += [
            "| "
            + " | ".join(
                markdown_text(row[name] or "")
                for name in ("reason_code", "detail", "path")
            )
            + " |"
            for row in summary.held_back.head(100).to_dicts()
        ]
    return "\n".join(lines) + "\n"
