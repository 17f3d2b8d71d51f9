"""`newsmill explain`: one article in its file, and what spoke for every decision."""

from pathlib import Path
from typing import Any

import polars as pl
import typer

from flows.reporting import heading, plain
from transforms.errors import UsageError
from warehouse.reading import read_report

SHOWN_SPAN_CHARS = 600


def explain_article(
    path: Path, wanted: str, splitter: Path | None = None
) -> dict[str, Any]:
    """Everything that the warehouse knows of one article.

    Args:
        path: The warehouse.
        wanted: Key, start of the id (6 digits or more), or words of the title.
        splitter: Weights that explain its boundary; None are those that ship.

    Raises:
        UsageError: Nothing is meant by that, or several articles are.
    """
    article_key = find_article(path, wanted)
    parts = {
        name: read_report(path, f"explain_{name}", article_key=article_key)
        for name in ("article", "scores", "evidence", "occurrences")
    }
    (article,) = parts.pop("article").to_dicts()
    return {
        "article": article,
        **{name: rows.to_dicts() for name, rows in parts.items()},
        "boundary": _explain_boundary(path, article, splitter),
    }


def find_article(path: Path, wanted: str) -> int:
    """Key of the one article that is meant; UsageError when none or several are."""
    candidates = read_report(path, "find_article", wanted=wanted)
    exact = candidates.filter(pl.col("article_key").cast(pl.String) == wanted)
    if len(exact):
        candidates = exact
    if len(candidates) == 1:
        return int(candidates["article_key"][0])
    if candidates.is_empty():
        raise UsageError(
            f"no article is meant by {wanted!r}",
            'newsmill query "SELECT article_key, title FROM article" lists them',
        )
    listed = "; ".join(
        f"{row['article_key']} {plain(row['title'], limit=60)}"
        for row in candidates.head(5).to_dicts()
    )
    raise UsageError(f"{len(candidates)} articles are meant by {wanted!r}", listed)


def _explain_boundary(
    path: Path, article: dict[str, Any], splitter: Path | None
) -> list[dict[str, Any]]:
    from transforms.explain_split import explain_boundaries
    from transforms.split_model import load_splitter

    document = read_report(path, "document_text", document_key=article["document_key"])
    reasons = explain_boundaries(document, load_splitter(splitter))
    mine: list[dict[str, Any]] = (
        reasons.filter(pl.col("char_start") == article["char_start"])
        .select("look", "sign", "value", "contribution", "feature")
        .to_dicts()
    )
    return mine


def print_explanation(found: dict[str, Any]) -> None:
    """The explanation as a person reads it."""
    from flows.cli_read import show_rows

    article = found["article"]
    heading(article["title"])
    typer.echo(f"key {article['article_key']}   id {article['article_id'][:16]}…")
    show_rows(
        [
            {"": "source", " ": article["source"] or "unknown"},
            {"": "author", " ": article["author"] or "unknown"},
            {"": "dateline", " ": article["dateline"] or "none"},
            {
                "": "published",
                " ": f"{article['published_date']} (basis: {article['date_basis']})",
            },
            {"": "event", " ": article["event_date"] or "unknown"},
            {
                "": "label",
                " ": f"{article['category']} {article['confidence']:.2f}",
            },
        ]
    )
    heading("\nIn the file")
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
    heading("\nText as it stands in the file")
    for line in article["span"][:SHOWN_SPAN_CHARS].splitlines():
        typer.echo(plain(line, limit=SHOWN_SPAN_CHARS))
    if len(article["span"]) > SHOWN_SPAN_CHARS:
        typer.echo(f"… {len(article['span']) - SHOWN_SPAN_CHARS} characters more")
