"""Every format that is read, told by content: the one door to the readers.

A new format is one module beside this one, one line here, and one test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transforms.decode.readers.docx import is_docx, read_docx
from transforms.decode.readers.extracted import Extracted
from transforms.reference import read_version


@dataclass(frozen=True)
class InputFormat:
    """A format that is read.

    Attributes:
        name: As in `dim_document`.
        media: What it is, in words for people.
        library: Distribution that does the reading; empty for Python's own modules.
        is_format: Whether a content is in it. Looks at the first `HEAD_BYTES`, and
            further only where those say an archive.
        read: The text of a content that is in it; raises `UnreadableError`.
    """

    name: str
    media: str
    library: str
    is_format: Callable[[bytes], bool]
    read: Callable[[bytes], Extracted]

    @property
    def extractor(self) -> str:
        """What reads it, with its version."""
        return read_version(self.library)


INPUT_FORMATS: Final = (
    InputFormat("docx", "Word document", "lxml", is_docx, read_docx),
)


def find_format(content: bytes, extension: str = "") -> InputFormat | None:
    """The format of a content that is no plain text; null for plain text.

    Args:
        content: All bytes of a document; of plain text, its first ones are enough.
        extension: Of its name, without the dot; asked only for formats that look like
            plain text, as tables do.
    """
    del extension
    return next((known for known in INPUT_FORMATS if known.is_format(content)), None)
