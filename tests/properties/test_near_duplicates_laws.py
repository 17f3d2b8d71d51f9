"""Laws of near-duplicates, in any script."""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.deduplicate.near_duplicates import (
    LIMITS,
    build_article_signature,
    group_stories,
    measure_pairs,
)
from transforms.keys import reduced_text

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "han": "".join(chr(code) for code in range(0x4E00, 0x4F00)),
}


def sentences(script: str, count: int, seed: int) -> list[str]:
    chance, letters = random.Random(seed), SCRIPTS[script]
    words = ["".join(chance.choices(letters, k=5)) for _ in range(count * 12)]
    gap = "" if script == "han" else " "
    return [gap.join(words[at : at + 12]) + "." for at in range(0, len(words), 12)]


def articles(*bodies: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "article_key": range(1, len(bodies) + 1),
            "title": "",
            "title_basis": "line",
            "body": bodies,
        },
        schema_overrides={"article_key": pl.Int64},
    )


def compare(
    one: str,
    other: str,
    days_apart: int | None = 0,
    boilerplate_values: int = 0,
) -> dict[str, float] | None:
    pair = pl.DataFrame(
        {
            "article_key": [1],
            "other_article_key": [2],
            "days_apart": [days_apart],
            "shared_values": [10],
            "boilerplate_values": [boilerplate_values],
        },
        schema_overrides={"article_key": pl.Int64, "other_article_key": pl.Int64},
    )
    found = measure_pairs(pair, articles(one, other)).to_dicts()
    return found[0] if found else None


@pytest.mark.parametrize("script", SCRIPTS)
def test_half_of_a_text_is_all_contained_in_it(script):
    text = sentences(script, 20, seed=1)

    pair = compare(" ".join(text), " ".join(text[:10]))

    assert pair["containment"] > 0.99
    assert 0.4 < pair["resemblance"] < 0.6


@pytest.mark.parametrize("script", SCRIPTS)
def test_sketches_of_edited_copies_share_values(script):
    text = sentences(script, 20, seed=2)
    edited = sentences(script, 20, seed=3)[:8] + text[8:]

    one, other = build_article_signature(articles(" ".join(text), " ".join(edited)))[
        "sketch"
    ]

    assert len(set(one) & set(other)) >= LIMITS.shared_values
    assert len(one) == 32


@pytest.mark.parametrize("script", SCRIPTS)
def test_other_texts_of_the_same_letters_are_no_pair(script):
    one, other = (" ".join(sentences(script, 20, seed)) for seed in (4, 5))

    assert compare(one, other) is None


@pytest.mark.parametrize("days_apart", [None, 400])
def test_copy_without_a_near_date_must_share_more(days_apart):
    text, other = sentences("latin", 20, seed=9), sentences("latin", 20, seed=10)
    half, most = (" ".join(text[:n] + other[n:]) for n in (10, 14))

    assert compare(" ".join(text), half, 3) is not None
    assert compare(" ".join(text), half, days_apart) is None
    assert compare(" ".join(text), most, days_apart) is not None


def test_boilerplate_of_what_is_shared_does_not_count():
    text, other = sentences("latin", 20, seed=11), sentences("latin", 20, seed=12)
    release = " ".join(text[:15] + other[15:])

    assert compare(" ".join(text), release, 3) is not None
    assert compare(" ".join(text), release, 3, boilerplate_values=9) is None
    # A copy of a release, boilerplate and all, stays one.
    copied = " ".join(text[:19] + other[19:])
    assert compare(" ".join(text), copied, 3, boilerplate_values=7) is not None


def test_shared_sentence_of_two_short_texts_is_no_pair():
    shared = sentences("latin", 1, seed=6)[0]

    assert compare(f"{shared} One.", f"{shared} Two.") is None


MIXED = st.text(alphabet="aAbé “”—.\u0301漢字각🙂", max_size=80)


@given(MIXED, MIXED)
def test_shared_shingles_are_those_of_a_plain_count(one, other):
    base = " ".join(sentences("latin", 3, seed=7))
    texts = (f"{one} {base}", f"{base} {other}")
    first, second = (plain_shingles(reduced_text("", text)) for text in texts)

    pair = compare(*texts)

    shared = len(first & second)
    assert pair["containment"] == pytest.approx(shared / min(len(first), len(second)))
    assert pair["resemblance"] == pytest.approx(shared / len(first | second))


