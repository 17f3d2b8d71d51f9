"""Digests of invented news over several weeks, as several publishers would print them.

Every story is told by one to three publishers: a wire text reprinted word for word, or
written again under another title, a day later. The same seed gives the same bytes.
"""

import gzip
import json
import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

Random = random.Random

WORDS: Final = json.loads(Path(__file__).with_name("stories.json").read_text("utf-8"))
FIRST_MONDAY: Final = date(2022, 1, 3)  # the days of the shipped seed
WEEKS: Final = 6
DESKS: Final = {  # publisher: how its articles end
    "Harbour Wire": "Source: Harbour Wire",
    "Aldby Courier": "Source: Aldby Courier",
    "Veldhaven Post": "Copyright (c) {year} Veldhaven Post. All rights reserved.",
    "Radio Carrow": "Source: Radio Carrow",
}
JOURNAL: Final = "Maren Energy Monitor"
REPORTERS: Final = ("Nele Aarden", "Rolf Tiernan", "Ines Calder", "Bo Lindqvist")
# A story is told again three weeks later, about another town: sooner, and what is next
# to it in time would be taken for the same story.
ROTATION: Final = 3


@dataclass(frozen=True)
class Article:
    """One text as one publisher prints it."""

    topic: str
    title: str
    paragraphs: list[str]
    publisher: str
    author: str
    town: str
    day: date


def write_weeks(folder: Path, *, seed: int = 1, weeks: int = WEEKS) -> list[Path]:
    """One folder per week, oldest first, bad files among them.

    Args:
        folder: Made when missing.
        seed: Decides every word.
        weeks: Weeks to write, six at most.
    """
    r = Random(seed)
    written = []
    for number in range(weeks):
        week = folder / f"week_{number + 1}"
        week.mkdir(parents=True, exist_ok=True)
        articles = sorted(_week(number, r), key=lambda article: article.day)
        _write_digests(week, articles, r)
        _write_records(week, articles)
        _write_bad_files(week, number)
        written.append(week)
    return written


def _week(number: int, r: Random) -> list[Article]:
    monday = FIRST_MONDAY + timedelta(weeks=number)
    found = []
    for story in WORDS["stories"][number % ROTATION :: ROTATION]:
        found += _tell(story, monday + timedelta(days=r.randrange(6)), r)
    return found


def _tell(story: dict, day: date, r: Random) -> list[Article]:
    """The wire's text, perhaps reprinted as it is, perhaps written again."""
    facts = {
        "town": r.choice(WORDS["towns"]),
        "person": r.choice(WORDS["people"]),
        "company": r.choice(WORDS["companies"]),
        "n": str(r.randint(11, 48)),
        "few": str(r.randint(2, 9)),
    }
    publishers = r.sample(sorted(DESKS), r.choice([1, 2, 2, 3, 3, 4]))
    titles = r.sample(story["titles"], 3)
    texts = [_fill(paragraph, facts, r) for paragraph in story["paragraphs"]]
    told = []
    for at, publisher in enumerate(publishers):
        reprints = at > 0 and r.random() < 0.4
        retold = [_fill(paragraph, facts, r) for paragraph in story["paragraphs"]]
        kept = texts if at == 0 or reprints else [*retold[:1], *retold[-2:]]
        told.append(
            Article(
                story["topic"],
                _fill(titles[0] if reprints else titles[at % 3], facts, r),
                kept,
                publisher,
                r.choice(REPORTERS),
                facts["town"],
                day + timedelta(days=min(at, 1)),
            )
        )
    return told


def _fill(text: str, facts: dict[str, str], r: Random) -> str:
    def chosen(match: re.Match[str]) -> str:
        words = match[1].split("|")
        return r.choice(words) if len(words) > 1 else facts[words[0]]

    return re.sub(r"\{([^{}]+)\}", chosen, text)


def _write_digests(week: Path, articles: list[Article], r: Random) -> None:
    """Two digests per week, each with conventions of its own."""
    r.shuffle(articles)
    half = len(articles) // 2
    monday = min(article.day for article in articles)
    for name, part, printed in (
        ("press_review", articles[:half], _as_review),
        ("morning_digest", articles[half:], _as_digest),
    ):
        text = "\n\n".join(printed(article) for article in part) + "\n"
        (week / f"{name}_{monday:%Y-%m-%d}.txt").write_text(text, encoding="utf-8")


def _as_review(article: Article) -> str:
    day = f"{article.day:%B} {article.day.day}, {article.day.year}"
    return "\n\n".join(
        [
            article.title,
            f"By {article.author}",
            f"{article.town.upper()}, {day} -- {article.paragraphs[0]}",
            *article.paragraphs[1:],
            DESKS[article.publisher].format(year=article.day.year),
        ]
    )


def _as_digest(article: Article) -> str:
    day = f"{article.day:%b} {article.day.day}, {article.day.year}"
    place = f"{article.town.upper()} ({article.publisher}), {day} - "
    return "\n\n".join(
        [
            article.title,
            place + article.paragraphs[0],
            *article.paragraphs[1:],
            f"Source: {article.publisher}",
        ]
    )


def _write_records(week: Path, articles: list[Article]) -> None:
    """What a trade journal exports: records, one of them broken."""
    reviewed = {
        article.town: article for article in articles if article.topic == "energy"
    }
    rows = [
        json.dumps(
            {
                "id": f"{week.name}-{at}",
                "title": f"Weekly review: {article.title}",
                "text": "\n\n".join(article.paragraphs[:2]),
                "source": JOURNAL,
                "author": article.author,
                "date": (article.day + timedelta(days=1)).isoformat(),
            }
        )
        for at, article in enumerate(reviewed.values())
    ]
    rows.insert(1, '{"title": "A record that breaks off')
    (week / "energy_monitor.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _write_bad_files(week: Path, number: int) -> None:
    """What lands in such folders in real life."""
    if number == 1:
        (week / "scan.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    elif number == 2:
        whole = gzip.compress(b"A digest whose upload broke off.\n" * 200, mtime=0)
        (week / "evening.txt.gz").write_bytes(whole[: len(whole) // 2])
    elif number == 3:
        (week / "empty.txt").write_bytes(b"")
