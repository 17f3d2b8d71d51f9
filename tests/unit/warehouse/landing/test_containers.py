"""Archives, mailboxes, and mails: what comes out of them, and what is refused."""

import gzip
import hashlib
import io
import os
import struct
import tarfile

import polars as pl
import pytest
import zstandard

from tests.archive_files import tarred, zipped
from transforms.discover.discover import Limits, discover
from warehouse.landing.containers import expand_containers
from warehouse.landing.landing import hash_files, join_arrivals, read_documents
from warehouse.landing.listing import list_entries

TEXT = b"River dam reopens\n\nThe dam on the northern river reopened on Monday.\n"


def expand(folder, limits=None, ignore=()):
    """What comes out of the archives of a folder."""
    arrivals = hash_files(discover(list_entries([folder])).files).arrivals
    spool = folder.parent / f"{folder.name} members"
    return expand_containers(arrivals, spool, limits or Limits(), ignore)


def contents(expanded):
    """Bytes of all members, by the path that is shown."""
    read = {
        row["document_id"]: row["content"]
        for row in read_documents(join_arrivals(expanded.members)).documents.to_dicts()
    }
    return {
        row["path"].partition("/in/")[2]: read[row["document_id"]]
        for row in expanded.members.to_dicts()
    }


def reasons(expanded):
    return {
        row["path"].partition("/in/")[2]: row["reason_code"]
        for row in expanded.rejects.to_dicts()
    }


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        tarred,
        lambda members: gzip.compress(tarred(members)),
        lambda members: zstandard.compress(tarred(members)),
        lambda members: __import__("bz2").compress(tarred(members)),
        lambda members: __import__("lzma").compress(tarred(members)),
    ],
    ids=["zip", "tar", "tar.gz", "tar.zst", "tar.bz2", "tar.xz"],
)
def test_members_of_an_archive_are_documents_by_their_own_bytes(inputs, pack):
    members = {"a.txt": TEXT, "deep/er/b.jsonl": b'{"title": "A"}\n'}
    archive = pack(members)
    (inputs / "mislabelled.txt").write_bytes(archive)

    expanded = expand(inputs)

    assert contents(expanded) == {
        f"mislabelled.txt/{name}": content for name, content in members.items()
    }
    archive_id = hashlib.sha256(archive).hexdigest()
    assert expanded.containers["document_id"].to_list() == [archive_id]
    assert set(expanded.members["container_id"]) == {archive_id}
    assert expanded.members["kind"].to_list() == ["digest", "records"]
    assert expanded.rejects.is_empty()
    assert expanded.found_count == len(members)


def test_archive_in_an_archive_is_opened_and_one_in_that_is_held(inputs):
    innermost = zipped({"c.txt": b"too deep"})
    inner = gzip.compress(tarred({"b.txt": TEXT, "innermost.zip": innermost}))
    (inputs / "a.zip").write_bytes(zipped({"inner.tgz": inner}))

    expanded = expand(inputs)

    assert set(expanded.members["path"].str.split("/in/").list.last()) == {
        "a.zip/inner.tgz",
        "a.zip/inner.tgz/b.txt",
        "a.zip/inner.tgz/innermost.zip",
    }
    assert len(expanded.containers) == 2
    assert reasons(expanded) == {"a.zip/inner.tgz/innermost.zip": "unsupported_type"}
    assert "unpack" in expanded.rejects["detail"][0]


def test_members_that_lead_out_or_are_named_alike_have_paths_of_their_own(inputs):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("../../a.txt", "/a.txt", "a.txt", "sub\\a.txt"):
            member = tarfile.TarInfo(name)
            content = name.encode()
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (inputs / "a.tar").write_bytes(buffer.getvalue())

    expanded = expand(inputs)

    assert contents(expanded) == {
        "a.tar/a.txt": b"../../a.txt",
        "a.tar/a.txt (2)": b"/a.txt",
        "a.tar/a.txt (3)": b"a.txt",
        "a.tar/sub/a.txt": b"sub\\a.txt",
    }
    assert set(expanded.members["file_name"]) == {"a.txt"}


def test_rules_for_names_of_a_folder_hold_in_an_archive(inputs):
    members = {
        "__MACOSX/._a.txt": b"note",
        ".hidden/a.txt": TEXT,
        "gold.jsonl": b"{}",
        "empty.txt": b"",
        "a.py": b"import os",
        "a.txt": TEXT,
    }
    (inputs / "a.zip").write_bytes(zipped(members))

    expanded = expand(inputs, ignore=["gold*.jsonl", "__MACOSX/"])

    assert list(contents(expanded)) == ["a.zip/a.txt"]
    assert reasons(expanded) == {
        "a.zip/empty.txt": "empty",
        "a.zip/a.py": "unsupported_type",
    }
    assert expanded.found_count == 3


def test_member_with_a_password_is_held_and_the_others_are_read(inputs):
    archive = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT * 2}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.find(magic) + at] |= 1
    (inputs / "a.zip").write_bytes(archive)

    expanded = expand(inputs)

    assert contents(expanded) == {"a.zip/b.txt": TEXT * 2}
    assert reasons(expanded) == {"a.zip/a.txt": "encrypted"}
    assert len(expanded.containers) == 1


def test_broken_member_is_held_and_the_others_are_read(inputs):
    archive = bytearray(zipped({"a.txt": TEXT, "b.txt": os.urandom(50), "c.txt": TEXT}))
    at = archive.find(b"b.txt") + 5
    archive[at + 20] ^= 0xFF
    (inputs / "a.zip").write_bytes(archive)

    expanded = expand(inputs)

    assert list(contents(expanded)) == ["a.zip/a.txt", "a.zip/c.txt"]
    assert reasons(expanded) == {"a.zip/b.txt": "corrupt_archive"}


