"""Which version of the transforms made a row: rules, weights, and reference lists."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from transforms.reference import REFERENCE_FOLDER

# Raised by hand when a rule of split, clean, or extract_metadata changes its results.
RULES_VERSION: Final = 1
_WEIGHTS: Final = Path(__file__).parent / "weights"


@cache
def transform_version() -> str:
    """Version of all that decides articles and their metadata, not their labels.

    A document transformed by another version is transformed again; labels have
    versions of their own (`dim_classifier`).
    """
    digest = hashlib.sha256()
    for path in sorted([*REFERENCE_FOLDER.glob("*.csv"), *_WEIGHTS.glob("split*")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{RULES_VERSION}.{digest.hexdigest()[:12]}"
