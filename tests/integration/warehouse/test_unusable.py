import subprocess
import sys

import duckdb
import pytest

from tests.builds import open_build
from transforms.errors import WarehouseBusyError, WarehouseUnusableError
from warehouse.open_reader import open_published
from warehouse.open_writer import open_writer
from warehouse.read.known import known_documents

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
SQLITE = b"SQLite format 3\0" + bytes(4096)


def foreign_database(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 1 AS a")


def other_migration_table(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE SCHEMA ops; CREATE TABLE ops.schema_migration (a INT)"
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a DuckDB file"),
        (b"just a text that is long enough to have a header", "not a DuckDB file"),
        (PNG, "not a DuckDB file"),
        (SQLITE, "not a DuckDB file"),
        (bytes(8) + b"DUCK" + bytes(5000), "cannot be read"),
        (foreign_database, "not of Newsmill"),
        (other_migration_table, "not of Newsmill"),
    ],
    ids=[
        "empty",
        "text",
        "png",
        "sqlite",
        "header_only",
        "foreign",
        "other_migrations",
    ],
)
def test_what_is_not_ours_is_refused_and_left_alone(mill, facts_of, content, reason):
    path = mill.warehouse
    content(path) if callable(content) else path.write_bytes(content)
    before = path.read_bytes()

    for use in (write, lambda mill, _: known_documents(mill.warehouse)):
        with pytest.raises(WarehouseUnusableError, match=reason):
            use(mill, facts_of("run-1"))

    assert path.read_bytes() == before
    assert not path.with_name("news.duckdb.build").exists()


def write(mill, run):
    with open_build(mill.warehouse, run):
        pass


def change(mill, statement):
    with duckdb.connect(str(mill.warehouse)) as connection:
        connection.execute(statement)
    return mill.warehouse.read_bytes()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "INSERT INTO ops.schema_migration VALUES (9999, 'x', now())",
            "has schema 9999",
        ),
        (
            "ALTER TABLE fact_evidence DROP contribution",
            "evidence lacks columns: contr",
        ),
        ("DROP TABLE document_segment CASCADE", "segment lacks columns: .*text"),
    ],
    ids=["newer", "column_missing", "table_missing"],
)
def test_other_schema_is_refused_and_left_alone(
    mill, facts_of, monday, statement, reason
):
    mill.run(mill.part(monday))
    before = change(mill, statement)

    with pytest.raises(WarehouseUnusableError, match=reason):
        write(mill, facts_of("run-2"))

    assert mill.warehouse.read_bytes() == before


@pytest.mark.parametrize("keep_ratio", [0.1, 0.5, 0.9])
def test_truncated_file_is_refused_and_left_alone(mill, monday, keep_ratio):
    mill.run(mill.part(monday))
    whole = mill.warehouse.read_bytes()
    cut = whole[: int(len(whole) * keep_ratio)]
    mill.warehouse.write_bytes(cut)

    with pytest.raises(WarehouseUnusableError):
        mill.run(mill.part(monday, version="2"), run_id="run-2")

    assert mill.warehouse.read_bytes() == cut


def test_folder_in_its_place_is_refused(mill, facts_of):
    mill.warehouse.mkdir()

    with pytest.raises(WarehouseUnusableError, match="not a regular file"):
        write(mill, facts_of("run-1"))


def test_missing_file_cannot_be_read_and_is_not_made(mill):
    with pytest.raises(WarehouseUnusableError, match="newsmill run"):
        open_published(mill.warehouse)

    assert not mill.warehouse.exists()


def test_file_in_place_of_its_folder_is_refused(mill, facts_of, tmp_path):
    (tmp_path / "file").write_text("x")
    inside = type(mill)(tmp_path / "file" / "n.duckdb", mill.parts)

    with pytest.raises(WarehouseUnusableError, match="Not a directory"):
        write(inside, facts_of("run-1"))


def test_tables_and_views_of_the_user_are_kept(mill, monday, tuesday):
    mill.run(mill.part(monday))
    change(
        mill,
        "CREATE SCHEMA mine; CREATE TABLE mine.notes AS SELECT 42 AS answer; "
        "CREATE VIEW main.my_titles AS SELECT title FROM article; "
        "ALTER TABLE fact_article ADD COLUMN mine VARCHAR",
    )

    mill.run(mill.part(tuesday), run_id="run-2")

    with open_published(mill.warehouse) as connection:
        assert connection.sql("FROM mine.notes").fetchall() == [(42,)]
        assert len(connection.sql("FROM my_titles").fetchall()) == 3


def test_reader_keeps_its_state_and_a_new_one_sees_the_new(mill, monday, tuesday):
    mill.run(mill.part(monday))

    with open_published(mill.warehouse) as reader:
        mill.run(mill.part(tuesday), run_id="run-2")

        assert reader.sql("SELECT count(*) FROM article").fetchall() == [(2,)]
    with open_published(mill.warehouse) as reader:
        assert reader.sql("SELECT count(*) FROM article").fetchall() == [(3,)]


def test_link_and_relative_path_mean_the_same_lock(
    mill, facts_of, tmp_path, monkeypatch
):
    link = tmp_path / "link.duckdb"
    link.symlink_to(mill.warehouse.name)
    monkeypatch.chdir(tmp_path)

    with open_writer(link, facts_of("run-1"), lock_timeout_seconds=0):
        relative = type(mill)(mill.warehouse.relative_to(tmp_path), mill.parts)
        with pytest.raises(WarehouseBusyError, match="run-1"):
            write(relative, facts_of("run-2"))


def test_publishing_through_a_link_keeps_the_link(mill, tmp_path, monday):
    link = type(mill)(tmp_path / "link.duckdb", mill.parts)
    link.warehouse.symlink_to(mill.warehouse.name)

    link.run(link.part(monday))

    assert link.warehouse.is_symlink()
    assert len(known_documents(mill.warehouse)) == 1


HOLD_OPEN = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("PRAGMA disable_checkpoint_on_shutdown")
connection.execute("CREATE TABLE IF NOT EXISTS mine (a INT)")
print("open", flush=True)
sys.stdin.read()
"""


def test_program_that_writes_the_file_itself_makes_it_busy(mill, facts_of, monday):
    mill.run(mill.part(monday))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_OPEN, str(mill.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()

        with pytest.raises(WarehouseBusyError):
            write(mill, facts_of("run-2"))

        other.stdin.close()


def test_log_that_another_program_left_is_folded_in(mill, monday, tuesday):
    mill.run(mill.part(monday))
    subprocess.run(
        [sys.executable, "-c", HOLD_OPEN, str(mill.warehouse)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    log = mill.warehouse.with_name("news.duckdb.wal")
    assert log.stat().st_size > 0

    mill.run(mill.part(tuesday), run_id="run-2")

    assert not log.exists()
    with open_published(mill.warehouse) as connection:
        assert connection.sql("FROM mine").fetchall() == []
        assert connection.sql("SELECT count(*) FROM article").fetchall() == [(3,)]
