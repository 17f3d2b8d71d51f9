r"""Rich Text Format (.rtf, and much that is named .doc): its text, in one pass.

Own code, since the library for it works letter by letter, takes a picture's digits for
such, and has no way to tell UTF-8 under `\ansi` or a table of layout.
"""

import codecs
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.wrapped_lines import join_wrapped_lines

_MAGIC: Final = b"{\\rtf"
_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])"
    rb"|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
# A cell beside another, not a text of its own.
LABEL_MOST_CHARS: Final = 80
RTF_MOST_BYTES: Final = 64 << 20
MOST_OPEN_GROUPS: Final = 5_000
# Groups that are no text of the document; all that begin with \* are none either.
_NO_TEXT_WORDS: Final = (
    "annotation author background blipuid buptim colortbl comment creatim "
    "datafield docvar falt fldinst fname footer footerf footerl footerr footnote "
    "header headerf headerl headerr info keywords listtext nonesttables objdata "
    "object operator pict pntext printim private revtim rxe stylesheet subject "
    "tc template title txe xe"
)
_NO_TEXT: Final = frozenset(_NO_TEXT_WORDS.split())
_SIGNS: Final = {
    "par": "\n",
    "line": "\n",
    "lbr": "\n",
    "sect": "\n\n",
    "page": "\n\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_SYMBOLS: Final = {
    "~": "\xa0",
    "_": "\u2011",
    "{": "{",
    "}": "}",
    "\\": "\\",
    "\n": "\n",
    "\r": "\n",
    "\t": "\t",
}
_CELL: Final = "\x1f"  # stands for the end of a cell until the row's end is reached
# Code page of a font by its character set, and of the words that name one.
_CHARSETS: Final = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_PAGES: Final = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_LINE_SEPARATORS: Final = {"\u2028": "\n", "\u2029": "\n"}


def is_rtf(content: bytes) -> bool:
    """Whether the content is RTF, whatever its name."""
    return content.startswith(_MAGIC)


def read_rtf(content: bytes) -> Extracted:
    """The text of an RTF document, without headers, footers, notes, and pictures.

    Raises:
        UnreadableError: It is cut off, too large, or nested more deeply than any real
            one.
    """
    if len(content) > RTF_MOST_BYTES:
        raise UnreadableError(
            ReasonCode.TOO_LARGE,
            f"RTF of more than {RTF_MOST_BYTES} bytes: save as .docx",
        )
    reader = _Reader(is_utf8=_is_utf8(content))
    at = 0
    while at < len(content) and not reader.is_done:
        token = _TOKEN.match(content, at)
        assert token is not None  # every byte begins one
        at = token.end() + reader.take(token)
    if not reader.is_done:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"cut off after byte {len(content)}, inside a group"
        )
    return Extracted(join_wrapped_lines(reader.text()))


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class _Group:
    """What holds until the group's closing brace."""

    is_shown: bool = True
    is_font_table: bool = False
    font: int = -1
    fallback_chars: int = 1


