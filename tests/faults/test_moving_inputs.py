"""Files that move, and folders that cannot be entered, while a run looks at them."""

import os
import subprocess
from contextlib import chdir

import pytest

from tests.faults.injected.sitecustomize import injected
from tests.faults.scene import digest

# More levels than Python recurses, and than a path of the system can name.
LEVELS = 1_000


@pytest.fixture
def inputs(newsmill):
    folder = newsmill.folder / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(digest(articles=2, seed=1))
    yield folder
    # Python's own removal recurses.
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def run(newsmill, inputs, **environment):
    words = ["run", inputs, "--direct", "--json", "--warehouse", newsmill.warehouse]
    return newsmill(*words, **environment).json


def reasons(summary):
    return [row["reason_code"] for row in summary["held_back"]]


@pytest.mark.full
def test_file_gone_since_it_was_listed_is_held_and_the_others_load(newsmill, inputs):
    (inputs / "moving.txt").write_text(digest(articles=1, seed=2))

    summary = run(newsmill, inputs, **injected("gone_once_listed"))

    assert reasons(summary) == ["changed_while_reading"]
    assert summary["articles_new"] == 2
    assert newsmill.run(inputs)["held_back"] == []


@pytest.mark.full
def test_bytes_that_changed_while_they_were_read_are_tried_again(newsmill, inputs):
    moving = inputs / "moving.txt"
    content = digest(articles=1, seed=2)
    moving.write_text(content)
    held = run(newsmill, inputs, **injected("changed_once_hashed"))
    assert reasons(held) == ["changed_while_reading"]
    assert held["articles_new"] == 2
    # The same bytes as those that were hashed and then could not be read.
    moving.write_text(content)

    summary = newsmill.run(inputs)

    assert (reasons(summary), summary["articles_new"]) == ([], 1)
    assert newsmill.sql("SELECT status FROM quality.quarantine") == [
        {"status": "retried"}
    ]


@pytest.mark.full
def test_copy_of_bytes_that_moved_is_loaded(newsmill, inputs):
    for name in ("moving.txt", "other.txt"):
        (inputs / name).write_text(digest(articles=1, seed=2))

    summary = run(newsmill, inputs, **injected("changed_once_hashed"))

    assert (reasons(summary), summary["articles_new"]) == ([], 3)


@pytest.mark.full
def test_folders_deeper_than_any_path_are_held_and_the_others_load(newsmill, inputs):
    with chdir(inputs):
        for _ in range(LEVELS):
            os.mkdir("deeper")  # noqa: PTH102 - too deep for a path from the root
            os.chdir("deeper")

    summary = newsmill.run(inputs)

    assert reasons(summary) == ["path_too_long"]
    assert summary["articles_new"] == 2
