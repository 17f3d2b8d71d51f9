import codecs

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode.decode import decode_documents
from transforms.decode.line_break_kernels import count_line_breaks
from transforms.text.lines import find_line_breaks

BREAKS = "\n\r\v\f\x85\u2028\u2029"
TEXTS = st.text(st.sampled_from(BREAKS + "aé€\u0a0a\u0d0d")).map(
    lambda text: text[:200]
)


@given(TEXTS)
def test_breaks_are_counted_as_they_are_found(text):
    data = text.encode()

    assert count_line_breaks(data) == len(
        find_line_breaks(np.frombuffer(data, dtype=np.uint8))[0]
    )


@given(TEXTS, st.sampled_from(["utf-16", "utf-32"]))
def test_wide_encodings_are_counted_alike(text, encoding):
    for order, mark in (
        ("le", getattr(codecs, f"BOM_{encoding.upper().replace('-', '')}_LE")),
        ("be", getattr(codecs, f"BOM_{encoding.upper().replace('-', '')}_BE")),
    ):
        wide = mark + text.encode(f"{encoding}-{order}")

        assert count_line_breaks(wide) == count_line_breaks(text.encode())


@pytest.mark.parametrize(("kind", "most"), [("digest", 20), ("records", 10)])
def test_document_of_too_many_lines_is_held_and_the_others_are_read(kind, most):
    contents = [b"a\n" * (most + 1), b"b\n" * most, b"\xff\n" * (most + 1)]
    landed = pl.DataFrame(
        {
            "document_id": ["1", "2", "3"],
            "path": ["1.txt", "2.txt", "3.txt"],
            "file_name": ["1.txt", "2.txt", "3.txt"],
            "byte_size": [len(content) for content in contents],
            "kind": [kind] * 3,
            "content": contents,
        }
    )

    decoded = decode_documents(landed, {"digest": 20, "records": 10})

    assert decoded.documents["path"].to_list() == ["2.txt"]
    assert decoded.rejects["path"].to_list() == ["1.txt", "3.txt"]
    assert set(decoded.rejects["reason_code"]) == {"too_many_lines"}
    assert decoded.rejects["detail"][0].startswith(
        f"{most + 1} lines, expected at most {most}"
    )
