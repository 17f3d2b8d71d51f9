"""The simulation behind the capacity page, against what can be worked out by hand."""

import pytest

from flows.capacity import Costs, price_terabyte, simulate_day

COSTS = Costs(
    cpu_seconds_per_article=0.001, cores=10, chunk_articles=100_000,
    load_fixed_seconds=2, load_seconds_per_article=0.000_03,
)  # fmt: skip
LOAD_SECONDS = 5


def test_one_loader_takes_its_work_and_its_load_in_turn():
    day = simulate_day(1, 1, COSTS)

    assert day.commits == pytest.approx(86_400 / (10 + LOAD_SECONDS), rel=0.01)
    assert day.busy_share == pytest.approx(10 / (10 + LOAD_SECONDS), rel=0.02)
    assert day.redone == 0


@pytest.mark.parametrize("loaders", [1, 2, 10])
def test_no_crew_commits_faster_than_loads_follow_each_other(loaders):
    day = simulate_day(1_000, loaders, COSTS)

    assert day.commits <= 86_400 / (LOAD_SECONDS * 0.9)


def test_second_loader_fills_the_time_in_which_the_first_transforms():
    one, two = (simulate_day(2, loaders, COSTS) for loaders in (1, 2))

    assert one.articles < two.articles
    assert two.redone > 0


def test_terabyte_costs_its_hours_times_its_machines():
    day = simulate_day(10, 1, COSTS)

    priced = price_terabyte(day, COSTS)

    assert priced["hours"] == pytest.approx(
        priced["terabyte_articles"] / day.articles * 24
    )
    assert priced["compute_price"] == pytest.approx(
        priced["hours"] * 10 * COSTS.machine_price_per_hour
    )
