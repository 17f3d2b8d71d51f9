"""What becomes the title of an article, and that none is lost for want of one."""

import polars as pl
import pytest

from tests.article_frames import digests
from transforms.clean.clean import clean
from transforms.contracts import HELD_SPANS, TitleBasis
from transforms.deduplicate.deduplicate import add_identity
from transforms.split.split import split

LEAD = "The council of Exampleville met on Monday to talk about the new bridge."
MORE = "It will be built next year, the mayor said, if the money is found in time."
NAME = "Ministry of Internal Affairs of the Republic of Kuhistan"
LONG = (
    "On January 4, 2022, at approximately 10:30 a.m., the driver of an Opel lost "
    "control of the vehicle near the bazaar of the town."
)


LONG_TITLES = (
    (
        "A headline that says all that happened, and asks: will the council of the "
        "town build the new bridge next year or never?"
    ),
    (
        "A Company and its Subsidiary, Another Corporation, Sign Exclusive Worldwide "
        "Distribution Agreement with Somebody Else, Inc."
    ),
)
SEE = "See more of it at the opening of the bridge on Monday."
INVESTIGATED = f"{LONG}\n\nAn investigation is under way."


def read(text: str, *title_lines: int) -> tuple[str, str, str]:
    """Title, its basis, and body, where the splitter took these lines for the title."""
    cleaned = digests([text], title_lines=title_lines).clean().articles
    (row,) = cleaned.select("title", "title_basis", "body").rows()
    return row


@pytest.mark.parametrize(
    "line",
    [
        f"Source: {NAME}",
        "Источник: Example",
        "Copyright 2001 Associated Press",
        "(c) 2015 Example Agency. All rights reserved.",
        "Reporting by Jane Doe; editing by John Smith",
        "SECTION: SUN SAYS; LEADING ARTICLE",
        "BYLINE: George Doe Deputy Political Editor",
        "3 of 12 DOCUMENTS",
        "June 16, 1995, CITY EDITION",
        "https://example.org/bridge",
    ],
)
def test_line_that_cannot_be_a_title_is_none(line):
    above = read(f"{line}\n\nA new bridge\n\n{LEAD}\n\n{MORE}", 0)
    below = read(f"A new bridge\n\n{LEAD}\n\n{MORE}\n\n{line}", 3)

    assert above[:2] == ("A new bridge", "line")
    assert below[:2] == ("A new bridge", "line")
    assert above[2].endswith(f"{LEAD}\n\n{MORE}")
    assert below[2].startswith(f"{LEAD}\n\n{MORE}")


@pytest.mark.parametrize(
    "title",
    [
        "Report: Police Questioned Shooter on Morning of Attack",
        "Agency: 12 killed in blast",
        "Copyright law passes parliament",
        "By boat over the river",
        "From Kabul With Love",
        "1984",
        *LONG_TITLES,
    ],
)
def test_title_that_only_looks_like_such_a_line_stays(title):
    assert read(f"{title}\n\n{LEAD}\n\n{MORE}", 0) == (
        title,
        "line",
        f"{LEAD}\n\n{MORE}",
    )


def test_line_below_mastheads_is_the_title():
    text = (
        "5 of 32 DOCUMENTS\n\nThe Example\n\nMay 5, 2005 Thursday\n\nBrownie point\n\n"
        f"SECTION: NEWS; LEADING ARTICLE\n\nLENGTH: 40 words\n\n{LEAD}\n\n{MORE}"
    )

    assert read(text, 4)[:2] == ("Brownie point", "line")


def test_labelled_title_is_a_field():
    text = f"Example Online\n\nSECTION: News\n\nHEADLINE: A new bridge\n\n{LEAD}"

    assert read(text, 1)[:2] == ("A new bridge", "field")
    assert read(f"Subject: A new bridge\n\n{LEAD}", 0)[:2] == ("A new bridge", "field")


def test_text_without_a_title_line_gets_the_beginning_of_its_lead():
    text = f"Source: {NAME}\n\n{LONG} {MORE}\n\n{LEAD}"

    title, basis, body = read(text, 0)

    assert basis == "lead"
    assert title == (
        "On January 4, 2022, at approximately 10:30 a.m., the driver of an Opel lost "
        "control of the vehicle near the bazaar of"
    )
    assert body == f"{LONG} {MORE}\n\n{LEAD}"


@pytest.mark.parametrize(
    ("lead", "title"),
    [
        (LEAD, LEAD[:-1]),
        ("New bus line. A new bus line connects the town.", "New bus line"),
        ("Mr. Ray met Gov. Doe in St. Example. It rained.", None),
        ("“It rained,” he said. He left.", "“It rained,” he said"),
        ("Who pays? The mayor does not say.", "Who pays?"),
        ("SINGAPORE (AP) - Talks have begun. They go on.", "Talks have begun"),
        ("HOUSTON -(Dow Jones)- Asked why, he left. It rained.", "Asked why, he left"),
        ("Цена выросла на 5%. Министр уехал.", "Цена выросла на 5%"),
        ("水位上升了。雨下了一天。", "水位上升了"),
    ],
)
def test_lead_is_the_first_sentence(lead, title):
    found, basis, body = read(f"{lead}\n\n{LEAD}")

    assert (found, basis) == (title or "Mr. Ray met Gov. Doe in St. Example", "lead")
    assert body == f"{lead}\n\n{LEAD}"


def test_lead_is_quoted_from_its_place():
    text = f"“SINGAPORE”  (AP) - Talks\tin  {LONG} {MORE}\n\n{LEAD}"
    cleaned = digests([text], title_lines=()).clean().articles

    title, runs = cleaned.select("title", "title_runs").row(0)

    for run in runs:
        start, end = run["text_start"], run["text_start"] + run["length"]
        assert title[start:end] == text[run["char_start"] :][: run["length"]]
    assert sum(run["length"] for run in runs) >= len(title) - 2
    assert title.startswith("Talks in On January 4")


