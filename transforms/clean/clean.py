"""Titles and bodies fit to read, each character still traceable to its file.

A cleaned text is made of pieces of the batch's buffer with nothing, one space, or one
blank line between them, so where each character came from is known without a search.
What was left out of a body on purpose is kept as a list of cuts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.clean.assemble import PARAGRAPH_GLUE, AssembledTexts, assemble
from transforms.clean.body_edges import trim_edges
from transforms.clean.lead_titles import add_leads, has_sentence
from transforms.clean.line_roles import refine_roles
from transforms.clean.line_shape_kernels import Flags, LineShapes, describe_shapes
from transforms.clean.mojibake import repair_texts
from transforms.clean.ranked_lines import is_filled_line
from transforms.clean.title_edges import trim_titles
from transforms.contracts import (
    CLEAN_ARTICLES,
    HELD_SPANS,
    SPLIT_ARTICLES,
    SPLIT_LINES,
    LineRole,
    ReasonCode,
    TitleBasis,
    check,
)
from transforms.text.buffers import Offsets, TextBuffer
from transforms.text.compiled_patterns import contains
from transforms.text.locate import locate

__all__ = ["ARTICLE_MAX_BYTES", "CleanResult", "clean", "locate"]

ARTICLE_MAX_BYTES: Final = 8_000_000
WRAP_MAX_CHARS: Final = 110
WRAP_MIN_PAIRS: Final = 3
WRAP_MIN_OPEN_RATIO: Final = 0.4
FULL_LINE_RATIO: Final = 0.55
FULL_SENTENCE_RATIO: Final = 0.8
_NO_ARTICLE: Final = -1
_NUMBERED: Final = (
    "line_row",
    "article_row",
    "document_row",
    "byte_start",
    "byte_end",
    "char_start",
    "char_end",
    "text",
    "role",
)

# Words that end no sentence: a body that ends with one, or a comma, was cut.
_OPEN_WORDS: Final = (
    "the a an of and or to in for with that by at from as is was were are be been has "
    "have had but which who whose their its his her will would could can may not than "
    "und der die das et de du des la le les el los и в на с по не что"
)
TRUNCATED_END: Final = (
    r"(?:…|\.{3})[\])]?\s*$|"
    rf"[^\n]{{30}}(?:\p{{Ll}},|\s(?:{_OPEN_WORDS.replace(' ', '|')}))\s*$"
)
_LETTER_OR_DIGIT: Final = r"[\p{L}\p{N}]"
TRUNCATED_TAIL_CHARS: Final = 50
SAYS_MORE: Final = (
    r"(?i)^\W*(?:continue|keep) reading|^\W*more (?:follows|to come)\W*$|^\W+more\W+$"
)


@dataclass(frozen=True)
class CleanResult:
    """What the clean stage gives.

    Attributes:
        articles: CLEAN_ARTICLES, one row per article that has a title and a body.
        lines: SPLIT_LINES with final roles, and `kind` of header and trailer lines.
        rejects: HELD_SPANS, one row per article set aside.
    """

    articles: pl.DataFrame
    lines: pl.DataFrame
    rejects: pl.DataFrame


def clean(
    buffer: TextBuffer,
    lines: pl.DataFrame,
    articles: pl.DataFrame,
    title_basis: TitleBasis = TitleBasis.LINE,
) -> CleanResult:
    """Clean title and body of each article; see `CleanResult`.

    Args:
        buffer: The batch's text.
        lines: SPLIT_LINES.
        articles: SPLIT_ARTICLES in order of `article_row`.
        title_basis: What a title line is; of records it is a field.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(lines, SPLIT_LINES, stage="clean", contract="SPLIT_LINES")
    check(articles, SPLIT_ARTICLES, stage="clean", contract="SPLIT_ARTICLES")
    is_small = articles["byte_end"] - articles["byte_start"] <= ARTICLE_MAX_BYTES
    kept = articles.filter(is_small)
    has_fields = title_basis == TitleBasis.FIELD
    roles = refine_roles(buffer.data, lines, has_fields=has_fields)
    numbered = _number_units(roles, kept)
    role = numbered["role"]
    title_lines = numbered.filter(role == LineRole.TITLE)
    body_lines = numbered.filter((role == LineRole.BODY) | (role == LineRole.SUBHEAD))
    shapes = describe_shapes(
        buffer.data,
        body_lines["byte_start"].to_numpy(),
        body_lines["byte_end"].to_numpy(),
    )
    trimmed, edge_cuts = trim_edges(body_lines, shapes)
    trimmed_titles = trim_titles(title_lines).with_columns(glue=pl.lit(1, pl.Int64))
    titles = assemble(buffer.data, trimmed_titles, len(kept))
    bodies = assemble(
        buffer.data,
        trimmed.with_columns(glue=pl.Series(_glue_lines(body_lines, shapes))),
        len(kept),
    )
    cleaned = _describe(kept, repair_texts(titles), repair_texts(bodies))
    labelled = trimmed_titles["unit"].filter(trimmed_titles["is_field"])
    bases = pl.Series("title_basis", [title_basis.value]).new_from_index(0, len(kept))
    cleaned = cleaned.with_columns(bases.scatter(labelled, TitleBasis.FIELD.value))
    cleaned = _title_from_leads(cleaned, has_fields=has_fields)
    cleaned = _attach_cuts(cleaned, roles, edge_cuts)
    return _set_aside(cleaned, articles.filter(~is_small), roles)


