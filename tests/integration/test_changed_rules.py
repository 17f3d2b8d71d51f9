"""Files that other rules have read are read again, and everybody is told."""

import shutil

import numpy as np
import pytest

from tests.builds import edited


def test_files_are_read_again_when_the_transforms_have_changed(seeded_copy, seed_file):
    newsmill = seeded_copy
    before = newsmill.sql("SELECT article_id FROM fact_article ORDER BY article_id")
    # As an earlier Newsmill, with other rules, would have left it.
    with edited(newsmill.warehouse) as connection:
        connection.execute("UPDATE ops.document SET transform_version = 'earlier'")

    outdated = newsmill.ask("status", "--json").json
    again = newsmill.ask("run", seed_file, "--direct")
    then = newsmill.run(seed_file)
    settled = newsmill.ask("status", "--json").json

    assert (outdated["outdated_documents"], settled["outdated_documents"]) == (1, 0)
    assert "1 file: rules, weights, or lists have changed since" in again.out
    assert newsmill.sql("SELECT article_id FROM fact_article ORDER BY 1") == before
    assert then["status"] == "nothing_new"
    assert then["files"]["read_again"] == 0


@pytest.mark.full
def test_check_tells_how_many_rows_are_of_other_versions(seeded_copy):
    newsmill = seeded_copy
    assert set(newsmill.ask("check", "--json").json["outdated"].values()) == {0}
    with edited(newsmill.warehouse) as connection:
        connection.execute(
            "UPDATE ops.document SET transform_version = 'earlier'; "
            "UPDATE ops.article_signature SET method_version = 0; "
            "UPDATE fact_classification SET classifier_key = 5; "
            "UPDATE fact_article SET classifier_key = 5; "
            "UPDATE fact_evidence SET classifier_key = 5; "
            "INSERT INTO dim_classifier SELECT * REPLACE (5 AS classifier_key) "
            "FROM dim_classifier WHERE classifier_key <> 0"
        )

    told = newsmill.ask("check")

    # A rule that changed is no damage.
    assert "1 documents to be read again: rules, weights, or lists" in told.out
    assert "9 articles are from these documents" in told.out
    assert "9 labels are not by the classifier of new articles" in told.out
    assert "9 stories were found by another method" in told.out
    assert told.out.endswith("0 findings\n")


def replace_once(name, old, new):
    def change(rules):
        path = rules / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def another_weight(rules):
    path = rules / "transforms/weights/split.npz"
    with np.load(path) as arrays:
        changed = {name: values.copy() for name, values in arrays.items()}
    name = next(n for n, values in changed.items() if values.dtype.kind == "f")
    changed[name].flat[0] += 1
    np.savez_compressed(path, **changed)


LISTS = "seeds/reference"
CHANGES = {
    "line pattern": replace_once(
        f"{LISTS}/line_patterns.csv", "all rights reserved", "all rights are reserved"
    ),
    "source": replace_once(f"{LISTS}/sources.csv", "Reuters,agency", "Reuter,agency"),
    "place": replace_once(f"{LISTS}/places.csv", "A Coruña", "La Coruña"),
    "category": replace_once(f"{LISTS}/categories.csv", "Energy,", "Energy supply,"),
    "weight": another_weight,
    "rule": replace_once("transforms/text/locate.py", "def ", "# other\ndef "),
}


@pytest.fixture
def rules(repository, tmp_path):
    """Transforms and lists of another Newsmill, which a process is to import."""
    folder = tmp_path / "rules"
    for name in ("transforms", "seeds/reference"):
        shutil.copytree(
            repository / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return folder


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(c, id=n, marks=() if n == "line pattern" else pytest.mark.full)
        for n, c in CHANGES.items()
    ],
)
def test_one_changed_rule_makes_every_file_be_read_again(seeded, rules, change):
    ask = ("status", "--json", "--warehouse", seeded.warehouse)
    assert seeded(*ask, PYTHONPATH=str(rules)).json["outdated_documents"] == 0

    change(rules)

    assert seeded(*ask, PYTHONPATH=str(rules)).json["outdated_documents"] == 1


@pytest.mark.full
def test_rows_follow_a_changed_list(seeded_copy, seed_file, rules):
    newsmill = seeded_copy
    old = "National information agency of Tajikistan"
    # The old name is now one of the spellings.
    replace_once(f"{LISTS}/sources.csv", f'{old},agency,"', f'Khovar,agency,"{old}; ')(
        rules
    )
    sources = "SELECT count(*) AS n FROM article WHERE source = ?"
    before = newsmill.sql(sources, old)

    ended = newsmill(
        *("run", seed_file, "--direct", "--json", "--warehouse", newsmill.warehouse),
        PYTHONPATH=str(rules),
        NUMBA_DISABLE_JIT="1",
    )

    assert ended.json["files"]["read_again"] == 1
    assert newsmill.sql(sources, old) == [{"n": 0}]
    assert newsmill.sql(sources, "Khovar") == before == [{"n": 3}]
