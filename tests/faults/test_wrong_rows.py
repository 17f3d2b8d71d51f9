"""What is wrong with one article or document holds back that one, and nothing else."""

import pytest

from tests.faults.injected.sitecustomize import injected
from tests.faults.scene import write_digests

FILES, ARTICLES = 3, 4
OF_AN_ARTICLE = {
    "one_quote_wrong": "fact_evidence.quotes_equal_slices",
    "one_quote_outside": "fact_evidence.quotes_in_article",
    "one_span_outside": "fact_occurrence.span_in_document",
    "one_label_lost": "fact_classification.all_categories_scored",
    "one_source_dangling": "fact_article.source_resolves",
    "one_article_lost": "fact_occurrence.article_resolves",
}


@pytest.fixture
def run(newsmill):
    write_digests(newsmill.folder / "in", files=FILES, articles=ARTICLES)

    def run(fault):
        words = ("run", "in", "--direct", "--json", "--warehouse", newsmill.warehouse)
        return newsmill(*words, **injected(fault)).json

    return run


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.full] * (fault != "one_quote_wrong"))
        for fault in OF_AN_ARTICLE
    ],
)
def test_article_is_held_back_with_its_file_place_and_reason(newsmill, run, fault):
    summary = run(fault)

    assert summary["articles_new"] == FILES * ARTICLES - 1
    (held,) = summary["held_back"]
    assert held["path"].startswith("in/")
    assert held["char_end"] > held["char_start"]
    assert held["reason_code"] == "failed_expectation"
    assert OF_AN_ARTICLE[fault] in held["detail"]
    assert summary["checks"]["failed"] == 0
    newsmill.ask("check")
    assert newsmill.run("in")["status"] == "nothing_new"


@pytest.mark.full
def test_document_is_held_back_as_a_whole(newsmill, run):
    summary = run("one_document_wrong")

    assert summary["articles_new"] == (FILES - 1) * ARTICLES
    assert newsmill.sql("SELECT count(*) AS n FROM dim_document") == [{"n": FILES}]
    (held,) = summary["held_back"]
    assert held["path"].startswith("in/")
    assert held["char_start"] is None
    assert "dim_document.characters_add_up" in held["detail"]
    newsmill.ask("check")
    again = newsmill.run("in")
    assert again["status"] == "nothing_new"
    assert [row["path"] for row in again["held_back"]] == [held["path"]]
