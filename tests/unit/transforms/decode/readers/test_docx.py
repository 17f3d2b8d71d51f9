import pytest

from tests.archive_files import zipped
from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
)
END = "</w:body></w:document>"


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(text):
    return f"<w:p>{run(text)}</w:p>"


def docx(body, begin="", end=END):
    return zipped({"word/document.xml": begin + WORD + body + end})


def read(body):
    return decode_document(docx(body)).text


def test_each_paragraph_is_a_line():
    assert read(paragraph("Bridge reopens") + paragraph("The bridge is open.")) == (
        "Bridge reopens\nThe bridge is open.\n"
    )


def test_document_says_what_read_it():
    document = decode_document(docx(paragraph("Bridge reopens")))

    assert (document.format, document.kind, document.encoding) == (
        "docx",
        "digest",
        "utf-8",
    )
    assert document.extractor.startswith("lxml ")


def test_breaks_and_tabs_inside_a_paragraph_are_kept():
    body = f"<w:p>{run('May 2')}<w:r><w:tab/><w:br/></w:r>{run('Town')}</w:p>"

    assert read(body) == "May 2\t\nTown\n"


def test_row_of_short_cells_is_a_line():
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Name", "Votes"))

    assert read(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == "Name\tVotes\n"


def test_cell_of_a_whole_text_keeps_its_paragraphs():
    cell = f"<w:tc>{paragraph('Bridge reopens')}{paragraph('It is open.')}</w:tc>"

    assert read(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>") == (
        "Bridge reopens\nIt is open.\n"
    )


def test_deleted_words_and_fields_are_no_text():
    body = (
        f"<w:p>{run('It is open.')}<w:del><w:r><w:delText>Closed.</w:delText></w:r>"
        "</w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )

    assert read(body) == "It is open.\n"


def test_text_box_is_read_once():
    box = paragraph("In the box")
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert read(body).split("\n").count("In the box") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx(paragraph("Cut"), end=""), ReasonCode.DAMAGED),
        (docx(paragraph("a" * (20 << 20))), ReasonCode.BOMB),
        (docx(""), ReasonCode.EMPTY),
    ],
    ids=["cut", "bomb", "empty"],
)
def test_document_without_readable_text_says_why(content, reason):
    document = decode_document(content)

    assert (document.text, document.reason_code) == (None, reason)


def test_encrypted_member_is_held_back():
    content = bytearray(docx(paragraph("Secret")))
    # The flag stands in the local header and in the directory.
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert decode_document(bytes(content)).reason_code == ReasonCode.ENCRYPTED


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.95])
def test_truncated_archive_is_held_back(cut):
    content = docx(paragraph("Bridge reopens") * 50)
    document = decode_document(content[: int(cut * len(content))])

    assert document.text is None
    assert document.reason_code is not None


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    entities = (
        f'<!DOCTYPE w [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaa">'
        + "".join(
            f'<!ENTITY a{n} "{"&a" + str(n - 1) * (n > 1) + ";"}">' for n in (1, 2)
        )
        + "]>"
    )
    document = decode_document(docx(paragraph("It &f; is &a2; open."), entities))

    assert "secret" not in (document.text or "")
    assert "aaaa" not in (document.text or "")
