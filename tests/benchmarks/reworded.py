"""As many articles as asked for, made of few, no two of them alike.

Each round says every article in other words: a word changes places with one that is
about as frequent and written in the same case, another one each round, everywhere.
Lengths, frequencies, and the rhythm of the text stay as they were, and so does how well
a block of it compresses; but no phrase is there twice, so that no compression and no
search for near-duplicates finds more in it than in as many real articles.
"""

import calendar
import random
from datetime import date, timedelta

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from tests.benchmarks.bulk_digests import ARTICLE_GAP, PARAGRAPH_GAP

# The words that hold sentences together stay; others change places with neighbours.
KEPT_WORDS = 300
KEPT_NAMES = [*calendar.month_name[1:], *calendar.day_name]
NEIGHBOURS = 200
ARTICLES_PER_DIGEST = 40
REPRINT_RATIO, WIRE_COPY_RATIO = 0.04, 0.04
FIRST_DAY, DAYS = date(2015, 1, 1), 3650


class Words:
    """The articles as numbers of words and of what stands between words."""

    def __init__(self, articles):
        texts = [PARAGRAPH_GAP.join([title, *rest]) for title, rest, _ in articles]
        self.sources = [source for _, _, source in articles]
        pieces = pl.Series(texts).str.extract_all(r"\p{L}+|[^\p{L}]+")
        self._offsets = pa.array(
            np.concatenate([[0], np.cumsum(pieces.list.len().to_numpy())]), pa.int32()
        )
        counted = pieces.explode().alias("word").to_frame()
        vocabulary = (
            counted.group_by("word")
            .len()
            .sort("len", "word", descending=[True, False])
            .with_row_index("number")
            .with_columns(
                case=pl.col("word").str.contains(r"^\p{Lu}")
                + pl.col("word").str.contains(r"^\p{Lu}{2}").cast(pl.UInt8),
                moves=pl.col("word").str.contains(r"^\p{L}{3,}"),
            )
        )
        self._words = vocabulary["word"].to_arrow().cast(pa.string())
        self._numbers = counted.join(
            vocabulary.select("word", "number"), on="word", maintain_order="left"
        )["number"].to_numpy()
        movable = vocabulary.filter(
            pl.col("moves")
            & (pl.col("number") >= KEPT_WORDS)
            & ~pl.col("word").is_in(KEPT_NAMES)
        )
        self._cases = [
            rows["number"].to_numpy()
            for rows in movable.partition_by("case", maintain_order=True)
        ]

    def texts(self, number):
        """Every article once, in the words of a round; round 0 has the first ones."""
        places = np.arange(len(self._words))
        dice = np.random.default_rng(number)
        for members in self._cases if number else ():
            ranks = np.arange(len(members)) + dice.uniform(0, NEIGHBOURS, len(members))
            places[members] = members[np.argsort(ranks)]
        words = pc.take(self._words, pa.array(places[self._numbers]))
        lists = pa.ListArray.from_arrays(self._offsets, words)
        return pc.binary_join(lists, "").to_pylist()


def rendered(words, seed=0):
    """Articles as they stand in a digest, for ever; reprints and wire copies are in.

    Yields:
        Texts from title to trailer.
    """
    dice, number, printed = random.Random(seed), seed * 1_000, []
    while True:
        told = list(zip(words.texts(number), words.sources, strict=True))
        dice.shuffle(told)
        for text, source in told:
            fresh = f"{text}{PARAGRAPH_GAP}Source: {source}"
            luck = dice.random()
            if printed and luck < REPRINT_RATIO:
                yield dice.choice(printed)
            elif printed and luck < REPRINT_RATIO + WIRE_COPY_RATIO:
                title, *rest = dice.choice(printed).split(PARAGRAPH_GAP)
                added = f"More was expected, {source} was told in {dice.random():.9f}."
                yield PARAGRAPH_GAP.join([title, *rest[:-1], added, rest[-1]])
            else:
                yield fresh
            printed = [*printed[-2 * ARTICLES_PER_DIGEST :], fresh]
        number += 1


def write(words, folder, articles, seed=0):
    """Write digests, each with a day in its name, days in order of their files.

    Returns:
        Bytes written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source, size = rendered(words, seed), 0
    total = articles // ARTICLES_PER_DIGEST
    for place in range(total):
        day = FIRST_DAY + timedelta(days=place * DAYS // total)
        texts = [next(source) for _ in range(ARTICLES_PER_DIGEST)]
        content = (ARTICLE_GAP.join(texts) + "\n").encode()
        (folder / f"{day}_{seed}_{place:06d}.txt").write_bytes(content)
        size += len(content)
    return size
