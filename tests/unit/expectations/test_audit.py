import re
from datetime import date
from importlib.resources import files

import polars as pl
import pytest

from expectations import audit as auditing
from expectations.audit import audit
from expectations.rules import vocabulary as checks
from expectations.rules.thresholds import Thresholds
from transforms.contracts import (
    ACTOR_KINDS,
    MENTION_ROLES,
    NAMED_KINDS,
    PLACE_KINDS,
    QUANTITY_TYPES,
)
from transforms.errors import AuditBrokenError

RUN_DATE = date(2022, 1, 7)
STRICT = Thresholds(
    label_mix_min_articles=1, band_min_documents=2, short_body_max_ratio=0
)
FIRST = "article_key = (SELECT min(article_key) FROM staging.fact_article)"
DAM = "title = 'Dam fills early'"

# Code of the expectation, and the statements after which it fails.
BREAKS = {
    "dim_run.key_present": "UPDATE dim_run SET run_key = NULL",
    "dim_run.key_unique": "INSERT INTO dim_run FROM dim_run",
    "dim_run.id_present": "UPDATE dim_run SET run_id = NULL",
    "dim_run.id_unique": (
        "INSERT INTO dim_run SELECT * REPLACE (2 AS run_key) FROM dim_run"
    ),
    "dim_run.started_by_now": "UPDATE dim_run SET started_at = '2023-01-01'",
    "dim_run.characters_add_up": "UPDATE dim_run SET chars_separator = 0",
    "dim_run.characters_counted": (
        "UPDATE dim_run SET chars_total = chars_total + 1, "
        "chars_separator = chars_separator + 1"
    ),
    "dim_run.paths_add_up": "DELETE FROM path_outcome WHERE path = 'copy.txt'",
    "path_outcome.path_unique": "UPDATE path_outcome SET path = 'monday.txt'",
    "path_outcome.outcome_known": "UPDATE path_outcome SET outcome = 'lost'",
    "path_outcome.reason_given": "UPDATE path_outcome SET reason_code = NULL",
    "path_outcome.document_resolves": (
        "UPDATE path_outcome SET document_id = sha256(path)"
    ),
    "path_outcome.copy_resolves": (
        "UPDATE path_outcome SET copy_of = 'tuesday.txt' WHERE path = 'copy.txt'"
    ),
    "path_outcome.run_resolves": "UPDATE path_outcome SET run_key = 99",
    "dim_source.key_present": "INSERT INTO dim_source VALUES (NULL, 'x', '', [])",
    "dim_source.key_unique": (
        "INSERT INTO dim_source FROM dim_source WHERE source_key = 1"
    ),
    "dim_source.name_not_empty": (
        "UPDATE dim_source SET name = '  ' WHERE source_key = 1"
    ),
    "dim_source.key_free_of_collision": (
        "INSERT INTO main.dim_source VALUES (1, 'Other Agency', '', [])"
    ),
    "dim_source.heard_lately": (
        "INSERT INTO main.fact_article SELECT a.* REPLACE (1 + i // 15 AS source_key, "
        "20211201 + i AS published_date_key) "
        "FROM (FROM fact_article LIMIT 1) AS a, range(29) AS r(i); "
        "UPDATE fact_article SET source_key = 2"
    ),
    "dim_author.key_present": "INSERT INTO dim_author VALUES (NULL, 'x', [])",
    "dim_author.key_unique": (
        "INSERT INTO dim_author VALUES (7, 'x', []), (7, 'x', [])"
    ),
    "dim_author.name_not_empty": "INSERT INTO dim_author VALUES (7, '', [])",
    "dim_author.key_free_of_collision": (
        "INSERT INTO dim_author VALUES (7, 'x', []); "
        "INSERT INTO main.dim_author VALUES (7, 'y', [])"
    ),
    "dim_place.key_present": "INSERT INTO dim_place (name) VALUES ('x')",
    "dim_place.key_unique": "INSERT INTO dim_place FROM dim_place",
    "dim_place.name_not_empty": "INSERT INTO dim_place (place_key) VALUES (7)",
    "dim_place.kind_known": "UPDATE dim_place SET kind = 'planet'",
    "dim_place.coordinates_on_the_map": (
        "UPDATE dim_place SET longitude = NULL WHERE place_key = 5"
    ),
    "dim_place.country_is_a_code": "UPDATE dim_place SET country_iso2 = 'Tajikistan'",
    "dim_place.key_free_of_collision": (
        "INSERT INTO main.dim_place SELECT * REPLACE (99 AS geonames_id) FROM dim_place"
    ),
    "dim_actor.key_present": "INSERT INTO dim_actor (name) VALUES ('x')",
    "dim_actor.key_unique": "INSERT INTO dim_actor FROM dim_actor",
    "dim_actor.name_not_empty": "UPDATE dim_actor SET name = ' '",
    "dim_actor.kind_known": "UPDATE dim_actor SET kind = NULL",
    "dim_actor.key_free_of_collision": (
        "INSERT INTO main.dim_actor SELECT * REPLACE ('x' AS name) FROM dim_actor"
    ),
    "dim_date.key_present": "INSERT INTO dim_date VALUES (NULL, '2022-01-01')",
    "dim_date.key_unique": "INSERT INTO dim_date VALUES (20220106, '2022-01-06')",
    "dim_date.key_is_a_day": "INSERT INTO dim_date VALUES (20220230, NULL)",
    "dim_category.key_present": "INSERT INTO dim_category VALUES (NULL, 'other', '')",
    "dim_category.key_unique": (
        "INSERT INTO dim_category FROM dim_category WHERE category_key = 2"
    ),
    "dim_category.code_known": "INSERT INTO dim_category VALUES (9, 'sports', '')",
    "dim_category.key_free_of_collision": (
        "INSERT INTO main.dim_category VALUES (2, 'crime', '')"
    ),
    "dim_classifier.key_present": (
        "INSERT INTO dim_classifier "
        "SELECT * REPLACE (NULL AS classifier_key) FROM dim_classifier"
    ),
    "dim_classifier.key_unique": "INSERT INTO dim_classifier FROM dim_classifier",
    "dim_classifier.weights_known": "UPDATE dim_classifier SET weights_sha256 = 'abc'",
    "dim_classifier.macro_f1_in_range": "UPDATE dim_classifier SET macro_f1 = 1.2",
    "dim_classifier.key_free_of_collision": (
        "INSERT INTO main.dim_classifier "
        "SELECT * REPLACE (repeat('c', 64) AS weights_sha256) FROM dim_classifier"
    ),
    "dim_document.key_present": (
        "INSERT INTO dim_document SELECT * REPLACE (NULL AS document_key) "
        "FROM dim_document"
    ),
    "dim_document.key_unique": "INSERT INTO dim_document FROM dim_document LIMIT 1",
    "dim_document.id_is_sha256": "UPDATE dim_document SET document_id = 'monday'",
    "dim_document.key_from_id": "UPDATE dim_document SET document_id = sha256('x')",
    "dim_document.file_name_present": "UPDATE dim_document SET file_name = NULL",
    "dim_document.format_given": "UPDATE dim_document SET format = NULL",
    "dim_document.container_is_another": (
        "UPDATE dim_document SET container_id = document_id"
    ),
    "dim_document.char_count_right": ("UPDATE dim_document SET char_count = byte_size"),
    "dim_document.characters_add_up": (
        "UPDATE fact_occurrence SET char_end = char_end + 5000 WHERE ordinal = 2"
    ),
    "dim_document.has_articles": "DELETE FROM fact_occurrence",
    "dim_document.announced_count_found": (
        "UPDATE dim_document SET announced_count = 12 WHERE file_name = 'monday.txt'"
    ),
    "dim_document.article_count_usual": (
        "INSERT INTO main.fact_article FROM fact_article; "
        "INSERT INTO main.fact_occurrence BY NAME SELECT (SELECT min(article_key) "
        "FROM fact_article) AS article_key, d AS document_key, o AS ordinal, "
        "o AS char_start, o + 1 AS char_end "
        "FROM range(1, 3) AS a(d), range(9) AS b(o)"
    ),
    "fact_article.key_present": (
        f"UPDATE fact_article SET article_key = NULL WHERE {DAM}"
    ),
    "fact_article.key_unique": "INSERT INTO fact_article FROM fact_article",
    "fact_article.id_is_sha256": (
        f"UPDATE fact_article SET article_id = upper(article_id) WHERE {DAM}"
    ),
    "fact_article.key_from_id": (
        f"UPDATE fact_article SET article_id = sha256('x') WHERE {DAM}"
    ),
    "fact_article.key_free_of_collision": (
        "INSERT INTO main.fact_article "
        "SELECT * REPLACE (sha256('x') AS article_id) FROM fact_article"
    ),
    "fact_article.source_resolves": "UPDATE fact_article SET source_key = 99",
    "fact_article.author_resolves": "UPDATE fact_article SET author_key = 99",
    "fact_article.place_resolves": "UPDATE fact_article SET place_key = NULL",
    "fact_article.category_resolves": "UPDATE fact_article SET category_key = 99",
    "fact_article.published_date_resolves": (
        "UPDATE fact_article SET published_date_key = 20220105"
    ),
    "fact_article.published_from_resolves": (
        "UPDATE fact_article SET published_from_key = 20220105"
    ),
    "fact_article.published_to_resolves": (
        "UPDATE fact_article SET published_to_key = 20220105"
    ),
    "fact_article.event_date_resolves": (
        "UPDATE fact_article SET event_date_key = 20220105"
    ),
    "fact_article.first_document_resolves": (
        "UPDATE fact_article SET first_document_key = 99"
    ),
    "fact_article.classifier_resolves": "UPDATE fact_article SET classifier_key = 99",
    "fact_article.run_resolves": "UPDATE fact_article SET run_key = 99",
    "fact_article.occurrence_count_right": (
        f"UPDATE fact_article SET occurrence_count = 1 WHERE {DAM}"
    ),
    "fact_article.category_is_primary": "UPDATE fact_article SET category_key = 2",
    "fact_article.title_not_empty": f"UPDATE fact_article SET title = ' ' WHERE {DAM}",
    "fact_article.title_is_no_trailer": (
        f"UPDATE fact_article SET title = 'Copyright (c) 2015' WHERE {DAM}"
    ),
    "fact_article.title_basis_known": "UPDATE fact_article SET title_basis = 'guess'",
    "fact_article.body_not_empty": (
        "UPDATE fact_occurrence SET body_runs = [], body_gaps = [''] "
        f"WHERE article_key = (SELECT article_key FROM fact_article WHERE {DAM})"
    ),
    "fact_article.body_adds_up": (
        "UPDATE fact_occurrence SET body_gaps = ['', '', '']"
    ),
    "fact_article.body_long_enough": "UPDATE fact_article SET word_count = 74",
    "fact_article.published_in_time": (
        "INSERT INTO dim_date VALUES (20220108, '2022-01-08'); "
        "UPDATE fact_article SET published_date_key = 20220108"
    ),
    "fact_article.date_basis_known": "UPDATE fact_article SET date_basis = 'guess'",
    "fact_article.date_basis_consistent": (
        "UPDATE fact_article SET published_date_key = 0"
    ),
    "fact_article.published_bounds_in_order": (
        "UPDATE fact_article SET published_to_key = 0"
    ),
    "fact_article.stated_date_founded": "UPDATE fact_article SET date_basis = 'text'",
    "fact_article.confidence_in_range": "UPDATE fact_article SET confidence = 1.1",
    "fact_article.counts_plausible": "UPDATE fact_article SET char_count = -1",
    "fact_article.source_known": "UPDATE fact_article SET source_key = 0",
    "fact_article.agency_resolves": "UPDATE fact_article SET agency_key = 99",
    "fact_article.source_is_no_title": (
        "INSERT INTO dim_source VALUES (5, 'DAM FILLS EARLY', NULL, []); "
        "UPDATE fact_article SET source_key = 5"
    ),
    "fact_article.source_is_no_label": (
        "INSERT INTO dim_source VALUES (5, 'Posted:', NULL, []); "
        "UPDATE fact_article SET source_key = 5"
    ),
    "fact_article.source_is_no_author": (
        "INSERT INTO dim_source VALUES (5, 'John Roe', NULL, []); "
        "UPDATE fact_article SET source_key = 5"
    ),
    "bridge_article_author.article_resolves": (
        "INSERT INTO bridge_article_author VALUES (99, 2, 1)"
    ),
    "bridge_article_author.author_resolves": (
        "UPDATE bridge_article_author SET author_key = 99 WHERE ordinal = 2"
    ),
    "bridge_article_author.author_unique": (
        "INSERT INTO bridge_article_author SELECT article_key, 2, 3 "
        "FROM fact_article LIMIT 1"
    ),
    "bridge_article_author.ordinal_in_order": (
        "UPDATE bridge_article_author SET ordinal = 3 WHERE ordinal = 2"
    ),
    "bridge_article_author.first_is_the_articles": (
        "UPDATE fact_article SET author_key = 3"
    ),
    "document_segment.place_unique": (
        "INSERT INTO document_segment FROM document_segment"
    ),
    "document_segment.document_resolves": (
        "INSERT INTO document_segment VALUES (99, 0, 0, 'x')"
    ),
    "document_segment.stretches_join": (
        "UPDATE document_segment SET text = text || 'x' WHERE char_start = 1"
    ),
    "document_segment.article_starts": (
        "INSERT INTO document_segment VALUES (99, 0, 5, 'x')"
    ),
    "fact_occurrence.text_is_there": (
        "UPDATE document_segment SET article_key = 0 WHERE char_start = 1"
    ),
    "fact_occurrence.article_resolves": "UPDATE fact_occurrence SET article_key = 99",
    "fact_occurrence.document_resolves": (
        "UPDATE fact_occurrence SET document_key = 99"
    ),
    "fact_occurrence.run_resolves": "UPDATE fact_occurrence SET run_key = 99",
    "fact_occurrence.place_unique": "INSERT INTO fact_occurrence FROM fact_occurrence",
    "fact_occurrence.span_in_document": (
        "UPDATE fact_occurrence SET char_end = 99999 WHERE ordinal = 2"
    ),
    "fact_occurrence.spans_do_not_overlap": (
        "UPDATE fact_occurrence SET char_start = char_start - 20 WHERE ordinal = 2"
    ),
    "fact_occurrence.ordinal_in_order": "UPDATE fact_occurrence SET ordinal = 1",
    "fact_occurrence.boundary_score_in_range": (
        "UPDATE fact_occurrence SET boundary_score = 'nan'"
    ),
    "fact_occurrence.boundaries_certain": (
        "UPDATE fact_occurrence SET boundary_score = 0.2"
    ),
    "fact_classification.article_resolves": (
        "UPDATE fact_classification SET article_key = 99"
    ),
    "fact_classification.classifier_resolves": (
        "UPDATE fact_classification SET classifier_key = 99"
    ),
    "fact_classification.category_resolves": (
        "UPDATE fact_classification SET category_key = NULL WHERE category_key = 5"
    ),
    "fact_classification.run_resolves": "UPDATE fact_classification SET run_key = 99",
    "fact_classification.all_categories_scored": (
        "DELETE FROM fact_classification WHERE category_key = 5"
    ),
    "fact_classification.other_stands_alone": (
        "UPDATE fact_classification SET is_assigned = true WHERE category_key IN "
        "(SELECT category_key FROM dim_category WHERE code = 'other')"
    ),
    "fact_classification.label_unique": (
        "INSERT INTO fact_classification FROM fact_classification"
    ),
    "fact_classification.one_primary_label": (
        "UPDATE fact_classification SET is_primary = true, is_assigned = true"
    ),
    "fact_classification.primary_is_assigned": (
        "UPDATE fact_classification SET is_assigned = false"
    ),
    "fact_classification.weights_sum_to_one": (
        "UPDATE fact_classification SET weight = 0.9 WHERE is_primary"
    ),
    "fact_classification.weights_in_range": (
        "UPDATE fact_classification SET weight = CASE category_key "
        "WHEN 1 THEN 1.5 WHEN 2 THEN -0.5 ELSE 0 END"
    ),
    "fact_classification.scores_in_range": (
        "UPDATE fact_classification SET score = NULL WHERE category_key = 3"
    ),
    "fact_classification.label_mix_steady": (
        "INSERT INTO main.dim_run SELECT * REPLACE ('2021-12-30' AS started_at) "
        "FROM dim_run; INSERT INTO main.fact_article "
        "SELECT * REPLACE (2 AS category_key) FROM fact_article"
    ),
    "fact_evidence.article_resolves": "UPDATE fact_evidence SET article_key = 99",
    "fact_evidence.document_resolves": "UPDATE fact_evidence SET document_key = 99",
    "fact_evidence.category_resolves": "UPDATE fact_evidence SET category_key = 99",
    "fact_evidence.classifier_resolves": "UPDATE fact_evidence SET classifier_key = 9",
    "fact_evidence.quotes_equal_slices": (
        "UPDATE fact_evidence SET char_start = char_start + 1, char_end = char_end + 1"
    ),
    "fact_evidence.quotes_in_article": (
        "UPDATE fact_evidence SET char_start = 0, char_end = 1, exact = chr(65279)"
    ),
    "fact_evidence.contribution_finite": (
        "UPDATE fact_evidence SET contribution = 'inf'"
    ),
    "fact_mention.article_resolves": "UPDATE fact_mention SET article_key = 99",
    "fact_mention.document_resolves": "UPDATE fact_mention SET document_key = 99",
    "fact_mention.quotes_equal_slices": "UPDATE fact_mention SET exact = 'Dum'",
    "fact_mention.quotes_in_article": (
        "UPDATE fact_mention SET char_start = 0, char_end = 1, exact = chr(65279)"
    ),
    "fact_mention.place_resolves": (
        "UPDATE fact_mention SET place_key = 99 WHERE place_key = 5"
    ),
    "fact_mention.actor_resolves": (
        "UPDATE fact_mention SET actor_key = 99 WHERE actor_key = 6"
    ),
    "fact_mention.member_given": "UPDATE fact_mention SET actor_key = 0",
    "fact_mention.kind_known": "UPDATE fact_mention SET kind = 'ship'",
    "fact_mention.role_known": "UPDATE fact_mention SET role = 'caption'",
    "fact_mention.score_in_range": "UPDATE fact_mention SET score = 1.1",
    "fact_quantity.article_resolves": "UPDATE fact_quantity SET article_key = 99",
    "fact_quantity.document_resolves": "UPDATE fact_quantity SET document_key = 99",
    "fact_quantity.quotes_equal_slices": "UPDATE fact_quantity SET exact = '3 m'",
    "fact_quantity.quotes_in_article": (
        "UPDATE fact_quantity SET speaker_start = 0, speaker_end = 1"
    ),
    "fact_quantity.place_resolves": "UPDATE fact_quantity SET place_key = 99",
    "fact_quantity.type_known": "UPDATE fact_quantity SET quantity_type = 'votes'",
    "fact_quantity.values_in_order": "UPDATE fact_quantity SET value_high = 2",
    "fact_quantity.currency_of_money": (
        "UPDATE fact_quantity SET quantity_type = 'killed'"
    ),
    "fact_quantity.speaker_at_a_span": "UPDATE fact_quantity SET speaker = NULL",
    "fact_article_pair.articles_resolve": (
        "INSERT INTO fact_article_pair "
        "SELECT article_key, 9223372036854775807, 0.9, 0.5, 1, 1 "
        "FROM fact_article"
    ),
    "fact_article_pair.keys_in_order": (
        "INSERT INTO fact_article_pair SELECT max(article_key), min(article_key), "
        "0.9, 0.5, 1, 1 FROM fact_article"
    ),
    "fact_article_pair.pair_unique": (
        "INSERT INTO fact_article_pair SELECT min(article_key), max(article_key), "
        "0.9, 0.5, 1, 1 FROM fact_article, range(2) GROUP BY range"
    ),
    "fact_article_pair.containment_in_range": (
        "INSERT INTO fact_article_pair SELECT min(article_key), max(article_key), "
        "'nan', 0.5, 1, 1 FROM fact_article"
    ),
    "fact_article_pair.resemblance_in_range": (
        "INSERT INTO fact_article_pair SELECT min(article_key), max(article_key), "
        "0.4, 0.5, 1, 1 FROM fact_article"
    ),
    "bridge_article_story.article_in_one_story": (
        f"DELETE FROM bridge_article_story WHERE {FIRST}"
    ),
    "bridge_article_story.article_resolves": (
        "INSERT INTO bridge_article_story VALUES (99, 99, 1, 1)"
    ),
    "bridge_article_story.story_resolves": (
        "UPDATE bridge_article_story SET story_key = 99"
    ),
    "quarantine.reason_present": (
        "INSERT INTO quarantine VALUES (1, 0, 1, 'clean', NULL, '', 1, 'open')"
    ),
    "quarantine.reason_known": (
        "INSERT INTO quarantine VALUES (1, 0, 1, 'clean', 'mood', '', 1, 'open')"
    ),
    "quarantine.stage_present": (
        "INSERT INTO quarantine VALUES (1, 0, 1, NULL, 'no_body', '', 1, 'open')"
    ),
    "quarantine.span_sound": (
        "INSERT INTO quarantine VALUES (1, 5, 5, 'clean', 'no_body', '', 1, 'open')"
    ),
}


