"""A classifier: the facts that tell its version, its arrays, and the file of both."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.arrays_file import hash_arrays, pack_arrays, unpack_arrays
from transforms.classify.score_arrays import Model
from transforms.contracts import CATEGORY_CODES
from transforms.errors import ContractError
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
    "limits": "<i8",
    "norm_floor": "<f8",
}


@dataclass(frozen=True)
class ClassifierFacts:
    """What the warehouse keeps of a version: its row of `dim_classifier`.

    Attributes:
        name: What kind of classifier.
        version: Told apart from others of that name, by people.
        weights_sha256: Of all arrays and facts of its file, 64 hex digits.
        gold_sha256: Of the labelled articles that it was fitted on.
        macro_f1: On corpora held out from fitting, all predictions pooled, 0-1.
    """

    name: str
    version: str
    weights_sha256: str
    gold_sha256: str | None = None
    macro_f1: float | None = None

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
    return pack_arrays({"facts": np.array(text)} | arrays)


def read_classifier(data: bytes) -> Classifier:
    """The classifier in a file's bytes.

    Raises:
        ContractError: The bytes are no such file, are damaged, or of other categories.
    """
    arrays = unpack_arrays(data, stage="classify")
    if missing := sorted({"facts", *_TYPES} - arrays.keys()):
        raise _wrong(f"missing {', '.join(missing)}")
    facts = _read_facts(str(arrays["facts"]))
    _check_arrays(arrays)
    tables = {name: arrays[name] for name in _TYPES if name != "norm_floor"}
    return Classifier(
        ClassifierFacts(
            facts["name"],
            facts["version"],
            hash_arrays(arrays),
            facts["gold_sha256"],
            facts["macro_f1"],
        ),
        facts["thresholds"],
        Model(**tables, norm_floor=float(arrays["norm_floor"])),
    )


@cache
def shipped_classifier() -> Classifier:
    """The classifier that comes with Newsmill."""
    return read_classifier(read_weights("classify"))


def _wrong(problem: str) -> ContractError:
    return ContractError("classify", "weights file", [problem])


def _read_facts(text: str) -> dict[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise _wrong(f"facts are no JSON: {error}") from error
    if not isinstance(facts, dict):
        raise _wrong(f"facts: got {text[:40]!r}")
    expected = {
        "name": str,
        "version": str,
        "gold_sha256": str,
        "macro_f1": float,
        "thresholds": dict,
    }
    for name, kind in expected.items():
        if not isinstance(facts.get(name), kind):
            raise _wrong(f"fact {name}: expected {kind.__name__}")
    if facts.get("categories") != list(CATEGORY_CODES):
        raise _wrong(f"categories: got {facts.get('categories')}")
    if facts["thresholds"].keys() != set(CATEGORY_CODES):
        raise _wrong("thresholds: expected one per category")
    return facts


def _check_arrays(arrays: dict[str, npt.NDArray[Any]]) -> None:
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
        "limits": (5,),
        "norm_floor": (),
    }
    for name, shape in expected.items():
        got = arrays[name]
        if (got.dtype.str, got.shape) != (_TYPES[name], shape):
            raise _wrong(f"array {name}: got {got.dtype} {got.shape}")
    if slots & (slots - 1) or np.all(arrays["keys"] != 0):
        raise _wrong("keys: expected a power of two of slots, one of them free")
    limits = arrays["limits"]
    if limits.min() < 1 or limits.max() > 1 << 15:
        raise _wrong(f"limits: got {limits.tolist()}")
