"""Counted claims of texts: the number, what it counts, who says so, and where."""

import numpy as np
import polars as pl

from transforms.extract_content.quantities.numbers import find_numbers
from transforms.extract_content.quantities.speakers import find_speakers
from transforms.extract_content.quantities.what_is_counted import find_counted
from transforms.extract_content.words import TextWords
from transforms.text.buffers import Offsets
from transforms.text.char_index import read_only


def find_quantities(
    words: TextWords, places: pl.DataFrame, actors: pl.DataFrame
) -> pl.DataFrame:
    """Find counted claims: of victims, of people in the streets, of money and energy.

    Args:
        words: Of the texts.
        places: Mentions: `first`, `stop` (rows of words), `place_row`, `rank` (the
            finest place has the lowest).
        actors: Mentions: `first`, `stop`, `kind`.

    Returns:
        One row per claim, in order: `first`, `stop`, `text_row`, `quantity_type`,
        `value_low`, `value_high` (null: open), `is_approximate`, `unit`, `currency`,
        `is_negated`, `speaker_first`, `speaker_stop` (null: the text itself),
        `place_row` (null: none is named).
    """
    numbers = find_numbers(words)
    counted = find_counted(
        words,
        (numbers.number, numbers.stop),
        np.fmax(numbers.low, numbers.high),
        numbers.unit_kind,
        numbers.is_negated,
    )
    rows = pl.DataFrame(
        {
            "first": numbers.first,
            "number": numbers.number,
            "stop": numbers.stop,
            "text_row": words.arrays.text_row[numbers.number],
            "quantity_type": counted.kind,
            "value_low": numbers.low,
            "value_high": numbers.high,
            "is_approximate": numbers.is_approximate | counted.is_estimate,
            "code": numbers.code,
            "unit_kind": numbers.unit_kind,
            "is_negated": numbers.is_negated,
        }
    ).filter(pl.col("quantity_type") != "")
    number: Offsets = read_only(rows["number"].to_numpy())
    speakers = find_speakers(words, number, actors, places)
    rows = rows.with_columns(
        pl.Series("speaker_first", speakers[:, 0]),
        pl.Series("speaker_stop", speakers[:, 1]),
        _find_places(words, number, places, rows["quantity_type"]).alias("place_row"),
    )
    is_money = pl.col("unit_kind") == "currency"
    return rows.select(
        "first",
        "stop",
        "text_row",
        "quantity_type",
        pl.col("value_low", "value_high").fill_nan(None),
        "is_approximate",
        pl.when(is_money)
        .then(pl.lit("money"))
        .when(pl.col("code") != "")
        .then("code")
        .otherwise(pl.lit("person"))
        .alias("unit"),
        pl.when(is_money & (pl.col("code") != "")).then("code").alias("currency"),
        "is_negated",
        *(
            pl.when(pl.col(name) >= 0).then(name).alias(name)
            for name in ("speaker_first", "speaker_stop")
        ),
        "place_row",
    )


def _find_places(
    words: TextWords, number: Offsets, places: pl.DataFrame, kind: pl.Series
) -> pl.Series:
    """The finest place of each number's sentence, else, but of money, of its text."""
    sentence = words.arrays.sentence
    named = (
        places.with_columns(
            sentence=pl.Series(sentence[places["first"].to_numpy()], dtype=pl.UInt32)
        )
        .sort("rank", "first")
        .unique("sentence", keep="first", maintain_order=True)
        .select("sentence", "place_row")
    )
    of_text = (
        places.sort("rank", "first")
        .unique("text_row", keep="first", maintain_order=True)
        .select("text_row", of_text="place_row")
    )
    asked = pl.DataFrame(
        {
            "sentence": pl.Series(sentence[number], dtype=pl.UInt32),
            "text_row": pl.Series(words.arrays.text_row[number], dtype=pl.UInt32),
            "kind": kind,
        }
    )
    return (
        asked.join(named, on="sentence", how="left", maintain_order="left")
        .join(of_text, on="text_row", how="left", maintain_order="left")
        .select(
            pl.when(pl.col("kind") == "money")
            .then("place_row")
            .otherwise(pl.coalesce("place_row", "of_text"))
        )
        .to_series()
    )
