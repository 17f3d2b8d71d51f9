import json

import pytest

from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

SENTENCE = "The bridge over the river Ister is open again after two years of work. "


def read(page, encoding="utf-8"):
    return decode_document(page.encode(encoding))


def body(inner):
    return read(f"<html><body>{inner}</body></html>").text


def test_paragraphs_have_room_and_blocks_are_lines():
    assert body(
        "<h2>Bridge reopens</h2><div>May 2</div><div>Town</div><p>Open.</p>"
    ) == ("Bridge reopens\n\nMay 2\nTown\n\nOpen.\n")


def test_breaks_are_lines_and_spaces_are_one():
    assert body("<p>The  bridge\n is <b>open</b>.<br>Really.<br><br>Yes.</p>") == (
        "The bridge is open.\nReally.\n\nYes.\n"
    )


def test_row_of_short_cells_is_a_line():
    row = "<tr><td>Name</td><td>Votes</td></tr>"

    assert body(f"<table>{row}</table>") == "Name\tVotes\n"


def test_table_of_layout_keeps_its_paragraphs():
    row = "<tr><td><p>Bridge reopens</p><p>It is open.</p></td><td>Menu</td></tr>"

    assert body(f"<table>{row}</table>") == "Bridge reopens\n\nIt is open.\n\nMenu\n"


def test_headline_by_its_class_has_room():
    inner = (
        '<div>Region</div><div><b class="deHeadline">Bridge</b></div><div>May 2</div>'
    )

    assert body(inner) == "Region\n\nBridge\n\nMay 2\n"


def test_scripts_styles_and_hidden_text_are_no_text():
    inner = (
        "<script>evil()</script><style>p{}</style><p>Open.</p><p hidden>No</p>"
        '<p style="display: none">Nor this</p><!-- nor this --><p>Yes.</p>'
    )

    assert body(inner) == "Open.\n\nYes.\n"


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("utf-8", ""),
        ("cp1252", '<meta charset="windows-1252">'),
        ("utf-16", ""),
        ("koi8-r", '<meta http-equiv="c" content="text/html; charset=koi8-r">'),
    ],
)
def test_page_is_read_in_the_encoding_it_declares(encoding, meta):
    word = "мост открыт" if encoding == "koi8-r" else "Müller übt"
    document = read(f"<html>{meta}<body><p>{word}</p></body></html>", encoding)

    assert (document.text, document.format) == (f"{word}\n", "html export")


def site_page(inner, head=""):
    return (
        '<!DOCTYPE html><html><head><meta property="og:title" content="Bridge reopens">'
        '<meta property="og:site_name" content="The Example">'
        '<meta name="author" content="Ann Writer">'
        '<meta property="article:published_time" content="2014-05-02T08:00:00Z">'
        '<link rel="canonical" href="https://example.org/bridge">'
        f"{head}</head><body><nav><a href='/'>Home</a> <a href='/w'>World</a></nav>"
        f"{inner}<footer>All rights reserved. Imprint.</footer></body></html>"
    )


def test_saved_page_is_one_record():
    paragraphs = "".join(f"<p>Day {n}. {SENTENCE * 3}</p>" for n in range(4))
    document = read(
        site_page(f"<article><h1>Bridge reopens</h1>{paragraphs}</article>")
    )
    record = json.loads(document.text)

    assert (document.kind, document.format) == ("records", "html page")
    assert document.extractor.startswith("trafilatura ")
    assert record.pop("text").split("\n\n") == [
        f"Day {n}. {SENTENCE * 3}".strip() for n in range(4)
    ]
    assert record == {
        "title": "Bridge reopens",
        "author": "Ann Writer",
        "date": "2014-05-02",
        "source": "The Example",
        "url": "https://example.org/bridge",
    }


def test_site_page_of_several_articles_is_lines():
    articles = "".join(
        f"<article><h2>Bridge {n} reopens</h2><p>{SENTENCE * 8}</p></article>"
        for n in range(3)
    )
    document = read(site_page(articles))

    assert (document.kind, document.format) == ("digest", "html export")
    assert document.extractor.startswith("lxml ")
    assert "Bridge 2 reopens\n" in document.text


def test_cut_page_keeps_what_it_has():
    assert read("<html><body><p>The bridge is op").text == "The bridge is op\n"


def test_page_without_text_is_empty():
    document = read("<html><head><title>Log in</title></head><body></body></html>")

    assert (document.text, document.reason_code) == (None, ReasonCode.EMPTY)


def test_deeply_nested_page_is_held_back():
    document = read("<html><body>" + "<div>" * 100_000 + "deep")

    assert (document.text, document.reason_code) == (None, ReasonCode.DAMAGED)


def test_entities_of_a_page_open_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    page = (
        f'<!DOCTYPE html [<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
        "<html><body><p>It &f; is open.</p></body></html>"
    )

    assert "secret" not in (read(page).text or "")


def test_text_that_begins_with_a_sign_is_no_page():
    document = read("<b. 1902, d. 1971> was a writer.\n")

    assert (document.format, document.reason_code) == ("text", None)


def test_rule_between_articles_is_a_line_of_its_own():
    assert body("<p>Open.</p><hr><p>Closed.</p>") == (
        "Open.\n\n--------------------\n\nClosed.\n"
    )
