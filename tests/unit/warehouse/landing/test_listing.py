import os
import socket
import sys
import time
from pathlib import Path

import pytest

from transforms.discover.discover import Limits, discover
from transforms.errors import UsageError
from warehouse.landing.listing import list_entries


@pytest.fixture
def folder(tmp_path):
    """An empty folder, its path given to the functions as a user would."""
    return tmp_path


def found(*paths, follow_symlinks=False, limits=None):
    entries = list_entries(paths, follow_symlinks=follow_symlinks)
    return discover(entries, limits or Limits())


def reasons(result):
    return dict(result.rejects.select("path", "reason_code").iter_rows())


def names(result):
    return result.files["file_name"].to_list()


def test_inputs_below_a_folder_are_found_in_order_of_their_paths(folder):
    (folder / "sub").mkdir()
    for name in ("b.TXT", "a.md", "sub/c.jsonl.gz", "sub/d.txt.zst", "notes.csv"):
        (folder / name).write_text("x")

    result = found(folder)

    assert names(result) == ["a.md", "b.TXT", "notes.csv", "c.jsonl.gz", "d.txt.zst"]
    assert result.files["kind"].to_list() == [
        *["digest"] * 3,
        "records",
        "digest",
    ]
    assert result.files["compression"].to_list() == [*["none"] * 3, "gzip", "zstd"]
    assert result.rejects.is_empty()


def test_pipe_and_socket_named_like_inputs_are_not_regular(folder):
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "of another kind")
    with socket.socket(socket.AF_UNIX) as unix_socket:
        unix_socket.bind(str(folder / "s.txt"))
        result = found(folder)

    assert set(reasons(result).values()) == {"not_regular"}
    assert result.rejects["detail"].to_list() == ["a fifo", "a socket"]


def test_folder_named_like_a_file_is_entered(folder):
    (folder / "book.rtfd").mkdir()
    (folder / "book.rtfd" / "TXT.rtf").write_text("x")

    assert names(found(folder)) == ["TXT.rtf"]


def test_what_is_newsmills_own_is_no_input_unless_it_is_given(folder):
    (folder / "home").mkdir()
    for name in ("news.duckdb", "news.duckdb.lock", "home/a.txt", "news.duckdb2"):
        (folder / name).write_text("x")
    own = [folder / "news.duckdb", folder / "home"]

    entries = list_entries([folder], apart=own)

    assert entries["file_name"].to_list() == ["news.duckdb2"]
    assert len(list_entries([folder, own[0]], apart=own)) == 2


def test_device_given_by_name_is_not_regular():
    assert reasons(found("/dev/null")) == {"/dev/null": "not_regular"}


def test_links_are_listed_and_not_followed(folder):
    inside, outside = folder / "in", folder / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "a.txt").write_text("x")
    (outside / "b.txt").write_text("y")
    (inside / "to_a.txt").symlink_to("a.txt")
    (inside / "to_b.txt").symlink_to(outside / "b.txt")
    (inside / "out").symlink_to(outside)
    (inside / "gone.md").symlink_to("nowhere")
    (inside / "loop.txt").symlink_to("loop.txt")
    (inside / "notes.csv").symlink_to("a.txt")

    result = found(inside)

    assert names(result) == ["a.txt"]
    assert {
        path.rpartition("/")[2]: code for path, code in reasons(result).items()
    } == {
        "to_a.txt": "not_followed_link",
        "to_b.txt": "not_followed_link",
        "out": "not_followed_link",
        "gone.md": "dangling_link",
        "loop.txt": "dangling_link",
        "notes.csv": "not_followed_link",
    }


def test_followed_links_stay_inside_the_folder_and_end(folder):
    inside = folder / "in"
    (inside / "sub").mkdir(parents=True)
    (inside / "sub" / "a.txt").write_text("x")
    (inside / "again").symlink_to("sub")
    (inside / "sub" / "up").symlink_to("..")
    (inside / "b.txt").symlink_to("sub/a.txt")
    (folder / "secret.txt").write_text("y")
    (inside / "c.txt").symlink_to("../secret.txt")

    result = found(inside, follow_symlinks=True)

    assert len(result.files) == 1
    assert list(reasons(result).values()) == ["not_followed_link"]


def test_neighbour_with_the_same_beginning_is_outside(folder):
    (folder / "in").mkdir()
    (folder / "in2").mkdir()
    (folder / "in2" / "a.txt").write_text("x")
    (folder / "in" / "a.txt").symlink_to("../in2/a.txt")

    result = found(folder / "in", follow_symlinks=True)

    assert result.rejects["detail"].to_list() == ["link target: outside"]


def test_link_given_by_its_user_is_followed(folder):
    (folder / "a.txt").write_text("x")
    (folder / "link.txt").symlink_to("a.txt")

    assert names(found(folder / "link.txt")) == ["link.txt"]


def test_dangling_link_given_by_its_user_is_a_reject(folder):
    (folder / "a.txt").symlink_to("nowhere")

    assert list(reasons(found(folder / "a.txt")).values()) == ["dangling_link"]


