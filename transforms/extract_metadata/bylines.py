"""Who wrote an article, as its bylines say it: one person each, in reading order."""

from typing import Final

import polars as pl

from transforms.clean.body_edges import LEAD_BYLINE
from transforms.extract_metadata.leads import DATE, LEAD_CHARS
from transforms.extract_metadata.mastheads import PUBLISHER_WORDS
from transforms.extract_metadata.sources import is_known_source
from transforms.text.compiled_patterns import (
    contains,
    extract,
    replace,
    replace_all,
)

BYLINE_MAX_CHARS: Final = 300
MAX_BLANKS: Final = 5
_BY: Final = (
    r"^[\s?*_\"'“”„«»•–—-]*(?:(?i:by)\b\s*:?\s*)*(?:(?i:(?:story|text|texte|texto|words|"
    r"article|report|written|reported|dispatch|analysis|commentary|authors?|автор|"
    r"autor|auteur)(?: (?:and|&) (?:photos?|pictures?|images?))?"
    r"(?:\s(?:by|par|von|por)\b|\s?:))|Par|Von|Por|Di|From|FROM|PAR|VON|POR)?[\s:]*"
)
_NOTE: Final = (
    r"(?i)\s*[;.]\s[^;]*\b(?:contributed|reported from|reporting was)\b.*$|"
    r"[\s,;]+with (?:an? )?(?:files?|reports?|reporting|contributions?) (?:from|by)\b"
    r".*$|"
    r"\sbased on (?:reporting|material|reports).*$|"
    r"[\s,;/|]+(?:photos?|pictures?|photographs?|video|graphics?)\s?(?:by|:).*$"
)
_ADDRESS: Final = r"\S+@\S+|https?://\S+|[+(]?\d[\d ()-]{6,}\d"
# `Example Post staff reporters Jane Doe and John Roe`: who they are stands first.
_STAFF_BEFORE: Final = (
    r"^.*\b(?i:staff\s(?:reporters?|writers?|correspondents?))\s(\p{Lu})"
)
_STAFF_BEHIND: Final = (
    r"(?i)\s+(?:(?:staff|special|senior|chief|sports?|political|business|science|"
    r"foreign|contributing)\s)*(?:staff|writers?|reporters?|correspondents?|"
    r"columnists?|editors?|bureau(?: chiefs?)?|기자|記者|记者)$"
)
# `Jane Doe Example Political Editor`: of a name that ends in a duty, two words stay.
_LONG_DUTY: Final = (
    r"^(\p{Lu}\S*(?:\s\p{Lu}\.)?\s\p{Lu}\S*)\s\S.*\s(?i:writers?|reporters?|"
    r"correspondents?|columnists?|editors?|bureau(?: chief)?)$"
)
_REPORTS: Final = r"\s(?i:reports?|reporting)\.?(?:\sfrom\s.*)?$"
_PLACE: Final = r"[,\s]+(?i:in|en|aus|à|reporting from)\s\p{Lu}[^,;&]*$"
_FOR: Final = r",?\s(?i:for|of|special to)\s.*$"
# `DOE, JANE` and `van der Doe, Jane`: a surname, then given names or initials.
_SURNAME_FIRST: Final = (
    r"^((?:(?i:van|von|de|der|den|la|le|el|al|bin|di|da|dos|del)\s){0,3}\p{Lu}[^\s,]*)"
    r",\s(\p{Lu}[^\s,]*(?:\s(?:\p{Lu}[^\s,]*|van|von|de|der|den|la)){0,3})[.\s]*$"
)
_BETWEEN: Final = (
    r"\s*[;|/•·]\s*|\s+[–—-]{1,2}\s+|,?\s+(?:and|AND|&|und|et|y|en|with|WITH|и|и|ve)\s+|"
    r",\s+"
)
_PERSON: Final = (
    r"^(?:\p{Lu}|[\p{Han}\p{Hangul}\p{Arabic}]|(?i:van|von|de|der|al|el|bin|d'|ter)\s?\p{Lu}|"
    r"'t\s)[^\d@:;!?]*$"
)
_DUTIES: Final = (
    r"(?i)\b(?:staff|writers?|editors?|reporters?|correspondents?|columnists?|bureau|"
    r"photos?|pictures?|photographs?|video|graphics?|contributors?|redactie|redaktion|"
    r"rédaction|redacción|редакция|корр|desk|newsroom|services?|agenc(?:y|ies)|wires?|"
    r"editorial|special|ceo|president|director|chairman|professor|committee|commission|"
    r"ministry|department|company|inc|ltd|llc|university|institute|press|news|times|"
    r"post|tribune|herald|our|own|the)\b|&|\+"
)
_SIGNED: Final = (
    r"^\s*[-–—]{1,3}\s?(\p{Lu}[^\s\d,;:()]*\p{Ll}[^\s\d,;:()]*"
    r"(?:\s\p{Lu}[^\s\d,;:()]*){1,3}(?:,\s\p{Lu}.{1,40})?)\s*$"
)


