"""Runs as Prefect records them, on a real server."""

STAGES = {
    "discover", "land", "read", "decode", "split", "clean", "extract_metadata",
    "deduplicate", "classify", "star", "write", "stage", "audit", "publish",
}  # fmt: skip


def record(newsmill, prefect_api, *words, code=0, **environment):
    return newsmill(
        "run", *words, "--json", "--warehouse", newsmill.warehouse,
        code=code, PREFECT_API_URL=prefect_api.url, **environment,
    )  # fmt: skip


def test_run_is_a_flow_run_with_a_task_per_stage(newsmill, prefect_api, seed_file):
    summary = record(newsmill, prefect_api, seed_file).json

    run = prefect_api.flow_run(summary["flow_run_id"])
    assert run["state_type"] == "COMPLETED"
    assert run["state"]["message"] == "1 new files, 9 new articles"
    assert prefect_api.task_names(run["id"]) == STAGES
    assert newsmill.sql("SELECT flow_run_id FROM dim_run WHERE run_key <> 0") == [
        {"flow_run_id": run["id"]}
    ]


def test_failed_audit_fails_the_run_and_publishes_nothing(
    newsmill, prefect_api, seed_file
):
    ended = record(
        newsmill, prefect_api, seed_file, code=14,
        NEWSMILL_TESTING="1", NEWSMILL_TEST_BREAK="spans_too_long",
    )  # fmt: skip

    assert not newsmill.warehouse.exists()
    assert "nothing was published" in ended.err
    failed = prefect_api.find(
        "flow_runs", flow_runs={"state": {"type": {"any_": ["FAILED"]}}}
    )
    assert any("audit failed" in run["state"]["message"] for run in failed)


def test_summary_is_an_artifact_of_the_run(newsmill, prefect_api, seed_file):
    summary = record(newsmill, prefect_api, seed_file).json

    artifacts = prefect_api.find(
        "artifacts", flow_runs={"id": {"any_": [summary["flow_run_id"]]}}
    )
    assert [artifact["key"] for artifact in artifacts] == ["run-summary"]
    assert "9 new" in artifacts[0]["data"]


def test_several_batches_are_a_task_each(newsmill, prefect_api, seed_file):
    folder = newsmill.folder / "in"
    folder.mkdir()
    for number in range(3):
        text = seed_file.read_text(encoding="utf-8").replace("January", f"May {number}")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")

    summary = record(
        newsmill, prefect_api, folder, NEWSMILL_BATCH_BYTES="1", NEWSMILL_WORKERS="2"
    ).json

    assert summary["files"]["new"] == 3
    names = prefect_api.task_names(summary["flow_run_id"])
    assert {"batch 1 of 3: 1 files", "batch 3 of 3: 1 files"} <= names


def test_unreachable_api_is_said_at_once_with_the_way_out(newsmill, seed_file):
    ended = newsmill(
        "run", seed_file, code=2, timeout=30,
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )  # fmt: skip

    assert "--direct" in ended.err


def test_run_without_any_server_brings_its_own(newsmill, seed_file):
    summary = newsmill(
        "run", seed_file, "--json", "--warehouse", newsmill.warehouse,
        PREFECT_SERVER_API_PORT="9",
    ).json  # fmt: skip

    assert summary["flow_run_id"]
    assert summary["articles_new"] == 9
