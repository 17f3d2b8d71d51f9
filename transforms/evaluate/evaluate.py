"""How well predicted articles agree with gold ones; frames in, frames out.

Gold and predicted articles are matched by document and first character. Nothing is
printed or judged here.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

NEAR_DAYS, MONTH_DAYS = 7, 30
FIELDS: Final = ("title", "source", "author", "dateline", "date")


def match_articles(predicted: pl.DataFrame, gold: pl.DataFrame) -> pl.DataFrame:
    """Gold and predicted articles side by side.

    Args:
        predicted: One row per article: file, char_start, char_end, and any of title,
            source, author, dateline, date, category.
        gold: One row per article: file, char_start, char_end, and any of title, source,
            author, dateline, date, label, also, and columns to report by.

    Returns:
        One row per article of either side, by file and char_start: the gold columns,
        the predicted ones with the prefix `predicted_`, and is_gold, is_predicted,
        is_found (starts at the same character), is_exact (ends at the same one, too).
    """
    places = ("file", "char_start")
    ours = predicted.select(
        *places,
        pl.exclude(places).name.prefix("predicted_"),
        is_predicted=pl.lit(value=True),
    )
    theirs = gold.with_columns(is_gold=pl.lit(value=True))
    is_exact = pl.col("char_end") == pl.col("predicted_char_end")
    return (
        theirs.join(ours, on=places, how="full", coalesce=True)
        .with_columns(pl.col("is_gold", "is_predicted").fill_null(value=False))
        .with_columns(is_found=pl.col("is_gold") & pl.col("is_predicted"))
        .with_columns(is_exact=(pl.col("is_found") & is_exact).fill_null(value=False))
        .sort(places)
    )


def _f1(hits: pl.Expr, gold: pl.Expr, predicted: pl.Expr) -> pl.Expr:
    return (2 * hits / (gold + predicted)).fill_nan(0.0)


def score_boundaries(matched: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Precision, recall and F1 of starts, and F1 of whole spans.

    Args:
        matched: From `match_articles`.
        by: Columns to group by, filled by `blame_false_articles`.

    Returns:
        One row per group, or one row: gold_count, predicted_count, start_precision,
        start_recall, start_f1, exact_f1.
    """
    gold, predicted, found, exact = (
        pl.col(name).sum().cast(pl.Float64)
        for name in ("is_gold", "is_predicted", "is_found", "is_exact")
    )
    figures = {
        "gold_count": gold.cast(pl.Int64),
        "predicted_count": predicted.cast(pl.Int64),
        "start_precision": (found / predicted).fill_nan(0.0),
        "start_recall": (found / gold).fill_nan(0.0),
        "start_f1": _f1(found, gold, predicted),
        "exact_f1": _f1(exact, gold, predicted),
    }
    if not by:
        return matched.select(**figures)
    return matched.group_by(by).agg(**figures).sort(by)


