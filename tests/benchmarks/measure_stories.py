"""How many edited copies are found, and what else is: a run over articles and copies.

    python -m tests.benchmarks.measure_stories ARTICLES.jsonl.gz [COPIES]

ARTICLES holds `title`, `text`, `source`, and `date` (ISO; others count as undated).
Some get a copy by another editor: cut, with another lead or title, with an agency's
line, near in time, months away, or without a date. Beside them stand what one office
prints under all its releases, forms that are filled in day by day, and, of the articles
themselves, follow-ups. What editors put in comes from articles that are left out, so
that a pair of two originals is a finding about these. All of it goes through `newsmill
run`; pairs are then looked up in the warehouse.

A pair of a copy with its original, or with another copy of it, is right; two originals
of which most of one stands in the other are one text that was printed twice, and do not
count; every other pair is wrong, follow-ups among it. Figures are told apart by halves
of the sources: limits were chosen on the first and are judged on the second.
"""

import gzip
import hashlib
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from flows.ingest import ingest
from flows.runners.direct import DirectRunner
from flows.settings import Settings
from warehouse.open_reader import open_published

SHOWN = 40
LEAST_CHARS = 600
ALIKE = 0.8
HALVES = ("chosen on", "judged on")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Article = dict[str, str | None]
Edit = Callable[[random.Random, str, str], str]


def _cut_to(share: float) -> Edit:
    def edit(_: random.Random, text: str, __: str) -> str:
        sentences = _SENTENCE_END.split(text)
        return " ".join(sentences[: max(1, int(len(sentences) * share))])

    return edit


def _replace_sentences(share: float) -> Edit:
    def edit(chance: random.Random, text: str, other: str) -> str:
        sentences, others = _SENTENCE_END.split(text), _SENTENCE_END.split(other)
        changed = chance.sample(range(len(sentences)), round(len(sentences) * share))
        for place in changed:
            sentences[place] = chance.choice(others)
        return " ".join(sentences)

    return edit


def _replace_words(share: float) -> Edit:
    def edit(chance: random.Random, text: str, other: str) -> str:
        words, others = text.split(" "), other.split(" ")
        return " ".join(
            chance.choice(others) if chance.random() < share else word for word in words
        )

    return edit


def _reorder(chance: random.Random, text: str, _: str) -> str:
    paragraphs = text.split("\n\n")
    chance.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def _new_lead(_: random.Random, text: str, other: str) -> str:
    lead = " ".join(_SENTENCE_END.split(other)[:2])
    first, gap, rest = text.partition("\n\n")
    return lead + gap + (rest or " ".join(_SENTENCE_END.split(first)[2:]))


def _without_middle(_: random.Random, text: str, __: str) -> str:
    sentences = _SENTENCE_END.split(text)
    third = len(sentences) // 3
    return " ".join(sentences[:third] + sentences[2 * third :])


def _agency(chance: random.Random, text: str, _: str) -> str:
    city = chance.choice(["LONDON", "DUSHANBE", "MOSCOW", "New York"])
    line = chance.choice(["{} (Agency) - ", "{}, May 3, Agency -- ", "{}. (Agency) "])
    return f"{line.format(city)}{text} Reporting by our staff; editing by the desk."


def _footer(_: random.Random, text: str, other: str) -> str:
    return f"{text}\n\n" + " ".join(_SENTENCE_END.split(other)[-3:])


def _other_signs(_: random.Random, text: str, __: str) -> str:
    return text.translate({34: "“", 39: "’", 45: "–", 32: "\u00a0"}).upper()


def _cut_and_led(chance: random.Random, text: str, other: str) -> str:
    return _agency(chance, _cut_to(0.5)(chance, _new_lead(chance, text, other), ""), "")


# What editors do to what they reprint, and, below, how far it can go.
REPRINTS: dict[str, Edit] = {
    "other quotes, dashes, spaces, case": _other_signs,
    "an agency's line": _agency,
    "another first paragraph": _new_lead,
    "three more sentences": _footer,
    "paragraphs in another order": _reorder,
    "cut to 50 %": _cut_to(0.5),
    "cut to 30 %": _cut_to(0.3),
    "the middle third cut": _without_middle,
    "cut, led, and signed by an agency": _cut_and_led,
    "10 % of sentences replaced": _replace_sentences(0.1),
    "30 % of sentences replaced": _replace_sentences(0.3),
    "10 % of words replaced": _replace_words(0.1),
}
REWRITES: dict[str, Edit] = {
    "50 % of sentences replaced": _replace_sentences(0.5),
    "20 % of words replaced": _replace_words(0.2),
}
EDITS = REPRINTS | REWRITES
WHENS = ("within 10 days", "20 to 300 days", "undated")


