"""What stands before the first article of a composed digest, and after the last."""

import random
import textwrap

from tests.benchmarks.digest_facts import Facts
from tests.benchmarks.digest_layouts import WORDS, Layout

Random = random.Random
_WITH_HEAD, _WITH_FOOT = 0.7, 0.15  # lists of other headlines
_UNTOLD = 0.08  # of the articles: not in the list of contents
_TOLD_OTHERWISE = 0.1  # of the titles there


def masthead(facts: list[Facts], r: Random) -> list[str]:
    """The digest's name, and what it says of itself."""
    lines = [r.choice(WORDS["digest_names"])]
    lines += [
        facts[0].fill(line, r)
        for line in r.sample(
            [
                "Issue No. {n}{page}",
                "{date}",
                "{weekday}, {day_first}",
                "Prepared by {author}",
                "For internal use only",
                "Press service, {city}",
            ],
            r.randint(0, 3),
        )
    ]
    return lines if r.random() < 0.5 else ["\n".join(lines)]


def _retold(title: str, r: Random) -> str:
    """A title as a list of contents has it: mostly the same, at times cut."""
    if r.random() > _TOLD_OTHERWISE:
        return title
    words = title.split()
    return r.choice(
        [title.upper(), title + " (update)", " ".join(words[: max(4, len(words) - 3)])]
    )


def contents(facts: list[Facts], layout: Layout, r: Random) -> list[str]:
    """A list of the titles below, in one form all through."""
    form = {
        "plain": "{t}",
        "numbered": "{n}. {t}",
        "bulleted": "• {t}",
        "pages": "{t} ..... {page}",
    }.get(layout.contents, layout.contents)
    rows = []
    source = ""
    by_source = r.random() < 0.2 and "{source}" not in form
    for item in facts:
        if r.random() < _UNTOLD:
            continue
        if by_source and item.source != source:
            source = item.source
            rows.append(source)
        title, item.title = item.title, _retold(item.title, r)
        row = item.fill(form, r)
        item.title = title
        if layout.wrap and len(row) > layout.wrap:
            indent = r.choice(["", "    ", "  ", "????"])
            row = "\n".join(textwrap.wrap(row, layout.wrap, subsequent_indent=indent))
        rows.append(row)
    if r.random() < 0.1 and facts[0].others:
        rows.insert(r.randint(0, len(rows)), r.choice(facts[0].others))
    head = r.choice(
        [
            *("Contents", "In this issue", "HEADLINES", "Table of Contents", ""),
            *("", "CONTENTS:", "In today's clips:", "Index", "Inhalt", "Sommaire"),
            *("Inhoudsopgave", "Содержание"),
        ]
    )
    blocks = [head] * bool(head)
    return blocks + (rows if r.random() < 0.35 else ["\n".join(rows)])


def cover(facts: list[Facts], layout: Layout, r: Random) -> list[str]:
    """What a database says of the search before it gives the articles."""
    if layout.contents == "cover_text":
        return [facts[0].fill(r.choice(WORDS["front_covers"]), r)]
    if layout.contents == "results":
        return _results(facts, r)
    lines = [
        facts[0].fill(line, r)
        for line in (
            "User Name: {author}",
            "Date and Time: {weekday}, {date} 3:58:00 PM GMT",
            "Job Number: {page}77{n}",
            "Documents ({total})",
        )
    ]
    lines = lines[r.randint(0, 2) :]
    for n, item in enumerate(facts, 1):
        lines.append(f"{n}. {item.title}")
        if layout.contents == "cover":
            lines += [
                "Client/Matter: -None-",
                "Search Terms: " + facts[0].city.title(),
                "Narrowed by:" if n % 2 else "Search Type: Natural Language",
                "",
            ]
    return ["\n".join(lines).rstrip()]


def _results(facts: list[Facts], r: Random) -> list[str]:
    """A list of results: title, place in print, and the first words of each."""
    form = r.choice(
        [
            "{source}, {weekday} {date}, p. {page}, {words}w.",
            "{source}, {date}",
            "{date} | {source} | {words} words",
            "{source} ({city}) - {date} - {author}",
        ]
    )
    has_snippet, gap = r.random() < 0.6, r.choice(["\n", "\n\n"])
    blocks = []
    for n, item in enumerate(facts, 1):
        rows = [f"{n}. {item.title}", item.fill(form, r)]
        if has_snippet:
            rows.append(item.paragraphs[0][: r.choice([120, 200, 400])])
        blocks.append(gap.join(rows))
    return blocks


def notes(facts: list[Facts], r: Random) -> list[str]:
    """What the sender of a mail writes above it."""
    count = r.choice([0, 1, 1, 2, 3])
    return [facts[0].fill(line, r) for line in r.sample(WORDS["clip"]["notes"], count)]


def back(facts: list[Facts], layout: Layout, r: Random) -> list[str]:
    """Footers, signatures, lists of other headlines."""
    blocks = []
    if layout.related and r.random() < 0.5:
        blocks.append(related(facts[-1], r))
    if layout.footer:
        blocks.append(facts[0].fill(r.choice(WORDS["footers"]), r))
    if layout.family == "clipping" and r.random() < 0.3:
        blocks.append(facts[0].fill(r.choice(WORDS["clip"]["signatures"]), r))
    return blocks


def related(item: Facts, r: Random) -> str:
    """Headlines of other articles, as sites list them."""
    titles = r.sample(item.others, min(len(item.others), r.randint(1, 5)))
    mark = r.choice(["", "", "- ", "• "])
    head = [r.choice(WORDS["site"]["related"])] * (r.random() < _WITH_HEAD)
    lines = [*head, *(mark + title for title in titles)]
    lines += ["All news"] * (r.random() < _WITH_FOOT)
    return r.choice(["\n", "\n\n"]).join(lines)
