"""Signs of markup that a text was pasted with, and what they should be.

Entities of HTML and escapes of quoted-printable become the characters they stand for;
of Markdown's links, pictures, and stress the words stay; marks of links that a text
browser numbers go. The patterns have no choice points that text could blow up.
"""

import html
import re
from typing import Final

MARKS: Final = (
    "&#",
    "&amp;",
    "&nbsp;",
    "&quot;",
    "&apos;",
    "&lt;",
    "&gt;",
    "dash;",
    "quo;",
    "&hellip;",
    "&shy;",
    "&bull;",
    "&middot;",
    "&copy;",
    "&euro;",
    "](",
    "**",
    "__",
    "\n> ",
    "[1]",
    "[2]",
    "=20",
    "=3D",
    "=E2=80",
    "=C2=A0",
)
# Each is one of the groups' names: what is there, and how it is mended.
MARKUP: Final = (
    r"(?P<end>[ ]?(?:&nbsp;[ ]?){1,50}(?=\n|$))|(?P<blank>[ ]?(?:&nbsp;[ ]?){1,50})"
    r"|(?P<entity>&(?:#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|quot|apos|lt|gt|"
    r"[mn]dash|[lrbs]{1,2}dquo|[lrbs]{1,2}quo|[lr]aquo|hellip|shy|bull|middot|copy|euro|"
    r"deg|eacute|egrave|agrave|ccedil|[aouAOU]uml|szlig);)"
    r"|(?P<escapes>(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3})+|(?<=[\s.,;:!?)])=20(?=\s|$)|"
    r"=3D(?=[\s\"']))"
    r"|(?P<picture>!\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)\s*)"
    r"|(?P<open>\[(?=[^\[\]]{1,300}\]\((?:https?:|/|mailto:)))"
    r"|(?P<close>\]\((?:https?:|/|mailto:)[^()\s]{0,800}(?:\s\"[^\"]{0,200}\")?\))"
    r"|(?P<stress>(?<![^\s(\[\"'“‘>])(?:\*\*(?=[^\s*])|__(?=[^\s_])))"
    r"|(?P<unstress>(?<=[^\s*])\*\*(?![*\w])|(?<=[^\s_])__(?![_\w]))"
    r"|(?P<quote>(?m:^)>[ ]?(?=[^\s>]))"
    r"|(?P<number>\[[0-9]{1,3}\](?=[^\W\d_]))"
)
_BLANK_AT_END: Final = "=20"
_SOFT_HYPHEN: Final = "\xad"


def mend_markup(match: re.Match[str]) -> str:
    """What a match of `MARKUP` should have been; itself where it is no markup.

    Example:
        >>> found = re.compile(MARKUP)
        >>> found.sub(mend_markup, "**Tom** &amp; [Ann](https://example.org) [1]said")
        'Tom & Ann said'
    """
    marks = match.group()
    if match.lastgroup == "entity":
        return html.unescape(marks).replace("\xa0", " ").replace(_SOFT_HYPHEN, "")
    if match.lastgroup == "escapes":
        return _decode_escapes(marks)
    return " " if match.lastgroup == "blank" else ""


def _decode_escapes(marks: str) -> str:
    """Text of escaped bytes; themselves where they are no UTF-8."""
    if marks == _BLANK_AT_END:
        return ""
    try:
        return bytes.fromhex(marks.replace("=", "")).decode().replace("\xa0", " ")
    except UnicodeDecodeError:
        return marks
