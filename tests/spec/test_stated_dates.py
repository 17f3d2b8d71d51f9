"""Which day an article states as that of its publication, form by form."""

from datetime import date

import pytest

from tests.article_frames import digests

LEAD = (
    "The council of the town has talked about the bridge for a long time, and people "
    "who live near it say that it has been closed for more than two years by now."
)
EPIPHANY = date(2022, 1, 6)


def stated_in(*texts: str) -> list[tuple[date | None, str]]:
    frames = digests(list(texts)).metadata()
    return frames.select("published_date", "date_basis").rows()


def stated_by(line: str, *more: str) -> date | None:
    """What a line under a title states."""
    texts = [
        f"Title number {row}\n\n{each}\n\n{LEAD}"
        for row, each in enumerate((line, *more))
    ]
    day, basis = stated_in(*texts)[0]
    assert (basis == "header") == (day is not None)
    return day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Dienstag 7. Juli 2020", date(2020, 7, 7)),
        ("woensdag 30 november 2011", date(2011, 11, 30)),
        ("12 avril 2013 vendredi", date(2013, 4, 12)),
        ("1er janvier 2013", date(2013, 1, 1)),
        ("miércoles, 5 de enero de 2022", date(2022, 1, 5)),
        ("quinta-feira, 6 de janeiro de 2022", EPIPHANY),
        ("giovedì 6 gennaio 2022", EPIPHANY),
        ("6 stycznia 2022 r.", EPIPHANY),
        ("четвер, 6 січня 2022 року", EPIPHANY),
        ("14:05, 06 января 2022", EPIPHANY),
        ("6 ЯНВАРЯ 2022 Г.", EPIPHANY),
        ("6-го января 2022 года", EPIPHANY),
        ("6 Ocak 2022 Perşembe", EPIPHANY),
        ("2022 жылғы 6 қаңтар", EPIPHANY),
        ("2022-yil 6-yanvar, 14:05", EPIPHANY),
        ("2022 йил 6 январь", EPIPHANY),
        ("6 январи соли 2022", EPIPHANY),
        ("۱۶ دی ۱۴۰۰", EPIPHANY),
        ("۱۴۰۰/۱۰/۱۶", EPIPHANY),
        ("۶ ژانویه ۲۰۲۲", EPIPHANY),
        ("2022 年 1 月 6 日 17:04", EPIPHANY),
        ("28 Feb 94", date(1994, 2, 28)),
        ("06.01.22", EPIPHANY),
        ("06/01/2022 - 14:05", EPIPHANY),
        ("2022/01/06", EPIPHANY),
        ("2022.01.06", EPIPHANY),
        ("05-1-2017", date(2017, 1, 5)),
        ("Jan 06, 2022 14:05 GMT+6", EPIPHANY),
        ("Wed, 27 Nov 2019 05:59:10 +0000", date(2019, 11, 27)),
        ("July 4, 1776", date(1776, 7, 4)),
        ("14 Feb 1603", date(1603, 2, 14)),
    ],
)
def test_forms_of_date_lines_are_read(line: str, day: date) -> None:
    assert stated_by(line, "25.12.2021", "25/12/2021") == day


@pytest.mark.parametrize(
    "line",
    [
        "Updated: Jan 6, 2022, 2:05 PM",
        "Published 6 January 2022",
        "Posted on January 6, 2022 by admin",
        "By Jane Doe | Published: 6 January 2022",
        "The Example, woensdag 6 januari 2022, p. 23",
        "De Noorderpost, donderdag 6 januari 2022, p. 23, 853w.",
        '"Example" gefunden am 06.01.2022 10:36 Uhr',
        '"Example" Nr. 065 vom 06.01.2022      Seite: 9',
        "Example Post, [06.01.2022 14:05]",
        "Дата публикации: 6 января 2022 г.",
        "Erscheinungsdatum: 6. Januar 2022",
        "Mis en ligne le 6 janvier 2022",
        "Fecha de publicación: 6 de enero de 2022",
        "Жарияланған күні: 6 қаңтар 2022",
        "تاریخ انتشار: ۱۶ دی ۱۴۰۰",
        "© Example | 6 January 2022".removeprefix("© "),
    ],
)
def test_mastheads_and_labels_state_a_day(line: str) -> None:
    assert stated_by(line) == EPIPHANY


@pytest.mark.parametrize(
    "line",
    [
        "Load-Date: January 6, 2022",
        "DATE-CHARGEMENT: 6 janvier 2022",
        "Date d'émission : 2022-01-06",
        "Printed on 6 January 2022",
        "Copyright 6 January 2022 Example Agency",
        "Deadline: 6 January 2022",
        "On January 6, 2022,",
        "It was on January 6, 2022.",
        "Since January 6, 2022",
        "01/06/2022",
        "30 February 2022",
        "6 January 2122",
        "Version 6.1.22.4",
    ],
)
def test_other_days_are_not_taken_for_that_of_publication(line: str) -> None:
    frames = digests([f"Title\n\n{line}\n\n{LEAD}"]).metadata()

    assert frames["date_basis"][0] not in ("header", "record")


def test_day_behind_a_title_is_stated() -> None:
    (row,) = stated_in(f"Bridge to open (Example Times, 6 January 2022)\n\n{LEAD}")

    assert row == (EPIPHANY, "header")


@pytest.mark.parametrize(
    "title", ["Remembering September 11, 2001", "What January 6, 2021 was like"]
)
def test_day_in_a_headline_is_what_it_is_about(title: str) -> None:
    ((_, basis),) = stated_in(f"{title}\n\n{LEAD}")

    assert basis != "header"


def test_publication_comes_before_a_later_change() -> None:
    text = f"Title\n\nUpdated: 8 January 2022\n\nPublished: 6 January 2022\n\n{LEAD}"

    assert stated_in(text)[0][0] == EPIPHANY


def test_trailer_states_a_day() -> None:
    assert stated_in(f"Title\n\n{LEAD}\n\n6 January 2022")[0][0] == EPIPHANY


def test_line_within_the_story_states_nothing() -> None:
    text = f"Title\n\n{LEAD}\n\n5 January 2015\n\n{LEAD}\n\n{LEAD}"

    assert stated_in(text)[0][1] != "header"


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("25/12/2021", date(2022, 2, 1)),
        ("12/25/2021", date(2022, 1, 2)),
        ("01/04/2022 08:19 AM", date(2022, 1, 2)),
        ("4 January 2022", date(2022, 1, 2)),
        ("31 January 2022", date(2022, 2, 1)),
        ("3 February 2022", date(2022, 2, 1)),
    ],
)
def test_day_or_month_is_first_by_what_the_whole_file_shows(
    other: str, day: date
) -> None:
    assert stated_by("01/02/2022", other) == day


def test_day_is_first_where_nothing_is_in_english() -> None:
    lead = "De raad van de stad heeft op maandag lang over de nieuwe brug gesproken."

    (row,) = stated_in(f"Een nieuwe brug\n\nDe Courant 05-1-2017\n\n{lead} {lead}")

    assert row == (date(2017, 1, 5), "header")
