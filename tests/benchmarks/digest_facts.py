"""What a composed digest says of one article, in the words of its language."""

import random
import re
from dataclasses import dataclass, field
from datetime import date
from string import ascii_lowercase
from typing import Final

from tests.benchmarks.digest_layouts import WORDS

Random = random.Random
_GERMAN_CAPITALS: Final = 0.35  # of the long words
_SPELLED: Final = {
    code: str.maketrans(
        dict(zip(ascii_lowercase, letters, strict=True))
        | dict(zip(ascii_lowercase.upper(), letters.upper(), strict=True))
        | ({"?": "؟", ",": "،"} if code == "fa" else {})
    )
    for code, letters in WORDS["letters"].items()
}


def spell(text: str, language: str, r: Random) -> str:
    """The text as if it were of that language: its letters, its capitals."""
    if language in _SPELLED:
        return text.translate(_SPELLED[language])
    if language == "de":
        return re.sub(
            r"(?<=[a-z,] )[a-z]\w{4,}",
            lambda m: m[0].capitalize() if r.random() < _GERMAN_CAPITALS else m[0],
            text,
        )
    return text


@dataclass
class Facts:
    """What a layout may say of one article."""

    title: str
    paragraphs: list[str]
    source: str
    author: str
    city: str
    day: date
    number: int
    total: int
    page: int
    language: str = "en"
    others: list[str] = field(default_factory=list)  # titles that stand elsewhere

    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    def _dates(self) -> dict[str, str]:
        d = self.day
        clock = f"{(d.day * 7) % 24:02d}:{(d.day * 13) % 60:02d}"
        common = {
            "iso": d.isoformat(),
            "dmy": f"{d:%d.%m.%Y}",
            "slash": f"{d.month}/{d.day}/{d:%y}" if d.day % 2 else f"{d:%m/%d/%Y}",
            "md": f"{d.month}/{d.day}",
            "clock": clock,
        }
        if self.language == "en":
            return common | {
                "date": f"{d:%B} {d.day}, {d.year}",
                "day_first": f"{d.day} {d:%B} {d.year}",
                "short": f"{d:%b} {d.day}",
                "weekday": f"{d:%A}",
                "dow": f"{d:%a}",
            }
        names = WORDS["languages"][self.language]
        month, day = names["months"][d.month - 1], names["days"][d.weekday()]
        written = names["date"].format(day=d.day, month=month, year=d.year)
        return common | {
            "date": written,
            "day_first": written,
            "short": f"{d.day} {month[:3]}",
            "weekday": day,
            "dow": day[:2],
        }

    def fill(self, text: str, r: Random) -> str:
        """A template of `layouts.json` with the article's facts."""
        d = self.day
        slug = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:50]
        code = re.sub(r"[^A-Z]", "", self.source.upper())[:4] or "NEWS"
        serial = r.choice(
            [
                f"{code}0000{d:%Y%m%d}ed{r.randrange(36**4):05x}",
                f"{code}{d:%Y%m%d}{self.page:03d}",
                f"{d:%Y%m%d}-{code}-{self.number:04d}",
                f"{d:%y%m%d}{self.page:06d}",
            ]
        )
        host = re.sub(r"[^a-z]", "", self.source.lower())[:14] or "wire"
        deck = self.paragraphs[-1] if "{deck}" in text else ""
        return text.format(
            **self._dates(),
            t=self.title,
            title=self.title,
            upper_t=self.title.upper(),
            other_title=r.choice(self.others or WORDS["subheads"]),
            deck=" ".join(deck.split()[: r.randint(7, 16)]).rstrip(".,"),
            source=self.source,
            upper_source=self.source.upper(),
            author=self.author,
            upper_author=self.author.upper(),
            other=r.choice(WORDS["names"]),
            city=self.city.title(),
            upper_city=self.city.upper(),
            agency=r.choice(WORDS["agencies"]),
            crime=r.choice(WORDS["runin"]["crimes"]),
            section=r.choice(WORDS["sections"]).title(),
            year=d.year,
            words=self.words(),
            n=self.number,
            total=self.total,
            page=self.page,
            serial=serial,
            code=code,
            url=f"https://www.{host}.example/{d:%Y/%m}/{slug}",
            tags=", ".join(sorted(set(re.findall(r"\b[A-Z][a-z]{3,}", self.title)))[:5])
            or "News, World",
        )
