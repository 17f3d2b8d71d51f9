import json

import pytest

from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

RSS = """<?xml version="1.0"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Example</title>
<item><title>Bridge &amp; river</title><link>https://example.org/1</link>
<pubDate>Fri, 02 May 2014 08:00:00 GMT</pubDate><dc:creator>Ann Writer</dc:creator>
<description>Short.</description>
<content:encoded><![CDATA[<p>The bridge is open.</p><p>Really.</p>]]></content:encoded>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Example</title>
<entry><title>Bridge</title><link rel="self" href="https://example.org/feed"/>
<link href="https://example.org/1"/><updated>2014-05-02T08:00:00Z</updated>
<author><name>Ann Writer</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Open.</p><p>Yes.</p>
</div></content></entry></feed>"""


def read(text):
    return decode_document(text.encode())


def test_item_of_rss_is_a_record():
    document = read(RSS)

    assert (document.kind, document.format) == ("records", "feed")
    assert json.loads(document.text) == {
        "title": "Bridge & river",
        "text": "The bridge is open.\n\nReally.",
        "author": "Ann Writer",
        "date": "2014-05-02",
        "url": "https://example.org/1",
        "source": "The Example",
    }


def test_entry_of_atom_is_a_record():
    assert json.loads(read(ATOM).text) == {
        "title": "Bridge",
        "text": "Open.\n\nYes.",
        "author": "Ann Writer",
        "date": "2014-05-02",
        "url": "https://example.org/1",
        "source": "The Example",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (RSS[:-60], ReasonCode.DAMAGED),
        ("<rss><channel><title>The Example</title></channel></rss>", "no_articles"),
    ],
    ids=["cut", "empty"],
)
def test_feed_without_entries_says_why(text, reason):
    assert read(text).reason_code == reason


def test_entities_of_a_feed_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    lol = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(9)
    )
    text = RSS.replace(
        "<rss", f'<!DOCTYPE rss [{lol}<!ENTITY f SYSTEM "{secret.as_uri()}">]><rss', 1
    ).replace("Short.", "&f;&a8;")

    assert "secret" not in (read(text).text or "")
    assert len(read(text).text or "") < 10_000
