"""Publisher, author, and place, convention by convention."""

from datetime import date

import polars as pl
import pytest

from tests.article_frames import digests
from transforms.extract_metadata.extract_metadata import RECORD_FIELDS

LEAD = "The council of the town met on Monday to talk about the new bridge."
MORE = "It will be built next year, the mayor said, if the money is found in time."


def metadata_of(body: str) -> dict[str, object]:
    return digests([f"A new bridge\n\n{body}"]).metadata().row(0, named=True)


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (f"{LEAD}\n\nSource: Reuters", "Reuters"),
        (f"{LEAD}\n\nSource: The Daily Example.", "The Daily Example"),
        (f"{LEAD}\n\nOriginal: Agence France-Presse", "AFP"),
        (f"{LEAD}\n\nSource: https://www.example.org/a/b", "example.org"),
        (f"{LEAD}\n\nCopyright (c) 2015. RFE/RL, Inc. Reprinted.", "RFE/RL"),
        (f"{LEAD}\n\n© 2004 BBC News", "BBC News"),
        (f"{LEAD}\n\n(c) 2017 Example Newspapers Ltd", "Example Newspapers"),
        (f"Published by\nReuters\n\n{LEAD}\n\n{MORE}", "Reuters"),
        (f"NEW YORK (Reuters) - {LEAD}", "Reuters"),
        (f"PARIS (AFP) — {LEAD}", "AFP"),
        (f"BEIJING, Jan. 5 (Xinhua) -- {LEAD}", "Xinhua"),
        (f"MOSCOW, January 6. /TASS/. {LEAD}", "TASS"),
        (f"ASTANA. KAZINFORM – {LEAD}", "Kazinform"),
        (f"(Reuters) - {LEAD}", "Reuters"),
        (f"{LEAD}\n REUTER", "Reuters"),
        (f"{LEAD} REUTER", "Reuters"),
        (f"{LEAD}\n\n(AFP)", "AFP"),
        (f"{LEAD}\n\n-- Newswire", "Newswire"),
        (f"[REPORT] [RADIO EXAMPLE] [TEXT] {LEAD}", "FBIS"),
        (f"{LEAD} (AFP)", "AFP"),
        (f"{LEAD} Kyodo", "Kyodo"),
        (f"WC 90 words\nPD 5 May 2019\nSN Example Post\nLP\n{LEAD}", "Example Post"),
        (f"Publication info: Example Post ; Rome: 7.\n\n{LEAD}", "Example Post"),
        (f"Paper: Example Post [Rome]5 May 2019: 7\n\n{LEAD}", "Example Post"),
        (f"{LEAD}\n\nPublication title: Example Post\nISSN: 123", "Example Post"),
        (f"<TEXT>\nMay 5, 2019\n\n{LEAD}", None),
        (f"{LEAD} (Example News Agency)", "Example News Agency"),
        (f"{LEAD}\n\nSource: Example Post, January 5, 2022", "Example Post"),
        (f"{LEAD}\n\n(Source: Example Post)", "Example Post"),
        (f"{LEAD}\n\nCourtesy of Example Post", "Example Post"),
        (f"{LEAD}\n\nvia Example Post", "Example Post"),
        (f"{LEAD}\n\nPublisher: Example Post", "Example Post"),
        (f"{LEAD}\n\nQuelle: Beispiel", "Beispiel"),
        (f"{LEAD}\n\nИсточник: Пример", "Пример"),
        (f"{LEAD}\n\nOriginally published in Example Post", "Example Post"),
        (f"{LEAD}\n\nThis story first appeared in Example Post.", "Example Post"),
        (f"{LEAD}\n\nFirst published by Example Post on May 5, 2019", "Example Post"),
        (f"{LEAD}\n\n© Example Post 2019", "Example Post"),
        (f"{LEAD}\n\n(c) Example Post, 2019", "Example Post"),
        (f"{LEAD}\n\nReuters, January 5, 2019", "Reuters"),
        (f"{LEAD}\n\n(Example News Agency)", "Example News Agency"),
        (f"Example Post | January 5, 2019\n\n{LEAD}", "Example Post"),
        (f"January 5, 2019 | Example Post\n\n{LEAD}", "Example Post"),
        (f"Example Post - 5 January 2019\n\n{LEAD}", "Example Post"),
        (f"SMALLTOWN (Example Agency) - {LEAD}", "Example Agency"),
        (f"Tehran, Jan 5, IRNA - {LEAD}", "IRNA"),
        (f"TEHRAN, Jan 5 - U.S. officials met. {LEAD}", None),
        (f"Washington, January 5, 2019\n\n{LEAD}", None),
        (LEAD, None),
        (f"{LEAD}\n\nPhoto: Reuters", None),
        (f"{LEAD}\n\n-- Robert Example", None),
    ],
)
def test_source_is_named_by_its_convention(body: str, source: str | None) -> None:
    assert metadata_of(body)["source"] == source