def failed_codes(report):
    return set(report.results.filter(~pl.col("success"))["code"])


def staging(connection, statements):
    connection.execute("USE staging")
    for statement in statements.split("; "):
        connection.execute(statement)
    connection.execute("USE main")


def test_valid_load_fails_nothing(staged):
    report = audit(staged, run_date=RUN_DATE)

    assert failed_codes(report) == set()
    assert report.failed_critical == []
    assert report.failing_rows.is_empty()


@pytest.mark.parametrize("code", BREAKS)
def test_broken_rule_is_found(staged, code):
    staging(staged, BREAKS[code])

    report = audit(staged, run_date=RUN_DATE, limits=STRICT, codes=[code])

    (row,) = report.results.to_dicts()
    assert row["code"] == code
    assert not row["success"]
    assert row["unexpected_count"] > 0
    assert (code in report.failed_critical) == (row["consequence"] == "block")


def test_announced_and_found_articles_are_both_told(staged):
    code = "dim_document.announced_count_found"
    staging(staged, BREAKS[code])

    (row,) = audit(staged, run_date=RUN_DATE, codes=[code]).results.to_dicts()

    assert row["observed"] == "1 of 2 (announced_count 12, articles 2)"
    assert (row["severity"], row["consequence"]) == ("warning", "warn")


