"""Publishers: which names an article gives, and the canonical name of each."""

from collections.abc import Collection
from functools import cache
from typing import Final

import polars as pl

from transforms.reference import read_reference
from transforms.text.compiled_patterns import (
    contains,
    extract,
    on_own_thread,
    replace,
    replace_all,
)

SOURCE_MAX_CHARS: Final = 120
SHARED_SOURCE_RATIO: Final = 0.9
SHARED_SOURCE_MIN_ARTICLES: Final = 8
SOURCES: Final = {
    "name": pl.String(),
    "kind": pl.String(),
    "aliases": pl.List(pl.String()),
}
_LABEL: Final = (
    r"(?i)^\W{0,3}(?:original |news |article |full )?(?:source|sources|origin|"
    r"original(?:ly)?(?: (?:article|story|text|published|source))?"
    r"(?: (?:by|in|on|at))?|via|courtesy(?: of)?|"
    r"(?:first|originally) (?:published|appeared)(?: (?:in|on|at|by))?|"
    r"published (?:by|in|on)|taken from|reprinted from|agency|link|url|publisher|"
    r"publication(?: title| info)?|paper|journal|(?:newspaper|source)(?: title)?|"
    r"outlet|источник|первоисточник|джерело|дереккөз|manba(?:si)?|манба|манбаъ|"
    r"манбаи хабар|булак|kaynak|mənbə|quelle|bron|fuente|fonte|źródło|zdroj|sursa|"
    r"forrás|källa|منبع|المصدر|来源|來源|"
    r"read (?:the )?(?:original|full (?:story|article)))\s?[:：]\s*(\S.*)$"
)
_HOLDER_START: Final = (
    r"(?i)^\W*(?:(?:copyright|copr\.?|©|\(c\)|&copy;|by|c\.|of|\(?(?:19|20)\d\d\)?"
    r"(?:\s?[-–,]\s?(?:(?:19|20)?\d\d))?|all rights reserved)[\s.,:;/]*)+"
)
_HOLDER_END: Final = (
    r"(?i)(?:(?:…|\.{3}).*|,?\s(?:inc|ltd|limited|llc|plc|gmbh|corp|corporation|s\.?a|pty|co)\b\.?.*|"
    r"\.?,?\s*(?:all rights|reprinted|reproduced|may not|used with|no part|not for|"
    r"a division of|an? .* company|and its|published by|distributed|provided by|"
    r"is the property|content\s|[(]c[)]|©|[-–—]\s(?:all|alle|tous)|tous droits|"
    r"alle rechte).*|"
    r"[.;]\s.*|,?\s(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?\W*|[\s.,;:|–-]+)$"
)
_DOMAIN: Final = (
    r"(?i)^<?(?:https?://)?(?:www\.|m\.|amp\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})"
    r"(?:[/?#:]\S*)?>?$"
)
_NAME_START: Final = r"^[\s\"'“”‘’(\[{<*•·:;,.–—-]+"
_NAME_END: Final = r"[\s\"'“”‘’\]}>*•·:;,.–—-]+$"
_NOT_A_NAME: Final = r"^[\W\d]*$"
# Of what a capital begins; classes of all letters make slow patterns.
_WORD: Final = r"\p{Lu}[^\s,|·•–—()]*"
_WEEKDAY: Final = (
    r"(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|"
    r"zondag|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_DAY: Final = (
    rf"(?:(?:{_WEEKDAY},?\s)?"
    r"(?:[^\s\d.,|]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|"
    r"\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\s\d.,|]{3,10}\.?,?\s(?:de\s)?\d{4})|"
    r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
)
# Between name and day: an issue's number, or how a monitor says when it found it.
_BEFORE_DAY: Final = r"(?:\s(?i:gefunden|nr|no|vom|van|du|am|of|den)\.?(?:\s\d+)?)*"
_DAY_BEHIND: Final = (
    rf"[\"”“»*_]*{_BEFORE_DAY}\s?(?:[,|·•(\[–—-]|\son)?\s*\[?{_DAY}"
    r"(?:[\s,|\]*_–-].*)?[)\s.]*$"
)
# `Example Post (London)`, `Example Post (Online)`, `Example Post; Rome`, `Post, The`.
_EDITION: Final = (
    r"(?i)\s?\([^()]*\)$|\s?;\s.*$|,\sthe$|"
    r",\s(?:\p{L}+\s)?edition\b.*$|,\s(?:no|nr)\.\s.*$"
)
_PLACE_BEHIND: Final = r"\s?;\s.*$|\s?\[\p{L}.*$|\.\s\d\d/\d\d/\d{4}.*$"
_DAY_BEFORE: Final = rf"^{_DAY}\s?[|·•]\s?({_WORD}(?:\s\S+){{0,6}})$"
_PUBLISHED_IN: Final = (
    r"(?i)^published\s.*\d{4},?\s(?:in|by|on)\s(?:the\s)?(?-i:(\p{Lu}.*))$"
)
_ORIGIN: Final = (
    r"(?i)^\W{0,3}(?:(?:this )?(?:article|story|report|piece|text|item)?\s?"
    r"(?:was |has )?(?:been )?(?:(?:originally|first) )?(?:published|appeared|posted|"
    r"released|issued) (?:in|on|at|by)|courtesy of|reprinted (?:from|by)|via|"
    r"taken from|from)\s(.*?)(?:\s(?:on|in|at)\s.*)?$"
)
_DAY_NAMES: Final = (
    r"(?i)^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|last|updated|posted|published|"
    r"date|page|by|on|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|"
    r"mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|"
    r"vrijdag|zaterdag|zondag)(?-u:\b)"
)


