"""The conventions that a composed digest may draw: titles, trailers, gaps, exports."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    language: str = "en"
    blank: str = ""  # what a blank line holds
    sloppy: float = 0.0  # how often a gap is one line wider
    upper: bool = False  # all text
    sentences: int = 0  # of a paragraph at most; 0: as many as it has
    plain_titles: float = 0.0  # how often a title is a phrase in small letters
    boilerplate: float = 0.0  # how often a standing sentence ends an article
    bare: float = 0.0  # how often a paragraph's last stop is missing
    run_in: str = ""  # how a title runs into its paragraph
    related: float = 0.0  # how often a list of other headlines ends an article
    notes: bool = False  # of the sender, before everything
    front: float = 0.0  # how often other lines stand there
    gap_rule: int = 1  # before and after a rule
    # Of other publishers in the same digest; each of its articles is of one of them.
    papers: list["Layout"] = field(default_factory=list)
    is_shuffled: bool = False  # whether papers follow each other without order


def draw_layout(r: Random, families: Sequence[str]) -> Layout:
    """Conventions of one digest, of one of these families by their shares."""
    name = r.choices(families, [_FAMILIES[name][1] for name in families])[0]
    layout = _FAMILIES[name][0](r)
    has_own_front = name in ("runin", "clipping", "site", "ministry")
    may_have_kicker = not (layout.papers or layout.kicker or name == "runin")
    share = 0.12 if name == "export" else 0.06 if has_own_front else 0.2
    if may_have_kicker and r.random() < share:
        layout.kicker = _draw_kicker(r)
    layout.footer = r.random() < 0.2
    _draw_habits(layout, r)
    if has_own_front:
        return layout
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
                ["upper", "title", "title", "marked", "underlined", "framed"]
            )
    else:
        layout.contents = r.choice(
            ["", "", "", "cover", "cover_short", "cover_text", "results", "plain"]
        )
    return layout


def _draw_habits(layout: Layout, r: Random) -> None:
    """Habits that any digest may have: of those who typed, pasted, or exported it."""
    for form in (layout, *layout.papers):
        if r.random() < 0.1:  # the gap before a trailer is no boundary
            form.gap_trailer = form.gap_article + r.choice([0, 1, 1, 2])
    layout.blank = r.choice([""] * 12 + ["\xa0", " ", "\t", "\xa0 "])
    layout.sloppy = r.choice([0] * 6 + [0.08, 0.2])
    layout.upper = r.random() < 0.03
    layout.front = r.choice([0, 0, 0, 0.5, 1])
    layout.gap_rule = r.choice([layout.gap_article, layout.gap_article, 0, 1])
    if len(layout.rule) > 40 and r.random() < 0.4:  # as mail programs break it
        layout.rule += "\n" + layout.rule[: r.randint(1, len(layout.rule))]
    if layout.family in ("prose", "plain", "brief", "site", "clipping", "ministry"):
        _draw_prose_habits(layout, r)
    elif r.random() < 0.08:
        layout.language = r.choice(["ru", "de", "fr"])
    for form in layout.papers:
        form.title_case, form.language = layout.title_case, layout.language


def _draw_prose_habits(layout: Layout, r: Random) -> None:
    """Habits of digests without fields: case of titles, blank lines, language."""
    if r.random() < 0.08:
        layout.title_case = "lower"
    if r.random() < 0.08:
        _close_up(layout, r)
    layout.language = r.choices(["en", "ru", "fa", "de"], [82, 8, 5, 5])[0]
    if layout.language in ("ru", "fa") and layout.family != "clipping":
        _translate(layout, r)


def _close_up(layout: Layout, r: Random) -> None:
    """No blank line within articles, and none or one between them."""
    layout.wrap = r.choice([0, 66, 72, 72, 80])
    layout.gap_paragraph = layout.gap_title = layout.gap_head = layout.gap_trailer = 0
    layout.gap_article = r.choice([0, 0, 0, 1])
    layout.indent = ""


def _translate(layout: Layout, r: Random) -> None:
    """Labels of the language; where it has none here, the layout says less."""
    code = layout.language
    layout.heads = r.choice(WORDS[f"heads_{code}"])
    layout.trailers = [
        r.choice(WORDS[f"trailers_{code}"]) for _ in range(r.choice([1, 1, 2, 4]))
    ] + [[]] * r.choice([0, 0, 1, 4])
    layout.lead = layout.tail = layout.kicker = layout.run_in = ""
    layout.noise = layout.subheads = 0


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


def _ministry(r: Random) -> Layout:
    """Short notes of an office in one style: title, a few sentences, its name below."""
    gap = r.choice([0, 1, 1, 1, 1])
    source = r.choice(["Source: {source}"] * 5 + ["Source: {agency}", "{source}"])
    layout = Layout(
        family="ministry",
        title_case=r.choice(["asis"] * 4 + ["upper", "title"]),
        trailers=[[source]] * r.choice([1, 1, 2, 3]) + [[]] * r.choice([0, 0, 0, 1, 3]),
        heads=r.choice([[]] * 6 + [["{dmy} {clock}"], ["{date}"], ["{city}, {date}"]]),
        lead=r.choice(["", "", "", "{date}. ", "{city}, {date} - "]),
        gap_title=gap,
        gap_head=gap,
        gap_paragraph=gap,
        gap_trailer=r.choice([gap, gap, gap, gap + 1, gap + 2]),
        gap_article=r.choice([gap, gap, gap, gap + 1, gap + 2]),
        max_paragraphs=r.choice([1, 1, 2, 2, 3, 8]),
        sentences=r.choice([1, 1, 2, 2, 3]),
        plain_titles=r.choice([0, 0.1, 0.4, 0.8]),
        boilerplate=r.choice([0, 0, 0.3, 0.7]),
        bare=r.choice([0, 0, 0.1, 0.3]),
        wrap=r.choice([0] * 9 + [72]),
    )
    if r.random() < 0.12:  # notes among articles of other publishers
        layout.papers = [layout, *(_prose(r) for _ in range(r.choice([1, 2, 4])))]
        for form in layout.papers[1:]:
            form.wrap, form.gap_article = layout.wrap, layout.gap_article
        layout.papers[0] = replace(layout, papers=[])
        layout.is_shuffled = True
    return layout


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
    language = r.choices(["en", "de", "fr", "nl", "ru"], [70, 10, 8, 6, 6])[0]
    forms = [form for form in WORDS["exports"] if form["language"] == language]
    lines = {
        part: sorted({line for form in forms for line in form[part]})
        for part in ("before", "after", "trailer")
    }

    def draw(part: str, count: int) -> list[str]:
        return r.sample(lines[part], min(count, len(lines[part])))

    lines["before"] = [line for line in lines["before"] if "{t}" not in line]
    return {
        "language": language,
        "before": draw("before", r.choice([0, 0, 0, 1, 1, 2, 3])),
        "title": r.choice(["{t}", "{t}", "{t}", "{t}", "Title: {t}", "HEADLINE: {t}"]),
        "after": draw("after", r.choice([1, 2, 3, 4, 5, 7])),
        "trailer": draw("trailer", r.choice([0, 1, 1, 2, 3, 4])),
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
    layout.language = form["language"]
    if r.random() < 0.12:  # a headline of a second line
        layout.heads.insert(0, "{deck}")
    if r.random() < 0.06:  # databases that keep no titles
        layout.title = layout.kicker = ""
        layout.kicker = "\n".join(line for line in form["before"] if "{t}" not in line)
        layout.kicker = layout.kicker or "{source}"
    if r.random() < 0.1:
        layout.indent = "   "
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


def _paper(base: Layout, r: Random) -> Layout:
    """How one newspaper's articles look when they are pasted into a mail."""
    words = WORDS["clip"]
    heads: list[str] = []
    if r.random() < 0.15:
        heads.append("{deck}")
    if r.random() < 0.75:
        heads.append(r.choice(words["by"]))
        if r.random() < 0.4:
            heads.append(r.choice(words["role"]))
    facts = [
        r.choice(words[name])
        for name in ("date", "source", "copyright", "page")
        if r.random() < 0.45
    ]
    r.shuffle(facts)
    kicker = ""
    if facts and r.random() < 0.25:
        kicker = "\n".join(facts[: r.choice([1, 1, 2, 3])])
        facts = facts[kicker.count("\n") + 1 :]
    trailers = [r.choice(words["trailers"]) for _ in range(r.choice([1, 2]))]
    paper = Layout(**vars(base))
    paper.papers = []
    paper.kicker, paper.heads = kicker, heads + facts
    paper.lead = r.choice(WORDS["leads"]) if r.random() < 0.5 else ""
    paper.trailers = trailers + [[]] * r.choice([0, 1, 3]) if r.random() < 0.6 else [[]]
    paper.gap_head = r.choice([0, 0, 0, 1])
    paper.gap_title = r.choice([paper.gap_head, 1, base.gap_paragraph])
    if r.random() < 0.3:
        wide = r.choice([2, 2, 3, 6])
        paper.head_gaps = [r.choice([0, 0, 0, 1, 1, wide]) for _ in range(9)]
    paper.gap_paragraph = r.choice([base.gap_paragraph] * 3 + [0, 1])
    paper.subheads = r.choice([0, 0, 0, 0.3])
    paper.noise = r.choice([0, 0, 0.2])
    return paper


