"""Lines near one end of their articles, and of which kinds they are."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from transforms.clean.edge_kinds import Side, name_kinds
from transforms.clean.line_shape_kernels import Flags
from transforms.clean.ranked_lines import RankedLines
from transforms.contracts import LineRole
from transforms.text.buffers import Offsets


@dataclass(frozen=True)
class Zone:
    """Lines near one end of their articles.

    Attributes:
        at: Rows of the ranked lines, ascending.
        rows: Of these: `place`, `document_row`, `role`, and `kind`, whose pattern fits.
        is_filler: Whether it may stand between such lines: short and no sentence.
    """

    at: Offsets
    rows: pl.DataFrame
    is_filler: Flags

    def is_kind(self, kind: str) -> Flags:
        """Whether each line fits a pattern of this kind."""
        return self.rows["kind"].eq_missing(kind).to_numpy()

    def has_role(self, role: LineRole) -> Flags:
        """Whether the splitter gave each line this role."""
        return (self.rows["role"] == role).to_numpy()

    @property
    def is_known(self) -> Flags:
        """Whether each line fits a pattern."""
        return self.rows["kind"].is_not_null().to_numpy()


class KindCache:
    """Kinds of lines, each looked up once however often it is asked for."""

    def __init__(self, ranked: RankedLines, side: Side, filler_bytes: int) -> None:
        self._ranked, self._side = ranked, side
        self._kinds = pl.Series([None], dtype=pl.String).new_from_index(
            0, len(ranked.rows)
        )
        self._is_seen = np.zeros(len(ranked.rows), dtype=bool)
        self._is_filler = (ranked.sizes <= filler_bytes) & ~ranked.closes

    def zone(self, at: Offsets) -> Zone:
        """The lines at some places."""
        unseen = at[~self._is_seen[at]]
        if len(unseen):
            kinds = name_kinds(self._ranked.texts(unseen), self._side)
            self._kinds = self._kinds.scatter(unseen, kinds)
            self._is_seen[unseen] = True
        rows = self._ranked.rows[at].with_columns(self._kinds.gather(at).alias("kind"))
        return Zone(at, rows, self._is_filler[at])
