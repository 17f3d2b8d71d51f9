"""The same six stories in many layouts: each must fall apart into exactly these six."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from transforms.contracts import HELD_SPANS
from transforms.split.split import split

STORIES = json.loads(Path(__file__).with_name("split_stories.json").read_text("utf-8"))
Render = Callable[[int, str, list[str]], str]


def prose(_n: int, title: str, body: list[str], gap: str = "\n\n") -> str:
    return gap.join([title, *body])


def with_trailer(trailer: str) -> Render:
    return lambda n, title, body: prose(n, title, [*body, trailer])


def with_title(form: str) -> Render:
    return lambda n, title, body: prose(
        n, form.format(n=n, t=title, u=title.upper()), body
    )


def above_title(form: str) -> Render:
    return lambda n, title, body: "\n\n".join([form.format(n=n), title, *body])


def with_byline(byline: str) -> Render:
    return lambda n, title, body: prose(n, title, [byline, *body])


def with_tail(tail: str) -> Render:
    return lambda n, title, body: prose(n, title, [*body[:-1], body[-1] + tail])


def with_subheads(n: int, title: str, body: list[str]) -> str:
    return prose(
        n, title, [*body[:2], "What comes next", *body[2:], "Source: Example News"]
    )


def wrapped(n: int, title: str, body: list[str]) -> str:
    return prose(n, title, [textwrap.fill(part, 66) for part in body])


def old_wire(_n: int, title: str, body: list[str]) -> str:
    parts = [textwrap.fill(part, 60, initial_indent="    ") for part in body]
    parts[0] = textwrap.fill(f"VELDHAVEN, May 4 - {body[0]}", 60, initial_indent="    ")
    return "\n".join([title.upper(), "", *parts, " REUTER"])


def database_export(n: int, title: str, body: list[str]) -> str:
    return "\n\n".join(
        [
            f"{n} of 6 DOCUMENTS",
            "The Veldhaven Courier",
            f"May {n}, 2011 Friday",
            title,
            "BYLINE: Ann Smith",
            "LENGTH: 120 words",
            *body,
            f"LOAD-DATE: May {n}, 2011",
            "LANGUAGE: ENGLISH",
        ]
    )


def closed_record(n: int, title: str, body: list[str]) -> str:
    head = f"{title}\nThe Veldhaven Courier\nMay {n}, 2011 Friday\n\n"
    body = ["Length: 120 words\nBody", *body]
    return head + "\n\n".join([*body, f"Load-Date: May {n}, 2011", "End of Document"])


def fields_below(n: int, title: str, body: list[str]) -> str:
    """A head that the first field below the text repeats, as archives of papers do."""
    paper = f'"Veldhavener Bote" vom {n:02d}.09.2008      Seite: 4{n}'
    head = f"{paper}\nRessort: POL/ ALLE POL\n\n{title}\n\n"
    fields = [
        f"Quelle:  \t{paper}",
        "Ressort: POL",
        "Ressort:  \tALLE POL",
        "Mutation:  \tVeldhaven, Land, Morgen",
        f"Dokumentnummer:  \t0830840650780680650820680 95200809{n:02d}0406150057",
    ]
    rights = "Alle Rechte vorbehalten: zur Verfügung gestellt von ARCHIV"
    parts = [textwrap.fill(part, 68, initial_indent="   ") for part in body]
    photo = "Bild: Der Hafen von Veldhaven (im Vordergrund) am Montag. Foto: Archiv"
    address = f"Dauerhafte Adresse des Dokuments: http://archive.example/{n}"
    text = "\n".join(parts) + f"\n\n{photo}\n"
    return "\n\n".join([head + text, "\n".join(fields), address, rights])


LAYOUTS: dict[str, tuple[Render, str]] = {
    "bare titles, wider gap": (prose, "\n\n\n"),
    "source line": (with_trailer("Source: Example News Agency"), "\n\n"),
    "original line": (with_trailer("Original: Example News"), "\n\n"),
    "agency in brackets": (with_trailer("(AFP)"), "\n\n"),
    "agency at the end of the text": (with_tail(" (AFP)"), "\n\n"),
    "dash and newswire": (with_trailer("-- Newswire"), "\n\n"),
    "read more": (with_trailer("Read more"), "\n\n"),
    "tags": (with_trailer("Tags: power, storm, north"), "\n\n"),
    "photo": (with_trailer("Photo: A. Smith / Example"), "\n\n"),
    "copyright": (with_trailer("Copyright (c) 2015. Example News, Inc."), "\n\n"),
    "byline": (with_byline("By Ann Smith"), "\n\n"),
    "upper-case titles": (with_title("{u}"), "\n\n"),
    "bulleted titles": (with_title("• {t}"), "\n\n"),
    "numbered titles": (with_title("{n}. {t}"), "\n\n"),
    "markdown titles": (with_title("## {t}"), "\n\n"),
    "numbers above titles": (above_title("{n}."), "\n\n"),
    "ids above titles": (above_title("VDH-{n:04d} | Region | May {n}"), "\n\n"),
    "subheads": (with_subheads, "\n\n"),
    "rules between": (prose, "\n\n* * *\n\n"),
    "hard wraps": (wrapped, "\n\n\n"),
    "old wire": (old_wire, "\n\n"),
    "database export": (database_export, "\n\n"),
    "records with an end mark": (closed_record, "\n\n\n"),
    "fields below the text": (fields_below, "\n\n\n\n"),
    "no blank lines": (
        lambda n, title, body: prose(n, title, [*body, "Source: Example"], "\n"),
        "\n",
    ),
}


# Layouts in which every article ends with a line that closes it.
CLOSED = ["source line", "copyright", "tags", "old wire", "records with an end mark"]


def lay_out(render: Render, between: str) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", []
    for n, story in enumerate(STORIES, 1):
        start = len(text)
        text += render(n, story["title"], story["body"])
        spans.append((start, len(text)))
        text += between if n < len(STORIES) else "\n"
    return text, spans


def find_spans(text: str) -> list[tuple[int, int]]:
    documents = pl.DataFrame(
        {"document_row": [0], "text": [text]},
        schema={"document_row": pl.UInt32, "text": pl.String},
    )
    result = split(documents, pl.DataFrame(schema=HELD_SPANS))
    return result.articles.select("char_start", "char_end").rows()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_is_split_exactly(layout):
    text, spans = lay_out(*LAYOUTS[layout])
    assert find_spans(text) == spans


@pytest.mark.parametrize("second", CLOSED)
@pytest.mark.parametrize("first", CLOSED)
def test_two_digests_in_one_file_are_split_as_apart(first, second):
    text, spans = lay_out(*LAYOUTS[first])
    other, other_spans = lay_out(*LAYOUTS[second])
    joined = text + "\n" + other
    moved = [(start + len(text) + 1, end + len(text) + 1) for start, end in other_spans]
    assert find_spans(joined) == spans + moved


@pytest.mark.parametrize("layout", ["source line", "old wire", "database export"])
def test_line_ends_change_nothing(layout):
    text, spans = lay_out(*LAYOUTS[layout])
    crlf = [
        tuple(place + text.count("\n", 0, place) for place in span) for span in spans
    ]
    assert find_spans(text.replace("\n", "\r\n")) == crlf


@pytest.mark.parametrize("layout", ["source line", "old wire", "database export"])
def test_quotes_and_marks_change_nothing(layout):
    text, spans = lay_out(*LAYOUTS[layout])
    straight = text.translate(str.maketrans("“”", '""'))
    assert find_spans(straight) == spans
    assert find_spans("\ufeff" + text) == [(a + 1, b + 1) for a, b in spans]


def test_bare_titles_without_wider_gaps_are_found_but_for_one():
    text, spans = lay_out(prose, "\n\n")
    assert len(set(find_spans(text)) & set(spans)) >= len(spans) - 2


def test_section_headings_belong_to_no_article():
    render, _ = LAYOUTS["source line"]
    text, spans = "", []
    for n, story in enumerate(STORIES):
        text += f"{('WORLD', 'CRIME', 'ENERGY')[n // 2]}\n\n" if n % 2 == 0 else ""
        start = len(text)
        text += render(n, story["title"], story["body"])
        spans.append((start, len(text)))
        text += "\n\n"
    assert find_spans(text) == spans


def test_contents_and_masthead_belong_to_no_article():
    front = "Weekly Press Review\nIssue No. 12\n\nContents\n\n"
    front += (
        "\n".join(f"{n}. {story['title']}" for n, story in enumerate(STORIES, 1))
        + "\n\n\n"
    )
    text, spans = lay_out(*LAYOUTS["source line"])
    assert find_spans(front + text) == [
        (a + len(front), b + len(front)) for a, b in spans
    ]


def test_items_with_titles_that_run_in_may_end_with_a_link():
    text, starts = "", []
    for story in STORIES[:4]:
        starts.append(len(text))
        body = " ".join(story["body"])
        text += f"__{story['title']}.__ {body} [more](http://a.example)\n\n"

    assert [start for start, _ in find_spans(text)] == starts
