import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.inert import csv_text
from warehouse.read.export.csv_file import inert_texts, select_for_csv, write_csv
from warehouse.read.tables import Column

SIGNS = st.sampled_from("=+-@ \t\n\r\0ab7ü中\u0301\u202e\u200d\ufeff‘—＝\x1b")
TEXTS = st.one_of(st.text(max_size=12), st.text(SIGNS, max_size=12))


@given(st.lists(st.none() | TEXTS, min_size=1, max_size=30))
def test_column_of_texts_is_as_inert_as_its_cells(texts):
    rows = pl.DataFrame({"text": texts, "n": range(len(texts))})

    made = inert_texts(rows)

    assert made["text"].to_list() == [t if t is None else csv_text(t) for t in texts]
    assert made["n"].to_list() == rows["n"].to_list()


def test_texts_are_quoted_and_null_is_not(tmp_path):
    moments = pl.Series(["2022-01-06 07:08:09", "2022-01-06 07:08:09.000005", None])
    rows = pl.DataFrame(
        {
            "text": ["=1+1", "", None],
            "at": moments.str.to_datetime(),
            "n": [1.5, 2, None],
        }
    )

    count = write_csv(rows.to_arrow().to_batches(), rows.columns, tmp_path / "a.csv")

    assert count == 3
    assert (tmp_path / "a.csv").read_text().splitlines() == [
        '"text","at","n"',
        '"\'=1+1","2022-01-06 07:08:09",1.5',
        '"","2022-01-06 07:08:09.000005",2.0',
        ",,",
    ]


def test_keys_and_lists_are_selected_as_text():
    columns = [
        Column("article_key", "BIGINT"),
        Column("aliases", "VARCHAR[]"),
        Column("published_date_key", "INTEGER"),
    ]

    assert select_for_csv(columns) == (
        '"article_key"::VARCHAR AS "article_key", '
        'to_json("aliases")::VARCHAR AS "aliases", "published_date_key"'
    )
