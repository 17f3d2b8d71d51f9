"""Articles in languages that the classifier knows, and in others."""

import json

import pytest

TEXTS = {
    "en": "Police detained two men over the theft of copper from a power line in Panj. "
    "A criminal case was opened, and the stolen cable was returned to the network.",
    "ru": "Спасатели нашли двух погибших под завалами дома, который обрушился после "
    "землетрясения. Пострадали ещё девять человек, жители эвакуированы.",
    "de": "Die Gemeinde baut am Fluss eine neue Brücke aus Holz, die im Herbst "
    "eröffnet werden soll. Der Rat hat darüber lange gesprochen und dann zugestimmt.",
}


@pytest.mark.full
def test_articles_in_other_languages_are_unclassified_everywhere(newsmill):
    lines = (
        json.dumps({"title": code, "text": text, "date": "2022-01-06"})
        for code, text in TEXTS.items()
    )
    (newsmill.folder / "news.jsonl").write_text("\n".join(lines) + "\n")

    summary = newsmill.run("news.jsonl")

    expected = {"crime": 1, "crisis": 1, "unclassified": 1}
    assert summary["categories"] == expected
    assert newsmill.sql("SELECT language, category FROM article ORDER BY language") == [
        {"language": "de", "category": "unclassified"},
        {"language": "en", "category": "crime"},
        {"language": "ru", "category": "crisis"},
    ]
    assert newsmill.sql(
        "SELECT category_key, score, weight, is_primary FROM fact_classification "
        "JOIN fact_article AS f USING (article_key, category_key) "
        "WHERE f.language = 'de'"
    ) == [{"category_key": 0, "score": 0.0, "weight": 1.0, "is_primary": True}]
    (known,) = newsmill.sql(
        "SELECT languages, lexicon_languages FROM dim_classifier "
        "WHERE classifier_key <> 0"
    )
    assert known["languages"][0] == "en"
    assert set(known["lexicon_languages"]) == set(known["languages"]) - {"en"}
    newsmill.ask("report", "-o", "page.html")
    page = (newsmill.folder / "page.html").read_text()
    assert "unclassified <b>1</b>" in page
    assert newsmill.ask("check").out == "0 findings\n"
