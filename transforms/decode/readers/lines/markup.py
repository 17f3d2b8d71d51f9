"""Lines of HTML as a browser would lay them out: what blocks, breaks, and rows mean."""

import codecs
import re
from typing import TYPE_CHECKING, Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import UnreadableError
from transforms.decode.single_byte_encodings import guess_encoding

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET: Final = re.compile(
    rb"""(?i)(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})"""
)
_CHARSET_WITHIN: Final = 4096
_REPLACED: Final = "replace"
# A tree takes some ten times the memory of its page.
MOST_PAGE_CHARS: Final = 50_000_000
# Blocks that begin on a new line, and those with room above and below as well.
_LINE_WORDS: Final = (
    "address article aside body center dd div dt figcaption figure footer form "
    "header legend li main nav section summary tbody tfoot thead tr"
)
_LINE: Final = frozenset(_LINE_WORDS.split())
_ROOM_WORDS: Final = "blockquote dl fieldset h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
_ROOM: Final = frozenset(_ROOM_WORDS.split())
# Databases print a headline as a bold line, and call it so in its class.
_HEADLINE: Final = "headline"
_SHOWS_NOTHING_WORDS: Final = (
    "audio button canvas embed head iframe input map math noscript object option "
    "script select style svg template textarea title video"
)
_SHOWS_NOTHING: Final = frozenset(_SHOWS_NOTHING_WORDS.split())
# What people type for the line that a page draws between two articles.
_RULE: Final = "-" * 20
_HIDDEN: Final = re.compile(r"(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)")
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
MOST_BLANK_LINES: Final = 3
_MORE_BLANK_LINES: Final = re.compile(rf"\n{{{MOST_BLANK_LINES + 2},}}")


def decode_markup(content: bytes, charset: str = "") -> str:
    """Text of a page: by its mark, as UTF-8 where it is that, else as it declares.

    Args:
        content: The bytes of the page.
        charset: Declared outside of it, as by the header of a mail.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, _REPLACED)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(content[:_CHARSET_WITHIN])
    for name in (charset, declared[1].decode("ascii") if declared else ""):
        try:
            # A page whose bytes say "charset=utf-16" in ASCII is in none such.
            if name and not name.lower().startswith(("utf-16", "utf-32", "utf-8")):
                return content.decode(name, _REPLACED)
        except (LookupError, ValueError):
            continue
    return content.decode(guess_encoding(content).encoding, _REPLACED)


def parse_page(page: str) -> "HtmlElement | None":
    """The tree of a page, no entity and no address of which is followed.

    Raises:
        UnreadableError: It is nested more deeply, or longer, than any page for people.
    """
    from lxml import etree, html

    if len(page) > MOST_PAGE_CHARS:
        raise UnreadableError(
            ReasonCode.TOO_LARGE, f"a page of more than {MOST_PAGE_CHARS} characters"
        )
    parser = html.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = html.document_fromstring(
            page.replace("\0", "").encode("utf-8", _REPLACED), parser
        )
    except etree.ParserError:
        return None
    deep = [said for said in parser.error_log if "depth" in said.message.lower()]
    if deep:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"line {deep[0].line}: elements nested too deeply"
        )
    return root


def lay_out(root: "HtmlElement") -> str:
    """Text of a tree: blocks as lines, room between paragraphs, rows as lines."""
    from lxml import etree

    page = _Page()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            page.leave(element)
        elif element.tag in _SHOWS_NOTHING or _is_hidden(element):
            walk.skip_subtree()
        else:
            page.enter(element)
    return page.text()


class _Page:
    """Text as it is laid out, and the breaks that wait for what comes next."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._breaks = 0
        self._pre = 0
        self._rows: list[bool] = []

    def enter(self, element: "HtmlElement") -> None:
        tag = element.tag
        if tag == "br":
            self._breaks += 1
        elif tag == "tr":
            self._rows.append(_is_line(element))
        elif tag == "pre":
            self._pre += 1
        self._break(element)
        if tag == "hr":
            self._write(_RULE)
        elif element.text:
            self._write(element.text)

    def leave(self, element: "HtmlElement") -> None:
        tag = element.tag
        if tag not in _SHOWS_NOTHING and not _is_hidden(element):
            if tag == "pre":
                self._pre -= 1
            elif tag == "tr" and self._rows:
                self._rows.pop()
            if tag in {"td", "th"}:
                self._end_cell(element)
            self._break(element)
        if element.tail:
            self._write(element.tail)

    def text(self) -> str:
        lines = "".join(self._parts).split("\n")
        text = "\n".join(line.strip(" \t\xa0") for line in lines).strip("\n")
        return _MORE_BLANK_LINES.sub("\n" * (MOST_BLANK_LINES + 1), text) + "\n"

    def _break(self, element: "HtmlElement") -> None:
        if element.tag in _ROOM or _HEADLINE in element.get("class", "").lower():
            self._breaks = max(self._breaks, 2)
        elif element.tag in _LINE:
            self._breaks = max(self._breaks, 1)

    def _end_cell(self, element: "HtmlElement") -> None:
        if not (self._rows and self._rows[-1]):
            self._breaks = max(self._breaks, 1)
        elif element.getnext() is not None and not self._breaks:
            self._parts.append("\t")

    def _write(self, text: str) -> None:
        if not self._pre:
            text = _SPACE.sub(" ", text)
            ends_blank = not self._parts or self._parts[-1][-1:] in " \t\n"
            if self._breaks or ends_blank:
                text = text.lstrip(" ")
        if text:
            if self._parts:
                self._parts.append("\n" * self._breaks)
            self._breaks = 0
            self._parts.append(text)


def _is_line(row: "HtmlElement") -> bool:
    """Whether a row has only short cells; else it is layout and holds whole texts."""
    return next(row.iterdescendants(*_LINE, *_ROOM, "br"), None) is None


def _is_hidden(element: "HtmlElement") -> bool:
    return element.get("hidden") is not None or bool(
        _HIDDEN.search(element.get("style", ""))
    )
