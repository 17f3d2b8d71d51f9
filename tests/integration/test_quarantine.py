"""What was held back is shown, tried again, and settled, and nothing is forgotten."""

import gzip
import json
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from flows.cli.quarantine import group, register
from flows.ingest import ingest
from flows.runners.direct import DirectRunner
from flows.settings import Settings
from flows.tasks.summary import RunSummary
from tests.builds import edited
from tests.fingerprint import fingerprint
from transforms.contracts import ReasonCode
from transforms.errors import UsageError, WarehouseBusyError
from warehouse.publish.lock import hold_lock
from warehouse.runs import RunFacts

RECORDS = [
    {"title": "Dam fills early", "text": "Water rose to a record level. " * 20},
    {"title": "Bridge \x1b[31mred\x1b[0m \u202eopens", "text": ""},
]


class Desk:
    """A warehouse over a folder, and the commands about its quarantine."""

    def __init__(self) -> None:
        self.inputs, self.warehouse = Path("in"), Path("news.duckdb")
        self.inputs.mkdir(exist_ok=True)

    def write(self, name: str, content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        (self.inputs / name).write_bytes(data)
        return self.inputs / name

    def run(self) -> RunSummary:
        settings = Settings(
            warehouse=self.warehouse,
            seeds=(self.inputs,),
            lock_timeout_seconds=0,
            workers=1,
        )
        return ingest(settings, DirectRunner())

    def ask(self, *words: object, code: int = 0, error: type | None = None) -> str:
        ended = CliRunner().invoke(
            group, [*map(str, words), "--warehouse", str(self.warehouse)]
        )
        if error is not None:
            assert isinstance(ended.exception, error), ended.exception
            return str(ended.exception)
        assert ended.exit_code == code, (ended.output, ended.exception)
        return ended.stdout

    def retry(self, *words: object) -> list[dict[str, object]]:
        return json.loads(self.ask("retry", *words, "--json"))["retried"]

    def sql(self, question: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql(question).fetchall()

    @contextmanager
    def change(self):
        with edited(self.warehouse) as connection:
            yield connection


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    monkeypatch.setenv("NEWSMILL_WORKERS", "1")
    monkeypatch.chdir(tmp_path)
    return Desk()


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> Path:
    """A folder in which a run has held back one of two records."""
    folder = tmp_path_factory.mktemp("records")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        desk = Desk()
        desk.write("news.jsonl", "\n".join(map(json.dumps, RECORDS)))
        desk.run()
    return folder


@pytest.fixture
def with_records(records, tmp_path, monkeypatch) -> Desk:
    folder = shutil.copytree(records, tmp_path / "copy")
    monkeypatch.setenv("NEWSMILL_WORKERS", "1")
    monkeypatch.chdir(folder)
    return Desk()


@pytest.mark.full
def test_file_that_nobody_can_read_is_no_news_the_second_time(desk):
    desk.write("scan.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    desk.write("cut.txt.gz", gzip.compress(b"A digest that broke off. " * 99)[:40])
    first = desk.run()
    published = desk.warehouse.read_bytes()

    second = desk.run()

    assert (first.status, first.held_new, first.held_before) == ("published", 2, 0)
    assert (second.status, second.held_new, second.held_before) == ("nothing_new", 0, 2)
    assert set(second.held_back["reason_code"]) == {
        "unsupported_type",
        "corrupt_archive",
    }
    assert desk.warehouse.read_bytes() == published
    assert [row["event"] for row in desk.retry()] == ["refused", "refused"]


STATUSES = "SELECT status FROM quality.quarantine ORDER BY path, char_start"
EVENTS = "SELECT event FROM quality.quarantine_event ORDER BY happened_at, event"


@pytest.mark.full
def test_span_that_older_rules_held_back_is_taken_in(desk, seed_file):
    desk.write("digest.txt", seed_file.read_bytes())
    desk.run()
    before = fingerprint(desk.warehouse)
    with desk.change() as connection:
        connection.execute(HOLD_BACK_THE_SECOND_ARTICLE)
    assert desk.sql("SELECT count(*) FROM article") == [(8,)]

    (row,) = desk.retry()

    assert (row["event"], row["status"]) == ("accepted", "retried")
    after = fingerprint(desk.warehouse)
    assert after.pop("quality.quarantine") != before.pop("quality.quarantine")
    assert after == before
    assert desk.sql("SELECT sum(chars_quarantined) FROM document_coverage") == [(0,)]


HOLD_BACK_THE_SECOND_ARTICLE = """
    BEGIN;
    INSERT INTO quality.quarantine
    SELECT 77, document_key, 'in/digest.txt', char_start, char_end, 'clean', 'no_body',
        'none', run_key, 'open'
    FROM fact_occurrence WHERE ordinal = 2;
    CREATE TEMP TABLE held AS
    SELECT article_key FROM fact_occurrence WHERE ordinal = 2;
    DELETE FROM fact_article WHERE article_key IN (FROM held);
    DELETE FROM fact_classification WHERE article_key IN (FROM held);
    DELETE FROM fact_evidence WHERE article_key IN (FROM held);
    DELETE FROM ops.article_signature WHERE article_key IN (FROM held);
    DELETE FROM bridge_article_story WHERE article_key IN (FROM held);
    DELETE FROM fact_occurrence WHERE article_key IN (FROM held);
    COMMIT;
"""


@pytest.mark.full
def test_what_is_still_refused_stays_open_and_notes_each_try(with_records):
    told = with_records.ask("retry", "--strict", code=3)
    (row,) = with_records.retry()

    assert "1 tried · 0 closed · 1 open" in told
    assert (row["event"], row["status"]) == ("refused", "open")
    assert row["note"].startswith("no_body")
    assert with_records.sql(EVENTS) == [("refused",)] * 2
    assert with_records.sql("SELECT count(*) FROM fact_article") == [(1,)]


@pytest.mark.full
def test_file_that_was_no_text_is_taken_in_once_it_is_one(desk):
    path = desk.write("news.txt", b"\x00\x01\x02" * 900)
    desk.run()
    assert desk.sql(STATUSES) == [("open",)]
    path.write_text("Dam fills early\n\n" + RECORDS[0]["text"])

    (row,) = desk.retry("--reason", "binary")

    assert (row["event"], row["status"]) == ("accepted", "retried")
    assert desk.sql("SELECT title FROM article") == [("Dam fills early",)]


@pytest.mark.full
def test_plain_run_also_closes_what_it_takes_in(desk):
    path = desk.write("news.txt", b"\x00\x01\x02" * 900)
    desk.run()
    path.write_text("Dam fills early\n\n" + RECORDS[0]["text"])

    desk.run()

    assert desk.sql(STATUSES) == [("retried",)]
    assert desk.sql(EVENTS) == [("accepted",)]


def test_file_that_is_gone_stays_open_and_says_so(with_records):
    (with_records.inputs / "news.jsonl").rename(with_records.inputs / "other.jsonl.bak")
    before = with_records.sql("SELECT * FROM fact_article")

    (row,) = with_records.retry()

    assert (row["event"], row["status"]) == ("missing", "open")
    assert "gone" in row["note"]
    assert with_records.sql("SELECT * FROM fact_article") == before


@pytest.mark.full
def test_file_with_other_bytes_is_not_taken_for_the_held_one(with_records):
    with_records.write("news.jsonl", json.dumps(RECORDS[0]))

    (row,) = with_records.retry()

    assert (row["event"], row["status"]) == ("missing", "open")
    assert "other bytes" in row["note"]


@pytest.mark.full
def test_link_is_not_followed_because_it_is_retried(desk, tmp_path):
    target = tmp_path / "outside.txt"
    target.write_text("Dam fills early\n\n" + RECORDS[0]["text"])
    (desk.inputs / "link.txt").symlink_to(target)
    desk.run()

    (row,) = desk.retry()

    assert (row["event"], row["status"]) == ("refused", "open")
    assert desk.sql("SELECT count(*) FROM fact_article") == [(0,)]


def test_resolved_row_is_closed_with_its_note(with_records):
    ((key,),) = with_records.sql("SELECT quarantine_key FROM quality.quarantine")
    assert with_records.ask("resolve", key, "--note", "a test record") == "1 resolved\n"

    assert with_records.sql(STATUSES) == [("resolved",)]
    assert "resolved already" in with_records.ask("retry", key, error=UsageError)
    assert "a test record" in with_records.ask("show", key)
    assert with_records.ask() == "nothing\n"
    assert json.loads(with_records.ask("list", "--status", "all", "--json"))
    with_records.run()
    assert with_records.sql(STATUSES) == [("resolved",)]


def test_held_text_is_shown_at_its_place_without_control(with_records):
    ((key,),) = with_records.sql("SELECT quarantine_key FROM quality.quarantine")
    shown = with_records.ask("show", str(key)[:12])
    told = json.loads(with_records.ask("show", key, "--json"))

    assert "> " in shown
    assert "Bridge" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    assert told["place"]["before"].endswith("\n")
    assert told["reason_code"] == "no_body"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "12345"), "nothing with that key"),
        (("show", ""), "rows"),
        (("retry", "12345"), "nothing with that key"),
        (("resolve", "12345", "--note", "x"), "nothing with that key"),
        (("resolve", "12345", "--note", " "), "closed with a note"),
    ],
)
def test_wrong_key_or_note_is_an_error_of_usage(with_records, words, said):
    with with_records.change() as connection:
        connection.execute(
            "INSERT INTO quality.quarantine SELECT * REPLACE (1 AS quarantine_key) "
            "FROM quality.quarantine"
        )

    assert said in with_records.ask(*words, error=UsageError)


