"""What an article is about: short made-up texts of the kinds that digests hold.

Each row: the category, the title, then the body.
"""

import polars as pl
import pytest

from transforms.classify.classify import classify

TEXTS = """\
crisis: Ten killed as bus plunges into ravine
    Rescuers recovered the bodies of ten passengers. Fourteen people were injured,
    hospital officials said.
crisis: Troops fire on protesters in capital
    At least five demonstrators were killed when soldiers opened fire. A curfew
    was declared and the internet was cut.
crisis: Magnitude 6.1 quake shakes border region
    Homes collapsed in three villages. Aftershocks were felt across the valley,
    the seismological service said.
crisis: Rebels seize town after days of fighting
    Government forces withdrew under artillery fire. Thousands of refugees fled
    towards the border.
crisis: Mudflow blocks highway in mountain district
    The committee of emergency situations said that heavy rain caused a mudflow.
    Houses and bridges were destroyed.
energy: Second unit of hydropower plant put into operation
    The unit has a capacity of 120 megawatts. The plant generates electricity for
    the winter period, the ministry of energy said.
energy: Electricity rationing introduced in rural areas
    The power company limits supply to ten hours a day because the water level in
    the reservoir is low.
energy: Oil slips below 60 dollars on supply worries
    Brent crude fell 2 percent after OPEC members agreed to raise output, traders
    said.
energy: Gas pipeline deliveries resume after repair
    Natural gas exports reached 30 million cubic meters a day, the operator said.
energy: Solar park to feed the national grid
    The 50 MW photovoltaic plant will cover a tenth of the region's power demand.
crime: Two detained with 12 kg of heroin
    Officers of the drug control agency detained two residents. A criminal case
    was opened and the suspects face 15 years in prison.
crime: Former bank clerk jailed for embezzlement
    The court found him guilty of fraud and sentenced him to six years of
    imprisonment.
crime: Man charged with murder of neighbour
    Police arrested the suspect after the victim was found stabbed. He pleaded not
    guilty.
crime: Police recover stolen livestock
    The department of internal affairs said three men were arrested for the theft
    of cattle.
government: Parliament adopts law on local councils
    Deputies of the lower house voted for the draft law, which now goes to the
    president for signature.
government: President receives ambassador's credentials
    The sides discussed bilateral cooperation and exchanged views on regional
    issues.
government: New deputy minister of culture appointed
    The decree was signed by the head of state on Tuesday, the press service
    reported.
government: Council of veterans holds its annual meeting
    The chairman reported on social protection of veterans of war and labour.
    Awards were handed over by the deputy governor.
government: Opposition leads in polls before election
    The ruling party may lose its majority in the parliamentary election, a survey
    of voters shows.
other: Late goal sends United into the cup final
    The striker scored in injury time. The coach praised his players before the
    match against the champions.
other: Singer releases third album
    The record went to number one in the charts. A concert tour starts in spring.
other: Phone maker unveils foldable handset
    The device runs on a new chip and its software, the company told users at the
    technology fair.
other: Study links sleep to heart disease
    Researchers at the university followed 2,000 patients for ten years, the
    medical journal says.
other: Retailer's quarterly profit falls
    Net income dropped 8 percent as sales at its stores declined. Shares lost 3
    percent.
other: Farmers finish the cotton harvest
    The crop is larger than last year, the ministry of agriculture said.
"""


def read_table():
    rows = []
    for line in TEXTS.splitlines():
        if line.startswith(" "):
            rows[-1]["body"] += line.strip() + " "
        else:
            label, title = line.split(": ", 1)
            rows.append({"label": label, "title": title, "body": ""})
    return rows


ROWS = read_table()


@pytest.fixture(scope="module")
def primary():
    articles = pl.DataFrame(ROWS).with_row_index("article_row")
    scores, _ = classify(articles)
    return scores.filter("is_primary").sort("article_row")["category"].to_list()


@pytest.mark.parametrize("row", range(len(ROWS)), ids=lambda row: ROWS[row]["title"])
def test_article_is_of_its_category(primary, row):
    assert primary[row] == ROWS[row]["label"]


def test_scores_are_those_of_the_same_words_in_other_clothes():
    plain = 'Police said: "Two men were arrested." The court sits on Friday.'
    dressed = (
        "POLICE said\r\n\r\n“Two men\twere arrested”  The\u00a0court — sits on Friday"
    )
    articles = pl.DataFrame(
        {"article_row": [0, 1], "title": ["", ""], "body": [plain, dressed]}
    )

    scores, _ = classify(articles)

    one, other = scores.partition_by("article_row")
    assert one["score"].equals(other["score"])
