import json

import polars as pl

from transforms.contracts import HELD_SPANS
from transforms.split.split import split


def test_seed_falls_into_its_nine_articles(seed_file, repository):
    with seed_file.open(encoding="utf-8", newline="") as seed:
        text = seed.read()
    gold_file = repository / "tests" / "golden" / "seed_gold.jsonl"
    gold = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines()]
    documents = pl.DataFrame(
        {"document_row": [0], "text": [text]},
        schema={"document_row": pl.UInt32, "text": pl.String},
    )
    result = split(documents, pl.DataFrame(schema=HELD_SPANS))
    spans = result.articles.select("char_start", "char_end").rows()
    assert spans == [(row["char_start"], row["char_end"]) for row in gold]
    titles = result.lines.filter(pl.col("role") == "title")["text"].to_list()
    assert titles == [row["title"] for row in gold]
