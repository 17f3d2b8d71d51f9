"""A file of weights is refused with its reason, or works: whatever was done to it."""

from io import BytesIO

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weights import arrays_of, pack
from transforms.classify.classifier import read_classifier
from transforms.classify.classify import classify
from transforms.errors import WeightsError
from transforms.reference import read_weights
from transforms.split.trees import contributions, log_odds, read_models

READERS = {"split": read_models, "classify": read_classifier}
ARRAYS = {stage: arrays_of(read_weights(stage)) for stage in READERS}
# Not compressed: changed bytes are changed numbers, not only broken packing.
FILES = {stage: pack(arrays) for stage, arrays in ARRAYS.items()}
STAGES = st.sampled_from(sorted(READERS))
ODD = [-(1 << 31), -300, -2, -1, 0, 1, 7, 256, 1 << 15, (1 << 31) - 1]
TYPES = ["<i8", "<i4", "<f4", "<f8", ">i4", "|b1", "<U4", "|S3", "<M8[s]", "|O"]
SENTENCE = "The president signed a decree on oil prices on Monday. "
ARTICLE = {"article_row": [0], "title": ["Oil prices"], "body": [SENTENCE * 40]}
VALUES = np.array([0, 1, 400], dtype=np.float32)


def use(stage, weights):
    """Do with them what a run does."""
    if stage == "classify":
        scores, _ = classify(pl.DataFrame(ARTICLE), weights)
        assert scores["score"].is_between(0, 1).all()
        return
    for trees in weights.values():
        features, rows = dict.fromkeys(trees.names, VALUES), np.arange(len(VALUES))
        assert np.isfinite(log_odds(trees, features, rows)).all()
        assert np.isfinite(contributions(trees, features, rows)).all()


def refused_or_works(stage, data):
    try:
        weights = READERS[stage](data)
    except WeightsError:
        return
    use(stage, weights)


@pytest.mark.parametrize("stage", READERS)
def test_sound_file_works(stage):
    use(stage, READERS[stage](FILES[stage]))


@pytest.mark.compiled
@given(STAGES, st.data())
def test_changed_bytes_are_refused_or_work(stage, data):
    content = bytearray(FILES[stage])
    # Half of the changes in the list of members at the end, where sizes stand.
    first = data.draw(st.sampled_from([0, len(content) - 3_000]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(first, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    refused_or_works(stage, bytes(content))


@given(STAGES, st.data())
def test_cut_or_lengthened_file_is_refused(stage, data):
    content = FILES[stage]
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    with pytest.raises(WeightsError):
        READERS[stage](cut)


@pytest.mark.compiled
@given(STAGES, st.data())
def test_changed_numbers_are_refused_or_work(stage, data):
    arrays = dict(ARRAYS[stage])
    name = data.draw(st.sampled_from(sorted(set(arrays) - {"facts"})))
    array = arrays[name].copy()
    floats = [np.nan, np.inf, -np.inf, 3e38] if array.dtype.kind == "f" else []
    value = data.draw(st.sampled_from(ODD + floats))
    place = data.draw(st.integers(0, array.size - 1))
    # As many as fit: an index of 4 bytes takes the low ones of a larger number.
    array.flat[place] = np.array(value).astype(array.dtype)
    refused_or_works(stage, pack(arrays | {name: array}))


@given(STAGES, st.data())
def test_other_type_or_shape_is_refused(stage, data):
    arrays = dict(ARRAYS[stage])
    name = data.draw(st.sampled_from(sorted(arrays)))
    array = arrays[name]
    kind = data.draw(st.sampled_from(TYPES))
    others = {
        "type": lambda: array.astype(object) if kind == "|O" else np.zeros(9, kind),
        "deeper": lambda: array[None],
        "none": lambda: array.ravel()[:0],
    }
    wrong = others[data.draw(st.sampled_from(sorted(others)))]()
    with pytest.raises(WeightsError):
        READERS[stage](pack(arrays | {name: wrong}))


@pytest.mark.parametrize("stage", READERS)
def test_pickle_is_never_run(stage):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("the pickle was run",)

    name = next(iter(ARRAYS[stage]))
    data = pack(ARRAYS[stage] | {name: np.array([Trap()], dtype=object)})
    with pytest.raises(WeightsError):
        READERS[stage](data)
    lone = BytesIO()
    np.save(lone, np.array([Trap()], dtype=object), allow_pickle=True)
    with pytest.raises(WeightsError):
        READERS[stage](lone.getvalue())
