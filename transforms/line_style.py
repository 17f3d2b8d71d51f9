"""How a document's likely boundaries look alike, as evidence for each of them.

A first guess says which lines start an article. A line whose surroundings are those of
the other likely starts of the same document is then a likelier start itself; the
line's own guess never counts for it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.line_features import (
    CLOSING_KINDS,
    OPENING_KINDS,
    OUTER_KINDS,
    FilledLines,
    Numbers,
    kind_mask,
    shift,
)

_ALL_ROLES: Final = kind_mask(
    [*CLOSING_KINDS, *OPENING_KINDS, *OUTER_KINDS, "bullet", "number", "bracket"]
)


def _style_keys(filled: FilledLines) -> dict[str, npt.NDArray[np.uint64]]:
    """What two lines of one document must share to count as alike, by aspect."""
    counts, documents = filled.counts, filled.documents
    roles = (filled.kinds & _ALL_ROLES).astype(np.uint64)
    gap = counts["gap_before"].astype(np.uint64)
    upper = counts["upper"] > 4 * counts["lower"]
    form = (
        upper.astype(np.uint64)
        + 2 * counts["ends_sentence"].astype(np.uint64)
        + 4 * counts["first_class"].astype(np.uint64)
        + 64 * np.minimum(counts["indent"], 7).astype(np.uint64)
    )
    return {
        "gaps": gap + 16 * counts["gap_after"].astype(np.uint64),
        "gap": gap,
        "form": form + (roles << np.uint64(10)),
        "lead": filled.hashes["lead_hash"],
        "closing": shift(roles, 1, documents, 0) + (gap << np.uint64(40)),
        "closing_lead": shift(filled.hashes["lead_hash"], 1, documents, 0),
        "closing_shape": shift(filled.hashes["shape_hash"], 1, documents, 0),
        "opening": shift(roles, -1, documents, 0),
        "opening_lead": shift(filled.hashes["lead_hash"], -1, documents, 0),
    }


def describe_style(
    filled: FilledLines, starts: Numbers, outers: Numbers
) -> dict[str, Numbers]:
    """Second-stage features by name, one value per filled line.

    Args:
        filled: The lines.
        starts: First guess, 0-1, that the line starts an article.
        outers: First guess, 0-1, that the line belongs to no article.

    Returns:
        Per aspect: how often the document's other lines alike are starts (`_rate`),
        and which share of its other starts is alike (`_share`).
    """
    keys = _style_keys(filled)
    lines = pl.DataFrame(
        {"document": filled.documents, "start": starts, "outer": outers, **keys}
    )
    start, outer = pl.col("start"), pl.col("outer")
    all_starts = start.sum().over("document")
    aspects = []
    for name in keys:
        alike = (start.sum().over("document", name) - start).clip(0)
        others = pl.len().over("document", name) - 1
        aspects += [
            ((alike + 0.02) / (others + 1)).alias(f"{name}_rate"),
            ((alike + 0.02) / (all_starts - start + 1).clip(1)).alias(f"{name}_share"),
        ]
    for name in ("lead", "form"):
        alike = (outer.sum().over("document", name) - outer).clip(0)
        others = pl.len().over("document", name) - 1
        aspects.append(((alike + 0.02) / (others + 1)).alias(f"{name}_outer_rate"))
    found = lines.select(
        *aspects,
        start.alias("start_guess"),
        outer.alias("outer_guess"),
        (all_starts / pl.len().over("document")).alias("document_start_rate"),
        all_starts.log1p().alias("document_starts"),
    )
    style = {name: found[name].to_numpy().astype(np.float32) for name in found.columns}
    for by, side in ((1, "before"), (2, "before2"), (-1, "after"), (-2, "after2")):
        style[f"start_guess_{side}"] = shift(
            style["start_guess"], by, filled.documents, 0
        )
        style[f"outer_guess_{side}"] = shift(
            style["outer_guess"], by, filled.documents, 0
        )
    return style
