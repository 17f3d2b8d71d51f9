"""Lines of word processors' XML: paragraphs and table rows, in one pass."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import ElementBase


@dataclass(frozen=True)
class TextMarkup:
    """The names that a format gives to what makes lines, and how text is in them.

    Attributes:
        paragraphs: Elements that are a line each.
        row: A row of a table.
        cell: A cell of a row.
        hidden: Elements whose paragraphs are none of the text.
        text_of: The text of a paragraph.
    """

    paragraphs: tuple[str, ...]
    row: str
    cell: str
    hidden: frozenset[str]
    text_of: Callable[["ElementBase"], str]

    def read(self, content: bytes, name: str) -> str:
        """All lines of a member; entities stay as they are, nothing else is opened.

        Raises:
            UnreadableError: It is no whole XML, or nested too deeply.
        """
        from lxml import etree

        lines: list[str] = []
        try:
            for _, element in etree.iterparse(
                BytesIO(content),
                tag=(*self.paragraphs, self.row),
                resolve_entities=False,
                no_network=True,
                huge_tree=False,
            ):
                lines += self._read_block(element)
        except etree.XMLSyntaxError as error:
            raise UnreadableError(
                ReasonCode.DAMAGED, f"{name} is cut off or damaged: {error}"
            ) from error
        return "\n".join(lines) + "\n"

    def _read_block(self, element: "ElementBase") -> Iterable[str]:
        """Lines of a paragraph, or of a row whose cells were left for it."""
        parent = element.getparent()
        if parent is not None and parent.tag == self.cell:
            return []
        is_hidden = any(above.tag in self.hidden for above in element.iterancestors())
        lines: list[str] = []
        if not is_hidden and element.tag != self.row:
            lines = [self.text_of(element)]
        elif not is_hidden:
            cells = [
                [self.text_of(line) for line in cell.iterchildren(*self.paragraphs)]
                for cell in element.iterchildren(self.cell)
            ]
            # A row of short cells is a line; one that holds whole texts is layout.
            if all(len(cell) <= 1 for cell in cells):
                lines = ["\t".join("".join(cell) for cell in cells)]
            else:
                lines = [line for cell in cells for line in cell]
        element.clear(keep_tail=True)
        return lines
