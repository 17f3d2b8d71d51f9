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
        (f"ROME, March 6, 2008, Example-Plus – {LEAD}", "Example-Plus"),
        (f"ROME, 21.06.2022 (EX Example) – {LEAD}", "EX Example"),
        (f"Rome, Feb. 23, 2018. / Example /. {LEAD}", "Example"),
        (f"ROME -(Example Jones)- {LEAD}", "Example Jones"),
        (f"EXAMPLE.COM - {LEAD}", "example.com"),
        (f"{LEAD}\n\nManba: Example axborot agentligi", "Example axborot agentligi"),
        (f"{LEAD}\n\nМанбаъ: Пример", "Пример"),
        (f"{LEAD}\n\nДереккөз: Пример", "Пример"),
        (f"{LEAD}\n\nKaynak: Örnek", "Örnek"),
        (f"{LEAD}\n\nBron: Voorbeeld", "Voorbeeld"),
        (f"{LEAD}\n\nŹródło: Przykład", "Przykład"),
        (f"{LEAD}\n\nمنبع: خبرگزاری نمونه", "خبرگزاری نمونه"),
        (f"{LEAD}\n\nSource:&nbsp;Example &amp; Post", "Example & Post"),
        (f"Source\nExample Society\nPosted\n6 Jan 2022\n\n{LEAD}", "Example Society"),
        (f"De Voorbeeldpost 05-1-2017\n\n{LEAD}", "De Voorbeeldpost"),
        (
            f"Het Voorbeeldblad, woensdag 30 november 2011, p. 23, 853w.\n\n{LEAD}",
            "Het Voorbeeldblad",
        ),
        (
            f"Example Herald, The (Rome, It) - May 5, 2019 - page 1A\n\n{LEAD}",
            "Example Herald",
        ),
        (f"*Example Wire · 5 January 2022*\n\n{LEAD}", "Example Wire"),
        (f"Example Times\n\n{LEAD}", "Example Times"),
        (
            (
                "The new bridge has cost the town a very great deal of money so far\n"
                "By Jane Doe\nExample Staff Writer\nMay 5, 2019\nThe Town Post\n\n"
                f"{LEAD}"
            ),
            "The Town Post",
        ),
        (
            f"By Jane Doe\nStaff Reporter of The Example Post\n\n{LEAD}",
            "The Example Post",
        ),
        (
            f"05/03/2001\nTown Dealer\nMetro\n(c) 2001 Holder Inc.\n\n{LEAD}",
            "Town Dealer",
        ),
        (
            f"{LEAD}\n\nPamir Daily (c) 2021. Republished with permission.",
            "Pamir Daily",
        ),
        (
            f"{LEAD}\n\nAll rights reserved. Reuters content may not be reproduced.",
            "Reuters",
        ),
        (f"{LEAD}\n\n© Example. All material subject to copyright.", "Example"),
        (f"Jane Doe\nMay 5, 2019\n\n{LEAD}", None),
        (f"A new bridge\nMay 5, 2019\n\n{LEAD}", None),
        (f"World News\nMay 5, 2019\n\n{LEAD}", None),
        (f"Late City Edition\nMay 5, 2019\n\n{LEAD}", None),
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
        (f"BY JANE DOE and JOHN O'SMITH\n\n{LEAD}", "Jane Doe; John O'Smith"),
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
            "Jane Doe; John Roe; Ann Poe",
        ),
        (f"BYLINE: Jane Doe; Example Post\n\n{LEAD}", "Jane Doe"),
        (f"BYLINE: By JANE  DOE\n\n{LEAD}", "Jane Doe"),
        (f"BYLINE: AFP\n\n{LEAD}", None),
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
        (f"BYLINE: DOE, JANE\n\n{LEAD}", "Jane Doe"),
        (f"Autor: van der Doe, Jan\n\n{LEAD}", "Jan van der Doe"),
        (f"Author/Byline: Jane Doe, Staff Writer\n\n{LEAD}", "Jane Doe"),
        (
            f"BYLINE: JANE DOE, JOHN ROE, TIMES STAFF WRITERS\n\n{LEAD}",
            "Jane Doe; John Roe",
        ),
        (f"BYLINE: Jane Doe, Rome\n\n{LEAD}", "Jane Doe"),
        (f"BYLINE: Jane Doe; THE WASHINGTON TIMES\n\n{LEAD}", "Jane Doe"),
        (f"BYLINE: jane@example.org, (Jane Doe)\n\n{LEAD}", "Jane Doe"),
        (f"By Jane Doe in Rome and John Roe in Paris\n\n{LEAD}", "Jane Doe; John Roe"),
        (
            f"By Example Journal staff reporters Jane Doe and John Roe\n\n{LEAD}",
            "Jane Doe; John Roe",
        ),
        (f"Jane Doe | Example Post\n\n{LEAD}", "Jane Doe"),
        (f"Jane Doe, for Example Weekly\n\n{LEAD}", "Jane Doe"),
        (
            f"Jane Doe, Al Roe, Example Staff Writers\nMay 5, 2019\n\n{LEAD}",
            "Jane Doe; Al Roe",
        ),
        (f"Jane Doe\nStaff\nMay 5, 2019\nExample Post\n\n{LEAD}", "Jane Doe"),
        (
            f"14:05, 6 января 2022, Бишкек - Пример.kg, Анна Петрова\n\n{LEAD}",
            "Анна Петрова",
        ),
        (f"{LEAD}\n\n— Jane Doe, Example-Post", "Jane Doe"),
        (f"{LEAD}\n\nWritten by Jane Doe based on reporting by Reuters", "Jane Doe"),
        (f"By Staff Reporter\n\n{LEAD}", None),
        (f"{LEAD}\n\n(Reporting by Jane Doe; Editing by John Smith)", None),
        (f"By all means go. {LEAD}", None),
        (LEAD, None),
    ],
)
def test_author_is_named_by_a_byline(body: str, author: str | None) -> None:
    assert metadata_of(body)["authors"] == (author.split("; ") if author else [])


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
        (f"ROME -(Example Jones)- {LEAD}", "ROME"),
        (f"ROME--(EXAMPLE WIRE)--May 5, 2019--{LEAD}", "ROME"),
        (f"?????ROME--{LEAD}", "ROME"),
        (f"(05-04) 06:57 PDT ROME (AP) -- {LEAD}", "ROME"),
        (f"ROME \x01) {LEAD}", "ROME"),
        (f"DEN HAAG, dinsdag\n\n{LEAD}", "DEN HAAG"),
        (f"ROME (AP) via Example Corporation - {LEAD}", "ROME"),
        (f"14:05, 6 января 2022, Бишкек - Пример.kg\n\n{LEAD}", "Бишкек"),
        (f"DATELINE: ROME, Italy, Feb. 7, 2018\n\n{LEAD}", "ROME, Italy"),
        (f"DATELINE: ROME; Mar 21, 2017\n\n{LEAD}", "ROME"),
        (f"Monday, March 24 - {LEAD}", None),
        (f"AUGUSTA -- {LEAD}", "AUGUSTA"),
        (f"MARCH -- {LEAD}", None),
        (f"Vote put off again.\n\nMay 4, 2001\n\nROME - {LEAD}", "ROME"),
        (f"Bridge opens\n\n(Adds detail.)\n\nRome, May 3 (AP) -- {LEAD}", "Rome"),
        (f"Metro\n\nB4\n\n(c) 2001 Example Company\n\nROME -- {LEAD}", "ROME"),
        (f"Published by Example\n\nBy Jane Doe ROME (Reuters) -{LEAD}", "ROME"),
        (f"ROME (AP) - {LEAD}\n\nPARIS (AP) - {MORE}", "ROME"),
        (f"{LEAD}\n\nPARIS (AP) - {MORE}", None),
        (f"In short\n\n{LEAD}\n\nPARIS (AP) - {MORE}", None),
        (f"In short\n\nParis: {MORE}", None),
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

    assert found.select("title", "body", "source", "authors", "dateline").row(0) == (
        "Bridge",
        LEAD,
        "The Example",
        ["Jane Doe"],
        "TOWN",
    )


