"""Weights that are none end a run at once, before it wrote anything."""

import os
import struct

import numpy as np
import pytest

from tests.weights import arrays_of, pack
from transforms.reference import read_weights

FILES = {"SPLITTER": read_weights("split"), "CLASSIFIER": read_weights("classify")}
GIB = 1 << 30


def with_number(setting, name, value):
    arrays = arrays_of(FILES[setting])
    arrays[name].flat[0] = value
    return pack(arrays)


def bomb():
    """An archive of a few kilobytes that says how many gigabytes it holds."""
    data = FILES["SPLITTER"]
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"title.roots.npy"))
    return data[: entry + 24] + struct.pack("<I", 3 * GIB) + data[entry + 28 :]


CASES = {
    "index beyond": lambda: with_number("SPLITTER", "title.features", 1 << 30),
    "child beyond": lambda: with_number("SPLITTER", "title.lefts", 1 << 30),
    "no number": lambda: with_number("SPLITTER", "title.values", np.nan),
    "pickle": lambda: pack({"title.features": np.array([{}], dtype=object)}),
    "lone array": lambda: b"\x93NUMPY\x01\x00" + bytes(200),
    "cut short": lambda: FILES["SPLITTER"][:-30],
    "foreign": lambda: FILES["CLASSIFIER"],
    "bomb": bomb,
    "zeros": lambda: bytes(1 << 20),
}
CLASSIFIER_CASES = {
    "gain beyond": lambda: with_number("CLASSIFIER", "tf_gain", np.inf),
    "no number": lambda: with_number("CLASSIFIER", "rarity", np.nan),
    "foreign": lambda: FILES["SPLITTER"],
}
ALL = [("SPLITTER", *case) for case in CASES.items()] + [
    ("CLASSIFIER", *case) for case in CLASSIFIER_CASES.items()
]


@pytest.mark.parametrize(
    ("setting", "content"),
    [(setting, content) for setting, _, content in ALL],
    ids=[f"{setting}-{name}" for setting, name, _ in ALL],
)
def test_run_with_broken_weights_is_refused(newsmill, seed_file, setting, content):
    wrong = newsmill.folder / "wrong.npz"
    wrong.write_bytes(content())
    assert_refused(newsmill, seed_file, setting, wrong, "no weights of this Newsmill")


@pytest.mark.parametrize("setting", FILES)
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("pipe", "is not a regular file"),
        ("folder", "is not a regular file"),
        ("huge", "expected"),
    ],
)
def test_what_is_no_file_of_weights_is_not_read(
    newsmill, seed_file, setting, kind, reason
):
    wrong = newsmill.folder / "wrong.npz"
    if kind == "pipe":
        os.mkfifo(wrong)
    elif kind == "folder":
        wrong.mkdir()
    else:
        with wrong.open("wb") as file:
            file.truncate(20 * GIB)
    assert_refused(newsmill, seed_file, setting, wrong, reason)


def assert_refused(newsmill, seed_file, setting, path, reason):
    ended = newsmill.ask(
        "run", seed_file, "--direct", code=2, **{f"NEWSMILL_{setting}": str(path)}
    )
    assert str(path) in ended.err
    assert reason in ended.err
    assert not newsmill.warehouse.exists()
