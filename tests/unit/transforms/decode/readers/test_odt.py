import io
import zipfile

import pytest

from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

BEGIN = (
    "<office:document-content "
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>'
)
END = "</office:body></office:document-content>"


def odt(body, manifest="<manifest/>", end=END):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text"
        )
        archive.writestr("content.xml", BEGIN + body + end)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def read(body):
    return decode_document(odt(body)).text


def test_headings_and_paragraphs_are_lines():
    body = (
        "<text:h>Bridge reopens</text:h><text:p>It<text:s text:c='2'/>is "
        "<text:span>open</text:span>.<text:line-break/>Really.<text:tab/>Yes</text:p>"
    )

    assert read(body) == "Bridge reopens\nIt  is open.\nReally.\tYes\n"


def test_row_of_a_table_is_a_line():
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"
        for text in ("Name", "Votes")
    )

    assert read(f"<table:table-row>{cells}</table:table-row>") == "Name\tVotes\n"


def test_notes_and_deleted_words_are_no_text():
    body = (
        "<text:tracked-changes><text:p>Closed.</text:p></text:tracked-changes>"
        "<text:p>Open<text:note><text:p>aside</text:p></text:note>.</text:p>"
    )

    assert read(body) == "Open.\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (odt("<text:p>Cut", end=""), ReasonCode.DAMAGED),
        (odt("", manifest="<m><encryption-data/></m>"), ReasonCode.ENCRYPTED),
        (odt(f"<text:p>{'a' * (20 << 20)}</text:p>"), ReasonCode.BOMB),
        (odt(""), ReasonCode.EMPTY),
    ],
    ids=["cut", "encrypted", "bomb", "empty"],
)
def test_document_without_readable_text_says_why(content, reason):
    assert decode_document(content).reason_code == reason
