"""Surrogate keys and content identities: SHA-256, never an engine's hash.

A key is the first 63 bits of the SHA-256 of its natural key, so that it is a positive
64-bit integer in every tool that reads the warehouse. Key 0 is the unknown member.
"""

import hashlib
import unicodedata

import polars as pl

UNKNOWN_KEY = 0


def surrogate_key(natural_key: str) -> int:
    """Key of one natural key; the empty string is the unknown member.

    Example:
        >>> surrogate_key("")
        0
        >>> surrogate_key("Reuters") == surrogate_key("Reuters") > 0
        True
    """
    if not natural_key:
        return UNKNOWN_KEY
    digest = hashlib.sha256(natural_key.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 1 or 1


def key_from_sha256(digests: pl.Series) -> pl.Series:
    """Keys of content hashes.

    Args:
        digests: 64 hex digits each, or null.

    Returns:
        Int64 in the same order, 0 where the digest is null.
    """
    numbers = digests.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64)
    return (numbers // 2).cast(pl.Int64).clip(lower_bound=1).fill_null(UNKNOWN_KEY)


def surrogate_keys(natural_keys: pl.Series) -> pl.Series:
    """Keys of many natural keys, hashed once per distinct value.

    Returns:
        Int64 in the same order, 0 for null and for the empty string.
    """
    distinct = natural_keys.unique().drop_nulls()
    keys = pl.Series(
        [surrogate_key(name) for name in distinct.to_list()], dtype=pl.Int64
    )
    known = natural_keys.replace_strict(
        distinct, keys, default=UNKNOWN_KEY, return_dtype=pl.Int64
    )
    return known.rename(natural_keys.name)


def article_identity(title: str, body: str) -> str:
    """SHA-256 over title and body reduced to letters and digits.

    Unicode is brought to NFKC and case-folded first, so that other quotes, line
    breaks, spaces, or letter forms leave the identity as it is.

    Example:
        >>> article_identity("Oil “up”", "5%") == article_identity('OIL "UP"', "5")
        True
    """
    reduced = reduced_text(title, body)
    return hashlib.sha256(reduced.encode("utf-8", "surrogatepass")).hexdigest()


def reduced_text(title: str, body: str) -> str:
    """Letters and digits of a text, NFKC and case-folded: what its identity is of.

    Example:
        >>> reduced_text("Oil “up”", "by 5%")
        'oilupby5'
    """
    folded = unicodedata.normalize("NFKC", title + body).casefold()
    return "".join(filter(str.isalnum, folded))
