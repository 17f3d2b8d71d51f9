"""Mails (.eml): their text, and their attachments as documents of their own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import Extracted, Member, UnreadableError
from transforms.decode.readers.lines.markup import decode_markup, lay_out, parse_page
from transforms.decode.readers.lines.wrapped_lines import join_wrapped_lines

_BEFORE: Final = b"\xef\xbb\xbf\r\n"
_HEADER: Final = re.compile(rb"[!-9;-~]{1,76}:[ \t\r\n]|[!-9;-~]{1,76}:[^\s/]")
_MAIL_HEADERS: Final = re.compile(
    rb"(?im)^(?:received|message-id|mime-version|return-path|delivered-to|x-mailer"
    rb"|content-type|x-[a-z-]{2,40}):"
)
_PEOPLE_HEADERS: Final = re.compile(rb"(?im)^(?:from|to|subject|date):")
_HEAD_BYTES: Final = 4_096
# The line before a mail that mailboxes and some exports keep.
_ENVELOPE: Final = re.compile(rb"From [^\r\n]{1,200}\d{4}[^\r\n]{0,40}\r?\n")
# Parts of a page, as pictures are, are no documents.
_NO_DOCUMENT: Final = ("image/", "audio/", "video/", "text/calendar", "text/x-vcard")
_MORE_WORDS: Final = 1.5
_QUOTED: Final = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_IS_QUOTED: Final = re.compile(r"(?m)^[ \t]*>")
_FORWARDED: Final = re.compile(
    r"(?im)^[ \t]*(?:begin forwarded message:?|-{3,}[ \t]*"
    r"(?:original message|forwarded (?:message|by\b.{0,200})"
    r"|urspr[üu]ngliche nachricht|weitergeleitete nachricht"
    r"|message (?:d'origine|transf[ée]r[ée])|mensaje (?:original|reenviado)"
    r"|messaggio (?:originale|inoltrato)|oorspronkelijk bericht"
    r"|doorgestuurd bericht|пересылаемое сообщение|исходное сообщение))"
    r"[ \t]*-{0,10}[ \t]*\n"
)
_FORWARDED_HEADER: Final = re.compile(
    r"[ \t>*]*(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|gesendet|datum"
    r"|betreff|de|[àa]|envoy[ée]|objet|para|enviado|asunto|da|inviato|oggetto|aan"
    r"|verzonden|onderwerp|от|кому|дата|тема|копия)\*?[ \t]*:.*",
    re.IGNORECASE,
)
MOST_HEADER_LINES: Final = 30
MOST_BOUNDARIES: Final = 20_000
MOST_HEADER_CHARS: Final = 100_000
MOST_VALUE_CHARS: Final = 1_000


def is_mail(content: bytes) -> bool:
    """Whether the content begins with the header lines of a mail."""
    head = _ENVELOPE.sub(b"", content[:_HEAD_BYTES].lstrip(_BEFORE), count=1)
    if not _HEADER.match(head):
        return False
    # A digest may begin with "From:" and "Date:"; no person writes "Message-ID:".
    lines = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    found = len(_MAIL_HEADERS.findall(lines))
    return found > 1 or (found == 1 and bool(_PEOPLE_HEADERS.search(lines)))


def is_web_archive(content: bytes) -> bool:
    """Whether a mail is a page as browsers save it (.mhtml)."""
    head = content[:_HEAD_BYTES]
    return is_mail(content) and bool(
        re.search(
            rb"(?im)^(?:snapshot-content-location:|from:[^\n]{0,20}saved by)", head
        )
    )


def read_mail(content: bytes) -> Extracted:
    """The text of a mail, of its HTML part where that says more.

    Of its headers only the day that it was sent is kept. What was forwarded or quoted
    stands as it was before.

    Raises:
        UnreadableError: It is encrypted or cut off.
    """
    mail = _parse(content)
    text = join_wrapped_lines(unwrap(_read_body(mail)))
    with _no_deeper_than_python():
        members = tuple(_find_members(mail))
    if not text.strip() and not members:
        raise UnreadableError(ReasonCode.EMPTY, "a mail without text")
    return Extracted(text, members=members, dated=_read_day(_plain(mail["Date"])))


def read_web_archive(content: bytes) -> Extracted:
    """The page of a web archive, as `read_page` reads it.

    Raises:
        UnreadableError: It is cut off, or holds no page.
    """
    from transforms.decode.readers.html import read_page

    mail = _parse(content)
    pages = [part for part in _walk(mail) if part.get_content_type() == "text/html"]
    if not pages:
        raise UnreadableError(ReasonCode.DAMAGED, "a web archive without a page")
    url = _plain(mail["Snapshot-Content-Location"])
    return read_page(_decode(pages[0]), url)


def _parse(content: bytes) -> Message:
    if content.count(b"\n--") > MOST_BOUNDARIES:
        raise UnreadableError(
            ReasonCode.TOO_LARGE, f"a mail of more than {MOST_BOUNDARIES} parts"
        )
    with _no_deeper_than_python():
        mail = message_from_bytes(content.lstrip(_BEFORE))
    for part in _walk(mail):
        _check(part, len(content))
    return mail


@contextmanager
def _no_deeper_than_python() -> Iterator[None]:
    """Mails in mails are parsed and written by functions that call themselves."""
    try:
        yield
    except RecursionError as error:
        raise UnreadableError(
            ReasonCode.DAMAGED, "a mail whose parts are nested too deeply"
        ) from error


def _check(part: Message, byte_count: int) -> None:
    if any(len(str(value)) > MOST_HEADER_CHARS for value in part.values()):
        raise UnreadableError(
            ReasonCode.DAMAGED,
            f"a mail with a header of more than {MOST_HEADER_CHARS} characters",
        )
    kind = part.get_content_type()
    if kind == "multipart/encrypted" or (
        kind.endswith("pkcs7-mime") and "signed" not in str(part["Content-Type"])
    ):
        raise UnreadableError(ReasonCode.ENCRYPTED, "an encrypted mail")
    if any(isinstance(said, CloseBoundaryNotFoundDefect) for said in part.defects):
        raise UnreadableError(
            ReasonCode.DAMAGED, f"cut off after byte {byte_count}, inside a part"
        )


def _walk(mail: Message) -> Iterator[Message]:
    """All parts of a mail, but none of the mails inside: they are members."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        yield part
        if part.get_content_maintype() == "multipart":
            waiting += reversed(_inner(part))


