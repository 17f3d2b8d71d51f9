"""PDF with a text layer; how its lines become paragraphs is in `page_layout`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.page_layout import (
    GUTTER_MIN_WIDTH,
    Line,
    join_blocks,
    leave_out_running_heads,
    order_blocks,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_MAGIC: Final = b"%PDF-"
_MAGIC_WITHIN: Final = 64
_BEFORE: Final = b"\xef\xbb\xbf\0 \t\r\n"
MOST_PAGES: Final = 5_000
MOST_CHARS: Final = 8_000_000
SCAN_MOST_CHARS_PER_PAGE: Final = 20
_BREAKS: Final = "\r\n\0"
# What stands for a hyphen that only the end of the line made.
_SOFT_HYPHENS: Final = {"\x02": "\xad", "\ufffe": "\xad"}


def is_pdf(content: bytes) -> bool:
    """Whether the content is a PDF; white space may stand before its mark."""
    return content[:_MAGIC_WITHIN].lstrip(_BEFORE).startswith(_MAGIC)


def read_pdf(content: bytes) -> Extracted:
    """The text of a PDF: its columns one by one, without page numbers and their like.

    Raises:
        UnreadableError: It is encrypted, damaged, a scan, or too large.
    """
    import pypdfium2

    try:
        pages = list(_read_pages(content))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError(
                ReasonCode.ENCRYPTED, "a PDF with a password: save it without one"
            ) from error
        raise UnreadableError(ReasonCode.DAMAGED, f"a damaged PDF: {error}") from error
    char_count = sum(len(line.text) for page in pages for line in page)
    if char_count < SCAN_MOST_CHARS_PER_PAGE * len(pages):
        raise UnreadableError(
            ReasonCode.NO_TEXT_LAYER, "a scan without text: run OCR first"
        )
    blocks = [
        block for page in leave_out_running_heads(pages) for block in order_blocks(page)
    ]
    return Extracted(join_blocks(blocks))


def _read_pages(content: bytes) -> Iterator[list[Line]]:
    import pypdfium2

    left = MOST_CHARS
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > MOST_PAGES:
            raise UnreadableError(
                ReasonCode.TOO_LARGE, f"a PDF of more than {MOST_PAGES} pages"
            )
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            left -= text.count_chars()
            if left < 0:
                raise UnreadableError(
                    ReasonCode.TOO_LARGE, f"a PDF of more than {MOST_CHARS} characters"
                )
            yield list(_read_lines(text))
            text.close()
            page.close()


def _read_lines(page: "PdfTextPage") -> Iterator[Line]:
    """Lines of a page in the order of its content, cut where a gutter may be."""
    from pypdfium2.raw import FPDFText_GetUnicode

    line = Line("", 0, 0, 0, 0)
    for number in range(page.count_chars()):
        sign = chr(FPDFText_GetUnicode(page, number))
        sign = _SOFT_HYPHENS.get(sign, sign)
        if sign in _BREAKS:
            yield from _tidy(line)
            line = Line("", 0, 0, 0, 0)
        elif sign.isspace() or sign == "\xad":
            line = line._replace(text=line.text + sign)
        else:
            box = page.get_charbox(number, loose=True)
            if line.text.strip() and _is_elsewhere(line, *box[:2]):
                yield from _tidy(line)
                line = Line("", 0, 0, 0, 0)
            line = line.extend(sign, *box) if line.height else Line(sign, *box)
    yield from _tidy(line)


def _is_elsewhere(line: Line, left: float, bottom: float) -> bool:
    """Whether a character stands on another line, or behind a gutter."""
    return (
        abs(bottom - line.bottom) > line.height / 2
        or left - line.right > GUTTER_MIN_WIDTH * line.height
        or left < line.left - line.height
    )


def _tidy(line: Line) -> Iterator[Line]:
    """The line, if it shows anything; halves of characters are joined."""
    text = " ".join(line.text.split())
    if text:
        whole = text.encode("utf-16-le", "surrogatepass")
        yield line._replace(text=whole.decode("utf-16-le", "replace"))
