"""Word documents (.docx): paragraphs, list items, and table rows as lines."""

from typing import TYPE_CHECKING, Final

from transforms.decode.readers.extracted import Extracted
from transforms.decode.readers.lines.xml_lines import TextMarkup
from transforms.decode.readers.zip_members import has_member, read_member

if TYPE_CHECKING:
    from lxml.etree import ElementBase

_DOCUMENT: Final = "word/document.xml"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The same text box again, for older programs.
_FALLBACK: Final = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
)
_TEXT: Final = _WORD + "t"
_SIGNS: Final = {
    _WORD + "tab": "\t",
    _WORD + "br": "\n",
    _WORD + "cr": "\n",
    _WORD + "noBreakHyphen": "-",
}


def is_docx(content: bytes) -> bool:
    """Whether the content is a Word document, whatever its name."""
    return has_member(content, _DOCUMENT)


def read_docx(content: bytes) -> Extracted:
    """The text of a Word document, without its headers, footers, and deleted words.

    Raises:
        UnreadableError: It is encrypted, damaged, or a bomb.
    """
    return Extracted(_MARKUP.read(read_member(content, _DOCUMENT), _DOCUMENT))


def _read_text(paragraph: "ElementBase") -> str:
    return "".join(
        (part.text or "") if part.tag == _TEXT else _SIGNS[part.tag]
        for part in paragraph.iter(_TEXT, *_SIGNS)
    )


_MARKUP: Final = TextMarkup(
    paragraphs=(_WORD + "p",),
    row=_WORD + "tr",
    cell=_WORD + "tc",
    hidden=frozenset({_FALLBACK}),
    text_of=_read_text,
)