@pytest.mark.parametrize(
    ("text", "title_lines", "title", "body"),
    [
        (LEAD, (0,), LEAD[:-1], LEAD),
        (f"A new bridge\n\n{LEAD}", (0, 1), "A new bridge", LEAD),
        (f"A new bridge\n\n{LEAD}", (1,), "A new bridge", LEAD),
        (f"A new bridge\n\n{LONG}\n\nSource: {NAME}", (1,), "A new bridge", LONG),
        (f"A new bridge\n\n{LEAD}\n\nSource: {NAME}", (2,), "A new bridge", LEAD),
        (
            f"A new bridge\n\n{INVESTIGATED}\n\nSource: {NAME}",
            (3,),
            "A new bridge",
            INVESTIGATED,
        ),
        (
            "A new bridge\n\nFrom Monday on the river may be crossed on a new bridge.",
            (0,),
            "A new bridge",
            "From Monday on the river may be crossed on a new bridge.",
        ),
        (f"A new bridge\n\n{SEE}\n\nSource: {NAME}", (0,), "A new bridge", SEE),
    ],
)
def test_no_text_is_lost_where_one_line_moved_repairs_it(
    text, title_lines, title, body
):
    found, _, text_found = read(text, *title_lines)

    assert (found, text_found) == (title, body)


def test_line_that_ends_several_articles_may_be_all_that_one_says():
    foot = f"An investigation is under way\n\nSource: {NAME}"
    texts = [f"Brief {n}\n\n{LONG}\n\n{foot}" for n in range(3)]

    result = digests([*texts, f"By abusing trust\n\n{foot}"]).clean()

    assert result.rejects.is_empty()
    assert result.articles["body"].to_list() == [LONG] * 3 + [foot.partition("\n")[0]]


@pytest.mark.parametrize(
    "text",
    [
        "A new bridge\n\nCopyright 2001. Example. All Rights Reserved.",
        "Source: River Agency\n\nCopyright 2020 River Agency. All rights reserved.",
        "A new bridge",
    ],
)
def test_what_has_no_text_at_all_is_held_back(text):
    (reason,) = digests([text]).clean().rejects["reason_code"]

    assert reason == "no_body"


def test_untitled_lines_without_a_sentence_are_held_back():
    held = digests(["A new bridge opens\n\nOld school closes"], title_lines=()).clean()

    assert held.rejects["reason_code"].to_list() == ["no_title"]


def test_text_is_one_article_whether_its_first_line_is_its_title_or_not():
    text = f"A new bridge\n\n{LEAD}\n\n{MORE}"
    titled = digests([text]).clean().articles
    untitled = digests([text], title_lines=()).clean().articles

    assert untitled["title_basis"].to_list() == [TitleBasis.LEAD]
    assert untitled["title"].to_list() == titled["title"].to_list()
    both = add_identity(pl.concat([titled, untitled]))
    assert both["article_id"].n_unique() == 1


BRIEFS = f"""Theft of livestock

On January 4, 2022, three sheep were stolen from a pen near the bazaar of Panj.

Source: {NAME}

By abusing trust

A 38-year-old resident of Hisor filed a complaint that an acquaintance had taken 12,400\
 somoni from her under the pretext of finding her a job and has not returned the money.

An investigation is under way.

Source: {NAME}

Officers awarded on the eve of the holiday

In the ministry's hall twelve officers received medals and letters of thanks.

Source: {NAME}
"""
TWO_BRIEFS = f"""Theft of livestock

{LONG}

Source: {NAME}

Illegal sale of medicines

During search operations by police a 29-year-old resident of the capital was detained.

The damage is estimated at 12 thousand 400 somoni.

Source: {NAME}
"""
WIDE_GAPS = f"""Armed Robbers Take Payroll From Cotton Mill

Three masked men robbed the cashier's office of a cotton mill and fled with wages\
 worth 410,000 somoni, police said.

A guard was struck on the head. The robbers' car was found near the railway station.

\u00a0

Source: {NAME}

Customs Officer Detained With $40,000 Bribe

The Anti-Corruption Agency has detained a senior customs officer as he accepted 40,000 \
dollars from a trader at the Dostuk terminal.

A criminal case has been opened, and a court has ordered him held for two months.

\u00a0

Source: {NAME}
"""
ERROR_DOCUMENT = """1 of 2 DOCUMENTS

The Daily Beacon

March 21, 2014 Friday

Former bank manager admits falsifying loans

LENGTH: 40 words

A former branch manager has admitted falsifying 31 loan contracts, prosecutors said.

2 of 2 DOCUMENTS

We are sorry but there is an error in this document.
"""


@pytest.mark.parametrize(
    "text", [BRIEFS, TWO_BRIEFS, WIDE_GAPS], ids=["three", "two", "wide gaps"]
)
def test_no_brief_is_lost_and_none_is_named_after_its_source(text):
    frames = split(digests([text]).documents, pl.DataFrame(schema=HELD_SPANS))

    cleaned = clean(frames.buffer, frames.lines, frames.articles)

    assert cleaned.rejects.is_empty()
    assert len(cleaned.articles) >= 1
    assert not cleaned.articles["title"].str.contains("Source|resident|driver").any()


def test_notice_of_a_database_is_no_article():
    frames = split(digests([ERROR_DOCUMENT]).documents, pl.DataFrame(schema=HELD_SPANS))

    cleaned = clean(frames.buffer, frames.lines, frames.articles)

    assert not cleaned.articles["body"].str.contains("We are sorry").any()