def test_every_expectation_is_tripped_by_a_test(staged):
    assert set(audit(staged, run_date=RUN_DATE).results["code"]) == set(BREAKS)


def test_codes_descriptions_and_runbooks_are_written_out(staged):
    results = audit(staged, run_date=RUN_DATE).results

    assert results["code"].is_unique().all()
    assert results["description"].str.len_chars().min() > 12
    assert results["runbook"].str.ends_with(".").sum() + results[
        "runbook"
    ].str.ends_with("?").sum() + results["runbook"].str.ends_with("`").sum() == len(
        results
    )
    severities = dict(results.group_by("consequence").agg("severity").iter_rows())
    assert set(severities["block"]) == {"critical"}
    assert set(severities["quarantine"]) == {"critical", "warning"}
    assert set(severities["warn"]) == {"warning", "info"}


def test_uncommitted_rows_stay_the_loaders(staged):
    audit(staged, run_date=RUN_DATE, codes=["dim_run.key_present"])
    staged.execute("ROLLBACK")

    assert staged.execute("FROM staging.fact_article").fetchall() == []


def test_audit_leaves_no_table_and_no_view(staged):
    asked = "SELECT table_name FROM duckdb_tables() WHERE temporary"
    asked += " UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"

    audit(staged, run_date=RUN_DATE, codes=["fact_evidence.quotes_in_article"])

    assert staged.execute(asked).fetchall() == []


