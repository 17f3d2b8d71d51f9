"""Lists of titles: which lines announce others, and which lines they announce."""

from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.split.features.announcement_kernels import choose_in_order
from transforms.split.features.announcements import (
    announcement_traits,
    find_announcements,
)
from transforms.split.features.surroundings import block_traits, find_closing_fields
from transforms.split.lines.filled_lines import FilledLines, scan_filled_lines
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

TITLES = [
    "Harbour tunnel closes for nightly repairs",
    "Wheat harvest beats forecast in dry spring",
    "Museum returns carved door to village",
    "Snow delays opening of mountain road",
]
TEXT = (
    "The authority said on Monday that nobody had expected the matter to take so long, "
    "and that those concerned would be told in good time before anything was decided."
)


def scan(text: str) -> FilledLines:
    documents = pl.DataFrame({"document_row": [0], "text": [text]})
    buffer = buffer_documents(documents.cast({"document_row": pl.UInt32}))
    return scan_filled_lines(buffer, find_lines(buffer))


def traits_of(filled: FilledLines) -> dict[str, np.ndarray]:
    return announcement_traits(filled, find_announcements(filled))


def articles(titles: list[str], paragraphs: int = 3) -> str:
    return "\n\n".join("\n\n".join([title, *[TEXT] * paragraphs]) for title in titles)


def rows_where(filled: FilledLines, hits: np.ndarray) -> list[int]:
    """Line numbers, from 0 among those with text, of candidate lines."""
    return filled.candidate_rows[np.flatnonzero(hits)].tolist()


def test_list_of_contents_announces_each_title_below():
    filled = scan("\n".join(["Contents", *TITLES]) + "\n\n" + articles(TITLES))
    traits = traits_of(filled)

    assert rows_where(filled, traits["announces"] >= 3) == [1, 2, 3, 4]
    assert rows_where(filled, traits["announced"] >= 3) == [5, 9, 13, 17]
    assert traits["announced_in_order"].sum() == 4


@pytest.mark.parametrize(
    "entry", ["Post, Fri, 5/4: “{}”", "{} (Agency)", "{} ..... 7", "12. {}"]
)
def test_entries_may_say_more_than_the_title(entry):
    contents = "\n".join(entry.format(title) for title in TITLES)
    filled = scan(contents + "\n\n" + articles(TITLES))
    announced = traits_of(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [4, 8, 12, 16]


def test_entry_that_goes_on_in_the_next_line_announces_its_title():
    contents = "\n".join(
        "Post, May 4, " + title.replace(" ", "\n", 2).replace("\n", " ", 1)
        for title in TITLES
    )
    filled = scan(contents + "\n\n" + articles(TITLES))
    announced = traits_of(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [8, 12, 16, 20]


def test_digest_that_stands_twice_in_its_file_announces_nothing():
    filled = scan("\n\n".join([articles(TITLES, 1)] * 2))

    assert traits_of(filled)["announced"].max() < 3


def test_one_title_told_before_is_no_list():
    filled = scan(f"{TITLES[1]}\n\n{articles(TITLES)}")

    assert traits_of(filled)["announced"].max() < 3
    announced = find_announcements(filled)
    assert announced.listed.max() == 0
    assert announced.announces[0] > 0


def test_title_behind_a_label_is_announced():
    labelled = [f"Headline: {title}" for title in TITLES]
    filled = scan("\n".join(TITLES) + "\n\n" + articles(labelled))
    announced = traits_of(filled)["announced"]

    assert rows_where(filled, announced >= 3) == [4, 8, 12, 16]


def test_title_that_reads_like_a_sentence_is_announced_by_its_own_words():
    titles = [f"What became of the {title.lower()}, and why?" for title in TITLES]
    filled = scan("\n".join(titles) + "\n\n" + articles(titles))

    assert find_announcements(filled).listed.nonzero()[0].tolist() == [4, 8, 12, 16]


def test_title_that_stands_twice_in_the_list_announces_both_articles():
    titles = [TITLES[0], TITLES[0], *TITLES[1:]]
    filled = scan("\n".join(titles) + "\n\n" + articles(titles, 14))
    announced = find_announcements(filled)

    assert announced.tellers[[5, 20, 35]].tolist() == [0, 1, 2]
    assert traits_of(filled)["announced_in_order"].sum() == 5


def test_lines_that_all_entries_have_are_no_titles():
    entries = [f"{title}\nSearch terms: water\nNarrowed by" for title in TITLES]
    bodies = articles(TITLES) + "\n\nSearch terms: water"
    filled = scan("\n".join(entries) + "\n\n" + bodies)
    announced = find_announcements(filled)

    assert announced.sizes.nonzero()[0].tolist() == [0, 3, 6, 9]
    assert announced.tellers[-1] == -1


def test_list_ends_before_the_first_title_that_it_announces():
    header = "Harbour Post, front page"
    bodies = "\n\n".join(f"{title}\n\n{header}\n\n{TEXT}\n\n{TEXT}" for title in TITLES)
    filled = scan("\n".join(TITLES) + "\n\n" + bodies)
    announced = find_announcements(filled)

    assert announced.sizes.nonzero()[0].tolist()[:4] == [0, 1, 2, 3]
    assert announced.is_within.nonzero()[0].tolist() == [0, 1, 2]


def test_table_that_stands_twice_is_no_list():
    rows = [
        f"{name} revenue of the year" for name in ("Net", "Gross", "Other", "Total")
    ]
    table = "\n".join(rows)
    filled = scan("\n\n".join([table, *[TEXT] * 9, table]))

    assert find_announcements(filled).listed.max() == 0


def test_entries_that_follow_each_other_differ_by_one_step():
    titles = [*TITLES, "Ferry adds two crossings on Sundays", "Choir sings in old mill"]
    found = [title for title in titles if title != TITLES[2]]
    filled = scan("\n".join(titles) + "\n\n" + articles(found))
    announced = find_announcements(filled)
    rows = np.flatnonzero(announced.listed)

    assert np.diff(announced.steps[announced.tellers[rows]]).tolist() == [1, 2, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 9)), max_size=9))
