"""The lines around a body, which say where an article comes from."""

from typing import Final

import polars as pl

from transforms.clean.body_edges import EDGE_CHARS
from transforms.contracts import LineRole

EXPORT_KINDS: Final = ("counter", "word_count", "body_marker", "document_id")


def find_edge_lines(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Title, header, and trailer lines in order, each with its neighbours.

    Args:
        articles: `article_row`, ascending.
        lines: The lines that `clean` gave, article by article; those of other articles
            are left out.

    Returns:
        `article_row`, `role`, `kind` (empty for none), `text` (without outer blanks),
        the same of the lines `before` and `after` in the article, null for none,
        `is_export`: whether a database put its own fields around the article, and
        `is_past_title`.
    """
    roles = (LineRole.TITLE, LineRole.HEADER, LineRole.TRAILER)
    kind, text, row = pl.col("kind"), pl.col("text"), pl.col("article_row")
    is_title = pl.col("role") == LineRole.TITLE
    own = (
        lines.lazy()
        .filter(pl.col("role").is_in(roles))
        .join(articles.lazy().select("article_row"), on="article_row", how="semi")
        .select(
            "article_row",
            "role",
            kind.fill_null(""),
            text.str.slice(0, EDGE_CHARS).str.strip_chars(),
        )
    )
    # Not `over`: for so many small groups that takes four times as long.
    before = pl.when(row == row.shift(1))
    after = pl.when(row == row.shift(-1))
    return (
        own.with_columns(
            before=before.then(text.shift(1)),
            after=after.then(text.shift(-1)),
            kind_before=before.then(kind.shift(1)),
            kind_after=after.then(kind.shift(-1)),
            is_export=row.is_in(row.filter(kind.is_in(EXPORT_KINDS)).implode()),
            is_past_title=row == pl.when(is_title).then(row).forward_fill(),
        )
        .with_columns(pl.col("is_past_title").fill_null(value=False))
        .collect()
    )


def find_outer_lines(
    articles: pl.DataFrame, lines: pl.DataFrame
) -> tuple[pl.Series, pl.Series]:
    """First and last body line of each article, null where there is none."""
    body = lines.filter(pl.col("role") == LineRole.BODY)
    found = articles.select("article_row").join(
        body.group_by("article_row").agg(
            first=pl.col("text").first(), last=pl.col("text").last()
        ),
        on="article_row",
        how="left",
        maintain_order="left",
    )
    return found["first"], found["last"]


def first_of_each(articles: pl.DataFrame, said: pl.DataFrame) -> pl.Series:
    """Per article the first text that is said of it, null where there is none.

    Args:
        articles: `article_row`.
        said: `article_row`, `text`, null where nothing is said.
    """
    firsts = said.drop_nulls("text").unique(
        "article_row", keep="first", maintain_order=True
    )
    return articles.select("article_row").join(
        firsts, on="article_row", how="left", maintain_order="left"
    )["text"]