def _clipping(r: Random) -> Layout:
    """A mail: notes, a list of contents, articles of several papers pasted below."""
    base = Layout(
        family="clipping",
        title=r.choice(
            ["{t}"] * 9 + ["{n}. {t}", "* {t}", '"{t}"', "{upper_source}: {t}"]
        ),
        title_case=r.choice(["asis"] * 6 + ["upper", "title"]),
        gap_paragraph=r.choice([0, 0, 1, 1, 1]),
        gap_trailer=r.choice([0, 1]),
        gap_article=r.choice([1, 1, 2, 2, 3, 4, 5]),
        wrap=r.choice([0, 0, 72, 72, 76, 78]),
    )
    base.papers = [_paper(base, r) for _ in range(r.choice([1, 2, 3, 4, 6]))]
    base.is_shuffled = r.random() < 0.35
    base.contents = r.choice(WORDS["clip"]["list"]) if r.random() < 0.75 else ""
    base.notes = r.random() < 0.6
    base.masthead = r.random() < 0.15
    if r.random() < 0.4:
        base.rule = r.choice(
            [*WORDS["rules"], "." * 60, "_" * 70, "=" * 40, *["-" * 78] * 5]
        )
    if r.random() < 0.2:
        base.sections = r.choice(["upper", "title", "marked", "underlined", "framed"])
    return base


