"""Texts reduced to letters and digits: one compiled pass over the bytes with a table.

NumPy would need five passes, and an array for each.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets

# Latin, Greek, Cyrillic, Arabic, punctuation, currency: up to three bytes in UTF-8.
TABLE_END: Final = 0x3000
NEEDS_CONTEXT: Final = 255


@numba.njit(cache=True, nogil=True)
def reduce_letters(  # noqa: C901 - one pass over bytes
    titles: ByteArray,
    title_offsets: Offsets,
    bodies: ByteArray,
    body_offsets: Offsets,
    table: ByteArray,
    lengths: ByteArray,
) -> tuple[ByteArray, Offsets, npt.NDArray[np.bool_]]:
    """Letters and digits of titles and bodies, by a table of what characters leave.

    Args:
        titles: UTF-8 bytes back to back.
        title_offsets: Their bounds, one more than articles.
        bodies: Likewise.
        body_offsets: Likewise.
        table: Per code point the bytes that it leaves.
        lengths: How many these are; NEEDS_CONTEXT where its neighbours decide.

    Returns:
        Reduced bytes of all articles back to back, the end of each, and which articles
        hold a character that the table does not decide.
    """
    count = len(title_offsets) - 1
    size = title_offsets[-1] - title_offsets[0] + body_offsets[-1] - body_offsets[0]
    reduced = np.empty(size, dtype=np.uint8)
    ends = np.empty(count, dtype=np.int64)
    is_exotic = np.zeros(count, dtype=np.bool_)
    out = 0
    for row in range(count):
        for is_body in range(2):
            data = bodies if is_body else titles
            offsets = body_offsets if is_body else title_offsets
            place, end = offsets[row], offsets[row + 1]
            while place < end:
                first = np.int64(data[place])
                if first < 0x80:
                    reduced[out] = table[first, 0]
                    out += int(lengths[first])
                    place += 1
                    continue
                if first < 0xE0:
                    code_point = (first & 0x1F) << 6 | data[place + 1] & 0x3F
                    place += 2
                elif first < 0xF0:
                    code_point = (
                        (first & 0x0F) << 12
                        | int(data[place + 1] & 0x3F) << 6
                        | data[place + 2] & 0x3F
                    )
                    place += 3
                else:
                    code_point = 0x10FFFF
                    place += 4
                if code_point >= TABLE_END or lengths[code_point] == NEEDS_CONTEXT:
                    is_exotic[row] = True
                    continue
                for byte in range(lengths[code_point]):
                    reduced[out + byte] = table[code_point, byte]
                out += int(lengths[code_point])
        ends[row] = out
    return reduced, ends, is_exotic