def read_articles(path: Path) -> tuple[list[Article], list[str]]:
    """Articles with enough text to be more than a flash, and texts left out of them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    long = [article for article in told if len(article["text"]) > LEAST_CHARS]
    kept = [
        {
            "title": article["title"],
            "text": article["text"],
            "source": article.get("source"),
            "date": article["date"] if _DAY.fullmatch(article["date"] or "") else None,
        }
        for number, article in enumerate(long)
        if number % 3
    ]
    return kept, [article["text"] for article in long[::3]]


def half_of(source: str | None) -> str:
    """Which half of the sources one belongs to."""
    return HALVES[hashlib.sha256((source or "").encode()).digest()[0] % 2]


def make_copies(
    articles: list[Article], fillers: list[str], count: int, chance: random.Random
) -> tuple[list[Article], pl.DataFrame]:
    """Edited copies as records, and which record each was made of."""
    records, made = [], []
    kinds = list(EDITS)
    # Each has a filler of its own: two of one would be copies of each other.
    rows = chance.sample(range(len(articles)), min(count, len(fillers)))
    for number, row in enumerate(rows):
        article, filler = articles[row], fillers[number]
        kind, when = kinds[number % len(kinds)], WHENS[number // len(kinds) % 3]
        if article["date"] is None:
            when = WHENS[2]
        title = chance.choice([article["title"], _SENTENCE_END.split(filler)[0][:80]])
        source = chance.choice([article["source"], "Valley Post", "Morning Star", None])
        records.append(
            {
                "id": f"copy-{number}",
                "title": title,
                "text": EDITS[kind](chance, str(article["text"]), filler),
                "source": source,
                "date": _moved(article["date"], when, chance),
            }
        )
        half = half_of(article["source"])
        made.append((f"original-{row}", f"copy-{number}", kind, when, half))
    schema = ["original", "copy", "kind", "when", "half"]
    return records, pl.DataFrame(made, schema=schema, orient="row")


def _moved(day: str | None, when: str, chance: random.Random) -> str | None:
    if day is None or when == WHENS[2]:
        return None
    days = chance.randint(0, 10) if when == WHENS[0] else chance.randint(20, 300)
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def make_forms(chance: random.Random) -> Iterator[Article]:
    """What one office says under all releases, and forms filled in day by day."""
    head, foot = (" ".join(_invent(chance, 11) for _ in "12345678") for _ in "12")
    for number in range(12):
        body = "\n\n".join(" ".join(_invent(chance, 11) for _ in "123") for _ in "12")
        yield _form("releases", number, f"{head}\n\n{body}\n\n{foot}")
    for name in ("weather", "rates", "statistics"):
        rows = [_invent(chance, 9) for _ in range(14)]
        for number in range(20):
            filled = [f"{row} {chance.randint(10, 9_999)} points." for row in rows]
            yield _form(name, number, " ".join(filled))


def _form(name: str, number: int, text: str) -> Article:
    day = date(2021, 1, 4) + timedelta(number)
    return {
        "id": f"form-{name}-{number}",
        "title": f"Of {name} on day {number}",
        "text": text,
        "source": f"Office of {name}",
        "date": day.isoformat(),
    }


def _invent(chance: random.Random, count: int) -> str:
    syllables = ("ba", "den", "ko", "li", "mor", "ne", "ras", "ti", "vu", "zel")
    words = ["".join(chance.choices(syllables, k=3)) for _ in range(count)]
    return " ".join(words).capitalize() + "."


def measure(path: Path, count: int) -> None:
    """Run, look up, and print."""
    chance = random.Random(11)
    articles, fillers = read_articles(path)
    copies, made = make_copies(articles, fillers, count, chance)
    originals = [{"id": f"original-{row}", **a} for row, a in enumerate(articles)]
    parts = {"originals": originals, "copies": copies, "forms": [*make_forms(chance)]}
    with tempfile.TemporaryDirectory() as folder:
        inputs, warehouse = Path(folder, "in"), Path(folder, "news.duckdb")
        inputs.mkdir()
        for name, records in parts.items():
            lines = "\n".join(json.dumps(record) for record in records)
            (inputs / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        ingest(Settings(warehouse=warehouse, seeds=(inputs,)), DirectRunner())
        _report(warehouse, made)


def show(line: object) -> None:
    """Print one line or table, all of it."""
    with pl.Config(tbl_rows=-1, tbl_hide_column_data_types=True, fmt_str_lengths=50):
        sys.stdout.write(f"{line}\n")


# One article that is printed twice is found as well as any pair.
_PAIRS = """
    SELECT
        one.record_id AS one, other.record_id AS other, pair.containment,
        source.name AS source, fact.title AS title, other_fact.title AS other_title
    FROM fact_article_pair AS pair
    INNER JOIN fact_occurrence AS one ON pair.article_key = one.article_key
    INNER JOIN fact_occurrence AS other ON pair.other_article_key = other.article_key
    INNER JOIN fact_article AS fact ON pair.article_key = fact.article_key
    INNER JOIN fact_article AS other_fact
        ON pair.other_article_key = other_fact.article_key
    INNER JOIN dim_source AS source ON fact.source_key = source.source_key
    UNION ALL
    SELECT
        one.record_id, other.record_id, 1.0, source.name, fact.title, fact.title
    FROM fact_occurrence AS one
    INNER JOIN fact_occurrence AS other
        ON one.article_key = other.article_key AND one.record_id < other.record_id
    INNER JOIN fact_article AS fact ON one.article_key = fact.article_key
    INNER JOIN dim_source AS source ON fact.source_key = source.source_key
