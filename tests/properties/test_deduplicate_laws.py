import random
import sys
import unicodedata

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.deduplicate.deduplicate import (
    add_identity,
    article_identities,
    choose_representatives,
)
from transforms.keys import article_identity

NEWS = st.text(
    alphabet="aA0 .,“”’—…éßİŉ½™ﬁжЖΣς\u0301\u0327\u00a0\u200b漢🙂각ᄀ", max_size=30
)
TEXTS = st.one_of(NEWS, st.text(max_size=20))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
@example([("e", "\u0301")])
@example([("", ""), ("ﷺ", "q\u0323\u0307")])
@example([("ᄀ", "ᅡ")])
def test_identities_equal_the_reference(pairs):
    titles = pl.Series([title for title, _ in pairs], dtype=pl.String)
    bodies = pl.Series([body for _, body in pairs], dtype=pl.String)

    got = article_identities(titles, bodies).to_list()

    assert got == [article_identity(title, body) for title, body in pairs]


def test_each_character_is_reduced_as_by_the_reference_beside_others():
    characters = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    characters = characters[:0x3400] + random.Random(1).sample(characters, 3000)
    texts = [f"a{c}e" for c in characters] + [f"ㄱ가{c}\u0931" for c in characters]
    titles = pl.Series(texts)

    got = article_identities(titles, titles).to_list()

    assert got == [article_identity(text, text) for text in texts]


@given(NEWS, NEWS)
def test_quotes_case_and_breaks_do_not_change_the_identity(title, body):
    dressed = (
        f"“{title.upper()}”\r\n"
        if title.upper().casefold() == title.casefold()
        else title
    )
    pairs = pl.DataFrame({"title": [title, dressed], "body": [body, f"\n{body} …\n"]})
    pairs = pairs.with_columns(title_basis=pl.lit("line"))

    # A sign that stands before a combining mark would take it up.
    if any(map(unicodedata.combining, title + body)):
        return

    assert add_identity(pairs)["article_id"].n_unique() == 1


@given(st.randoms(use_true_random=False))
def test_row_order_does_not_choose_the_representative(shuffler):
    rows = [("a", 2, 0), ("a", 1, 9), ("b", 3, 0), ("a", 1, 4), ("b", 3, 7)]
    shuffler.shuffle(rows)
    articles = pl.DataFrame(
        rows, schema=["article_id", "document_key", "char_start"], orient="row"
    )

    chosen = choose_representatives(articles).rows()

    assert chosen == [("a", 1, 4), ("b", 3, 0)]


def test_empty_batch_has_no_identities():
    nothing = pl.DataFrame(
        schema=dict.fromkeys(("title", "body", "title_basis"), pl.String)
    )

    assert add_identity(nothing).schema["article_key"] == pl.Int64


def test_missing_title_counts_as_empty():
    articles = pl.DataFrame(
        {"title": [None, ""], "body": ["x", "X"], "title_basis": "line"}
    )

    assert add_identity(articles)["article_id"].n_unique() == 1
