"""An edge of a text or of a word is found in its document, mended or not."""

import hashlib
import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from flows.batch.stages import clean, decode, deduplicate, split
from flows.batch.work import Work
from tests.article_frames import digests
from transforms.contracts import REJECTS, InputKind
from transforms.text.locate import locate

# What cleaning rewrites, leaves out, or evens out, and what JSON writes otherwise.
MENDED = st.sampled_from(
    [
        "e\u0301",
        "E\u0300\u0302",
        "\u00ad",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\x07",
        "\x92",
        "â€™",
        "Ã©",
        "\u00a0",
        "\t",
        "\r",
        "&amp;",
        "&#233;",
        "é",
        "😀",
        '"',
        "\\",
        "a",
    ]
)
WORDS = st.builds(
    lambda head, core, tail: head + core + tail,
    st.one_of(st.just(""), MENDED),
    st.one_of(st.sampled_from(["Oil", "dam", "7"]), st.just(""), MENDED),
    st.one_of(st.just(""), MENDED),
)
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
ARTICLES = st.lists(st.tuples(LINES, LINES), min_size=1, max_size=4)


def check(cleaned: pl.DataFrame, documents: pl.DataFrame, data: st.DataObject) -> None:
    spans = []
    for row, title, body in cleaned.select("article_row", "title", "body").iter_rows():
        for field, text in (("title", title), ("body", body)):
            inner = data.draw(st.integers(0, len(text) - 1))
            spans += [
                (row, field, start, end)
                for start, end in (
                    (0, 1),
                    (0, len(text)),
                    (len(text) - 1, len(text)),
                    (inner, inner + 1),
                    (0, inner + 1),
                    (inner, len(text)),
                )
            ]
    asked = pl.DataFrame(
        spans,
        schema={
            "article_row": pl.UInt32,
            "field": pl.String,
            "text_start": pl.UInt32,
            "text_end": pl.UInt32,
        },
        orient="row",
    )

    located = locate(asked, cleaned, documents)

    texts = documents["text"].to_list()
    bounds = cleaned.select("article_row", first="char_start", last="char_end")
    for row in located.join(bounds, on="article_row").iter_rows(named=True):
        start, end = row["char_start"], row["char_end"]
        assert row["first"] <= start < end <= row["last"], row
        assert row["exact"] == texts[row["document_row"]][start:end], row


@given(ARTICLES, st.data())
def test_digests(articles: list[tuple[str, str]], data: st.DataObject) -> None:
    texts = [f"{title}\n\n{body}" for title, body in articles]
    frames = digests(texts[:1], texts[1:] or ["Oil up\n\nA dam."])

    check(frames.clean().articles, frames.documents, data)


@given(ARTICLES, st.booleans(), st.booleans(), st.data())
def test_records(
    articles: list[tuple[str, str]],
    is_escaped: bool,
    is_text_first: bool,
    data: st.DataObject,
) -> None:
    records = [
        {"text": body, "title": title}
        if is_text_first
        else {"title": title, "text": body}
        for title, body in articles
    ]
    content = "\n".join(
        json.dumps(record, ensure_ascii=is_escaped) for record in records
    ).encode()
    work = _clean_records(content)

    check(work.articles, work.documents, data)


def _clean_records(content: bytes) -> Work:
    landed = pl.DataFrame(
        {
            "document_id": hashlib.sha256(content).hexdigest(),
            "path": "a.jsonl",
            "file_name": "a.jsonl",
            "byte_size": len(content),
            "kind": InputKind.RECORDS.value,
            "container_id": None,
            "content": content,
        },
        schema_overrides={"container_id": pl.String},
    )
    work = split(decode(landed, pl.DataFrame(schema=REJECTS)))
    return deduplicate(clean(work))
