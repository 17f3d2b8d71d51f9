"""`newsmill changes`: lines that another program follows a warehouse by."""

import json


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_every_article_of_a_first_run_is_told_as_added(seeded):
    told = lines(seeded.ask("changes").out)

    assert [line["change"] for line in told] == ["added"] * 9
    assert {line["run_id"] for line in told} == set(run_ids(seeded))
    known = seeded.sql("SELECT article_key, article_id, title, category FROM article")
    assert {
        (line["article_key"], line["article_id"], line["title"], line["category"])
        for line in told
    } == {(str(row["article_key"]), *list(row.values())[1:]) for row in known}


def run_ids(newsmill):
    runs = newsmill.sql("SELECT run_id FROM dim_run WHERE run_key <> 0")
    return [row["run_id"] for row in runs]


def test_nothing_came_after_the_newest_run_and_part_of_its_name_does(seeded):
    (run_id,) = run_ids(seeded)

    assert seeded.ask("changes", "--since", run_id).out == ""
    assert seeded.ask("changes", "--since", run_id[:-1]).out == ""


def test_unknown_run_is_refused_with_the_one_that_may_be_meant(seeded):
    (run_id,) = run_ids(seeded)

    refused = seeded.ask("changes", "--since", f"x{run_id}", code=2)

    assert f"Did you mean {run_id}?" in refused.err


def test_changes_are_written_to_a_new_file_alone(seeded, tmp_path):
    target = tmp_path / "changes.jsonl"
    seeded.ask("changes", "-o", target)

    refused = seeded.ask("changes", "-o", target, code=2)

    assert len(lines(target.read_text("utf-8"))) == 9
    assert "--force" in refused.err
