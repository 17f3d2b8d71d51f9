import numpy as np
import pytest

from transforms.split.lines.line_tail_kernels import (
    BRACKETED,
    CREDITING,
    DASHED,
    DOTTED,
    INCORPORATED,
    INVITING,
    SIGNED,
    read_tails,
)


def read(line: str) -> int:
    data = np.frombuffer(line.encode(), dtype=np.uint8)
    return int(read_tails(data, np.array([0]), np.array([len(data)]))[0])


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("He left. (AFP)", BRACKETED),
        ("He left. (AFP).", BRACKETED),
        ("He left.” — (AFP)", BRACKETED),
        ("He left. [Reuters]", BRACKETED),
        ("(Editing by Ann Smith)", CREDITING),
        ("He left. (Additional reporting by Joe Brown).", CREDITING),
        ("© 2015 Example Ltd", INCORPORATED),
        ("Example\u00a0Corporation.", INCORPORATED),
        ("He left …", DOTTED),
        ("He left...", DOTTED),
        ("He left [&hellip;]", DOTTED),
        ("He left. — Reuters", DASHED),
        ("He left.” -- AP", DASHED),
        ("He left! -dpa", DASHED),
        ("Reporting by Ann Smith; editing by Joe Brown", SIGNED),
        ("READ MORE", INVITING),
        ("Read the full story →", INVITING),
    ],
)
def test_tail_shows_its_sign(line, sign):
    assert read(line) & sign


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("He (Mr. Brown) left", BRACKETED),
        ("left (", BRACKETED),
        ("He left. (AFP) He came (late)", BRACKETED),
        ("He left […]", BRACKETED),
        ("He left (it said)", BRACKETED | CREDITING),
        ("Example ltd", INCORPORATED),
        ("ExampleLtd", INCORPORATED),
        ("Ltd", INCORPORATED),
        ("Example Ltds", INCORPORATED),
        ("He left. Then.", DOTTED),
        ("a well-known bank", DASHED),
        ("the bank – it said", DASHED),
        ("He left. – it said", DASHED),
        ("He left. – The bank said that it was him", DASHED),
        ("signed by all", SIGNED),
        ("world leaders", INVITING),
        ("a day of rage", INVITING),
        ("", 127),
    ],
)
def test_other_tails_do_not(line, sign):
    assert not read(line) & sign
