"""Members of documents that are ZIP archives, as those of Word and LibreOffice are."""

import zlib
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from transforms.contracts import ReasonCode
from transforms.decode.readers.extracted import UnreadableError

ZIP_MAGIC: Final = b"PK\x03\x04"
MOST_MEMBER_BYTES: Final = 256 << 20
# Markup packs well: a Word file of one phrase repeated stays below 100.
MOST_RATIO: Final = 200
RATIO_FROM_BYTES: Final = 8 << 20
_ENCRYPTED_FLAG: Final = 1


def has_member(content: bytes, name: str) -> bool:
    """Whether the content is a ZIP archive with a member of this name."""
    if not content.startswith(ZIP_MAGIC):
        return False
    try:
        with ZipFile(BytesIO(content)) as archive:
            return name in archive.NameToInfo
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        return False


def read_member(content: bytes, name: str) -> bytes:
    """The unpacked bytes of a member.

    Raises:
        UnreadableError: It is encrypted, damaged, or unpacks to more than it may.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            member = archive.getinfo(name)
            if member.flag_bits & _ENCRYPTED_FLAG:
                raise UnreadableError(
                    ReasonCode.ENCRYPTED, f"{name} is encrypted: save it unprotected"
                )
            with archive.open(member) as stream:
                unpacked = stream.read(_most_bytes(member) + 1)
    except (
        *(BadZipFile, zlib.error, EOFError, OSError),
        *(NotImplementedError, ValueError, KeyError),
    ) as error:
        raise UnreadableError(
            ReasonCode.CORRUPT_ARCHIVE, f"{name} cannot be unpacked: {error}"
        ) from error
    if len(unpacked) > _most_bytes(member):
        raise UnreadableError(
            ReasonCode.BOMB, f"{name} unpacks to more than {_most_bytes(member)} bytes"
        )
    return unpacked


def _most_bytes(member: ZipInfo) -> int:
    by_ratio = max(RATIO_FROM_BYTES, MOST_RATIO * member.compress_size)
    return min(MOST_MEMBER_BYTES, by_ratio)
