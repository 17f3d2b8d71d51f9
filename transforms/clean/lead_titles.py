"""A title for a text that has none: how its first sentence begins."""

from typing import Final

import polars as pl

from transforms.contracts import CLEAN_ARTICLES
from transforms.text.compiled_patterns import contains, extract, on_own_thread, replace

LEAD_MAX_CHARS: Final = 120
# No first sentence that is of use is sought further down.
_HEAD_CHARS: Final = 1_000
_PLACE_AND_WIRE: Final = r"^([^!?()]{0,60}\([^()]{2,30}\)\s*[-–—]+\s*)\S"
# A full stop after a capital and a small letter is one of an abbreviation: `Mr. Smith`.
_SENTENCE: Final = (
    r"^(.*?(?:(?:(?:\s|^)\p{Ll}[\p{L}\p{M}’'-]+|[\p{L}\p{M}]{4}|[\p{N})\]%”\"’»])[.…]|"
    r"[!?])[\"'”’»)\]]*)\s+[\"'“„«(]?[\p{Lu}\p{Lo}]|^([^。！？]*[。！？])"
)
_CUT: Final = rf"^(.{{0,{LEAD_MAX_CHARS - 1}}}\S)\s"
_LOOSE_END: Final = r"[\s.,;:。–—-]+$"
_SENTENCE_LINE: Final = r"(?m)[^\n]{39}[.!?…。！？؟۔।][\"'”’»)\]]*\s*$"


@on_own_thread("leads")
def add_leads(articles: pl.DataFrame) -> pl.DataFrame:
    """Give articles the beginning of their body as title.

    The words stay in the body as well: what the title is made of is no text of its own.

    Args:
        articles: `body` and `body_runs` as CLEAN_ARTICLES has them.

    Returns:
        The same rows with `title` (the first sentence without the place and wire that
        it may begin with, shortened at a word, without its full stop) and `title_runs`.
    """
    heads = extract(articles["body"].str.slice(0, _HEAD_CHARS), r"^([^\n]*)")
    before = extract(heads, _PLACE_AND_WIRE).fill_null("")
    start = before.str.len_chars()
    leads = heads.to_frame("head").select(pl.col("head").str.slice(start))["head"]
    for pattern, group in ((_SENTENCE, 1), (_SENTENCE, 2)):
        found = extract(leads, pattern, group)
        leads = found.zip_with(found.is_not_null(), leads)
    is_long = leads.str.len_chars() > LEAD_MAX_CHARS
    cut = extract(leads, _CUT).fill_null(leads.str.slice(0, LEAD_MAX_CHARS))
    titles = replace(cut.zip_with(is_long, leads), _LOOSE_END)
    places = pl.DataFrame([start.alias("start"), titles.str.len_chars().alias("chars")])
    return articles.with_columns(
        titles.alias("title"),
        title_runs=_clip_runs(articles["body_runs"], places),
    )


def has_sentence(bodies: pl.Series) -> pl.Series:
    """Whether some line of each body ends like a sentence, and is as long as one."""
    return contains(bodies, _SENTENCE_LINE)


def _clip_runs(runs: pl.Series, places: pl.DataFrame) -> pl.Series:
    """Runs of a part of each text.

    Args:
        runs: Of the texts, OFFSET_RUN.
        places: `start` and `chars` of the part.
    """
    start, chars = (pl.col(name).cast(pl.Int64) for name in ("start", "chars"))
    first = pl.col("text_start").cast(pl.Int64)
    low = pl.max_horizontal(first, start)
    high = pl.min_horizontal(first + pl.col("length"), start + chars)
    clipped = (
        places.with_columns(run=runs)
        .with_row_index("unit")
        .explode("run", empty_as_null=False)
        .unnest("run")
        .filter(low < high)
        .select(
            "unit",
            run=pl.struct(
                text_start=(low - start).cast(pl.UInt32),
                char_start=(pl.col("char_start") + low - first).cast(pl.UInt32),
                length=(high - low).cast(pl.UInt32),
            ),
        )
        .group_by("unit", maintain_order=True)
        .agg("run")
    )
    units = pl.DataFrame({"unit": pl.int_range(len(runs), dtype=pl.UInt32, eager=True)})
    return units.join(clipped, on="unit", how="left", maintain_order="left")[
        "run"
    ].fill_null(pl.lit([], CLEAN_ARTICLES["title_runs"]))