def test_failing_articles_come_with_all_their_places(staged):
    staging(staged, BREAKS["fact_article.title_not_empty"])

    report = audit(staged, run_date=RUN_DATE, codes=["fact_article.title_not_empty"])

    assert report.failed_critical == []
    assert report.failing_rows["detail"].to_list() == ["title_chars is 0"] * 2
    assert report.failing_rows["article_key"].n_unique() == 1
    assert report.failing_rows["document_key"].n_unique() == 2


def test_all_failing_articles_are_listed_however_many(staged):
    staging(
        staged,
        "INSERT INTO fact_article SELECT a.* REPLACE (i AS article_key, '' AS title) "
        "FROM (FROM fact_article LIMIT 1) AS a, range(1, 501) AS r(i)",
    )

    report = audit(staged, run_date=RUN_DATE, codes=["fact_article.title_not_empty"])

    assert report.failing_rows["article_key"].n_unique() == 500


def test_run_is_wrong_where_most_articles_fail_what_none_should(staged):
    some, most = 250, 251
    staging(
        staged,
        "INSERT INTO fact_article SELECT a.* REPLACE (i AS article_key) "
        "FROM (FROM fact_article LIMIT 1) AS a, range(1, 498) AS r(i)",
    )
    code = "fact_article.confidence_in_range"
    spoil = "UPDATE fact_article SET confidence = 2 WHERE article_key < {}"

    staging(staged, spoil.format(some + 1))
    held = audit(staged, run_date=RUN_DATE, codes=[code])
    staging(staged, spoil.format(most + 1))
    wrong = audit(staged, run_date=RUN_DATE, codes=[code])

    assert held.failed_critical == []
    assert held.failing_rows["article_key"].n_unique() == some
    assert wrong.failed_critical == [code]


