"""The user's own digest as other programs keep it: the same nine articles."""

import datetime as dt
import hashlib
import html
import io
import textwrap
import zipfile
from email import policy
from email.message import EmailMessage

import polars as pl
import pytest

from flows.batch import stages
from tests.pdf_files import make_pdf
from transforms.contracts import REJECTS

RUN_DATE = dt.date(2026, 11, 1)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def as_docx(text):
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>"
        for line in text.split("\n")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>',
        )
    return stream.getvalue()


def as_rtf(text):
    letters = (
        f"\\u{ord(sign)}?"
        if ord(sign) > 127
        else {"\n": "\\par\n", "\\": "\\\\", "{": "\\{", "}": "\\}"}.get(sign, sign)
        for sign in text
    )
    return ("{\\rtf1\\ansi\\deff0 " + "".join(letters) + "}").encode()


def as_html(text):
    paragraphs = "".join(
        f"<p>{html.escape(line)}</p>\n" for line in text.split("\n") if line.strip()
    )
    return f'<html><meta charset="utf-8"><body>{paragraphs}</body></html>'.encode()


def as_eml(text):
    mail = EmailMessage()
    mail["From"] = "Desk <desk@example.org>"
    mail["To"] = "reader@example.com"
    mail["Date"] = "Sat, 15 Jan 2022 09:00:00 +0000"
    mail["Subject"] = "News of the week"
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content(text, cte="quoted-printable")
    return mail.as_bytes(policy=policy.SMTP)


def as_pdf(text):
    lines = [
        line
        for paragraph in text.split("\n")
        for line in textwrap.wrap(paragraph, 90) or [""]
    ]
    return make_pdf(
        [
            [
                (50, 760 - 12 * row, 9, line)
                for row, line in enumerate(lines[start : start + 50])
                if line
            ]
            for start in range(0, len(lines), 50)
        ],
        font=b"Courier",
    )


def articles(content, name):
    landed = pl.DataFrame(
        {
            "document_id": [hashlib.sha256(content).hexdigest()],
            "path": [name],
            "file_name": [name],
            "byte_size": [len(content)],
            "kind": ["digest"],
            "container_id": pl.Series([None], dtype=pl.String),
            "content": [content],
        }
    )
    work = stages.decode(landed, pl.DataFrame(schema=REJECTS))
    work = stages.clean(stages.split(work))
    return stages.deduplicate(stages.extract_metadata(work, RUN_DATE)).articles


@pytest.mark.parametrize("make", [as_docx, as_rtf, as_html, as_eml, as_pdf])
def test_seed_in_another_format_gives_the_same_articles(make, seed_file):
    content = seed_file.read_bytes()
    text = content.decode()
    facts = ["title", "article_id", "source", "authors", "published_date"]

    found = articles(make(text), f"seed.{make.__name__.removeprefix('as_')}")

    assert (
        found.select(facts).rows() == articles(content, "seed.txt").select(facts).rows()
    )
    assert len(found) == 9
