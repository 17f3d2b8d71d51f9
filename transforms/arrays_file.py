"""Arrays by name as the bytes of a file, and back: an npz, in which nothing can run."""

import hashlib
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from transforms.errors import ContractError

_ARCHIVE: Final = b"PK"  # NumPy takes all else for an array, or for a pickle
Arrays = Mapping[str, npt.NDArray[Any]]


def pack_arrays(arrays: Arrays) -> bytes:
    """The file; the same arrays give the same bytes with the same NumPy and zlib."""
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpack_arrays(data: bytes, *, stage: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file, read-only.

    Args:
        data: What `pack_arrays` gave.
        stage: Whose weights they are, for the error.

    Raises:
        ContractError: The bytes are no such file, or damaged.
    """
    if not data.startswith(_ARCHIVE):
        raise ContractError(stage, "weights file", ["no npz"])
    try:
        with np.load(BytesIO(data), allow_pickle=False) as file:
            arrays: dict[str, npt.NDArray[Any]] = {name: file[name] for name in file}
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise ContractError(stage, "weights file", [f"no npz: {error}"]) from error
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


def hash_arrays(arrays: Arrays) -> str:
    """SHA-256 of names, types, shapes, and values, however a file packs them.

    Example:
        >>> hash_arrays({"a": np.zeros(2, dtype=np.uint8)})[:12]
        '3598b269262c'
    """
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