def test_place_of_what_forbids_publishing_is_named(staged):
    staging(staged, "UPDATE fact_evidence SET contribution = 'inf'")
    limits = Thresholds(few_failures=0)

    report = audit(staged, run_date=RUN_DATE, limits=limits)

    assert report.failed_critical == ["fact_evidence.contribution_finite"]
    assert ".txt, characters " in report.first_place


def test_failing_documents_are_named_once_each(staged):
    staging(staged, BREAKS["document_segment.stretches_join"])

    report = audit(staged, run_date=RUN_DATE)

    held = report.failing_documents
    codes = {"document_segment.stretches_join", "dim_document.char_count_right"}
    assert set(held["expectation_code"]) == codes
    assert held["document_key"].n_unique() == 2
    assert len(held) == 4


def test_what_only_failing_articles_broke_is_settled_by_a_second_look(staged):
    # As in a load: a run counts its characters when it publishes.
    counts = ("total", "in_articles", "separator", "quarantined")
    zeros = ", ".join(f"chars_{name} = 0" for name in counts)
    staging(staged, f"UPDATE dim_run SET {zeros}")
    staging(staged, BREAKS["fact_occurrence.span_in_document"])
    first = audit(staged, run_date=RUN_DATE)
    assert first.unsettled == ["dim_document.characters_add_up"]
    staging(staged, "DELETE FROM fact_occurrence WHERE ordinal = 2")

    later = audit(staged, run_date=RUN_DATE, codes=first.unsettled)
    settled = first.settled_by(later)

    assert settled.failing_documents.is_empty()
    assert settled.failing_rows.equals(first.failing_rows)
    assert failed_codes(settled) == {"fact_occurrence.span_in_document"}
    assert settled.results["code"].equals(first.results["code"])


