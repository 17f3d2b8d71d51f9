"""What lies in an archive, a mailbox, or a mail, one member after the other.

Nothing is written here, and nothing that a member claims is believed: sizes are counted
as bytes come out, names are only shown.
"""

import bz2
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

import zstandard

from transforms.contracts import ReasonCode
from transforms.decode.container_formats import Container
from transforms.decode.readers.formats import find_format
from transforms.discover.discover import Limits
from warehouse.landing.regular_files import HeldBackError

CHUNK_BYTES: Final = 1 << 20
# Programs that keep a document as a ZIP archive say so by one of these.
_SIGNS_OF_A_DOCUMENT: Final = (
    "[Content_Types].xml",
    "mimetype",
    "word/document.xml",
    "META-INF/MANIFEST.MF",
)
# A list of members is held in memory, several times as large as it is in the file.
_LIST_BYTES: Final = 16 << 20
_END_BYTES: Final = 22 + (1 << 16)
_END: Final = struct.Struct("<4s4H2LH")
_END_MAGIC: Final = b"PK\x05\x06"
_END64_MAGIC: Final = b"PK\x06\x06"
_ENCRYPTED: Final = 1
_HEADER_BYTES: Final = 64 << 20  # no more than this is read at once, whatever it claims
_MEMORY_BYTES: Final = 1 << 27
# A block of zstd can say 128 KiB in four bytes: little in keeps what comes out small.
_ZSTD_IN_BYTES: Final = 1 << 10
_FROM: Final = re.compile(rb"From [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}")
_LINE_BYTES: Final = 1 << 20
_BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    RecursionError,
)
_OF_A_READER: Final = (Exception,)
_UNPACK_IT: Final = "unpack the archive"


@dataclass(frozen=True)
class Inside:
    """A member of a container.

    Attributes:
        name: As the container calls it.
        pieces: Gives its bytes, some at a time; raises HeldBackError.
        packed_bytes: It takes in the container; null where that is not known.
        is_all: Whether its container has nothing to say besides its members.
    """

    name: str
    pieces: Callable[[], Iterator[bytes]]
    packed_bytes: int | None = None
    is_all: bool = True


class NotAContainerError(Exception):
    """A document that only begins like a container."""


def list_inside(
    file: BinaryIO, container: Container, limits: Limits, scratch: BinaryIO
) -> Iterator[Inside]:
    """Members of a container, in their order; each is read before the next is asked.

    Args:
        file: The container, at its start.
        container: What it begins like.
        limits: Caps of what comes out of it.
        scratch: An empty file for the archive in a compressed one.

    Raises:
        NotAContainerError: It is a document.
        HeldBackError: `corrupt_archive`, or `bomb`; members before it are whole.
    """
    with _explained("the archive"):
        if container == Container.ZIP:
            yield from _list_zip(file)
        elif container == Container.MBOX:
            yield from _list_mbox(file)
        elif container == Container.MAIL:
            yield from _list_attachments(file, limits)
        elif container == Container.TAR:
            yield from _list_tar(file)
        else:
            _unpack(file, container, limits, scratch)
            yield from _list_tar(scratch)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Say that a container, or a member of one, is broken."""
    try:
        yield
    except _BROKEN as error:
        raise HeldBackError(
            ReasonCode.CORRUPT_ARCHIVE, f"{what} is damaged: {error}"
        ) from error
    except NotImplementedError as error:
        raise HeldBackError(
            ReasonCode.UNSUPPORTED_TYPE,
            f"{what} is packed in a way that is not read: {_UNPACK_IT}",
        ) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise HeldBackError(
            ReasonCode.CORRUPT_ARCHIVE, f"{what} is damaged: {error}"
        ) from error


def _list_zip(file: BinaryIO) -> Iterator[Inside]:
    _require_short_list(file)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if not names.isdisjoint(_SIGNS_OF_A_DOCUMENT):
            raise NotAContainerError
        for member in members:
            if not member.is_dir():
                yield Inside(
                    member.filename,
                    lambda member=member: _unzip(archive, member),  # type: ignore[misc]
                    member.compress_size,
                )


def _unzip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.flag_bits & _ENCRYPTED:
        raise HeldBackError(
            ReasonCode.ENCRYPTED, f"it has a password: {_UNPACK_IT} with it"
        )
    with _explained("it"), archive.open(member) as content:
        yield from iter(lambda: content.read(CHUNK_BYTES), b"")


def _require_short_list(file: BinaryIO) -> None:
    """Raise unless the list of members, by its end, is one that memory can hold."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - _END_BYTES, 0))
    tail = file.read()
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("its end is missing")
    listed = _END.unpack_from(tail, at)[5]
    at64 = tail.rfind(_END64_MAGIC, 0, at)
    if at64 >= 0:
        listed = max(listed % 0xFFFFFFFF, *struct.unpack_from("<Q", tail, at64 + 40))
    file.seek(0)
    if listed > _LIST_BYTES:
        raise HeldBackError(
            ReasonCode.BOMB, f"its list of members has {listed:,} bytes"
        )


