import pytest

from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

BEGIN = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fcharset204 Arial;}}"
)


def read(body, begin=BEGIN, encoding="cp1252"):
    return decode_document(f"{begin}{body}}}".encode(encoding))


def test_paragraphs_and_breaks_are_lines():
    document = read(
        r"\pard\b Bridge reopens\b0\par It is open.\line Really.\tab Yes\par"
    )

    assert document.text == "Bridge reopens\nIt is open.\nReally.\tYes\n"
    assert (document.format, document.encoding) == ("rtf", "utf-8")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"M\'fcller", "Müller"),
        (r"M\u252?ller", "Müller"),
        (r"{\uc2\u252 ueller}", "üller"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"{\f1 \'ec\'ee\'f1\'f2}", "мост"),
        (r"\ldblquote Open\rdblquote\emdash", "“Open”—"),
        ("Müller", "Müller"),
    ],
)
def test_letters_are_read_in_every_way_they_are_written(written, meant):
    assert read(written).text.strip() == meant


def test_raw_utf8_is_told_from_the_declared_page():
    assert read("Süd, мост", encoding="utf-8").text.strip() == "Süd, мост"


def test_row_of_a_table_is_a_line():
    row = r"\trowd\cellx100\cellx200 Source:\cell The Example\cell\row After\par"

    assert read(row).text == "Source:\tThe Example\nAfter\n"


def test_layout_cell_keeps_its_paragraphs():
    row = r"\trowd\cellx100 Bridge reopens\par It is open.\cell\row"

    assert read(row).text == "Bridge reopens\nIt is open.\n"


def test_headers_pictures_fields_and_hidden_words_are_no_text():
    body = (
        r"{\header Page 3}{\pict\wmetafile8 00ff00ff}{\*\generator Made}"
        r"{\field{\*\fldinst HYPERLINK \"http://example.org\"}{\fldrslt the bridge}}"
        r"{\v hidden} is {\deleted not }open.\par{\footnote aside}"
    )

    assert read(body).text == "the bridge is open.\n"


def test_binary_data_is_passed_over():
    assert read(r"Open{\pict\bin4 }}}}} again").text == "Open again"


def test_cut_document_is_held_back_with_its_place():
    content = (BEGIN + r"The bridge is op").encode()
    document = decode_document(content)

    assert (document.text, document.reason_code) == (None, ReasonCode.DAMAGED)
    assert str(len(content)) in document.detail


def test_deep_groups_are_held_back():
    assert read("{" * 100_000 + "}" * 100_000).reason_code == ReasonCode.DAMAGED


def test_lines_of_a_fixed_width_become_paragraphs_again():
    words = ("the bridge over the river is open again after two years " * 40).split()
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > 72:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    text = read("".join(rf"{line}\par " for line in lines)).text

    assert text.count("\n") <= 2
