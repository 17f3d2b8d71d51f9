"""A splitter of the user's own: fitted on gold, judged on other files, and served."""

import json

import pytest

from flows.cli.show_evaluation import print_evaluation
from flows.jobs.evaluate import Judge, evaluate
from flows.jobs.train import train_splitter
from transforms.errors import UsageError, WeightsError
from warehouse.read.outputs import Outputs

# Titles that a stranger takes for sentences: only their own gold tells them.
TOPICS = ["vote", "flood", "harvest", "tax", "road", "school", "clinic", "ferry"]
BODY = [
    "The council met late on Monday and heard what the people of the valley want.",
    "Nobody could tell how much it would cost, and the talks went on into the night.",
    "A second meeting is planned for the end of the month, its chairman said.",
]


def _write_gold(folder, name, files):
    rows = []
    for number in files:
        text = ""
        for place, topic in enumerate(TOPICS):
            title = f"/{number * 8 + place}/ on the {topic} in the valley"
            start, text = len(text), text + "\n".join([title, *BODY])
            span = {"char_start": start, "char_end": len(text), "title": title}
            layout = "odd" if number % 2 else "even"
            rows.append({"file": f"{number}.txt", **span, "layout": layout})
            text += "\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8", newline="")
    gold = folder / name
    gold.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return gold


@pytest.fixture
def trained(newsmill):
    gold = _write_gold(newsmill.folder, "fitted.jsonl", range(8))
    newsmill.here("train", gold, "--stage", "split", "--version", "own")
    newsmill.splitter = newsmill.folder / "warehouse" / "splitters" / "own.npz"
    return newsmill


@pytest.mark.full
def test_own_splitter_is_judged_and_splits(trained):
    gold = _write_gold(trained.folder, "others.jsonl", range(8, 12))

    figures = trained.here(
        "evaluate", gold, "--splitter", trained.splitter, "--json"
    ).json

    assert figures["boundaries"][0]["exact_f1"] == 1.0
    assert [row["layout"] for row in figures["by_layout"]] == ["even", "odd"]
    assert len(figures["by_file"]) == 4
    digest = trained.folder / "9.txt"
    own = trained.run(digest, NEWSMILL_SPLITTER=str(trained.splitter))
    assert own["articles_new"] == len(TOPICS)
    again = trained.run(digest, NEWSMILL_SPLITTER=str(trained.splitter))
    assert again["status"] == "nothing_new"
    # Another splitter is another way to read a file, so that it is read again.
    assert trained.run(digest)["status"] == "published"
    trained.here("train", gold, "--stage", "split", "--version", "own", code=2)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 no archive"])
def test_file_that_is_no_splitter_is_refused(tmp_path, content):
    gold = _write_gold(tmp_path, "gold.jsonl", range(1))
    wrong = tmp_path / "wrong.npz"
    wrong.write_bytes(content)
    with pytest.raises(WeightsError, match=r"wrong\.npz: no weights .*npz"):
        evaluate(gold, Judge(splitter=wrong))


def test_gold_that_cannot_be_fitted_is_refused(tmp_path):
    target, outputs = tmp_path / "own.npz", Outputs(tmp_path / "none.duckdb")
    few = _write_gold(tmp_path, "few.jsonl", range(1))
    with pytest.raises(UsageError, match="too few"):
        train_splitter(few, target, outputs)
    beyond = _write_gold(tmp_path, "beyond.jsonl", range(3))
    (tmp_path / "2.txt").write_text("cut short")
    with pytest.raises(UsageError, match="outside their files"):
        train_splitter(beyond, target, outputs)
    assert not target.exists()


def test_failing_cases_say_what_was_expected(tmp_path, capsys):
    gold = _write_gold(tmp_path, "gold.jsonl", range(1))
    rows = [json.loads(line) for line in gold.read_text().splitlines()]
    rows[3]["char_start"] += 2
    gold.write_text("\n".join(map(json.dumps, rows)))

    print_evaluation(evaluate(gold, Judge(groups=["title"], show=20)))

    shown = capsys.readouterr().out
    assert "by title" in shown
    assert "expected  /3/ on the tax in the valley" in shown
    assert "▸▸" in shown


def test_grouping_by_what_gold_lacks_is_refused(tmp_path):
    gold = _write_gold(tmp_path, "gold.jsonl", range(1))
    with pytest.raises(UsageError, match="no publisher"):
        evaluate(gold, Judge(groups=["publisher"]))