def alias_key(names: pl.Series) -> pl.Series:
    """Names reduced to lower-case letters and digits, without a leading article."""
    bare = replace(names.str.to_lowercase(), r"^\s*the\s+")
    return replace_all(bare, r"[^\p{L}\p{N}]+")


@cache
def known_sources() -> pl.DataFrame:
    """All publishers of the reference list (SOURCES columns), in list order."""
    return read_reference("sources").select(
        "name", "kind", pl.col("aliases").fill_null("").str.split("; ")
    )


@cache
def _aliases() -> dict[str, str]:
    """Canonical name by the key of every name and alias; the first of the list wins."""
    sources = known_sources().with_columns(
        alias=pl.concat_list(pl.concat_list("name"), "aliases")
    )
    spelled = sources.select("name", "alias").explode("alias", empty_as_null=False)
    keys = alias_key(spelled["alias"]).to_list()
    rows = zip(reversed(keys), reversed(spelled["name"].to_list()), strict=True)
    return {key: name for key, name in rows if key}


@on_own_thread("sources")
def resolve_sources(names: pl.Series) -> pl.DataFrame:
    """Canonical names of publishers as texts name them.

    Returns:
        One row per name: `source` (null for null and for what is no name),
        `is_source_inferred`: true when the reference list does not have it.

    Example:
        >>> resolve_sources(pl.Series(["Reuter", " The Daily Example. "])).rows()
        [('Reuters', False), ('The Daily Example', True)]
    """
    tidy = tidy_name(names)
    for _ in range(2):
        whole = replace(tidy, _EDITION)
        tidy = whole.zip_with(
            contains(whole, r"\p{L}{2}") & ~is_known_source(tidy), tidy
        )
    names_by_key = _aliases()
    listed = pl.Series(
        [names_by_key.get(key) for key in alias_key(tidy).to_list()], dtype=pl.String
    )
    is_listed = listed.is_not_null()
    return pl.DataFrame(
        [
            listed.zip_with(is_listed, tidy).alias("source"),
            (tidy.is_not_null() & ~is_listed).alias("is_source_inferred"),
        ]
    )


def is_known_source(names: pl.Series) -> pl.Series:
    """Whether the reference list has the name or alias; false for null."""
    return is_among(alias_key(names), _aliases())


