"""Word documents (.docx): paragraphs, list items, and table rows as lines."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.zip_members import has_member, read_member

if TYPE_CHECKING:
    from lxml.etree import ElementBase

_DOCUMENT: Final = "word/document.xml"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
)
_PARAGRAPH, _ROW, _CELL = _WORD + "p", _WORD + "tr", _WORD + "tc"
_SIGNS: Final = {
    _WORD + "tab": "\t",
    _WORD + "br": "\n",
    _WORD + "cr": "\n",
    _WORD + "noBreakHyphen": "-",
}
_TEXT: Final = _WORD + "t"


def is_docx(content: bytes) -> bool:
    """Whether the content is a Word document, whatever its name."""
    return has_member(content, _DOCUMENT)


def read_docx(content: bytes) -> Extracted:
    """The text of a Word document, without its headers, footers, and deleted words.

    Raises:
        UnreadableError: It is encrypted, damaged, or a bomb.
    """
    from lxml import etree

    lines: list[str] = []
    try:
        for _, element in etree.iterparse(
            BytesIO(read_member(content, _DOCUMENT)),
            tag=(_PARAGRAPH, _ROW),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        ):
            lines += _read_block(element)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"{_DOCUMENT} is cut off or damaged: {error}"
        ) from error
    return Extracted("\n".join(lines) + "\n")


def _read_block(element: "ElementBase") -> list[str]:
    """Lines of a paragraph, or of a row whose cells were left for it."""
    parent = element.getparent()
    if element.tag == _PARAGRAPH:
        if parent is not None and parent.tag == _CELL:
            return []
        if any(above.tag == _FALLBACK for above in element.iterancestors()):
            element.clear()  # the same text box again, for older programs
            return []
        lines = [_read_text(element)]
    else:
        cells = [
            [_read_text(paragraph) for paragraph in cell.iterchildren(_PARAGRAPH)]
            for cell in element.iterchildren(_CELL)
        ]
        # A row of short cells is a line; one that holds whole texts is layout.
        if all(len(cell) <= 1 for cell in cells):
            lines = ["\t".join("".join(cell) for cell in cells)]
        else:
            lines = [line for cell in cells for line in cell]
    element.clear()
    return lines


def _read_text(paragraph: "ElementBase") -> str:
    return "".join(
        (part.text or "") if part.tag == _TEXT else _SIGNS[part.tag]
        for part in paragraph.iter(_TEXT, *_SIGNS)
    )
