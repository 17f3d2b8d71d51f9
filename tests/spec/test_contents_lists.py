"""A list of contents is no article, and what it announces is found below."""

import json
from pathlib import Path

import polars as pl
import pytest

from transforms.contracts import HELD_SPANS
from transforms.split.explain import explain_boundaries
from transforms.split.split import split

STORIES = json.loads(Path(__file__).with_name("split_stories.json").read_text("utf-8"))
TITLES = [story["title"] for story in STORIES]
SUBHEADS = (
    "WHAT COMES NEXT?",
    "WHO PAYS FOR IT?",
    "WHY NOW?",
    "WHAT DO THE NEIGHBORS SAY?",
    "HOW MUCH IS IT?",
)
LISTS = {
    "titles": "{title}",
    "publisher and day": 'Courier, Fri, 5/4:  "{title}"',
    "publisher below": "{title}\nVeldhaven Courier, 05/04/01",
    "numbers": "{n}. {title}",
    "pages": "{title} ........ {n}",
}


def digest(form: str) -> tuple[str, list[int]]:
    """A mail with a list in one form, and where its articles begin."""
    entries = [form.format(title=t, n=n) for n, t in enumerate(TITLES, 1)]
    text = "Please see the following articles:\n\n" + "\n\n".join(entries)
    text += "\n" + "-" * 60 + "\n\n"
    starts = []
    for story in STORIES:
        starts.append(len(text))
        text += f"{story['title']}\nBy Ann Smith\n(Published May 4, 2001)\n"
        text += "\n".join(story["body"]) + "\n\n\n"
    return text, starts


def frame(text: str) -> pl.DataFrame:
    documents = pl.DataFrame({"document_row": [0], "text": [text]})
    return documents.cast({"document_row": pl.UInt32})


@pytest.mark.parametrize("form", LISTS.values(), ids=LISTS)
def test_articles_begin_below_the_list(form):
    text, starts = digest(form)

    found = split(frame(text), pl.DataFrame(schema=HELD_SPANS)).articles

    assert found["char_start"].to_list() == starts


def with_subheads(terms: str = "") -> tuple[str, list[int]]:
    """A list, entries with lines of their own, and articles that look like several."""
    text = f"Documents ({len(TITLES)})\n"
    text += "\n".join(f"{n}. {t}\n{terms}" for n, t in enumerate(TITLES, 1)) + "\n\n"
    starts = []
    for number, story in enumerate(STORIES):
        starts.append(len(text))
        text += f"{story['title']}\n\nVeldhaven Courier\n\n"
        heads = SUBHEADS if number < len(STORIES) - 1 else ()
        for head, paragraph in zip(heads, story["body"], strict=False):
            text += f"{paragraph}\n\n___\n\n{head}\n\n"
        text += f"{story['body'][0]}\n\n"
    return text, starts


@pytest.mark.parametrize("terms", ["", "Client: none\nSearch terms: water, dams\n"])
def test_subheads_between_announced_articles_start_none(terms):
    text, starts = with_subheads(terms)

    found = split(frame(text), pl.DataFrame(schema=HELD_SPANS)).articles

    assert found["char_start"].to_list() == starts


def test_explanation_names_the_line_of_the_list():
    text, starts = digest(LISTS["publisher and day"])

    reasons = explain_boundaries(frame(text)).filter(look="announced")

    assert reasons["char_start"].to_list() == starts
    lines = text.split("\n")
    for title, number in zip(TITLES, reasons["value"], strict=True):
        assert title in lines[int(number) - 1]
    assert "line 3" in reasons["sign"][0]