def blame_false_articles(matched: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Give a false article what gold says of the article that it stands in.

    That is the gold article that begins last before it, or the file's first one.
    Without it a false article would count for no group.

    Args:
        matched: From `match_articles`.
        names: Gold columns to fill.
    """
    owner = pl.when("is_gold").then("place")
    owners = matched.with_row_index("place").select(
        pl.coalesce(
            owner.forward_fill().over("file"), owner.backward_fill().over("file")
        )
    )
    return matched.with_columns(
        matched[name].gather(owners.to_series()) for name in names
    )


def _window_diff(gold: list[int], predicted: list[int], length: int) -> float:
    width = max(1, round(length / (2 * max(1, len(gold)))))
    if length <= width:
        return 0.0
    counts = []
    for starts in (np.array(gold, dtype=int), np.array(predicted, dtype=int)):
        marks = np.zeros(length + 1, dtype=np.int32)
        marks[starts[starts < length] + 1] = 1
        total = np.cumsum(marks)
        counts.append(total[width:] - total[:-width])
    return float(np.mean(counts[0] != counts[1]))


def measure_window_diff(
    matched: pl.DataFrame, char_counts: pl.DataFrame
) -> pl.DataFrame:
    """WindowDiff per file: 0 is perfect; windows are half a mean gold article long.

    Args:
        matched: From `match_articles`.
        char_counts: One row per file: file, char_count.
    """
    starts = matched.group_by("file", maintain_order=True).agg(
        pl.col("char_start").filter("is_gold").alias("gold"),
        pl.col("char_start").filter("is_predicted").alias("predicted"),
    )
    sized = starts.join(char_counts, on="file", maintain_order="left")
    asked = sized.select("gold", "predicted", "char_count").iter_rows()
    diffs = [_window_diff(*row) for row in asked]
    return sized.select("file", window_diff=pl.Series(diffs, dtype=pl.Float64))


def plain(text: pl.Expr) -> pl.Expr:
    """Text without case, outer signs, and differences of quotes, dashes and blanks."""
    return (
        text.cast(pl.String)
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[“”„«»\"‘’‚`´']", "")
        .str.replace_all(r"[‐‑‒–—―_-]+", "-")
        .str.replace_all(r"[\s\u00a0]+", " ")
        .str.strip_chars(" .,:;-*•")
    )


def fields_of(matched: pl.DataFrame) -> list[str]:
    """Fields that both sides tell."""
    return [
        name
        for name in FIELDS
        if name in matched.columns and f"predicted_{name}" in matched.columns
    ]


def score_fields(matched: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Share of found articles whose fields agree, of those where gold has the field.

    Returns:
        One row per group and field that both sides have: field, gold_count,
        correct_count, accuracy. An empty prediction where gold has a value is wrong; a
        value where gold has none is not asked.
    """
    found = matched.filter("is_found")
    nothing = {
        "field": pl.String(),
        **matched.select(by).schema,
        "agrees": pl.Boolean(),
    }
    asked = [
        found.filter(pl.col(name).is_not_null()).select(
            pl.lit(name).alias("field"),
            *by,
            plain(pl.col(name))
            .eq_missing(plain(pl.col(f"predicted_{name}")))
            .alias("agrees"),
        )
        for name in fields_of(matched)
    ]
    return (
        pl.concat([pl.DataFrame(schema=nothing), *asked])
        .group_by("field", *by)
        .agg(
            gold_count=pl.len().cast(pl.Int64),
            correct_count=pl.col("agrees").sum().cast(pl.Int64),
            accuracy=pl.col("agrees").mean(),
        )
        .sort("field", *by)
    )


def score_dates(matched: pl.DataFrame) -> pl.DataFrame:
    """How near dates are to those of gold, and whether their bounds hold them.

    Args:
        matched: From `match_articles`, with `date` and, predicted, `date`,
            `published_from`, `published_to`, and `is_date_stated`.

    Returns:
        One row for stated dates, one for inferred ones: is_stated, gold_count (found
        articles of which gold has the date), dated_count, right_count (the same day),
        within_7_days_count, month_early_count, bounded_count, and bounds_true_count.
    """
    day = pl.col("date").cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    late = (pl.col("predicted_date").str.to_date() - day).dt.total_days()
    low, high = pl.col("predicted_published_from"), pl.col("predicted_published_to")
    return (
        matched.filter(pl.col("is_found") & day.is_not_null())
        .group_by(is_stated="predicted_is_date_stated")
        .agg(
            gold_count=pl.len(),
            dated_count=late.count(),
            right_count=(late == 0).sum(),
            within_7_days_count=(late.abs() <= NEAR_DAYS).sum(),
            month_early_count=(late < -MONTH_DAYS).sum(),
            bounded_count=low.count(),
            bounds_true_count=day.is_between(low, high).sum(),
        )
        .sort("is_stated", descending=True)
    )


def score_labels(matched: pl.DataFrame) -> pl.DataFrame:
    """Per label: precision, recall, F1 over found articles with a gold label.

    The mean of column `f1` is the macro-F1.

    Args:
        matched: From `match_articles`, with `label` and `predicted_category`.
    """
    found = matched.filter(pl.col("is_found") & pl.col("label").is_not_null())
    is_hit = pl.col("label") == pl.col("predicted_category")
    ours = found.group_by(label="predicted_category").agg(ours=pl.len())
    hits, gold, predicted = pl.col("hits"), pl.col("gold_count"), pl.col("ours")
    return (
        found.group_by("label")
        .agg(gold_count=pl.len().cast(pl.Int64), hits=is_hit.sum())
        .join(ours, on="label", how="left")
        .with_columns(predicted.fill_null(0))
        .select(
            "label",
            "gold_count",
            precision=(hits / predicted).fill_nan(0.0),
            recall=hits / gold,
            f1=_f1(hits, gold, predicted),
        )
        .sort("label")
    )


def score_groups(
    matched: pl.DataFrame, windows: pl.DataFrame, name: str
) -> pl.DataFrame:
    """All figures of each group of articles.

    Args:
        matched: From `match_articles`, the column filled by `blame_false_articles`.
        windows: From `measure_window_diff`.
        name: Column to group by; articles without a value count for no group.

    Returns:
        One row per group: the column, the figures of `score_boundaries`, window_diff
        (mean over the files that are of this group alone; null where there is none),
        and per field of `FIELDS` its accuracy, null where gold has none.
    """
    grouped = matched.filter(pl.col(name).is_not_null())
    whole = (
        grouped.select(pl.col("file").alias("of_file"), name)
        .unique()
        .filter(pl.len().over("of_file") == 1)
        .join(windows, left_on="of_file", right_on="file")
        .group_by(name)
        .agg(pl.col("window_diff").mean())
    )
    fields = (
        score_fields(grouped, [name])
        .filter(pl.col("field") != name)
        .pivot("field", index=name, values="accuracy")
    )
    return (
        score_boundaries(grouped, [name])
        .join(whole, on=name, how="left")
        .join(fields, on=name, how="left")
        .sort(name)
    )
