"""Which files are inputs, and of what kind."""

import pytest

from transforms.discover.discover import discover
from transforms.errors import UsageError
from warehouse.landing.listing import list_entries


def look(*paths):
    found = discover(list_entries(paths))
    files = {row["file_name"]: row for row in found.files.to_dicts()}
    reasons = {
        row["path"].rsplit("/")[-1]: row["reason_code"]
        for row in found.rejects.to_dicts()
    }
    return files, reasons


@pytest.mark.parametrize(
    ("name", "kind", "compression"),
    [
        ("a.txt", "digest", "none"),
        ("a.md", "digest", "none"),
        ("a.jsonl", "records", "none"),
        ("a.txt.gz", "digest", "gzip"),
        ("a.jsonl.zst", "records", "zstd"),
        ("a.txt.bz2", "digest", "bzip2"),
        ("a.jsonl.xz", "records", "xz"),
        ("A.TXT", "digest", "none"),
    ],
    ids=str,
)
def test_ending_of_the_name_says_what_a_file_is(tmp_path, name, kind, compression):
    (tmp_path / name).write_bytes(b"some text")

    files, reasons = look(tmp_path)

    assert (files[name]["kind"], files[name]["compression"]) == (kind, compression)
    assert reasons == {}


@pytest.mark.parametrize(
    "name", ["a.csv", "a.pdf", "README", "no ending", "a.zip", "a.log", "b.JPG"]
)
def test_every_file_of_a_folder_is_found_whatever_its_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"some text")

    files, reasons = look(tmp_path)

    assert list(files) == [name]
    assert reasons == {}


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "Thumbs.db",
        "~$report.docx",
        "gold.jsonl",
        "gold_2024.jsonl",
        "expected.jsonl",
        "newsmill.toml",
        "page_files/style.css",
        "__MACOSX/a.txt",
        ".git/a.txt",
    ],
)
def test_hidden_and_ignored_files_are_left_out_unless_named(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"some text")

    assert look(tmp_path) == ({}, {})
    assert list(look(path)[0]) == [path.name]


def test_ignored_folder_may_be_given_by_its_name(tmp_path):
    folder = tmp_path / "page_files"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"some text")

    assert list(look(folder)[0]) == ["a.txt"]


@pytest.mark.parametrize(
    ("pattern", "is_left_out"),
    [
        ("*.log", True),
        ("a.log", True),
        ("A.LOG", True),
        ("sub/", True),
        ("sub/*.log", True),
        ("?.log", True),
        ("a", False),
        ("su/", False),
        ("b/*.log", False),
        ("[a].log", False),
        (".log", False),
    ],
)
def test_patterns_of_the_user_say_what_is_left_out(tmp_path, pattern, is_left_out):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.log").write_bytes(b"some text")

    found = discover(list_entries([tmp_path]), ignore=[pattern])

    assert found.files.is_empty() == is_left_out
    assert found.rejects.is_empty()


@pytest.mark.parametrize("name", ["a.py", "style.css", "settings.TOML", "b.sql"])
def test_program_of_a_folder_is_held_and_read_when_it_is_named(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"some text")

    assert look(tmp_path) == ({}, {name: "unsupported_type"})
    assert list(look(path)[0]) == [name]


def test_empty_hidden_and_unfinished_files_are_told_or_left(tmp_path):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "coming.txt.part").write_bytes(b"half a te")
    (tmp_path / ".hidden.txt").write_bytes(b"some text")

    files, reasons = look(tmp_path)

    assert files == {}
    assert reasons["empty.txt"] == "empty"
    assert set(reasons.values()) <= {"empty", "unfinished"}


def test_path_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="nowhere"):
        look(tmp_path / "nowhere")