@pytest.mark.parametrize("missing", ["nowhere", "a.txt/below", "nul\0byte"])
def test_missing_path_is_a_usage_error(folder, missing):
    (folder / "a.txt").write_text("x")

    with pytest.raises(UsageError, match="does not exist"):
        list_entries([f"{folder}/{missing}"])


def test_one_file_under_many_spellings_is_listed_once(folder, monkeypatch):
    (folder / "a.txt").write_text("x")
    monkeypatch.chdir(folder)

    assert len(found(folder, ".", "a.txt", "./a.txt", folder / "a.txt").files) == 1


@pytest.mark.parametrize(
    "name",
    [
        b"a\nb.txt",
        b"a'b\".txt",
        b"; DROP TABLE x;.txt",
        b"%s[*].txt",
        b"-rf.txt",
        b"\x1b[31m.txt",
        b"\xff\xfe.txt",
        b"x" * 251 + b".txt",
        "\u202etxt.txt".encode(),
    ],
)
def test_odd_name_is_kept_without_loss(folder, name):
    path = os.fsencode(folder) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(b"x")

    (row,) = found(folder).files.to_dicts()

    assert row["path_bytes"] == path
    assert row["file_name"] == name.decode("utf-8", "backslashreplace")


def test_unfinished_and_hidden_files_wait(folder):
    for name in ("a.txt.part", "b.jsonl.gz.tmp", ".c.txt.Xy12", "d.md~"):
        (folder / name).write_text("x")
    for name in ("b.part", "report.docx.crdownload", ".d.pdf.Qz81"):
        (folder / name).write_text("x")
    for name in (".DS_Store", "._a.txt", ".part"):
        (folder / name).write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.txt").write_text("x")

    result = found(folder)

    assert result.files.is_empty()
    assert list(reasons(result).values()) == ["unfinished"] * 7


def test_file_that_was_just_written_waits_until_it_settles(folder):
    (folder / "a.txt").write_text("x")

    assert found(folder).rejects.is_empty()
    assert list(reasons(found(folder, limits=Limits(settle_seconds=900))).values()) == [
        "unfinished"
    ]


def test_file_from_the_future_is_taken_at_once(folder):
    (folder / "a.txt").write_text("x")
    later = time.time() + 5000
    os.utime(folder / "a.txt", (later, later))

    for settle_seconds in (0, 900):
        listed = found(folder, limits=Limits(settle_seconds=settle_seconds))
        assert listed.rejects.is_empty()


def test_empty_too_large_and_unsupported_are_told_without_reading(folder):
    (folder / "empty.txt").touch()
    (folder / "program.py").write_text("x")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(10 << 30)

    result = found(folder)

    assert sorted(reasons(result).values()) == [
        "empty",
        "too_large",
        "unsupported_type",
    ]


def test_folders_two_hundred_deep_are_walked(folder):
    deep = folder.joinpath(*["d"] * 200)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("x")

    assert names(found(folder)) == ["a.txt"]


def test_path_too_long_is_a_reject_and_not_a_crash(folder, monkeypatch):
    monkeypatch.chdir(folder)
    for _ in range(18):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    os.chdir(folder)
    (folder / "a.txt").write_text("x")

    result = found(folder)

    assert names(result) == ["a.txt"]
    assert list(reasons(result).values()) == ["path_too_long"]


UNPRIVILEGED = """
import os, sys
from transforms.discover.discover import discover
from warehouse.landing.landing import hash_files
from warehouse.landing.listing import list_entries
hash_files(discover(list_entries([])).files)  # loads all, while root may
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
found = discover(list_entries(sys.argv[1:]))
hashed = hash_files(found.files)
print(found.rejects["reason_code"].to_list(), hashed.rejects["reason_code"].to_list())
print(hashed.arrivals["file_name"].to_list())
"""


def test_what_may_not_be_read_never_stops_the_rest(run_unprivileged):
    folder = run_unprivileged.folder
    (folder / "closed").mkdir(mode=0o000)
    (folder / "only names").mkdir()
    (folder / "only names" / "unseen.txt").write_text("z")
    (folder / "only names").chmod(0o444)
    (folder / "good.txt").write_text("x")
    (folder / "locked.txt").write_text("y")
    (folder / "locked.txt").chmod(0o000)

    out = run_unprivileged(UNPRIVILEGED, folder)

    assert out == ["['unreadable', 'unreadable'] ['unreadable']", "['good.txt']"]


def test_listing_runs_in_any_locale(run_unprivileged):
    folder = run_unprivileged.folder
    (folder / os.fsdecode(b"\xd0\xb6\xff.txt")).write_text("x")

    out = run_unprivileged(UNPRIVILEGED, folder, LC_ALL="C", PYTHONIOENCODING="utf-8")

    assert out[1] == "['ж\\\\xff.txt']"
    assert sys.getfilesystemencoding() == "utf-8"
