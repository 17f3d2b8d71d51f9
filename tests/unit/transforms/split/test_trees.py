import numpy as np
import polars as pl
import pytest

from transforms.errors import WeightsError
from transforms.split.best_path_kernels import (
    INSIDE,
    OUTSIDE,
    START,
    PathLines,
    find_path,
)
from transforms.split.explain import explain_boundaries
from transforms.split.feature_words import say_sign
from transforms.split.fit import fit_splitter
from transforms.split.tree_kernels import MOST_LEAVES
from transforms.split.trees import (
    GIVE_UP_LOG_ODDS,
    MODEL_NAMES,
    Trees,
    contributions,
    log_odds,
    read_models,
    shipped_models,
    write_models,
)

STUMP = Trees(
    names=("gap",),
    features=np.array([0, -1, -1], dtype=np.int32),
    thresholds=np.array([1.5, 0, 0], dtype=np.float32),
    lefts=np.array([1, 0, 0], dtype=np.int32),
    values=np.array([0.5, -1, 2], dtype=np.float32),
    roots=np.array([0], dtype=np.int32),
    baseline=-3.0,
)
GAPS = {"gap": np.array([1, 2], dtype=np.float32)}
ROWS = np.array([0, 1])


def test_tree_goes_left_up_to_its_threshold():
    assert log_odds(STUMP, GAPS, ROWS).tolist() == [-4, -1]


def grow(seed: int, trees: int, leaves: int) -> Trees:
    """Trees of random shape, with thresholds that values often equal."""
    chance = np.random.default_rng(seed)
    features, lefts, roots = [], [], []
    for _ in range(trees):
        roots.append(len(features))
        features.append(-1)
        lefts.append(0)
        ends = [roots[-1]]
        while len(ends) < leaves:
            node = ends.pop(chance.integers(len(ends)))
            features[node], lefts[node] = int(chance.integers(3)), len(features)
            ends += [len(features), len(features) + 1]
            features += [-1, -1]
            lefts += [0, 0]
    return Trees(
        names=("a", "b", "c"),
        features=np.array(features, dtype=np.int32),
        thresholds=chance.integers(0, 9, len(features)).astype(np.float32),
        lefts=np.array(lefts, dtype=np.int32),
        values=chance.normal(size=len(features)).astype(np.float32),
        roots=np.array(roots, dtype=np.int32),
        baseline=GIVE_UP_LOG_ODDS + 1,
    )


def walk(trees: Trees, row: list[np.float32]) -> float:
    """Log-odds of a row by walking each tree from its root."""
    total = 0.0
    for tree, root in enumerate(trees.roots):
        if tree % 8 == 0 and total < GIVE_UP_LOG_ODDS - trees.baseline:
            break
        node = root
        while trees.features[node] >= 0:
            is_more = row[trees.features[node]] > trees.thresholds[node]
            node = trees.lefts[node] + is_more
        total += float(trees.values[node])
    return trees.baseline + total


@pytest.mark.parametrize("leaves", [1, 2, 24, MOST_LEAVES])
def test_rows_reach_the_leaves_that_a_walk_reaches(leaves):
    trees = grow(leaves, 20, leaves)
    chance = np.random.default_rng(5)
    table = chance.integers(0, 9, (3, 300)).astype(np.float32)
    table[1, ::7] = np.nan
    features = dict(zip(trees.names, table, strict=True))
    rows = np.arange(0, 300, 2)
    found = log_odds(trees, features, rows)
    assert found.tolist() == [walk(trees, table[:, row].tolist()) for row in rows]


def test_trees_of_more_leaves_than_bits_are_refused():
    models = dict.fromkeys(MODEL_NAMES, grow(1, 2, MOST_LEAVES + 1))
    with pytest.raises(WeightsError, match="33 leaves"):
        read_models(write_models(models))


def test_file_without_one_of_the_ensembles_is_refused():
    with pytest.raises(WeightsError, match=r"title.* is missing"):
        read_models(write_models(dict.fromkeys(MODEL_NAMES[:-1], STUMP)))


