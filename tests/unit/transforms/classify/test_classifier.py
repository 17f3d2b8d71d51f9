import json
from dataclasses import asdict

import numpy as np
import pytest

from tests.weights import arrays_of
from transforms.arrays_file import pack_arrays
from transforms.classify.classifier import (
    read_classifier,
    shipped_classifier,
    write_classifier,
)
from transforms.errors import WeightsError
from transforms.reference import read_weights

SHIPPED = read_weights("classify")


def changed(**changes):
    """The shipped file with other arrays; None takes one out."""
    arrays = arrays_of(SHIPPED) | changes
    return pack_arrays({k: v for k, v in arrays.items() if v is not None})


def with_facts(**changes):
    arrays = arrays_of(SHIPPED)
    facts = json.loads(str(arrays["facts"])) | changes
    return changed(facts=np.array(json.dumps(facts)))


def facts_of(classifier):
    return asdict(classifier.facts) | {"thresholds": classifier.thresholds}


def test_default_is_the_shipped_file():
    classifier = shipped_classifier()

    assert classifier.facts == read_classifier(SHIPPED).facts
    assert shipped_classifier() is classifier
    assert len(SHIPPED) < 2_000_000


def test_written_classifier_reads_back_the_same():
    classifier = shipped_classifier()

    again = read_classifier(write_classifier(facts_of(classifier), classifier.model))

    assert again.facts.version == classifier.facts.version
    assert again.thresholds == classifier.thresholds
    for one, other in zip(again.model, classifier.model, strict=True):
        assert np.array_equal(one, other)


def test_same_content_packed_otherwise_is_the_same_version(tmp_path):
    path = tmp_path / "plain.npz"
    np.savez(path, **arrays_of(SHIPPED))

    assert path.read_bytes() != SHIPPED
    assert read_classifier(path.read_bytes()).facts == shipped_classifier().facts


@pytest.mark.parametrize(
    "changed_file",
    [
        with_facts(version="mine"),
        with_facts(thresholds=dict.fromkeys(shipped_classifier().thresholds, 0.9)),
        changed(bias=np.zeros(5)),
    ],
    ids=["version", "thresholds", "bias"],
)
def test_other_content_is_another_version(changed_file):
    other = read_classifier(changed_file).facts

    assert other.weights_sha256 != shipped_classifier().facts.weights_sha256
    assert other.key != shipped_classifier().facts.key


def test_arrays_of_a_version_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        shipped_classifier().model.bias[0] = 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no npz"),
        (b"text", "no npz"),
        (b"\x93NUMPY\x01\x00" + SHIPPED, "no npz"),
        (SHIPPED[:40], "no npz"),
        (SHIPPED[:-1], "no npz"),
        (SHIPPED[:9000] + b"????" + SHIPPED[9004:], "no npz"),
        (changed(keys=None), "keys.npy is missing"),
        (changed(more=np.zeros(1)), "other arrays"),
        (changed(facts=np.array("[1]")), "facts: got"),
        (changed(facts=np.array('["')), "no JSON"),
        (with_facts(categories=["news"]), "categories"),
        (with_facts(thresholds={}), "thresholds"),
        (with_facts(macro_f1="good"), "macro_f1"),
    ],
)
def test_broken_file_is_refused_with_its_reason(data, problem):
    with pytest.raises(WeightsError, match=problem):
        read_classifier(data)


def test_file_with_an_object_to_run_is_refused(tmp_path):
    path = tmp_path / "pickled.npz"
    np.savez(path, **arrays_of(SHIPPED) | {"bias": np.array([{}], dtype=object)})

    with pytest.raises(WeightsError, match="array bias: expected <f8"):
        read_classifier(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("fold", lambda array: array[:100], "fold"),
        ("rarity", lambda array: array[:-1], "rarity"),
        ("steps", lambda array: array.astype(np.float32), "steps"),
        ("bias", lambda array: array[:4], "bias"),
        ("limits", lambda array: array * 0, "limits: got .0"),
        ("limits", lambda array: array * 10_000, "limits: got"),
        ("keys", np.ones_like, "keys"),
    ],
)
def test_tables_that_do_not_fit_are_refused(name, change, problem):
    arrays = arrays_of(SHIPPED)

    with pytest.raises(WeightsError, match=problem):
        read_classifier(changed(**{name: change(arrays[name])}))
