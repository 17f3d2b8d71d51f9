import pytest

from transforms.contracts import ReasonCode
from transforms.decode.document_text import decode_document


def read(*paragraphs):
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return decode_document(f"<html><body>{body}</body></html>".encode())


@pytest.mark.parametrize(
    "said",
    [
        "Your session has expired. Please log in again.",
        "No documents were found for your search.",
        "404 Not Found",
        "Access denied",
        "An error has occurred.",
        "Keine Treffer",
        "Aucun résultat pour cette recherche",
    ],
)
def test_error_page_of_a_database_is_told_as_such(said):
    document = read("Example Search", said)

    assert (document.text, document.reason_code) == (None, ReasonCode.NO_ARTICLES)
    assert "instead of articles" in document.detail


def test_long_text_with_the_same_words_is_news():
    sentence = "Readers wrote that an error has occurred, and that access is denied. "

    assert read("Bridge reopens", sentence * 40).reason_code is None
