import polars as pl
import pytest

from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.text.buffers import buffer_documents


def scan(*texts: str) -> pl.DataFrame:
    return pl.DataFrame(find_dates(buffer_documents(pl.DataFrame({"text": texts}))))


@pytest.mark.parametrize(
    ("text", "year", "month", "first", "last"),
    [
        ("January 3-4, 2022", 2022, 1, 3, 4),
        ("January 3 – 4, 2022", 2022, 1, 3, 4),
        ("Sept. 4", 0, 9, 4, 4),
        ("6th of March", 0, 3, 6, 6),
        ("March 12 2013", 2013, 3, 12, 12),
        ("DECEMBER 21,1989", 1989, 12, 21, 21),
        ("14-Mar-2013", 2013, 3, 14, 14),
        ("2022-01-06", 2022, 1, 6, 6),
        ("06.01.2022", 2022, 1, 6, 6),
        ("5 May 2021", 2021, 5, 5, 5),
        ("May 5 2021", 2021, 5, 5, 5),
        ("26-FEB-1990", 1990, 2, 26, 26),
        ("5 janvier 2022", 2022, 1, 5, 5),
        ("5 de enero de 2022", 2022, 1, 5, 5),
        ("5 января 2022", 2022, 1, 5, 5),
        ("5. März", 0, 3, 5, 5),
        ("5. August 2022", 2022, 8, 5, 5),
    ],
)
def test_forms_of_dates_are_read(
    text: str, year: int, month: int, first: int, last: int
) -> None:
    found = scan(f"It was {text}, they say.").filter(pl.col("day") > 0)

    assert found.select("year", "month", "day", "last_day").rows() == [
        (year, month, first, last)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "may 5",
        "May 3,000",
        "March 5.2 km",
        "May 7:30",
        "March 40",
        "Marching 5",
        "Mayor 5",
        "May 5%",
        "12022-01-06",
        "2022-13-45",
        "éMay 5",
        "the 5 major parties",
        "10 de la Rua",
        "at the age of 5. August was warm",
        "",
    ],
)
def test_lookalikes_are_no_dates(text: str) -> None:
    assert scan(text).is_empty()


def test_months_and_years_alone_are_found() -> None:
    found = scan("In May 2021, or (1999), or 2000 but not 2,000 or $2000 or 2000%.")

    assert found.select("year", "month", "day").rows() == [
        (2021, 5, 0),
        (2021, 0, 0),
        (1999, 0, 0),
        (2000, 0, 0),
    ]


def test_weekdays_are_numbered_from_monday() -> None:
    found = scan("On Thursday", "SUNDAY, monday")

    assert found.select("row", "weekday").rows() == [(0, 4), (1, 7)]


def test_place_is_the_byte_in_its_own_text() -> None:
    found = scan("é", "éé 5 May")

    assert found.select("row", "at").rows() == [(1, 5)]


def test_more_mentions_than_expected_are_all_found() -> None:
    found = scan("May 5 " * 5000)

    assert len(found) == 5000
