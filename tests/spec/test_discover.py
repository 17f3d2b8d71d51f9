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
        ("A.TXT", "digest", "none"),
    ],
    ids=str,
)
def test_ending_of_the_name_says_what_a_file_is(tmp_path, name, kind, compression):
    (tmp_path / name).write_bytes(b"some text")

    files, reasons = look(tmp_path)

    assert (files[name]["kind"], files[name]["compression"]) == (kind, compression)
    assert reasons == {}


def test_other_names_in_a_folder_are_passed_over(tmp_path):
    for name in ("a.csv", "a.pdf", "README"):
        (tmp_path / name).write_bytes(b"some text")

    assert look(tmp_path) == ({}, {})


def test_other_name_that_the_user_gave_is_told(tmp_path):
    named = tmp_path / "a.csv"
    named.write_bytes(b"some text")

    assert look(named) == ({}, {"a.csv": "unsupported_type"})


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
