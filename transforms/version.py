"""Which version of the transforms made a row: rules, weights, and reference lists."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from transforms.reference import REFERENCE_FOLDER

# Raised by hand when a rule of split, clean, or extract_metadata changes its results.
RULES_VERSION: Final = 1
_WEIGHTS: Final = Path(__file__).parent / "weights"


def transform_version(splitter: Path | None = None) -> str:
    """Version of all that decides articles and their metadata, not their labels.

    A document transformed by another version is transformed again; labels have
    versions of their own (`dim_classifier`).

    Args:
        splitter: Weights of another splitter than the one that ships.

    Raises:
        OSError: They cannot be read.
    """
    shipped = _shipped_version()
    if splitter is None:
        return shipped
    own = hashlib.sha256(splitter.read_bytes()).hexdigest()
    return f"{shipped}.{own[:12]}"


@cache
def _shipped_version() -> str:
    digest = hashlib.sha256()
    for path in sorted([*REFERENCE_FOLDER.glob("*.csv"), *_WEIGHTS.glob("split*")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{RULES_VERSION}.{digest.hexdigest()[:12]}"