def test_log_counts_rows_and_checks_and_holds_no_text(staged, caplog):
    caplog.set_level("INFO", logger="expectations")
    staging(staged, f"UPDATE fact_article SET confidence = 2, title = ' ' WHERE {DAM}")

    audit(staged, run_date=RUN_DATE)

    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("56 rows in 23 screens, made in ")
    assert said[1:-1] == [
        "fact_article.title_not_empty fails in 1 of 3 rows: quarantine",
        "fact_article.confidence_in_range fails in 1 of 3 rows: quarantine",
    ]
    assert said[-1].startswith(
        "163 checks passed, 2 warned, 0 failed, 1 articles to hold back, in "
    )
    assert not any(word in line for line in said for word in ("Dam", "Water"))


def test_missing_table_is_no_data_failure(staged):
    staged.execute("DROP TABLE staging.dim_source")

    with pytest.raises(AuditBrokenError, match="could not be checked"):
        audit(staged, run_date=RUN_DATE)


def test_expectation_that_cannot_run_is_no_data_failure(staged, monkeypatch):
    monkeypatch.setitem(auditing.SUITES, "dim_run", _asks_for_missing_column)

    with pytest.raises(AuditBrokenError, match="typo could not"):
        audit(staged, run_date=RUN_DATE, codes=["dim_run.typo"])


