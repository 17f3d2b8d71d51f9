"""The smallest input of each kind that once was split wrongly; all texts invented."""

import json
from pathlib import Path

import polars as pl
import pytest

from transforms.contracts import HELD_SPANS
from transforms.split.lone_article import add_lone_articles
from transforms.split.split import split

FOLDER = Path(__file__).with_name("smallest")
GOLD = [
    json.loads(line)
    for line in (FOLDER / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
NAMES = sorted({row["file"] for row in GOLD})
# A list of other headlines below a lone article is taken for a footer.
NOT_YET = {"21_related_headlines.txt"}


def spans_in(text: str) -> list[tuple[int, int]]:
    documents = pl.DataFrame({"document_row": [0], "text": [text]}).cast(
        {"document_row": pl.UInt32}
    )
    result = add_lone_articles(split(documents, pl.DataFrame(schema=HELD_SPANS)))
    return list(result.articles.select("char_start", "char_end").iter_rows())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.xfail(strict=True)] * (name in NOT_YET))
        for name in NAMES
    ],
)
def test_smallest_input_is_split_to_the_character(name):
    text = (FOLDER / name).read_bytes().decode()
    gold = [(row["char_start"], row["char_end"]) for row in GOLD if row["file"] == name]

    assert spans_in(text) == gold


@pytest.mark.parametrize("gap", ["\n\n\xa0\n\n", "\n\xa0\n\n", "\n\n\n"])
def test_line_before_each_source_does_not_shift_the_articles(gap):
    seed = next(Path("seeds").glob("*.txt")).read_bytes().decode()
    wide = seed.replace("\n\nSource:", f"{gap}Source:")
    titles = [seed[start:].split("\n", 1)[0] for start, _ in spans_in(seed)]

    assert wide.count(f"{gap}Source:") > 5
    assert [wide[start:].split("\n", 1)[0] for start, _ in spans_in(wide)] == titles