def test_name_before_the_word_count_is_the_author() -> None:
    text = (
        "News\n\nA new bridge\n\nJane Doe\n\n808 words\n\n13 November 2017\n\n"
        f"The Daily Example\n\nDEXA\n\n(c) 2017 X\n\n{LEAD}\n\n{MORE}\n\n"
        "Document DEXA0000201711eb"
    )

    found = digests([text], title_lines=(1,)).metadata()

    assert found.select("source", "authors", "body").row(0) == (
        "The Daily Example",
        ["Jane Doe"],
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

    assert found.select("record_id", "source", "authors").row(0) == (
        "r1",
        "AFP",
        ["John Smith"],
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


def test_title_that_stands_twice_is_no_source_but_what_stands_behind_it_once() -> None:
    page = (
        "New Bridge Opens in Smalltown - Smalltown Today\n\nHome » News\n\n"
        f"New Bridge Opens in Smalltown\n\n06/01/2022\n\n{LEAD}\n\n{MORE}"
    )

    (found,) = digests([page]).metadata().iter_rows(named=True)

    assert found["source"] == "Smalltown Today"


def test_fields_of_databases_are_no_text() -> None:
    coded = f"WC 90 words\nPD 5 May 2019\nSN Example Post\nLP\n{LEAD}\n\nNS gpol : News"
    named = f"{LEAD}\n\nPublication title: Example Post\nDocument URL: example.org/a"
    found = digests([f"A new bridge\n\n{coded}", f"Old school\n\n{named}"]).metadata()

    assert found["body"].to_list() == [LEAD, LEAD]
    assert found["published_date"][0] == date(2019, 5, 5)


def test_publisher_behind_half_of_the_titles_is_the_source() -> None:
    articles = [f"Title {row} - Example Site\n\n{LEAD}" for row in "AB"]

    found = digests([*articles, f"Other title (Town Post, 6 January 2022)\n\n{LEAD}"])

    assert found.metadata()["source"].to_list() == [
        "Example Site",
        "Example Site",
        "Town Post",
    ]


def test_messenger_says_whose_channel_it_was() -> None:
    text = f"Example Post, [06.01.2022 14:05]\nA new bridge\n\n{LEAD}"

    assert digests([text], title_lines=(1,)).metadata()["source"].item() == (
        "Example Post"
    )


def test_agency_stands_apart_from_the_publisher() -> None:
    frames = digests(
        [
            f"A\n\nMay 5, 2019\n\nTown Post\n\nROME (Reuters) - {LEAD}",
            f"B\n\nROME (Reuters) - {LEAD}",
        ]
    )

    assert frames.metadata().select("source", "agency").rows() == [
        ("Town Post", "Reuters"),
        ("Reuters", None),
    ]


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (f"{LEAD}\n\nhttps://example.org/a", "https://example.org/a"),
        (f"{LEAD}\n\nSource: https://example.org/a.", "https://example.org/a"),
        (f"Clipped from: https://example.org/a\n\n{LEAD}", "https://example.org/a"),
        (f"{LEAD}\n\nRead more: https://example.org/a", "https://example.org/a"),
        (LEAD, None),
    ],
)
def test_address_is_kept(body: str, url: str | None) -> None:
    assert metadata_of(body)["url"] == url


def test_byline_is_kept_as_printed() -> None:
    found = metadata_of(f"By JANE DOE, Staff Writer\n\n{LEAD}")

    assert (found["byline"], found["authors"]) == (
        "By JANE DOE, Staff Writer",
        ["Jane Doe"],
    )
