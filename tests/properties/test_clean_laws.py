"""Laws of cleaning: nothing unaccounted for, everything traceable."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.article_frames import Digests, digests
from transforms.clean.clean import locate

WORDS = st.text(
    alphabet="abcXYZ09 .,\t\u00a0\u200b“”\"'éя漢😀\u0301\x07-",
    min_size=1,
    max_size=40,
).map(lambda words: f"w{words}w")
FURNITURE = st.sampled_from(
    [
        "By Jane Doe",
        "Source: Example Agency",
        "Published by",
        "(Reporting by Jane Doe)",
        "Copyright (c) 2015 Example",
        "It ends here… Continue reading “it”",
        "    Indented  line of text, as wires have it",
        " REUTER",
        "",
    ]
)
PARAGRAPHS = st.lists(st.one_of(WORDS, WORDS, FURNITURE), min_size=1, max_size=8)
ARTICLES = st.builds(
    lambda title, paragraphs, gap: f"T{title}" + gap + gap.join(paragraphs),
    st.text(alphabet="abc é", min_size=1, max_size=20).map(lambda t: f"itle {t}x"),
    PARAGRAPHS.map(lambda paragraphs: [*paragraphs, "The last words of it."]),
    st.sampled_from(["\n", "\n\n"]),
)
DIGESTS = st.lists(ARTICLES, min_size=1, max_size=4)
INVISIBLE = "\ufeff\u200b\u00ad\x07"


def texts_of(frames: Digests) -> list[str]:
    return frames.documents["text"].to_list()


@given(DIGESTS)
def test_runs_map_to_identical_characters(articles: list[str]) -> None:
    frames = digests(articles)

    cleaned = frames.clean().articles

    (text,) = texts_of(frames)
    for row in cleaned.iter_rows(named=True):
        for field in ("title", "body"):
            for run in row[f"{field}_runs"]:
                start, char, size = run.values()
                assert row[field][start : start + size] == text[char : char + size]


@given(DIGESTS)
def test_runs_and_cuts_cover_the_span_once(articles: list[str]) -> None:
    frames = digests(articles)

    cleaned = frames.clean().articles

    (text,) = texts_of(frames)
    for row in cleaned.iter_rows(named=True):
        counts = [0] * len(text)
        # What a title is made from when there is none is in the body.
        own = [] if row["title_basis"] == "lead" else row["title_runs"]
        runs = [*own, *row["body_runs"]]
        spans = [(r["char_start"], r["char_start"] + r["length"]) for r in runs]
        spans += [(cut["char_start"], cut["char_end"]) for cut in row["cuts"]]
        for start, end in spans:
            counts[start:end] = [count + 1 for count in counts[start:end]]
        inside = range(row["char_start"], row["char_end"])
        left = {text[at] for at in inside if not counts[at]}
        assert max(counts) <= 1
        assert not {char for char in left if not char.isspace()} - set(INVISIBLE)


@given(DIGESTS)
def test_every_article_is_kept_or_set_aside(articles: list[str]) -> None:
    frames = digests(articles)

    result = frames.clean()

    assert len(result.articles) + len(result.rejects) == len(articles)
    assert len(result.lines) == len(frames.lines)


@given(DIGESTS)
def test_line_breaks_and_mark_change_no_letter(articles: list[str]) -> None:
    plain = digests(articles).clean().articles.select("title", "body")

    windows = [article.replace("\n", "\r\n") for article in articles]
    windows[0] = "\ufeff" + windows[0]
    other = digests(windows, gap="\r\n\r\n").clean().articles.select("title", "body")

    assert other.equals(plain)


@given(DIGESTS)
def test_white_space_of_bodies_is_even(articles: list[str]) -> None:
    bodies = digests(articles).clean().articles["body"]

    assert not bodies.str.contains(r"[\t\r\x{00A0}\x{200B}]|  |\n\n\n|^\s|\s$").any()


@given(DIGESTS, st.data())
def test_located_spans_quote_the_document(
    articles: list[str], data: st.DataObject
) -> None:
    frames = digests(["Ünrelated\n\nIt is here."], articles)
    cleaned = frames.clean().articles
    rows = []
    for row in cleaned.iter_rows(named=True):
        field = data.draw(st.sampled_from(["title", "body"]))
        start = data.draw(st.integers(0, len(row[field]) - 1))
        end = data.draw(st.integers(start + 1, len(row[field])))
        rows.append((row["article_row"], field, start, end, row[field][start:end]))
    spans = pl.DataFrame(
        rows,
        schema={
            "article_row": pl.UInt32,
            "field": pl.String,
            "text_start": pl.UInt32,
            "text_end": pl.UInt32,
            "wanted": pl.String,
        },
        orient="row",
    )

    located = locate(spans, cleaned, frames.documents)

    texts = texts_of(frames)
    for span in located.iter_rows(named=True):
        document = texts[span["document_row"]]
        assert span["exact"] == document[span["char_start"] : span["char_end"]]
        letters = [char for char in span["wanted"] if char.isascii() and char.isalnum()]
        assert [c for c in span["exact"] if c.isascii() and c.isalnum()] == letters
