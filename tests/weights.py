"""Files of weights, to be damaged."""

from io import BytesIO

import numpy as np


def arrays_of(data):
    """All arrays of a file that is sound, whatever they are."""
    with np.load(BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file}


def pack(arrays):
    """A file of any arrays, not compressed."""
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