def plain_shingles(text: str) -> set[str]:
    """Shortest runs of 16 letters up to each letter; an ideograph counts for three."""
    found = set()
    for end in range(1, len(text) + 1):
        start, letters = end, 0
        while start and letters < 16:
            start -= 1
            letters += 3 if ord(text[start]) >= 0x2E80 else 1
        if letters >= 16:
            found.add(text[start:end])
    return found


@given(MIXED)
def test_sketch_is_one_of_letters_and_digits_alone(text):
    dressed = " ".join(sentences("latin", 3, seed=8)) + " " + text
    bare = reduced_text("", dressed)

    one, other = build_article_signature(articles(dressed, bare))["sketch"]

    assert one.to_list() == other.to_list()


def pairs_of(edges: list[tuple[int, int]], containment: float) -> pl.DataFrame:
    ordered = sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})
    return pl.DataFrame(
        {
            "article_key": [one for one, _ in ordered],
            "other_article_key": [other for _, other in ordered],
            "containment": containment,
            "resemblance": containment,
        },
        schema_overrides={"article_key": pl.Int64, "other_article_key": pl.Int64},
    )


def days(count: int, step: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {"article_key": range(1, count + 1), "day": [step * n for n in range(count)]}
    )


def stories_of(found: pl.DataFrame) -> dict[int, int]:
    return dict(found.select("article_key", "story_key").iter_rows())


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=15))
def test_story_is_a_connected_part_named_by_its_first_member(edges):
    found = stories_of(group_stories(days(12), pairs_of(edges, 0.9)))

    parts = {key: {key} for key in range(1, 13)}
    for one, other in edges:
        joined = parts[one] | parts[other]
        parts |= dict.fromkeys(joined, joined)
    assert found == {key: min(part) for key, part in parts.items()}


def test_long_chain_of_small_changes_falls_apart():
    chain = [(n, n + 1) for n in range(1, 40)]
    short = [(n, n + 1) for n in range(1, 20)]

    assert (
        len(set(stories_of(group_stories(days(40), pairs_of(chain, 0.4))).values()))
        == 40
    )
    assert (
        len(set(stories_of(group_stories(days(40), pairs_of(chain, 0.9))).values()))
        == 1
    )
    assert (
        len(set(stories_of(group_stories(days(20), pairs_of(short, 0.4))).values()))
        == 1
    )


def test_story_that_goes_on_for_months_is_cut():
    chain = [(n, n + 1) for n in range(1, 10)]

    found = stories_of(group_stories(days(10, step=10), pairs_of(chain, 0.5)))

    assert sorted(set(found.values())) == [1, 4, 7, 10]


def test_reprint_belongs_to_its_story_however_late_or_undated():
    chain = [(n, n + 1) for n in range(1, 10)]
    dated = days(10, step=100)
    undated = dated.with_columns(
        day=pl.when(pl.col("article_key") < 3).then(None).otherwise("day")
    )

    late = stories_of(group_stories(dated, pairs_of(chain, 0.9)))
    assert set(late.values()) == {1}
    # Named by the first that has a date.
    assert set(stories_of(group_stories(undated, pairs_of(chain, 0.9))).values()) == {3}


def test_late_reprint_does_not_lengthen_a_story_for_its_followers():
    links = pl.concat([pairs_of([(1, 5)], 0.9), pairs_of([(1, 2), (2, 3)], 0.5)])
    late = pl.DataFrame({"article_key": [1, 2, 3, 5], "day": [0, 20, 40, 900]})

    assert stories_of(group_stories(late, links)) == {1: 1, 2: 1, 3: 3, 5: 1}


def test_overview_does_not_join_the_reports_that_it_quotes():
    overview = pairs_of([(1, 9), (2, 9), (3, 9)], 0.9).with_columns(resemblance=0.08)

    assert len(set(stories_of(group_stories(days(9), overview)).values())) == 9


def test_nothing_has_neither_pairs_nor_stories():
    none = articles()

    assert build_article_signature(none).is_empty()
    assert group_stories(days(0), pairs_of([], 0.9)).is_empty()
