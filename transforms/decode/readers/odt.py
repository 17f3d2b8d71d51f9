"""LibreOffice documents (.odt): paragraphs, headings, and table rows as lines."""

from typing import TYPE_CHECKING, Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.xml_lines import TextMarkup
from transforms.decode.readers.zip_members import has_member, read_member

if TYPE_CHECKING:
    from lxml.etree import ElementBase

_DOCUMENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_NAMES: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE = _NAMES + "text:1.0}", _NAMES + "table:1.0}"
_OFFICE: Final = _NAMES + "office:1.0}"
_SPACES: Final = _TEXT + "s"
_SIGNS: Final = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_MOST_SPACES: Final = 100
_ASIDE: Final = frozenset(
    {_TEXT + "tracked-changes", _TEXT + "note", _OFFICE + "annotation"}
)


def is_odt(content: bytes) -> bool:
    """Whether the content is a text of LibreOffice, whatever its name."""
    return b"application/vnd.oasis.opendocument.text" in content[:256] and has_member(
        content, _DOCUMENT
    )


def read_odt(content: bytes) -> Extracted:
    """The text of the document, without notes, comments, and deleted words.

    Raises:
        UnreadableError: It is encrypted, damaged, or a bomb.
    """
    if has_member(content, _MANIFEST) and b"encryption-data" in read_member(
        content, _MANIFEST
    ):
        raise UnreadableError(
            ReasonCode.ENCRYPTED, f"{_DOCUMENT} is encrypted: save it unprotected"
        )
    return Extracted(_MARKUP.read(read_member(content, _DOCUMENT), _DOCUMENT))


def _read_text(paragraph: "ElementBase") -> str:
    parts = [paragraph.text or ""]
    for part in paragraph.iterchildren():
        if part.tag == _SPACES:
            count = part.get(_TEXT + "c", "1")
            parts.append(
                " " * (min(int(count), _MOST_SPACES) if count.isdigit() else 1)
            )
        elif part.tag in _SIGNS:
            parts.append(_SIGNS[part.tag])
        elif part.tag not in _ASIDE and isinstance(part.tag, str):
            parts.append(
                _read_text(part)
            )  # nested no deeper than the parser lets it be
        parts.append(part.tail or "")
    return "".join(parts)


_MARKUP: Final = TextMarkup(
    paragraphs=(_TEXT + "p", _TEXT + "h"),
    row=_TABLE + "table-row",
    cell=_TABLE + "table-cell",
    hidden=_ASIDE,
    text_of=_read_text,
)
