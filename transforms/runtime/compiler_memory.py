"""What the compiler of kernels holds in memory, given back once they are loaded."""

import ctypes
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

_MADV_DONTNEED: Final = 4
_CODE: Final = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) r-xp .*/libllvmlite\.so$", re.MULTILINE
)


def rest_compiler() -> None:
    """Let go of the pages of LLVM's code: 60 MB that only compiling needs.

    Numba loads all of LLVM to load a kernel that was compiled long ago. Pages of code
    are those of its file, so whatever is called after all is read again. Elsewhere than
    on Linux, and where nothing was compiled, nothing happens.
    """
    with suppress(OSError, AttributeError):
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for start, end in _CODE.findall(maps):
            first = int(start, 16)
            madvise(first, int(end, 16) - first, _MADV_DONTNEED)
