"""A file that ends the process at work on it is held, and the others are loaded."""

import signal

import pytest

from tests.faults.injected.sitecustomize import POISON, injected
from tests.faults.scene import digest

GOOD = 2
# A batch for each file: of a lone one, the stages are tasks of the run itself.
SMALL_BATCHES = {"NEWSMILL_BATCH_BYTES": "1000", "NEWSMILL_WORKERS": "2"}
ONE_BATCH = {"NEWSMILL_WORKERS": "2"}


@pytest.fixture
def inputs(newsmill):
    folder = newsmill.folder / "in"
    folder.mkdir()
    for seed in range(GOOD):
        (folder / f"good-{seed}.txt").write_text(digest(articles=2, seed=seed))
    poisoned = digest(articles=2, seed=9).replace("\n\n", f"\n\n{POISON} ", 1)
    (folder / "bad.txt").write_text(poisoned)
    return folder


def run(newsmill, inputs, *words, **environment):
    command = ["run", inputs, "--json", "--warehouse", newsmill.warehouse, *words]
    return newsmill(*command, **environment).json


def require_all_but_bad(newsmill, inputs, summary, reason):
    assert summary["articles_new"] == 2 * GOOD
    (held,) = summary["held_back"]
    assert held["path"] == str(inputs / "bad.txt")
    assert held["reason_code"] == reason
    assert f"newsmill quarantine retry --reason {reason}" in held["detail"]
    # It is known now, and takes nobody down again.
    assert newsmill.run(inputs)["status"] == "nothing_new"


@pytest.mark.full
@pytest.mark.parametrize(
    ("poison", "reason", "batches"),
    [
        ("deadly_poison", "out_of_memory", ONE_BATCH),
        *(
            pytest.param(poison, reason, batches, marks=pytest.mark.full)
            for poison, reason, batches in (
                ("deadly_poison", "out_of_memory", SMALL_BATCHES),
                ("greedy_poison", "out_of_memory", ONE_BATCH),
                ("crashing_poison", "crashed", ONE_BATCH),
            )
        ),
    ],
)
def test_file_that_ends_its_process_is_held_and_the_others_load(
    newsmill, inputs, poison, reason, batches
):
    summary = run(newsmill, inputs, "--direct", **batches, **injected(poison))

    require_all_but_bad(newsmill, inputs, summary, reason)


@pytest.mark.full
def test_recorded_run_holds_it_too(newsmill, inputs):
    summary = run(newsmill, inputs, **SMALL_BATCHES, **injected("deadly_poison"))

    require_all_but_bad(newsmill, inputs, summary, "out_of_memory")


@pytest.mark.full
@pytest.mark.parametrize("words", [["--direct"], []])
def test_file_that_ended_the_run_itself_does_not_end_the_next(newsmill, inputs, words):
    command = ["run", inputs, "--warehouse", newsmill.warehouse, *words]
    newsmill(*command, code=-signal.SIGKILL, **injected("deadly_poison"))

    summary = run(newsmill, inputs, *words, **injected("deadly_poison"))

    require_all_but_bad(newsmill, inputs, summary, "out_of_memory")


@pytest.mark.full
def test_large_file_that_ends_processes_late_is_held(newsmill, inputs):
    # Cut into pieces, which go to processes of their own.
    text = digest(articles=20, seed=7)
    (inputs / "large.txt").write_text(text)

    summary = run(
        newsmill, inputs, "--direct", **SMALL_BATCHES, **injected("deadly_pieces")
    )

    (held,) = summary["held_back"]
    assert held["path"] == str(inputs / "large.txt")
    assert summary["articles_new"] == 2 * GOOD + 2
