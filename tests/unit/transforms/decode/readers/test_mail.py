from datetime import date
from email import policy
from email.message import EmailMessage

import polars as pl
import pytest

from transforms.contracts import ReasonCode
from transforms.decode.decode import decode_documents
from transforms.decode.document_text import decode_document
from transforms.decode.readers.formats import find_format

TEXT = "Bridge reopens\n\nThe bridge over the river is open again.\n"


def make(text=TEXT, **headers):
    mail = EmailMessage()
    for name, value in {
        "From": "Ann Writer <ann@desk.example.org>",
        "To": "reader@example.com",
        "Date": "Fri, 4 May 2001 03:53:00 -0700",
        "Subject": "Issues",
        "Message-ID": "<1@example.org>",
        **headers,
    }.items():
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    return mail


def read(mail):
    return decode_document(mail.as_bytes())


def test_text_of_a_mail_is_without_its_headers():
    document = read(make())

    assert (document.text, document.format) == (TEXT, "eml")
    assert document.dated == date(2001, 5, 4)


@pytest.mark.parametrize("header", ["yesterday", "Fri, 99 May 2001", ""])
def test_mail_without_a_day_has_none(header):
    content = make().as_bytes()
    at, end = content.index(b"Date:"), content.index(b"\n", content.index(b"Date:"))

    document = decode_document(
        content[:at] + b"Date: " + header.encode() + content[end:]
    )

    assert (document.text, document.dated) == (TEXT, None)


def test_no_address_of_a_person_is_kept():
    document = read(make())

    assert "ann" not in str(vars(document)).lower()


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_transfer_encodings_are_decoded(cte, charset):
    mail = make(None)
    text = "Müller übt für die große Brücke über den Fluß = 100 %\n"
    mail.set_content(text, charset=charset, cte=cte)

    assert decode_document(mail.as_bytes(policy=policy.SMTP)).text == text


def test_html_part_is_read_where_it_says_more():
    mail = make("See the HTML part.")
    mail.add_alternative(
        f"<html><body><h1>Bridge reopens</h1><p>{'It is open. ' * 9}</p></body></html>",
        subtype="html",
    )

    assert read(mail).text.startswith("Bridge reopens\n\nIt is open.")


def test_text_part_is_preferred():
    mail = make()
    mail.add_alternative(f"<p>{TEXT}</p>", subtype="html")

    assert read(mail).text == TEXT


def test_attachments_are_members_but_pictures_are_none():
    mail = make()
    mail.add_attachment(b"%PDF-1.4", "application", "pdf", filename="press.pdf")
    mail.add_attachment(b"\x89PNG", "image", "png", filename="logo.png")

    assert [(m.name, m.content) for m in read(mail).members] == [
        ("press.pdf", b"%PDF-1.4")
    ]


def test_mail_inside_a_mail_is_a_member():
    mail = make()
    mail.add_attachment(make("Inside\n\nAnother text."))
    (member,) = read(mail).members

    assert decode_document(member.content).text == "Inside\n\nAnother text.\n"
    assert "Another text" not in read(mail).text


def test_forwarded_head_is_left_out():
    text = (
        "---------- Forwarded message ----------\nFrom: Ann <ann@example.org>\n"
        "Date: May 4\nSubject: Fwd: Issues\nTo: You <you@example.org>\n\n" + TEXT
    )

    assert read(make(text)).text.strip() == TEXT.strip()


def test_quoted_text_stands_as_it_was():
    quoted = "".join(f"> {line}\n" if line else ">\n" for line in TEXT.splitlines())

    assert read(make(quoted)).text == TEXT


def test_flowed_lines_are_joined():
    mail = make(None)
    mail.set_content("The bridge over \nthe river is open.\n\nEnd\n")
    mail.set_param("format", "flowed")

    assert read(mail).text == "The bridge over the river is open.\n\nEnd\n"


def test_encrypted_mail_is_held_back():
    mail = make(
        None, **{"Content-Type": "application/pkcs7-mime; smime-type=enveloped"}
    )
    mail.set_payload("AAAA")

    assert read(mail).reason_code == ReasonCode.ENCRYPTED


def test_mail_cut_inside_a_part_is_held_back():
    mail = make()
    mail.add_attachment(b"x" * 5000, "application", "pdf", filename="press.pdf")
    content = mail.as_bytes()

    assert decode_document(content[:-3000]).reason_code == ReasonCode.DAMAGED


@pytest.mark.parametrize("depth", [300, 3000])
def test_mails_in_mails_without_end_are_held_back(depth):
    head = b"From: a@example.org\nMessage-ID: <1@example.org>\n"
    content = (head + b"Content-Type: message/rfc822\n\n") * depth + head + b"\nText\n"

    assert decode_document(content).reason_code == ReasonCode.DAMAGED


def test_mail_of_endless_parts_or_headers_is_held_back():
    head = b"From: a@example.org\nMessage-ID: <1@example.org>\n"
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 30_000
    names = b"Cc: " + b"<a@example.org>,\n " * 30_000 + b"\n\nText\n"

    assert decode_document(head + parts).reason_code == ReasonCode.TOO_LARGE
    assert decode_document(head + names).reason_code == ReasonCode.DAMAGED


def test_mail_without_text_is_empty():
    assert read(make("\n")).reason_code == ReasonCode.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "Subject: Bridge reopens\nDate: May 4\n\nIt is open.\n",
        "Note: this is a text.\nContent-Type: no mail.\n",
        "http://example.org/\nMessage-ID: 3\nFrom: none\n",
    ],
)
def test_text_with_colons_is_no_mail(text):
    assert find_format(text.encode()) is None


def test_mail_of_many_stations_is_known_by_its_head():
    stations = b"".join(
        b"Received: from host%d.example.org by host%d.example.org with ESMTP;\r\n"
        b"\tFri, 4 May 2001 03:53:00 -0700\r\n" % (n, n + 1)
        for n in range(60)
    )
    landed = pl.DataFrame(
        {
            "document_id": ["0" * 64],
            "path": ["mail.txt"],
            "file_name": ["mail.txt"],
            "byte_size": [0],
            "kind": ["digest"],
            "container_id": pl.Series([None], dtype=pl.String),
            "content": [stations + make().as_bytes(policy=policy.SMTP)],
        }
    )

    (document,) = decode_documents(landed).documents.to_dicts()

    assert (document["format"], document["text"]) == ("eml", TEXT)


def test_line_of_a_mailbox_before_a_mail_is_passed_over():
    content = b"From ann@example.org Fri May  4 03:53:00 2001\n" + make().as_bytes()

    assert decode_document(content).text == TEXT


def test_saved_web_archive_is_the_page_inside():
    mail = EmailMessage()
    mail["From"] = "<Saved by Blink>"
    mail["Snapshot-Content-Location"] = "https://example.org/bridge"
    mail["Subject"] = "Bridge"
    mail.set_content(
        "<html><body><h1>Bridge reopens</h1><p>It is open.</p></body></html>",
        subtype="html",
    )
    mail.make_related()
    mail.add_related(b"\x89PNG", "image", "png")
    document = read(mail)

    assert document.text == "Bridge reopens\n\nIt is open.\n"
