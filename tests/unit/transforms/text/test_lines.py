import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.text.lines import find_line_breaks

BREAK = re.compile(rb"\r\n|[\n-\r]|\xc2\x85|\xe2\x80[\xa8\xa9]")
PIECES = ("\r\n", "\n", "\r", "\u2028", "\x85", "–", "é", "\x0b\x0c", "\r\r\n\n", "x")


@given(st.lists(st.sampled_from(PIECES), min_size=1).map("".join))
@example("".join(piece * 3 for piece in PIECES))
def test_breaks_are_those_of_a_pattern(text):
    data = np.frombuffer(text.encode(), dtype=np.uint8)

    starts, ends = find_line_breaks(data)

    found = list(zip(starts.tolist(), ends.tolist(), strict=True))
    assert found == [place.span() for place in BREAK.finditer(text.encode())]


def test_nothing_has_no_breaks():
    assert [len(part) for part in find_line_breaks(np.zeros(0, np.uint8))] == [0, 0]
