import bz2
import gzip
import lzma
import os
import struct

import pytest
import zstandard

from transforms.discover.discover import Limits
from warehouse.landing.unpacking import UnpackError, unpack

TEXT = b"The dam reopened on Monday.\n" * 20
GZIP = gzip.compress(TEXT, mtime=0)
ZSTD = zstandard.ZstdCompressor(write_checksum=True).compress(TEXT)
BZIP2 = bz2.compress(TEXT)
XZ = lzma.compress(TEXT)
NOTE = b"\x50\x2a\x4d\x18" + struct.pack("<I", 5) + b"abcde"
BIG_NAME = b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * 300_000 + b"\0"


@pytest.mark.parametrize(
    ("packed", "compression", "expected"),
    [
        (TEXT, "none", TEXT),
        (GZIP, "gzip", TEXT),
        (GZIP * 1000, "gzip", TEXT * 1000),
        (GZIP + b"\0" * 700, "gzip", TEXT),
        (gzip.compress(b""), "gzip", b""),
        (BIG_NAME + GZIP[10:], "gzip", TEXT),
        (ZSTD, "zstd", TEXT),
        (ZSTD * 1000, "zstd", TEXT * 1000),
        (NOTE + ZSTD + NOTE, "zstd", TEXT),
        (zstandard.compress(b""), "zstd", b""),
        (BZIP2, "bzip2", TEXT),
        (BZIP2 * 100, "bzip2", TEXT * 100),
        (bz2.compress(b""), "bzip2", b""),
        (XZ, "xz", TEXT),
        (XZ * 1000, "xz", TEXT * 1000),
        (XZ + b"\0" * 8, "xz", TEXT),
        (lzma.compress(b""), "xz", b""),
    ],
    ids=[
        "plain",
        "gzip",
        "gzip members",
        "gzip padded",
        "gzip empty",
        "gzip name",
        "zstd",
        "zstd frames",
        "zstd with notes",
        "zstd empty",
        "bzip2",
        "bzip2 streams",
        "bzip2 empty",
        "xz",
        "xz streams",
        "xz padded",
        "xz empty",
    ],
)
def test_packed_bytes_come_out_whole(packed, compression, expected):
    assert unpack(packed, compression, Limits()) == expected


@pytest.mark.parametrize("cut", [3, 12, len(GZIP) // 2, len(GZIP) - 1])
def test_gzip_cut_anywhere_is_corrupt(cut):
    with pytest.raises(UnpackError) as error:
        unpack(GZIP[:cut], "gzip", Limits())

    assert error.value.reason_code == "corrupt_archive"


@pytest.mark.parametrize("cut", [5, 12, len(ZSTD) // 2, len(ZSTD) - 1])
def test_zstd_cut_anywhere_is_corrupt(cut):
    with pytest.raises(UnpackError) as error:
        unpack(ZSTD[:cut], "zstd", Limits())

    assert error.value.reason_code == "corrupt_archive"


@pytest.mark.parametrize(
    ("packed", "compression"), [(BZIP2, "bzip2"), (XZ, "xz")], ids=["bzip2", "xz"]
)
@pytest.mark.parametrize("left", [0.3, 0.6, 0.99])
def test_streams_cut_anywhere_are_corrupt(packed, compression, left):
    with pytest.raises(UnpackError) as error:
        unpack(packed[: int(left * len(packed))], compression, Limits())

    assert error.value.reason_code == "corrupt_archive"


@pytest.mark.parametrize(
    ("packed", "compression"),
    [
        (GZIP[:-8] + b"\0\0\0\0" + GZIP[-4:], "gzip"),
        (GZIP + b"garbage", "gzip"),
        (ZSTD[:-1] + bytes([ZSTD[-1] ^ 1]), "zstd"),
        (ZSTD + b"garbage", "zstd"),
        (BZIP2[:12] + bytes([BZIP2[12] ^ 1]) + BZIP2[13:], "bzip2"),
        (BZIP2 + b"garbage", "bzip2"),
        (XZ[:-20] + bytes([XZ[-20] ^ 1]) + XZ[-19:], "xz"),
        (XZ + b"garbage", "xz"),
    ],
    ids=[
        f"{compression} {where}"
        for compression in ("gzip", "zstd", "bzip2", "xz")
        for where in ("checksum", "tail")
    ],
)
def test_damage_is_corrupt(packed, compression):
    with pytest.raises(UnpackError) as error:
        unpack(packed, compression, Limits())

    assert error.value.reason_code == "corrupt_archive"


@pytest.mark.parametrize(
    ("packed", "compression"),
    [
        (gzip.compress(b"a" * 30_000_000, 6), "gzip"),
        (zstandard.compress(b"a" * 30_000_000), "zstd"),
        (bz2.compress(b"a" * 30_000_000), "bzip2"),
        (lzma.compress(b"a" * 30_000_000, preset=0), "xz"),
        (GZIP * 1001, "gzip"),
        (ZSTD * 1001, "zstd"),
        (BZIP2 * 1001, "bzip2"),
        (XZ * 1001, "xz"),
    ],
    ids=[
        f"{compression} {limit}"
        for limit in ("ratio", "members")
        for compression in ("gzip", "zstd", "bzip2", "xz")
    ],
)
def test_bomb_is_stopped(packed, compression):
    with pytest.raises(UnpackError) as error:
        unpack(packed, compression, Limits())

    assert error.value.reason_code == "bomb"


def test_size_cap_holds_for_what_barely_packs():
    packed = gzip.compress(os.urandom(50_000))

    with pytest.raises(UnpackError) as error:
        unpack(packed, "gzip", Limits(document_bytes=40_000))

    assert error.value.reason_code == "bomb"


@pytest.mark.parametrize("compression", ["gzip", "zstd", "bzip2", "xz"])
def test_plain_text_under_a_packed_name_is_unsupported(compression):
    with pytest.raises(UnpackError) as error:
        unpack(TEXT, compression, Limits())

    assert error.value.reason_code == "unsupported_type"
