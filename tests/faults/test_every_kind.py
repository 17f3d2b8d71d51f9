"""A folder with a file of each kind: every one is told, and none stops the run."""

import gzip
import json

import pytest
import zstandard

from tests.archive_files import tarred, zipped

NUMBERS = iter(range(100, 999))


def digest():
    """A digest of two articles that no other file has."""
    number = next(NUMBERS)
    return (
        f"Dam {number} reopens after repairs\n\nThe dam on the northern river reopened "
        f"on Monday after {number} days of repairs, the energy ministry said. Power "
        "output is expected to reach 300 megawatts by spring.\n\nSource: River Agency\n"
        f"\nTwo men held over bank robbery {number}\n\nPolice detained two men on "
        f"suspicion of robbing bank {number} in the capital. Investigators recovered "
        "part of the stolen money.\n\nSource: City Police\n"
    ).encode()


def locked(members):
    """An archive that says of each member that it has a password."""
    archive = bytearray(zipped(members))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := archive.find(magic, place + 1)) >= 0:
            archive[place + at] |= 1
    return bytes(archive)


GOOD = {
    "plain.txt": digest(),
    "no ending": digest(),
    "odd.ending": digest(),
    "packed.txt.gz": gzip.compress(digest()),
    "packed by another name.txt": zstandard.compress(digest()),
    "named as packed.gz": digest(),
    "archive.zip": zipped({"a.txt": digest(), "deep/b.txt": digest()}),
    "tape by another name.pdf": tarred({"c.txt": digest()}, "w:gz"),
    "nested.zip": zipped({"inner.tgz": tarred({"d.txt": digest()}, "w:gz")}),
    "rows.jsonl": json.dumps(
        {"title": "Refinery shut", "text": "The refinery was shut after a fire."}
    ).encode(),
}
BAD = {
    "empty.docx": (b"", "empty"),
    "blank.log": (b" \n\t\n", "empty"),
    "picture.jpg": (b"\xff\xd8\xff\xe0" + bytes(range(200)), "unsupported_type"),
    "picture named as text.txt": (
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        "unsupported_type",
    ),
    "sound.ogg": (b"OggS\0\x02" + b"\xff" * 99, "unsupported_type"),
    "base.sqlite": (b"SQLite format 3\0" + b"\0" * 84, "unsupported_type"),
    "unknown.bin": (bytes(range(256)) * 9, "binary"),
    "script.py": (b"import os\n", "unsupported_type"),
    "coming.zip.part": (zipped({"a.txt": digest()}), "unfinished"),
    "cut.zip": (zipped({"a.txt": digest()})[:-30], "corrupt_archive"),
    "cut.tgz": (tarred({"a.txt": digest()}, "w:gz")[:-30], "corrupt_archive"),
    "cut.txt.gz": (gzip.compress(digest())[:-9], "corrupt_archive"),
    "locked.zip": (locked({"secret.txt": digest()}), "encrypted"),
    "bomb.zip": (zipped({"a.txt": b"a" * 300_000_000}), "bomb"),
}
LEFT_OUT = ("~$open.docx", ".DS_Store", "gold.jsonl", "Thumbs.db")


@pytest.fixture
def folder(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    for name, content in GOOD.items():
        (inputs / name).write_bytes(content)
    for name, (content, _) in BAD.items():
        (inputs / name).write_bytes(content)
    for name in LEFT_OUT:
        (inputs / name).write_bytes(digest())
    return inputs


def test_every_file_is_loaded_or_held_with_its_reason_and_the_next_step(
    newsmill, folder
):
    summary = newsmill.run(folder)

    held = {
        row["path"].partition("/in/")[2].partition("/")[0]: row
        for row in summary["held_back"]
    }
    assert {name: row["reason_code"] for name, row in held.items()} == {
        name: reason for name, (_, reason) in BAD.items()
    }
    untold = {"empty.docx", "blank.log"}
    assert all(row["detail"] for name, row in held.items() if name not in untold)
    files = summary["files"]
    assert files["found"] == files["new"] + files["held_back"]
    assert summary["articles_new"] == 2 * 10 + 1
    loaded = newsmill.sql(
        "SELECT count(*) AS n FROM dim_document "
        "WHERE document_key <> 0 AND kind <> 'container'"
    )
    assert loaded == [{"n": 11}]
    again = newsmill.run(folder)
    assert again["articles_new"] == again["files"]["new"] == 0
    assert {row["path"] for row in again["held_back"]} == {
        row["path"] for row in summary["held_back"]
    }
    newsmill(
        "run", folder, "--direct", "--strict", "--warehouse", newsmill.warehouse, code=3
    )
    assert str(len(BAD)) in newsmill.ask("status").out


@pytest.mark.full
def test_ignored_files_are_left_out_and_do_not_make_a_strict_run_fail(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_bytes(digest())
    (inputs / "picture.jpg").write_bytes(BAD["picture.jpg"][0])
    words = ("--direct", "--strict", "--warehouse", newsmill.warehouse)

    newsmill("run", inputs, *words, "--ignore", "*.JPG")
    (newsmill.folder / "newsmill.toml").write_text('ignore = ["*.jpg"]\n')
    newsmill("run", inputs, *words)
    (newsmill.folder / "newsmill.toml").unlink()
    newsmill("run", inputs, *words, code=3)


@pytest.mark.full
def test_member_in_two_archives_is_one_document_that_comes_twice(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    same = digest()
    for name in ("a.zip", "b.zip"):
        (inputs / name).write_bytes(zipped({"same.txt": same, f"{name}.txt": digest()}))
    (inputs / "same.txt").write_bytes(same)

    summary = newsmill.run(inputs)

    assert summary["files"]["copies"] == 2
    assert summary["articles_new"] == 6
    (row,) = newsmill.sql(
        "SELECT container_id = (SELECT document_id FROM dim_document "
        "WHERE file_name = 'a.zip') AS is_in_a FROM dim_document "
        "WHERE file_name = 'same.txt'"
    )
    assert row == {"is_in_a": True}


@pytest.mark.full
def test_held_member_is_tried_again_where_its_archive_lies(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    members = {"a.txt": digest(), "deep/unknown.bin": bytes(range(256)) * 9}
    (inputs / "a.zip").write_bytes(zipped(members))
    newsmill.run(inputs)

    (row,) = json.loads(newsmill.ask("quarantine", "retry", "--json").out)["retried"]

    assert row["path"].endswith("/in/a.zip/deep/unknown.bin")
    assert (row["event"], row["status"]) == ("refused", "open")
    assert newsmill.run(inputs)["files"]["held_back"] == 1
