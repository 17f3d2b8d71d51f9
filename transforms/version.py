"""Which version of the transforms made a row: sources, weights, and reference lists."""

import hashlib
from functools import cache
from typing import Final

from transforms.reference import read_sources, read_weights

# A fit, and the lists that only it reads, make weights, and a classifier is known by
# those it has; an evaluation makes no row, nor what only shows texts. All else decides.
_DECIDE_NO_ROW: Final = {
    *("evaluate", "fit", "fit.py", "labelled_briefs.csv"),
    *("lexicon_topics.csv", "lexicon_acts.csv", "lexicon_translated.csv"),
    *("inert.py", "closest.py"),
}
_DIGITS: Final = 16


@cache
def transform_version(splitter: bytes | None = None) -> str:
    """Version of all that decides rows, but for the classifier's weights.

    It follows from the content of the modules of `transforms`, of the splitter's
    weights, and of the lists: who changes one of them changes it. A document that was
    read by another version is read again. Labels by other weights stand side by side,
    each with its version (`dim_classifier`).

    Args:
        splitter: File of other weights than those that ship.

    Returns:
        16 hexadecimal digits.
    """
    parts = {
        path: content
        for path, content in read_sources()
        if _DECIDE_NO_ROW.isdisjoint(path.split("/"))
    }
    parts["split.npz"] = read_weights("split") if splitter is None else splitter
    parts["dates.npz"] = read_weights("dates")
    digest = hashlib.sha256()
    for name, content in sorted(parts.items()):
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
