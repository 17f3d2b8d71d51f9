"""Digests in many invented layouts, made from single articles, with exact boundaries.

For fitting and measuring the splitter: every document draws its own conventions (how
titles, bylines, trailers, gaps, rules, sections, mastheads look), so that nothing that
holds for one publisher alone can be learnt. The same articles and seed give the same
digests.
"""

import random
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from tests.benchmarks.digest_layouts import FAMILIES, WORDS, Layout, draw_layout

Random = random.Random
_SHORT_TITLES = 0.07
_SAME_LAYOUT = 0.3  # of the files that hold two digests
# Articles of a digest, by its layout's family: mostly few, because many layouts teach
# more than many articles in one.
_SIZES = {
    "export": [3, 4, 5, 6, 8, 10, 26],
    "brief": [2, 3, 4, 5, 5, 8, 12],
    "prose": [2, 3, 4, 5, 6, 9, 22],
}
_MOST_PARAGRAPHS = 16
_ON_ONE_TOPIC = 0.4  # of the digests
_TOPIC_POOL = 400  # articles, of which the most alike are taken


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

    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    def fill(self, text: str, r: Random) -> str:
        d = self.day
        dates = {
            "date": f"{d:%B} {d.day}, {d.year}",
            "day_first": f"{d.day} {d:%B} {d.year}",
            "iso": d.isoformat(),
            "short": f"{d:%b} {d.day}",
            "weekday": f"{d:%A}",
        }
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
        return text.format(
            **dates,
            title=self.title,
            source=self.source,
            upper_source=self.source.upper(),
            author=self.author,
            upper_author=self.author.upper(),
            other=r.choice(WORDS["names"]),
            city=self.city.title(),
            upper_city=self.city.upper(),
            agency=r.choice(WORDS["agencies"]),
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


def _subhead(paragraph: str, r: Random) -> str:
    """Invented, or a few words of the paragraph below, as editors do."""
    words = re.findall(r"[A-Za-z’'-]+", paragraph)
    if r.random() < 0.45 or len(words) < 12:
        text = r.choice(WORDS["subheads"])
    else:
        at = r.randrange(min(8, len(words) - 6))
        text = " ".join(words[at : at + r.randint(2, 6)])
    return r.choice(
        [text, text, text.title(), text.upper(), text.capitalize(), f"{text}?"]
    )


def _body(facts: Facts, layout: Layout, r: Random) -> list[str]:
    paragraphs = list(facts.paragraphs)
    paragraphs[0] = facts.fill(layout.lead.replace("{t}", ""), r) + paragraphs[0]
    blocks: list[str] = []
    has_subheads = r.random() < layout.subheads and len(paragraphs) > 3
    for at, paragraph in enumerate(paragraphs):
        if has_subheads and at > 1 and r.random() < 0.3:
            blocks.append(_subhead(paragraph, r))
        if at and r.random() < layout.noise * 0.12:
            blocks.append(facts.fill(r.choice(WORDS["noise"]), r))
        blocks.append(paragraph)
    if layout.tail and r.random() < 0.9:
        tail = facts.fill(layout.tail, r)
        if "…" in tail or "..." in tail:
            blocks[-1] = blocks[-1][: max(40, len(blocks[-1]) * 3 // 4)].rstrip()
        blocks[-1] += tail
    return blocks


def _wrapped(block: str, layout: Layout) -> str:
    if not layout.wrap:
        return layout.indent + block
    return "\n".join(
        textwrap.wrap(
            block, layout.wrap, initial_indent=layout.indent, break_long_words=False
        )
    )


def _cased(title: str, case: str) -> str:
    if case == "upper":
        return title.upper()
    if case == "title":
        return re.sub(r"(?<![\w’'])[a-z]", lambda m: m[0].upper(), title)
    return title


def _head(facts: Facts, layout: Layout, r: Random) -> tuple[list[str], str]:
    """Lines before the body, and which of them is the title."""
    kicker = facts.fill(layout.kicker.replace("{t}", "{title}"), r)
    lines = kicker.split("\n") if kicker else []
    title = facts.title
    if layout.title:
        line = facts.fill(layout.title.replace("{t}", "{title}"), r)
        title = facts.title if facts.title in line else line
        if layout.wrap and len(line) > layout.wrap:
            line = "\n".join(textwrap.wrap(line, layout.wrap))
            title = line.split("\n")[0]
        lines.append(line)
    return lines + [facts.fill(head, r) for head in layout.heads], title


def render_article(facts: Facts, layout: Layout, r: Random) -> tuple[str, str]:
    """Text of one article and its title line."""
    breaks = ["\n" * (gap + 1) for gap in range(8)]
    facts.title = _cased(facts.title, layout.title_case)
    if layout.is_mixed:
        layout = replace(
            layout,
            heads=r.choice(WORDS["heads"]) if r.random() < layout.dress else [],
            lead=r.choice(WORDS["leads"]) if r.random() < layout.dress else "",
            tail=r.choice(WORDS["tails"]) if r.random() < layout.dress else "",
            trailers=[r.choice(layout.trailers)],
        )
    head, title = _head(facts, layout, r)
    text = head[0]
    for at, line in enumerate(head[1:]):
        uneven = layout.head_gaps[at] if layout.head_gaps else layout.gap_head
        text += breaks[uneven] + line
    body = [_wrapped(block, layout) for block in _body(facts, layout, r)]
    text += breaks[max(layout.gap_title, 0)] + breaks[layout.gap_paragraph].join(body)
    trailer = [facts.fill(line, r) for line in r.choice(layout.trailers)]
    if trailer:
        gap = 0 if len(trailer) > 1 and r.random() < 0.5 else layout.gap_trailer
        text += breaks[layout.gap_trailer] + breaks[gap].join(trailer)
    return text, title


def _front(facts: list[Facts], layout: Layout, r: Random) -> list[str]:
    """Masthead, cover sheet and table of contents."""
    blocks: list[str] = []
    if layout.masthead:
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
        blocks += lines if r.random() < 0.5 else ["\n".join(lines)]
    titles = [_cased(item.title, layout.title_case) for item in facts]
    if layout.contents.startswith("cover"):
        blocks.append(_cover(titles, facts, layout, r))
    elif layout.contents:
        form = {"plain": "{t}", "numbered": "{n}. {t}", "bulleted": "• {t}"}.get(
            layout.contents, "{t} ..... {p}"
        )
        rows = [form.format(t=t, n=n, p=2 * n) for n, t in enumerate(titles, 1)]
        head = r.choice(
            ["Contents", "In this issue", "HEADLINES", "Table of Contents", ""]
        )
        blocks += [head] * bool(head)
        blocks += rows if r.random() < 0.3 else ["\n".join(rows)]
    return blocks


def _cover(titles: list[str], facts: list[Facts], layout: Layout, r: Random) -> str:
    first = facts[0]
    lines = [
        first.fill(line, r)
        for line in (
            "User Name: {author}",
            "Date and Time: {weekday}, {date} 3:58:00 PM GMT",
            "Job Number: {page}77{n}",
            "Documents ({total})",
        )
    ]
    lines = lines[r.randint(0, 2) :]
    for n, title in enumerate(titles, 1):
        lines.append(f"{n}. {title}")
        if layout.contents == "cover":
            lines += [
                "Client/Matter: -None-",
                "Search Terms: " + facts[0].city.title(),
                "",
            ]
    return "\n".join(lines).rstrip()


def _section(name: str, layout: Layout) -> str:
    if layout.sections == "upper":
        return name.upper()
    if layout.sections == "marked":
        return f"=== {name} ==="
    if layout.sections == "underlined":
        return f"{name}\n{'-' * len(name)}"
    return name.title()


def render_digest(
    facts: list[Facts], layout: Layout, r: Random
) -> tuple[str, list[tuple[int, int, str]]]:
    """Text of one digest and, per article, its start, end and title line."""
    article_break = "\n" * (1 + layout.gap_article)
    out = "".join(block + article_break for block in _front(facts, layout, r))
    spans = []
    names = r.sample(
        WORDS["sections"], min(len(WORDS["sections"]), 1 + len(facts) // 3)
    )
    for at, item in enumerate(facts):
        if layout.sections and at % 3 == 0 and names:
            out += _section(names.pop(), layout) + article_break
        elif layout.rule and at:
            out += layout.rule + article_break
        text, title = render_article(item, layout, r)
        spans.append((len(out), len(out) + len(text), title))
        out += text + article_break
    if layout.footer:
        out += facts[0].fill(r.choice(WORDS["footers"]), r) + "\n"
    return out.rstrip("\n") + "\n" * r.choice([0, 1, 2]), spans


def _requote(text: str, r: Random) -> str:
    if r.random() < 0.5:
        return text
    table = str.maketrans("“”‘’", "\"\"''")
    return text.translate(table)


def _with_crlf(text: str, spans: list[tuple[int, int, str]]) -> tuple[str, list]:
    moved = [
        (start + text.count("\n", 0, start), end + text.count("\n", 0, end), title)
        for start, end, title in spans
    ]
    return text.replace("\n", "\r\n"), moved


def split_paragraphs(text: str, title: str) -> list[str]:
    """Paragraphs on one line each, without a repeated title and crumbs at the ends."""

    def letters(value: str) -> str:
        return re.sub(r"\W", "", value.lower())

    found = [re.sub(r"\s+", " ", part).strip() for part in re.split(r"\n\s*\n", text)]
    found = [
        part for part in found if len(part) > 2 and letters(part) != letters(title)
    ]
    while found and len(found[0]) < 40 and not found[0].endswith("."):
        found.pop(0)
    while found and len(found[-1]) < 25 and not found[-1].endswith((".", "”", '"')):
        found.pop()
    return found


def _facts(article: dict, place: tuple[int, int], most: int, r: Random) -> Facts:
    number, total = place
    paragraphs = split_paragraphs(article["text"], article["title"])
    if most:
        paragraphs = paragraphs[: r.randint(1, most)]
    elif len(paragraphs) > 5 and r.random() < 0.85:
        most = min(len(paragraphs), _MOST_PARAGRAPHS)
        paragraphs = paragraphs[: r.randint(3, most)]
    words = re.sub(r"\s+", " ", article["title"]).strip().rstrip(".").split(" ")
    if r.random() < _SHORT_TITLES and len(words) > 8:
        words = words[: r.randint(4, 7)]
    return Facts(
        title=" ".join(words),
        paragraphs=paragraphs,
        source=re.sub(r" ?\(.*\)", "", article.get("source") or "")
        or r.choice(WORDS["agencies"]),
        author=r.choice(WORDS["names"]),
        city=r.choice(WORDS["cities"]),
        day=date(1987, 1, 1) + timedelta(days=r.randrange(14_000)),
        number=number,
        total=total,
        page=r.randint(1, 40),
    )


def _choose_alike(usable: list[dict], size: int, r: Random) -> list[dict]:
    """Articles that speak of the same people and places, as digests on a topic do."""
    drawn = r.sample(usable, min(_TOPIC_POOL, len(usable)))
    topic = _names(drawn[0])
    alike = sorted(drawn, key=lambda article: -len(topic & _names(article)))[:size]
    r.shuffle(alike)
    return alike


def _names(article: dict) -> set[str]:
    return set(
        re.findall(r"\b[A-Z][a-z]{3,}", article["title"] + article["text"][:600])
    )


def _compose_one(
    usable: list[dict], layout: Layout, r: Random
) -> tuple[str, list[tuple[int, int, str]]]:
    size = min(r.choice(_SIZES.get(layout.family, _SIZES["prose"])), len(usable))
    if r.random() < _ON_ONE_TOPIC:
        chosen = _choose_alike(usable, size, r)
    else:
        chosen = r.sample(usable, size)
    facts = [
        _facts(article, (n, len(chosen)), layout.max_paragraphs, r)
        for n, article in enumerate(chosen, 1)
    ]
    text, spans = render_digest(facts, layout, r)
    return _requote(text, r), spans


def compose(
    articles: list[dict],
    count: int,
    seed: int,
    families: Sequence[str] = FAMILIES,
    *,
    joined: float = 0.0,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Digests and their gold.

    Args:
        articles: Each with `title`, `text` (paragraphs with a blank line between), and
            perhaps `source`.
        count: Digests to make; each article is used at most once in a digest.
        seed: Decides everything.
        families: Families of layouts to draw from, by their shares.
        joined: Share of files that hold two digests, one after the other.

    Returns:
        Documents (document_row, file_name, text, layout) and gold (document_row,
        char_start, char_end, title, layout).
    """
    r = Random(seed)
    usable = [
        article
        for article in articles
        if 12 <= len(article["title"]) <= 140
        and len(split_paragraphs(article["text"], article["title"])) >= 2
    ]
    documents, gold = [], []
    for row in range(count):
        layout = draw_layout(r, families)
        text, spans = _compose_one(usable, layout, r)
        family = layout.family
        if joined and r.random() < joined:
            family = "joined"
            other = layout if r.random() < _SAME_LAYOUT else draw_layout(r, families)
            text, spans = _join(text, spans, *_compose_one(usable, other, r), r)
        if r.random() < 0.15:
            text, spans = _with_crlf(text, spans)
        if r.random() < 0.05:
            text = "\ufeff" + text
            spans = [(start + 1, end + 1, title) for start, end, title in spans]
        documents.append((row, f"composed_{row:04d}.txt", text, family))
        gold += [(row, start, end, title, family) for start, end, title in spans]
    return _frame_digests(documents, gold)


def _join(
    text: str,
    spans: list[tuple[int, int, str]],
    next_text: str,
    next_spans: list[tuple[int, int, str]],
    r: Random,
) -> tuple[str, list[tuple[int, int, str]]]:
    """One digest after another, as when files are pasted together."""
    whole = text.rstrip("\n") + "\n" * r.choice([2, 2, 3, 4])
    moved = [
        (start + len(whole), end + len(whole), title)
        for start, end, title in next_spans
    ]
    return whole + next_text, spans + moved


def _frame_digests(
    documents: list[tuple], gold: list[tuple]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    row = pl.col("document_row").cast(pl.UInt32)
    names = ["document_row", "file_name", "text", "layout"]
    spans = ["document_row", "char_start", "char_end", "title", "layout"]
    return (
        pl.DataFrame(documents, schema=names, orient="row").with_columns(row),
        pl.DataFrame(gold, schema=spans, orient="row").with_columns(row),
    )