def _list_tar(file: BinaryIO) -> Iterator[Inside]:
    file.seek(0)
    with tarfile.open(fileobj=_Bounded(file), mode="r:") as archive:
        for member in archive:
            if member.isreg():
                yield Inside(
                    member.name,
                    lambda member=member: _untar(archive, member),  # type: ignore[misc]
                )


def _untar(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    with _explained("it"):
        content = archive.extractfile(member)
        assert content is not None
        left = member.size
        with content:
            while left > 0:
                piece = content.read(min(left, CHUNK_BYTES))
                if not piece:
                    raise EOFError("it is cut off")
                left -= len(piece)
                yield piece


class _Bounded(io.RawIOBase):
    """A file of which no more is read at once than any header should have."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _HEADER_BYTES:
            raise HeldBackError(ReasonCode.BOMB, f"a header of {size:,} bytes")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def _unpack(
    file: BinaryIO, container: Container, limits: Limits, scratch: BinaryIO
) -> None:
    """Write what a compressed archive is into the scratch file."""
    packed_bytes = file.seek(0, io.SEEK_END)
    file.seek(0)
    most = min(
        limits.container_bytes,
        max(limits.ratio * packed_bytes, limits.ratio_from_bytes),
    )
    total = 0
    for piece in _UNPACKERS[container](file):
        total += len(piece)
        if total > most:
            raise HeldBackError(
                ReasonCode.BOMB, f"{packed_bytes:,} bytes unpack to more than {most:,}"
            )
        scratch.write(piece)


def _gunzip(file: BinaryIO) -> Iterator[bytes]:
    import gzip

    with gzip.GzipFile(fileobj=file) as content:
        yield from iter(lambda: content.read(CHUNK_BYTES), b"")


def _unzstd(file: BinaryIO) -> Iterator[bytes]:
    context = zstandard.ZstdDecompressor(max_window_size=_MEMORY_BYTES)
    given = file.read(_ZSTD_IN_BYTES)
    while given:
        unpacker = context.decompressobj()
        while not unpacker.eof:
            if not given:
                raise EOFError("it is cut off")
            yield unpacker.decompress(given)
            given = unpacker.unused_data or file.read(_ZSTD_IN_BYTES)


def _unbzip2(file: BinaryIO) -> Iterator[bytes]:
    with bz2.open(file) as content:
        yield from iter(lambda: content.read(CHUNK_BYTES), b"")


def _unxz(file: BinaryIO) -> Iterator[bytes]:
    unpacker = lzma.LZMADecompressor(memlimit=_MEMORY_BYTES)
    while not unpacker.eof:
        given = file.read(CHUNK_BYTES) if unpacker.needs_input else b""
        if unpacker.needs_input and not given:
            raise EOFError("it is cut off")
        yield unpacker.decompress(given, CHUNK_BYTES)


_UNPACKERS: Final = {
    Container.TAR_GZIP: _gunzip,
    Container.TAR_ZSTD: _unzstd,
    Container.TAR_BZIP2: _unbzip2,
    Container.TAR_XZ: _unxz,
}


def _list_mbox(file: BinaryIO) -> Iterator[Inside]:
    """Messages of a mailbox, each behind a line that begins with "From "."""
    line = file.readline(_LINE_BYTES)
    number = 0
    while line:
        number += 1
        message = _Message(file)
        yield Inside(f"{number}.eml", message.pieces)
        for _ in message.pieces():  # of one that was refused half-way
            pass
        line = message.next_line


class _Message:
    """One message of a mailbox, read line by line up to the next one's first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._is_read = False
        self.next_line = b""

    def pieces(self) -> Iterator[bytes]:
        """Its lines, but for the blank one that every message of a mailbox has last."""
        blank, is_start = b"", True
        while not self._is_read:
            line = self._file.readline(_LINE_BYTES)
            if not line or (blank and is_start and _FROM.match(line)):
                self._is_read = True
                self.next_line = line
                return
            if blank:
                yield blank
            blank = line if is_start and not line.strip() else b""
            is_start = line.endswith(b"\n")
            if not blank:
                yield line


def _list_attachments(file: BinaryIO, limits: Limits) -> Iterator[Inside]:
    """What a mail has attached; its own text is another's business."""
    content = file.read(limits.document_bytes)
    known = find_format(content)
    if known is None:
        raise NotAContainerError
    try:
        mail = known.read(content)
    except MemoryError:
        raise
    except _OF_A_READER as error:
        # It is a document still, and its reader's failure is told where it is decoded.
        raise NotAContainerError from error
    for member in mail.members:
        yield Inside(
            member.name,
            lambda member=member: iter([member.content]),  # type: ignore[misc]
            is_all=not mail.text.strip(),
        )
