"""Feeds (RSS, Atom): each entry a record, with its address and date."""

import json
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from transforms.contracts import InputKind, ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.markup import lay_out, parse_page

if TYPE_CHECKING:
    from lxml.etree import ElementBase

_BEGINS: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<\?[^>]{0,500}\?>\s*|<!--.{0,1000}?-->\s*)*"
    rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]",
    re.DOTALL,
)
_HEAD_BYTES: Final = 2048
FEED_MOST_BYTES: Final = 50_000_000
# Elements of an entry by their names without a namespace, best first.
_FIELDS: Final = {
    "title": ("title",),
    "text": ("encoded", "content", "description", "summary"),
    "author": ("creator", "author"),
    "date": ("pubDate", "published", "date", "updated"),
    "url": ("link", "guid", "id"),
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_feed(content: bytes) -> bool:
    """Whether the content begins as a feed does."""
    head = content[:_HEAD_BYTES].replace(b"\0", b"")
    return _BEGINS.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe")) is not None


def read_feed(content: bytes) -> Extracted:
    """Each entry of a feed as a record; its source is the feed's title.

    Raises:
        UnreadableError: It is cut off, too large, or has no entry.
    """
    from lxml import etree

    if len(content) > FEED_MOST_BYTES:
        raise UnreadableError(
            ReasonCode.TOO_LARGE, f"a feed of more than {FEED_MOST_BYTES} bytes"
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"a feed that is cut off or damaged: {error}"
        ) from error
    entries = list(root.iter("{*}item", "{*}entry"))
    if not entries:
        raise UnreadableError(ReasonCode.NO_ARTICLES, "a feed without entries")
    channel = root.find("{*}channel")
    title = (root if channel is None else channel).findtext("{*}title", "")
    lines = [
        json.dumps(_read_entry(entry, " ".join(title.split())), ensure_ascii=False)
        for entry in entries
    ]
    return Extracted("\n".join(lines) + "\n", InputKind.RECORDS)


def _read_entry(entry: "ElementBase", source: str) -> dict[str, str]:
    by_name: dict[str, ElementBase] = {}
    for element in entry.iterchildren("{*}*"):
        if element.get("rel", "alternate") != "alternate":
            continue  # the address of the feed itself, or of a sound
        by_name.setdefault(element.tag.rpartition("}")[2], element)
    fields = {"source": source}
    for field, names in _FIELDS.items():
        found = (by_name[name] for name in names if name in by_name)
        values = (_read_value(element, field) for element in found)
        fields[field] = next((value for value in values if value), "")
    return {name: value for name, value in fields.items() if value}


def _read_value(element: "ElementBase", field: str) -> str:
    from lxml import etree

    if field == "url":
        link = element.get("href") or (element.text or "").strip()
        return link if link.startswith(("http://", "https://")) else ""
    text = "".join(element.itertext()).strip()
    if field == "date":
        return _read_day(text)
    if len(element):  # XHTML as it is, not as a text
        text = etree.tostring(element, encoding="unicode", with_tail=False)
    page = parse_page(text) if "<" in text or "&" in text else None
    shown = text if page is None else lay_out(page).strip()
    return shown if field == "text" else " ".join(shown.split())


def _read_day(text: str) -> str:
    day = _DAY.match(text)
    if day:
        return day[0]
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, IndexError, OverflowError):
        return text
