"""Runs as Prefect records them, on a real server."""

import ast
import json

import psutil
import pytest

from tests.faults.injected.sitecustomize import injected

STAGES = {
    "discover",
    "land",
    "read",
    "decode",
    "split",
    "clean",
    "extract_metadata",
    "deduplicate",
    "extract_content",
    "classify",
    "star",
    "write",
    "stage",
    "audit",
    "publish",
}


def test_run_is_a_flow_run_with_a_task_per_stage(recorded, prefect_api):
    run = prefect_api.flow_run(recorded.summary["flow_run_id"])

    assert run["state_type"] == "COMPLETED"
    assert run["name"] == "1 file, 9 new articles"
    assert run["state"]["message"] == "9 new articles, 1 held back"
    assert prefect_api.task_names(run["id"]) == STAGES
    assert recorded.sql("SELECT flow_run_id FROM dim_run WHERE run_key <> 0") == [
        {"flow_run_id": run["id"]}
    ]


def test_run_shows_summary_checks_and_what_was_held_back(recorded, prefect_api):
    summary = recorded.summary

    shown = prefect_api.artifacts(summary["flow_run_id"])
    assert "9 new" in shown["run-summary"]["data"]
    checks = json.loads(shown["quality-checks"]["data"])
    assert len(checks) == sum(summary["checks"].values())
    held = json.loads(shown["held-back"]["data"])
    assert [row["reason"] for row in held] == ["not_followed_link"]


def test_run_leaves_what_openlineage_reads_of_its_task(recorded, prefect_api):
    flow_run_id = recorded.summary["flow_run_id"]
    (task,) = (
        run["id"]
        for run in prefect_api.find(
            "task_runs", flow_runs={"id": {"any_": [flow_run_id]}}, limit=200
        )
        if run["name"] == "publish"
    )
    # As openlineage-prefect 0.0.1b22 asks and reads.
    asked = {"task_run_id": {"any_": [task]}}
    found = {
        artifact["description"].split("_")[-1]: ast.literal_eval(artifact["data"])[0]
        for artifact in prefect_api.find("artifacts", artifacts=asked)
        if "ol-dataset" in artifact["description"]
    }

    assert found == {
        "input": {"database_uri": "file", "table": str(recorded.folder / "in")},
        "output": {
            "database_uri": f"duckdb://{recorded.warehouse}",
            "table": "main.fact_article",
        },
    }


def test_second_run_is_named_after_having_nothing_to_do(recorded, record, prefect_api):
    summary = record(recorded, recorded.folder / "in" / "seed.txt").json

    run = prefect_api.flow_run(summary["flow_run_id"])
    assert run["name"] == "nothing new in 1 file"
    assert run["state"]["message"] == "0 new articles"
    assert prefect_api.artifacts(run["id"]) == {}


def failed_runs(prefect_api):
    """Those of other tests among them, which share the server."""
    state = {"type": {"any_": ["FAILED"]}}
    return prefect_api.find("flow_runs", flow_runs={"state": state})


@pytest.mark.full
def test_failed_audit_fails_the_run_and_leaves_dim_run(recorded, record, prefect_api):
    runs = recorded.sql("SELECT * FROM dim_run")
    late = recorded.folder / "late.jsonl"
    # Fewer wrong articles would be held back.
    records = [
        f'{{"title": "Dam {n} opens", "text": "It did so on Monday."}}\n'
        for n in range(5)
    ]
    late.write_text("".join(records))
    failed_before = {run["id"] for run in failed_runs(prefect_api)}

    ended = record(
        recorded,
        late,
        code=14,
        **injected("spans_too_long"),
    )

    assert "nothing was published" in ended.err
    assert recorded.sql("SELECT * FROM dim_run") == runs
    (failed,) = (
        run for run in failed_runs(prefect_api) if run["id"] not in failed_before
    )
    assert failed["state"]["message"].startswith("audit failed, nothing was published:")
    assert "fact_occurrence.span_in_document" in failed["state"]["message"]
    assert "What to do: " in prefect_api.artifacts(failed["id"])["failure"]["data"]


