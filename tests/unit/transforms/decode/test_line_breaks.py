import codecs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode.line_break_kernels import count_line_breaks, has_longer_line
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


@pytest.mark.parametrize(
    ("content", "is_longer"),
    [
        (b"", False),
        (b"aaaa", False),
        (b"aaaaa", True),
        (b"aaaa\naaaa\raaaa\r\naaaa", False),
        (b"aaaa\naaaaa\na", True),
        (b"\n\n\naaaaa", True),
        (b"aaaaa\n", True),
        (b"a\n" * 9 + b"aaaa", False),
    ],
)
def test_line_of_more_than_four_bytes_is_found(content, is_longer):
    assert has_longer_line(content, 4) == is_longer
