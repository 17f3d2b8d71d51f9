"""Lines of an article that state its day: date fields, date lines, and mastheads.

A line states the day of publication when little else stands in it, or when a label says
so. What labels there are, and the names of weekdays, is in the list `date_words`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from transforms.contracts import DateBasis, LineRole
from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.extract_metadata.dates.mentions import (
    NO_DAY,
    buffer_texts,
    read_mentions,
    year_of,
)
from transforms.extract_metadata.dates.month_order import Scan
from transforms.extract_metadata.edge_lines import EXPORT_KINDS
from transforms.reference import read_reference
from transforms.text.buffers import Offsets
from transforms.text.char_index import gather_texts
from transforms.text.compiled_patterns import (
    contains,
    extract,
    on_own_thread,
    replace_all,
)

STATING_MAX_BYTES: Final = 200
PROSE_MIN_BYTES: Final = 160
PROSE_MIN_WORDS: Final = 10
FIRST_LINES: Final = 8
LAST_LINES: Final = 5
LEAD_DAY_CHARS: Final = 120
MAX_WORDS: Final = 9  # before the day, and behind it
MAX_LOW_WORDS: Final = 3

_HAS_DIGIT: Final = r"[0-9۰-۹٠-٩]"
_LOW_WORD: Final = r"(?:^|[\s\"“„«(\[-])\p{Ll}[\p{Ll}\p{M}'’-]+"
_WORD: Final = r"[\p{L}\p{M}]{2,}"
# Digits of other scripts, blanks of other widths, and letters that look the same.
_SIGNS: Final = (
    {chr(0x6F0 + n): str(n) for n in range(10)}
    | {chr(0x660 + n): str(n) for n in range(10)}
    | dict.fromkeys("\u00a0\u202f\u2009\u2007\u3000\t", " ")
    | dict.fromkeys("\u200e\u200f\u200b\u00ad\ufeff", "")
    | {"ي": "ی", "ك": "ک", "–": "-", "‐": "-", "−": "-", "—": "-"}
)
# Small words that names and mastheads hold in lower case.
_SMALL_WORDS: Final = (
    r"\b(?:of|the|and|for|de|la|le|les|du|des|da|do|di|del|della|el|et|y|e|en|van|von|"
    r"der|die|das|den|und|vom|am|op|dd|nr|no|pg|p|ed|i|z|w|и|на|от|за|the)\b"
)
# These lead into a sentence, or say until or since when.
_LEADS: Final = (
    r"(?i)^\W*(?:on|in|by|since|until|till|before|after|between|as of|during|through|"
    r"from|около|до|после|seit|bis|depuis|avant|après|desde|hasta|sinds|tot)\W*$"
)
_OPENS_SENTENCE: Final = r"(?i)^\W*(?:am|im|le|el|em|no|na|в|с|op|il|dal|w|z|у)\W*$"
_UNKNOWN_LABEL: Final = r"^\W*\p{L}[\p{L}\p{M}\s.'’/-]{0,40}\s?[:：=]"
_NOT_PUBLISHED: Final = (
    r"(?i)copyright|©|\(c\)|℗|\b(?:down)?load|\bprint(?:ed|opdracht)|retriev|access|"
    r"expir|deadline|\bborn\b|\bdied\b|\bsource:"
)
_IN_BRACKETS: Final = r"[(\[]([^()\[\]]{4,80})[)\]]\W*$"
_RUNS_ON: Final = r"[-:]\s*(?:[\p{L}'’]+\s+){3}"  # a dateline, with its story
_PAGE: Final = r"(?i)[,;]\s*(?:pp?|pgs?|pages?|s|seite|blz|pagina|стр|с)\.?\s*\d"
_TITLE_LEAD: Final = r"[,;(\[\"”»|·•–—-]\s*$|(?i:\b(?:vom|am|du|от|dated)\s*$)"
# Between the day of a dateline and its story: `. / Agency /.`, ` (Agency) -`, ` --`.
_LEAD_END: Final = (
    r"^([\p{L}\d][\p{L}\d\s.,/:]{3,24}?)(?:[)\]]?\s*-+\s|[.,]?\s*/|\s?\()"
)
_NO_CANDIDATE: Final = ("copyright", "rights", "credit", "document_id", "counter")
_CODE: Final = r"^PD\s"


class Stated(NamedTuple):
    """What articles state of their day.

    Attributes:
        days: Per article, `NO_DAY` where it states none.
        bases: Per article `record` or `header`, null where it states none.
    """

    days: Offsets
    bases: pl.Series


@cache
def _words(kind: str) -> str:
    """Words of a kind as one pattern, the longest first."""
    rows = read_reference("date_words").filter(pl.col("kind") == kind)["words"]
    words = {word for row in rows for word in row.split("; ")}
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def tidy_dates(texts: pl.Series) -> pl.Series:
    """Texts whose dates are written as the scan reads them.

    Example:
        >>> tidy_dates(
        ...     pl.Series(["2022-yil 6-yanvar", "2018 年 10 月 7 日", "۱۶ دی ۱۴۰۰"])
        ... ).to_list()
        ['6 yanvar 2022', '2018-10-7', '16 دی 1400']
    """
    texts = texts.str.replace_many(list(_SIGNS), list(_SIGNS.values()))
    year_words = _words("year_word")
    for pattern, value in (
        (r"\b(\d{4})\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]?", "$1-$2-$3"),
        (
            rf"(?i)\b(\d{{4}})[\s-]?(?:{year_words})\b,?\s+(\d\d?)[\s.-]*(\p{{L}}+)",
            "$2 $3 $1",
        ),
        (rf"(?i)\b(\p{{L}}+)\s+(?:{year_words})\s+(\d{{4}})\b", "$1 $2"),
        (r"\b(\d\d?)(?:-?го|-?е|er|º|°|ª)\s+(\p{L})", "$1 $2"),
        (r"(?i)\b([0-2]\d)([0-5]\d)\s?(GMT|UTC|hrs|h\b)", "$1:$2 $3"),
    ):
        texts = replace_all(texts, pattern, value)
    return texts


class DateLines(NamedTuple):
    """Lines that may state the day of their article.

    Attributes:
        lines: `article_row`, `role`, `kind`, `is_export`, `is_open` (no prose stands
            between the line and the article's edge), `text` as it is scanned.
        scan: The dates in them.
        exports: Articles around which a database put its own fields.
    """

    lines: pl.DataFrame
    scan: Scan
    exports: pl.Series


@on_own_thread("date lines")
def find_date_lines(articles: pl.DataFrame, lines: pl.DataFrame) -> DateLines:
    """Lines at the edges of articles in which a day may stand.

    Args:
        articles: `article_row`, ascending, and `document_row`.
        lines: The lines that `clean` gave, with `role` and `kind`.
    """
    is_own = lines["article_row"].is_in(articles["article_row"].implode())
    own = lines.select("article_row", "role", "kind", "text").filter(
        is_own & (lines["role"] != LineRole.BLANK)
    )
    rows = own["article_row"].to_numpy()
    is_new = np.append(True, rows[1:] != rows[:-1])[: len(rows)]
    firsts = np.flatnonzero(is_new)
    counts = np.diff(np.append(firsts, len(rows)))
    places = np.arange(len(rows)) - np.repeat(firsts, counts)
    behind = np.repeat(counts, counts) - places
    is_body = own["role"].is_in([LineRole.BODY, LineRole.SUBHEAD]).to_numpy()
    is_edge = ~is_body | (places < FIRST_LINES) | (behind <= LAST_LINES)
    is_late = pl.Series((behind <= LAST_LINES) & (places >= FIRST_LINES))
    edges = own.with_columns(is_late=is_late).filter(pl.Series(is_edge))
    is_open = _is_open(edges)
    exports = edges["article_row"].filter(edges["kind"].is_in(EXPORT_KINDS)).unique()
    likely = (
        is_open
        & (edges["text"].str.len_bytes() <= STATING_MAX_BYTES)
        & contains(edges["text"], _HAS_DIGIT)
        & ~edges["kind"].fill_null("").is_in(_NO_CANDIDATE)
    )
    candidates = edges.filter(likely).with_columns(
        is_export=edges["article_row"].filter(likely).is_in(exports.implode()),
    )
    is_title = candidates["role"] == LineRole.TITLE
    brackets = extract(candidates["text"], _IN_BRACKETS)
    is_tail = is_title & brackets.is_not_null()
    texts = tidy_dates(brackets.zip_with(is_tail, candidates["text"]).str.strip_chars())
    candidates = candidates.with_columns(text=texts, is_title=is_title & ~is_tail)
    buffer = buffer_texts(texts)
    places = np.searchsorted(articles["article_row"], candidates["article_row"])
    documents = articles["document_row"].to_numpy().astype(np.int64)[places]
    scan = Scan(buffer, find_dates(buffer), documents)
    return DateLines(candidates, scan, exports)


def _is_open(edges: pl.DataFrame) -> pl.Series:
    """Whether a line is no body line, or no prose parts it from its article's edge."""
    is_body = edges["role"].is_in([LineRole.BODY, LineRole.SUBHEAD])
    sizes = edges["text"].str.len_bytes()
    is_long = sizes > PROSE_MIN_BYTES
    is_short_body = is_body & ~is_long
    low_words = edges["text"].set(~is_short_body, None).str.count_matches(_LOW_WORD)
    is_prose = is_body & (is_long | (low_words.fill_null(0) >= PROSE_MIN_WORDS))
    framed = pl.DataFrame([edges["article_row"], is_prose.alias("is_prose")])
    before = framed.select(
        pl.col("is_prose").cum_sum().over("article_row"),
    ).to_series()
    after = framed.select(
        pl.col("is_prose").cum_sum(reverse=True).over("article_row")
    ).to_series()
    return ~is_body | (before == 0) | (after == 0)


@on_own_thread("stated days")
def read_stated(
    articles: pl.DataFrame, found: DateLines, orders: Offsets, newest_day: int
) -> Stated:
    """The day that each article states, and what kind of line states it.

    A line labelled as that of publication comes first, then one without a label, then
    that of a later change.

    Args:
        articles: `article_row`, ascending.
        found: Their lines.
        orders: Of documents, as `find_orders` gives them.
        newest_day: No day lies after it.
    """
    mentions = read_mentions(
        found.scan.texts,
        orders[found.scan.documents],
        found.scan.found,
        year_of(newest_day),
    )
    is_day = (mentions.full != NO_DAY) & (mentions.full <= newest_day)
    mentions = mentions.where(is_day).firsts()
    lines = found.lines[mentions.rows] if len(mentions.rows) else found.lines.clear()
    starts = found.scan.texts.document_starts
    before, after = (
        gather_texts(found.scan.texts.data, first, last)
        for first, last in (
            (starts[mentions.rows], starts[mentions.rows] + mentions.at),
            (starts[mentions.rows] + mentions.at, starts[mentions.rows + 1]),
        )
    )
    ranks = _rank_lines(lines, before, after)
    chosen = (
        pl.DataFrame(
            {
                "article_row": lines["article_row"],
                "rank": ranks,
                "day": mentions.full,
                "is_record": lines["is_export"] | (lines["kind"] == "code"),
            }
        )
        .drop_nulls("rank")
        .sort("article_row", "rank", maintain_order=True)
        .unique("article_row", keep="first", maintain_order=True)
    )
    stated = articles.select("article_row").join(
        chosen, on="article_row", how="left", maintain_order="left"
    )
    bases = stated.select(
        pl.when("is_record")
        .then(pl.lit(DateBasis.RECORD.value))
        .when(pl.col("day").is_not_null())
        .then(pl.lit(DateBasis.HEADER.value))
    ).to_series()
    return Stated(stated["day"].fill_null(NO_DAY).to_numpy(), bases)


@on_own_thread("lead days")
def read_lead_days(bodies: pl.Series, newest_day: int) -> Offsets:
    """Day of the dateline with which each body begins, NO_DAY where it has none.

    Example:
        >>> leads = pl.Series(["Bishkek, Feb. 23, 2018. / Example /. The council met."])
        >>> read_lead_days(leads, 20_000).astype("datetime64[D]").tolist()
        [datetime.date(2018, 2, 23)]
    """
    heads = tidy_dates(bodies.str.slice(0, LEAD_DAY_CHARS))
    texts = buffer_texts(heads)
    orders = np.full(len(heads), -1)
    mentions = read_mentions(texts, orders, newest_year=year_of(newest_day))
    is_day = (mentions.full != NO_DAY) & (mentions.full <= newest_day)
    mentions = mentions.where(is_day).firsts()
    starts = texts.document_starts
    places = starts[mentions.rows] + mentions.at
    before = gather_texts(texts.data, starts[mentions.rows], places)
    after = gather_texts(texts.data, places, starts[mentions.rows + 1])
    is_lead = (
        contains(before, r"^(?:[\s\W]*\p{Lu}|\W*$)")
        & (before.str.count_matches(_LOW_WORD) == 0)
        & (before.str.count_matches(_WORD) <= MAX_WORDS)
        & (extract(after, _LEAD_END).str.count_matches(_LOW_WORD).fill_null(9) <= 1)
    ).to_numpy()
    days = np.full(len(bodies), NO_DAY)
    days[mentions.rows[is_lead]] = mentions.full[is_lead]
    return days


def _rank_lines(lines: pl.DataFrame, before: pl.Series, after: pl.Series) -> pl.Series:
    """1 for a label of publication, 2 for none, 3 for one of change; null: no date."""
    weekday = rf"(?:(?i:{_words('weekday')})\b\.?)"
    bare = replace_all(before, rf"\b{weekday}")
    is_other = contains(before, _NOT_PUBLISHED)
    labels = {
        kind: contains(bare, rf"(?i)^\W*(?:{_words(kind)})\s?[:：=]")
        | ~is_other
        & contains(bare, rf"(?i)(?:^|[,;|(\[·•»>.\s])(?:{_words(kind)})\W*$")
        for kind in ("published", "updated")
    }
    is_code = (lines["kind"] == "code").fill_null(value=False)
    is_published = labels["published"] & ~is_code | contains(before, _CODE)
    is_late_change = lines["is_export"] | lines["is_late"]
    return pl.select(
        pl.when(is_published)
        .then(1)
        .when(labels["updated"] & ~is_late_change)
        .then(3)
        .when(_is_bare(lines, bare, after) & ~labels["updated"] & ~is_code)
        .then(2)
    ).to_series()


def _is_bare(lines: pl.DataFrame, before: pl.Series, after: pl.Series) -> pl.Series:
    """Whether little stands around the day, and no label that means another."""
    is_body = lines["role"].is_in([LineRole.BODY, LineRole.SUBHEAD, LineRole.TITLE])
    low_before = replace_all(before, f"(?i){_SMALL_WORDS}").str.count_matches(_LOW_WORD)
    words = after.str.count_matches(_WORD)
    low_after = after.str.count_matches(_LOW_WORD)
    is_named = (low_before == 0) | (
        (low_before < MAX_LOW_WORDS) & (~is_body | contains(after, _PAGE))
    )
    is_trailing_export = lines["is_export"] & (lines["role"] == LineRole.TRAILER)
    is_title = lines["is_title"] & ~lines["is_export"]
    return (
        is_named
        & (before.str.count_matches(_WORD) <= MAX_WORDS)
        & (words <= MAX_WORDS)
        & (low_after <= MAX_LOW_WORDS)
        & ~(is_body & contains(after, _RUNS_ON))
        & ~contains(before, _LEADS)
        & ~(contains(before, _OPENS_SENTENCE) & (words > 1))
        & ~contains(before, _UNKNOWN_LABEL)
        & ~contains(before, _NOT_PUBLISHED)
        & ~is_trailing_export
        & (
            ~is_title
            | contains(before, _TITLE_LEAD)
            | ((before == "") & (low_after == 0))
        )
    )