def lead_byline(texts: pl.Series) -> pl.Series:
    """Name of `By NAME CITY (Agency) - ` at the start of a body's first line."""
    return extract(texts.str.slice(0, LEAD_CHARS), LEAD_BYLINE)


def signed_name(texts: pl.Series) -> pl.Series:
    """Name of a line like `— Jane Doe` under a text, null for anything else."""
    return extract(texts, _SIGNED)


def find_persons(bylines: pl.Series) -> pl.Series:
    """The persons whom bylines name, one each, in reading order.

    `By` and its like, roles, places, addresses, publishers, and agencies are taken
    off, a surname that stands first is turned round, and capitals become a name's.

    Args:
        bylines: Lines or values of fields, as printed; null for none.

    Returns:
        A list of names per byline, empty where it names no person.

    Example:
        >>> printed = pl.Series(["By DOE, JANE", "Ann Poe in Rome and Al Roe, AP"])
        >>> find_persons(printed).to_list()
        [['Jane Doe'], ['Ann Poe', 'Al Roe']]
    """
    # Eager, step by step: nested, each step would stand many times in one expression.
    flat = replace_all(bylines.str.slice(0, BYLINE_MAX_CHARS), r"\s+", " ")
    for off in (_ADDRESS, _BY, _NOTE, _REPORTS):
        flat = replace_all(flat, off, " ").str.strip_chars(" ,;")
    flat = replace(replace(flat, _STAFF_BEFORE, "$1"), r"^\(([^()]+)\)$", "$1")
    rows = pl.DataFrame([flat.alias("text")]).with_row_index("row")
    parts = rows.with_columns(
        # Where names are parted by other signs, a comma parts surname and given name.
        pl.when(pl.col("text").str.contains(";", literal=True))
        .then(pl.col("text").str.split(";"))
        .otherwise(pl.concat_list("text"))
        .alias("text")
    ).explode("text", empty_as_null=True)
    turned = replace(parts["text"].str.strip_chars(" .,"), _SURNAME_FIRST, "$2 $1")
    pieces = (
        parts.with_columns(
            replace_all(turned, _BETWEEN, ";").str.split(";").alias("text")
        )
        .explode("text", empty_as_null=True)
        .drop_nulls("text")
    )
    row = pieces["row"]
    is_first = (row != row.shift(1)).fill_null(value=True)
    named = pieces.with_columns(
        _as_person(pieces["text"], is_first=is_first).alias("name")
    )
    # Beside a full name, a word alone is a place or a duty.
    is_full = pl.col("name").str.contains(r"\S\s\S|\p{Han}|\p{Hangul}")
    named = named.filter(is_full | (pl.len().over("row") == 1))
    names = (
        named.drop_nulls("name")
        .unique(["row", "name"], keep="first", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg("name")
    )
    return (
        rows.select("row")
        .join(names, on="row", how="left", maintain_order="left")["name"]
        .fill_null([])
        .alias(bylines.name)
    )


def _as_person(texts: pl.Series, *, is_first: pl.Series) -> pl.Series:
    """A person's name, or null where the text is none.

    Args:
        texts: Parts of bylines.
        is_first: Whether each is the first of its byline; in the others, what ends in a
            duty is one.
    """
    name = texts.str.strip_chars(' .,()"“”')
    whole = name
    for off in (_PLACE, _FOR, _STAFF_BEHIND, rf"\s{DATE}$", r"[\s,;:|(–—-]+$"):
        name = replace(name, off)
    name = replace(name, _LONG_DUTY, "$1")
    is_person = (
        contains(name, _PERSON)
        & (name.str.count_matches(" ", literal=True) <= MAX_BLANKS)
        & contains(name, r"\p{L}{2}|[\p{Han}\p{Hangul}]")
        & ~contains(name, _DUTIES)
        & ~contains(name, PUBLISHER_WORDS)
        & ~contains(name, r"^\S+\.\p{Ll}{2,4}$")
        & ~is_known_source(name)
        & (is_first | ~contains(whole, _DUTIES))
    )
    is_capital = ~contains(name, r"\p{Ll}") & contains(name, r"\p{Lu}{2}.*\p{Lu}{2}")
    name = name.str.to_titlecase().zip_with(is_capital, name)
    return name.set(~is_person.fill_null(value=False), None)