def _site(r: Random) -> Layout:
    """Pages of sites, as a browser or a feed gives them."""
    words = WORDS["site"]

    def page() -> Layout:
        gap = r.choice([0, 1, 1, 1, 1])
        trailers = [
            r.choice(words["trailers"]) for _ in range(r.choice([1, 1, 1, 2, 3]))
        ]
        form = Layout(
            family="site",
            title=r.choice(
                ["{t}"] * 8 + ["{t} - {source}", "{t} | {source}", "{t}\n{t}"]
            ),
            title_case=r.choice(["asis", "asis", "asis", "title", "title"]),
            kicker=r.choice(words["kickers"]),
            heads=list(r.choice(words["heads"])),
            trailers=trailers + [[]] * r.choice([0, 0, 1, 2]),
            lead=r.choice(WORDS["leads"]) if r.random() < 0.4 else "",
            gap_title=gap,
            gap_head=r.choice([gap, 0, 1]),
            gap_paragraph=gap,
            gap_trailer=gap,
            gap_article=r.choice([gap, gap, gap + 1, gap + 2]),
            subheads=r.choice([0, 0, 0.3, 0.6]),
            noise=r.choice([0, 0.3, 0.6]),
            related=r.choice([0, 0, 0, 0.3, 0.8]),
            max_paragraphs=r.choice([0, 1, 2, 3, 4, 4]),
        )
        if r.random() < 0.2:
            share = r.sample(words["share"], r.randint(1, 5))
            form.heads += share
            form.head_gaps = [form.gap_head] * 9
        return form

    layout = page()
    if r.random() < 0.4:
        layout.papers = [page() for _ in range(r.choice([2, 3, 5, 8]))]
        for form in layout.papers:
            form.gap_article = layout.gap_article
        layout.is_shuffled = r.random() < 0.8
    if r.random() < 0.12:
        layout.rule = r.choice(WORDS["rules"])
    layout.masthead = r.random() < 0.1
    layout.contents = r.choice(["plain", "numbered"]) if r.random() < 0.06 else ""
    return layout


def _run_in(r: Random) -> Layout:
    """Briefs of one paragraph, whose headings run into their text."""
    return Layout(
        family="runin",
        title="",
        run_in=r.choice(WORDS["runin"]["forms"]),
        trailers=[[]],
        tail=r.choice(WORDS["runin"]["tails"]),
        gap_article=r.choice([0, 1, 1, 1, 1, 2]),
        wrap=r.choice([0, 0, 0, 0, 0, 72]),
        rule=r.choice(["", "", "", "", "----", *WORDS["rules"][:2]]),
        masthead=r.random() < 0.5,
        max_paragraphs=1,
    )


# How to draw a layout of each family, and its share among digests.
_FAMILIES: Final[dict[str, tuple[Callable[[Random], Layout], int]]] = {
    "prose": (_prose, 36),
    "plain": (_plain, 30),
    "wire": (_wire, 10),
    "export": (_export, 56),
    "monitor": (_monitor, 6),
    "brief": (_brief, 30),
    "ministry": (_ministry, 56),
    "clipping": (_clipping, 48),
    "site": (_site, 34),
    "runin": (_run_in, 14),
}
FAMILIES: Final = tuple(_FAMILIES)
