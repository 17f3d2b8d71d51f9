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
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from tests.benchmarks import digest_fronts
from tests.benchmarks.digest_facts import Facts, spell
from tests.benchmarks.digest_fronts import related
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
    "clipping": [3, 5, 6, 8, 10, 14, 24],
    "site": [2, 3, 4, 4, 5, 6, 9, 16],
    "runin": [3, 4, 5, 6, 8, 12],
    "ministry": [2, 2, 3, 4, 5, 7, 9, 14],
}
_JOINED_SIZES = [1, 1, 1, 1, 2, 4, 11]  # digests behind the first
_MAY_BE_LONE = ("prose", "plain", "site", "brief", "ministry")
_LONE = 0.14  # of the digests are one article
_OF_ONE_DAY = 0.6
_MOST_PARAGRAPHS = 16
_ON_ONE_TOPIC = 0.4  # of the digests
_TOPIC_POOL = 400  # articles, of which the most alike are taken


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
    lead = layout.run_in or layout.lead.replace("{t}", "")
    paragraphs[0] = facts.fill(lead, r) + paragraphs[0]
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
    if case == "lower":
        return title.lower()
    if case == "title":
        return re.sub(r"(?<![\w’'])[a-z]", lambda m: m[0].upper(), title)
    return title


def _head(facts: Facts, layout: Layout, r: Random) -> tuple[list[str], str]:
    """Lines before the body, and which of them is the title."""
    kicker = facts.fill(layout.kicker, r)
    lines = kicker.split("\n") if kicker else []
    title = facts.title
    if layout.title:
        line = facts.fill(layout.title, r)
        title = facts.title if facts.title in line else line
        if layout.wrap and len(line) > layout.wrap:
            line = "\n".join(textwrap.wrap(line, layout.wrap))
            title = line.split("\n")[0]
        lines.append(line)
    return lines + [facts.fill(head, r) for head in layout.heads], title


def _gap(count: int, layout: Layout, r: Random) -> str:
    """As many blank lines, or, where the digest is sloppy, one more or less."""
    if r.random() < layout.sloppy:
        count = max(0, count + r.choice([1, 1, -1]))
    return "\n" + (layout.blank + "\n") * count


def render_article(facts: Facts, layout: Layout, r: Random) -> tuple[str, str]:
    """Text of one article and its title line."""
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
    text = ""
    for at, line in enumerate(head):
        uneven = layout.head_gaps[at] if at < len(layout.head_gaps) else layout.gap_head
        text += line + _gap(
            uneven if at + 1 < len(head) else layout.gap_title, layout, r
        )
    body = [_wrapped(block, layout) for block in _body(facts, layout, r)]
    for at, block in enumerate(body):
        text += (_gap(layout.gap_paragraph, layout, r) if at else "") + block
    trailer = [facts.fill(line, r) for line in r.choice(layout.trailers)]
    if facts.others and r.random() < layout.related:
        trailer.insert(0, related(facts, r))
    tight = len(trailer) > 1 and r.random() < 0.5
    for at, line in enumerate(trailer):
        text += _gap(0 if at and tight else layout.gap_trailer, layout, r) + line
    return (text.upper(), title.upper()) if layout.upper else (text, title)


def _front(facts: list[Facts], layout: Layout, r: Random) -> list[str]:
    """Notes, masthead, cover sheet, and table of contents."""
    blocks = digest_fronts.notes(facts, r) if layout.notes else []
    if r.random() < layout.front:
        lines = r.sample(WORDS["front_notes"], r.choice([1, 1, 2, 3]))
        blocks += [facts[0].fill(line, r) for line in lines]
    if layout.masthead:
        blocks += digest_fronts.masthead(facts, r)
    if layout.contents.startswith("cover") or layout.contents == "results":
        blocks += digest_fronts.cover(facts, layout, r)
    elif layout.contents:
        blocks += digest_fronts.contents(facts, layout, r)
        if layout.rule and r.random() < 0.6:
            blocks.append(layout.rule)
    if layout.family == "runin" and r.random() < 0.6:
        blocks.append(r.choice(WORDS["runin"]["heads"]))
        if r.random() < 0.3:
            blocks.append(facts[0].fill(r.choice(WORDS["runin"]["intros"]), r))
    return blocks


def _section(name: str, layout: Layout) -> str:
    if layout.sections == "upper":
        return name.upper()
    if layout.sections == "marked":
        return f"=== {name} ==="
    if layout.sections == "underlined":
        return f"{name}\n{'-' * len(name)}"
    if layout.sections == "framed":
        return f"{'=' * 14}\n{name.upper()}\n{'=' * 14}"
    return name.title()


