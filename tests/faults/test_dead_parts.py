"""Parts of a run that died: taken over where every byte is as it was, or made again."""

import json
import shutil
import signal

import pytest

from tests.faults.injected.sitecustomize import injected
from tests.faults.scene import write_digests
from tests.fingerprint import fingerprint

# Three small files are a batch each, and the large one is cut into pieces.
BATCH_BYTES = {"NEWSMILL_BATCH_BYTES": "4000"}


@pytest.fixture(scope="module")
def dead(make_newsmill, tmp_path_factory):
    """What a run leaves that dies between its parts and its audit."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("dead"))
    write_digests(newsmill.folder / "in", files=2, articles=6, seed=1)
    write_digests(newsmill.folder / "in", files=1, articles=60, seed=2)
    command = ("run", "in", "--direct", "--warehouse", newsmill.warehouse)
    newsmill(*command, code=-signal.SIGKILL, **BATCH_BYTES, **injected("after_load"))
    return newsmill.folder


@pytest.fixture(scope="module")
def clean(make_newsmill, dead, tmp_path_factory):
    newsmill = make_newsmill(tmp_path_factory.mktemp("clean"))
    shutil.copytree(dead / "in", newsmill.folder / "in")
    newsmill.run("in", **BATCH_BYTES)
    return fingerprint(newsmill.warehouse)


@pytest.fixture
def next_run(newsmill, dead):
    """The next run, in the same folder."""
    shutil.copytree(dead, newsmill.folder, dirs_exist_ok=True)
    return newsmill


def finished(folder):
    """Notes of finished parts; others tell only what was begun."""
    return [p for p in sorted(folder.glob("*.json")) if not p.stem.endswith(".start")]


def notes(newsmill):
    """Notes of finished parts by what they are about: a file, a cut one, a piece."""
    found = {}
    (run,) = newsmill.folder.glob("*.parts/*/")
    for path in finished(run):
        told = json.loads(path.read_text().partition("\n")[2])["told"]
        kind = "piece" if "-" in path.stem else "cut" if told["pieces"] else "file"
        found.setdefault(kind, path)
    return found


def part_of(note):
    told = json.loads(note.read_text().partition("\n")[2])["told"]
    return note.parent / told["part"]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def another_count(note):
    note.write_text(note.read_text().replace('"documents": 1', '"documents": 2'))


def empty_part(note):
    part = part_of(note)
    shutil.rmtree(part)
    part.mkdir()


def exchanged_parts(note):
    """The part of another file, itself whole."""
    (other,) = {n for n in finished(note.parent) if is_other_file(n, note)}
    shutil.rmtree(part_of(note))
    shutil.copytree(part_of(other), part_of(note))


def is_other_file(note, than):
    return (
        note != than and "-" not in note.stem and "documents" not in str(part_of(note))
    )


DAMAGES = {
    "note empty": lambda note: note.write_bytes(b""),
    "note garbled": lambda note: note.write_bytes(b'{"part": \xff'),
    "note of numbers": lambda note: note.write_text("17"),
    "note with another count": another_count,
    "note lost": lambda note: note.unlink(),
    "part lost": lambda note: shutil.rmtree(part_of(note)),
    "part empty": empty_part,
    "part of another file": exchanged_parts,
    "table lost": lambda note: (part_of(note) / "fact_evidence.parquet").unlink(),
    "byte flipped": lambda note: flip(part_of(note) / "fact_article.parquet"),
    "seal lost": lambda note: (part_of(note) / "seal.json").unlink(),
    "seal garbled": lambda note: (part_of(note) / "seal.json").write_text("{}"),
}
IN_THE_GATE = ("byte flipped",)


def heavy(name):
    return () if name in IN_THE_GATE else pytest.mark.full


@pytest.mark.full
def test_whole_parts_are_taken_over(next_run, clean):
    told = next_run.run("in", **BATCH_BYTES)

    assert "classify" not in told["seconds"]
    assert fingerprint(next_run.warehouse) == clean


@pytest.mark.parametrize(
    "damage", [pytest.param(d, id=n, marks=heavy(n)) for n, d in DAMAGES.items()]
)
def test_damaged_part_is_made_again(next_run, clean, damage):
    damage(notes(next_run)["file"])

    told = next_run.run("in", **BATCH_BYTES)

    assert "classify" in told["seconds"]
    assert fingerprint(next_run.warehouse) == clean
    assert not list(next_run.folder.glob("*.parts"))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("documents.arrow", marks=pytest.mark.full),
        pytest.param("articles.arrow", marks=pytest.mark.full),
        "first_char",
    ],
)
@pytest.mark.parametrize(
    "damage", [flip, pytest.param(lambda path: path.unlink(), marks=pytest.mark.full)]
)
def test_damage_to_what_was_left_of_a_cut_file_is_found(next_run, clean, name, damage):
    left = sorted(next_run.folder.glob(f"*.parts/*/*.left/{name}"))
    damage(left[1])
    # The piece is not finished, so that its task will read what was left for it.
    notes(next_run)["piece"].unlink()

    next_run.run("in", **BATCH_BYTES)

    assert fingerprint(next_run.warehouse) == clean


@pytest.mark.full
def test_part_that_loses_a_table_before_it_is_loaded_publishes_nothing(next_run):
    command = ("run", "in", "--direct", "--warehouse", next_run.warehouse)

    ended = next_run(*command, code=14, **BATCH_BYTES, **injected("evidence_lost"))

    assert "nothing was published" in ended.err
    assert not next_run.warehouse.exists()
    assert not list(next_run.folder.glob("*.parts"))
