"""The known word that somebody may have meant, and the next step that names it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

# Of 1: two letters of a short word may be wrong, as in "jsn" or "catgeory".
CLOSE: Final = 0.5


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one that is most like a word, in small letters; None when none is close.

    Example:
        >>> closest("JSN", ["csv", "json"]), closest("?", ["csv", "json"])
        ('json', None)
    """
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=CLOSE)
    return found[0] if found else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The next step after a word that is not known.

    Example:
        >>> did_you_mean("jsn", ["csv", "json"])
        'Did you mean json?'
        >>> did_you_mean("?", ["csv", "json"])
        'One of csv, json'
    """
    meant = closest(word, known)
    return f"Did you mean {meant}?" if meant else f"One of {', '.join(known)}"