def is_among(names: pl.Series, known: Collection[str]) -> pl.Series:
    """Whether each name is one of many; Polars would hash them all for each batch."""
    return pl.Series([name in known for name in names.to_list()], dtype=pl.Boolean)


def tidy_name(names: pl.Series) -> pl.Series:
    """A publisher's name without outer punctuation and doubled spaces; URLs to hosts.

    Null for what has no letter or is too long for a name.
    """
    flat = replace_all(_unescape(names), r"\s+", " ").str.strip_chars(" ")
    host = extract(flat, _DOMAIN).str.to_lowercase()
    trimmed = flat
    for edge in (_NAME_START, _NAME_END):
        trimmed = replace(trimmed, edge)
    trimmed = replace(trimmed, r"^([^()]*)\)$", "$1")
    name = host.zip_with(host.is_not_null(), trimmed)
    is_name = ~contains(name, _NOT_A_NAME) & (name.str.len_chars() <= SOURCE_MAX_CHARS)
    return name.set(~is_name, None)


def _unescape(texts: pl.Series) -> pl.Series:
    """Texts without the escapes of HTML that names hold."""
    for escape, sign in (("&nbsp;", " "), ("&quot;", '"'), ("&#39;", "'")):
        texts = texts.str.replace_all(escape, sign, literal=True)
    return texts.str.replace_all("&amp;", "&", literal=True)


def labelled_source(texts: pl.Series) -> pl.Series:
    """X of a line like `Source: X` or `Originally published by: X`, else null."""
    value = extract(_unescape(texts).str.strip_chars(), _LABEL)
    # Databases put the place of publication, the day, and the page behind the name.
    return replace(replace(value, _PLACE_BEHIND), _DAY_BEHIND)


def origin_source(texts: pl.Series) -> pl.Series:
    """X of a line like `This article first appeared in X`, else null."""
    return extract(texts.str.strip_chars(), _ORIGIN)


def dated_name(texts: pl.Series) -> pl.Series:
    """X of a line like `X | January 5, 2019`, or of one that has them the other way."""
    flat = texts.str.strip_chars()
    before = replace(flat, _DAY_BEHIND)
    behind = extract(flat, _DAY_BEFORE)
    name = behind.zip_with(behind.is_not_null(), before.set(before == flat, None))
    inside = extract(flat, _PUBLISHED_IN)
    name = inside.zip_with(inside.is_not_null(), name)
    is_name = contains(name, r"\p{L}{2}") & ~contains(name, _DAY_NAMES)
    return name.set(~is_name, None)


def copyright_holder(texts: pl.Series) -> pl.Series:
    """Who holds the right, without years, company forms, and terms of use."""
    holder = replace(texts.str.strip_chars(), _HOLDER_START)
    return replace(replace(holder, _HOLDER_END), _HOLDER_END)


def share_sources(articles: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Give the few articles without a source that of all others in their document.

    Args:
        articles: One row per article: `document_row`.
        sources: Theirs, as `resolve_sources` gives them.

    Returns:
        The columns of `sources`, same rows.
    """
    is_missing = sources["source"].is_null()
    if not is_missing.any():
        return sources
    named = articles.select("document_row").hstack(sources)
    counts = named.group_by("document_row").agg(count=pl.len())
    copies = (
        named.filter(~is_missing)
        .group_by("document_row", "source", maintain_order=True)
        .agg(copies=pl.len(), is_source_inferred=pl.col("is_source_inferred").first())
    )
    # At so high a share, no document has two.
    shared = copies.join(counts, on="document_row", maintain_order="left").filter(
        (pl.col("count") >= SHARED_SOURCE_MIN_ARTICLES)
        & (pl.col("copies") >= SHARED_SOURCE_RATIO * pl.col("count"))
    )
    found = named.select("document_row").join(
        shared, on="document_row", how="left", maintain_order="left"
    )
    is_shared = is_missing & found["source"].is_not_null()
    return pl.DataFrame(
        [
            found[name].zip_with(is_shared, sources[name])
            for name in ("source", "is_source_inferred")
        ]
    )
