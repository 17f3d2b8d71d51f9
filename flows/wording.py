"""Text of files and articles made inert, and counts with their nouns."""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: object, *, limit: int = 200) -> str:
    r"""One printable line of any text.

    Example:
        >>> plain("a\x1b[31m\u202eb")
        'a\\x1b[31m\\u202eb'
    """
    shown = "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in _HIDDEN
        else character
        for character in str(text)[: limit + 1]
    )
    return shown if len(shown) <= limit else f"{shown[:limit]}…"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "article"), counted(1200, "article")
        ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}" + "s" * (count != 1)


_MARKDOWN: Final = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-!|~"})


def markdown_text(text: object) -> str:
    """Text that stays text inside a Markdown table."""
    return plain(text).translate(_MARKDOWN)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The next step after a word that is not known.

    Example:
        >>> did_you_mean("jsn", ["csv", "json"])
        'Did you mean json?'
        >>> did_you_mean("?", ["csv", "json"])
        'One of csv, json'
    """
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"One of {', '.join(known)}"


def step_words(step: str) -> str:
    """A step of a run as people read it: where it runs is no part of its name.

    Example:
        >>> step_words("transform_apart"), step_words("extract_metadata")
        ('transform', 'extract metadata')
    """
    return step.removesuffix("_apart").replace("_", " ")