"""
_STORIES = """
    SELECT seen.record_id, story.story_key
    FROM fact_occurrence AS seen
    INNER JOIN bridge_article_story AS story USING (article_key)
"""
_BYTES = """
    SELECT
        (SELECT sum(len(sketch) * 4 + 9) FROM ops.article_signature) AS sketches,
        (SELECT count(*) * 26 FROM fact_article_pair) AS pairs,
        (SELECT count(*) * 17 FROM bridge_article_story) AS stories,
        (SELECT sum(byte_size) FROM dim_document) AS text
"""


def _report(warehouse: Path, made: pl.DataFrame) -> None:
    with open_published(warehouse) as connection:
        pairs = connection.sql(_PAIRS).pl()
        stories = connection.sql(_STORIES).pl()
        sizes = connection.sql(_BYTES).pl().to_dicts()[0]
    judged = _judge_copies(made, pairs, stories)
    found = _judge_pairs(made, pairs)
    show(
        judged.group_by("kind", maintain_order=True).agg(
            copies=pl.len(),
            **{when: pl.col("paired").filter(when=when).mean() for when in WHENS},
            one_story=pl.col("is_one_story").mean(),
        )
    )
    right = (pl.col("verdict") == "right").sum()
    wrong = (pl.col("verdict") == "wrong").sum()
    reprints = judged.filter(pl.col("kind").is_in(list(REPRINTS)))
    show(
        reprints.group_by("half")
        .agg(copies=pl.len(), recall=pl.col("paired").mean())
        .join(
            found.group_by("half").agg(
                right=right, wrong=wrong, precision=right / (right + wrong)
            ),
            on="half",
        )
        .sort("half")
    )
    show(found.group_by("verdict", "what").len().sort("verdict", "len"))
    listed = found.filter(pl.col("verdict") == "wrong").sort("containment")
    for row in listed.gather_every(max(len(listed) // SHOWN, 1)).to_dicts():
        titles = f"{row['title'][:60]} | {row['other_title'][:60]}"
        show(f"{row['containment']:.2f} | {row['what']} | {titles}")
    show(sizes)


def _judge_copies(
    made: pl.DataFrame, pairs: pl.DataFrame, stories: pl.DataFrame
) -> pl.DataFrame:
    """One row per copy: whether it is paired with its original, and in its story."""
    both = pl.concat(
        [pairs, pairs.rename({"one": "other", "other": "one"})], how="diagonal"
    ).select(original="one", copy="other", paired=pl.lit(value=True))
    held = stories.select(copy="record_id", copy_story="story_key")
    return (
        made.join(held, on="copy")
        .join(stories.rename({"record_id": "original"}), on="original")
        .join(both.unique(), on=["original", "copy"], how="left")
        .sort(pl.col("kind").cast(pl.Enum(list(EDITS))))
        .with_columns(
            pl.col("paired").fill_null(value=False),
            is_one_story=pl.col("story_key") == pl.col("copy_story"),
        )
    )


def _judge_pairs(made: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per pair that was found: `verdict`, of `what`, in which `half`."""
    origins = dict(made.select("copy", "original").iter_rows())
    roots = pl.col("one", "other").replace(origins).name.suffix("_root")
    is_form = pl.col("one").str.starts_with("form") | pl.col("other").str.starts_with(
        "form"
    )
    has_copy = pl.col("one").str.starts_with("copy") | pl.col("other").str.starts_with(
        "copy"
    )
    halves = pl.col("source").map_elements(half_of, return_dtype=pl.String)
    return pairs.with_columns(roots, half=halves).with_columns(
        verdict=pl.when(pl.col("one_root") == pl.col("other_root"))
        .then(pl.lit("right"))
        .when(~is_form & (pl.col("containment") >= ALIKE))
        .then(pl.lit("printed twice"))
        .otherwise(pl.lit("wrong")),
        what=pl.when(is_form)
        .then(pl.col("one").str.replace(r"-\d+$", ""))
        .when(has_copy)
        .then(pl.lit("with a copy"))
        .otherwise(pl.lit("originals of ") + pl.col("source")),
    )


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3_000)
