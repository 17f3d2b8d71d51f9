"""How much a number of machines would load in a day, and what stops them.

A simulation of loaders that transform chunks of articles and commit them, one snapshot
each, into one lake: `python -m flows.capacity` prints the table of
`warehouse/CAPACITY.md`. What it is fed with was measured; see there. It knows nothing
of Prefect, Dask, or DuckDB.
"""

import heapq
import json
import random
import sys
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

DAY_SECONDS: Final = 86_400
TERABYTE: Final = 10**12
WARM_SHARE: Final = 0.2
# Machines and loaders of the table.
CREWS: Final = (
    (1, 1), (10, 1), (10, 2), (10, 10), (100, 1), (100, 2), (100, 100), (1_000, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Costs:
    """What one machine does, measured, and what it costs, assumed.

    Attributes:
        bytes_per_article: Of raw text.
        cpu_seconds_per_article: Of all stages before the load.
        cores: Of one machine, all used for the transforms.
        load_fixed_seconds: Stage, audit, and commit of a load with nothing in it.
        load_seconds_per_article: What each article adds to that.
        chunk_articles: Articles that one loader commits as one snapshot.
        part_bytes_per_article: Of parts, which wait on the shared folder.
        lake_bytes_per_article: Of the lake, for good.
        machine_price_per_hour: Of one machine.
        storage_price_per_gb_month: Of the shared folder.
    """

    bytes_per_article: float = 3_170.0
    cpu_seconds_per_article: float = 0.001
    cores: int = 16
    load_fixed_seconds: float = 5.0
    load_seconds_per_article: float = 0.000_1
    chunk_articles: int = 100_000
    part_bytes_per_article: float = 3_000.0
    lake_bytes_per_article: float = 3_000.0
    machine_price_per_hour: float = 0.80
    storage_price_per_gb_month: float = 0.023


@dataclass(frozen=True)
class Day:
    """What so many machines do in a day.

    Attributes:
        machines: That transform.
        loaders: Runs at once; each has its share of the machines.
        articles: Committed.
        commits: Snapshots.
        redone: Loads that another one overtook, per commit.
        busy_share: Time that machines transform, rather than wait for a load, 0-1.
    """

    machines: int
    loaders: int
    articles: int
    commits: int
    redone: float
    busy_share: float


def simulate_day(
    machines: int, loaders: int, costs: Costs, *, seconds: float = DAY_SECONDS
) -> Day:
    """Let machines work for a day against one lake.

    A load that another one overtook is staged and audited again on top of it, as
    `warehouse.lake_writer` does. The machines of a run transform nothing while it
    loads. Times are spread by a tenth up and down, the same in every simulation.

    Args:
        machines: Workers, shared evenly among the loaders.
        loaders: Runs at once.
        costs: Per article, per load, and per machine.
        seconds: Length of the day; a warm-up before it is not counted.
    """
    dice = random.Random(1)  # noqa: S311 - no secret
    cores = costs.cores * machines / loaders
    work = costs.chunk_articles * costs.cpu_seconds_per_article / cores
    load = (
        costs.load_fixed_seconds + costs.chunk_articles * costs.load_seconds_per_article
    )
    warm = seconds * WARM_SHARE
    # When a run is done with its work or its load: time, run, start of its load.
    events = [(work * dice.random(), run, -1.0) for run in range(loaders)]
    heapq.heapify(events)
    last_commit = commits = redone = 0.0
    while events[0][0] < warm + seconds:
        now, run, started = heapq.heappop(events)
        is_counted = now >= warm
        if started < 0:
            heapq.heappush(events, (now + load * _spread(dice), run, now))
        elif last_commit > started:
            redone += is_counted
            heapq.heappush(events, (now + load * _spread(dice), run, now))
        else:
            last_commit = now
            commits += is_counted
            heapq.heappush(events, (now + work * _spread(dice), run, -1.0))
    return Day(
        machines,
        loaders,
        articles=int(commits * costs.chunk_articles),
        commits=int(commits),
        redone=redone / max(commits, 1),
        busy_share=min(commits * work / (loaders * seconds), 1.0),
    )


def _spread(dice: random.Random) -> float:
    return dice.uniform(0.9, 1.1)


def price_terabyte(day: Day, costs: Costs) -> dict[str, float]:
    """Time and money of one terabyte of raw digests, at the pace of a day.

    Returns:
        `terabyte_articles`, `hours`, `machine_hours`, `compute_price`, `parts_gb`
        (while it runs), `lake_gb`, and `storage_price_per_month` of the lake.
    """
    articles = TERABYTE / costs.bytes_per_article
    hours = articles / day.articles * 24
    lake_gb = articles * costs.lake_bytes_per_article / 1e9
    return {
        "terabyte_articles": articles,
        "hours": hours,
        "machine_hours": hours * day.machines,
        "compute_price": hours * day.machines * costs.machine_price_per_hour,
        "parts_gb": articles * costs.part_bytes_per_article / 1e9,
        "lake_gb": lake_gb,
        "storage_price_per_month": lake_gb * costs.storage_price_per_gb_month,
    }


def main() -> None:
    """Print the days and the terabyte as JSON; arguments are `name=value` of Costs."""
    kinds = {item.name: item.type for item in fields(Costs)}
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    numbers: dict[str, Any] = {
        name: (int if kinds[name] is int else float)(value)
        for name, value in given.items()
    }
    costs = Costs(**numbers)
    days = [simulate_day(*crew, costs) for crew in CREWS]
    told = {
        "costs": asdict(costs),
        "days": [asdict(day) | price_terabyte(day, costs) for day in days],
    }
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