@pytest.mark.parametrize("words", [("retry",), ("resolve", "1", "--note", "x")])
def test_other_writer_is_waited_for_and_named(with_records, words):
    holder = RunFacts("other", datetime(2022, 1, 7, tzinfo=UTC), "0.1.0")
    with hold_lock(with_records.warehouse, holder, timeout_seconds=0):
        said = with_records.ask(*words, "--lock-timeout", 0, error=WarehouseBusyError)

    assert "other" in said


def test_option_before_the_subcommand_is_not_lost(with_records):
    words = ["quarantine", "--warehouse", str(with_records.warehouse), "retry"]

    ended = CliRunner().invoke(with_all_commands(), words)

    assert isinstance(ended.exception, UsageError)
    assert with_records.sql(EVENTS) == []


def with_all_commands():
    app = typer.Typer()
    register(app)
    return app


def test_every_reason_has_a_test_that_names_it(repository):
    tests = "".join(
        path.read_text("utf-8")
        for path in (repository / "tests").rglob("test_*.py")
        if path != Path(__file__)
    )

    assert [
        reason.value
        for reason in ReasonCode
        if f'"{reason.value}"' not in tests and f"ReasonCode.{reason.name}" not in tests
    ] == []


@pytest.mark.full
def test_held_row_of_a_lake_is_tried_again(desk):
    pytest.importorskip("duckdb_extension_ducklake", reason="needs newsmill[scale]")
    desk.warehouse = Path("ducklake:sqlite:catalog.sqlite?data=data")
    desk.write("news.jsonl", "\n".join(map(json.dumps, RECORDS)))
    desk.run()

    (row,) = desk.retry()
    desk.ask("resolve", str(row["quarantine_key"]), "--note", "empty at its source")

    assert (row["event"], row["status"]) == ("refused", "open")
    (held,) = json.loads(desk.ask("list", "--status", "all", "--json"))["quarantine"]
    assert held["status"] == "resolved"
