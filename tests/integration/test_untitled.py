"""Texts that come without a title, and headlines that come without a text."""

import json

import pytest

TITLE = "Theft of livestock"
TEXT = (
    "On January 4, 2022, three sheep were stolen from a pen near the bazaar of Panj. "
    "Police have detained two residents of the town and look for a third one.\n\n"
    "The animals were found in a neighbouring village and returned to their owner."
)
OTHER = (
    "Dam fills early\n\nWater rose to 80 metres, officials said on Tuesday.\n\n"
    "Source: River Agency\n\n"
)


def record(**values):
    return json.dumps({"source": "City Police"} | values) + "\n"


@pytest.mark.full
def test_record_without_a_title_is_loaded_and_named_by_its_lead(newsmill):
    lines = record(title="", text=TEXT) + record(text=f"{TITLE}\n\n{TEXT}")
    (newsmill.folder / "news.jsonl").write_text(lines)

    summary = newsmill.run("news.jsonl")

    assert summary["held_back"] == []
    assert newsmill.sql("SELECT title, title_basis FROM article ORDER BY title") == [
        {"title": title, "title_basis": "lead"}
        for title in (TEXT.partition(". ")[0], TITLE)
    ]
    assert newsmill.ask("check").out == "0 findings\n"


@pytest.mark.full
def test_same_text_with_and_without_a_title_line_is_one_article(newsmill):
    (newsmill.folder / "news.jsonl").write_text(record(text=f"{TITLE}\n\n{TEXT}"))
    (newsmill.folder / "digest.txt").write_text(
        f"{OTHER}{TITLE}\n\n{TEXT}\n\nSource: City Police\n"
    )

    newsmill.run("digest.txt")
    newsmill.run("news.jsonl")

    assert newsmill.sql(
        "SELECT title, occurrence_count FROM fact_article ORDER BY title"
    ) == [
        {"title": "Dam fills early", "occurrence_count": 1},
        {"title": TITLE, "occurrence_count": 2},
    ]
    (row,) = newsmill.sql(
        "SELECT count(DISTINCT o.title_basis) AS bases, "
        "any_value(f.title_basis = o.title_basis) FILTER "
        "(WHERE o.document_key = f.first_document_key) AS is_of_first "
        "FROM fact_occurrence AS o JOIN fact_article AS f USING (article_key) "
        f"WHERE f.title = '{TITLE}'"
    )
    assert row == {"bases": 2, "is_of_first": True}
    assert newsmill.ask("check").out == "0 findings\n"


def test_list_of_headlines_is_held_back_under_its_name(newsmill):
    headlines = (
        "Mudflow damages 37 houses in the valley",
        "Earthquake of magnitude 5.2 felt in the capital",
        "Avalanche blocks the mountain highway",
    )
    (newsmill.folder / "list.txt").write_text("\n\n".join(headlines))

    summary = newsmill.run("list.txt")

    assert summary["articles_new"] == 0
    assert [row["reason_code"] for row in summary["held_back"]] == ["only_headlines"]
    assert "only headlines" in newsmill.ask("quarantine").out


@pytest.mark.full
def test_lone_text_without_a_title_is_an_article(newsmill):
    text = TEXT.replace("\n\n", " ").lower()
    (newsmill.folder / "lone.txt").write_text(text)

    summary = newsmill.run("lone.txt")

    assert summary["held_back"] == []
    (row,) = newsmill.sql("SELECT title, title_basis, body FROM article")
    assert text.startswith(row["title"])
    assert row == {"title": row["title"], "title_basis": "lead", "body": text}
