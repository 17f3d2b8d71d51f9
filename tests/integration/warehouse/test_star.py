from dataclasses import replace

import polars as pl
import pytest

from tests.integration.warehouse.conftest import scored_batch
from transforms.errors import ContractError
from transforms.keys import surrogate_key
from transforms.star.quarantine import build_quarantine
from transforms.star.star import build_star
from warehouse.open_reader import open_published
from warehouse.staging.write_part import PART_TABLES, write_part


@pytest.fixture
def star(batch_of, monday, tuesday, classifier):
    return build_star(batch_of(monday | tuesday), classifier, transform_version="1")


def test_every_table_of_a_part_is_built(star):
    assert set(star) == set(PART_TABLES)


def test_article_printed_twice_is_one_row_from_the_smallest_place(star):
    printed = (
        star["fact_occurrence"]
        .group_by("article_key")
        .agg(pl.struct("document_key", "char_start").min().alias("smallest"))
    )

    articles = star["fact_article"].join(printed, on="article_key").unnest("smallest")

    assert len(star["fact_occurrence"]) == 4
    assert len(articles) == 3
    assert articles.filter(
        (pl.col("first_document_key") != pl.col("document_key"))
        | (pl.col("first_char_start") != pl.col("char_start"))
    ).is_empty()


def test_labels_and_evidence_are_those_of_the_chosen_appearance(star):
    chosen = star["fact_article"].select("article_key", "first_document_key")

    assert len(star["fact_classification"]) == 15
    spans = star["fact_evidence"].join(chosen, on="article_key")
    assert (spans["document_key"] == spans["first_document_key"]).all()
    assert len(spans) == 3


def test_facts_resolve_in_the_dimensions_of_their_batch(star):
    for dimension, roles in {
        "source": ["source_key"],
        "author": ["author_key"],
        "place": ["place_key"],
        "category": ["category_key"],
        "classifier": ["classifier_key"],
        "date": [
            *("published_date_key", "published_from_key", "published_to_key"),
            "event_date_key",
        ],
        "document": ["first_document_key"],
    }.items():
        known = [0, *star[f"dim_{dimension}"][f"{dimension}_key"].to_list()]
        for role in roles:
            assert star["fact_article"][role].is_in(known).all(), role
            assert star["fact_article"][role].null_count() == 0


def test_bridge_has_the_authors_of_each_article_in_reading_order(star):
    bridge = star["bridge_article_author"].join(star["dim_author"], on="author_key")
    firsts = bridge.filter(pl.col("ordinal") == 1)

    assert set(bridge.filter(pl.col("ordinal") == 2)["name"]) == {"Second Author"}
    assert len(bridge) == 2 * len(star["fact_article"])
    assert (
        firsts.select("article_key", "author_key")
        .sort("article_key")
        .equals(
            star["fact_article"].select("article_key", "author_key").sort("article_key")
        )
    )


def test_missing_names_get_the_unknown_member(batch_of, monday, classifier):
    batch = batch_of(monday)
    nameless = batch.articles.with_columns(
        pl.lit(None, pl.String).alias("source"),
        pl.lit([], pl.List(pl.String)).alias("authors"),
        *(
            pl.lit(None, pl.Date).alias(f"published_{name}")
            for name in ("date", "from", "to")
        ),
    )

    star = build_star(
        type(batch)(**(vars(batch) | {"articles": nameless})),
        classifier,
        transform_version="1",
    )

    assert star["fact_article"].select(
        "source_key", "author_key", "published_date_key", "event_date_key"
    ).unique().rows() == [(0, 0, 0, 0)]
    assert star["dim_author"].is_empty()
    assert star["dim_date"].is_empty()


def test_days_are_spelled_out(star):
    (saturday,) = star["dim_date"].filter(pl.col("date_key") == 20220101).to_dicts()

    assert saturday["weekday_name"] == "Saturday"
    assert (saturday["iso_year"], saturday["iso_week"]) == (2021, 52)
    assert saturday["is_weekend"]


def test_listed_sources_come_with_their_aliases_and_others_are_inferred(star):
    sources = star["dim_source"]

    reuters = sources.filter(name="Reuters").to_dicts()[0]
    dam = sources.filter(name="Dam Agency").to_dicts()
    court = sources.filter(name="Court Agency").to_dicts()[0]
    assert reuters["source_key"] == surrogate_key("Reuters")
    assert "Thomson Reuters" in reuters["aliases"]
    assert not reuters["is_inferred"]
    assert court["is_inferred"]
    assert len(dam) <= 1


def test_categories_carry_their_iptc_codes(star):
    codes = dict(star["dim_category"].select("code", "iptc_codes").iter_rows())

    assert set(codes) == {"crisis", "energy", "crime", "government", "other"}
    assert "medtop:16000000" in codes["crisis"]
    assert codes["other"] == []


def test_held_span_is_quarantined_in_its_document(star):
    (held,) = star["quarantine"].to_dicts()

    assert held["reason_code"] == "no_body"
    assert held["document_key"] in star["dim_document"]["document_key"]
    assert held["status"] == "open"


def test_file_that_never_became_a_document_has_none():
    rejects = pl.DataFrame(
        {
            "document_id": ["d" * 64, None],
            "path": ["a.bin", "b.bin"],
            "char_start": [None, None],
            "char_end": [None, None],
            "stage": ["decode", "land"],
            "reason_code": ["binary", "unreadable"],
            "detail": ["NUL", "denied"],
        }
    )

    rows = build_quarantine(rejects)

    assert rows["document_key"].to_list() == [0, 0]
    assert rows["quarantine_key"].n_unique() == 2
    assert build_quarantine(pl.concat([rejects, rejects])).equals(rows)


def test_empty_batch_fills_only_the_reference_lists(batch_of, classifier):
    star = build_star(batch_of({}), classifier, transform_version="1")

    assert {table for table, rows in star.items() if len(rows)} == {
        "dim_source",
        "dim_category",
        "dim_classifier",
    }


def test_missing_column_is_named(batch_of, monday, classifier):
    batch = batch_of(monday)
    without = type(batch)(**(vars(batch) | {"scores": batch.scores.drop("weight")}))

    with pytest.raises(ContractError, match=r"SCORES.*weight"):
        build_star(without, classifier, transform_version="1")


def test_author_has_the_spellings_of_all_batches_and_runs(
    mill, second_mill, monday, tuesday, classifier
):
    def spelled(mill, digests, byline):
        batch = scored_batch(digests)
        printed = batch.articles.with_columns(pl.lit(byline).alias("byline"))
        tables = build_star(
            replace(batch, articles=printed), classifier, transform_version="1"
        )
        return write_part(mill.parts, byline[:2].lower(), tables)

    # Monday's articles are printed on Tuesday, too; with them comes another spelling.
    mill.run(spelled(mill, tuesday, "By SECOND AUTHOR"))
    mill.run(spelled(mill, monday, "Author, Second"), run_id="run-2")
    second_mill.run(
        spelled(second_mill, monday, "Author, Second"),
        spelled(second_mill, tuesday, "By SECOND AUTHOR"),
    )

    for warehouse in (mill.warehouse, second_mill.warehouse):
        with open_published(warehouse) as connection:
            assert connection.sql(
                "SELECT name, aliases FROM dim_author WHERE len(aliases) > 0"
            ).fetchall() == [("Second Author", ["Author, Second", "SECOND AUTHOR"])]
