import re

import numpy as np
import pytest

from transforms.text.line_break_kernels import find_line_breaks

BREAK = re.compile(rb"\r\n|[\n-\r]|\xc2\x85|\xe2\x80[\xa8\xa9]")
BLOCK_BYTES = 1 << 13


@pytest.mark.parametrize("left", range(4))
def test_breaks_at_the_edge_of_a_block_are_found_once(left):
    pieces = ("\r\n", "\n", "\r", "\u2028", "\x85", "–", "é", "\x0b\x0c", "\r\r\n\n")
    text = "".join("x" * (BLOCK_BYTES - left) + piece * 3 for piece in pieces)
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    starts, ends = find_line_breaks(data)
    found = list(zip(starts.tolist(), ends.tolist(), strict=True))
    assert found == [place.span() for place in BREAK.finditer(text.encode())]


def test_nothing_has_no_breaks():
    assert [len(part) for part in find_line_breaks(np.zeros(0, np.uint8))] == [0, 0]