def test_unseen_publisher_is_an_inferred_member() -> None:
    assert metadata_of(f"{LEAD}\n\nSource: Example Post")["is_source_inferred"] is True
    assert metadata_of(f"{LEAD}\n\nSource: Reuters")["is_source_inferred"] is False


@pytest.mark.parametrize(
    ("body", "author"),
    [
        (f"By Jane Doe\n\n{LEAD}", "Jane Doe"),
        (f"BY JANE DOE and JOHN O'SMITH\n\n{LEAD}", "JANE DOE and JOHN O'SMITH"),
        (f"By Jane van Doe NEW CITY (Reuters) -{LEAD}", "Jane van Doe"),
        (f"{LEAD} By Jane Doe for Example.com", "Jane Doe"),
        (f"By Jane Doe in Smalltown\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe, Staff Writer\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe | Associated Press\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe, AP Business Writer\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe of the Example Post\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe | January 5, 2022\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe (jane@example.org)\n\n{LEAD}", "Jane Doe"),
        (
            f"By Jane Doe, John Roe and Ann Poe\n\n{LEAD}",
            "Jane Doe, John Roe and Ann Poe",
        ),
        (f"BYLINE: Jane Doe; Example Post\n\n{LEAD}", "Jane Doe; Example Post"),
        (f"BYLINE: By JANE  DOE\n\n{LEAD}", "By JANE DOE"),
        (f"BYLINE: AFP\n\n{LEAD}", "AFP"),
        (f"BYLINE: ---\n\n{LEAD}", None),
        (f"By our correspondent\n\n{LEAD}", None),
        (f"Jane Doe reports\n\n{LEAD}", "Jane Doe"),
        (f"Jane Doe, Staff Writer\n\n{LEAD}", "Jane Doe"),
        (f"Story by Jane Doe\n\n{LEAD}", "Jane Doe"),
        (f"Text by Jane Doe, photos by John Roe\n\n{LEAD}", "Jane Doe"),
        (f"Text: Jane Doe\n\n{LEAD}", "Jane Doe"),
        (f"Par Jane Doe\n\n{LEAD}", "Jane Doe"),
        (f"Автор: Иван Петров\n\n{LEAD}", "Иван Петров"),
        (f"{LEAD}\n\nBy Jane Doe", "Jane Doe"),
        (f"{LEAD}\n\nWritten by Jane Doe", "Jane Doe"),
        (f"{LEAD}\n\n— Jane Doe", "Jane Doe"),
        (f"{LEAD}\n\n-- Example News Agency", None),
        (f"{LEAD}\n\nPhoto: Jane Doe", None),
        (f"Photo by Jane Doe\n\n{LEAD}", None),
        (f"By Reuters\n\n{LEAD}", None),
        (f"By Staff Reporter\n\n{LEAD}", None),
        (f"{LEAD}\n\n(Reporting by Jane Doe; Editing by John Smith)", None),
        (f"By all means go. {LEAD}", None),
        (LEAD, None),
    ],
)
def test_author_is_named_by_a_byline(body: str, author: str | None) -> None:
    assert metadata_of(body)["author"] == author


@pytest.mark.parametrize(
    ("body", "dateline"),
    [
        (f"ALMATY (Reuters) - {LEAD}", "ALMATY"),
        (f"By Jane Doe NEW DELHI (Reuters) -{LEAD}", "NEW DELHI"),
        (
            f"SAN FRANCISCO/NEW YORK, Sept 4 (Reuters) - {LEAD}",
            "SAN FRANCISCO/NEW YORK",
        ),
        (f"SMALLTOWN, Iraq, July 7 (Reuters) - {LEAD}", "SMALLTOWN"),
        (f"SMALLTOWN, Calif., March 9 - {LEAD}", "SMALLTOWN"),
        (f"SMALLTOWN, Mo. — {LEAD}", "SMALLTOWN"),
        (f"WASHINGTON -- {LEAD}", "WASHINGTON"),
        (
            f"Dateline: Smalltown, Ont.\nLength: 9 words\nBody\n\n{LEAD}",
            "Smalltown, Ont.",
        ),
        (f"LONDON and PARIS (Reuters) - {LEAD}", "LONDON and PARIS"),
        (f"SMALLTOWN (Example Agency) - {LEAD}", "SMALLTOWN"),
        (f"Smalltown, 5 January (Example Agency) - {LEAD}", "Smalltown"),
        (f"PARIS, 5 January 2019 - {LEAD}", "PARIS"),
        (f"SMALLTOWN — {LEAD}", "SMALLTOWN"),
        (f"NEW DELHI: {LEAD}", "NEW DELHI"),
        (f"TOKYO, Jan. 5, Kyodo - {LEAD}", "TOKYO"),
        (f"BAKU, Azerbaijan, January 5. {LEAD}", "BAKU"),
        (f"Smalltown, March 24 - {LEAD}", "Smalltown"),
        (f"Monday, March 24 - {LEAD}", None),
        (f"МОСКВА, 5 января (РИА Новости) - {LEAD}", "МОСКВА"),
        (f"WATCH: {LEAD}", None),
        (f"EXCLUSIVE — {LEAD}", None),
        (f"NATO — {LEAD}", None),
        (f"SMALLTOWN — {LEAD.upper()}", None),
        (f"(Reuters) - {LEAD}", None),
        (f"UPDATE - {LEAD}", None),
        (f"A UCR (RADICAL UNION) SPOKESMAN TALKED. {LEAD}", None),
        (f"The House (see above) - {LEAD}", None),
        (LEAD, None),
    ],
)
def test_dateline_is_the_place_as_written(body: str, dateline: str | None) -> None:
    assert metadata_of(body)["dateline"] == dateline


