"""What py3langid knows, as arrays that all processes of a machine share.

Its own file takes half a second to unpack and 70 MB in each process. So the arrays are
kept beside the compiled code, once, and mapped from there: only what texts touch is
ever read.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.text.buffers import Offsets

KEPT_ROOT: Final = Path(__file__).parent / "__pycache__"
_ROW_CELLS: Final = 256
_NAMES: Final = ("next_states", "rows", "features", "table", "prior", "codes")

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class LanguageModel:
    """What py3langid knows; no array may be written to.

    Attributes:
        automaton: See `language_kernels.walk`.
        table: Log-odds per feature and language.
        prior: Log-odds per language.
        codes: ISO 639 code per language; one that comes twice was fitted per script.
    """

    automaton: tuple[npt.NDArray[np.uint32], Offsets, Offsets]
    table: npt.NDArray[np.float16]
    prior: npt.NDArray[np.float32]
    codes: list[str]


@cache
def load_language_model() -> LanguageModel:
    """The model of the installed py3langid, kept for the next process where it can be.

    A folder that cannot be written to costs time, not the answer.
    """
    kept = _kept_folder()
    arrays = _read_kept(kept)
    if arrays is None:
        _keep(_unpack(), kept)
        arrays = _read_kept(kept) or _unpack()
    for array in arrays.values():
        array.flags.writeable = False
    return LanguageModel(
        (arrays["next_states"], arrays["rows"], arrays["features"]),
        arrays["table"],
        arrays["prior"],
        arrays["codes"].tolist(),
    )


def _kept_folder() -> Path:
    """Named by the library's file, so that another one is unpacked anew."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    file = (Path(MODEL_DIR) / MODEL_FILE).stat()
    return KEPT_ROOT / f"languages-{file.st_size}-{file.st_mtime_ns}"


def _unpack() -> Arrays:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    known = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return {
        "next_states": np.asarray(known.tk_nextmove, dtype=np.uint32),
        "rows": np.asarray(known.tk_row, dtype=np.int64) * _ROW_CELLS,
        "features": np.asarray(known.tk_output, dtype=np.int64),
        "table": known.nb_ptc,
        "prior": known.nb_pc,
        "codes": np.array(known.nb_classes),
    }


def _read_kept(folder: Path) -> Arrays | None:
    try:
        # As plain arrays: compiled code would take a mapped one for another kind.
        return {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
            for name in _NAMES
        }
    except (OSError, ValueError, EOFError):
        return None


def _keep(arrays: Arrays, folder: Path) -> None:
    """Write the arrays, all or none; whoever is first wins."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    with suppress(OSError):
        partial.mkdir(parents=True)
        for name, array in arrays.items():
            with (partial / f"{name}.npy").open("wb") as file:
                np.save(file, array)
                os.fsync(file.fileno())
        partial.rename(folder)
    shutil.rmtree(partial, ignore_errors=True)