@dataclass
class _Reader:
    """The state of the one pass."""

    is_utf8: bool
    group: _Group = _Group(is_shown=False)
    above: list[_Group] = field(default_factory=list)
    is_done: bool = False
    _parts: list[str] = field(default_factory=list)
    _row_start: int = -1
    _bytes: bytearray = field(default_factory=bytearray)
    _bytes_page: str = ""
    _to_skip: int = 0
    _page: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _default_font: int = -1

    def take(self, token: re.Match[bytes]) -> int:
        """Read one token; how many bytes to pass over behind it."""
        word, number, digits, symbol, brace, run = token.groups()
        if run is not None:
            self._take_run(run)
        elif digits is not None:
            self._take_bytes(bytes.fromhex(digits.decode()), self._code_page())
        elif word is not None:
            if word == b"bin":
                return max(int(number or 0), 0)
            self._take_word(word.decode(), None if number is None else int(number))
        elif brace is not None:
            self._take_brace(brace, token.start())
        elif symbol is not None:
            self._take_symbol(symbol.decode("latin-1"))
        return 0

    def text(self) -> str:
        """All of it; halves of characters beyond the first plane are joined."""
        self._flush()
        text = "".join(self._parts).replace(_CELL, "\t")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _take_run(self, run: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(run))
            self._to_skip -= skipped
            run = run[skipped:]
        self._take_bytes(run, "utf-8" if self.is_utf8 else self._code_page())

    def _take_bytes(self, run: bytes, page: str) -> None:
        if self._to_skip and run:
            self._to_skip -= 1
            return
        if self.group.is_shown:
            if page != self._bytes_page:
                self._flush()
                self._bytes_page = page
            self._bytes += run

    def _take_brace(self, brace: bytes, at: int) -> None:
        self._to_skip = 0
        if brace == b"{":
            if not self.above:
                self.group = _Group()
            if len(self.above) >= MOST_OPEN_GROUPS:
                raise UnreadableError(
                    ReasonCode.DAMAGED, f"byte {at}: groups nested too deeply"
                )
            self.above.append(self.group)
        elif self.above:
            self.group = self.above.pop()
            self.is_done = not self.above

    def _take_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self.group = replace(self.group, is_shown=False)
        elif symbol in _SYMBOLS:
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._write(_SYMBOLS[symbol])

    def _take_word(self, word: str, number: int | None) -> None:
        self._to_skip = 0
        if word in _SIGNS:
            self._write(_SIGNS[word])
        elif word == "u" and number is not None:
            sign = chr(number % 0x10000)
            self._write(_LINE_SEPARATORS.get(sign, sign))
            self._to_skip = self.group.fallback_chars
        elif word in {"trowd", "cell", "nestcell", "row", "nestrow"}:
            self._take_row(word)
        elif word in _NO_TEXT:
            self.group = replace(self.group, is_shown=False)
        elif word in {"v", "deleted"}:
            is_shown = number == 0 and (not self.above or self.above[-1].is_shown)
            self.group = replace(self.group, is_shown=is_shown)
        else:
            self._take_setting(word, number)

    def _take_setting(self, word: str, number: int | None) -> None:
        if word == "fonttbl":
            self.group = replace(self.group, is_shown=False, is_font_table=True)
        elif word == "plain":
            self._take_font(self._default_font)
        elif word in _PAGES:
            self._page = _PAGES[word]
        elif number is not None:
            self._take_number(word, number)

    def _take_font(self, font: int) -> None:
        if font != self.group.font:  # said again and again by most writers
            self.group = replace(self.group, font=font)

    def _take_number(self, word: str, number: int) -> None:
        if word in {"f", "deff"}:
            self._take_font(number)
            if word == "deff":
                self._default_font = number
        elif word == "uc":
            self.group = replace(self.group, fallback_chars=max(number, 0))
        elif word == "fcharset" and self.group.is_font_table:
            if number in _CHARSETS:
                self._fonts[self.group.font] = _CHARSETS[number]
        elif word == "ansicpg" and _is_code_page(f"cp{number}"):
            self._page = f"cp{number}"

    def _take_row(self, word: str) -> None:
        """A row of short cells becomes a line; one of whole texts is layout."""
        if word == "trowd":
            self._flush()
            self._row_start = len(self._parts)
        elif word.endswith("cell"):
            self._write(_CELL)
        elif self._row_start >= 0:
            self._flush()
            cells = "".join(self._parts[self._row_start :]).removesuffix(_CELL)
            del self._parts[self._row_start :]
            self._row_start = -1
            self._parts.append(join_cells(cells.split(_CELL)) + "\n")
        else:
            self._write("\n")

    def _write(self, text: str) -> None:
        if self.group.is_shown:
            self._flush()
            self._parts.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._parts.append(self._bytes.decode(self._bytes_page, "replace"))
            self._bytes.clear()

    def _code_page(self) -> str:
        return self._fonts.get(self.group.font, self._page)


def join_cells(cells: list[str]) -> str:
    r"""Cells side by side, but for those that hold whole texts.

    Example:
        >>> join_cells(["Source:", "The Example\nMay 2", "The bridge\n"])
        'Source:\tThe Example\nMay 2\nThe bridge'
    """
    tidy = [cell.strip("\n") for cell in cells]
    row = tidy[0]
    for before, cell in pairwise(tidy):
        is_label = len(before) <= LABEL_MOST_CHARS and "\n" not in before
        is_short = len(cell.partition("\n")[0]) <= LABEL_MOST_CHARS
        row += ("\t" if is_label and is_short else "\n") + cell
    return row


def _is_code_page(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
