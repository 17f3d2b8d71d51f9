"""How much a number of machines would load in a day, and what stops them.

A simulation of loaders that transform chunks of articles and commit them, one snapshot
each, into one lake: `python -m tests.scale.capacity_model` prints the table of
`CAPACITY.md` beside it. What it is fed with was measured; see there. It knows nothing
of Prefect, Dask, or DuckDB.
"""

import heapq
import json
import math
import random
import sys
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

DAY_SECONDS: Final = 86_400
TERABYTE: Final = 10**12
# Machines of the table, the lakes that share them, and the loaders of each lake.
CREWS: Final = (
    (1, 1, 1),
    (10, 1, 1),
    (10, 1, 2),
    (10, 10, 1),
    (100, 1, 1),
    (100, 100, 1),
    (1_000, 1, 1),
    (1_000, 10, 1),
    (1_000, 1_000, 1),
)


@dataclass(frozen=True)
class Costs:
    """What one machine does, measured, and what it costs, assumed.

    Attributes:
        bytes_per_article: Of raw text.
        cpu_seconds_per_article: Of all stages before the load.
        cores: Of one machine, all used for the transforms.
        load_fixed_seconds: Stage, audit, and commit of a load with nothing in it.
        load_seconds_per_article: What each article adds to that.
        load_seconds_per_held_article: What each article adds that is in the lake.
        chunk_articles: Articles that one loader commits as one snapshot.
        part_bytes_per_article: Of parts, which wait on the shared folder.
        lake_bytes_per_article: Of the lake, for good.
        machine_price_per_hour: Of one machine.
        storage_price_per_gb_month: Of the shared folder.
        file_bytes: Of the largest single file.
        file_alone_share: Of its work, what one core does alone, 0-1.
    """

    bytes_per_article: float = 3_250.0
    cpu_seconds_per_article: float = 0.000_7
    cores: int = 16
    load_fixed_seconds: float = 4.5
    load_seconds_per_article: float = 0.000_22
    load_seconds_per_held_article: float = 0.000_005
    chunk_articles: int = 1_000_000
    part_bytes_per_article: float = 2_650.0
    lake_bytes_per_article: float = 2_560.0
    machine_price_per_hour: float = 0.80
    storage_price_per_gb_month: float = 0.023
    file_bytes: float = float(256 << 20)
    file_alone_share: float = 0.57


@dataclass(frozen=True)
class Work:
    """What so many machines did.

    Attributes:
        machines: That transform.
        lakes: Each with its share of the machines and articles.
        loaders: Runs at once per lake; each has its share of the lake's machines.
        seconds: That it took.
        articles: Committed.
        commits: Snapshots.
        redone: Loads that another one overtook, per commit.
        busy_share: Time that machines transform, rather than wait for a load, 0-1.
    """

    machines: int
    lakes: int
    loaders: int
    seconds: float
    articles: int
    commits: int
    redone: float
    busy_share: float


def simulate(
    crew: tuple[int, int, int],
    costs: Costs,
    *,
    seconds: float = math.inf,
    articles: float = math.inf,
) -> Work:
    """Let machines work against lakes, empty at first, until one bound is reached.

    A load that another one overtook is staged and audited again on top of it, as
    `warehouse.lake.lake_writer` does. The machines of a run transform nothing while it
    loads. Times are spread by a tenth up and down, the same in every simulation.

    Args:
        crew: Machines, lakes, and loaders per lake; all share evenly.
        costs: Per article, per load, and per machine.
        seconds: How long.
        articles: How many.
    """
    dice = random.Random(1)
    machines, lakes, loaders = crew
    chunk = costs.chunk_articles
    cores = costs.cores * machines / lakes / loaders
    work = chunk * costs.cpu_seconds_per_article / cores
    load = costs.load_fixed_seconds + chunk * costs.load_seconds_per_article
    # When a run is done with its work or its load: time, run, start of its load.
    events = [(work * dice.random(), run, -1.0) for run in range(loaders)]
    heapq.heapify(events)
    last_commit = now = 0.0
    commits = redone = 0
    while events[0][0] < seconds and commits * chunk * lakes < articles:
        now, run, started = heapq.heappop(events)
        if started >= last_commit:
            last_commit = now
            commits += 1
            heapq.heappush(events, (now + work * _spread(dice), run, -1.0))
            continue
        redone += started >= 0
        held = commits * chunk * costs.load_seconds_per_held_article
        heapq.heappush(events, (now + (load + held) * _spread(dice), run, now))
    return Work(
        *crew,
        seconds=now,
        articles=commits * chunk * lakes,
        commits=commits * lakes,
        redone=redone / max(commits, 1),
        busy_share=min(commits * work / (loaders * now), 1.0),
    )


def _spread(dice: random.Random) -> float:
    return dice.uniform(0.9, 1.1)


def price_terabyte(crew: tuple[int, int, int], costs: Costs) -> dict[str, float]:
    """Time and money of one terabyte of raw digests, loaded into empty lakes.

    Returns:
        The crew, `articles`, `commits`, `hours`, `busy_share`, `machine_hours`,
        `compute_price`, `parts_gb` (while it runs), `lake_gb`, and
        `storage_price_per_month` of the lakes.
    """
    articles = TERABYTE / costs.bytes_per_article
    done = simulate(crew, costs, articles=articles)
    hours = done.seconds / 3600
    lake_gb = articles * costs.lake_bytes_per_article / 1e9
    return {
        "machines": done.machines,
        "lakes": done.lakes,
        "loaders": done.loaders,
        "articles": articles,
        "commits": done.commits,
        "hours": hours,
        "busy_share": done.busy_share,
        "machine_hours": hours * done.machines,
        "compute_price": hours * done.machines * costs.machine_price_per_hour,
        "parts_gb": articles * costs.part_bytes_per_article / 1e9,
        "lake_gb": lake_gb,
        "storage_price_per_month": lake_gb * costs.storage_price_per_gb_month,
    }


def time_largest_file(costs: Costs, cores: int) -> float:
    """Seconds from the start of the largest file to its last part on so many cores."""
    articles = costs.file_bytes / costs.bytes_per_article
    alone = costs.file_alone_share
    return articles * costs.cpu_seconds_per_article * (alone + (1 - alone) / cores)


def main() -> None:
    """Print days, terabyte, and file as JSON; arguments are `name=value` of Costs."""
    kinds = {item.name: item.type for item in fields(Costs)}
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    numbers: dict[str, Any] = {
        name: (int if kinds[name] is int else float)(value)
        for name, value in given.items()
    }
    costs = Costs(**numbers)
    told = {
        "costs": asdict(costs),
        "days": [asdict(simulate(crew, costs, seconds=DAY_SECONDS)) for crew in CREWS],
        "terabyte": [price_terabyte(crew, costs) for crew in CREWS],
        "largest_file_seconds": {
            cores: time_largest_file(costs, cores) for cores in (1, costs.cores)
        },
    }
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
