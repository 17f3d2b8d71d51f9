r"""Text of files and articles made inert: it says what it is, and does nothing.

A stranger's text may steer a terminal, hide or reorder what stands beside it, become
markup, or run as a formula. Every output has its function here:

- `terminal_text`: a line that a command says; `table_cell`: a cell of a printed table;
- `markdown_text`: anywhere in a Markdown page; `ui_cell`: a cell of Prefect's tables;
  `markdown_cell`: a cell of a Markdown table that a query writes;
- `csv_text`: a cell that a spreadsheet or a terminal may show; `json_text`: JSON;
- `page_text`: the HTML report, before its template escapes the markup.

All know one set of hidden characters: whatever Unicode calls a control, a format, half
of a pair, private, unassigned, or a separator of lines. Where marks pile up on a letter
as if to cover the lines above, the fifth and all after it are left out. JSON alone,
whose escapes mean what they stand for, loses nothing; so does Parquet.
"""

import html
import json
import re
from collections.abc import Callable
from typing import Final
from unicodedata import category

HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MARKS_MAX: Final = 4
TABLE_CELL_CHARS_MAX: Final = 4_096

_MARKS: Final = frozenset({"Mn", "Me"})
# Nothing that is hidden or a mark is a letter, a digit, a sign of ASCII, or one of the
# dashes and quotation marks, which are left out because every other text has some.
_SUSPECTS: Final = re.compile(r"[^\w -~\u2010-\u2027\u2030-\u205e]+")
_BLANK: Final = re.compile(r"\s")
# A page breaks lines itself. Scripts and emoji need joiners, and these move nothing.
_KEPT_ON_PAGES: Final = "\t\n\u200c\u200d"
# What spreadsheets take for the start of a formula, wide and small forms included.
_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
_FORMULA_BLANKS: Final = ("\t", "\r", "\n", "\0")


def _escaping(signs: str) -> dict[int, str]:
    return str.maketrans({sign: f"\\{sign}" for sign in signs})


_IN_MARKDOWN: Final = _escaping("\\`*_{}[]()<>#+-!|~")
_IN_UI_CELL: Final = _escaping("\\`*[]<>&!|~#")
_IN_MARKDOWN_CELL: Final = _escaping("\\`*_[]|~!#")


def terminal_text(text: object, *, limit: int = 200) -> str:
    r"""One printable line of at most so many characters, hidden ones escaped.

    Example:
        >>> terminal_text("a\x1b[31m\u202eb")
        'a\\x1b[31m\\u202eb'
    """
    shown = _replace_hidden(str(text)[: limit + 1], _escape)
    return shown if len(shown) <= limit else f"{shown[:limit]}…"


def table_cell(text: str) -> str:
    r"""One printable line without hidden characters: its width is what is seen of it.

    Example:
        >>> table_cell("red \x1b[31m\u202etext\n")
        'red [31mtext '
    """
    text = text[:TABLE_CELL_CHARS_MAX]
    if text.isascii() and text.isprintable():
        return text
    return _replace_hidden(_BLANK.sub(" ", text), lambda _: "")


def markdown_text(text: object, *, limit: int = 200) -> str:
    r"""Text that stays text anywhere in a Markdown page.

    Example:
        >>> markdown_text("- *a* <b>")
        '\\- \\*a\\* \\<b\\>'
    """
    return terminal_text(text, limit=limit).translate(_IN_MARKDOWN)


def ui_cell(text: object, *, limit: int = 500) -> str:
    r"""A cell of a table in Prefect's UI, which reads cells as Markdown with HTML.

    Names keep their underscores unescaped: within a word they mean nothing.

    Example:
        >>> ui_cell("fact_article <img src=x>")
        'fact_article \\<img src=x\\>'
    """
    return terminal_text(text, limit=limit).translate(_IN_UI_CELL)


def markdown_cell(text: str) -> str:
    r"""A cell that stays text in a Markdown table, whatever renders it.

    Example:
        >>> markdown_cell("a|b <i>")
        'a\\|b &lt;i&gt;'
    """
    return html.escape(table_cell(text).translate(_IN_MARKDOWN_CELL), quote=False)


def csv_text(text: str) -> str:
    r"""Text as on a page, an apostrophe before what a spreadsheet would run as formula.

    Example:
        >>> csv_text("=1+1"), csv_text("  @SUM(A1)"), csv_text("a=b\x1b")
        ("'=1+1", "'  @SUM(A1)", 'a=b\\x1b')
    """
    seen = next((sign for sign in text if sign != " " and sign.isprintable()), "")
    is_formula = seen in _FORMULA_STARTS or text.startswith(_FORMULA_BLANKS)
    return f"'{page_text(text)}" if is_formula else page_text(text)


def json_text(encoded: str) -> str:
    r"""JSON that means the same, hidden characters escaped.

    Example:
        >>> json_text('{"a": "\u202e"}')
        '{"a": "\\u202e"}'
    """
    return _SUSPECTS.sub(
        lambda run: "".join(
            json.dumps(sign)[1:-1] if category(sign) in HIDDEN else sign
            for sign in run[0]
        ),
        encoded,
    )


def page_text(text: str) -> str:
    r"""Text of any length for a page, its line breaks kept, hidden characters escaped.

    Example:
        >>> page_text("a\u202eb\n")
        'a\\u202eb\n'
    """
    return _replace_hidden(text, _escape, kept=_KEPT_ON_PAGES)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _replace_hidden(text: str, replace: Callable[[str], str], kept: str = "") -> str:
    """The text, its hidden characters replaced and piles of marks cut short."""

    def mend(run: re.Match[str]) -> str:
        mended, marks = [], 0
        for sign in run[0]:
            kind = category(sign)
            if kind in HIDDEN:
                mended.append(sign if sign in kept else replace(sign))
                continue
            # Hidden ones between them do not part marks: a pile would look the same.
            marks = marks + 1 if kind in _MARKS else 0
            if marks <= MARKS_MAX:
                mended.append(sign)
        return "".join(mended)

    return _SUSPECTS.sub(mend, text)
