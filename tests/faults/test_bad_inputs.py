"""One bad file never stops the others, and is listed with its reason."""

import gzip
import os
import socket

import pytest
import zstandard

GOOD = (
    "Dam reopens after repairs\n\nThe dam on the northern river reopened on Monday "
    "after two months of repairs, the energy ministry said. Power output is expected "
    "to reach 300 megawatts by spring.\n\nSource: River Agency\n\n"
    "Two men held over bank robbery\n\nPolice detained two men on suspicion of robbing "
    "a bank in the capital. Investigators recovered part of the stolen money.\n\n"
    "Source: City Police\n"
)


def put(folder, name, content):
    (folder / name).write_bytes(content)


BAD = {
    "empty": (lambda d: put(d, "bad.txt", b""), "empty"),
    "white space only": (lambda d: put(d, "bad.txt", b" \r\n\t\n"), "empty"),
    "binary": (lambda d: put(d, "bad.txt", bytes(range(256)) * 40), "binary"),
    "picture": (
        lambda d: put(d, "bad.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        "unsupported_type",
    ),
    "broken gzip": (
        lambda d: put(d, "bad.txt.gz", gzip.compress(GOOD.encode())[:-9]),
        "corrupt_archive",
    ),
    "broken zstd": (
        lambda d: put(d, "bad.txt.zst", zstandard.compress(GOOD.encode())[:-9]),
        "corrupt_archive",
    ),
    "bomb": (
        lambda d: put(d, "bad.txt.gz", gzip.compress(b"a" * 300_000_000, 6)),
        "bomb",
    ),
    "pipe": (lambda d: os.mkfifo(d / "bad.txt"), "not_regular"),
    "dangling link": (lambda d: (d / "bad.txt").symlink_to("nowhere"), "dangling_link"),
    "link": (lambda d: (d / "bad.txt").symlink_to("/etc/passwd"), "not_followed_link"),
    "broken record": (
        lambda d: put(d, "bad.jsonl", b'{"title": "A"\n'),
        "invalid_record",
    ),
    "trailers alone": (
        lambda d: put(
            d,
            "bad.txt",
            b"Source: River Agency\nCopyright 2020 River "
            b"Agency. All rights reserved.\n",
        ),
        "no_body",
    ),
    "no articles": (
        lambda d: put(d, "bad.txt", b"(c) 2020 Someone. All rights reserved.\n"),
        "no_articles",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_listed_and_the_other_loads(newsmill, case):
    make, reason = BAD[case]
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_text(GOOD)
    make(inputs)

    summary = newsmill.run(inputs)

    assert {row["reason_code"] for row in summary["held_back"]} == {reason}
    assert summary["articles_new"] == 2
    assert newsmill.run(inputs)["articles_new"] == 0


@pytest.mark.full
def test_strict_run_with_a_bad_file_exits_3_and_still_publishes(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_text(GOOD)
    put(inputs, "bad.txt", b"\x00\x01\x02" * 100)

    newsmill(
        "run", inputs, "--direct", "--strict", "--warehouse", newsmill.warehouse, code=3
    )

    assert newsmill.sql("SELECT count(*) AS n FROM fact_article") == [{"n": 2}]


@pytest.mark.full
def test_socket_and_odd_names_do_not_stop_the_others(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    for name in (
        b"a'b.txt",
        b"line\nbreak.txt",
        b"\xff\xfe.txt",
        b"-x;DROP.txt",
    ):
        (inputs / os.fsdecode(name)).write_text(GOOD.replace("300", str(len(name))))
    with socket.socket(socket.AF_UNIX) as unix_socket:
        unix_socket.bind(str(inputs / "s.txt"))
        summary = newsmill.run(inputs)

    assert summary["files"]["new"] == 4
    assert [row["reason_code"] for row in summary["held_back"]] == ["not_regular"]


def test_missing_path_is_a_usage_error_and_makes_no_warehouse(newsmill):
    newsmill("run", newsmill.folder / "nowhere", "--direct", code=2)

    assert not newsmill.warehouse.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"plain text", b"\x89PNG\r\n\x1a\n", b"SQLite format 3\0" + b"\0" * 84],
    ids=["zero length", "text", "png", "sqlite"],
)
def test_foreign_warehouse_is_left_alone(newsmill, content):
    (newsmill.folder / "a.txt").write_text(GOOD)
    newsmill.warehouse.write_bytes(content)

    newsmill("run", "a.txt", "--direct", "--warehouse", newsmill.warehouse, code=5)

    assert newsmill.warehouse.read_bytes() == content


@pytest.mark.full
def test_untitled_opening_is_held_with_its_place_and_not_called_a_separator(newsmill):
    opening = " ".join(
        f"The operator of dam {n} said that repairs of its spillway were finished."
        for n in range(300)
    )
    (newsmill.folder / "a.txt").write_text(f"{opening}\n\n{GOOD}")

    summary = newsmill.run("a.txt")

    assert summary["articles_new"] == 2
    (held,) = summary["held_back"]
    assert held["reason_code"] == "outside_articles"
    assert (held["char_start"], held["char_end"]) == (0, len(opening))
    characters = summary["characters"]
    assert characters["quarantined"] == len(opening)
    assert characters["separators"] < 10
    assert "outside articles" in newsmill.ask("quarantine").out
    assert newsmill.run("a.txt")["articles_new"] == 0
