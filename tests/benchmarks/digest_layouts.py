"""The conventions that a composed digest may draw: titles, trailers, gaps, exports."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Random = random.Random
WORDS = json.loads(Path(__file__).with_name("layouts.json").read_text("utf-8"))


@dataclass
class Layout:
    """The conventions of one digest."""

    family: str
    title: str = "{t}"
    title_case: str = "asis"
    kicker: str = ""
    heads: list[str] = field(default_factory=list)
    trailers: list[list[str]] = field(default_factory=list)
    lead: str = ""
    tail: str = ""
    gap_title: int = 1
    gap_head: int = 1
    gap_paragraph: int = 1
    gap_trailer: int = 1
    gap_article: int = 1
    wrap: int = 0
    indent: str = ""
    rule: str = ""
    sections: str = ""
    masthead: bool = False
    contents: str = ""
    footer: bool = False
    subheads: float = 0.0
    noise: float = 0.0
    is_mixed: bool = False
    max_paragraphs: int = 0  # of an article; 0: as many as it has
    dress: float = 0.5  # how often a mixed digest's article has a byline, a lead-in ...
    # Blank lines after each line of the head, where they differ from line to line.
    head_gaps: list[int] = field(default_factory=list)


def draw_layout(r: Random, families: Sequence[str]) -> Layout:
    """Conventions of one digest, of one of these families by their shares."""
    name = r.choices(families, [_FAMILIES[name][1] for name in families])[0]
    layout = _FAMILIES[name][0](r)
    if not layout.kicker and r.random() < 0.12:
        layout.kicker = _draw_kicker(r)
    layout.footer = r.random() < 0.2
    if layout.family == "brief":
        layout.footer = r.random() < 0.1
        layout.masthead = r.random() < 0.1
    elif layout.family != "export":
        layout.masthead = r.random() < 0.2
        layout.contents = r.choices(
            ["", "plain", "numbered", "bulleted", "pages"], [80, 5, 5, 5, 5]
        )[0]
        if not layout.rule and r.random() < 0.3:
            layout.sections = r.choice(
                ["upper", "title", "title", "marked", "underlined", "upper"]
            )
    else:
        layout.contents = r.choice(["", "", "cover", "cover_short"])
    return layout


_KICKER_PARTS = (
    "{code}",
    "{code}{n:04d}",
    "{n}",
    "{n:03d}",
    "{page}",
    "{short}",
    "{iso}",
    "{day_first}",
    "{page:02d}:15",
    "{upper_source}",
    "{source}",
    "{section}",
    "{city}",
    "{upper_city}",
    "{agency}",
    "{serial}",
    "No. {n}",
    "#{n}",
)


def _draw_kicker(r: Random) -> str:
    """A line before each title, of one form all through the digest."""
    parts = r.sample(_KICKER_PARTS, r.choice([1, 1, 2, 2, 3]))
    # What is the same in several articles alone would be a heading between them.
    if not any("{n" in part or "serial" in part for part in parts):
        parts.insert(r.randint(0, len(parts)), r.choice(["{n}", "{serial}", "{iso}"]))
    line = r.choice([" ", " ", " | ", " - ", ", ", "/", ": "]).join(parts)
    frame = r.choice(["{}", "{}", "{}", "{}", "[{}]", "({})", "{}.", "*** {} ***"])
    return frame.replace("{}", line, 1)


def _prose(r: Random) -> Layout:
    gap = r.choice([0, 1, 1, 1, 1, 1, 1, 2])
    trailers = [r.choice(WORDS["trailers"]) for _ in range(r.choice([1, 1, 2, 3, 5]))]
    has_trailers = r.random() < 0.62
    return Layout(
        family="prose",
        title=r.choice(WORDS["title_forms"]),
        title_case=r.choice(["asis"] * 5 + ["upper", "upper", "title", "title"]),
        heads=r.choice(WORDS["heads"]),
        trailers=trailers + [[]] * r.choice([0, 0, 1, 2]) if has_trailers else [[]],
        lead=r.choice(WORDS["leads"]),
        tail=r.choice(WORDS["tails"]) if r.random() < 0.6 else "",
        gap_paragraph=gap,
        gap_title=r.choice([gap, gap, 1, 0]),
        gap_head=r.choice([gap, gap, 1, 0]),
        gap_trailer=r.choice([gap, gap, 0, 1]),
        gap_article=r.choices([gap, gap + 1, gap + 2, gap + 3], [55, 30, 10, 5])[0],
        wrap=r.choice([0] * 9 + [60, 66, 72, 78, 90]),
        indent=r.choice([""] * 8 + ["    ", "  "]),
        rule=r.choice(WORDS["rules"]) if r.random() < 0.12 else "",
        subheads=r.choice([0, 0, 0, 0.3, 0.5, 0.8]),
        noise=r.choice([0, 0, 0.3, 0.6]),
        is_mixed=r.random() < 0.35,
    )


def _plain(r: Random) -> Layout:
    """Pasted web articles: plain titles, subheads, trailers that come and go."""
    gap = r.choice([1, 1, 1, 1, 2])
    return Layout(
        family="plain",
        title_case=r.choice(["asis", "asis", "asis", "asis", "title", "upper"]),
        trailers=[r.choice(WORDS["trailers"]) for _ in range(r.choice([2, 3, 4, 8]))]
        + [[]] * r.choice([0, 1, 1, 2, 4]),
        gap_paragraph=gap,
        gap_title=gap,
        gap_head=gap,
        gap_trailer=gap,
        gap_article=r.choice([gap, gap, gap, gap + 1]),
        rule="* * *" if r.random() < 0.1 else "",
        subheads=r.choice([0.2, 0.45, 0.6]),
        noise=r.choice([0, 0, 0.3]),
        is_mixed=True,
        dress=r.choice([0, 0.1, 0.3]),
    )


def _brief(r: Random) -> Layout:
    """A few very short articles, mostly in one style, half of them without trailers."""
    gap = r.choice([0, 1, 1, 1, 1, 1])
    kind = r.choice(["none", "none", "byline", "trailer", "mixed"])
    trailers = [r.choice(WORDS["trailers"]) for _ in range(r.choice([1, 1, 2, 3]))]
    return Layout(
        family="brief",
        title=r.choice(["{t}"] * 7 + WORDS["title_forms"]),
        title_case=r.choice(["asis"] * 5 + ["upper", "title"]),
        heads=[r.choice(["By {author}", "{author}", "By {author}, {source}"])]
        if kind == "byline"
        else [],
        trailers=trailers if kind in ("trailer", "mixed") else [[]],
        lead=r.choice(WORDS["leads"]) if kind != "none" or r.random() < 0.2 else "",
        gap_paragraph=gap,
        gap_title=r.choice([gap, gap, gap, 0]),
        gap_head=gap,
        gap_trailer=gap,
        gap_article=r.choices([gap, gap + 1, gap + 2], [65, 25, 10])[0],
        wrap=r.choice([0] * 9 + [66, 72]),
        rule=r.choice(WORDS["rules"]) if r.random() < 0.06 else "",
        subheads=r.choice([0, 0, 0, 0, 0.2]),
        is_mixed=kind == "mixed",
        dress=r.choice([0, 0.2, 0.5]),
        max_paragraphs=r.choice([1, 2, 3, 3, 4]),
    )


def _wire(r: Random) -> Layout:
    wrap = r.choice([60, 64, 69, 74])
    by_indent = r.random() < 0.6
    return Layout(
        family="wire",
        title=r.choice(
            ["{t}", "{t}", "{t} <{code}.N>", "{n} {t}", "{code}-{t}", "{t}="]
        ),
        title_case=r.choice(["upper", "upper", "asis"]),
        kicker=r.choice(
            ["", "", "", "{code}{n:04d} {short}", "r {page} BC-{code}-{n:04d}"]
        ),
        heads=r.choice([[], [], ["By {author}"], ["{short} {page:02d}:15"]]),
        lead=r.choice(
            [
                "{upper_city}, {short} - ",
                "{upper_city}, {short} ({agency}) -- ",
                "{upper_city} ({agency}) _ ",
                "{upper_city}, {short}: ",
            ]
        ),
        trailers=[
            r.choice(
                [
                    [" {agency}"],
                    [" {upper_source}"],
                    ["-{agency}-"],
                    ["NNNN"],
                    ["{agency} {short} {page:02d}15GMT"],
                    ["END"],
                    [],
                ]
            )
        ],
        gap_title=1,
        gap_paragraph=0 if by_indent else 1,
        gap_trailer=0,
        gap_article=r.choice([1, 1, 2, 3]),
        wrap=wrap,
        indent=r.choice(["    ", "   ", "  "]) if by_indent else "",
    )


def _drop_some(lines: list[str], r: Random, share: float) -> list[str]:
    return [line for line in lines if r.random() >= share]


def _mix_exports(r: Random) -> dict:
    """A database that does not exist, from the lines of those that do."""
    lines = {
        part: sorted({line for form in WORDS["exports"] for line in form[part]})
        for part in ("before", "after", "trailer")
    }
    before = [line for line in lines["before"] if "{t}" not in line]
    return {
        "before": r.sample(before, r.choice([0, 0, 0, 1, 1, 2, 3])),
        "title": r.choice(["{t}", "{t}", "{t}", "{t}", "Title: {t}", "HEADLINE: {t}"]),
        "after": r.sample(lines["after"], r.choice([1, 2, 3, 4, 5, 7])),
        "trailer": r.sample(lines["trailer"], r.choice([0, 1, 1, 2, 3, 4])),
    }


def _export(r: Random) -> Layout:
    form = r.choice(WORDS["exports"]) if r.random() < 0.45 else _mix_exports(r)
    title, tail = form["title"], form["trailer"]
    layout = Layout(
        family="export",
        title=title or "{t}",
        kicker="\n".join(form["before"]),
        heads=_drop_some(form["after"], r, 0.12),
        trailers=[_drop_some(tail[:-1], r, 0.15) + tail[-1:] if tail else []],
        gap_head=r.choice([0, 0, 1]),
        gap_paragraph=r.choice([0, 1, 1]),
        gap_trailer=r.choice([0, 1]),
        gap_article=r.choice([1, 1, 2, 3]),
        wrap=r.choice([0, 0, 0, 72]),
        noise=r.choice([0, 0.3]),
        title_case=r.choice(["asis", "asis", "asis", "upper"]),
    )
    layout.gap_title = layout.gap_head
    if r.random() < 0.55:
        layout.head_gaps = [r.choice([0, 0, 0, 1, 1, 2]) for _ in range(12)]
    if not title:
        layout.title = ""
    if r.random() < 0.15:
        layout.rule = r.choice(WORDS["rules"])
    return layout


def _monitor(r: Random) -> Layout:
    return Layout(
        family="monitor",
        title=r.choice(
            ["{t}", "{t}", "{code}-{n:04d}", "{n:03d}/{year} {t}", "BC{n:04d} {t}"]
        ),
        title_case=r.choice(["asis", "upper"]),
        kicker=r.choice(
            ["", "", "REF: {code}/{n:04d}", "{code}-{page}-{n:04d}", "No. {n:03d}"]
        ),
        heads=r.choice(
            [
                [],
                ["[{city}] [{source}]"],
                ["{source}, {city}, in English {page:02d}30 gmt {day_first}"],
                ["({city}, {source}, {date})"],
                ["Text of report by {source} on {day_first}"],
            ]
        ),
        lead=r.choice(["", "", "[TEXT] ", "[EXCERPT] ", "[{city}] [{agency}] [TEXT] "]),
        trailers=[
            r.choice(
                [
                    [],
                    [],
                    ["[{source}]"],
                    ["({source})"],
                    ["Source: {source}, {day_first}"],
                ]
            )
        ],
        gap_article=r.choice([1, 2, 2, 3]),
        wrap=r.choice([0, 66, 74]),
        indent=r.choice(["", "   "]),
        rule=r.choice(["", "", "", *WORDS["rules"]]),
    )


# How to draw a layout of each family, and its share among digests.
_FAMILIES: Final[dict[str, tuple[Callable[[Random], Layout], int]]] = {
    "prose": (_prose, 36),
    "plain": (_plain, 30),
    "wire": (_wire, 10),
    "export": (_export, 26),
    "monitor": (_monitor, 6),
    "brief": (_brief, 30),
}
FAMILIES: Final = tuple(_FAMILIES)
