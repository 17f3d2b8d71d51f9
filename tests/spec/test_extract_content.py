"""What articles name and claim: places, persons, organisations, and counted claims."""

import polars as pl
import pytest

from transforms.extract_content.extract_content import extract_content

TITLE = "News of the day"


def content(body, title=TITLE, language="en"):
    return extract_content(
        pl.DataFrame(
            {
                "article_row": [7],
                "title": [title],
                "body": [body],
                "language": [language],
                "dateline": [None],
            },
            schema_overrides={"article_row": pl.UInt32, "dateline": pl.String},
        )
    )


def mentions(body, kind, **how):
    found = content(body, **how).mentions.filter(pl.col("kind") == kind)
    texts = {"title": how.get("title", TITLE), "body": body}
    return {
        texts[row["field"]][row["text_start"] : row["text_end"]]: row
        for row in found.iter_rows(named=True)
    }


def places(body, **how):
    described = content(body, **how).places
    return {
        said: described.row(by_predicate=pl.col("place") == row["place"], named=True)
        for said, row in mentions(body, "place", **how).items()
    }


def claims(body, **how):
    return [
        (
            row["quantity_type"],
            row["value_low"],
            row["value_high"],
            row["unit"] if row["currency"] is None else row["currency"],
        )
        for row in content(body, **how).quantities.iter_rows(named=True)
    ]


def claim(body):
    (row,) = content(body).quantities.iter_rows(named=True)
    return row


@pytest.mark.parametrize(
    ("body", "said", "name", "country"),
    [
        ("A mudflow struck in Panjakent on Tuesday.", "Panjakent", "Panjakent", "TJ"),
        ("He flew to Nur-Sultan on Monday.", "Nur-Sultan", "Astana", "KZ"),
        ("He flew to Astana on Monday.", "Astana", "Astana", "KZ"),
        ("The U.S. Senate voted.", None, None, None),
        ("Talks in the U.S. have failed.", "U.S.", "United States", "US"),
        ("A Moscow-led bloc sent troops.", "Moscow", "Moscow", "RU"),
        ("A driver from Paris, Texas, was jailed.", "Paris", "Paris", "US"),
        ("She moved to Paris last year.", "Paris", "Paris", "FR"),
        ("The level of the Aral Sea fell.", "Aral Sea", "Aral Sea", None),
        ("Work on the Rogun dam goes on.", "Rogun", "Rogun dam", "TJ"),
        ("Fires burn in the Moscow region.", "Moscow", "Moscow Oblast", "RU"),
    ],
)
def test_place_is_found_with_its_country(body, said, name, country):
    found = places(body)

    if said is None:
        assert "U.S." not in found
        return
    assert (found[said]["name"], found[said]["country_iso2"]) == (name, country)


@pytest.mark.parametrize(
    "body",
    [
        "The Ministry of Energy of Uzbekistan declined to comment.",
        "He was fined in March for reading a mobile phone.",
        "They paid 300 US dollars.",
        "Kazakh police said so.",
        "Paris Hilton smiled.",
    ],
)
def test_what_is_no_place_is_none(body):
    assert places(body) == {}


@pytest.mark.parametrize("name", ["Port Ennis Bay", "Whitmoor Lake", "the River"])
def test_kind_of_a_place_is_no_place(name):
    said = places(f"Boats were seen off {name} on Monday, the harbour master said.")

    assert not {"Bay", "Lake", "River"} & said.keys()


def test_dateline_and_title_are_told_apart():
    found = mentions(
        "ALMATY (Agency) - Shops opened again in Almaty.",
        "place",
        title="Calm returns to Kazakhstan",
    )

    assert [found[said]["role"] for said in ("Kazakhstan", "ALMATY", "Almaty")] == [
        "title",
        "dateline",
        "text",
    ]


def test_country_is_that_of_title_and_lead():
    body = "Talks were held in Bishkek on Monday. " + "Shops opened. " * 60
    body += "Moscow and Minsk watched. Russia did not comment. So did Russia."

    found = content(body, title="Kyrgyzstan and its neighbours")

    assert found.countries.row(0) == (7, "KG", "Kyrgyzstan")


@pytest.mark.parametrize(
    ("body", "said", "name"),
    [
        ("Nina Orlova opened the school.", "Nina Orlova", "Nina Orlova"),
        (
            "Nina Orlova opened it. Later Orlova left.",
            "Orlova",
            "Nina Orlova",
        ),
        (
            "Kazakh President Qasym-Zhomart Toqaev spoke.",
            "Qasym-Zhomart Toqaev",
            "Kassym-Jomart Tokayev",
        ),
        ("Mayor Oleh Savchuk reported it.", "Oleh Savchuk", "Oleh Savchuk"),
        ("It was a plot, said Hussein al-Jabri.", "Hussein al-Jabri", None),
    ],
)
def test_person_is_found_under_the_full_name(body, said, name):
    found = mentions(body, "person")

    assert found[said]["name"] == (name or said)


def test_function_before_a_person_is_kept():
    found = mentions("On Friday, Deputy Culture Minister Arman Seitov spoke.", "person")

    assert found["Arman Seitov"]["printed_role"] == "Deputy Culture Minister"


