"""Briefs of ministries and their sites: few sentences each, in all shapes of gaps."""

import random

import polars as pl

from transforms.contracts import HELD_SPANS
from transforms.split.lone_article import add_lone_articles
from transforms.split.split import split

BRIEFS = """
New bus line links airport and university
A new bus line connects the airport with the university campus every 15 minutes.
The city bought 24 low-floor buses for the route, and a ride costs 90 tenge.
Two further lines are to open when the school year begins.

Mudslide cuts off three villages in Obigul valley
A mudslide triggered by two days of heavy rain has cut off three villages.
Four people are missing and at least nineteen houses have been buried.
The committee has sent tents, blankets, and drinking water by helicopter.

Prices rose by two percent in March
Consumer prices in March were two percent higher than in February.
Flour, sugar, and fuel became dearer, while vegetables cost less than a year ago.
The figures do not include rents.

Customs officer detained with a bribe
A senior customs officer was detained as he accepted 40,000 dollars from a trader.
He had demanded the money for letting eleven trucks with electronics pass.
An investigation is under way.

Mobile clinic reaches high pastures
A bus with an X-ray machine and a laboratory is visiting shepherds this summer.
Doctors examined 600 people in the first week and sent 31 of them to hospital.
The tour ends in September.

Cooperation between border posts discussed
Commanders of border units of the two countries met at the Dostuk crossing.
They agreed to exchange information on smuggling and lost cattle.
The next meeting is planned for autumn.

Second unit of Sangobod plant goes online
The second turbine of the Sangobod hydropower plant has begun to feed the grid.
It adds 120 megawatts, which ends blackouts in the eastern districts.
The plant was built with a loan of 94 million dollars.

Theft of livestock
Unknown persons drove 18 sheep from a pen near the village of Chorbed at night.
Two men aged 27 and 33 were detained at the bazaar, and the sheep were returned.
The damage is estimated at 12 thousand 400 somoni.

Training of rescuers held in Vosit district
Rescuers practised the evacuation of a school after an earthquake.
Some 140 pupils and teachers took part, and three ambulances were used.
Such trainings are held twice a year.

Exhibition of apricots opens in Panjob
Growers from eleven villages show dried fruit, seedlings, and old tools.
The exhibition is open until Sunday, and entry is free.
A jury will choose the sweetest kind.

Tariffs for irrigation water stay unchanged
Farmers will pay as much for a cubic metre as last year.
A rise of ten percent had been planned for April but was put off.
Debts for water have reached 31 million.

By abuse of trust
A woman of 29 borrowed gold jewellery from neighbours and sold it in another town.
Eight people have come forward so far.
Criminal proceedings have been instituted.
"""
STORIES = [brief.split("\n") for brief in BRIEFS.strip().split("\n\n")]
SOURCES = ["Vakhsh-Post", "Press service", "Steppe Wire", "ALATAU TIMES"]
GAPS = ["\n", "\n\n", "\n\n\n", "\n\xa0\n\n", "\n\n\xa0\n\n", "\n \n"]


def compose(seed: int) -> tuple[str, list[tuple[int, int]]]:
    """A page of briefs in one shape, with the span of each."""
    r = random.Random(seed)
    within = r.choice(GAPS[:2] + GAPS[3:4])
    after_title, before_source = r.choice([within, *GAPS[:2]]), r.choice(GAPS)
    between = r.choice([gap for gap in GAPS if len(gap) >= len(within)])
    has_source = r.choice([1, 1, 1, 0.7, 0])
    if not has_source and between == "\n":
        between = "\n\n"
    case = r.choice([str, str, str, str.upper])
    dated = r.random() < 0.2
    text, spans = "", []
    source = r.choice(SOURCES)
    for title, *sentences in r.sample(STORIES, r.randint(2, 9)):
        body = sentences[: r.choice([1, 2, 3, 3])]
        if r.random() < 0.5:
            body = [" ".join(body)]
        if dated:
            body.insert(0, f"{r.randint(1, 28):02d}.03.2022 {r.randint(8, 18)}:05")
        brief = case(title) + after_title + within.join(body)
        if r.random() < has_source:
            brief += before_source + f"Source: {source}"
        spans.append((len(text), len(text) + len(brief)))
        text += brief + between
    return text.rstrip() + "\n", spans


def find(text: str) -> list[tuple[int, int]]:
    documents = pl.DataFrame({"document_row": [0], "text": [text]}).cast(
        {"document_row": pl.UInt32}
    )
    found = add_lone_articles(split(documents, pl.DataFrame(schema=HELD_SPANS)))
    return list(found.articles.select("char_start", "char_end").iter_rows())


def test_nearly_all_briefs_are_found_whatever_the_gaps():
    found, gold, hits, whole = 0, 0, 0, 0
    for seed in range(200):
        text, spans = compose(seed)
        mine = find(text)
        found, gold = found + len(mine), gold + len(spans)
        hits += len({start for start, _ in mine} & {start for start, _ in spans})
        whole += len(set(mine) & set(spans))

    assert 2 * hits / (found + gold) >= 0.99
    assert 2 * whole / (found + gold) >= 0.98
