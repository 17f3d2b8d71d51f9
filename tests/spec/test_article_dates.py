"""When an article was published that does not state it, and when its event happened."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from tests.article_frames import digests
from transforms.extract_metadata.extract_metadata import RECORD_FIELDS

FILLER = "The council of the town talked about the bridge for a long time."
EPIPHANY = date(2022, 1, 6)
A_DAY = timedelta(days=1)
FRESH = (
    "On January 6, 2022, the council met in the town hall and heard a report.",
    "On January 5, 2022, a meeting of the veterans was held in the main hall.",
    "On January 6, 2022, officers arrested a resident of the town for theft.",
    "The road was closed on January 5, 2022, because of heavy snow in the pass.",
)
STALE = "On July 17, 2021, a resident of the town was deceived over a car, he said."


def dates_of(*bodies: str, run_date: date = date(2024, 6, 30)) -> list[dict]:
    texts = [f"Title number {row}\n\n{body}" for row, body in enumerate(bodies)]
    return digests(texts).metadata(run_date=run_date).rows(named=True)


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("It happened on January 5, 2022 in town.", date(2022, 1, 5)),
        ("It happened on 5 January 2022 in town.", date(2022, 1, 5)),
        ("It happened on the 5th of January 2022 in town.", date(2022, 1, 5)),
        ("It happened on 2022-01-05 in town.", date(2022, 1, 5)),
        ("It happened on 05.01.2022 in town.", date(2022, 1, 5)),
        ("It happened on 1/25/2022 in town.", date(2022, 1, 25)),
        ("ON JAN. 5, 2022 IT HAPPENED IN TOWN.", date(2022, 1, 5)),
        ("On the night of January 3-4, 2022, a thief came.", date(2022, 1, 3)),
        ("By May 9, 2022 it shall end. On May 1, 2022 it began.", date(2022, 5, 1)),
    ],
)
def test_event_is_the_first_past_day_named(body: str, day: date) -> None:
    assert dates_of(body)[0]["event_date"] == day


@pytest.mark.parametrize(
    "body",
    [
        "It happened on February 30, 2022 in town.",
        "It happened on 1/5/2022, which may be May or January.",
        "May 3,000 people came and 12.5 or 7:30 are no dates.",
        "He may 5 times march 6 miles.",
        "It was on January 6 and nobody says of which year.",
        "They want it built by January 5, 2022 at the latest.",
        "The vote will be held on January 5, 2022 in town.",
        "It ends on May 1, 2025 as everyone knows.",
        "In 2021 and in January 2022 nothing happened.",
        "It was founded on July 4, 1776 by the town.",
    ],
)
def test_no_day_is_better_than_a_wrong_one(body: str) -> None:
    (row,) = dates_of(body)

    assert (row["published_date"], row["event_date"]) == (None, None)
    assert row["date_basis"] == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        "Banks are closed on January 2. They will reopen on January 3.",
        "The hall is open every day except Monday; children enter free.",
        "The match is played every Friday in the park by the river.",
        "The hall is open Monday to Friday, and children enter free.",
    ],
)
def test_coming_days_and_habits_are_no_events(body: str) -> None:
    (row,) = dates_of(f"30 December 2016, 10:25\n\n{body}")

    assert row["published_date"] == date(2016, 12, 30)
    assert row["event_date"] is None


def test_weekday_is_the_last_one_before_publication() -> None:
    (row,) = dates_of("TOWN, March 9, 2012 (Reuters) - It happened on Thursday.")

    assert (row["published_date"], row["date_basis"]) == (date(2012, 3, 9), "dateline")
    assert row["event_date"] == date(2012, 3, 8)


def test_stated_day_bounds_itself() -> None:
    (row,) = dates_of(f"6 January 2022\n\n{FILLER}")

    assert row["is_date_stated"]
    assert row["published_from"] == row["published_to"] == EPIPHANY


def test_text_of_a_lone_article_bounds_its_day() -> None:
    (row,) = dates_of(STALE)

    assert not row["is_date_stated"]
    assert row["published_from"] >= date(2021, 7, 1)
    assert row["published_to"] > date(2021, 8, 1)


@pytest.mark.parametrize("body", [FILLER, STALE])
def test_article_follows_the_days_of_its_digest(body: str) -> None:
    row = dates_of(*FRESH, body)[-1]

    assert row["date_basis"] == "neighbours"
    assert abs(row["published_date"] - EPIPHANY) <= A_DAY
    assert row["published_from"] <= row["published_date"] <= row["published_to"]
    assert row["published_from"] > date(2021, 12, 1)


def test_stated_days_decide_for_the_articles_around_them() -> None:
    stated = [f"5 May 2019\n\n{FILLER}", f"6 May 2019\n\n{FILLER}"]

    row = dates_of(*stated, "It was on May 5 that the council met again.")[-1]

    assert abs(row["published_date"] - date(2019, 5, 6)) <= A_DAY
    assert not row["is_date_stated"]


def test_digest_of_several_times_lends_nothing() -> None:
    stated = [f"5 May {year}\n\n{FILLER}" for year in (2001, 2005, 2009, 2013)]

    assert dates_of(*stated, FILLER)[-1]["date_basis"] == "unknown"


def test_exports_of_databases_lend_nothing() -> None:
    export = [
        f"Title\nThe Example\nMay {day}, 1995\n\nLength: 44 words\nBody\n\n{FILLER}"
        for day in range(4, 9)
    ]

    found = digests([*export, f"Title\n\n{FILLER}"]).metadata()

    assert found["date_basis"].to_list() == ["record"] * 5 + ["unknown"]


def test_records_lend_nothing() -> None:
    frames = digests([f"Title {row}\n\n{FILLER}" for row in range(4)])
    fields = pl.DataFrame(
        {
            "article_row": range(4),
            "record_id": None,
            "source": None,
            "author": None,
            "date": ["2022-06-02", "2022-06-02T10:00:00Z", "2 June 2022", None],
            "url": None,
        },
        schema=RECORD_FIELDS,
    )

    found = frames.metadata(fields)

    assert found["published_date"].to_list() == [date(2022, 6, 2)] * 3 + [None]
    assert found["date_basis"].to_list() == ["record"] * 3 + ["unknown"]


def test_copyright_year_is_never_a_date() -> None:
    (row,) = dates_of(
        f"{FILLER}\n\nCopyright (c) January 5, 2015. Example Agency, Inc."
    )

    assert (row["published_date"], row["published_from"]) == (None, None)


def test_date_line_of_an_export_is_a_record() -> None:
    text = (
        "Title\nThe Example\nMay 5, 2004 Wednesday Final Edition\n\nLength: 44 words\n"
        f"Body\n\n{FILLER} It began on April 1, 2004.\n\nLoad-Date: May 9, 2004"
    )

    found = digests([text]).metadata().select("published_date", "date_basis")

    assert found.row(0) == (date(2004, 5, 5), "record")


def test_dateline_without_a_year_takes_it_from_the_digest() -> None:
    row = dates_of(*FRESH, "TOWNSVILLE, Jan 5 (Reuters) - The council met again.")[-1]

    assert abs(row["published_date"] - EPIPHANY) <= A_DAY
    assert (row["date_basis"], row["is_date_stated"]) == ("dateline", False)


def test_file_name_dates_what_nothing_else_does() -> None:
    frames = digests([f"Title\n\n{FILLER}"], file_names=["news_2022-01-06.txt"])

    found = frames.metadata().select("published_date", "date_basis", "is_date_stated")

    assert found.row(0) == (EPIPHANY, "file_name", False)


def test_day_of_a_mail_dates_what_nothing_else_does() -> None:
    frames = digests([f"Title\n\n{FILLER}"], file_names=["news_2021-12-31.eml"])
    mail = frames.documents.with_columns(dated=pl.lit(EPIPHANY))

    found = replace(frames, documents=mail).metadata()

    assert found.row(0, named=True)["published_date"] == EPIPHANY
    assert found.row(0, named=True)["date_basis"] == "header"
    assert not found.row(0, named=True)["is_date_stated"]


def test_day_of_a_mail_dates_nothing_that_is_older() -> None:
    frames = digests([f"Title {row}\n\n{body}" for row, body in enumerate(FRESH)])
    mail = frames.documents.with_columns(dated=pl.lit(date(2024, 6, 30)))

    found = replace(frames, documents=mail).metadata(run_date=date(2024, 7, 1))

    assert found["published_date"].max() < date(2022, 1, 14)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2 days ago", 2),
        ("By Ann Smith · 3 days ago", 3),
        ("30 hours ago", 1),
        ("5 hours ago", 0),
        ("1 week ago", 7),
        ("Yesterday at 14:05", 1),
        ("вчера в 14:05", 1),
        ("3 дня назад", 3),
        ("vor 4 Tagen", 4),
        ("il y a 2 jours", 2),
        ("hace 2 días", 2),
        ("2 dagen geleden", 2),
        ("3 gün önce", 3),
        ("The bridge fell 2 days ago and nobody was hurt, the town council said", 0),
    ],
)
def test_time_told_by_how_long_ago_it_was_counts_from_the_day_of_its_mail(line, days):
    frames = digests([f"Title\n\n{line}\n\n{FILLER}"])
    mail = frames.documents.with_columns(dated=pl.lit(EPIPHANY))
    (row,) = replace(frames, documents=mail).metadata().rows(named=True)

    assert row["published_date"] == EPIPHANY - days * A_DAY
    assert not row["is_date_stated"]


def test_time_told_by_how_long_ago_it_was_says_nothing_alone() -> None:
    (row,) = dates_of(f"2 days ago\n\n{FILLER}")

    assert row["published_date"] is None


def test_nothing_is_published_after_the_run() -> None:
    found = dates_of(*FRESH, run_date=date(2022, 1, 6))

    assert max(row["published_to"] for row in found) <= EPIPHANY
