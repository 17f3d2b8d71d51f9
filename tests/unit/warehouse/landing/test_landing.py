import bz2
import errno
import gzip
import hashlib
import lzma
import os

import polars as pl
import pytest
import zstandard

from transforms.discover.discover import Limits, discover
from warehouse.landing import landing
from warehouse.landing.landing import Room, hash_files, join_arrivals
from warehouse.landing.listing import list_entries
from warehouse.landing.regular_files import HeldBackError, find_places, opened


def put(folder, name, content):
    (folder / name).write_bytes(content)
    return folder / name


def read_documents(arrivals, *limits):
    return landing.read_documents(join_arrivals(arrivals), *limits)


def hashed(*paths):
    return hash_files(discover(list_entries(paths)).files)


def test_document_id_is_the_sha256_of_the_bytes_on_disk(tmp_path):
    packed = gzip.compress(b"text")
    put(tmp_path, "a.txt.gz", packed)

    arrivals = hashed(tmp_path).arrivals
    documents = read_documents(arrivals).documents

    assert arrivals["document_id"].to_list() == [hashlib.sha256(packed).hexdigest()]
    assert documents["content"].to_list() == [b"text"]
    assert documents["byte_size"].to_list() == [len(packed)]


def test_equal_bytes_under_two_names_are_two_arrivals_of_one_document(tmp_path):
    put(tmp_path, "a.txt", b"same")
    put(tmp_path, "b.txt", b"same")
    os.link(tmp_path / "a.txt", tmp_path / "c.txt")

    arrivals = hashed(tmp_path).arrivals

    assert arrivals["file_name"].to_list() == ["a.txt", "b.txt", "c.txt"]
    assert arrivals["document_id"].n_unique() == 1


def test_many_and_large_files_keep_their_order(tmp_path):
    contents = {f"{n:04}.txt": b"%d" % n for n in range(600)}
    contents["0300.txt"] = b"x" * (3 << 20)
    for name, content in contents.items():
        put(tmp_path, name, content)

    arrivals = hashed(tmp_path).arrivals

    assert dict(arrivals.select("file_name", "document_id").iter_rows()) == {
        name: hashlib.sha256(content).hexdigest() for name, content in contents.items()
    }


def test_file_that_vanishes_before_hashing_is_a_reject(tmp_path):
    put(tmp_path, "a.txt", b"a")
    put(tmp_path, "b.txt", b"b")
    files = discover(list_entries([tmp_path])).files
    (tmp_path / "a.txt").unlink()

    result = hash_files(files)

    assert result.arrivals["file_name"].to_list() == ["b.txt"]
    assert result.rejects["reason_code"].to_list() == ["changed_while_reading"]
    assert result.rejects["path"].to_list() == [str(tmp_path / "a.txt")]


@pytest.mark.parametrize(
    ("replace", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "not_followed_link"),
        (os.mkfifo, "not_regular"),
        (lambda path: path.mkdir(), "not_regular"),
        (lambda path: path.write_bytes(b"new"), "changed_while_reading"),
    ],
    ids=["link", "pipe", "folder", "other file"],
)
def test_file_replaced_since_it_was_listed_is_not_read(tmp_path, replace, reason):
    path = put(tmp_path, "a.txt", b"a")
    files = discover(list_entries([tmp_path])).files
    path.rename(tmp_path / "still here, so that its inode is not used again")
    replace(path)

    result = hash_files(files)

    assert result.arrivals.is_empty()
    assert result.rejects["reason_code"].to_list() == [reason]


@pytest.mark.parametrize("change", [b"bb", b"a longer text", b""])
def test_file_changed_between_hash_and_read_is_left_for_the_next_run(tmp_path, change):
    path = put(tmp_path, "a.txt", b"aa")
    put(tmp_path, "b.txt", b"good")
    arrivals = hashed(tmp_path).arrivals
    status = path.stat()
    path.write_bytes(change)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    result = read_documents(arrivals)

    assert result.documents["file_name"].to_list() == ["b.txt"]
    assert result.rejects["reason_code"].to_list() == ["changed_while_reading"]
    assert result.rejects["document_id"].to_list() == [
        arrivals.filter(pl.col("file_name") == "a.txt")["document_id"][0]
    ]


def test_file_that_grows_past_the_limit_is_left_for_the_next_run(tmp_path):
    path = put(tmp_path, "a.txt", b"aa")
    arrivals = hashed(tmp_path).arrivals
    os.truncate(path, 10 << 30)

    rejects = read_documents(arrivals).rejects

    assert rejects["reason_code"].to_list() == ["changed_while_reading"]


def test_document_is_read_wherever_its_bytes_still_are(tmp_path):
    first = put(tmp_path, "a.txt", b"same")
    put(tmp_path, "b.txt", b"same")
    put(tmp_path, "c.txt", b"same")
    arrivals = hashed(tmp_path).arrivals
    first.write_bytes(b"else")
    (tmp_path / "b.txt").unlink()

    result = read_documents(arrivals)

    assert result.documents["content"].to_list() == [b"same"]
    assert result.documents["file_name"].to_list() == ["a.txt"]
    assert result.rejects.is_empty()


