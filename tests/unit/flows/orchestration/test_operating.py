"""What scheduled runs may do, when they try again, and what they show; no server."""

import errno
import json
from datetime import timedelta

import pytest

from flows.orchestration.api_client import Progress
from flows.orchestration.artifacts import (
    failure_markdown,
    ingest_name,
    published_message,
    table,
)
from flows.orchestration.parameters import (
    Caller,
    called_by,
    require_below,
    settings_for,
    takes_all,
)
from flows.orchestration.serve.deployments import load_deployments
from flows.orchestration.stale_runs import crash_silent_runs, heartbeat_window
from flows.runners.transient_errors import is_transient
from flows.settings import Settings
from flows.tasks.summary import RunSummary
from transforms.errors import (
    AuditFailedError,
    InputError,
    OutOfSpaceError,
    SettingsError,
    UsageError,
    WarehouseBusyError,
    WarehouseUnusableError,
)

BUSY = WarehouseBusyError("news.duckdb", "process 7")


@pytest.fixture
def configured(tmp_path, monkeypatch):
    inputs = tmp_path / "in"
    inputs.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSMILL_SEEDS", str(inputs))
    monkeypatch.setenv("NEWSMILL_WAREHOUSE", str(tmp_path / "news.duckdb"))
    return inputs


@pytest.mark.parametrize(
    "path",
    ["../../etc", "/etc/passwd", "in/../secret", "inside", "in\0", "in/link"],
    ids=["up", "absolute", "up again", "same start", "nul", "link"],
)
def test_path_outside_of_the_configured_folders_is_refused(configured, path):
    (configured / "link").symlink_to("/etc")

    with pytest.raises(SettingsError, match="expected a path below"):
        settings_for(paths=[path])


def test_path_below_a_configured_folder_is_taken(configured):
    path = str(configured / "may" / "1.txt")

    assert [str(seed) for seed in settings_for(paths=[path]).seeds] == [path]


@pytest.mark.usefixtures("configured")
def test_warehouse_elsewhere_needs_a_root(tmp_path, monkeypatch):
    elsewhere = tmp_path / "other" / "news.duckdb"
    with pytest.raises(SettingsError, match="warehouse"):
        settings_for(warehouse=str(elsewhere))

    monkeypatch.setenv("NEWSMILL_ROOTS", str(elsewhere.parent))

    assert settings_for(warehouse=str(elsewhere)).warehouse == elsewhere


@pytest.mark.usefixtures("configured")
def test_empty_parameters_leave_what_is_configured(tmp_path):
    assert settings_for().warehouse == tmp_path / "news.duckdb"


def test_caller_in_the_process_decides_for_itself(tmp_path):
    wanted = Settings(warehouse=tmp_path / "x.duckdb", lock_timeout_seconds=1.5)

    with called_by(Caller(wanted)):
        assert settings_for(paths=["/etc"]) is wanted


def test_run_of_a_part_takes_not_all(configured):
    part = configured / "may"
    part.mkdir()

    assert takes_all(settings_for())
    assert takes_all(settings_for(paths=[str(configured)]))
    assert not takes_all(settings_for(paths=[str(part)]))
    assert not takes_all(settings_for(paths=[str(configured / "missing")]))


def test_no_root_allows_nothing(tmp_path):
    with pytest.raises(SettingsError, match="a configured folder"):
        require_below([str(tmp_path)], [], "paths")


@pytest.mark.parametrize(
    ("error", "is_tried_again"),
    [
        (BUSY, True),
        (OSError(errno.EIO, "I/O error"), True),
        (InputError("a.txt", "changed_while_reading", is_transient=True), True),
        (InputError("a.txt", "not_regular"), False),
        (OSError(errno.ENOENT, "no such file"), False),
        (AuditFailedError(["fact_article.key_unique"]), False),
        (UsageError("no such path"), False),
        (WarehouseUnusableError("news.duckdb", "is not a DuckDB file"), False),
        (OutOfSpaceError("disk space", "full"), False),
        (MemoryError(), False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_only_what_may_pass_by_itself_is_tried_again(error, is_tried_again):
    assert is_transient(error) is is_tried_again


def test_every_deployment_is_limited_to_one_run():
    deployments = {found.name: found for found in load_deployments()}

    assert list(deployments) == ["ingest", "recheck", "reclassify"]
    strategies = {
        name: found.concurrency_limit["collision_strategy"]
        for name, found in deployments.items()
    }
    assert {found.concurrency_limit["limit"] for found in deployments.values()} == {1}
    assert strategies == {
        "ingest": "ENQUEUE",
        "recheck": "CANCEL_NEW",
        "reclassify": "ENQUEUE",
    }
    assert deployments["reclassify"].schedules == []


def test_live_run_is_not_taken_for_dead():
    automation = crash_silent_runs()

    assert heartbeat_window() >= timedelta(seconds=3 * 180)
    assert automation.trigger.within == heartbeat_window()
    # What ended is not silent; a beat resets the clock.
    assert "prefect.flow-run.TimedOut" in automation.trigger.expect
    assert "prefect.flow-run.heartbeat" in automation.trigger.expect


def test_names_and_messages_say_what_ran():
    summary = RunSummary("r", None, "published", {"found": 5, "new": 3}, 41)

    assert ingest_name(summary) == "3 files, 41 new articles"
    assert published_message(41, 2) == "41 new articles, 2 held back"
    assert published_message(1, 0) == "1 new article"
    assert (
        published_message(0, 1, 3) == "0 new articles, 1 held back, 3 still held back"
    )
    assert ingest_name(RunSummary("", None, "nothing_new", {})) == "no files"


def test_hostile_text_stays_text_in_artifacts():
    hostile = "<img src=x onerror=alert(1)>[a](javascript:alert(1))\x1b[31m\u202e"

    shown = failure_markdown(
        hostile, [{"code": hostile, "description": hostile, "runbook": hostile}]
    )

    assert "<img" not in shown.data.replace("\\<", "")
    assert "[a](" not in shown.data
    assert "\x1b" not in shown.data


def test_rows_of_a_table_are_inert_and_numbers_stay_numbers():
    shown = table("key", "rows", [{"text": "<img>\u202e", "ratio": 0.25, "none": None}])

    (row,) = json.loads(shown.data)
    assert row == {"text": "\\<img\\>\\\\u202e", "ratio": 0.25, "none": None}


class Told:
    """Stands where Prefect listens, and writes down what it hears."""

    def __init__(self):
        self.shown, self.moved = [], []

    def show(self, artifact):
        self.shown.append(artifact.data)
        return "id"

    def __call__(self, tell):
        tell(self)

    def update_artifact(self, _id, update):
        self.moved.append(update.data)


def test_progress_is_shown_for_many_and_moved_now_and_then():
    one, few, many = Told(), Told(), Told()

    Progress(one).finished(1, 1)
    for done in (1, 2, 3):
        Progress(few, every_seconds=0).finished(done, 3)
    progress = Progress(many, every_seconds=3600)
    for done in range(1, 101):
        progress.finished(done, 100)

    assert one.shown == []
    assert few.shown[-1] == 100.0
    assert (many.shown, many.moved) == ([1.0], [100.0])
