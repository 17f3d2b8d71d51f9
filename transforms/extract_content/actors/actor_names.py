"""What the persons and organisations that are found are called, and their functions."""

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from transforms.extract_content.actors.name_runs import NameWords
from transforms.extract_content.word_kernels import POSSESSIVE
from transforms.extract_content.words import TextWords
from transforms.reference import read_reference

_PERSON: Final = "person"
_MOST_ROLE_WORDS: Final = 6


@cache
def read_names() -> pl.DataFrame:
    """Rows (kind, name, aliases) of the persons and organisations that are listed."""
    return pl.concat(
        read_reference(f"{kind}s").select(
            "name",
            pl.col("aliases")
            .fill_null("")
            .str.split("; ")
            .list.eval(pl.element().filter(pl.element() != "")),
            kind=pl.lit(kind),
        )
        for kind in ("person", "organisation")
    )


def name_found(words: TextWords, found: pl.DataFrame) -> pl.DataFrame:
    """What each mention is called: as listed, else as its fullest form in the text."""
    firsts, stops = found["first"].to_numpy(), found["stop"].to_numpy()
    arrays = words.arrays
    rows = found.with_columns(
        pl.Series("text_row", arrays.text_row[firsts]),
        words.slice(firsts, stops).str.replace_all(r"\s+", " ").alias("printed"),
        pl.Series("last_key", arrays.key[np.maximum(stops - 1, 0)]),
        pl.Series("first_key", arrays.key[firsts]),
        pl.Series("size", stops - firsts),
    )
    full = rows.filter(pl.col("kind") == _PERSON, pl.col("size") > 1).sort(
        "size", "first", descending=[True, False]
    )
    # Family names may stand first, as in Hu Xijin.
    by_key = pl.concat(
        full.select("text_row", full="printed", full_said="said", key=key)
        for key in ("last_key", "first_key")
    ).unique(["text_row", "key"], keep="first", maintain_order=True)
    named = rows.join(
        by_key,
        left_on=["text_row", "last_key"],
        right_on=["text_row", "key"],
        how="left",
        maintain_order="left",
    )
    is_surname = (pl.col("kind") == _PERSON) & (pl.col("size") == 1)
    return named.select(
        "first",
        "stop",
        "text_row",
        "kind",
        pl.when(is_surname & pl.col("full").is_not_null())
        .then(pl.coalesce("full_said", "full"))
        .otherwise(pl.coalesce("said", "printed"))
        .alias("name"),
        "score",
    )


def printed_roles(names: NameWords, found: pl.DataFrame) -> pl.Series:
    """Title or function that stands before a person: "Kazakh President"."""
    words = names.words
    arrays, count = words.arrays, len(words)
    firsts = found["first"].to_numpy()
    starts = firsts.copy()
    is_person = (found["kind"] == _PERSON).to_numpy()
    open_rows = is_person.copy()
    for _ in range(_MOST_ROLE_WORDS):
        at = np.maximum(starts - 1, 0)
        goes_on = (
            open_rows
            & (starts > 0)
            & (arrays.space[np.minimum(starts, max(count - 1, 0))] == 1)
            & (arrays.sentence[at] == arrays.sentence[firsts])
            & ~words.are("mr", "mrs", "ms", "dr", "miss", "sir", at=at)
        )
        is_role = names.is_role[at]
        is_name = names.is_name[at] & (starts < firsts)
        goes_on &= is_role | is_name | (names.is_head[at] & (starts < firsts))
        starts = np.where(goes_on, at, starts)
        open_rows = goes_on
    has_role = (starts < firsts) & (arrays.kind[starts] != POSSESSIVE)
    texts = words.slice(
        np.where(has_role, starts, firsts), np.maximum(firsts, starts + 1)
    )
    return texts.set(~pl.Series(has_role), None).str.replace_all(r"\s+", " ")
