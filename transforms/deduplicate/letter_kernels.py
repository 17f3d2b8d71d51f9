"""Texts reduced to letters and digits: one compiled pass over the bytes with a table.

With Python's strings, as in `transforms.keys`, the stage takes thirteen times as long.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import ASCII, read_code_point

# Latin, Greek, Cyrillic, Arabic, punctuation, currency.
TABLE_END: Final = 0x3000
TABLE_BYTES: Final = 3  # that any of them leaves at most
NEEDS_CONTEXT: Final = 255


@numba.njit(cache=True, nogil=True)
def reduce_letters(
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
    reduced = np.empty(size + TABLE_BYTES, dtype=np.uint8)
    ends = np.empty(count, dtype=np.int64)
    is_exotic = np.zeros(count, dtype=np.bool_)
    out = 0
    for row in range(count):
        for is_body in range(2):
            data = bodies if is_body else titles
            offsets = body_offsets if is_body else title_offsets
            place, end = offsets[row], offsets[row + 1]
            while place < end:
                if data[place] < ASCII:
                    reduced[out] = table[data[place], 0]
                    out += int(lengths[data[place]])
                    place += 1
                    continue
                code_point, width = read_code_point(data, place, end)
                place += width
                if code_point >= TABLE_END or lengths[code_point] == NEEDS_CONTEXT:
                    is_exotic[row] = True
                    continue
                for byte in range(TABLE_BYTES):
                    reduced[out + byte] = table[code_point, byte]
                out += int(lengths[code_point])
        ends[row] = out
    return reduced[:out], ends, is_exotic