def _inner(part: Message) -> list[Message]:
    inner = part.get_payload()
    return (
        [one for one in inner if isinstance(one, Message)]
        if part.is_multipart()
        else []
    )


def _read_body(mail: Message) -> str:
    plain, rich = (
        [part for part in _walk(mail) if _is_body(part, kind)]
        for kind in ("text/plain", "text/html")
    )
    text = "\n\n".join(_unflow(_decode(part), part) for part in plain)
    if rich:
        pages = (parse_page(_decode(part)) for part in rich)
        shown = "\n\n".join(lay_out(page) for page in pages if page is not None)
        if len(shown.split()) > _MORE_WORDS * len(text.split()):
            return shown
    return text


def _is_body(part: Message, kind: str) -> bool:
    return (
        part.get_content_type() == kind
        and part.get_content_disposition() != "attachment"
        and part.get_filename() is None
    )


def _decode(part: Message) -> str:
    """Text of a part, in the encoding that it proves to have."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    text = decode_markup(content, part.get_content_charset() or "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unflow(text: str, part: Message) -> str:
    """Lines of `format=flowed` (RFC 3676) joined to the paragraphs that they were."""
    if part.get_param("format") != "flowed":
        return text
    joint = "" if part.get_param("delsp") == "yes" else " "
    return re.sub(r"(?<=[^ \n]) (?:\n)(?=[^>\n])", joint, text)


def unwrap(text: str) -> str:
    r"""The text without marks of quoting and the heads of mails inside.

    Example:
        >>> unwrap("-----Original Message-----\nFrom: A\nSubject: B\n\nThe text")
        '\nThe text'
    """
    lines = text.count("\n") + 1
    if 2 * len(_IS_QUOTED.findall(text)) > lines - text.count("\n\n"):
        text = _QUOTED.sub("", text)
    parts = _FORWARDED.split(text)
    return "".join([parts[0], *map(_drop_head, parts[1:])])


def _drop_head(text: str) -> str:
    """What follows the header lines that a forwarded text begins with."""
    lines = text.split("\n")
    last = -1
    for number, line in enumerate(lines[:MOST_HEADER_LINES]):
        if _FORWARDED_HEADER.fullmatch(line):
            last = number
        elif last >= 0 and not line.startswith((" ", "	")):
            break
    return "\n".join(lines[last + 1 :])


def _find_members(mail: Message) -> list[Member]:
    members = []
    for number, part in enumerate(_walk(mail), start=1):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inside = (one.as_bytes() for one in _inner(part))
            members += [Member(f"{number}.eml", content) for content in inside]
        elif part.get_filename() and not kind.startswith(_NO_DOCUMENT):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                members.append(Member(_plain(part.get_filename()), payload))
    return members


def _plain(header: object) -> str:
    """A header as one line of text, whatever it is encoded in."""
    text = "" if header is None else str(header)[:MOST_VALUE_CHARS]
    with suppress(HeaderParseError, LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _read_day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, IndexError, OverflowError):
        return None
