"""The simulation behind the capacity page, against what can be worked out by hand."""

from dataclasses import replace

import pytest

from tests.scale.capacity_model import (
    Costs,
    price_terabyte,
    simulate,
    time_largest_file,
)

COSTS = Costs(
    cpu_seconds_per_article=0.001,
    cores=10,
    chunk_articles=100_000,
    load_fixed_seconds=2,
    load_seconds_per_article=0.000_03,
    load_seconds_per_held_article=0,
)
LOAD_SECONDS = 5


DAY = 86_400


def test_one_loader_takes_its_work_and_its_load_in_turn():
    day = simulate((1, 1, 1), COSTS, seconds=DAY)

    assert day.commits == pytest.approx(DAY / (10 + LOAD_SECONDS), rel=0.01)
    assert day.busy_share == pytest.approx(10 / (10 + LOAD_SECONDS), rel=0.02)
    assert day.redone == 0


@pytest.mark.parametrize("loaders", [1, 2, 10])
def test_no_crew_commits_faster_than_loads_follow_each_other(loaders):
    day = simulate((1_000, 1, loaders), COSTS, seconds=DAY)

    assert day.commits <= DAY / (LOAD_SECONDS * 0.9)


def test_second_loader_fills_the_time_in_which_the_first_transforms():
    one, two = (simulate((2, 1, loaders), COSTS, seconds=DAY) for loaders in (1, 2))

    assert one.articles < two.articles
    assert two.redone > 0


def test_load_takes_longer_the_more_the_lake_holds():
    growing = replace(COSTS, load_seconds_per_held_article=1e-5)

    done = simulate((1, 1, 1), growing, articles=100 * COSTS.chunk_articles)

    # Each load waits a second more than the one before it.
    expected = 100 * (10 + LOAD_SECONDS) + sum(range(100))
    assert done.seconds == pytest.approx(expected, rel=0.02)
    assert done.commits == 100


def test_terabyte_costs_its_hours_times_its_machines():
    priced = price_terabyte((10, 1, 1), COSTS)

    assert priced["commits"] == -(-priced["articles"] // COSTS.chunk_articles)
    assert priced["compute_price"] == pytest.approx(
        priced["hours"] * 10 * COSTS.machine_price_per_hour
    )


def test_largest_file_keeps_one_core_for_its_share():
    costs = replace(
        COSTS, file_bytes=COSTS.bytes_per_article * 1000, file_alone_share=0.5
    )

    assert time_largest_file(costs, 1) == pytest.approx(1)
    assert time_largest_file(costs, 10) == pytest.approx(0.55)


def test_lakes_of_their_own_do_not_wait_for_each_other():
    one, ten = (simulate((n, n, 1), COSTS, seconds=DAY) for n in (1, 10))

    assert ten.articles == 10 * one.articles
    assert ten.busy_share == one.busy_share