def _number_units(lines: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Filled lines of the kept articles with `unit`, the row of their article."""
    own = lines.select(_NUMBERED).filter(is_filled_line(lines))
    rows = own["article_row"].to_numpy()
    known = kept["article_row"].to_numpy()
    units = np.searchsorted(known, rows)
    is_kept = np.append(known, _NO_ARTICLE)[units] == rows
    numbered = own.with_columns(unit=pl.Series(units))
    return numbered if is_kept.all() else numbered.filter(pl.Series(is_kept))


def _glue_lines(body_lines: pl.DataFrame, shapes: LineShapes) -> Offsets:
    """Say how each body line follows the one before it.

    Returns:
        Per line 0 nothing (a word broken at its hyphen), 1 a space (a hard-wrapped
        line), 2 a blank line.
    """
    glues = np.full(len(body_lines), PARAGRAPH_GLUE, dtype=np.int64)
    line_rows = body_lines["line_row"].to_numpy()
    article_rows = body_lines["article_row"].to_numpy()
    is_body = (body_lines["role"] == LineRole.BODY).to_numpy()
    is_adjacent = (
        (line_rows[1:] - line_rows[:-1] == 1)
        & (article_rows[1:] == article_rows[:-1])
        & is_body[1:]
        & is_body[:-1]
    )
    behind = np.flatnonzero(is_adjacent) + 1
    if not len(behind):
        return glues
    before = behind - 1
    chars = (body_lines["char_end"] - body_lines["char_start"]).to_numpy()[before]
    closes = shapes.closes[before]
    own, count = _wrap_width(article_rows[behind], chars, closes)
    document, _ = _wrap_width(
        body_lines["document_row"].to_numpy()[behind], chars, closes
    )
    width = np.where(count >= WRAP_MIN_PAIRS, own, document)
    indent = shapes.starts - body_lines["byte_start"].to_numpy()
    is_new = (
        (indent[behind] > indent[before] + 1)
        | shapes.is_bulleted[behind]
        | (chars < FULL_LINE_RATIO * width)
        | (closes & (chars < FULL_SENTENCE_RATIO * width))
    )
    is_joined = (width > 0) & ~is_new
    breaks_word = shapes.is_broken[before] & shapes.opens_low[behind]
    glues[behind[is_joined]] = 1
    glues[behind[is_joined & breaks_word]] = 0
    return glues


def _wrap_width(
    groups: Offsets, chars: Offsets, closes: Flags
) -> tuple[Offsets, Offsets]:
    """Longest line of each line's group, 0 when it is not hard-wrapped, and its lines.

    Args:
        groups: Ascending number per line.
        chars: Characters of each line.
        closes: Whether it ends like a sentence.
    """
    firsts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    counts = np.diff(np.append(firsts, len(groups)))
    widest = np.maximum.reduceat(chars, firsts)
    open_ratio = np.add.reduceat(~closes, firsts, dtype=np.int64) / counts
    is_wrapped = (widest <= WRAP_MAX_CHARS) & (open_ratio >= WRAP_MIN_OPEN_RATIO)
    widths = np.where(is_wrapped, widest, 0)
    return np.repeat(widths, counts), np.repeat(counts, counts)


def _describe(
    articles: pl.DataFrame, titles: AssembledTexts, bodies: AssembledTexts
) -> pl.DataFrame:
    return articles.with_columns(
        titles.texts.alias("title"),
        bodies.texts.alias("body"),
        titles.runs.alias("title_runs"),
        bodies.runs.alias("body_runs"),
        titles.repairs.alias("title_repairs"),
        bodies.repairs.alias("body_repairs"),
        pl.Series("paragraph_count", bodies.break_counts + 1, dtype=pl.UInt32),
        pl.Series(
            "word_count", bodies.space_counts + bodies.break_counts + 1, dtype=pl.UInt32
        ),
    )


def _title_from_leads(cleaned: pl.DataFrame, *, has_fields: bool) -> pl.DataFrame:
    """Give those without a title their lead; of lines without a sentence none is."""
    is_untitled = ~contains(cleaned["title"], _LETTER_OR_DIGIT)
    if not is_untitled.any():
        return cleaned
    rows = is_untitled.arg_true()
    bodies = cleaned["body"].gather(rows)
    is_text = contains(bodies, _LETTER_OR_DIGIT) if has_fields else has_sentence(bodies)
    rows = rows.filter(is_text)
    led = add_leads(cleaned[rows]).with_columns(title_basis=pl.lit(TitleBasis.LEAD))
    changed = ("article_row", "title", "title_runs", "title_basis")
    return cleaned.update(led.select(changed), on="article_row")


def _attach_cuts(
    cleaned: pl.DataFrame, lines: pl.DataFrame, edge_cuts: pl.DataFrame
) -> pl.DataFrame:
    """Add `cuts`, in order of place, and `is_truncated`."""
    header_cuts, continued = _line_cuts(lines)
    cuts = pl.concat([header_cuts, edge_cuts, *_repair_cuts(cleaned)])
    cuts = cuts.sort("article_row", "char_start")
    is_tail = cuts["reason_code"] == "continue_tail"
    continued = pl.concat([continued, cuts["article_row"].filter(is_tail)])
    by_article = cuts.group_by("article_row", maintain_order=True).agg(
        cuts=pl.struct(pl.col("char_start", "char_end").cast(pl.UInt32), "reason_code")
    )
    return cleaned.join(
        by_article, on="article_row", how="left", maintain_order="left"
    ).with_columns(
        pl.col("cuts").fill_null([]).cast(CLEAN_ARTICLES["cuts"]),
        is_truncated=cleaned["article_row"].is_in(continued.implode())
        | contains(cleaned["body"].str.tail(TRUNCATED_TAIL_CHARS), TRUNCATED_END),
    )


def _line_cuts(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Header and trailer lines, those of one kind that follow each other as one cut.

    Returns:
        The cuts, and the articles in which one says that there is more to read.
    """
    places, cut_lines = _header_lines(lines)
    is_same = np.diff(places) == 1
    for name in ("article_row", "role", "kind"):
        values = cut_lines[name]
        is_same &= values[1:].eq_missing(values[:-1]).to_numpy()
    firsts = np.append(True, ~is_same)[: len(places)]
    lasts = np.append(~is_same, True)[: len(places)]
    blocks = cut_lines.filter(pl.Series(firsts))
    says_more = contains(blocks["text"], SAYS_MORE)
    is_byline = (blocks["kind"] == "byline").fill_null(value=False)
    cuts = [
        blocks["article_row"],
        blocks["char_start"],
        cut_lines["char_end"].filter(pl.Series(lasts)),
        blocks["role"].set(is_byline, "byline").alias("reason_code"),
    ]
    return pl.DataFrame(cuts), blocks["article_row"].filter(says_more)


def _header_lines(lines: pl.DataFrame) -> tuple[Offsets, pl.DataFrame]:
    """Header and trailer lines, and the place of each among the filled lines."""
    role = lines["role"]
    is_cut = (role == LineRole.HEADER) | (role == LineRole.TRAILER)
    is_filled = is_filled_line(lines)
    places = np.cumsum(is_filled.to_numpy())
    is_cut &= is_filled
    return places[is_cut.to_numpy()], lines.filter(is_cut)


def _repair_cuts(cleaned: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        cleaned.select("article_row", span=column)
        .explode("span", empty_as_null=False)
        .unnest("span")
        .select(
            "article_row",
            pl.col("char_start", "char_end").cast(pl.Int64),
            pl.lit("repaired").alias("reason_code"),
        )
        for column in ("title_repairs", "body_repairs")
        if cleaned[column].list.len().sum()
    ]


def _set_aside(
    cleaned: pl.DataFrame, too_large: pl.DataFrame, lines: pl.DataFrame
) -> CleanResult:
    is_good = contains(cleaned["title"], _LETTER_OR_DIGIT) & contains(
        cleaned["body"], _LETTER_OR_DIGIT
    )
    articles = cleaned.select(list(CLEAN_ARTICLES))
    if is_good.all() and too_large.is_empty():
        return CleanResult(articles, lines, pl.DataFrame(schema=HELD_SPANS))
    return CleanResult(
        articles.filter(is_good),
        lines,
        _frame_rejects(cleaned.filter(~is_good), too_large),
    )


def _frame_rejects(incomplete: pl.DataFrame, too_large: pl.DataFrame) -> pl.DataFrame:
    """Articles without a title or a body, and those too large, with the reason."""
    has_title = contains(incomplete["title"], _LETTER_OR_DIGIT)
    held = pl.concat(
        [
            incomplete.with_columns(
                reason_code=pl.when(has_title)
                .then(pl.lit(ReasonCode.NO_BODY))
                .otherwise(pl.lit(ReasonCode.NO_TITLE)),
                detail=pl.col("title").str.slice(0, 80),
            ),
            too_large.with_columns(
                reason_code=pl.lit(ReasonCode.ARTICLE_TOO_LARGE),
                detail=pl.format(
                    "{} bytes, expected at most {}",
                    pl.col("byte_end") - pl.col("byte_start"),
                    pl.lit(ARTICLE_MAX_BYTES),
                ),
            ),
        ],
        how="diagonal",
    )
    return held.sort("document_row", "char_start").select(
        pl.col(name).cast(dtype) for name, dtype in HELD_SPANS.items()
    )
