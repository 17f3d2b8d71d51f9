"""A classifier: the facts that tell its version, its arrays, and the file of both."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.arrays_file import hash_arrays, pack_arrays, unpack_arrays
from transforms.classify.score_arrays import Model
from transforms.contracts import CATEGORY_CODES
from transforms.errors import WeightsError
from transforms.keys import surrogate_key
from transforms.reference import read_weights

_TYPES: Final = {
    "fold": "<u8",
    "keys": "<u4",
    "slot_weights": "<i2",
    "rarity": "<f4",
    "steps": "<f8",
    "bias": "<f8",
    "tf_gain": "<f8",
    "calibration": "<f8",
    "limits": "<i8",
    "norm_floor": "<f8",
}
_FACTS: Final = "facts"
_MOST_FACT_CHARS: Final = 1 << 16
_MOST_NAME_CHARS: Final = 200
_SHA256: Final = re.compile("[0-9a-f]{64}")
_LANGUAGE: Final = re.compile("[a-z]{2,3}")
# Least and most; far from what any fit gives, and so that no score leaves the numbers.
_BOUNDS: Final = {
    "rarity": (-1, 100),
    "steps": (0, 100),
    "bias": (-1_000, 1_000),
    "tf_gain": (0, 1_000),
    "calibration": (-100, 100),
    "norm_floor": (0, 1_000_000),
}
_MOST_WORDS: Final = 1 << 15
_MOST_GAIN: Final = 255  # times a word counts; counts have 16 bits
# A term that is not known is looked for from slot to slot up to a free one.
_LONGEST_RUN: Final = 4_096


@dataclass(frozen=True)
class ClassifierFacts:
    """What the warehouse keeps of a version: its row of `dim_classifier`.

    Attributes:
        name: What kind of classifier.
        version: Told apart from others of that name, by people.
        weights_sha256: Of all arrays and facts of its file, 64 hex digits.
        gold_sha256: Of the labelled articles that it was fitted on.
        macro_f1: On corpora held out from fitting, all predictions pooled, 0-1.
        languages: That it knows, ISO 639-1; articles in others have no label.
        lexicon_languages: Those of them known by a translated lexicon alone.
    """

    name: str
    version: str
    weights_sha256: str
    gold_sha256: str | None = None
    macro_f1: float | None = None
    languages: tuple[str, ...] = ("en",)
    lexicon_languages: tuple[str, ...] = ()

    @property
    def key(self) -> int:
        """Key in `dim_classifier`."""
        return surrogate_key(f"{self.name} {self.version} {self.weights_sha256}")


@dataclass(frozen=True)
class Classifier:
    """One version, ready to score.

    Attributes:
        facts: Which one it is.
        thresholds: Least score at which a category is assigned, by category.
        model: Arrays for the kernels, read-only.
    """

    facts: ClassifierFacts
    thresholds: dict[str, float]
    model: Model


def write_classifier(facts: dict[str, Any], model: Model) -> bytes:
    """The file of a classifier; the same facts and arrays give the same bytes.

    Args:
        facts: name, version, gold_sha256, macro_f1, thresholds, and what else a reader
            may want to know.
        model: Arrays of the kernels.
    """
    text = json.dumps({**facts, "categories": CATEGORY_CODES}, sort_keys=True)
    arrays = {
        name: np.asarray(values, dtype=_TYPES[name])
        for name, values in model._asdict().items()
    }
    return pack_arrays({_FACTS: np.array(text)} | arrays)


def read_classifier(data: bytes) -> Classifier:
    """The classifier in a file's bytes.

    Raises:
        WeightsError: The bytes are no such file, are damaged, or of other categories.
    """
    arrays = unpack_arrays(data, {_FACTS: "<U", **_TYPES}, stage="classify")
    facts = _read_facts(arrays[_FACTS])
    _check_shapes(arrays)
    _check_values(arrays)
    tables = {name: arrays[name] for name in _TYPES if name != "norm_floor"}
    return Classifier(
        ClassifierFacts(
            facts["name"],
            facts["version"],
            hash_arrays(arrays),
            facts["gold_sha256"],
            facts["macro_f1"],
            tuple(facts["languages"]),
            tuple(facts["lexicon_languages"]),
        ),
        facts["thresholds"],
        Model(**tables, norm_floor=float(arrays["norm_floor"])),
    )


@cache
def shipped_classifier() -> Classifier:
    """The classifier that comes with Newsmill."""
    return read_classifier(read_weights("classify"))


def _wrong(problem: str) -> WeightsError:
    return WeightsError("classify", problem)


def _read_facts(array: npt.NDArray[Any]) -> dict[str, Any]:
    if array.ndim or array.dtype.itemsize > 4 * _MOST_FACT_CHARS:
        raise _wrong(f"facts: got {array.dtype} {array.shape}, expected one short text")
    text = str(array)
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"facts are no JSON: {error}") from error
    if not isinstance(facts, dict):
        raise _wrong(f"facts: got {text[:40]!r}")
    for name, (is_sound, expected) in _FACT_RULES.items():
        if not is_sound(facts.get(name)):
            raise _wrong(f"fact {name}: expected {expected}")
    return facts


def _is_name(fact: object) -> bool:
    return (
        isinstance(fact, str)
        and fact.isprintable()
        and 0 < len(fact) <= _MOST_NAME_CHARS
    )


def _is_sha256(fact: object) -> bool:
    return isinstance(fact, str) and _SHA256.fullmatch(fact) is not None


def _is_share(fact: object) -> bool:
    return isinstance(fact, int | float) and 0 <= fact <= 1


def _are_languages(fact: object) -> bool:
    return isinstance(fact, list) and all(
        isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in fact
    )


def _are_thresholds(fact: object) -> bool:
    return (
        isinstance(fact, dict)
        and fact.keys() == set(CATEGORY_CODES)
        and all(map(_is_share, fact.values()))
    )


_FACT_RULES: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "name": (_is_name, "a line of text"),
    "version": (_is_name, "a line of text"),
    "gold_sha256": (_is_sha256, "64 hex digits"),
    "macro_f1": (_is_share, "a number from 0 to 1"),
    "categories": (list(CATEGORY_CODES).__eq__, ", ".join(CATEGORY_CODES)),
    "thresholds": (_are_thresholds, "one from 0 to 1 per category"),
    "languages": (_are_languages, "ISO 639 codes"),
    "lexicon_languages": (_are_languages, "ISO 639 codes"),
}


def _check_shapes(arrays: dict[str, npt.NDArray[Any]]) -> None:
    """The kernels trust these sizes: a wrong one would read outside an array."""
    slots = arrays["keys"].size
    categories = len(CATEGORY_CODES)
    expected: dict[str, tuple[int, ...]] = {
        "fold": (0x10000,),
        "keys": (slots,),
        "slot_weights": (slots, categories),
        "rarity": (slots,),
        "steps": (categories,),
        "bias": (categories,),
        "tf_gain": (0x100,),
        "calibration": (2, 4, categories),
        "limits": (6,),
        "norm_floor": (),
    }
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise _wrong(f"array {name}: got {arrays[name].shape}, expected {shape}")


def _check_values(arrays: dict[str, npt.NDArray[Any]]) -> None:
    """And so do they these: for where to look, and for when to stop."""
    slots = arrays["keys"].size
    free = np.flatnonzero(arrays["keys"] == 0)
    if slots & (slots - 1) or not len(free):
        raise _wrong("keys: expected a power of two of slots, one of them free")
    run = int(np.diff(free, append=free[0] + slots).max()) - 1
    if run > _LONGEST_RUN:
        raise _wrong(f"keys: {run:,} in a row, expected {_LONGEST_RUN:,} at most")
    for name, (least, most) in _BOUNDS.items():
        # A comparison with what is no number is false.
        if not np.all((arrays[name] >= least) & (arrays[name] <= most)):
            raise _wrong(f"array {name}: expected numbers from {least} to {most}")
    words, gains = arrays["limits"][[0, 1, 2, 5]], arrays["limits"][3:5]
    if words.min() < 1 or gains.min() < 1:
        raise _wrong(f"limits: got {arrays['limits'].tolist()}, expected 1 at least")
    if words.max() > _MOST_WORDS or gains.max() > _MOST_GAIN:
        problem = f"expected {_MOST_WORDS} words and {_MOST_GAIN} times at most"
        raise _wrong(f"limits: got {arrays['limits'].tolist()}, {problem}")
