"""How many edited copies are found, and what else is: a run over articles and copies.

    python -m tests.benchmarks.measure_stories ARTICLES.jsonl.gz [COPIES]

ARTICLES holds `title`, `text`, and `date` (ISO; those without one are left out). Some
get a copy under another headline, up to ten days later, edited in one way. All of it
goes through `newsmill run`; pairs are then looked up in the warehouse. Pairs that were
not made are printed for reading, least alike first, because they may be real ones.
"""

import gzip
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from flows.ingest import ingest
from flows.runners.direct import DirectRunner
from flows.settings import Settings
from warehouse.open_reader import open_published

SHOWN = 40
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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
    lead = " ".join(_SENTENCE_END.split(other)[:3])
    return f"{lead}\n\n" + " ".join(_SENTENCE_END.split(text)[2:])


def _other_signs(_: random.Random, text: str, __: str) -> str:
    return text.translate({34: "“", 39: "’", 45: "–", 32: "\u00a0"}).upper()


def _cut_and_replaced(chance: random.Random, text: str, other: str) -> str:
    return _cut_to(0.5)(chance, _replace_sentences(0.3)(chance, text, other), other)


EDITS: dict[str, Edit] = {
    "other quotes, dashes, spaces, case": _other_signs,
    "paragraphs in another order": _reorder,
    "another lead": _new_lead,
    "cut to 50 %": _cut_to(0.5),
    "cut to 30 %": _cut_to(0.3),
    "10 % of sentences replaced": _replace_sentences(0.1),
    "30 % of sentences replaced": _replace_sentences(0.3),
    "50 % of sentences replaced": _replace_sentences(0.5),
    "10 % of words replaced": _replace_words(0.1),
    "20 % of words replaced": _replace_words(0.2),
    "30 % replaced, then cut to 50 %": _cut_and_replaced,
}


def read_articles(path: Path) -> list[dict[str, str]]:
    """Articles with a date and enough text to be more than a flash."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    return [
        a
        for a in articles
        if _DAY.fullmatch(a.get("date") or "") and len(a["text"]) > 600
    ]


def make_copies(
    articles: list[dict[str, str]], count: int, chance: random.Random
) -> tuple[list[dict[str, str]], pl.DataFrame]:
    """Edited copies as records, and which record each was made of."""
    records, made = [], []
    kinds = list(EDITS)
    for number, row in enumerate(chance.sample(range(len(articles)), count)):
        article, other = articles[row], chance.choice(articles)
        kind = kinds[number % len(kinds)]
        day = date.fromisoformat(article["date"]) + timedelta(chance.randint(0, 10))
        records.append(
            {
                "id": f"copy-{number}",
                "title": other["title"],
                "text": EDITS[kind](chance, article["text"], other["text"]),
                "date": day.isoformat(),
            }
        )
        made.append((f"original-{row}", f"copy-{number}", kind))
    schema = ["original", "copy", "kind"]
    return records, pl.DataFrame(made, schema=schema, orient="row")


def measure(path: Path, count: int) -> None:
    """Run, look up, and print."""
    chance = random.Random(11)
    articles = read_articles(path)
    copies, made = make_copies(articles, count, chance)
    originals = [
        {"id": f"original-{row}", **{k: a[k] for k in ("title", "text", "date")}}
        for row, a in enumerate(articles)
    ]
    with tempfile.TemporaryDirectory() as folder:
        inputs, warehouse = Path(folder, "in"), Path(folder, "news.duckdb")
        inputs.mkdir()
        for name, records in (("originals", originals), ("copies", copies)):
            lines = "\n".join(json.dumps(record) for record in records)
            (inputs / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        ingest(Settings(warehouse=warehouse, seeds=(inputs,)), DirectRunner())
        _report(warehouse, made)


def show(line: object) -> None:
    """Print one line or table, all of it."""
    with pl.Config(tbl_rows=-1, tbl_hide_column_data_types=True, fmt_str_lengths=50):
        sys.stdout.write(f"{line}\n")


_PAIRS = """
    SELECT
        one.record_id AS one, other.record_id AS other, pair.containment,
        story.story_key = other_story.story_key AS is_one_story,
        fact.title AS title, other_fact.title AS other_title
    FROM fact_article_pair AS pair
    INNER JOIN fact_occurrence AS one ON pair.article_key = one.article_key
    INNER JOIN fact_occurrence AS other ON pair.other_article_key = other.article_key
    INNER JOIN fact_article AS fact ON pair.article_key = fact.article_key
    INNER JOIN fact_article AS other_fact
        ON pair.other_article_key = other_fact.article_key
    INNER JOIN bridge_article_story AS story ON pair.article_key = story.article_key
    INNER JOIN bridge_article_story AS other_story
        ON pair.other_article_key = other_story.article_key
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
    both = pl.concat(
        [pairs, pairs.rename({"one": "other", "other": "one"})], how="diagonal"
    )
    held = stories.select(copy="record_id", copy_story="story_key")
    judged = (
        made.join(held, on="copy")
        .join(stories.rename({"record_id": "original"}), on="original")
        .join(both, left_on=["original", "copy"], right_on=["one", "other"], how="left")
    )
    show(
        judged.group_by("kind", maintain_order=True).agg(
            copies=pl.len(),
            paired=pl.col("containment").is_not_null().mean().round(4),
            one_story=(pl.col("story_key") == pl.col("copy_story")).mean().round(4),
        )
    )
    show(judged.select(pl.col("containment").is_not_null().mean().alias("paired")))
    named = pairs.filter(
        pl.col("one").str.starts_with("original"),
        pl.col("other").str.starts_with("original"),
    ).sort("containment")
    mixed = len(pairs) - len(named)
    show(f"{len(pairs)} pairs, {mixed} with a copy; among originals {len(named)}:")
    for row in named.gather_every(max(len(named) // SHOWN, 1)).to_dicts():
        titles = f"{row['title'][:70]} | {row['other_title'][:70]}"
        show(f"{row['containment']:.2f} | {titles}")
    show(sizes)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_000)