@pytest.mark.parametrize(
    ("body", "said", "name"),
    [
        (
            "The Ministry of Internal Affairs of the Kyrgyz Republic said so.",
            "Ministry of Internal Affairs of the Kyrgyz Republic",
            None,
        ),
        (
            "The Collective Security Treaty Organization (CSTO) met.",
            "CSTO",
            "Collective Security Treaty Organization",
        ),
        ("Pipes were bought by KazStroyAlliance LLP.", "KazStroyAlliance LLP", None),
        (
            "The Webb County Sheriff's Office called.",
            "Webb County Sheriff's Office",
            None,
        ),
        ("Hezbollah did not comment.", "Hezbollah", None),
        ("Grid operator KEGOC cut the load.", "KEGOC", None),
    ],
)
def test_organisation_is_found(body, said, name):
    found = mentions(body, "organisation")

    assert found[said]["name"] == (name or said)


@pytest.mark.parametrize(
    "body",
    [
        "On Monday, the Kazakh police closed the road.",
        "Yesterday Monday and Tuesday were mixed up.",
        "Students of English like January.",
    ],
)
def test_ordinary_capitals_are_nobody(body):
    assert mentions(body, "person") == {}
    assert mentions(body, "organisation") == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A mudflow has killed four people.", ("killed", 4, 4, "person")),
        ("Some 35 people were wounded.", ("injured", 35, 35, "person")),
        ("At least seven are still missing.", ("missing", 7, None, "person")),
        ("Police detained up to 30 men.", ("detained", None, 30, "person")),
        ("More than 100 soldiers died.", ("killed", 100, None, "person")),
        ("Dozens of protesters were killed.", ("killed", 24, None, "person")),
        ("Thousands of protesters came.", ("protesters", 2000, None, "person")),
        (
            "Tens of thousands of people fled.",
            ("displaced", 20000, None, "person"),
        ),
        (
            "Between 6,000 and 8,000 people have fled.",
            ("displaced", 6000, 8000, "person"),
        ),
        ("The army sent 1,500 soldiers.", ("troops", 1500, 1500, "person")),
        ("Twenty-nine workers were hurt.", ("injured", 29, 29, "person")),
        ("No one was hurt.", ("injured", 0, 0, "person")),
        ("It cost 16.6 billion somoni.", ("money", 16.6e9, 16.6e9, "TJS")),
        ("It cost 14 thousand somoni.", ("money", 14e3, 14e3, "TJS")),
        ("He was paid $3,500.", ("money", 3500, 3500, "USD")),
        ("It will add 4,000 MW.", ("power", 4000, 4000, "MW")),
        ("A 200-megawatt farm is built.", ("power", 200, 200, "MW")),
        ("It sold 3 TWh of it.", ("energy", 3, 3, "TWh")),
        ("Output fell by 90,000 barrels a day.", ("oil", 9e4, 9e4, "bbl/d")),
        (
            "The oil plan is 1.5 to 1.7 million tonnes.",
            ("oil", 1.5e6, 1.7e6, "t"),
        ),
        ("They burned 5.8 billion cubic metres.", ("gas", 5.8e9, 5.8e9, "m3")),
    ],
)
def test_claim_is_read(body, expected):
    assert claims(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "The fire killed a dog and burned 24 houses.",
        "A 41-year-old driver was injured on January 6.",
        "It grew by 9 percent after the wounded left.",
        "The road was closed at 12:15 after the arrests.",
        "In 2017 a man was killed.",
        "He stole an iPhone 12 Pro and disappeared.",
        "William, 22, died.",
    ],
)
def test_what_counts_nobody_is_no_claim(body):
    assert claims(body) == []


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The Interior Ministry said that 18 officers have died.", "Interior Ministry"),
        ("“Four people died,” said Nina Orlova.", "Nina Orlova"),
        ("Four people died, according to Nina Orlova.", "Nina Orlova"),
        ("Earlier, Kazakh police said 27 people were detained.", "Kazakh police"),
        ("Four people died.", None),
        ("The losses are estimated at $5 million.", None),
    ],
)
def test_speaker_is_who_says_so(body, speaker):
    assert claim(body)["speaker"] == speaker


def test_pronoun_carries_the_speaker_on():
    body = "Mayor Oleh Savchuk reported one dead. He later said 41 people were wounded."

    found = content(body).quantities

    assert found["speaker"].to_list() == ["Oleh Savchuk", "Oleh Savchuk"]


def test_claims_that_contradict_each_other_stand_side_by_side():
    body = "The army said it had killed 63 rebels. A rebel said nine fighters died."

    assert [row[1] for row in claims(body)] == [63, 9]


def test_other_languages_are_left_alone():
    found = content("In Almaty wurden 18 Menschen verletzt.", language="de")

    assert not len(found.mentions) + len(found.quantities) + len(found.countries)


def test_dateline_is_resolved_in_any_language():
    articles = pl.DataFrame(
        {
            "article_row": [1, 2, 3, 4],
            "title": [""] * 4,
            "body": [""] * 4,
            "language": ["en", "ru", "de", "en"],
            "dateline": ["ALMATY", "Алматы", "Klein Nirgendwo", None],
        },
        schema_overrides={"article_row": pl.UInt32},
    )

    found = extract_content(articles)

    named = found.datelines.join(found.places, on="place", maintain_order="left")
    assert named["name"].to_list() == ["Almaty", "Almaty", "Klein Nirgendwo"]
    assert named["geonames_id"].to_list() == [1526384, 1526384, None]
    assert set(found.places["kind"]) == {"city", "other"}


def test_every_span_lies_in_its_field():
    body = "ALMATY - Police said 18 people died in Almaty on Monday, Reuters reported."

    found = content(body, title="Unrest in Kazakhstan")

    spans = pl.concat(
        [
            frame.select("field", "text_start", "text_end")
            for frame in (found.mentions, found.quantities)
        ]
    )
    for field, start, end in spans.iter_rows():
        text = body if field == "body" else "Unrest in Kazakhstan"
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
