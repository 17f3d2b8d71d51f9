"""The posterior of whole groups is what a plain one gives, article by article."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract_metadata.dates import day_windows
from transforms.extract_metadata.dates.day_windows import Groups, judge_groups
from transforms.extract_metadata.dates.mentions import NO_DAY
from transforms.extract_metadata.dates.votes import (
    IN_YEAR,
    ON_DAY,
    ON_WEEKDAY,
    Tables,
    Votes,
)

START, REACH = 18_000, 30_000
DAYS = np.arange(START, START + day_windows.WINDOW_DAYS)
DATES = [date(1970, 1, 1) + timedelta(int(day)) for day in DAYS]
BASE = 1 / (START + day_windows.WINDOW_DAYS)
EDGES = [-REACH, -40, -3, 0, 1, 8, 300, REACH + 1]
SHARES = np.array([[0.1, 0.5, 1, 90, 20, 2, 0.3], [0.4, 0.2, 3, 9, 5, 2, 0.1]])
WEEKDAYS = np.array([[3, 1, 0.5, 0.5, 0.5, 0.5, 1], [1, 2, 1, 1, 1, 1, 1]])
TABLES = Tables(
    np.log(np.repeat(SHARES, np.diff(EDGES), axis=1)).astype(np.float32),
    np.log(WEEKDAYS).astype(np.float32),
)
said_days = st.one_of(
    st.tuples(st.just(ON_DAY), st.integers(START, START + 2000)),
    st.tuples(st.just(IN_YEAR), st.integers(0, 364)),
    st.tuples(st.just(ON_WEEKDAY), st.integers(1, 7)),
)
articles = st.lists(
    st.tuples(
        st.lists(st.tuples(said_days, st.integers(0, 1), st.sampled_from([1.0, 0.5]))),
        st.one_of(st.none(), st.integers(START, START + 2000)),
    ),
    min_size=1,
    max_size=4,
)


def say(form: int, day: int, kind: int) -> np.ndarray:
    """Logarithm of what one vote says of each day, looked up day by day."""
    if form == ON_WEEKDAY:
        lags = np.array([(each.isoweekday() - day) % 7 for each in DATES])
        return np.log(WEEKDAYS[kind][lags])
    if form == ON_DAY:
        return TABLES.lags[kind][np.clip(DAYS - day, -REACH, REACH) + REACH]
    plain = [each.replace(year=2021, day=min(each.day, 28)) for each in DATES]
    plain = [
        day_of.timetuple().tm_yday - 1 + (each.day - day_of.day) * (each.day != 29)
        if each.month == 2
        else each.replace(year=2021).timetuple().tm_yday - 1
        for day_of, each in zip(plain, DATES, strict=True)
    ]
    turns = np.array(plain) - day + np.array([[-365], [0], [365]])
    lags = turns[np.abs(turns).argmin(axis=0), np.arange(len(DAYS))]
    return TABLES.lags[kind][lags + REACH]


def spread(days: np.ndarray) -> np.ndarray:
    keep = np.exp(-1 / day_windows.LINK_DAYS)
    reach = np.arange(-63, 64)
    kernel = keep ** np.abs(reach) * (1 - keep) / (1 + keep)
    return np.convolve(days, kernel, mode="same")


def judge_plainly(given_articles: list) -> list[tuple[float, float]]:
    """Probability near the likeliest day, and how much lies before it."""
    owns = []
    for said, stated in given_articles:
        own = np.zeros(len(DAYS))
        for (form, day), kind, weight in said:
            own += weight * say(form, day, kind)
        own = np.exp(own - own.max())
        owns.append((stated == DAYS) * 1.0 if stated else own / own.sum())
    out = day_windows.OUTLIERS
    links = [np.log((1 - out) * spread(own) + out * BASE) for own in owns]
    found = []
    for place, own in enumerate(owns):
        prior = np.full(len(DAYS), BASE)
        if len(owns) > 1:
            others = sum(links[:place] + links[place + 1 :])
            others = np.exp(day_windows.NEIGHBOUR_WEIGHT * (others - others.max()))
            prior = spread(others / others.sum())
        days = own * ((1 - out) * prior + out * BASE)
        days /= days.sum()
        found.append(days)
    return found


@given(articles)
def test_groups_are_judged_as_one_article_after_another(given_articles: list) -> None:
    said = [vote for votes, _ in given_articles for vote in votes]
    counts = [len(votes) for votes, _ in given_articles]
    count = len(given_articles)

    found = judge_groups(
        Groups(
            np.array([0, count]),
            np.arange(count),
            np.array([START]),
            np.array([NO_DAY]),
            np.ones(count, dtype=np.float32),
            np.ones(1, dtype=np.float32),
        ),
        Votes(
            np.append(0, np.cumsum(counts)),
            np.array([kind for _, kind, _ in said], dtype=np.int64),
            np.array([form for (form, _), _, _ in said], dtype=np.int64),
            np.array([day for (_, day), _, _ in said], dtype=np.int64),
            np.array([weight for _, _, weight in said], dtype=np.float32),
        ),
        TABLES,
        np.array([day or NO_DAY for _, day in given_articles]),
    )

    for row, days, (_, stated) in zip(
        found, judge_plainly(given_articles), given_articles, strict=True
    ):
        if stated is None:
            best, near, low, high = int(row[0]), row[1], int(row[2]), int(row[3])
            around = days[max(0, best - day_windows.NEAR_DAYS) : best + 8]
            assert near == pytest.approx(around.sum(), abs=2e-3)
            assert days[best] == pytest.approx(days.max(), rel=2e-2)
            assert days[: low + 1].sum() == pytest.approx(
                max(day_windows.LOW, days[: low + 1].sum()), abs=2e-3
            )
            assert days[:high].sum() <= day_windows.HIGH + 2e-3
