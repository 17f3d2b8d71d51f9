"""What decoding promises for any bytes."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode.decode import decode_documents
from transforms.decode.utf8_kernels import describe_lines

texts = st.text(st.characters(codec="utf-8"), max_size=200)


def land(contents):
    return pl.DataFrame(
        {
            "document_id": [f"{n:04}" for n in range(len(contents))],
            "path": [str(n) for n in range(len(contents))],
            "file_name": [str(n) for n in range(len(contents))],
            "byte_size": [len(content) for content in contents],
            "kind": ["digest"] * len(contents),
            "container_id": pl.Series([None] * len(contents), dtype=pl.String),
            "content": pl.Series(contents, dtype=pl.Binary),
        },
        schema_overrides={"byte_size": pl.Int64},
    )


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_every_document_is_a_text_or_a_reject(contents):
    documents, held, rejects = decode_documents(land(contents))

    assert sorted([*documents["path"], *rejects["path"]]) == sorted(
        str(n) for n in range(len(contents))
    )
    lengths = dict(documents.select("document_row", "char_count").iter_rows())
    for span in held.to_dicts():
        assert 0 <= span["char_start"] < span["char_end"]
        assert span["char_end"] <= lengths[span["document_row"]]
    for text, count in documents.select("text", "char_count").iter_rows():
        assert len(text) == count
        assert text.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@given(text=texts)
def test_marked_text_comes_back_as_it_was(text, encoding):
    text = "\ufeffDam " + text

    documents, held, _ = decode_documents(land([text.encode(encoding)]))

    assert documents["text"].item() == text
    assert documents["replaced_count"].item() == 0
    assert held.is_empty()


@given(st.binary(max_size=300))
def test_lines_are_judged_as_python_judges_them(content):
    lines = describe_lines(np.frombuffer(content, dtype=np.uint8))

    expected = content.split(b"\n")
    if not expected[-1]:
        expected.pop()
    for (start, end, high, good, bad), line in zip(
        zip(*lines, strict=True), expected, strict=True
    ):
        assert content[start:end].removesuffix(b"\n") == line
        assert high == sum(byte > 127 for byte in line)
        kept = line.decode("utf-8", "ignore")
        assert good == sum(not char.isascii() for char in kept)
        assert (bad == 0) == (kept.encode() == line)


@given(st.lists(texts, min_size=1, max_size=4), st.randoms())
def test_order_of_files_changes_nothing(contents, random):
    landed = land([text.encode() for text in contents])
    order = list(range(len(contents)))
    random.shuffle(order)

    forth, back = decode_documents(landed), decode_documents(landed[order])

    assert all(a.equals(b) for a, b in zip(forth, back, strict=True))
