"""Every path that a run finds has one outcome; they add up, and everybody is told."""

import shutil

import pytest

from tests.faults.scene import digest

BINARY = bytes(range(256)) * 40


@pytest.fixture
def inputs(newsmill):
    folder = newsmill.folder / "in"
    folder.mkdir()
    return folder


def put(folder, **contents):
    for name, content in contents.items():
        (folder / f"{name}.txt").write_bytes(content)


def outcomes(newsmill):
    rows = newsmill.sql(
        "SELECT path, outcome, reason_code, copy_of FROM quality.path_outcome "
        "JOIN dim_run USING (run_key) "
        "WHERE started_at = (SELECT max(started_at) FROM dim_run) ORDER BY path"
    )
    return {row["path"]: tuple(row.values())[1:] for row in rows}


def text(seed):
    return digest(articles=2, seed=seed).encode()


def test_paths_of_a_run_add_up_to_what_was_found(newsmill, inputs):
    put(inputs, known=text(1), settled=BINARY[:-1])
    newsmill.run("in")
    (held,) = newsmill.sql("FROM quality.quarantine")
    newsmill.ask("quarantine", "resolve", held["quarantine_key"], "--note", "a picture")
    put(inputs, new=text(2), bad=BINARY, empty=b"")
    for name in ("known", "new", "bad"):
        shutil.copy(inputs / f"{name}.txt", inputs / f"{name}_too.txt")
    (inputs / "link.txt").symlink_to("nowhere")

    summary = newsmill.run("in")

    assert outcomes(newsmill) == {
        "in/bad.txt": ("held_back", "binary", None),
        "in/bad_too.txt": ("held_back", "binary", "in/bad.txt"),
        "in/empty.txt": ("held_back", "empty", None),
        "in/known.txt": ("known", None, None),
        "in/known_too.txt": ("known", None, None),
        "in/link.txt": ("held_back", "dangling_link", None),
        "in/new.txt": ("loaded", None, None),
        "in/new_too.txt": ("copy", None, "in/new.txt"),
        "in/settled.txt": ("settled", None, None),
    }
    files = summary["files"]
    assert files == {
        "found": 9,
        "new": 1,
        "known": 2,
        "copies": 1,
        "held_back": 4,
        "settled": 1,
        "read_again": 0,
    }
    whole = [row["path"] for row in summary["held_back"] if row["char_start"] is None]
    assert len(whole) == files["held_back"]
    (newest, _) = newsmill.ask("status", "--json").json["runs"]
    assert (newest["files_in"], newest["copies"], newest["files_held"]) == (9, 1, 4)
    shown = newsmill.ask("run", "in", "--direct").out
    assert "9 found · 0 new · 4 known · 4 held back · 1 settled" in shown
    assert "the same bytes as in/bad.txt" in shown


@pytest.mark.full
def test_nothing_new_writes_no_outcome_and_known_paths_are_told_once(newsmill, inputs):
    put(inputs, one=text(1))
    newsmill.run("in")
    put(inputs, two=text(2), bad=BINARY)
    newsmill.run("in")
    before = newsmill.warehouse.read_bytes()

    again = newsmill.run("in")

    assert again["files"]["known"] == 2
    assert again["files"]["held_back"] == 1
    assert newsmill.warehouse.read_bytes() == before
    put(inputs, three=text(3))
    newsmill.run("in")
    told = "SELECT count(*) AS n FROM quality.path_outcome WHERE outcome = 'known'"
    assert newsmill.sql(told) == [{"n": 2}]
    newsmill.ask("check")