def _choose_papers(
    facts: list[Facts], layout: Layout, r: Random
) -> list[tuple[Facts, Layout]]:
    """Each article with the layout of its publisher, publisher by publisher."""
    if not layout.papers:
        return [(item, layout) for item in facts]
    forms = [
        layout.papers[at * len(layout.papers) // len(facts)] for at in range(len(facts))
    ]
    if layout.is_shuffled:
        r.shuffle(forms)
    names = {id(form): r.choice(facts).source for form in layout.papers}
    for item, form in zip(facts, forms, strict=True):
        item.source = names[id(form)]
    return list(zip(facts, forms, strict=True))


def render_digest(
    facts: list[Facts], layout: Layout, r: Random
) -> tuple[str, list[tuple[int, int, str]]]:
    """Text of one digest and, per article, its start, end and title line."""
    papers = _choose_papers(facts, layout, r)
    for item in facts:
        item.title = _cased(item.title, layout.title_case)
    out = "".join(
        block + _gap(layout.gap_article, layout, r)
        for block in _front(facts, layout, r)
    )
    spans = []
    names = r.sample(
        WORDS["sections"], min(len(WORDS["sections"]), 1 + len(facts) // 3)
    )
    for at, (item, form) in enumerate(papers):
        if layout.sections and at % 3 == 0 and names:
            out += _section(names.pop(), layout) + _gap(layout.gap_article, layout, r)
        elif layout.rule and at:
            out = out[: spans[-1][1]] + _gap(layout.gap_rule, layout, r)
            out += layout.rule + _gap(layout.gap_rule, layout, r)
        text, title = render_article(item, form, r)
        spans.append((len(out), len(out) + len(text), title))
        out += text + _gap(layout.gap_article, layout, r)
    for block in digest_fronts.back(facts, layout, r):
        out += block + _gap(layout.gap_article, layout, r)
    if layout.upper:
        out = out.upper()
    end = r.choice([0, 1, 2])
    return out[: spans[-1][1]] + out[spans[-1][1] :].rstrip() + "\n" * end, spans


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


def _plain_title(paragraph: str, r: Random) -> list[str]:
    """A title in small letters, as offices write them: "By abuse of trust"."""
    words = re.findall(r"[A-Za-z’-]+", paragraph.lower()) or ["news"]
    at = r.randrange(max(1, len(words) - 6))
    start = r.choice(WORDS["plain_titles"]).split()
    return start + words[at : at + r.randint(1, 5)]


def _first_sentences(paragraph: str, most: int) -> str:
    return " ".join(re.split(r"(?<=[.!?”])\s+(?=[A-Z“])", paragraph)[:most])


def _facts(
    article: dict, place: tuple[int, int], layout: Layout, others: list[str], r: Random
) -> Facts:
    number, total = place
    most, language = layout.max_paragraphs, layout.language
    paragraphs = split_paragraphs(article["text"], article["title"])
    if most:
        paragraphs = paragraphs[: r.randint(1, most)]
    elif len(paragraphs) > 5 and total > 1 and r.random() < 0.85:
        most = min(len(paragraphs), _MOST_PARAGRAPHS)
        paragraphs = paragraphs[: r.randint(3, most)]
    if layout.sentences:
        paragraphs = [_first_sentences(item, layout.sentences) for item in paragraphs]
    if r.random() < layout.boilerplate:
        paragraphs.append(r.choice(WORDS["boilerplate"]))
    paragraphs = [
        item.rstrip(".") if r.random() < layout.bare else item for item in paragraphs
    ]
    words = re.sub(r"\s+", " ", article["title"]).strip().rstrip(".").split(" ")
    if r.random() < _SHORT_TITLES and len(words) > 8:
        words = words[: r.randint(4, 7)]
    if r.random() < layout.plain_titles:
        words = _plain_title(paragraphs[-1], r)
    return Facts(
        title=spell(" ".join(words), language, r),
        paragraphs=[spell(paragraph, language, r) for paragraph in paragraphs],
        source=re.sub(r" ?\(.*\)", "", article.get("source") or "")
        or r.choice(WORDS["agencies"]),
        language=language,
        others=[spell(title, language, r) for title in others],
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
    topic = drawn[0]["names"]
    alike = sorted(drawn, key=lambda article: -len(topic & article["names"]))[:size]
    r.shuffle(alike)
    return alike


def _names(article: dict) -> set[str]:
    return set(
        re.findall(r"\b[A-Z][a-z]{3,}", article["title"] + article["text"][:600])
    )


def compose_digest(
    usable: list[dict], layout: Layout, r: Random, size: int = 0
) -> tuple[str, list[tuple[int, int, str]]]:
    """One digest of some of the articles, and the span and title of each."""
    sizes = [size] if size else _SIZES.get(layout.family, _SIZES["prose"])
    size = min(r.choice(sizes), len(usable))
    if layout.family in _MAY_BE_LONE and r.random() < _LONE:
        size = 1
    if r.random() < _ON_ONE_TOPIC:
        chosen = _choose_alike(usable, size, r)
    else:
        chosen = r.sample(usable, size)
    others = [article["title"] for article in r.sample(usable, min(8, len(usable)))]
    facts = [
        _facts(article, (n, len(chosen)), layout, others, r)
        for n, article in enumerate(chosen, 1)
    ]
    if r.random() < _OF_ONE_DAY:
        for item in facts:
            item.day = facts[0].day - timedelta(days=r.choice([0, 0, 0, 1, 2]))
    text, spans = render_digest(facts, layout, r)
    return _requote(text, r), spans


def usable(articles: list[dict]) -> list[dict]:
    """Articles with a title and text enough, and the names that they speak of."""
    return [
        article | {"names": _names(article)}
        for article in articles
        if 12 <= len(article["title"]) <= 140
        and len(split_paragraphs(article["text"], article["title"])) >= 2
    ]


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
    choice = usable(articles)
    documents, gold = [], []
    for row in range(count):
        layout = draw_layout(r, families)
        text, spans = compose_digest(choice, layout, r)
        family = layout.family
        if joined and r.random() < joined:
            family = "joined"
            for _ in range(r.choice(_JOINED_SIZES)):
                same = r.random() < _SAME_LAYOUT
                other = layout if same else draw_layout(r, families)
                text, spans = _join(text, spans, *compose_digest(choice, other, r), r)
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


def frame_digests(
    digests: list[tuple[str, list[tuple[int, int, str]]]], layout: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Digests of one kind as frames, like those of `compose`."""
    documents, gold = [], []
    for row, (text, spans) in enumerate(digests):
        documents.append((row, f"{layout}_{row:04d}.txt", text, layout))
        gold += [(row, start, end, title, layout) for start, end, title in spans]
    return _frame_digests(documents, gold)


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
