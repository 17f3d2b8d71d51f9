"""A classifier version: its weights, its figures, and the inert file that holds them.

The file is one line of magic, the length of a JSON header, the header, and plain
little-endian arrays: nothing in it can run, and its SHA-256 names the version.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.classify.score_arrays import Model
from transforms.contracts import CATEGORY_CODES
from transforms.errors import ContractError

DEFAULT_WEIGHTS: Final = Path(__file__).parents[1] / "weights" / "classify.weights"
_MAGIC: Final = b"NEWSMILL WEIGHTS 1\n"
_ALIGNMENT_BYTES: Final = 64
_MOST_HEADER_BYTES: Final = 1 << 20
_DTYPES: Final = {
    "fold": "<u8",
    "keys": "<u4",
    "slot_weights": "<i2",
    "rarity": "<f4",
    "steps": "<f8",
    "bias": "<f8",
    "tf_gain": "<f8",
    "limits": "<i8",
}
_TABLES: Final = ("keys", "slot_weights", "rarity")


@dataclass(frozen=True)
class Classifier:
    """One version, ready to score.

    Attributes:
        name: What kind of classifier.
        version: Told apart from others of that name.
        weights_sha256: Of the whole file.
        gold_sha256: Of the labelled articles that it was fitted on.
        macro_f1: On corpora held out from fitting, all predictions pooled.
        thresholds: Least score at which a category is assigned, by category.
        model: Arrays for the kernels.
    """

    name: str
    version: str
    weights_sha256: str
    gold_sha256: str
    macro_f1: float
    thresholds: dict[str, float]
    model: Model


def write_classifier(facts: dict[str, Any], model: Model) -> bytes:
    """The file of a classifier; the same facts and arrays give the same bytes.

    Args:
        facts: name, version, gold_sha256, macro_f1, thresholds, and what else a reader
            may want to know.
        model: Arrays of the kernels.
    """
    arrays = {
        name: np.ascontiguousarray(getattr(model, name), dtype=dtype)
        for name, dtype in _DTYPES.items()
    }
    header = {
        **facts,
        "categories": list(CATEGORY_CODES),
        "norm_floor": model.norm_floor,
        "arrays": {name: list(array.shape) for name, array in arrays.items()},
    }
    text = json.dumps(header, sort_keys=True).encode()
    parts = [_MAGIC, len(text).to_bytes(8, "little"), text]
    for array in arrays.values():
        size = sum(map(len, parts))
        parts += [bytes(-size % _ALIGNMENT_BYTES), array.tobytes()]
    return b"".join(parts)


def read_classifier(data: bytes) -> Classifier:
    """The classifier in a file's bytes.

    Raises:
        ContractError: The bytes are no such file, are cut off, or of other categories.
    """
    header, start = _read_header(data)
    model = Model(**_read_arrays(data, header, start), norm_floor=header["norm_floor"])
    _check_tables(model)
    return Classifier(
        header["name"],
        header["version"],
        hashlib.sha256(data).hexdigest(),
        header["gold_sha256"],
        header["macro_f1"],
        header["thresholds"],
        model,
    )


def load_classifier(path: str | Path | None = None) -> Classifier:
    """The classifier of a file, by default the one that ships; read once.

    Raises:
        ContractError: As `read_classifier`.
        OSError: The file cannot be read.
    """
    return _load(Path(path) if path else DEFAULT_WEIGHTS)


@cache
def _load(path: Path) -> Classifier:
    return read_classifier(path.read_bytes())


def _wrong(problem: str) -> ContractError:
    return ContractError("classify", "weights file", [problem])


def _read_header(data: bytes) -> tuple[dict[str, Any], int]:
    if not data.startswith(_MAGIC):
        raise _wrong(f"got {data[:16]!r}, expected {_MAGIC!r}")
    start = len(_MAGIC) + 8
    size = int.from_bytes(data[len(_MAGIC) : start], "little")
    if size > min(_MOST_HEADER_BYTES, len(data) - start):
        raise _wrong(f"header of {size} bytes in a file of {len(data)}")
    try:
        header = json.loads(data[start : start + size])
    except ValueError as error:
        raise _wrong(f"header is no JSON: {error}") from error
    expected = {
        "name": str,
        "version": str,
        "gold_sha256": str,
        "macro_f1": float,
        "thresholds": dict,
        "norm_floor": float,
        "arrays": dict,
    }
    for key, kind in expected.items():
        if not isinstance(header.get(key), kind):
            raise _wrong(f"header field {key}: expected {kind.__name__}")
    if header.get("categories") != list(CATEGORY_CODES):
        raise _wrong(f"categories: got {header.get('categories')}")
    if header["thresholds"].keys() != set(CATEGORY_CODES):
        raise _wrong("thresholds: expected one per category")
    return header, start + size


def _read_arrays(
    data: bytes, header: dict[str, Any], start: int
) -> dict[str, npt.NDArray[Any]]:
    arrays = {}
    for name, dtype in _DTYPES.items():
        shape = header["arrays"].get(name)
        if not isinstance(shape, list) or not all(
            isinstance(size, int) and size > 0 for size in shape
        ):
            raise _wrong(f"array {name}: no shape")
        start += -start % _ALIGNMENT_BYTES
        count = int(np.prod(shape))
        if start + count * np.dtype(dtype).itemsize > len(data):
            raise _wrong(f"array {name} reaches beyond the end of the file")
        array = np.frombuffer(data, dtype=dtype, count=count, offset=start)
        arrays[name] = array.reshape(shape)
        start += array.nbytes
    if start != len(data):
        raise _wrong(f"{len(data) - start} bytes left over")
    return arrays


def _check_tables(model: Model) -> None:
    """The kernels trust these sizes: a wrong one would read outside an array."""
    slots = len(model.keys)
    categories = len(CATEGORY_CODES)
    expected = {
        "fold": (0x10000,),
        "keys": (slots,),
        "slot_weights": (slots, categories),
        "rarity": (slots,),
        "steps": (categories,),
        "bias": (categories,),
        "tf_gain": (0x100,),
        "limits": (5,),
    }
    for name, shape in expected.items():
        if getattr(model, name).shape != shape:
            raise _wrong(f"array {name}: got {getattr(model, name).shape}")
    if slots & (slots - 1) or np.all(model.keys != 0):
        raise _wrong("keys: expected a power of two of slots, one of them free")
    low, high = model.limits.min(), model.limits.max()
    if low < 1 or high > 1 << 15:
        raise _wrong(f"limits: got {model.limits.tolist()}")


def pack_table(
    terms: npt.NDArray[np.uint64], slot_count: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Keys of an open-addressed table, and the slot of each term.

    A term goes to the first free slot from its low bits on, in ascending order of the
    low bits, so that the same terms always give the same table.

    Args:
        terms: Distinct hashes.
        slot_count: A power of two, larger than the number of terms.
    """
    keys = np.zeros(slot_count, dtype=np.uint32)
    slots = np.empty(len(terms), dtype=np.int64)
    mask = slot_count - 1
    wanted = (terms & np.uint64(mask)).astype(np.int64)
    highs = (terms >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
    for term in np.lexsort((terms, wanted)):
        slot = int(wanted[term])
        while keys[slot]:
            slot = (slot + 1) & mask
        keys[slot], slots[term] = highs[term], slot
    return keys, slots
