"""Files of a folder that are no input by their name: those that the user leaves out."""

import re
from collections.abc import Sequence
from typing import Final

# What lies beside texts and is none of them: gold of `newsmill evaluate`, Newsmill's
# settings, notes of systems and editors, and the parts of a saved web page.
DEFAULT_IGNORE: Final = (
    "gold*.jsonl",
    "*.gold.jsonl",
    "expected.jsonl",
    "newsmill.toml",
    "__MACOSX/",
    "Thumbs.db",
    "desktop.ini",
    "~$*",
    "*_files/",
)
_SIGNS: Final = {"*": "[^/]*", "?": "[^/]"}


def ignored_pattern(patterns: Sequence[str]) -> str:
    """One regular expression for paths that a list of patterns leaves out.

    Args:
        patterns: `*` stands for any characters of a name and `?` for one; one that
            ends in `/` means a folder and all below it. A pattern with a slash before
            its end is looked for at the end of the path, others among its names.

    Example:
        >>> import re
        >>> pattern = ignored_pattern(["gold*.jsonl", "notes/"])
        >>> [bool(re.search(pattern, p)) for p in ("a/Gold2.jsonl", "notes/b", "b.txt")]
        [True, True, False]
    """
    if not patterns:
        return "[^\\s\\S]"  # nothing matches
    return "(?i)" + "|".join(map(_as_expression, patterns))


def _as_expression(pattern: str) -> str:
    folder = pattern.endswith("/")
    names = "".join(_SIGNS.get(c, re.escape(c)) for c in pattern.strip("/"))
    return f"(?:^|/){names}" + ("/" if folder else "$")
