"""A file at which a stage fails is held back by name; the others are loaded."""

import pytest

from tests.faults.injected.sitecustomize import POISON, injected
from tests.faults.scene import digest

GOOD = range(5)


@pytest.fixture
def inputs(newsmill):
    folder = newsmill.folder / "in"
    folder.mkdir()
    for seed in GOOD:
        (folder / f"good-{seed}.txt").write_text(digest(articles=2, seed=seed))
    return folder


def test_file_at_which_a_stage_fails_is_held_back_and_the_others_load(newsmill, inputs):
    poisoned = digest(articles=2, seed=9).replace("\n\n", f"\n\n{POISON} ", 1)
    (inputs / "bad.txt").write_text(poisoned)

    summary = newsmill("run", "in", "--direct", "--json", **injected("poison")).json

    assert summary["articles_new"] == 2 * len(GOOD)
    (held,) = summary["held_back"]
    assert held["path"] == "in/bad.txt"
    assert held["stage"] == "clean"
    assert held["reason_code"] == "stage_failed"
    assert held["detail"] == "ValueError: no such letter"


@pytest.mark.full
@pytest.mark.usefixtures("inputs")
def test_run_fails_where_every_file_would(newsmill):
    command = ("run", "in", "--direct", "--warehouse", newsmill.warehouse)

    ended = newsmill(*command, code=1, **injected("broken_stage"))

    assert "no such letter" in ended.err
    assert not newsmill.warehouse.exists()


@pytest.mark.full
def test_lone_file_at_which_a_stage_fails_does_not_fail_the_run(newsmill):
    (newsmill.folder / "bad.txt").write_text(f"Dam opens\n\n{POISON} It is open.\n")

    summary = newsmill(
        "run", "bad.txt", "--direct", "--json", **injected("poison")
    ).json

    assert [held["path"] for held in summary["held_back"]] == ["bad.txt"]
    again = newsmill("run", "bad.txt", "--direct", "--json").json
    assert again["status"] == "nothing_new"


@pytest.mark.full
def test_large_file_with_a_piece_at_which_a_stage_fails_is_held_back(newsmill, inputs):
    text = digest(articles=60, seed=9)
    middle = text.index("\n\n", len(text) // 2) + 2
    (inputs / "bad.txt").write_text(f"{text[:middle]}{POISON} {text[middle:]}")

    summary = newsmill(
        *("run", "in", "--direct", "--json"),
        NEWSMILL_BATCH_BYTES="4000",
        **injected("poisoned_label"),
    ).json

    assert summary["articles_new"] == 2 * len(GOOD)
    (held,) = summary["held_back"]
    assert (held["path"], held["reason_code"]) == ("in/bad.txt", "stage_failed")
    assert held["detail"] == "ValueError: no such word"
