"""Which files hold documents of their own: archives, mailboxes, and mails."""

import re
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from enum import StrEnum
from io import BytesIO
from lzma import LZMADecompressor, LZMAError
from typing import Final

from zstandard import ZstdDecompressor, ZstdError

from transforms.decode.readers.mail import is_mail

_Unpack = Callable[[bytes], bytes]

# Of a file, enough to tell: a compressed block and the headers of a mail fit in.
CONTAINER_HEAD_BYTES: Final = 1 << 20


class Container(StrEnum):
    """What holds documents; of tape archives, how they are compressed."""

    ZIP = "zip"
    TAR = "tar"
    TAR_GZIP = "tar.gz"
    TAR_ZSTD = "tar.zst"
    TAR_BZIP2 = "tar.bz2"
    TAR_XZ = "tar.xz"
    MBOX = "mbox"
    MAIL = "mail"  # a document itself, with what is attached to it


ARCHIVES: Final = frozenset(Container) - {Container.MBOX, Container.MAIL}

GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
XZ_MAGIC: Final = b"\xfd7zXZ\x00"
# With the start of its first block, or its end where it is empty: a text may begin so
# far with "BZh", and none goes on like this.
BZIP2_MAGICS: Final = tuple(
    b"BZh%d" % level + start
    for level in range(1, 10)
    for start in (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")
)
# A frame that holds no text, only what its writer wished to note.
ZSTD_SKIPPABLE: Final = tuple(
    bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)
)
# How one document is compressed, and what such a file begins with.
COMPRESSION_MAGICS: Final[dict[str, tuple[bytes, ...]]] = {
    "gzip": (GZIP_MAGIC,),
    "zstd": (ZSTD_MAGIC, *ZSTD_SKIPPABLE),
    "bzip2": BZIP2_MAGICS,
    "xz": (XZ_MAGIC,),
}
# By the end of its name: what it is in words, and what opens it.
COMPRESSIONS: Final = {
    "gz": ("one document, gzip", ""),
    "zst": ("one document, Zstandard", "zstandard"),
    "bz2": ("one document, bzip2", ""),
    "xz": ("one document, xz", ""),
}
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Outlook's .msg, among others
_TAR_MAGIC: Final = b"ustar"
_TAR_MAGIC_AT: Final = 257
_TAR_HEAD_BYTES: Final = 512
_MEMORY_BYTES: Final = 1 << 27
_MBOX: Final = re.compile(
    rb"From [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n>?[!-9;-~]+:[ \t]"
)
_MAIL_HEAD_BYTES: Final = 1 << 16
_HAS_PARTS: Final = re.compile(
    rb"(?i)^content-type:\s*multipart/(?!alternative)", re.MULTILINE
)


def name_compression(head: bytes) -> str:
    """How a file of one document is compressed, as in `COMPRESSION_MAGICS`, or none."""
    return next(
        (
            name
            for name, magics in COMPRESSION_MAGICS.items()
            if head.startswith(magics)
        ),
        "none",
    )


def name_container(head: bytes) -> Container | None:
    r"""What a file may hold documents as; null for a document without any inside.

    A ZIP archive may be one of a program that writes documents so, which only its list
    of members tells.

    Args:
        head: Its first `CONTAINER_HEAD_BYTES`, or fewer.

    Example:
        >>> name_container(b"PK\x03\x04...")
        <Container.ZIP: 'zip'>
        >>> name_container(b"From Monday on, the port is open") is None
        True
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Container.ZIP
    if _is_tar(head):
        return Container.TAR
    for magic, (container, unpack_head) in _PACKED_TARS.items():
        if head.startswith(magic):
            return container if _is_tar(_unpacked(head, unpack_head)) else None
    if head.startswith(_OLE_MAGIC):
        return Container.MAIL
    start = head[:_MAIL_HEAD_BYTES]
    if _MBOX.match(start):
        return Container.MBOX
    return Container.MAIL if _HAS_PARTS.search(start) and is_mail(start) else None


def _is_tar(head: bytes) -> bool:
    return head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT)


def _unpacked(head: bytes, unpack_head: _Unpack) -> bytes:
    """The first bytes that a compressed file holds, none when it is broken."""
    try:
        return unpack_head(head)
    except (zlib.error, ZstdError, LZMAError, OSError, EOFError):
        return b""


def _gunzip_head(head: bytes) -> bytes:
    return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, _TAR_HEAD_BYTES)


def _unzstd_head(head: bytes) -> bytes:
    context = ZstdDecompressor(max_window_size=_MEMORY_BYTES)
    with context.stream_reader(BytesIO(head)) as reader:
        return reader.read(_TAR_HEAD_BYTES)


def _unbzip2_head(head: bytes) -> bytes:
    return BZ2Decompressor().decompress(head, _TAR_HEAD_BYTES)


def _unxz_head(head: bytes) -> bytes:
    unpacker = LZMADecompressor(memlimit=_MEMORY_BYTES)
    return unpacker.decompress(head, _TAR_HEAD_BYTES)


_PACKED_TARS: Final[dict[bytes, tuple[Container, _Unpack]]] = {
    GZIP_MAGIC: (Container.TAR_GZIP, _gunzip_head),
    ZSTD_MAGIC: (Container.TAR_ZSTD, _unzstd_head),
    b"BZh": (Container.TAR_BZIP2, _unbzip2_head),
    XZ_MAGIC: (Container.TAR_XZ, _unxz_head),
}


# What each is in words, and what opens it.
CONTAINERS: Final = {
    Container.ZIP: ("ZIP archive", ""),
    Container.TAR: ("tape archive", ""),
    Container.TAR_GZIP: ("tape archive, gzip", ""),
    Container.TAR_ZSTD: ("tape archive, Zstandard", "zstandard"),
    Container.TAR_BZIP2: ("tape archive, bzip2", ""),
    Container.TAR_XZ: ("tape archive, xz", ""),
    Container.MBOX: ("mailbox of mails", ""),
}