def test_heaviest_ascending_run_is_chosen(rows):
    values = np.array([value for value, _ in rows], dtype=np.int64)
    weights = np.array([weight for _, weight in rows], dtype=float)
    chosen = choose_in_order(values, weights)

    def weigh(places: tuple[int, ...]) -> float:
        ascends = all(values[a] < values[b] for a, b in pairwise(places))
        return float(weights[list(places)].sum()) if ascends else -1.0

    all_rows = range(len(rows))
    best = max(
        weigh(c) for n in range(len(rows) + 1) for c in combinations(all_rows, n)
    )
    assert weigh(tuple(np.flatnonzero(chosen))) == best


def test_block_is_what_stands_between_texts():
    filled = scan(
        f"{TEXT}\n\nSource: Post\n\n* * *\n\nWeather\n\n{TITLES[0]}\n\n{TEXT}"
    )
    traits = block_traits(filled)

    assert traits["block_place"].tolist() == [0, 0, 1, 2, 3, 0]
    assert traits["block_left"].tolist() == [0, 3, 2, 1, 0, 0]
    assert traits["closings_above"].tolist() == [-1, 0, 1, 1, 1, -1]
    assert traits["rules_below"].tolist() == [-1, 1, 0, 0, 0, -1]


FIELDS = "Source: Post\nDesk: News\nEdition: Late\nNumber: 4711\n\n"


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        (f"{TEXT}\n\n{FIELDS}All rights reserved: ARCHIVE\n\n\n{TEXT}", [1, 5]),
        (f"{TEXT}\n\n{FIELDS}All rights reserved: ARCHIVE\n\n{TEXT}", []),
        (f"{TEXT}\n\n{FIELDS}{TEXT}", []),
        (f"{TEXT}\n\nSource: Post\n\nAll rights reserved: X\n\n\n{TEXT}", []),
        (f"{FIELDS}Headline: {TITLES[0]}\nAll rights reserved: X\n\n\n{TEXT}", []),
    ],
    ids=["end", "no gap", "no rights", "too few", "title"],
)
def test_fields_that_end_with_a_rights_line_and_a_gap_start_nothing(text, closing):
    rows = np.flatnonzero(find_closing_fields(scan(text))).tolist()

    assert [rows[0], rows[-1]] == closing if closing else rows == []


def test_empty_document_has_no_traits():
    filled = scan("\n\n")

    assert all(len(values) == 0 for values in block_traits(filled).values())
    assert all(len(values) == 0 for values in traits_of(filled).values())
