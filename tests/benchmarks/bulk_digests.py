"""Any amount of digests in the seed's manner, no two articles alike, with boundaries.

    python -m tests.benchmarks.bulk_digests ARTICLES.jsonl.gz FOLDER MEGABYTES

Articles repeat after some tens of megabytes, each time with another sentence in them,
so that none is a reprint: everything has to be classified, located, and loaded anew.
Two blank lines part the articles, so that a plain regular expression can split them too
and speed is compared on equal results.
"""

import random
import sys
from pathlib import Path

from tests.benchmarks.bench_classify import read_articles
from tests.benchmarks.compose_digests import split_paragraphs

ARTICLES_PER_DIGEST = 40
ARTICLE_GAP = "\n\n\n"
PARAGRAPH_GAP = "\n\n"
MAX_CHARS = 9_000


def usable(articles):
    """Title, paragraphs, and source of each article fit for a digest."""
    found = []
    for row in articles.select("title", "text", "source").to_dicts():
        title = " ".join((row["title"] or "").split()).rstrip(".")
        paragraphs = split_paragraphs(row["text"] or "", title)
        if 18 <= len(title) <= 130 and len(paragraphs) >= 2:
            source = (row["source"] or "").split("(")[0].strip() or "Newswire"
            size = sum(map(len, paragraphs))
            if 250 < size <= MAX_CHARS:
                found.append((title, paragraphs, source))
    return found


def render(article, number):
    """One article, made unlike its copies by a sentence after its first paragraph."""
    title, paragraphs, source = article
    first = f"{paragraphs[0]} It is report {number:,} of the desk."
    return PARAGRAPH_GAP.join([title, first, *paragraphs[1:], f"Source: {source}"])


def digests(articles, megabytes, seed=1):
    """Texts of digests until there are so many megabytes, and their boundaries.

    Yields:
        Text and one (start, end) in characters per article.
    """
    dice = random.Random(seed)
    left, number, stack = megabytes * 1_000_000, 0, []
    while left > 0:
        texts = []
        while len(texts) < ARTICLES_PER_DIGEST:
            if not stack:
                stack = dice.sample(articles, len(articles))
            number += 1
            texts.append(render(stack.pop(), number))
        text = ARTICLE_GAP.join(texts) + "\n"
        spans, at = [], 0
        for article in texts:
            spans.append((at, at + len(article)))
            at += len(article) + len(ARTICLE_GAP)
        left -= len(text.encode())
        yield text, spans


def write(articles, folder, megabytes, seed=1):
    """Write digests into a folder.

    Returns:
        Boundaries per file name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gold = {}
    for place, (text, spans) in enumerate(digests(articles, megabytes, seed)):
        name = f"digest_{place:06d}.txt"
        (folder / name).write_text(text, encoding="utf-8")
        gold[name] = spans
    return gold


if __name__ == "__main__":
    write(usable(read_articles(Path(sys.argv[1]))), Path(sys.argv[2]), int(sys.argv[3]))
