"""A batch that is cut into pieces becomes what it becomes as a whole."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings

from flows.batch.batches import MOST_PIECES, group_files, make_recipe
from flows.tasks.transform_batch import transform_batch, transform_piece
from tests.builds import open_build
from tests.faults.scene import digest, write_digests
from tests.fingerprint import fingerprint
from tests.gate import sampled
from tests.properties.test_split_laws import digests
from transforms.discover.discover import discover
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.landing.listing import list_entries
from warehouse.runs import RunFacts

WHOLE = 1 << 40
DIGEST = digest(articles=12, seed=1)
SHAPES = {
    "usual.txt": DIGEST,
    "printed-twice.txt": digest(articles=5, seed=2) + "\n" + digest(articles=5, seed=2),
    "one-long-line.txt": "Dam opened. " * 3000,
    "no-boundary.txt": "\n\n".join(["the dam was opened, he said."] * 400),
    "crlf.txt": DIGEST.replace("\n", "\r\n").replace("the", "die"),
    "wide.txt": "\ufeff" + DIGEST.replace("ministry", "мини\U0001f600стр世"),
    "front-matter.txt": "* * *\n\n" * 9 + DIGEST.replace("dam", "quay") + "\n\n\n***\n",
    "dates.txt": "\n".join(
        f"Bank {n} robbed in port\n\nPolice came on January {n + 1}"
        f"{', 2021' if n % 4 == 0 else ''}, a court said.\n\nSource: Port News\n"
        for n in range(12)
    ),
    "records.jsonl": "\n".join(
        f'{{"title": "Дам {n} opened", "text": "It\\u2019s \\n\\n dam {n}, he said."}}'
        for n in range(30)
    )
    + '\n{"title": "A title alone", "text": ""}',
}


def read_batches(inputs, folder, piece_bytes):
    files, _ = discover(list_entries((inputs,), follow_symlinks=False))
    hashed = join_arrivals(hash_files(files).arrivals)
    recipe = make_recipe(date(2022, 1, 7), None)
    batches = group_files(hashed, batch_bytes=WHOLE, folder=folder, recipe=recipe)
    return [replace(batch, piece_bytes=piece_bytes) for batch in batches]


def transform(inputs, folder, piece_bytes):
    waiting, parts = read_batches(inputs, folder, piece_bytes), []
    while waiting:
        parts.append(transform_batch(waiting.pop()))
        waiting += [parts[-1].left] if parts[-1].left else []
    pieces = [piece for part in parts for piece in part.pieces]
    return [*parts, *map(transform_piece, pieces)], len(pieces)


def load(parts, warehouse):
    run = RunFacts("run", datetime(2022, 1, 7, tzinfo=UTC), "1")
    with open_build(warehouse, run) as build:
        build.load([part.path for part in parts])
        build.publish()
    return fingerprint(warehouse)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shapes")
    for name, text in SHAPES.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture(scope="module")
def whole(inputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    parts, pieces = transform(inputs, folder, WHOLE)
    assert pieces == 0
    return load(parts, folder / "news.duckdb")


@pytest.mark.parametrize("piece_bytes", sampled([500, 1]))
def test_pieces_together_are_the_whole(inputs, whole, tmp_path, piece_bytes):
    parts, pieces = transform(inputs, tmp_path, piece_bytes)

    found = load(parts, tmp_path / "news.duckdb")

    assert pieces > 2
    assert found == whole


@pytest.mark.full
def test_parts_of_a_run_with_other_bounds_are_not_mistaken(inputs, whole, tmp_path):
    transform(inputs, tmp_path, 500)
    for note in tmp_path.glob("*.json"):
        note.unlink()

    parts, pieces = transform(inputs, tmp_path, WHOLE)

    assert pieces == 0
    assert load(parts, tmp_path / "news.duckdb") == whole


def test_shapes_give_what_the_test_is_about(whole):
    rows = {table: int(said.partition(":")[0]) for table, said in whole.items()}

    assert rows["main.fact_occurrence"] > rows["main.fact_article"] > 60
    assert rows["main.fact_evidence"] > 100
    assert rows["quality.quarantine"] > 0


def test_pieces_of_one_document_are_bounded(tmp_path):
    inputs = write_digests(tmp_path / "in", files=1, articles=80)

    (batch,) = read_batches(inputs, tmp_path / "parts", 1)
    pieces = transform_batch(batch).pieces

    assert 2 < len(pieces) <= MOST_PIECES
    assert [piece.first for piece in pieces[1:]] == [
        piece.first + piece.count for piece in pieces[:-1]
    ]


@pytest.mark.full
def test_finished_pieces_are_not_made_again(inputs, tmp_path):
    first, count = transform(inputs, tmp_path, 900)
    for left in tmp_path.glob("*.left/*.arrow"):
        left.unlink()

    again, _ = transform(inputs, tmp_path, 900)

    assert count > 0
    assert [part.path for part in again] == [part.path for part in first]


@settings(max_examples=4)
@given(digests())
def test_any_text_is_the_same_in_pieces(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    (folder / "in").mkdir()
    (folder / "in" / "any.txt").write_text(text, encoding="utf-8", newline="")

    def rows(table, name, piece_bytes):
        parts, _ = transform(folder / "in", folder / name, piece_bytes)
        files = [part.path / f"{table}.parquet" for part in parts]
        frames = [pl.read_parquet(file) for file in files if file.exists()]
        return pl.concat(frames).drop("batch_id").to_dicts() if frames else []

    for table in ("fact_occurrence", "document_segment"):
        assert rows(table, "cut", 1) == rows(table, "whole", WHOLE)
