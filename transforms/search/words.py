"""Texts as the words that a full-text search finds them by."""

from typing import Final

import polars as pl

# A run of letters and digits, or letters with dots between them, such as "U.S.".
WORD: Final = r"\p{L}\.(?:\p{L}\.)+|[\p{L}\p{M}\p{N}]+"


def count_words(articles: pl.DataFrame) -> pl.DataFrame:
    """Words of each article, and those of them that are in its title.

    Args:
        articles: `title` and `body`; null is empty.

    Returns:
        The articles with `title_words` and `word_count`, and `words`, in order and in
        lower case.
    """
    title, body = pl.col("title").fill_null(""), pl.col("body").fill_null("")
    counted = articles.with_columns(
        title_words=title.str.to_lowercase().str.count_matches(WORD),
        words=pl.concat_str(title, body, separator="\n")
        .str.to_lowercase()
        .str.extract_all(WORD),
    )
    return counted.with_columns(word_count=pl.col("words").list.len())


def list_postings(articles: pl.DataFrame) -> pl.DataFrame:
    """Where each word stands.

    Args:
        articles: `article_number` and `words`, in order.

    Returns:
        One row per distinct word: `hash` and `word`, and two lists of one length,
        `article_numbers` and `positions` (which word of its article, from 0).

    Example:
        >>> articles = pl.DataFrame({"article_number": [7], "words": [["to", "to"]]})
        >>> list_postings(articles).drop("hash").row(0)
        ('to', [7, 7], [0, 1])
    """
    count = pl.col("words").list.len()
    return (
        articles.select(
            pl.col("article_number").cast(pl.UInt32),
            "words",
            position=pl.int_ranges(0, count, dtype=pl.UInt32),
        )
        .filter(count > 0)
        .explode("words", "position")
        # Numbers are grouped faster than texts.
        .group_by(pl.col("words").hash().alias("hash"))
        .agg(
            pl.col("words").first().alias("word"),
            pl.col("article_number").alias("article_numbers"),
            pl.col("position").alias("positions"),
        )
    )


def join_terms(postings: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The same by what the words are searched by.

    Args:
        postings: As `list_postings` gives them.
        terms: `hash` of each word, and `term`, null for words that are left out.

    Returns:
        One row per distinct term: `term`, `article_numbers`, `positions`.
    """
    return (
        postings.join(terms, on="hash")
        .filter(pl.col("term").is_not_null())
        .group_by("term")
        .agg(pl.col("article_numbers", "positions").explode())
    )
