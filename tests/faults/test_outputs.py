"""No command writes over what it did not make: one door for all that users name."""

import json
import os
import socket
from contextlib import closing

import pytest

KEPT = b"written by hand, kept nowhere else"
ROWS = ("query", "SELECT 1 AS one")
WRITERS = {
    "query": (*ROWS, "--format", "csv", "-o"),
    "report": ("report", "-o"),
    "train": ("train", "gold.jsonl", "-o"),
    "export": ("export", "--to"),
}
# One of its kind in the gate; `make test-faults` has them all.
EACH = [
    pytest.param(name, marks=[pytest.mark.full] * (name in ("report", "train")))
    for name in WRITERS
]
FORCED = [param for param in EACH if param.values != ("export",)]
SPECIAL = {
    "a pipe": os.mkfifo,
    "a link": lambda path: path.symlink_to("kept.txt"),
    "a dangling link": lambda path: path.symlink_to("nowhere"),
    "a loop": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/null"),
}


@pytest.fixture
def newsmill(seeded_copy):
    row = {"title": "Dam fills", "text": "Water rose.", "label": "energy"}
    (seeded_copy.folder / "gold.jsonl").write_text(json.dumps(row))
    (seeded_copy.folder / "kept.txt").write_bytes(KEPT)
    return seeded_copy


def snapshot(folder):
    """What is in a folder, and what kind of thing each is."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_ino,
            path.read_bytes() if path.is_file() and not path.is_symlink() else None,
        )
        for path in folder.rglob("*")
    }


def refused(newsmill, name, target, *flags):
    """The command's words, once it is sure that nothing was touched."""
    before = snapshot(newsmill.folder)
    ended = newsmill.ask(*WRITERS[name], target, *flags, code=2)
    assert snapshot(newsmill.folder) == before
    assert ended.err.count("\n") == 1
    return ended.err


@pytest.mark.parametrize("name", WRITERS)
def test_file_of_the_user_is_not_replaced(newsmill, name):
    assert "kept.txt" in refused(newsmill, name, "kept.txt")


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("name", EACH)
def test_what_is_no_plain_file_is_not_replaced(newsmill, name, kind):
    SPECIAL[kind](newsmill.folder / "special")
    flags = ["--force"] if name != "export" else []

    assert "special" in refused(newsmill, name, "special", *flags)


@pytest.mark.parametrize("name", FORCED)
def test_device_folder_and_socket_are_not_replaced(newsmill, name):
    assert "a device" in refused(newsmill, name, "/dev/null", "--force")
    assert "a folder" in refused(newsmill, name, newsmill.folder, "--force")
    with closing(socket.socket(socket.AF_UNIX)) as unix_socket:
        unix_socket.bind(str(newsmill.folder / "s"))
        assert "a socket" in refused(newsmill, name, "s", "--force")


@pytest.mark.parametrize(
    "ending", ["", ".lock", ".wal", ".build", ".build.parts", ".before-migration"]
)
@pytest.mark.parametrize("name", FORCED)
def test_warehouse_and_what_belongs_to_it_are_not_written(newsmill, name, ending):
    target = f"{newsmill.warehouse.name}{ending}"

    assert "belongs to a warehouse" in refused(newsmill, name, target, "--force")


@pytest.mark.parametrize("name", FORCED)
def test_other_names_and_other_warehouses_are_not_written(newsmill, name):
    (newsmill.folder / "twin").hardlink_to(newsmill.warehouse)
    (newsmill.folder / "beside").symlink_to(newsmill.folder)
    other = newsmill.folder / "other.duckdb"
    other.write_bytes(newsmill.warehouse.read_bytes())

    for target in ("twin", f"beside/{newsmill.warehouse.name}", "other.duckdb.lock"):
        assert "belongs to a warehouse" in refused(newsmill, name, target, "--force")
    assert "a database" in refused(newsmill, name, other, "--force")


@pytest.mark.parametrize("name", FORCED)
def test_inputs_are_not_written_by_place_or_by_content(newsmill, name, seed_file):
    seeds = newsmill.folder / "seeds"
    seeds.mkdir()
    (seeds / "new.txt").write_bytes(KEPT)
    (newsmill.folder / "moved.txt").write_bytes(seed_file.read_bytes())

    for target in ("seeds/new.txt", "moved.txt"):
        assert "an input" in refused(newsmill, name, target, "--force")
    if name == "train":
        assert "an input" in refused(newsmill, name, "gold.jsonl", "--force")


def test_force_replaces_a_plain_file(newsmill):
    newsmill.ask(*WRITERS["query"], "kept.txt", "--force")

    assert (newsmill.folder / "kept.txt").read_text() == '"one"\n1\n'


def test_new_name_is_written_with_the_folders_above_it(newsmill):
    newsmill.ask(*WRITERS["query"], "new/folder/rows.csv")
    newsmill.ask(*WRITERS["report"], "new/report.html")

    assert (newsmill.folder / "new/folder/rows.csv").read_text() == '"one"\n1\n'
    assert (newsmill.folder / "new/report.html").stat().st_size > 10_000


@pytest.mark.full
def test_earlier_report_is_replaced_and_another_page_is_not(newsmill):
    newsmill.ask("report")
    newsmill.ask("report")
    page = newsmill.folder / "newsmill-report.html"
    page.write_bytes(page.read_bytes().replace(b"newsmill report", b"somebody else"))

    assert "not of Newsmill's making" in refused(newsmill, "report", page)
    newsmill.ask("report", "--force")
    newsmill.ask("report")


