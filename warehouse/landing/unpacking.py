"""Packed documents (gzip, zstd, bzip2, xz) unpacked in memory, within their caps."""

import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable, Iterator
from lzma import FORMAT_XZ, LZMADecompressor, LZMAError
from typing import Final

import zstandard

from transforms.contracts import ReasonCode
from transforms.decode.container_formats import COMPRESSION_MAGICS
from transforms.discover.discover import Limits

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_GZIP_IN_BYTES: Final = 1 << 16
_GZIP_OUT_BYTES: Final = 1 << 20
# A block of zstd can say 128 KiB in four bytes: little in keeps what comes out small.
_ZSTD_IN_BYTES: Final = 1 << 10
_ZSTD_MAX_WINDOW_BYTES: Final = 1 << 27
_XZ_MEMORY_BYTES: Final = 1 << 27
_STREAM_IN_BYTES: Final = 1 << 16
_STREAM_OUT_BYTES: Final = 1 << 20


class UnpackError(Exception):
    """Compressed bytes that are broken or hold too much."""

    def __init__(self, reason_code: ReasonCode, detail: str) -> None:
        super().__init__(reason_code, detail)
        self.reason_code, self.detail = reason_code, detail


def unpack(packed: bytes, compression: str, limits: Limits) -> bytes:
    """Bytes that a file holds.

    Args:
        packed: The whole file.
        compression: none, gzip, zstd, bzip2, or xz.
        limits: Caps on size, ratio, and members.

    Raises:
        UnpackError: `corrupt_archive` when anything is cut off, broken, or follows the
            last member; `bomb` at a cap; `unsupported_type` when it is not packed so.
    """
    if compression == "none":
        return packed
    if not packed.startswith(COMPRESSION_MAGICS[compression]):
        raise UnpackError(ReasonCode.UNSUPPORTED_TYPE, f"not {compression} data")
    pieces = _UNPACKERS[compression](packed, limits)
    return b"".join(_capped(pieces, len(packed), limits))


def _capped(
    pieces: Iterator[bytes], packed_bytes: int, limits: Limits
) -> Iterator[bytes]:
    """The pieces, as long as they stay under the caps."""
    by_ratio = max(limits.ratio * packed_bytes, limits.ratio_from_bytes)
    cap = min(limits.document_bytes, by_ratio)
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > cap:
            raise UnpackError(
                ReasonCode.BOMB,
                f"{packed_bytes} bytes unpack to more than {cap}",
            )
        yield piece


def _count_member(members: int, limits: Limits) -> int:
    if members >= limits.members:
        raise UnpackError(
            ReasonCode.BOMB, f"more than {limits.members} members in one file"
        )
    return members + 1


def _gunzip(packed: bytes, limits: Limits) -> Iterator[bytes]:
    view, at, members = memoryview(packed), 0, 0
    while at < len(packed):
        # Writers to tape and disk blocks fill up with zeros.
        if members and not any(view[at : at + 1]) and not packed[at:].strip(b"\0"):
            return
        members = _count_member(members, limits)
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        try:
            while not unpacker.eof:
                given: bytes | memoryview = unpacker.unconsumed_tail
                if not given:
                    given = view[at : at + _GZIP_IN_BYTES]
                    at += len(given)
                    if not len(given):
                        raise UnpackError(ReasonCode.CORRUPT_ARCHIVE, "gzip is cut off")
                yield unpacker.decompress(given, _GZIP_OUT_BYTES)
        except zlib.error as error:
            raise UnpackError(ReasonCode.CORRUPT_ARCHIVE, f"gzip: {error}") from error
        at -= len(unpacker.unused_data)


def _unzstd(packed: bytes, limits: Limits) -> Iterator[bytes]:
    view, at, members = memoryview(packed), 0, 0
    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW_BYTES)
    while at < len(packed):
        members = _count_member(members, limits)
        unpacker = context.decompressobj()
        try:
            while not unpacker.eof:
                given = view[at : at + _ZSTD_IN_BYTES]
                at += len(given)
                if not len(given):
                    raise UnpackError(ReasonCode.CORRUPT_ARCHIVE, "zstd is cut off")
                yield unpacker.decompress(given)
        except zstandard.ZstdError as error:
            raise UnpackError(ReasonCode.CORRUPT_ARCHIVE, str(error)) from error
        at -= len(unpacker.unused_data)


def _unbzip2(packed: bytes, limits: Limits) -> Iterator[bytes]:
    return _unpack_streams(packed, "bzip2", BZ2Decompressor, limits)


def _unxz(packed: bytes, limits: Limits) -> Iterator[bytes]:
    def start() -> LZMADecompressor:
        return LZMADecompressor(FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)

    return _unpack_streams(packed, "xz", start, limits)


def _unpack_streams(
    packed: bytes,
    name: str,
    start: Callable[[], BZ2Decompressor | LZMADecompressor],
    limits: Limits,
) -> Iterator[bytes]:
    """What one stream after the other holds; zeros behind the last are padding."""
    view, at, members = memoryview(packed), 0, 0
    while at < len(packed):
        if members and not any(view[at : at + 1]) and not packed[at:].strip(b"\0"):
            return
        members = _count_member(members, limits)
        unpacker = start()
        try:
            while not unpacker.eof:
                given: bytes | memoryview = b""
                if unpacker.needs_input:
                    given = view[at : at + _STREAM_IN_BYTES]
                    at += len(given)
                    if not len(given):
                        raise UnpackError(
                            ReasonCode.CORRUPT_ARCHIVE, f"{name} is cut off"
                        )
                yield unpacker.decompress(given, _STREAM_OUT_BYTES)
        except (OSError, LZMAError) as error:
            raise UnpackError(ReasonCode.CORRUPT_ARCHIVE, f"{name}: {error}") from error
        at -= len(unpacker.unused_data)


_UNPACKERS: Final = {
    "gzip": _gunzip,
    "zstd": _unzstd,
    "bzip2": _unbzip2,
    "xz": _unxz,
}
