import duckdb
import pytest

from transforms.errors import WarehouseUnusableError
from warehouse.read.check import check_warehouse


def damage(path, statement):
    with duckdb.connect(path) as connection:
        connection.execute(statement)


def test_sound_warehouse_has_no_findings(warehouse_file):
    assert check_warehouse(warehouse_file) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE ops.document SET char_count = 5 WHERE document_key = 7", "counts 5"),
        (
            "UPDATE document_segment SET text = replace(text, 'Dam', 'Dim')",
            "quotes that",
        ),
        (
            "UPDATE document_segment SET text = replace(text, 'cash', 'gold')",
            "titles or bodies",
        ),
        (
            "UPDATE document_segment SET char_start = 39 WHERE article_key = 12",
            "do not follow",
        ),
        ("DELETE FROM document_segment", "counts 70 characters, has 0"),
        ("UPDATE document_segment SET article_key = 0", "text is not there"),
        ("UPDATE document_segment SET document_key = 8", "document 8"),
        ("UPDATE fact_evidence SET char_start = char_start + 1", "quotes that differ"),
        ("UPDATE fact_evidence SET exact = 'Dum'", "a.txt has 2 quotes"),
        (
            "UPDATE fact_occurrence SET char_end = 999 WHERE ordinal = 2",
            "reaches outside",
        ),
        (
            "UPDATE fact_occurrence SET char_start = -1 WHERE ordinal = 1",
            "reaches outside",
        ),
        ("UPDATE fact_occurrence SET char_end = char_start", "without characters"),
        ("UPDATE fact_occurrence SET char_end = 60 WHERE ordinal = 1", "overlap"),
        ("UPDATE fact_occurrence SET document_key = 8", "is not there"),
        ("UPDATE fact_article SET title = 'Other words'", "titles or bodies"),
        ("UPDATE fact_article SET article_id = sha256('x')", "titles or bodies"),
        ("UPDATE fact_article SET char_count = 3", "titles or bodies"),
        ("UPDATE fact_occurrence SET body_gaps = ['a', '']", "titles or bodies"),
        ("UPDATE fact_occurrence SET title_gaps = NULL", "titles or bodies"),
    ],
)
def test_broken_promise_is_found(warehouse_file, statement, told):
    damage(warehouse_file, statement)

    assert any(told in finding for finding in check_warehouse(warehouse_file))


def test_characters_that_do_not_add_up_are_found(warehouse_file):
    damage(
        warehouse_file,
        "UPDATE fact_occurrence SET char_end = char_start + 900 WHERE ordinal = 2",
    )

    findings = check_warehouse(warehouse_file)

    assert "a.txt has characters that are not accounted for" in findings


def test_flipped_byte_is_found_wherever_data_lies(warehouse_file, tmp_path):
    whole = warehouse_file.read_bytes()
    damaged = tmp_path / "damaged.duckdb"
    with duckdb.connect(warehouse_file, read_only=True) as connection:
        blocks = connection.execute(
            "SELECT DISTINCT block_id FROM pragma_storage_info('document_segment') "
            "WHERE block_id >= 0 AND persistent"
        ).fetchall()
        size = connection.execute("SELECT block_size FROM pragma_database_size()")
        block_bytes = size.fetchone()[0]

    for (block,) in blocks:
        # Behind the three headers of 4 KiB each.
        place = 12_288 + block * block_bytes + 300
        damaged.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        )
        with pytest.raises(WarehouseUnusableError):
            check_warehouse(damaged)
    assert blocks


@pytest.mark.parametrize("kept", [0, 100, 5_000, 30_000])
def test_cut_off_file_is_told(warehouse_file, kept):
    warehouse_file.write_bytes(warehouse_file.read_bytes()[:kept])

    with pytest.raises(WarehouseUnusableError):
        check_warehouse(warehouse_file)
