"""When an article was published and its event happened, rule by rule."""

from datetime import date

import pytest

from tests.article_frames import digests

FILLER = "The council of the town talked about the bridge for a long time."


def dates_of(*bodies: str, run_date: date = date(2024, 6, 30)) -> list[tuple]:
    texts = [f"Title number {row}\n\n{body}" for row, body in enumerate(bodies)]
    found = digests(texts).metadata(run_date=run_date)
    return found.select("published_date", "date_basis", "event_date").rows()


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("It happened on January 5, 2022 in town.", date(2022, 1, 5)),
        ("It happened on 5 January 2022 in town.", date(2022, 1, 5)),
        ("It happened on the 5th of January 2022 in town.", date(2022, 1, 5)),
        ("It happened on 2022-01-05 in town.", date(2022, 1, 5)),
        ("It happened on 05.01.2022 in town.", date(2022, 1, 5)),
        ("It happened on 1/25/2022 in town.", date(2022, 1, 25)),
        ("On the night of January 3-4, 2022, a thief came.", date(2022, 1, 4)),
        ("ON JAN. 5, 2022 IT HAPPENED IN TOWN.", date(2022, 1, 5)),
        (
            "On January 3, 2022 it began and on January 9, 2022 it ended.",
            date(2022, 1, 9),
        ),
    ],
)
def test_full_dates_of_the_text_are_read(body: str, published: date) -> None:
    assert dates_of(body)[0][:2] == (published, "text")


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
        "It was founded on July 4, 1976 by the town.",
        "It ends on May 1, 2025 as everyone knows.",
        "In 2021 and in January 2022 nothing happened.",
    ],
)
def test_no_date_is_better_than_a_wrong_one(body: str) -> None:
    assert dates_of(body)[0][:2] == (None, "unknown")


def test_numbers_are_read_in_the_order_of_their_document() -> None:
    month_first = dates_of("It was on 1/25/2022.", "It was on 2/3/2022.")
    day_first = dates_of("It was on 25/1/2022.", "It was on 2/3/2022.")

    assert month_first[1][0] == date(2022, 2, 3)
    assert day_first[1][0] == date(2022, 3, 2)


def test_event_begins_on_the_first_day_of_a_range() -> None:
    (row,) = dates_of("On the night of January 3-4, 2022, a thief came.")

    assert row == (date(2022, 1, 4), "text", date(2022, 1, 3))


def test_day_without_year_takes_it_from_the_digest() -> None:
    found = dates_of("It was on January 6.", "It was on January 5, 2022.", FILLER)

    assert [row[:2] for row in found] == [
        (date(2022, 1, 6), "text"),
        (date(2022, 1, 5), "text"),
        (date(2022, 1, 5), "document"),
    ]


def test_day_without_year_may_lie_in_the_year_before() -> None:
    found = dates_of("It was on December 30.", "It was on January 5, 2022.")

    assert found[0][0] == date(2021, 12, 30)


def test_digest_whose_dates_disagree_dates_no_other_article() -> None:
    found = dates_of("It was on May 5, 2001.", "It was on May 5, 2011.", FILLER)

    assert found[2][:2] == (None, "unknown")


def test_copyright_year_is_never_a_date() -> None:
    (row,) = dates_of(
        f"{FILLER}\n\nCopyright (c) January 5, 2015. Example Agency, Inc."
    )

    assert row == (None, "unknown", None)


def test_date_line_of_an_export_is_a_record() -> None:
    text = (
        "Title\nThe Example\nMay 5, 2004 Wednesday Final Edition\n\nLength: 44 words\n"
        f"Body\n\n{FILLER} It began on April 1, 2004.\n\nLoad-Date: May 9, 2004"
    )

    found = digests([text]).metadata().select("published_date", "date_basis")

    assert found.row(0) == (date(2004, 5, 5), "record")


def test_dateline_day_takes_its_year_from_the_text() -> None:
    (row,) = dates_of("TOWNSVILLE, March 9 (Reuters) - It began on March 2, 2012.")

    assert row[:2] == (date(2012, 3, 9), "dateline")


def test_weekday_is_the_last_one_before_publication() -> None:
    (row,) = dates_of("TOWN, March 9, 2012 (Reuters) - It happened on Thursday.")

    assert row == (date(2012, 3, 9), "dateline", date(2012, 3, 8))


def test_event_is_the_first_past_day_named() -> None:
    (row,) = dates_of(
        "By May 9, 2022 it shall end. On May 1, 2022 it began, "
        "on May 3, 2022 it stopped."
    )

    assert row == (date(2022, 5, 3), "text", date(2022, 5, 1))


def test_file_name_dates_what_nothing_else_does() -> None:
    frames = digests([f"Title\n\n{FILLER}"], file_names=["news_2022-01-06.txt"])

    found = frames.metadata().select("published_date", "date_basis")

    assert found.row(0)[0] == date(2022, 1, 6)


def test_nothing_is_published_after_the_run() -> None:
    (row,) = dates_of("It was on June 5, 2024.", run_date=date(2024, 6, 1))

    assert row[:2] == (None, "unknown")
