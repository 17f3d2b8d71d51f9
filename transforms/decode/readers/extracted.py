"""What every reader gives: a text or records, members, or why there are none."""

from dataclasses import dataclass
from datetime import date

from transforms.contracts import InputKind, ReasonCode


@dataclass(frozen=True)
class Member:
    """An attachment or a file inside, a document of its own."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Extracted:
    """Text of a document that is no plain text.

    Attributes:
        text: Lines for the splitter; for records JSON Lines, by the names that
            `transforms.split.records` knows.
        kind: Whether the text is a digest or records.
        members: Documents inside, as the attachments of a mail.
        dated: The day that the document says it is of, as a mail when it was sent.
        format_name: Where a format comes in kinds, the kind that this one is.
        library: Distribution that read this kind, if not the one that its format names.
    """

    text: str
    kind: InputKind = InputKind.DIGEST
    members: tuple[Member, ...] = ()
    dated: date | None = None
    format_name: str = ""
    library: str = ""


class UnreadableError(Exception):
    """A document in a known format has no text to give.

    Attributes:
        reason_code: Why, from the closed list.
        detail: The same in words, with the place or the next step.
    """

    def __init__(self, reason_code: ReasonCode, detail: str) -> None:
        super().__init__(detail)
        self.reason_code = reason_code
        self.detail = detail
