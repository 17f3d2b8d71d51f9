"""Single signs of lines: headings that run in, lost tabs, ends of records, rules."""

import numpy as np
import polars as pl
import pytest

from transforms.contracts import HELD_SPANS
from transforms.split.best_path_kernels import (
    INSIDE,
    START,
    PathLines,
    find_path,
)
from transforms.split.features.surroundings import edge_traits
from transforms.split.lines.filled_lines import FilledLines, scan_filled_lines
from transforms.split.lines.line_group_kernels import NEAR_LINES, LineGroups
from transforms.split.split import split
from transforms.split.trees import (
    GIVE_UP_LOG_ODDS,
    average_trees,
    log_odds,
    shipped_models,
)
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

TEXT = (
    "The authority said on Monday that nobody had expected the matter to take so long, "
    "and that those concerned would be told in good time before anything was decided."
)


def frame(text: str) -> pl.DataFrame:
    documents = pl.DataFrame({"document_row": [0], "text": [text]})
    return documents.cast({"document_row": pl.UInt32})


def scan(text: str) -> FilledLines:
    buffer = buffer_documents(frame(text))
    return scan_filled_lines(buffer, find_lines(buffer))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("New bus line. A new bus line connects the airport with the campus.", 3),
        ("**Power rationed.** Households will have electricity for nine hours.", 2),
        ("__Space dollars.__ [The dataset](https://example.org) goes back to 1959.", 2),
        ("Theft: A woman reported that two bicycles had been taken from a shed.", 1),
        ("SELMET -- The cabinet has approved a plan to build two power lines.", 1),
        ("St. Paul was where the first of them met before the war, he said.", 0),
        ("A new bus line connects the airport with the university campus now", 0),
    ],
)
def test_words_of_a_heading_that_runs_in(line, words):
    assert scan(line).counts["run_in"].tolist() == [words]


def test_question_marks_at_the_start_stand_for_tabs():
    filled = scan("????????2 of 5 DOCUMENTS\n???\n??Who knows?\n?Really")
    plain = scan("2 of 5 DOCUMENTS\n???\nWho knows?\n?Really")

    assert filled.kinds.tolist() == plain.kinds.tolist()
    assert filled.counts["indent"].tolist() == [8, 0, 2, 0]


def test_no_article_goes_on_behind_the_end_of_its_record():
    never = np.zeros(5, dtype=bool)
    is_last = np.array([False, False, True, False, False])
    start = np.array([5.0, -9, -9, -2, -9])
    outer = np.array([-5.0, -7, -5, -5, -7])
    is_text = np.array([False, True, False, False, True])
    bounds = np.array([0, 5])

    freely = find_path(PathLines(start, outer, is_text, never, never), bounds)
    ended = find_path(PathLines(start, outer, is_text, never, is_last), bounds)

    assert freely.tolist() == [START, INSIDE, INSIDE, INSIDE, INSIDE]
    assert ended.tolist() == [START, INSIDE, INSIDE, START, INSIDE]


def test_line_that_is_whole_may_be_an_article():
    never = np.zeros(2, dtype=bool)
    lines = PathLines(np.array([3.0, 3.0]), np.array([-5.0, -5]), ~never, ~never, never)

    assert find_path(lines, np.array([0, 2])).tolist() == [START, START]


def test_rules_between_articles_are_of_none():
    article = "\n\n".join(["Dam opens in Selmet", TEXT, TEXT, "Source: Agency"])
    text = "\n".join([article, "-" * 78, "-" * 20, article.replace("Dam", "Road")])

    found = split(frame(text), pl.DataFrame(schema=HELD_SPANS))

    spans = found.articles.select("char_start", "char_end").rows()
    assert [text[start:end] for start, end in spans] == [
        article,
        article.replace("Dam", "Road"),
    ]


def test_lines_like_those_at_the_edges_of_a_document():
    dates = ["5 January 2021", "4 January 2021", "3 January 2021"]
    titles = ["Dam opens", "Road closes", "Wheat dear"]
    text = "\n\n".join(
        f"{title}\n\n{TEXT}\n\n{date}"
        for title, date in zip(titles, dates, strict=True)
    )
    traits = edge_traits(scan(text))

    assert traits["in_tail"].reshape(3, 3)[:2, 2].tolist() == [1, 1]
    assert traits["in_head"].reshape(3, 3)[:, 2].tolist() == [0, 0, 0]
    assert traits["before_1_in_tail"].reshape(3, 3)[1:, 0].tolist() == [1, 1]


def test_near_lines_of_a_group_are_summed_alone():
    count = 3 * NEAR_LINES
    documents = np.zeros(count, dtype=np.int64)
    keys = np.zeros(count, dtype=np.uint64)
    keys[1::2] = 1
    groups = LineGroups(documents, keys)
    ones = np.ones(count, dtype=np.float32)

    near = groups.sum_near(ones)

    assert near[0] == NEAR_LINES // 2 + 1
    assert near[count // 2] == NEAR_LINES + 1
    assert near.tolist() == groups.near_sizes.tolist()


def test_average_of_an_ensemble_with_itself_is_itself():
    trees = shipped_models()["title"]
    rows = np.arange(5)
    generator = np.random.default_rng(7)
    features = {
        name: generator.normal(size=5).astype(np.float32) for name in trees.names
    }

    twice = average_trees([trees, trees])

    # Far below, trees behind are not asked.
    once, again = (
        np.maximum(log_odds(ensemble, features, rows), GIVE_UP_LOG_ODDS)
        for ensemble in (trees, twice)
    )
    assert again == pytest.approx(once, abs=1e-4)
