"""An article explained on the terminal."""

from typing import Any

import typer

from flows.cli.output import heading
from transforms.text.inert import terminal_text

SHOWN_SPAN_CHARS = 600


def print_explanation(found: dict[str, Any]) -> None:
    """The explanation as a person reads it."""
    from flows.cli.output import show_rows

    article = found["article"]
    heading(article["title"])
    typer.echo(f"key {article['article_key']}   id {article['article_id'][:16]}…")
    show_rows(
        [
            {"": "source", " ": article["source"] or "unknown"},
            {"": "author", " ": article["author"] or "unknown"},
            {"": "dateline", " ": article["dateline"] or "none"},
            {"": "published", " ": _published(article)},
            {"": "event", " ": article["event_date"] or "unknown"},
            {
                "": "label",
                " ": f"{article['category']} {article['confidence']:.2f}",
            },
        ]
    )
    heading("\nIn the file")
    typer.echo(_read_from(article))
    show_rows(found["occurrences"])
    if found["boundary"]:
        heading("\nWhat spoke for its boundary")
        show_rows(
            [
                {name: row[name] for name in ("look", "sign", "value", "contribution")}
                for row in found["boundary"]
            ]
        )
    heading("\nLabels")
    show_rows(found["scores"])
    heading("\nEvidence, at its place in the file")
    show_rows(found["evidence"])
    if found["content"]:
        heading("\nPlaces, persons, organisations, and claims, at their places")
        show_rows(found["content"])
    heading("\nText as it stands in the file")
    for line in article["span"][:SHOWN_SPAN_CHARS].splitlines():
        typer.echo(terminal_text(line, limit=SHOWN_SPAN_CHARS))
    if len(article["span"]) > SHOWN_SPAN_CHARS:
        typer.echo(f"… {len(article['span']) - SHOWN_SPAN_CHARS} characters more")


def _read_from(article: dict[str, Any]) -> str:
    """Where the first file lies, in which format it is, and what read it."""
    reader = f", read by {article['extractor']}" if article["extractor"] else ""
    path = terminal_text(article["document_path"] or article["file_name"])
    return f"{path} ({article['format']}{reader})"


def _published(article: dict[str, Any]) -> str:
    """The day of publication, whether it is stated, and its bounds where it is not."""
    day, basis = article["published_date"], article["date_basis"]
    if article["is_date_stated"]:
        return f"{day} (stated: {basis})"
    earliest, latest = article["published_from"], article["published_to"]
    bounds = f"between {earliest} and {latest}" if earliest else "no bounds known"
    return f"{day} (inferred: {basis}, {bounds})" if day else f"unknown ({bounds})"
