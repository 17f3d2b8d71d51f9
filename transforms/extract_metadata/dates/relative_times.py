"""Times that a line tells by how long ago they were: `2 days ago`, `вчера в 14:05`.

They say a day only where it is known of when they speak: a mail says when it was sent.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.extract_metadata.dates.date_lines import FIRST_LINES
from transforms.text.buffers import Offsets

MAX_BYTES: Final = 80
_HOURS_OF_DAY: Final = 24
# Of each language: minutes, hours, days, weeks, and what stands before and behind them.
_AGO: Final = (
    (r"minutes?|mins?", r"hours?|hrs?", r"days?", r"weeks?", "", r"\s+ago"),
    (r"минут[уы]?", r"час(?:а|ов)?", r"день|дня|дней", r"недел[юиь]", "", r"\s+назад"),
    (r"Minuten?", r"Stunden?", r"Tage?n?", r"Wochen?", r"vor\s+", ""),
    (r"minutes?", r"heures?", r"jours?", r"semaines?", r"il y a\s+", ""),
    (r"minutos?", r"horas?", r"días?", r"semanas?", r"hace\s+", ""),
    (r"minuten|minuut", r"uur|uren", r"dagen|dag", r"weken|week", "", r"\s+geleden"),
    (r"dakika", r"saat", r"gün", r"hafta", "", r"\s+önce"),
)
_YESTERDAY: Final = r"yesterday|вчера|gestern|hier|ayer|gisteren|dün"
_BEGIN: Final = r"(?i)(?:^|[·|•,–—-]\s*|\bby\s[^\d]{3,40}\s)\W*"
_CLOCK: Final = r"(?:\s*,?\s*(?:(?:at|в|um|à|a las|om)\s+)?\d{1,2}[:.]\d\d)?\W*$"
_UNITS: Final = ((1, 1 / _HOURS_OF_DAY), (2, 1), (3, 7))  # place in a row, days


def _pattern(unit: int) -> str:
    """A line that ends with a number of this unit in any of the languages."""
    forms = "|".join(f"{row[4]}(\\d{{1,2}})\\s*(?:{row[unit]}){row[5]}" for row in _AGO)
    return f"{_BEGIN}(?:{forms}){_CLOCK}"


_DAY_BEFORE: Final = f"{_BEGIN}(?:{_YESTERDAY}){_CLOCK}"
_ANY: Final = "|".join(f"(?:{_pattern(unit)})" for unit, _ in _UNITS)


def read_ages(lines: pl.DataFrame, article_rows: pl.Series) -> Offsets:
    """Days that each article is older than what it stands in, by its first lines.

    Args:
        lines: The lines that `clean` gave.
        article_rows: The articles to look at, ascending.

    Returns:
        Whole days per article, 0 where it does not say so; hours are rounded.
    """
    if article_rows.is_empty():
        return np.zeros(0, dtype=np.int64)
    text = pl.col("text").str.strip_chars()
    heads = lines.filter(
        pl.col("article_row").is_in(article_rows.implode()) & (text != "")
    ).filter(pl.int_range(pl.len()).over("article_row") < FIRST_LINES)
    heads = heads.filter(
        (text.str.len_bytes() <= MAX_BYTES)
        & text.str.contains(f"{_ANY}|(?:{_DAY_BEFORE})")
    )
    numbers = [
        pl.coalesce(
            text.str.extract(_pattern(unit), group).cast(pl.Int64)
            for group in range(1, len(_AGO) + 1)
        )
        * share
        for unit, share in _UNITS
    ]
    told = heads.select(
        "article_row", days=pl.coalesce(*numbers, 1).round().cast(pl.Int64)
    ).unique("article_row", keep="first", maintain_order=True)
    ages = pl.DataFrame({"article_row": article_rows}).join(
        told, on="article_row", how="left", maintain_order="left"
    )
    return ages["days"].fill_null(0).to_numpy()
