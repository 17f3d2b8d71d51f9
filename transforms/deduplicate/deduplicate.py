"""Exact duplicates: one identity per distinct text, whatever its quotes and breaks.

The reference is `transforms.keys.article_identity`. Here the same is done over the
UTF-8 bytes of a whole batch: nearly every character of news can be reduced by itself,
and an article that holds any other takes the slow way.
"""

import hashlib
import unicodedata
from functools import cache

import numpy as np
import polars as pl

from transforms.contracts import TitleBasis
from transforms.deduplicate.letter_kernels import (
    NEEDS_CONTEXT,
    TABLE_BYTES,
    TABLE_END,
    reduce_letters,
)
from transforms.keys import key_from_sha256, reduced_text
from transforms.text.buffers import ByteArray, as_strings, buffer_documents


def add_identity(articles: pl.DataFrame) -> pl.DataFrame:
    """Add `article_id` and `article_key`, equal for texts that read the same.

    Args:
        articles: One row per article: `title` and `body` (str, null is empty), and
            `title_basis`. The words of a title that is made from the lead are the
            body's, and count once: so a text is the same article whether its first
            line was taken for a title or not.

    Returns:
        The same rows in the same order with `article_id` (64 hex digits) and
        `article_key` (u64).

    Example:
        >>> printed = pl.DataFrame(
        ...     [("Oil “up”", "By 5%", "line"), ("Oil up", "OIL UP. By 5%", "lead")],
        ...     schema=["title", "body", "title_basis"],
        ...     orient="row",
        ... )
        >>> add_identity(printed)["article_id"].n_unique()
        1
    """
    article_ids = article_identities(own_titles(articles), articles["body"])
    return articles.with_columns(
        article_ids.alias("article_id"),
        key_from_sha256(article_ids).alias("article_key"),
    )


def own_titles(articles: pl.DataFrame) -> pl.Series:
    """Titles that are words of the article beside its body; of others none is left.

    Args:
        articles: `title` and `title_basis`.
    """
    is_lead = pl.col("title_basis").cast(pl.String) == TitleBasis.LEAD
    own = pl.when(is_lead).then(pl.lit("")).otherwise("title")
    return articles.select(own.alias("title"))["title"]


def choose_representatives(articles: pl.DataFrame) -> pl.DataFrame:
    """Keep one row per `article_id`: the smallest document and place.

    Args:
        articles: `article_id`, `document_key`, and `char_start`.

    Returns:
        The same columns, sorted by document and place, so that neither the order of
        files nor that of rows decides.
    """
    return articles.sort("document_key", "char_start").unique(
        "article_id", keep="first", maintain_order=True
    )


def article_identities(titles: pl.Series, bodies: pl.Series) -> pl.Series:
    """SHA-256 of title and body reduced to letters and digits, 64 hex digits each."""
    reduced = reduced_texts(titles, bodies).cast(pl.Binary)
    digests = [hashlib.sha256(text).hexdigest() for text in reduced]
    return pl.Series("article_id", digests, dtype=pl.String)


def reduced_texts(titles: pl.Series, bodies: pl.Series) -> pl.Series:
    """Letters and digits of each article: the text that its identity is the hash of."""
    title, body = (
        buffer_documents(texts.fill_null("").to_frame("text"))
        for texts in (titles, bodies)
    )
    reduced, ends, is_exotic = reduce_letters(
        title.data,
        title.document_starts,
        body.data,
        body.document_starts,
        *_reduction_table(),
    )
    texts = pl.Series(as_strings(reduced, np.append(0, ends)), dtype=pl.String)
    rows = np.flatnonzero(is_exotic).tolist()
    slow = [reduced_text(titles[row] or "", bodies[row] or "") for row in rows]
    return texts.scatter(rows, pl.Series(slow, dtype=pl.String))


@cache
def _reduction_table() -> tuple[ByteArray, ByteArray]:
    """What each character leaves behind, in UTF-8, and how many bytes that is."""
    table = np.zeros((TABLE_END, TABLE_BYTES), dtype=np.uint8)
    lengths = np.full(TABLE_END, NEEDS_CONTEXT, dtype=np.uint8)
    joining = _joining_characters()
    for code_point in range(TABLE_END):
        character = chr(code_point)
        normal = unicodedata.normalize("NFKC", character)
        decomposed = unicodedata.normalize("NFKD", character)
        if joining.intersection((character, *normal, decomposed[0])):
            continue
        kept = "".join(filter(str.isalnum, normal.casefold())).encode()
        # No character may grow: the output buffer is as long as the input.
        if len(kept) <= len(character.encode()):
            table[code_point, : len(kept)] = list(kept)
            lengths[code_point] = len(kept)
    return table, lengths


def _joining_characters() -> set[str]:
    """Characters of the table that may melt into, or swap with, the one before them."""
    characters = [chr(code_point) for code_point in range(TABLE_END)]
    marks = {character for character in characters if unicodedata.combining(character)}
    seconds = {
        chr(int(parts[1], 16))
        for parts in (unicodedata.decomposition(c).split() for c in characters)
        if len(parts) == 2 and not parts[0].startswith("<")
    }
    hangul_vowels_and_finals = {chr(code_point) for code_point in range(0x1100, 0x1200)}
    return marks | seconds | hangul_vowels_and_finals
