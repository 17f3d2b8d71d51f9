"""Arrays by name as the bytes of a file, and back: an npz, in which nothing can run.

Files come from anywhere: names, types, and sizes are looked at before anything is
unpacked, so that neither a pickle nor an archive that grows without end is.
"""

import hashlib
import math
import re
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

from transforms.errors import WeightsError

# Some forty times what ships, unpacked.
MOST_BYTES: Final = 128 << 20
_ARCHIVE: Final = b"PK"  # what stands before one, zipfile passes over
_TEXT: Final = "<U"
_ENDING: Final = ".npy"
_PACKINGS: Final = (ZIP_STORED, ZIP_DEFLATED)
# What NumPy writes before each array, and no other type than a number or text.
_HEADER: Final = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|][iufU][1-9]\d{0,8})', "
    rb"'fortran_order': (True|False), "
    rb"'shape': \((\d{1,9}(?:, \d{1,9}){0,3},?)?\), \} *\n",
    re.DOTALL,
)
# What a damaged archive makes zipfile raise.
_DAMAGE: Final = (
    BadZipFile,
    RuntimeError,
    OSError,
    EOFError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)
Arrays = Mapping[str, npt.NDArray[Any]]


def pack_arrays(arrays: Arrays) -> bytes:
    """The file; the same arrays give the same bytes with the same NumPy and zlib."""
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpack_arrays(
    data: bytes, types: Mapping[str, str], *, stage: str
) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file, read-only.

    Args:
        data: What `pack_arrays` gave.
        types: Of all arrays that the file must hold, as in `dtype.str`; `<U` is text of
            any length.
        stage: Whose weights they are, for the error.

    Raises:
        WeightsError: The bytes are no such file, damaged, or hold other arrays.
    """
    if not data.startswith(_ARCHIVE):
        raise WeightsError(stage, "no npz")
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, types, stage)
            packed = {
                info.filename.removesuffix(_ENDING): archive.read(info)
                for info in members
            }
    except _DAMAGE as error:
        raise WeightsError(stage, f"damaged, or no npz ({error})") from error
    return {
        name: _read_array(packed[name], name, kind, stage)
        for name, kind in types.items()
    }


def _check_members(
    members: list[ZipInfo], types: Mapping[str, str], stage: str
) -> None:
    """Before anything is unpacked; no member gives more bytes than it says here."""
    got = sorted(info.filename for info in members)
    expected = sorted(f"{name}{_ENDING}" for name in types)
    if got != expected:
        absent = sorted(set(expected) - set(got))
        problem = f"{absent[0]} is missing" if absent else "it holds other arrays too"
        raise WeightsError(stage, problem)
    size = sum(info.file_size for info in members)
    if size > MOST_BYTES:
        problem = f"{size:,} bytes unpacked, expected {MOST_BYTES:,} at most"
        raise WeightsError(stage, problem)
    if any(info.compress_type not in _PACKINGS for info in members):
        raise WeightsError(stage, "packed in another way than npz files are")


def _read_array(packed: bytes, name: str, kind: str, stage: str) -> npt.NDArray[Any]:
    header = _HEADER.match(packed)
    if header is None:
        raise WeightsError(stage, f"array {name}: expected {kind}, numbers or text")
    got, is_by_column, sides = (part.decode() for part in header.groups(b""))
    if got != kind and not (kind == _TEXT and got.startswith(_TEXT)):
        raise WeightsError(stage, f"array {name}: got {got}, expected {kind}")
    shape = tuple(int(side) for side in sides.split(",") if side)
    values = packed[header.end() :]
    if math.prod(shape) * np.dtype(got).itemsize != len(values):
        problem = f"array {name}: {len(values):,} bytes, which is not {got} {shape}"
        raise WeightsError(stage, problem)
    if kind == _TEXT:
        _check_text(values, name, stage)
    # Copied, because where the values begin in the file is the file's choice.
    array: npt.NDArray[Any] = np.frombuffer(values, got).reshape(
        shape, order="F" if is_by_column == "True" else "C"
    )
    array = array.copy()
    array.setflags(write=False)
    return array


def _check_text(values: bytes, name: str, stage: str) -> None:
    try:
        values.decode("utf-32-le")
    except UnicodeDecodeError as error:
        raise WeightsError(stage, f"array {name}: no text ({error.reason})") from error


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
