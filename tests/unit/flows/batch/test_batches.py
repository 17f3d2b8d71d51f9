"""Files grouped into batches: bounded, even, and the same however they lie."""

from datetime import date

import polars as pl
import pytest

from flows.batch.batches import Recipe, group_files

RECIPE = Recipe(date(2026, 1, 1), None, None, columns="", without=(), fingerprint="one")


def files(*sizes, kind="digest", compression="none"):
    ids = [f"{kind} {place:03}" for place in range(len(sizes))]
    return pl.DataFrame(
        {
            "document_id": ids,
            "path": ids,
            "byte_size": sizes,
            "kind": kind,
            "compression": compression,
        },
        schema_overrides={"byte_size": pl.Int64},
    )


def batch_sizes(found, batch_bytes, tmp_path, workers=1):
    batches = group_files(
        found, batch_bytes=batch_bytes, folder=tmp_path, recipe=RECIPE, workers=workers
    )
    assert sorted(pl.concat(batch.files for batch in batches)["document_id"]) == sorted(
        found["document_id"]
    )
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    return [int(batch.files["byte_size"].sum()) for batch in batches]


@pytest.mark.parametrize(
    ("count", "workers", "expected"),
    [
        (10, 2, [10]),
        (11, 1, [6, 5]),
        (28, 2, [7, 7, 7, 7]),
        (40, 2, [10, 10, 10, 10]),
        (30, 3, [10, 10, 10]),
    ],
    ids=["one", "even", "even for two workers", "exact", "three workers"],
)
def test_batches_are_even_among_workers(tmp_path, count, workers, expected):
    found = files(*[1] * count)

    sizes = batch_sizes(found, 10, tmp_path, workers)

    assert sorted(sizes, reverse=True) == expected


def test_file_larger_than_a_batch_joins_none_before_it(tmp_path):
    assert batch_sizes(files(1, 1, 90, 1, 1), 10, tmp_path) == [2, 92]


def test_file_of_no_bytes_is_in_a_batch(tmp_path):
    assert batch_sizes(files(0), 10, tmp_path) == [0]
    assert batch_sizes(files(0, 5, 0), 10, tmp_path) == [5]


def test_compressed_file_counts_for_the_text_in_it(tmp_path):
    found = files(2, 2, 2, 2, compression="gzip")

    assert batch_sizes(found, 10, tmp_path) == [2, 2, 2, 2]


def test_batch_holds_one_kind(tmp_path):
    found = pl.concat([files(1, 1), files(1, kind="records")])

    assert batch_sizes(found, 10, tmp_path) == [2, 1]
