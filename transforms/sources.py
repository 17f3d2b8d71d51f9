"""Publishers: which names an article gives, and the canonical name of each."""

from functools import cache
from typing import Final

import polars as pl

from transforms.reference import read_reference

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
    r"outlet|источник|джерело|quelle|fuente|fonte|"
    r"read (?:the )?(?:original|full (?:story|article)))\s?[:：]\s*(\S.*)$"
)
_HOLDER_START: Final = (
    r"(?i)^\W*(?:(?:copyright|copr\.?|©|\(c\)|&copy;|by|"
    r"(?:19|20)\d\d(?:\s?[-–,]\s?(?:(?:19|20)?\d\d))?|all rights reserved)[\s.,:;]*)+"
)
_HOLDER_END: Final = (
    r"(?i)(?:(?:…|\.{3}).*|,?\s(?:inc|ltd|limited|llc|plc|gmbh|corp|corporation|s\.?a|pty|co)\b\.?.*|"
    r"\.?,?\s*(?:all rights|reprinted|reproduced|may not|used with|no part|not for|"
    r"a division of|an? .* company|and its|published by|distributed).*|"
    r"[.;]\s.*|,?\s(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?\W*|[\s.,;:|–-]+)$"
)
_DOMAIN: Final = (
    r"(?i)^<?(?:https?://)?(?:www\.|m\.|amp\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})"
    r"(?:[/?#:]\S*)?>?$"
)
_NOT_A_NAME: Final = r"^[\W\d]*$"
# Of what a capital begins; classes of all letters make slow patterns.
_WORD: Final = r"\p{Lu}[^\s,|·•–—()]*"
_DAY: Final = (
    r"(?:(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
    r"(?:[^\s\d.,|]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|"
    r"\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\s\d.,|]{3,10}\.?,?\s(?:de\s)?\d{4})|"
    r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
)
_DAY_BEHIND: Final = rf"\s?(?:[,|·•(–—-]|\son)?\s*{_DAY}(?:[\s,|–-].*)?[)\s.]*$"
_PLACE_BEHIND: Final = r"\s?(?:\s;\s|\[\p{Lu}).*$"
_DAY_BEFORE: Final = rf"^{_DAY}\s?[|·•]\s?({_WORD}(?:\s\S+){{0,6}})$"
_ORIGIN: Final = (
    r"(?i)^\W{0,3}(?:(?:this )?(?:article|story|report|piece|text|item)?\s?"
    r"(?:was |has )?(?:been )?(?:(?:originally|first) )?(?:published|appeared|posted|"
    r"released|issued) (?:in|on|at|by)|courtesy of|reprinted (?:from|by)|via|"
    r"taken from|from)\s(.*?)(?:\s(?:on|in|at)\s.*)?$"
)
_DAY_NAMES: Final = (
    r"(?i)^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|last|updated|posted|published|"
    r"date|page|by|on)\b"
)


def alias_key(names: pl.Expr) -> pl.Expr:
    """Names reduced to lower-case letters and digits, without a leading article."""
    return (
        names.str.to_lowercase()
        .str.replace(r"^\s*the\s+", "")
        .str.replace_all(r"[^\p{L}\p{N}]+", "")
    )


@cache
def known_sources() -> pl.DataFrame:
    """All publishers of the reference list (SOURCES columns), in list order."""
    return read_reference("sources").select(
        "name", "kind", pl.col("aliases").fill_null("").str.split("; ")
    )


@cache
def _aliases() -> pl.DataFrame:
    sources = known_sources().with_columns(
        alias=pl.concat_list(pl.concat_list("name"), "aliases")
    )
    return (
        sources.select("name", "alias")
        .explode("alias", empty_as_null=False)
        .select("name", key=alias_key(pl.col("alias")))
        .filter(pl.col("key") != "")
        .unique("key", keep="first", maintain_order=True)
    )


