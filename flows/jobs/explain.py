"""`newsmill explain`: one article in its file, and what spoke for every decision."""

from pathlib import Path
from typing import Any

import polars as pl

from flows.weights import load_splitter
from transforms.errors import UsageError
from transforms.text.inert import terminal_text
from warehouse.read.reports import read_report


def explain_article(
    path: Path, wanted: str, splitter: Path | None = None
) -> dict[str, Any]:
    """Everything that the warehouse knows of one article.

    Args:
        path: The warehouse.
        wanted: Key, start of the id (6 digits or more), or words of the title.
        splitter: Weights that explain its boundary; None are those that ship.

    Raises:
        UsageError: No article is found by that, or several are.
    """
    article_key = find_article(path, wanted)
    parts = {
        name: read_report(path, f"explain_{name}", article_key=article_key)
        for name in ("article", "scores", "evidence", "content", "occurrences")
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
            f"no article has the key, id, or title {wanted!r}",
            'newsmill query "SELECT article_key, title FROM article" lists them',
        )
    listed = "; ".join(
        f"{row['article_key']} {terminal_text(row['title'], limit=60)}"
        for row in candidates.head(5).to_dicts()
    )
    raise UsageError(f"{len(candidates)} articles are meant by {wanted!r}", listed)


def _explain_boundary(
    path: Path, article: dict[str, Any], splitter: Path | None
) -> list[dict[str, Any]]:
    from transforms.split.explain import explain_boundaries

    document = read_report(path, "document_text", document_key=article["document_key"])
    reasons = explain_boundaries(document, load_splitter(splitter))
    mine: list[dict[str, Any]] = (
        reasons.filter(pl.col("char_start") == article["char_start"])
        .select("look", "sign", "value", "contribution", "feature")
        .to_dicts()
    )
    return mine