def test_export_fields_name_all() -> None:
    text = (
        "1 of 2 DOCUMENTS\n\nThe Example (Town)\n\nMarch 14, 2013 Thursday\n\n"
        "Bridge\n\nLENGTH: 20 words\n\nBYLINE: Doe, Jane\n\n"
        f"DATELINE: TOWN, March 14 2013\n\n{LEAD}\n\nLOAD-DATE: March 15, 2013\n\n"
        "Copyright 2013 Example Group\nAll Rights Reserved"
    )

    found = digests([text], title_lines=(3,)).metadata()

    assert found.select("title", "body", "source", "author", "dateline").row(0) == (
        "Bridge",
        LEAD,
        "The Example (Town)",
        "Doe, Jane",
        "TOWN, March 14 2013",
    )


def test_name_before_the_word_count_is_the_author() -> None:
    text = (
        "News\n\nA new bridge\n\nJane Doe\n\n808 words\n\n13 November 2017\n\n"
        f"The Daily Example\n\nDEXA\n\n(c) 2017 X\n\n{LEAD}\n\n{MORE}\n\n"
        "Document DEXA0000201711eb"
    )

    found = digests([text], title_lines=(1,)).metadata()

    assert found.select("source", "author", "body").row(0) == (
        "The Daily Example",
        "Jane Doe",
        f"{LEAD}\n\n{MORE}",
    )


def test_record_fields_come_first() -> None:
    frames = digests([f"A new bridge\n\nBy Jane Doe\n\n{LEAD}\n\nSource: Reuters"])
    record = {
        "article_row": [0],
        "record_id": ["r1"],
        "source": ["AFP"],
        "author": ["John Smith"],
        "date": ["2022-01-06T10:00:00Z"],
        "url": [None],
    }

    found = frames.metadata(pl.DataFrame(record, schema=RECORD_FIELDS))

    assert found.select("record_id", "source", "author").row(0) == (
        "r1",
        "AFP",
        "John Smith",
    )
    assert found.select("published_date", "date_basis").row(0) == (
        date(2022, 1, 6),
        "record",
    )


def test_digest_of_one_publisher_shares_its_source() -> None:
    signed = [f"Title {row}\n\nTOWN (Reuters) - {LEAD}" for row in range(11)]

    found = digests([*signed, f"Title\n\n{LEAD}"]).metadata()

    assert found["source"].unique().to_list() == ["Reuters"]


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (LEAD, "en"),
        ("Совет города собрался в понедельник, чтобы обсудить новый мост.", "ru"),
        ("Der Rat der Stadt hat am Montag über die neue Brücke beraten.", "de"),
        ("Ja.", "und"),
    ],
)
def test_language_is_told_from_the_first_words(body: str, language: str) -> None:
    assert metadata_of(body)["language"] == language


def test_publisher_behind_a_title_is_the_source() -> None:
    found = digests([f"A new bridge - Reuters\n\n{LEAD}"]).metadata()

    assert found["source"].to_list() == ["Reuters"]


def test_fields_of_databases_are_no_text() -> None:
    coded = f"WC 90 words\nPD 5 May 2019\nSN Example Post\nLP\n{LEAD}\n\nNS gpol : News"
    named = f"{LEAD}\n\nPublication title: Example Post\nDocument URL: example.org/a"
    found = digests([f"A new bridge\n\n{coded}", f"Old school\n\n{named}"]).metadata()

    assert found["body"].to_list() == [LEAD, LEAD]
    assert found["published_date"][0] == date(2019, 5, 5)