@pytest.mark.full
def test_article_that_the_audit_sets_aside_is_counted_everywhere(
    newsmill, record, prefect_api
):
    records = newsmill.folder / "records.jsonl"
    records.write_text(
        '{"title": "Dam opens", "text": "It did so on Monday."}\n'
        '{"title": "Dam shuts", "text": "That was on Tuesday."}\n'
    )

    summary = record(
        newsmill,
        records,
        "--strict",
        code=3,
        **injected("one_title_empty"),
    ).json

    run = prefect_api.flow_run(summary["flow_run_id"])
    assert run["state_type"] == "COMPLETED"
    assert run["state"]["message"] == "1 new article, 1 held back"
    assert [row["stage"] for row in summary["held_back"]] == ["audit"]
    assert newsmill.sql(
        "SELECT articles_new, rows_quarantined FROM dim_run WHERE run_key <> 0"
    ) == [{"articles_new": 1, "rows_quarantined": 1}]
    shown = prefect_api.artifacts(run["id"])
    assert "title_not_empty" in shown["held-back"]["data"]
    assert "## Checks that did not pass" in shown["run-summary"]["data"]


@pytest.mark.full
def test_several_batches_are_a_task_each(newsmill, record, prefect_api, seed_file):
    folder = newsmill.folder / "in"
    folder.mkdir()
    for number in range(3):
        text = seed_file.read_text(encoding="utf-8").replace("January", f"May {number}")
        size = (folder / f"{number}.txt").write_bytes(text.encode())

    summary = record(
        newsmill, folder, NEWSMILL_BATCH_BYTES=str(size), NEWSMILL_WORKERS="2"
    ).json

    assert summary["files"]["new"] == 3
    names = prefect_api.task_names(summary["flow_run_id"])
    assert {"batch 1 of 3: 1 file", "batch 3 of 3: 1 file"} <= names
    progress = prefect_api.artifacts(summary["flow_run_id"])["progress"]
    assert progress["data"] == 100.0
    assert progress["description"] == "3 of 3 batches transformed"


def test_unreachable_api_is_said_at_once_with_the_way_out(newsmill, seed_file):
    ended = newsmill(
        "run",
        seed_file,
        code=2,
        timeout=30,
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )

    assert "--direct" in ended.err


@pytest.mark.full
def test_run_without_any_server_brings_its_own(newsmill, make_prefect_home, seed_file):
    summary = newsmill(
        "run",
        seed_file,
        "--json",
        "--warehouse",
        newsmill.warehouse,
        PREFECT_HOME=str(make_prefect_home()),
    ).json

    assert summary["flow_run_id"]
    assert summary["articles_new"] == 9


@pytest.mark.full
def test_what_a_killed_worker_was_at_is_done_again(
    newsmill, prefect_api, seed_file, wait_until
):
    folder = newsmill.folder / "in"
    folder.mkdir()
    text = seed_file.read_text(encoding="utf-8")
    for number in range(12):
        changed = text.replace("January", f"May {number}") * 20
        (folder / f"{number}.txt").write_text(changed, encoding="utf-8")
    process = newsmill.start(
        "run",
        folder,
        "--warehouse",
        newsmill.warehouse,
        PREFECT_API_URL=prefect_api.url,
        NEWSMILL_BATCH_BYTES="500000",
        NEWSMILL_WORKERS="2",
    )
    run = psutil.Process(process.pid)
    wait_until(lambda: any(map(is_working, workers_of(run))), seconds=60)
    (one, *others) = sorted(workers_of(run), key=is_working, reverse=True)

    one.kill()

    _, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert psutil.wait_procs([one, *others], timeout=20)[1] == []
    documents = newsmill.sql("FROM dim_document WHERE document_key <> 0")
    assert len(documents) == 12
    assert newsmill.sql("FROM quality.quarantine") == []


def workers_of(run):
    """Processes that Python's pools start."""
    children = run.children()
    return [
        one for one in children if "multiprocessing.spawn" in " ".join(one.cmdline())
    ]


def is_working(process):
    """Whether it has done more than start."""
    return process.cpu_times().user > 0.2
