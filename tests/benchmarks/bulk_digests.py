"""Any amount of digests in the seed's manner, few articles alike, with boundaries.

    python -m tests.benchmarks.bulk_digests ARTICLES.jsonl.gz FOLDER MEGABYTES

Each round over the articles tells them in other words (see `reworded`), so everything
has to be classified, located, and loaded anew; one in twelve is a reprint or a wire
copy. Two blank lines part the articles, so that a plain regular expression can split
them too and speed is compared on equal results.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.bench_classify import read_articles
from tests.benchmarks.compose_digests import split_paragraphs

ARTICLES_PER_DIGEST = 40
ARTICLE_GAP = "\n\n\n"
PARAGRAPH_GAP = "\n\n"
MAX_CHARS = 9_000
FIRST_DAY = date(2015, 1, 1)


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


def digests(articles, megabytes, seed=0):
    """Texts of digests until there are so many megabytes, and their boundaries.

    Yields:
        Text and one (start, end) in characters per article.
    """
    from tests.benchmarks import reworded

    left = megabytes * 1_000_000
    source = reworded.rendered(reworded.Words(articles), seed)
    while left > 0:
        texts = [next(source) for _ in range(ARTICLES_PER_DIGEST)]
        text = ARTICLE_GAP.join(texts) + "\n"
        spans, at = [], 0
        for article in texts:
            spans.append((at, at + len(article)))
            at += len(article) + len(ARTICLE_GAP)
        left -= len(text.encode())
        yield text, spans


def write(articles, folder, megabytes, seed=0):
    """Write digests into a folder, three for each day from 2015 on.

    Returns:
        Boundaries per file name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gold = {}
    for place, (text, spans) in enumerate(digests(articles, megabytes, seed)):
        name = f"{FIRST_DAY + timedelta(days=place // 3)}_{place:06d}.txt"
        (folder / name).write_text(text, encoding="utf-8")
        gold[name] = spans
    return gold


if __name__ == "__main__":
    write(usable(read_articles(Path(sys.argv[1]))), Path(sys.argv[2]), int(sys.argv[3]))