def test_broken_archive_is_a_reject_and_the_others_are_read(tmp_path):
    put(tmp_path, "a.txt.gz", gzip.compress(b"text")[:-3])
    put(tmp_path, "b.txt.zst", zstandard.compress(b"text"))

    result = read_documents(hashed(tmp_path).arrivals)

    assert result.documents["content"].to_list() == [b"text"]
    assert result.rejects["reason_code"].to_list() == ["corrupt_archive"]
    assert result.rejects["stage"].to_list() == ["read"]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.txt.gz", gzip.compress),
        ("a.txt.zst", zstandard.compress),
        ("a.txt.bz2", bz2.compress),
        ("a.txt.xz", lzma.compress),
    ],
)
def test_packed_document_is_read_under_any_name(tmp_path, name, pack):
    put(tmp_path, name, pack(b"text of the one"))
    put(tmp_path, "b.txt", pack(b"text of the other"))

    result = read_documents(hashed(tmp_path).arrivals)

    assert sorted(result.documents["content"]) == [
        b"text of the one",
        b"text of the other",
    ]
    assert result.rejects.is_empty()


def test_text_that_begins_like_bzip2_data_is_a_text(tmp_path):
    put(tmp_path, "a.txt", b"BZh9 is the mark of a packed file")

    result = read_documents(hashed(tmp_path).arrivals)

    assert result.documents["content"].to_list() == [
        b"BZh9 is the mark of a packed file"
    ]


def test_limits_of_the_caller_hold(tmp_path):
    put(tmp_path, "a.txt.gz", gzip.compress(os.urandom(3000)))

    result = read_documents(hashed(tmp_path).arrivals, Limits(document_bytes=2000))

    assert result.rejects["reason_code"].to_list() == ["too_large"]


@pytest.mark.parametrize(
    ("ending", "limits"),
    [("txt", Limits(digest_lines=10)), ("jsonl", Limits(record_lines=10))],
)
def test_document_of_too_many_lines_is_held_and_the_others_are_read(
    tmp_path, ending, limits
):
    for name, content in (
        ("a", b"a\n" * 11),
        ("b", b"b\n" * 10),
        ("c", b"\xff\r" * 12),
    ):
        put(tmp_path, f"{name}.{ending}", content)
    limits = Limits(
        **{"txt": {"digest_lines": 10}, "jsonl": {"record_lines": 10}}[ending]
    )

    result = read_documents(hashed(tmp_path).arrivals, limits)

    assert result.documents["file_name"].to_list() == [f"b.{ending}"]
    assert set(result.rejects["reason_code"]) == {"too_many_lines"}
    assert "11 lines, expected at most 10" in "".join(result.rejects["detail"])


def test_document_with_a_line_too_long_is_held_and_the_others_are_read(tmp_path):
    put(tmp_path, "a.txt", b"short\n" + b"a" * 11)
    put(tmp_path, "b.txt", b"b" * 10 + b"\n" + b"b" * 10)

    result = read_documents(hashed(tmp_path).arrivals, Limits(line_bytes=10))

    assert result.documents["file_name"].to_list() == ["b.txt"]
    assert result.rejects["reason_code"].to_list() == ["line_too_long"]
    assert "a line of more than 10 bytes" in result.rejects["detail"][0]


@pytest.mark.parametrize("room", [Room(5, 99), Room(99, 2)])
def test_what_has_no_room_beside_the_others_is_left(tmp_path, room):
    for number in range(4):
        put(tmp_path, f"{number}.txt", b"%d\n\n" % number)
    arrivals = join_arrivals(hashed(tmp_path).arrivals)

    read, left = [], arrivals
    while len(left):
        documents, _, left = landing.read_documents(left, room=room)
        read += documents["file_name"].to_list()
        assert len(documents) == 1

    assert sorted(read) == arrivals["file_name"].sort().to_list()


def test_nothing_found_gives_empty_frames(tmp_path):
    result = hashed(tmp_path)

    assert result.arrivals.is_empty()
    assert read_documents(result.arrivals).documents.is_empty()


def test_file_written_while_it_is_read_is_noticed(tmp_path):
    path = put(tmp_path, "a.txt", b"aa")
    (place,) = find_places(discover(list_entries([tmp_path])).files)

    with pytest.raises(HeldBackError) as held, opened(place):
        path.write_bytes(b"longer")

    assert held.value.reason_code == "changed_while_reading"


def test_file_that_holds_more_than_its_size_says_is_a_reject():
    # Files of the kernel say 0 bytes.
    files = pl.DataFrame(
        {
            "path": ["version"],
            "path_bytes": [b"/proc/version"],
            "file_name": ["version"],
            "byte_size": [0],
            "kind": ["digest"],
            "compression": ["none"],
            "container_id": [None],
        },
        schema_overrides={"container_id": pl.String},
    )

    rejects = hash_files(files).rejects

    assert rejects["detail"].to_list() == ["0 bytes when opened, more read"]


def test_error_of_the_disk_is_unreadable(tmp_path):
    put(tmp_path, "a.txt", b"aa")
    (place,) = find_places(discover(list_entries([tmp_path])).files)

    with pytest.raises(HeldBackError) as held, opened(place):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    assert held.value.reason_code == "unreadable"
