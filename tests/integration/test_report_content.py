"""Maps and figures of the report, which the stage of contents makes possible."""

import html
import re
from datetime import UTC, datetime

import pytest

from flows.report.report import draw_pages
from tests.many_articles import write_many


def draw(warehouse):
    return next(draw_pages(warehouse, now=datetime.now(UTC)))[1]


def section(page, name):
    return html.unescape(page.split(f'<section id="{name}">')[1].split("</section>")[0])


@pytest.fixture(scope="module")
def of_seed(seeded):
    return draw(seeded.warehouse)


@pytest.fixture(scope="module")
def of_many(tmp_path_factory):
    return draw(write_many(tmp_path_factory.mktemp("many") / "m.duckdb", 150))


def test_every_place_with_a_point_is_on_the_world_map(seeded, of_seed):
    points = seeded.sql(
        "SELECT DISTINCT place FROM place_mention WHERE latitude IS NOT NULL "
        "AND place_kind NOT IN ('country', 'region')"
    )

    drawn = set(
        re.findall("<title>(.*?): [0-9]+ articles?<", section(of_seed, "places"))
    )
    assert len(points) > 10
    assert {point["place"] for point in points} <= drawn


def test_tables_say_what_the_map_shows(seeded, of_seed):
    countries = seeded.sql(
        "SELECT country, count(*) AS articles, "
        "count(*) FILTER (category = 'crisis') AS crisis "
        "FROM article WHERE country IS NOT NULL GROUP BY country"
    )

    rows = re.findall(
        r'<th scope="row">([^<]*)</th><td class="n">(\d+)</td><td class="n">(\d+) ',
        section(of_seed, "places"),
    )
    for row in countries:
        assert (row["country"], str(row["articles"]), str(row["crisis"])) in rows


def test_countries_and_parts_of_the_world_are_no_points(of_many):
    places = section(of_many, "places")
    drawn = set(re.findall("<title>(.*?): ", places))

    assert drawn == {"Almaty", "Dushanbe", "Osh", "Rogun", "Suva"}
    assert "Central Asia" in places


def test_claims_are_told_in_their_words_with_who_says_so(seeded, of_seed):
    claims = seeded.sql("SELECT exact, speaker FROM claim")
    told = re.findall(
        "<q>(.*?)</q>.*?<td>(?:<bdi>(.*?)</bdi>|<em>the article</em>)",
        section(of_seed, "claims"),
        re.DOTALL,
    )

    assert len(told) > 10
    assert any(speaker for _, speaker in told)
    assert set(told) <= {(row["exact"], row["speaker"] or "") for row in claims}


def test_figures_that_exclude_each_other_stand_together(of_many):
    claims = section(of_many, "claims")
    rows = re.findall(
        r'<tr class="conflict">.*?<q>(.*?)</q> <small>(.*?)</small>.*?<bdi>(.*?)</bdi>',
        claims,
        re.DOTALL,
    )

    assert rows[:2] == [
        ("18", "18, Almaty", "the ministry"),
        ("at least 24", "at least 24, Almaty", "doctors"),
    ]
    assert {exact for exact, *_ in rows} == {"18", "at least 24"}
    assert "<q>dozens</q>" in claims  # leaves room for both


def test_report_of_a_run_without_content_has_neither(tmp_path):
    page = draw(write_many(tmp_path / "m.duckdb", 30, with_content=False))

    assert 'id="claims"' not in page
    assert page.count("<circle") == 0
