import zlib

import pytest

from tests.pdf_files import make_pdf
from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document

SENTENCE = "The bridge over the river is open again after two years of work"


def pdf(*pages, trailer=b""):
    return make_pdf(pages, trailer=trailer)


def column(lines, x=50, top=700, size=10):
    return [(x, top - 12 * row, size, line) for row, line in enumerate(lines)]


def read(*pages):
    return decode_document(pdf(*pages))


def test_lines_of_a_paragraph_are_joined():
    lines = [SENTENCE, SENTENCE, "and stays open."]
    document = read([(50, 750, 18, "Bridge reopens"), *column(lines)])

    assert document.text == (
        f"Bridge reopens\n\n{SENTENCE} {SENTENCE} and stays open.\n"
    )
    assert document.format == "pdf"
    assert document.extractor.startswith("pypdfium2 ")


def test_hyphens_of_line_ends_are_mended():
    lines = [
        SENTENCE + " of construc-",
        "tion that nobody had " + SENTENCE[:45],
        "End.",
    ]

    assert "of construction that nobody had" in read(column(lines)).text


def test_gap_between_paragraphs_is_a_blank_line():
    lines = [*column([SENTENCE, "and stays open."]), *column([SENTENCE], top=650)]

    assert read(lines).text == f"{SENTENCE} and stays open.\n\n{SENTENCE}\n"


def test_columns_are_read_one_after_the_other():
    left = [f"left column line number {n}" for n in range(10)]
    right = [f"right column line number {n}" for n in range(10)]
    rows = zip(column(left), column(right, x=320), strict=True)
    text = read([(50, 760, 20, "Bridge " * 6), *(line for row in rows for line in row)])
    text = " ".join(text.text.split())

    assert text.startswith("Bridge")
    assert text.index("left column line number 9") < text.index("right column line")


def test_running_heads_and_page_numbers_are_left_out():
    pages = [
        [
            (50, 780, 8, "The Example, May 2"),
            *column([f"Text of page {'abc'[n]}. {SENTENCE}."]),
            (300, 20, 8, f"Page {n + 1} of 3"),
        ]
        for n in range(3)
    ]
    text = read(*pages).text

    assert "The Example" not in text
    assert "of 3" not in text
    assert text.count(SENTENCE) == 3


def test_scan_is_held_back_with_the_next_step():
    document = read([], [])

    assert (document.text, document.reason_code) == (None, ReasonCode.NO_TEXT_LAYER)
    assert "OCR" in document.detail


def test_pdf_with_a_password_is_held_back():
    zeros = b"<%s>" % (b"00" * 32)
    encrypted = b"/Encrypt<</Filter/Standard/V 1/R 2/O%s/U%s/P -4>>/ID[<00><00>]" % (
        *(zeros, zeros),
    )
    document = decode_document(pdf(column([SENTENCE]), trailer=encrypted))

    assert document.reason_code == ReasonCode.ENCRYPTED


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.7\n" + zlib.compress(b"x")]
)
def test_damaged_pdf_is_held_back(content):
    assert decode_document(content).reason_code == ReasonCode.DAMAGED


def test_white_space_may_stand_before_a_pdf():
    assert decode_document(b"\r\n" + pdf(column([SENTENCE] * 3))).format == "pdf"


def test_text_about_the_mark_of_a_pdf_is_text():
    assert decode_document(b'"%PDF-1.7" is how such a file begins.').format == "text"
