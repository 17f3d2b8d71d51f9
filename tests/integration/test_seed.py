"""The user's own digest, end to end, against its hand-made gold."""

import datetime as dt


def test_seed_gives_the_gold_spans_and_titles(seeded, seed_file, seed_gold):
    text = seed_file.read_bytes().decode()
    rows = seeded.sql(
        "SELECT o.ordinal, o.char_start, o.char_end, a.title FROM fact_occurrence o "
        "JOIN fact_article a USING (article_key) ORDER BY o.ordinal"
    )

    assert [(r["ordinal"], r["char_start"], r["char_end"]) for r in rows] == [
        (g["ordinal"], g["char_start"], g["char_end"]) for g in seed_gold
    ]
    assert [r["title"] for r in rows] == [g["title"] for g in seed_gold]
    assert all(text[r["char_start"] :].startswith(r["title"]) for r in rows)


def test_seed_gives_the_gold_metadata_and_labels(seeded, seed_gold):
    rows = seeded.sql(
        "SELECT source, author, dateline, category FROM article ORDER BY char_start"
    )

    assert rows == [
        {
            "source": gold["source"],
            "author": gold["author"],
            "dateline": gold["dateline"],
            "category": gold["label"],
        }
        for gold in seed_gold
    ]


def test_every_character_of_the_seed_is_accounted_for(seeded, seed_file):
    (row,) = seeded.sql("SELECT * FROM document_coverage")

    assert row["chars_total"] == len(seed_file.read_bytes().decode()) == 24_767
    assert row["chars_total"] == (
        row["chars_in_articles"] + row["chars_separator"] + row["chars_quarantined"]
    )
    assert row["chars_quarantined"] == 0


def test_every_evidence_quote_equals_its_slice(seeded):
    (row,) = seeded.sql(
        "SELECT count(*) AS spans, count(*) FILTER (WHERE e.exact = "
        "substr(d.text, (e.char_start + 1)::BIGINT, "
        "(e.char_end - e.char_start)::BIGINT)) AS equal "
        "FROM fact_evidence e JOIN dim_document d USING (document_key)"
    )

    assert row["spans"] == row["equal"] > 9


def test_day_without_year_takes_it_from_the_digest(seeded):
    rows = seeded.sql(
        "SELECT published_date, date_basis, event_date FROM article ORDER BY char_start"
    )

    # The last article names only "January 6"; another one "January 5, 2022".
    assert rows[-1]["published_date"] == dt.date(2022, 1, 6)
    assert all(
        row["published_date"] is None or row["published_date"].year != 2015
        for row in rows
    )


def test_scores_are_probabilities_with_one_primary_label(seeded):
    (row,) = seeded.sql(
        "SELECT min(score) AS least, max(score) AS most, min(primaries) AS p0, "
        "max(primaries) AS p1, min(total) AS w0, max(total) AS w1 FROM ("
        "SELECT score, sum(is_primary::INT) OVER w AS primaries, "
        "sum(weight) OVER w AS total FROM fact_classification "
        "WINDOW w AS (PARTITION BY article_key, classifier_key))"
    )

    assert 0 <= row["least"] <= row["most"] <= 1
    assert (row["p0"], row["p1"]) == (1, 1)
    assert abs(row["w0"] - 1) < 1e-9
    assert abs(row["w1"] - 1) < 1e-9


def test_summary_counts_what_the_warehouse_holds(seeded):
    summary = seeded.summary

    assert summary["articles_new"] == 9
    assert sum(summary["categories"].values()) == 9
    assert summary["characters"]["total"] == 24_767
    assert summary["checks"]["failed"] == 0
    assert summary["held_back"] == []


def test_second_run_says_nothing_new_and_leaves_the_file(seeded, seed_file):
    before = seeded.warehouse.read_bytes()

    summary = seeded.run(seed_file)

    assert summary["status"] == "nothing_new"
    assert summary["articles_new"] == 0
    assert seeded.warehouse.read_bytes() == before
