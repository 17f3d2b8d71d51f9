"""A story is one text and its reprints: which records are one, by the command line."""

import json
import random

import pytest

WORDS = [f"{a}{b}{c}" for a in "bdklmt" for b in "aeiou" for c in ("n", "rs", "st")]


@pytest.fixture
def stories_of(newsmill):
    """Titles of the records of each story, once they are ingested."""

    def run(records):
        path = newsmill.folder / "records.jsonl"
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        newsmill.run(path)
        rows = newsmill.sql(
            "SELECT list(title ORDER BY title) AS told FROM article GROUP BY story_key"
        )
        return sorted(row["told"] for row in rows)

    return run


def sentences(chance, count):
    return [
        " ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(count)
    ]


def record(title, text, date=None, source="Valley Post"):
    return {"title": title, "text": " ".join(text), "source": source, "date": date}


def test_reprints_are_one_story_whatever_their_dates(stories_of):
    text = sentences(random.Random(1), 14)
    led = sentences(random.Random(2), 2)

    found = stories_of(
        [
            record("First print", text, "2022-05-13"),
            record("Same day", [*text, "Updated."], "2022-05-13", "Morning Star"),
            record("Months later", text[:9], "2022-11-02", "Evening Star"),
            record("Never dated", [*led, *text[3:]], source="Hill Times"),
            record("By an agency", ["DUSHANBE (Agency) -", *text], source="Agency"),
        ]
    )

    assert found == [
        ["By an agency", "First print", "Months later", "Never dated", "Same day"]
    ]


@pytest.mark.parametrize("is_dated", [True, False], ids=["dated", "undated"])
def test_releases_under_one_letterhead_are_stories_of_their_own(stories_of, is_dated):
    chance = random.Random(3)
    head, foot = sentences(chance, 6), sentences(chance, 5)
    releases = [
        record(
            f"Release {number}",
            [*head, *sentences(chance, 5), *foot],
            f"2022-02-{number:02}" if is_dated else None,
            "Regional Prosecutor",
        )
        for number in range(1, 8)
    ]

    assert stories_of(releases) == [[release["title"]] for release in releases]


def test_forms_filled_in_day_by_day_are_stories_of_their_own(stories_of):
    chance = random.Random(4)
    lines = sentences(chance, 12)
    days = [
        record(
            f"Rates of day {day}",
            [f"{line[:-1]} {chance.randint(100, 999)} points." for line in lines],
            f"2022-02-{day:02}",
            "Central Bank",
        )
        for day in range(1, 8)
    ]

    assert stories_of(days) == [[day["title"]] for day in days]


def test_reprint_of_a_release_is_its_story_all_the_same(stories_of):
    chance = random.Random(6)
    head, foot = sentences(chance, 3), sentences(chance, 3)
    releases = [
        record(
            f"Release {number}",
            [*head, *sentences(chance, 9), *foot],
            f"2022-02-{number:02}",
            "Regional Prosecutor",
        )
        for number in range(1, 8)
    ]
    told = releases[3]["text"].split(". ")
    copy = record("Copied", [". ".join(told[:12]) + "."], "2022-06-30", "Valley Post")

    found = stories_of([*releases, copy])

    assert ["Copied", "Release 4"] in found
    assert len(found) == 7
