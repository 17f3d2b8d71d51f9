"""Exact duplicates: one identity per distinct text, whatever its quotes and breaks.

The reference is `transforms.keys.article_identity`. Here the same is done over the
UTF-8 bytes of a whole batch: nearly every character of news can be reduced by itself,
and an article that holds any other takes the slow way.
"""

import hashlib
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.keys import article_identity, key_from_sha256, reduced_text

ByteArray = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

# Latin, Greek, Cyrillic, Arabic, punctuation, currency: up to three bytes in UTF-8.
_TABLE_END: Final = 0x3000
_MAX_REDUCED_BYTES: Final = 3
_NEEDS_CONTEXT: Final = 255


def add_identity(articles: pl.DataFrame) -> pl.DataFrame:
    """Add `article_id` and `article_key`, equal for texts that read the same.

    Args:
        articles: One row per article: `title` and `body` (str, null is empty).

    Returns:
        The same rows in the same order with `article_id` (64 hex digits) and
        `article_key` (u64).

    Example:
        >>> printed = pl.DataFrame({"title": ["Oil “up”", 'OIL "UP"'], "body": "By 5%"})
        >>> add_identity(printed)["article_id"].n_unique()
        1
    """
    article_ids = article_identities(articles["title"], articles["body"])
    return articles.with_columns(
        article_ids.alias("article_id"),
        key_from_sha256(article_ids).alias("article_key"),
    )


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
    reduced, ends, is_exotic = _reduce(
        *_utf8(titles), *_utf8(bodies), *_reduction_table()
    )
    view = memoryview(reduced)
    sha256 = hashlib.sha256
    bounds = [0, *ends.tolist()]
    digests = [sha256(view[start:end]).hexdigest() for start, end in pairwise(bounds)]
    for row in np.flatnonzero(is_exotic).tolist():
        digests[row] = article_identity(titles[row] or "", bodies[row] or "")
    return pl.Series("article_id", digests, dtype=pl.String)


def reduced_texts(titles: pl.Series, bodies: pl.Series) -> tuple[ByteArray, Offsets]:
    """Letters and digits of each article: the text that its identity is the hash of.

    Returns:
        UTF-8 bytes of all articles back to back, and one more offset than articles.
    """
    reduced, ends, is_exotic = _reduce(
        *_utf8(titles), *_utf8(bodies), *_reduction_table()
    )
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    rows = np.flatnonzero(is_exotic).tolist()
    if not rows:
        return reduced[: offsets[-1]], offsets
    lengths = np.diff(offsets)
    pieces, done = [], 0
    for row in rows:
        text = reduced_text(titles[row] or "", bodies[row] or "").encode()
        pieces += [reduced[done : offsets[row]], np.frombuffer(text, dtype=np.uint8)]
        done, lengths[row] = offsets[row + 1], len(text)
    pieces.append(reduced[done : offsets[-1]])
    return np.concatenate(pieces), np.concatenate([[0], np.cumsum(lengths)])


def _utf8(texts: pl.Series) -> tuple[ByteArray, Offsets]:
    strings = (
        texts.fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    )
    _, offsets, data = strings.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1)
    if data is None:
        return np.zeros(0, dtype=np.uint8), bounds
    return np.frombuffer(data, dtype=np.uint8), bounds


@cache
def _reduction_table() -> tuple[ByteArray, ByteArray]:
    """What each character leaves behind, in UTF-8, and how many bytes that is."""
    table = np.zeros((_TABLE_END, _MAX_REDUCED_BYTES), dtype=np.uint8)
    lengths = np.full(_TABLE_END, _NEEDS_CONTEXT, dtype=np.uint8)
    joining = _joining_characters()
    for code_point in range(_TABLE_END):
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
    characters = [chr(code_point) for code_point in range(_TABLE_END)]
    marks = {character for character in characters if unicodedata.combining(character)}
    seconds = {
        chr(int(parts[1], 16))
        for parts in (unicodedata.decomposition(c).split() for c in characters)
        if len(parts) == 2 and not parts[0].startswith("<")
    }
    hangul_vowels_and_finals = {chr(code_point) for code_point in range(0x1100, 0x1200)}
    return marks | seconds | hangul_vowels_and_finals


# One pass over the bytes with a table; NumPy would need five and an array for each.
@numba.njit(cache=True, nogil=True)
def _reduce(  # type: ignore[no-untyped-def]  # noqa: ANN202, C901
    titles: ByteArray,
    title_offsets: Offsets,
    bodies: ByteArray,
    body_offsets: Offsets,
    table: ByteArray,
    lengths: ByteArray,
):
    count = len(title_offsets) - 1
    size = title_offsets[-1] - title_offsets[0] + body_offsets[-1] - body_offsets[0]
    reduced = np.empty(size, dtype=np.uint8)
    ends = np.empty(count, dtype=np.int64)
    is_exotic = np.zeros(count, dtype=np.bool_)
    out = 0
    for row in range(count):
        for is_body in range(2):
            data = bodies if is_body else titles
            offsets = body_offsets if is_body else title_offsets
            place, end = offsets[row], offsets[row + 1]
            while place < end:
                first = np.int64(data[place])
                if first < 0x80:
                    reduced[out] = table[first, 0]
                    out += lengths[first]
                    place += 1
                    continue
                if first < 0xE0:
                    code_point = (first & 0x1F) << 6 | data[place + 1] & 0x3F
                    place += 2
                elif first < 0xF0:
                    code_point = (
                        (first & 0x0F) << 12
                        | (data[place + 1] & 0x3F) << 6
                        | data[place + 2] & 0x3F
                    )
                    place += 3
                else:
                    code_point = 0x10FFFF
                    place += 4
                if code_point >= 0x3000 or lengths[code_point] == 255:
                    is_exotic[row] = True
                    continue
                for byte in range(lengths[code_point]):
                    reduced[out + byte] = table[code_point, byte]
                out += lengths[code_point]
        ends[row] = out
    return reduced, ends, is_exotic
