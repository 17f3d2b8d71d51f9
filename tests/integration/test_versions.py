"""Classifier versions side by side: old rows stay, views follow the one that serves."""

import json
import shutil

import pytest

from tests.builds import edited

CATEGORIES = {
    "crisis": "rebels shelled the town and civilians fled the fighting",
    "energy": "the power plant raised electricity output by megawatts",
    "crime": "police arrested a burglar who stole a laptop from a flat",
    "government": "parliament passed the decree that the president signed",
    "other": "the football club won the cup after extra time",
}


@pytest.fixture(scope="module")
def own_version(make_newsmill, tmp_path_factory):
    """A folder with the weights of a version that its user trained."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("own_version"))
    rows = [
        {"title": f"{words} {n}", "text": f"{words}. " * 6, "label": label, "corpus": c}
        for label, words in CATEGORIES.items()
        for n in range(8)
        for c in ("a", "b")
    ]
    data = newsmill.folder / "data.jsonl"
    data.write_text("\n".join(json.dumps(row) for row in rows))
    newsmill.ask("train", data, "--version", "own")
    return newsmill.folder


@pytest.fixture
def two_versions(seeded_copy, own_version):
    """A warehouse with the seed, and that version beside it."""
    shutil.copytree(own_version, seeded_copy.folder, dirs_exist_ok=True)
    return seeded_copy


def test_second_version_is_added_served_and_rolled_back(two_versions):
    newsmill = two_versions
    first = newsmill.sql("SELECT * FROM fact_classification ORDER BY ALL")
    labels = newsmill.sql("SELECT article_key, category FROM article ORDER BY 1")
    (shipped,) = newsmill.sql(
        "SELECT version FROM dim_classifier WHERE version <> '' AND classifier_key <> 0"
    )

    newsmill.ask("reclassify", "--version", "own")

    kept = newsmill.sql(
        "SELECT c.* FROM fact_classification c JOIN dim_classifier USING "
        "(classifier_key) WHERE version = ? ORDER BY ALL",
        shipped["version"],
    )
    assert kept == first
    assert (
        newsmill.sql("SELECT article_key, category FROM article ORDER BY 1") == labels
    )
    assert newsmill.sql(
        "SELECT count(*) AS n FROM fact_evidence e JOIN dim_document d USING "
        "(document_key) WHERE e.exact <> substr(d.text, (char_start + 1)::BIGINT, "
        "(char_end - char_start)::BIGINT)"
    ) == [{"n": 0}]

    newsmill.ask("promote", "own")
    served = newsmill.sql("SELECT article_key, category FROM article ORDER BY 1")
    own = newsmill.sql(
        "SELECT article_key, code AS category FROM fact_classification JOIN "
        "dim_classifier USING (classifier_key) JOIN dim_category USING (category_key) "
        "WHERE is_primary AND version = 'own' ORDER BY 1"
    )
    assert served == own
    flips = newsmill.sql(
        "SELECT count(*) AS n FROM classification_flip WHERE to_version = 'own'"
    )
    assert flips == [{"n": sum(a != b for a, b in zip(labels, own, strict=True))}]

    newsmill.ask("promote", shipped["version"])
    assert (
        newsmill.sql("SELECT article_key, category FROM article ORDER BY 1") == labels
    )


def test_reclassifying_twice_adds_nothing(two_versions):
    command = ("reclassify", "--version", "own")
    assert two_versions.ask(*command).out.startswith("9 articles")
    rows = two_versions.sql("SELECT count(*) AS n FROM fact_classification")

    assert two_versions.ask(*command).out.startswith("0 articles")
    assert two_versions.sql("SELECT count(*) AS n FROM fact_classification") == rows


def test_version_that_scored_nothing_cannot_serve(two_versions):
    ended = two_versions.ask("promote", "own", code=2)

    assert "reclassify" in ended.err


def test_new_articles_are_scored_by_the_version_that_serves(two_versions):
    two_versions.ask("reclassify", "--version", "own")
    two_versions.ask("promote", "own")
    record = {"title": "Cup final goes to extra time", "text": CATEGORIES["other"] * 9}
    (two_versions.folder / "new.jsonl").write_text(json.dumps(record) + "\n")

    two_versions.run("new.jsonl")

    assert two_versions.sql(
        "SELECT DISTINCT version FROM fact_classification JOIN dim_classifier USING "
        "(classifier_key) JOIN fact_article a USING (article_key) WHERE a.title = ?",
        record["title"],
    ) == [{"version": "own"}]


def test_human_label_is_kept_apart_and_judges_the_classifier(seeded_copy):
    newsmill = seeded_copy
    before = newsmill.sql("SELECT * FROM fact_classification ORDER BY ALL")

    for category in ("energy", "crime"):
        newsmill.ask("label", "Theft of money", category, "--by", "ana")

    assert newsmill.sql(
        "SELECT code, labelled_by FROM fact_human_label JOIN dim_category "
        "USING (category_key) ORDER BY labelled_at"
    ) == [
        {"code": "energy", "labelled_by": "ana"},
        {"code": "crime", "labelled_by": "ana"},
    ]
    assert newsmill.sql("SELECT * FROM fact_classification ORDER BY ALL") == before
    judged = newsmill.ask("evaluate", "--json").json
    assert judged["labels"][0]["label"] == "crime"


@pytest.mark.full
def test_score_that_the_same_version_would_not_give_is_a_finding(seeded_copy):
    newsmill = seeded_copy
    newsmill.ask("check")
    with edited(newsmill.warehouse) as connection:
        connection.execute(
            "UPDATE fact_classification SET score = score / 2 WHERE article_key = "
            "(SELECT min(article_key) FROM fact_article)"
        )

    found = newsmill.ask("check", code=1)

    assert "scores it otherwise now" in found.out
    assert found.out.endswith("1 findings\n")


@pytest.mark.full
def test_training_with_labels_adds_what_people_said(two_versions):
    two_versions.ask("label", "Theft of money", "crime")

    two_versions.ask("train", "data.jsonl", "--version", "labelled", "--labels")

    cards = two_versions.folder / "classifiers"
    assert "Fitted on 80 articles" in (cards / "own.md").read_text()
    assert "Fitted on 81 articles" in (cards / "labelled.md").read_text()
