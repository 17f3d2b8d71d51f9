"""The lines around a body, which say where an article comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.clean.body_edges import EDGE_CHARS
from transforms.contracts import LineRole
from transforms.text.compiled_patterns import extract

PADDING: Final = r"^\?{2,}"  # blanks of another encoding
EXPORT_KINDS: Final = ("counter", "word_count", "body_marker", "document_id")


@dataclass(frozen=True)
class Ends:
    """What each article says of itself beside its title, header, and trailer.

    Attributes:
        records: Its record's fields, null for none.
        firsts: Head of its first body line.
        lasts: Tail of its last one.
        leads: What `read_leads` found.
    """

    records: pl.DataFrame
    firsts: pl.Series
    lasts: pl.Series
    leads: pl.DataFrame


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
            text.str.slice(0, EDGE_CHARS).str.replace(PADDING, "").str.strip_chars(),
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


def texts_of(rows: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Rows (article_row, text) of what is said in some rows."""
    return pl.DataFrame([rows["article_row"], texts.alias("text")])


def pick_texts(
    rows: pl.DataFrame,
    is_kept: pl.Series,
    read: Callable[[pl.Series], pl.Series] | None = None,
    *,
    text: str = "text",
) -> pl.DataFrame:
    """Rows (article_row, text) of some of the lines or fields, as read from them."""
    texts = rows[text].filter(is_kept)
    owners = rows.select("article_row").filter(is_kept)
    return texts_of(owners, read(texts) if read else texts)


def read_group(pattern: str) -> Callable[[pl.Series], pl.Series]:
    """Reads the first group of a pattern."""
    return lambda texts: extract(texts, pattern)