@pytest.mark.parametrize(
    ("name", "archive", "kept"),
    [
        ("cut.zip", zipped({"a.txt": TEXT})[:-30], 0),
        ("cut.tar", tarred({"a.txt": TEXT, "b.txt": TEXT * 99})[:2400], 1),
        ("cut.tgz", gzip.compress(tarred({"a.txt": TEXT}))[:-9], 0),
        (
            "cut.tzst",
            zstandard.compress(tarred({"a.txt": os.urandom(400_000)}))[:-20],
            0,
        ),
        ("wild.tgz", gzip.compress(b"\0" * 257 + b"ustar" + os.urandom(999)), 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_archive_is_held_with_what_comes_before_the_place(
    inputs, name, archive, kept
):
    (inputs / name).write_bytes(archive)
    (inputs / "good.zip").write_bytes(zipped({"good.txt": b"good"}))

    expanded = expand(inputs)

    of_broken = pl.col("path").str.contains(name, literal=True)
    assert len(expanded.members.filter(of_broken)) == kept
    assert "corrupt_archive" in reasons(expanded).values()
    assert set(reasons(expanded)) <= {name, f"{name}/b.txt"}
    assert "good.zip/good.txt" in contents(expanded)
    assert expanded.containers["file_name"].to_list() == ["good.zip"]


BOMBS = {
    "ratio of a member": (zipped({"a.txt": b"a" * 3_000_000}), Limits(ratio=10), 0),
    "ratio of an archive": (
        gzip.compress(tarred({"a.txt": b"a" * 3_000_000})),
        Limits(ratio=10),
        0,
    ),
    "number": (
        zipped({f"{n}.txt": b"%d" % n for n in range(9)}),
        Limits(container_members=8),
        0,
    ),
    "sum": (
        zipped({f"{n}.txt": os.urandom(99) for n in range(9)}),
        Limits(container_bytes=800),
        0,
    ),
    "sum of archives in it": (
        zipped({f"{n}.zip": zipped({"a.txt": b"a" * 999_000}) for n in range(9)}),
        Limits(container_bytes=3_000_000),
        None,
    ),
}


@pytest.mark.parametrize("case", BOMBS)
def test_bomb_is_refused(inputs, case):
    archive, limits, kept = BOMBS[case]
    (inputs / "a.zip").write_bytes(archive)

    expanded = expand(inputs, limits)

    assert "bomb" in reasons(expanded).values()
    if kept is not None:
        assert len(expanded.members) == kept


def test_list_of_members_that_no_memory_holds_is_a_bomb(inputs):
    archive = bytearray(zipped({"a.txt": TEXT}))
    end = archive.rfind(b"PK\x05\x06")
    struct.pack_into("<L", archive, end + 12, 1 << 30)
    (inputs / "a.zip").write_bytes(archive)

    assert reasons(expand(inputs)) == {"a.zip": "bomb"}


def test_header_of_a_tape_archive_that_claims_gigabytes_is_a_bomb(inputs):
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 3 << 30
    (inputs / "a.tar").write_bytes(header.tobuf() + b"\0" * 2048)

    assert reasons(expand(inputs)) == {"a.tar": "bomb"}


def test_member_larger_than_a_document_may_be_is_held_alone(inputs):
    (inputs / "a.zip").write_bytes(zipped({"a.txt": b"a" * 2001, "b.txt": TEXT}))

    expanded = expand(inputs, Limits(document_bytes=2000))

    assert list(contents(expanded)) == ["a.zip/b.txt"]
    assert reasons(expanded) == {"a.zip/a.txt": "too_large"}


@pytest.mark.parametrize("sign", ["[Content_Types].xml", "mimetype"])
def test_document_of_a_program_is_no_container(inputs, sign):
    (inputs / "a.docx").write_bytes(zipped({sign: b"x", "word/document.xml": b"x"}))

    expanded = expand(inputs)

    assert expanded.containers.is_empty()
    assert expanded.members.is_empty()
    assert expanded.rejects.is_empty()


def test_same_bytes_in_two_archives_are_one_document_and_two_arrivals(inputs):
    for name in ("a.zip", "b.zip"):
        (inputs / name).write_bytes(zipped({"x.txt": TEXT, name: name.encode()}))

    expanded = expand(inputs)

    twice = expanded.members.filter(pl.col("file_name") == "x.txt")
    assert twice["document_id"].to_list() == [hashlib.sha256(TEXT).hexdigest()] * 2
    assert len(join_arrivals(expanded.members)) == 3


MAIL = (
    b"From: desk@example.org\nSubject: The dam %d\nDate: Mon, 4 Mar 2024 10:00:00 "
    b"+0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    b"The dam reopened.\nFrom the river came no news.\n"
)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_messages_of_a_mailbox_are_the_bytes_that_a_mail_has_alone(inputs, end):
    mails = [(MAIL % number).replace(b"\n", end) for number in range(3)]
    line = b"From desk@example.org Mon Mar  4 10:00:00 2024" + end
    (inputs / "box").write_bytes(b"".join(line + mail + end for mail in mails))

    expanded = expand(inputs)

    assert contents(expanded) == {
        f"box/{number}.eml": mail for number, mail in enumerate(mails, 1)
    }
    assert len(expanded.containers) == 1


def test_text_that_begins_like_a_mailbox_is_none(inputs):
    (inputs / "a.txt").write_bytes(b"From Monday on, 2024\nSource: The Daily\n\nText\n")

    assert expand(inputs).containers.is_empty()