def test_contributions_add_up_to_the_log_odds():
    shares = contributions(STUMP, GAPS, ROWS)
    assert (STUMP.baseline + 0.5 + shares.sum(axis=1)).tolist() == [-4, -1]


def test_weights_survive_the_file():
    again = read_models(write_models(dict.fromkeys(MODEL_NAMES, STUMP)))
    assert set(again) == set(MODEL_NAMES)
    assert log_odds(again["title"], GAPS, ROWS).tolist() == [-4, -1]


def test_shipped_weights_hold_numbers_and_names_only():
    for trees in shipped_models().values():
        assert all(name.isidentifier() for name in trees.names)
        assert np.isfinite(trees.thresholds).all()


def states(start: list[float], outer: list[float], is_text: list[bool]) -> list[int]:
    bounds = np.array([0, len(start)])
    never = np.zeros(len(start), dtype=bool)
    lines = PathLines(
        np.array(start, dtype=float),
        np.array(outer, dtype=float),
        np.array(is_text),
        is_whole=never,
        is_last=never,
    )
    return find_path(lines, bounds).tolist()


def test_one_of_two_neighbouring_starts_wins():
    assert states([5, 8, -9], [-1, -9, -9], [False, False, True]) == [
        OUTSIDE,
        START,
        INSIDE,
    ]


def test_article_without_text_needs_strong_evidence():
    head = [False, False, False, True]
    assert states([5, -9, 2, -9], [-9] * 4, head) == [START, INSIDE, INSIDE, INSIDE]
    assert states([5, -9, 6, -9], [-9] * 4, head) == [START, INSIDE, START, INSIDE]


def test_heading_after_an_article_stays_outside():
    found = states(
        [5, -9, -2, 5, -9], [-9, -9, 3, -9, -9], [False, True, False, False, True]
    )
    assert found == [START, INSIDE, OUTSIDE, START, INSIDE]


def test_document_never_ends_in_a_bare_start():
    assert states([9], [-9], [False]) == [OUTSIDE]


@pytest.fixture(scope="module")
def digests() -> tuple[pl.DataFrame, pl.DataFrame]:
    body = "\n\n".join(
        f"The council met for the {n} time and put off the vote." for n in range(4)
    )
    texts, gold = [], []
    for row in range(12):
        text = ""
        for n in range(6):
            start = len(text)
            title = f"Council vote {'again ' * (n % 3)}put off in district {row + n}"
            text += f"{title}\n\n{body}\n\nSource: Example {row}"
            gold.append((row, start, len(text), title))
            text += "\n\n"
        texts.append((row, text))
    schema = {"document_row": pl.UInt32, "char_start": pl.Int64, "char_end": pl.Int64}
    return (
        pl.DataFrame(
            texts, schema={"document_row": pl.UInt32, "text": pl.String}, orient="row"
        ),
        pl.DataFrame(gold, schema={**schema, "title": pl.String}, orient="row"),
    )


@pytest.mark.compiled
def test_fit_is_deterministic_and_learns(digests):
    first, second = fit_splitter(*digests), fit_splitter(*digests)
    for name in MODEL_NAMES:
        assert np.array_equal(first[name].values, second[name].values)
        assert np.array_equal(first[name].thresholds, second[name].thresholds)
    assert set(first) == set(MODEL_NAMES)
    assert len(first["start_local"].names) > 0


def test_every_sign_has_words():
    for trees in shipped_models().values():
        for name in trees.names:
            assert "_" not in say_sign(name)


def test_explanation_names_the_strongest_signs_first(digests):
    documents, gold = digests
    reasons = explain_boundaries(documents.head(1))
    assert reasons["ordinal"].unique(maintain_order=True).to_list() == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    first = reasons.filter(pl.col("ordinal") == 1)
    assert first["title_line"][0] == gold["title"][0]
    for look in ("alone", "in company"):
        weights = first.filter(pl.col("look") == look)["contribution"]
        assert len(weights) > 3
        assert weights.abs().is_sorted(descending=True)
    assert reasons["boundary_score"].is_between(0, 1).all()