def resolve_sources(names: pl.Series) -> pl.DataFrame:
    """Canonical names of publishers as texts name them.

    Returns:
        One row per name: `source` (null for null and for what is no name),
        `is_source_inferred`: true when the reference list does not have it.

    Example:
        >>> resolve_sources(pl.Series(["Reuter", " The Daily Example. "])).rows()
        [('Reuters', False), ('The Daily Example', True)]
    """
    tidy = tidy_name(pl.col("given"))
    return (
        names.alias("given")
        .to_frame()
        .lazy()
        .with_columns(tidy=tidy)
        .with_columns(key=alias_key(pl.col("tidy")))
        .join(_aliases().lazy(), on="key", how="left", maintain_order="left")
        .select(
            source=pl.coalesce("name", "tidy"),
            is_source_inferred=pl.col("tidy").is_not_null() & pl.col("name").is_null(),
        )
        .collect()
    )


def is_known_source(names: pl.Expr) -> pl.Expr:
    """Whether the reference list has the name or alias."""
    return alias_key(names).is_in(_aliases()["key"].implode())


def tidy_name(names: pl.Expr) -> pl.Expr:
    """A publisher's name without outer punctuation and doubled spaces; URLs to hosts.

    Null for what has no letter or is too long for a name.
    """
    flat = names.str.replace_all(r"\s+", " ").str.strip_chars(" ")
    host = flat.str.extract(_DOMAIN).str.to_lowercase()
    trimmed = (
        flat.str.replace(r"^[\s\"'“”‘’(\[{<*•·:;,.–—-]+", "")
        .str.replace(r"[\s\"'“”‘’\]}>*•·:;,.–—-]+$", "")
        .str.replace(r"^([^()]*)\)$", "$1")
    )
    name = pl.coalesce(host, trimmed)
    is_name = ~name.str.contains(_NOT_A_NAME) & (
        name.str.len_chars() <= SOURCE_MAX_CHARS
    )
    return pl.when(is_name).then(name)


def labelled_source(texts: pl.Expr) -> pl.Expr:
    """X of a line like `Source: X` or `Originally published by: X`, else null."""
    value = texts.str.strip_chars().str.extract(_LABEL)
    # Databases put the place of publication, the day, and the page behind the name.
    return value.str.replace(_PLACE_BEHIND, "").str.replace(_DAY_BEHIND, "")


def origin_source(texts: pl.Expr) -> pl.Expr:
    """X of a line like `This article first appeared in X`, else null."""
    return texts.str.strip_chars().str.extract(_ORIGIN)


def masthead_source(texts: pl.Expr) -> pl.Expr:
    """X of a line like `X | January 5, 2019`, or of one that has them the other way."""
    flat = texts.str.strip_chars()
    before = flat.str.replace(_DAY_BEHIND, "")
    name = pl.coalesce(
        flat.str.extract(_DAY_BEFORE), pl.when(before != flat).then(before)
    )
    is_name = name.str.contains(r"\p{L}{3}") & ~name.str.contains(_DAY_NAMES)
    return pl.when(is_name).then(name)


def copyright_holder(texts: pl.Expr) -> pl.Expr:
    """Who holds the right, without years, company forms, and terms of use."""
    return (
        texts.str.strip_chars()
        .str.replace(_HOLDER_START, "")
        .str.replace(_HOLDER_END, "")
        .str.replace(_HOLDER_END, "")
    )


def share_sources(articles: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Give the few articles without a source that of all others in their document.

    Args:
        articles: One row per article: `document_row`.
        sources: Theirs, as `resolve_sources` gives them.

    Returns:
        The columns of `sources`, same rows.
    """
    named = articles.select("document_row").hstack(sources)
    per_document = pl.len().over("document_row")
    copies = pl.len().over("document_row", "source")
    shared = (
        named.lazy()
        .filter(
            pl.col("source").is_not_null()
            & (per_document >= SHARED_SOURCE_MIN_ARTICLES)
            & (copies >= SHARED_SOURCE_RATIO * per_document)
        )
        .unique("document_row", keep="first", maintain_order=True)
        .select(
            "document_row", shared="source", is_shared_inferred="is_source_inferred"
        )
    )
    is_missing = pl.col("source").is_null()
    return (
        named.lazy()
        .join(shared, on="document_row", how="left", maintain_order="left")
        .select(
            source=pl.coalesce("source", "shared"),
            is_source_inferred=pl.when(is_missing & pl.col("shared").is_not_null())
            .then("is_shared_inferred")
            .otherwise("is_source_inferred"),
        )
        .collect()
    )
