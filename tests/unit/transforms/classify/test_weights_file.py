import hashlib
import json

import numpy as np
import pytest

from transforms.classify.weights_file import (
    DEFAULT_WEIGHTS,
    load_classifier,
    pack_table,
    read_classifier,
    write_classifier,
)
from transforms.errors import ContractError


@pytest.fixture(scope="module")
def shipped():
    return DEFAULT_WEIGHTS.read_bytes()


def with_header(data, **changes):
    start = data.index(b"\n") + 9
    size = int.from_bytes(data[start - 8 : start], "little")
    header = {**json.loads(data[start : start + size]), **changes}
    text = json.dumps(header, sort_keys=True).encode()
    arrays = start + size + -(start + size) % 64
    head = data[: start - 8] + len(text).to_bytes(8, "little") + text
    return head + bytes(-len(head) % 64) + data[arrays:]


def test_default_is_the_shipped_file(shipped):
    classifier = load_classifier()

    assert classifier.weights_sha256 == hashlib.sha256(shipped).hexdigest()
    assert load_classifier() is classifier
    assert len(shipped) < 8_000_000


def test_written_classifier_reads_back_the_same(shipped):
    classifier = read_classifier(shipped)
    facts = {
        key: getattr(classifier, key)
        for key in ("name", "version", "gold_sha256", "macro_f1", "thresholds")
    }

    again = read_classifier(write_classifier(facts, classifier.model))

    assert again.version == classifier.version
    assert again.model.norm_floor == classifier.model.norm_floor
    for one, other in zip(again.model[:-1], classifier.model[:-1], strict=True):
        assert np.array_equal(one, other)


def test_another_file_is_another_version(tmp_path, shipped):
    path = tmp_path / "mine.weights"
    path.write_bytes(with_header(shipped, version="mine"))

    assert load_classifier(path).version == "mine"
    assert load_classifier(path).weights_sha256 != load_classifier().weights_sha256


@pytest.mark.parametrize(
    ("break_it", "problem"),
    [
        (lambda data: b"PK\x03\x04" + data, "expected"),
        (lambda data: data[:40], "header of"),
        (lambda data: data[:-1], "beyond the end"),
        (lambda data: data + b"x", "left over"),
        (lambda data: data.replace(b'{"', b'["', 1), "no JSON"),
        (lambda data: with_header(data, categories=["news"]), "categories"),
        (lambda data: with_header(data, thresholds={}), "thresholds"),
        (lambda data: with_header(data, macro_f1="good"), "macro_f1"),
        (lambda data: with_header(data, arrays={}), "no shape"),
        (lambda data: with_header(data, arrays={"fold": [-1]}), "array fold"),
    ],
)
def test_broken_file_is_refused_with_its_reason(shipped, break_it, problem):
    with pytest.raises(ContractError, match=problem):
        read_classifier(break_it(shipped))


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("fold", lambda array: array[:100], "fold"),
        ("rarity", lambda array: array[:-1], "rarity"),
        ("bias", lambda array: array[:4], "bias"),
        ("limits", lambda array: array * 0, "limits: got .0"),
        ("limits", lambda array: array * 10_000, "limits: got"),
        ("keys", np.ones_like, "keys"),
    ],
)
def test_tables_that_do_not_fit_are_refused(name, change, problem):
    classifier = load_classifier()
    model = classifier.model._replace(**{name: change(getattr(classifier.model, name))})
    facts = {
        key: getattr(classifier, key)
        for key in ("name", "version", "gold_sha256", "macro_f1", "thresholds")
    }

    with pytest.raises(ContractError, match=problem):
        read_classifier(write_classifier(facts, model))


def test_table_holds_every_term_once_whatever_their_order():
    terms = np.array([8, 16, 24, 3 << 32, 5 << 32, 7 << 32], dtype=np.uint64)

    keys, slots = pack_table(terms, 8)
    keys_again, slots_again = pack_table(terms[::-1], 8)

    assert np.array_equal(keys, keys_again)
    assert np.array_equal(slots, slots_again[::-1])
    assert len(set(slots)) == len(terms)
    assert np.count_nonzero(keys) == len(terms)
