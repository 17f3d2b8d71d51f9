import polars as pl
import pytest

from tests.article_frames import digests
from transforms.contracts import HELD_SPANS, check
from transforms.split.outside_articles import (
    HEADINGS_MAX_CHARS,
    find_outside_articles,
)
from transforms.split.split import SplitResult

ARTICLES = ["Dam opens\n\nIt opened on Monday.", "Two held\n\nThey robbed a bank."]
SENTENCE = "The operator said that the dam would be repaired before the end of May."


def found(between, held=()):
    frames = digests(ARTICLES, gap=f"\n\n{between}\n\n")
    result = SplitResult(
        buffer=frames.buffer,
        lines=frames.lines,
        articles=frames.articles,
        quarantined=pl.DataFrame(
            [(0, start, end, "undecodable_bytes", "") for start, end in held],
            schema=HELD_SPANS,
            orient="row",
        ),
        empty_documents=pl.Series([], dtype=pl.UInt32),
    )
    spans = find_outside_articles(result)
    check(spans, HELD_SPANS, stage="split", contract="HELD_SPANS")
    (text,) = frames.documents["text"]
    return [text[start:end] for start, end in spans[:, 1:3].iter_rows()]


@pytest.mark.parametrize(
    "between",
    [
        "",
        "* * *\n\n----------",
        "In brief",
        "ENERGY\n\nNews of the day",
        "Documents (2)\n1. Dam opens\nSearch Terms: dam\n2. Two held",
        "\ufeff\n\u00a0\n",
        f"Search Terms: {'dam OR ' * 40}",
        "4. Court sends two men to prison for the robbery of a bank in the capital.",
    ],
    ids=["blank", "rule", "heading", "headings", "list", "mark", "search", "entry"],
)
def test_what_stands_between_articles_is_not_held(between):
    assert found(between) == []


@pytest.mark.parametrize(
    "between",
    [
        SENTENCE,
        f"{SENTENCE} {SENTENCE}",
        "The operator said that the dam would\nbe repaired before the end of May",
        "大坝运营商周一表示溢洪道的维修工作已经完成，农民对此表示怀疑。",
        "Оператор заявил, что плотина будет отремонтирована до конца мая.",
        "the operator of the dam and nobody else " * 4 + "at all",
        "\n".join(
            ["Where is the dam now", "Nobody knows"] * (HEADINGS_MAX_CHARS // 30)
        ),
    ],
    ids=["sentence", "line", "wrapped", "chinese", "russian", "endless", "chat"],
)
def test_text_of_no_article_is_held_from_its_first_line_to_its_last(between):
    assert found(between) == [between]


def test_headings_around_it_stay_between_articles():
    assert found(f"In brief\n\n{SENTENCE}\n\nOther news") == [SENTENCE]


def test_article_that_is_set_aside_already_is_not_held_again():
    start = len(ARTICLES[0]) + 2

    assert found(SENTENCE, held=[(start, start + len(SENTENCE))]) == []