def test_model_card_is_not_written_over_notes(newsmill):
    (newsmill.folder / "weights.md").write_bytes(KEPT)

    assert "weights.md exists" in refused(newsmill, "train", "weights.npz")
    assert "model card" in refused(newsmill, "train", "weights2.md", "--force")


def test_export_leaves_what_its_manifest_does_not_list(newsmill):
    to = newsmill.folder / "out"
    newsmill.ask("export", "--to", to)
    (to / "notes.txt").write_bytes(KEPT)
    (to / "sub").mkdir()
    (to / "sub" / "mine.parquet").write_bytes(KEPT)

    newsmill.ask("export", "--to", to, "--without-text")

    assert (to / "notes.txt").read_bytes() == KEPT
    assert (to / "sub" / "mine.parquet").read_bytes() == KEPT
    assert not (to / "article_text.parquet").exists()
    manifest = json.loads((to / "manifest.json").read_text())
    assert {path.name for path in to.glob("*.parquet")} == {
        table["file"] for table in manifest["tables"]
    }


def test_export_does_not_take_the_name_of_a_file_that_it_did_not_make(newsmill):
    to = newsmill.folder / "out"
    newsmill.ask("export", "--to", to, "--without-text")
    (to / "article_text.parquet").write_bytes(KEPT)

    assert "article_text.parquet" in refused(newsmill, "export", to)


@pytest.mark.parametrize(
    "manifest",
    [
        "{}",
        '{"name": "my web app", "icons": []}',
        '{"made_by": "somebody", "tables": [{"file": "kept.parquet"}]}',
        '{"made_by": "newsmill export"}',
        "[" * 100_000,
        "no JSON",
    ],
)
def test_folder_with_a_foreign_manifest_is_not_ours(newsmill, manifest):
    to = newsmill.folder / "webapp"
    to.mkdir()
    (to / "manifest.json").write_text(manifest)
    (to / "kept.parquet").write_bytes(KEPT)

    assert "other files" in refused(newsmill, "export", to)


def test_manifest_cannot_reach_out_of_its_folder(newsmill):
    to = newsmill.folder / "out"
    newsmill.ask("export", "--to", to)
    (to / "folder.parquet").mkdir()
    (to / "link.parquet").symlink_to("../kept.txt")
    manifest = json.loads((to / "manifest.json").read_text())
    manifest["tables"] += [
        {"file": name}
        for name in ("../kept.txt", str(newsmill.warehouse), "folder.parquet", "..")
    ]
    manifest["tables"] += [{"file": "link.parquet"}, {"file": "a\0b"}, {"file": ""}]
    (to / "manifest.json").write_text(json.dumps(manifest))

    newsmill.ask("export", "--to", to)

    assert (newsmill.folder / "kept.txt").read_bytes() == KEPT
    assert newsmill.warehouse.exists()
    assert (to / "folder.parquet").is_dir()
    assert (to / "link.parquet").is_symlink()


def test_export_that_was_stopped_halfway_is_still_known_for_ours(newsmill):
    to = newsmill.folder / "out"
    newsmill.ask("export", "--to", to, "--without-text")
    manifest = json.loads((to / "manifest.json").read_text())
    both = [{"file": t["file"]} for t in manifest["tables"]]
    both += [{"file": "article_text.parquet"}, {"file": manifest["datapackage"]}]
    (to / "article_text.parquet").write_bytes(b"new, its manifest not yet written")
    told = {"made_by": manifest["made_by"], "tables": both}
    (to / "manifest.json").write_text(json.dumps(told))

    newsmill.ask("export", "--to", to)

    assert (to / "article_text.parquet").read_bytes().startswith(b"PAR1")


def put_link(place, kept):
    place.symlink_to(kept)


def put_text(place, kept):
    place.write_bytes(kept.read_bytes())


def put_json(place, _kept):
    place.write_text('{"name": "a package", "run": 1}')


@pytest.mark.parametrize("put", [put_link, put_text, put_json])
@pytest.mark.parametrize("ending", [".lock", ".build", ".build.parts"])
def test_what_lies_in_the_places_of_a_run_is_left_alone(newsmill, ending, put):
    place = newsmill.folder / f"{newsmill.warehouse.name}{ending}"
    place.unlink(missing_ok=True)
    put(place, newsmill.folder / "kept.txt")
    before = snapshot(newsmill.folder)
    words = ("kept.txt", "--direct")

    said = newsmill.ask("run", *words, code=5).err

    after = snapshot(newsmill.folder)
    # The home of Prefect, in which runs that are under way are noted.
    after.pop("prefect", None)
    assert {name: after[name] for name in before if name != "news.duckdb.lock"} == {
        name: before[name] for name in before if name != "news.duckdb.lock"
    }
    if ending == ".lock":
        assert after == before
        newsmill.ask("status", code=5)
    assert f"news.duckdb{ending}" in said
    assert "move it away" in said


def test_note_that_a_dying_writer_left_short_is_no_hindrance(newsmill):
    lock = newsmill.folder / f"{newsmill.warehouse.name}.lock"
    whole = lock.read_bytes()

    for length in (0, 3, len(whole) // 2):
        lock.write_bytes(whole[:length])
        newsmill.ask("status")
    lock.write_text('{"pid": 1}')
    newsmill.ask("status")