def _asks_for_missing_column(_):
    rule = checks.block("typo", "There is such a column", "Correct the suite.")
    return checks.suite("dim_run", checks.present("no_such_column", rule))


def test_connection_still_works_after_a_broken_audit(staged):
    staged.execute("COMMIT")
    staged.execute("DROP TABLE staging.dim_source")

    with pytest.raises(AuditBrokenError):
        audit(staged, run_date=RUN_DATE)

    assert staged.execute("SELECT count(*) FROM staging.dim_author").fetchone() == (3,)


def test_empty_load_fails_nothing(staged):
    staged.execute("ROLLBACK")

    report = audit(staged, run_date=RUN_DATE)

    assert failed_codes(report) == set()
    assert report.results["element_count"].sum() == 0


def test_audit_writes_no_file(staged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    audit(staged, run_date=RUN_DATE, codes=["fact_article.key_present"])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("screen", "codes"),
    [
        ("dim_place", PLACE_KINDS),
        ("dim_actor", ACTOR_KINDS),
        ("fact_mention", (*NAMED_KINDS, *MENTION_ROLES)),
        ("fact_quantity", QUANTITY_TYPES),
    ],
    ids=["places", "actors", "mentions", "quantities"],
)
def test_closed_lists_are_those_of_the_contracts(screen, codes):
    sql = files("expectations.screens").joinpath("sql", f"{screen}.sql").read_text()

    listed = [
        re.findall(r"'(\w+)'", group)
        for group in re.findall(r"IN \(\s*('[^)]*)\)", sql)
    ]

    assert sorted(code for group in listed for code in group) == sorted(codes)
