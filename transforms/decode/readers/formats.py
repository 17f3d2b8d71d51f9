"""Every format that is read, told by content: the one door to the readers.

A new format is one module beside this one, one line here, and one test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transforms.decode.readers.docx import is_docx, read_docx
from transforms.decode.readers.extracted import Extracted
from transforms.decode.readers.feed import is_feed, read_feed
from transforms.decode.readers.html import is_html, read_html
from transforms.decode.readers.mail import (
    is_mail,
    is_web_archive,
    read_mail,
    read_web_archive,
)
from transforms.decode.readers.odt import is_odt, read_odt
from transforms.decode.readers.pdf import is_pdf, read_pdf
from transforms.decode.readers.rtf import is_rtf, read_rtf
from transforms.decode.readers.tables import is_json, is_table, read_json, read_table
from transforms.reference import read_version


@dataclass(frozen=True)
class InputFormat:
    """A format that is read.

    Attributes:
        name: As in `dim_document`.
        media: What it is, in words for people.
        library: Distribution that does the reading; empty for Python's own modules.
        is_format: Whether a content is in it. Looks at the first
            `FORMAT_HEAD_BYTES`, and further only where those say an archive.
        read: The text of a content that is in it; raises `UnreadableError`.
        extensions: Where it looks like plain text, ends of a name that must say it too;
            these are tables, and `read` takes what their columns are called.
    """

    name: str
    media: str
    library: str
    is_format: Callable[[bytes], bool]
    read: Callable[..., Extracted]
    extensions: tuple[str, ...] = ()

    @property
    def extractor(self) -> str:
        """What reads it, with its version."""
        return read_version(self.library)


# Asked in this order: the sure marks first, what begins like words last.
INPUT_FORMATS: Final = (
    InputFormat("docx", "Word document", "lxml", is_docx, read_docx),
    InputFormat("odt", "LibreOffice document", "lxml", is_odt, read_odt),
    InputFormat("rtf", "Rich Text, often named .doc", "", is_rtf, read_rtf),
    InputFormat("pdf", "PDF with a text layer", "pypdfium2", is_pdf, read_pdf),
    InputFormat("feed", "RSS or Atom feed", "lxml", is_feed, read_feed),
    InputFormat("html", "export, or page (by trafilatura)", "lxml", is_html, read_html),
    InputFormat(
        *("mhtml", "web page as browsers save it", "lxml"),
        *(is_web_archive, read_web_archive),
    ),
    InputFormat("eml", "mail", "", is_mail, read_mail),
    InputFormat("csv", "table", "", is_table, read_table, ("csv",)),
    InputFormat("tsv", "table", "", is_table, read_table, ("tsv", "tab")),
    InputFormat("json", "list of articles", "", is_json, read_json, ("json",)),
)


def find_format(content: bytes, extension: str = "") -> InputFormat | None:
    """The format of a content that is no plain text; null for plain text.

    Args:
        content: All bytes of a document; of plain text, its first ones are enough.
        extension: Of its name, without the dot; asked only for formats that look like
            plain text, as tables do.
    """
    return next(
        (
            known
            for known in INPUT_FORMATS
            if (not known.extensions or extension in known.extensions)
            and known.is_format(content)
        ),
        None,
    )
