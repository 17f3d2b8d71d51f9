"""HTML: an export of many articles as lines, a saved page of one as a record."""

import json
import re
from typing import TYPE_CHECKING, Final

from transforms.contracts import InputKind, ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.markup import decode_markup, lay_out, parse_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEAD_BYTES: Final = 2048
_BEGINS: Final = re.compile(
    rb"(?i)\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,1000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|base|h[1-6]|div|p|table|center"
    rb"|article|section|font|span|a\s|b>|br)\b",
    re.DOTALL,
)
# What sites say of a page for those who link to it; an export has none of it.
_SITE_METADATA: Final = (
    "//meta[starts-with(@property,'og:') or starts-with(@property,'article:')"
    " or starts-with(@name,'twitter:')] | //link[@rel='canonical']"
    " | //script[@type='application/ld+json'] | //*[@itemprop='articleBody']"
)
_ARTICLE_BODIES: Final = "//*[@itemprop='articleBody'] | //article[not(.//article)]"
ARTICLE_MIN_CHARS: Final = 400
PAGE_MIN_CHARS: Final = 150
# Of one page, its article is a good part; of an export, the choosers keep one of many.
PAGE_MIN_RATIO: Final = 0.1
# The choosers take time by the square of these.
PAGE_MOST_CHARS: Final = 200_000
PAGE_MOST_ELEMENTS: Final = 15_000


def is_html(content: bytes) -> bool:
    """Whether the content begins as a page does, in whatever encoding."""
    head = content[:_HEAD_BYTES].replace(b"\0", b"")
    return _BEGINS.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe")) is not None


def read_html(content: bytes) -> Extracted:
    """An export as lines for the splitter, a saved page of one article as a record.

    Raises:
        UnreadableError: It holds no text.
    """
    return read_page(decode_markup(content))


def read_page(page: str, url: str = "") -> Extracted:
    """The same of a page whose bytes are decoded.

    Args:
        page: The HTML.
        url: Where it was saved from, if that is known.
    """
    root = parse_page(page)
    text = "" if root is None else lay_out(root)
    if root is None or not text.strip():
        raise UnreadableError(ReasonCode.EMPTY, "a page without text")
    if _is_site_page(root, text):
        record = _read_article(page, url, len(text))
        if record is not None:
            return Extracted(
                *(record, InputKind.RECORDS),
                format_name="html page",
                library="trafilatura",
            )
    return Extracted(text, format_name="html export")


def _is_site_page(root: "HtmlElement", text: str) -> bool:
    if len(text) > PAGE_MOST_CHARS or not root.xpath(_SITE_METADATA):
        return False
    if root.xpath("count(//*)") > PAGE_MOST_ELEMENTS:
        return False
    bodies = [
        body
        for body in root.xpath(_ARTICLE_BODIES)
        if len(body.text_content()) >= ARTICLE_MIN_CHARS
    ]
    return len(bodies) < 2


def _read_article(page: str, url: str, char_count: int) -> str | None:
    """The record of the page's article; null where it has none worth the name."""
    from trafilatura import bare_extraction

    article = bare_extraction(
        page, url=url or None, include_comments=False, with_metadata=True
    )
    if article is None or isinstance(article, dict):
        return None
    text = (article.text or "").removeprefix(f"{article.title}\n").strip()
    if len(text) < max(PAGE_MIN_CHARS, PAGE_MIN_RATIO * char_count):
        return None
    fields = {
        "title": article.title,
        "text": text.replace("\n", "\n\n"),
        "author": article.author,
        "date": article.date,
        "source": article.sitename,
        "url": article.url,
    }
    return json.dumps(
        {name: value for name, value in fields.items() if value}, ensure_ascii=False
    )
