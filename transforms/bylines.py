"""Who wrote an article and where it was filed, as its own words say it."""

from functools import cache
from typing import Final

import polars as pl

from transforms.body_edges import LEAD_BYLINE
from transforms.patterns import (
    contains,
    extract,
    extract_groups,
    replace,
    replace_all,
)
from transforms.reference import read_reference
from transforms.sources import is_known_source

LEAD_CHARS: Final = 240
AUTHOR_MAX_CHARS: Final = 200
DATELINE_MAX_CHARS: Final = 60
MAX_NOTES: Final = 2
MAX_PLACE_WORDS: Final = 3
MIN_PLACE_CHARS: Final = 5
_NAME_OF_FEW_WORDS: Final = r"^\p{Lu}[^\s,;]*(?:[\s/]\S+){0,4}$"

_UPPER: Final = r"\p{Lu}[\p{Lu}\p{M}.'’/ -]*[\p{Lu}\p{M}.]"
# Classes of all letters, repeated, make patterns that take long to compile.
_WORD: Final = r"\p{Lu}[^\s\d,;:()/–—_\"“”!?]+"
_MIXED: Final = rf"{_WORD}(?:[ /]{_WORD})*"
_MONTH: Final = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\s\d.,]*\.?"
# In other languages the day stands first: 5 января, 5 de enero, 5. Januar.
_DATE: Final = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}\.?\s+(?:de\s)?[^\s\d.,]{{3,10}}\.?"
    r"|\d{1,2}\.\d{1,2})(?:,?\s(?:de\s)?\d{4})?"
)
_PLACE: Final = rf"(?:{_UPPER}|{_MIXED})"
# PLACE, region, January 5 (Agency) - ; what stands in the brackets may be any name.
_AGENCY_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE}(?:\s(?:and|AND|&)\s{_PLACE})?)((?:[,.]\s[^()]*)?)\s*"
    r"\(([^()]+)\)\s*[-–—:_]"
)
# Cairo (Agency) The first words follow at once.
_OPEN_LEAD: Final = (
    rf"^\W{{0,3}}({_UPPER}|{_MIXED})((?:,\s[^()]*)?)\s\(([^()]+)\)\s\p{{Lu}}"
)
# MOSCOW, January 6. /TASS/. and ASTANA. KAZINFORM -
_SLASH_LEAD: Final = rf"^\W{{0,3}}({_UPPER})([,.]\s[^()/]*?)[.,]?\s*/(\p{{Lu}}[^/()]+)/"
_NAMED_LEAD: Final = rf"^\W{{0,3}}({_UPPER})([.,])\s({_UPPER})\s*[-–—]"
# TEHRAN, Jan 5, IRNA - ; MOSCOW, 5 Jan - RIA Novosti.
_LISTED_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})(,\s{_DATE})(?:[,.]\s|\s[-–—]\s)"
    r"(\p{Lu}[^\d,;:()/–—]+?)(?:\s[-–—]{1,2}\s|\.\s)"
)
_ACRONYM: Final = r"^\p{Lu}{2,}$"
# Smalltown, March 9 - and Smalltown, region, 9 March --
_DAY_LEAD: Final = (
    rf"^\W{{0,3}}({_MIXED})((?:,\s[^-–—.:(),]+)?,\s{_DATE})()\s*(?:--|[-–—])\s"
)
_TIMES: Final = rf"^(?:{_MONTH}|(?i:mon|tues|wednes|thurs|fri|satur|sun)day)$"
# PLACE, region, March 9 - ; PLACE -- ; PLACE, Calif. --
_DASH_LEAD: Final = rf"^\W{{0,3}}({_UPPER})((?:,\s[^-–—]*?)?)\s*(?:--|[-–—_])()\s"
# BAKU, Azerbaijan, January 5. and NEW DELHI: before the first sentence.
_STOP_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})((?:,\s[^-–—.:()]+)?,\s{_DATE})()[.:]\s+\p{{Lu}}"
)
_COLON_LEAD: Final = rf"^\W{{0,3}}({_PLACE})()():\s+\p{{Lu}}"
# By name, the sign without which a lead is not searched, and its pattern.
_LEADS: Final = {
    "agency": ("bracket", _AGENCY_LEAD),
    "open": ("bracket", _OPEN_LEAD),
    "slash": ("slash", _SLASH_LEAD),
    "named": ("dash", _NAMED_LEAD),
    "listed": ("digit", _LISTED_LEAD),
    "dash": ("dash", _DASH_LEAD),
    "day": ("digit", _DAY_LEAD),
    "stop": ("digit", _STOP_LEAD),
    "colon": ("colon", _COLON_LEAD),
}
_BARE_AGENCY_LEAD: Final = r"^\W{0,3}\(([^()]+)\)\s*[-–—:]"
_LEAD_SIGNS: Final = r"[-–—_:/(]|[0-9]\."
_DASHES: Final = r"[-–—_]"
# Bounded repeats of all letters make slow searches: heads are cut first instead.
LEAD_HEAD_CHARS: Final = 130
PLACE_HEAD_CHARS: Final = 60
# What stands in capitals before a dash and is no place.
_LABELS: Final = (
    r"^(?:UPDATE.*|WATCH|LIVE|BREAKING.*|EXCLUSIVE|ANALYSIS|OPINION|COMMENT.*|FEATURE|"
    r"INTERVIEW|FACTBOX|TIMELINE|EXPLAINER|CORRECT.*|REFILE|WRAP.*|TABLE|POLL|SCENARIO.*|"
    r"INSIGHT|SPECIAL.*|VIDEO|PHOTOS?|PICTURES?|GRAPHIC|NOTE.*|EDITOR.*|ADVISORY|ALERT|"
    r"SUMMARY|REPORT|NEWS.*|PRESS.*|STATEMENT|TEXT|QUOTES?|UNESCO|UNICEF|ASEAN|NASDAQ|"
    r"WARNING|TODAY|BACKGROUND|PREVIEW|REVIEW|PROFILE|FACTS?|THE .*|FOR .*|.*\d.*)$"
)
_BY: Final = r"^\W*(?i:by)\b\s*:?\s*"
# `Story by X`, `Text: X`, `Written by X`, and how other languages say by.
_CREDIT: Final = (
    r"^\W*(?:(?i:(?:story|text|texte|texto|words|article|report|written|reported|"
    r"dispatch|analysis|commentary|authors?|автор|autor|auteur)"
    r"(?: (?:and|&) (?:photos?|pictures?|images?))?(?:\s(?:by|par|von|por)\b|\s?:))|"
    r"Par|Von|Por|Di|From|FROM|PAR|VON|POR)[\s:]+"
)
_NOTE: Final = r"(?i)\s*[;.]\s[^;]*\b(?:contributed|reported from|reporting was)\b.*$"
_DUTIES: Final = (
    r"(?i)\b(?:staff|writers?|editors?|reporters?|correspondents?|columnists?|bureau|"
    r"photos?|pictures?|photographs?|video|graphics?|contributors?)\b"
    r"|@|https?:|(?:19|20)\d\d\b"
)
_PUBLISHERS: Final = (
    r"(?i)\b(?:special|desk|newsroom|news|press|agency|agence|wires?|services?|post|"
    r"times|herald|tribune)\b"
)
# What stands behind a name: `, Staff Writer`, `| Example Post`, `(x@example.org)`.
_BEHIND: Final = r"(?:\s*[,;|(]|\s[-–—]{1,2}\s)\s*([^,;|()]+?)[)\s.]*$"
_PLACE_BEHIND: Final = rf"\s(?:in|IN|at)\s{_WORD}(?:\s{_WORD})*"
_FOR: Final = r",?\s(?:for|of|special to)\s.*$"
_REPORTS: Final = r"\s(?i:reports?|reporting)\.?(?:\sfrom\s.*)?$"
_NOT_A_PERSON: Final = (
    r"(?i)\d|@|https?:|\b(?:staff|editors?|agenc(?:y|ies)|wire|wires|newsroom|"
    r"correspondents?|reporters?|desk|services?|bureau)\b"
)
_NOBODY: Final = (
    r"(?i)^(?:(?:our|the|a|by|from|special|own|staff|wire|news|foreign)\s)*"
    r"(?:staff|writers?|reporters?|correspondents?|editors?|desk|newsroom|"
    r"agenc(?:y|ies)|wires?|services?|reports?|bureau)(?:\s(?:and|&)\s.*)?$"
)
_SIGNED: Final = (
    r"^\s*[-–—]{1,3}\s?(\p{Lu}[^\s\d,;:()]*\p{Ll}[^\s\d,;:()]*"
    r"(?:\s\p{Lu}[^\s\d,;:()]*){1,3})\s*$"
)


@cache
def _place_keys() -> tuple[pl.Series, pl.Series]:
    """Upper-case names of cities, and of the countries and regions that follow them."""
    rows = (
        read_reference("places")
        .with_columns(
            spelled=pl.concat_list(
                pl.concat_list("name"),
                pl.col("aliases").fill_null("").str.split("; "),
            )
        )
        .explode("spelled", empty_as_null=False)
        .filter(pl.col("spelled") != "")
        .select("kind", key=pl.col("spelled").str.to_uppercase())
    )
    regions = rows.filter(pl.col("kind") != "city")["key"].unique()
    return rows["key"].unique(), regions


def read_leads(leads: pl.Series) -> pl.DataFrame:
    """Take dateline and agency from the first words of bodies.

    Args:
        leads: The first `LEAD_CHARS` characters of each body.

    Returns:
        One row per body: `dateline` (place before the first comma, as written),
        `dateline_text` (all that stands before the dash, with its date if any),
        `agency`; each null where the lead does not say.
    """
    heads = leads.str.slice(0, LEAD_HEAD_CHARS)
    likely = (
        pl.DataFrame({"lead": leads, "head": heads})
        .with_row_index("row")
        .filter(contains(heads, _LEAD_SIGNS))
    )
    near = likely["head"].str.slice(0, PLACE_HEAD_CHARS)
    signs = {
        "bracket": likely["head"].str.contains("(", literal=True),
        "slash": likely["head"].str.contains("/", literal=True),
        "dash": contains(likely["head"], _DASHES),
        "digit": contains(near, r"[0-9]"),
        "colon": contains(near, r":\s"),
    }
    split = (
        likely.with_columns(
            *(
                _groups(likely["lead"], signs[sign], pattern).alias(name)
                for name, (sign, pattern) in _LEADS.items()
            ),
            extract(likely["lead"], _BARE_AGENCY_LEAD).alias("bare"),
        )
        .lazy()
        .with_columns(
            agency=_kept("agency", _is_agency("agency")),
            open=_kept("open", is_known_source(_part("open", "3")) & _is_short("open")),
            slash=_kept("slash", _is_short("slash")),
            named=_kept("named", is_known_source(_part("named", "3"))),
            listed=_kept(
                "listed",
                is_known_source(_part("listed", "3"))
                | _part("listed", "3").str.contains(_ACRONYM),
            ),
            dash=_kept("dash", _is_placed("dash")),
            day=_kept(
                "day", _is_short("day") & ~_part("day", "1").str.contains(_TIMES)
            ),
            stop=_kept("stop", _is_short("stop") & _is_listed(_part("stop", "1"))),
            colon=_kept("colon", _is_listed(_part("colon", "1"))),
            bare=pl.when(is_known_source(pl.col("bare"))).then("bare"),
        )
        .with_columns(found=pl.coalesce(*_LEADS))
    )
    named = pl.col("found").struct.field("1").str.strip_chars(" .")
    # `Corrects day ALMATY (Agency)`: the place is what stands in capitals.
    capitals = named.str.extract(rf"\p{{Ll}}\S*\s({_UPPER})$")
    is_several = named.str.contains(r"\s(?:and|AND|&)\s")
    place = pl.when(is_several).then(named).otherwise(pl.coalesce(capitals, named))
    is_place = place.str.len_chars() <= DATELINE_MAX_CHARS
    found = split.select(
        "row",
        dateline=pl.when(is_place).then(place),
        dateline_text=pl.when(is_place).then(
            pl.concat_str(
                pl.col("found").struct.field("1"), pl.col("found").struct.field("2")
            )
        ),
        agency=pl.coalesce(
            _part("agency", "3"),
            _part("open", "3"),
            _part("slash", "3"),
            _part("named", "3"),
            _part("listed", "3"),
            pl.col("bare"),
        ).str.strip_chars(),
    ).collect()
    empty = pl.DataFrame({"row": range(len(leads))}, schema={"row": pl.UInt32})
    return empty.join(found, on="row", how="left", maintain_order="left").drop("row")


def _groups(leads: pl.Series, has_sign: pl.Series, pattern: str) -> pl.Series:
    """The three groups of the pattern as a struct; null where it does not match.

    Leads whose head lacks the sign of the pattern are not searched.
    """
    return extract_groups(leads.set(~has_sign, None), pattern)


def _part(name: str, field: str) -> pl.Expr:
    return pl.col(name).struct.field(field)


def _kept(name: str, is_good: pl.Expr) -> pl.Expr:
    return pl.when(_part(name, "1").is_not_null() & is_good).then(pl.col(name))


def _is_agency(name: str) -> pl.Expr:
    """Whether `PLACE ... (X) -` is a dateline: a known X, or a PLACE in capitals."""
    place, middle, agency = (_part(name, field) for field in "123")
    is_capital = ~place.str.contains(r"\p{Ll}")
    is_name = agency.str.contains(_NAME_OF_FEW_WORDS) & ~agency.str.contains(r"\d")
    is_dated = middle.str.contains(_DATE) | _ends_in_region(middle)
    is_few = place.str.count_matches(" ", literal=True) < MAX_PLACE_WORDS
    return _is_short(name) & (
        is_known_source(agency)
        | (is_name & (_is_listed(place) | is_dated | (is_capital & is_few)))
    )


def is_place(names: pl.Expr) -> pl.Expr:
    """Whether the reference list has the place, in whatever case."""
    return _is_listed(names)


def _is_listed(place: pl.Expr) -> pl.Expr:
    key = place.str.strip_chars(" .").str.to_uppercase()
    return key.is_in(_place_keys()[0].implode())


def _is_short(name: str) -> pl.Expr:
    parts = [_part(name, field).str.len_chars() for field in "123"]
    return pl.all_horizontal(part.fill_null(0) <= DATELINE_MAX_CHARS for part in parts)


def _is_placed(name: str) -> pl.Expr:
    """Whether `PLACE -` is a dateline: it has a date, a region, or is a known city."""
    place, middle = _part(name, "1"), _part(name, "2")
    is_alone = (
        (middle == "")
        & (place.str.len_chars() >= MIN_PLACE_CHARS)
        & (place.str.count_matches(" ", literal=True) < MAX_PLACE_WORDS)
        & ~place.str.contains(_LABELS)
    )
    return _is_short(name) & (
        middle.str.contains(rf"^,\s(?:[^,]+,\s)?{_DATE}\W*$")
        | _ends_in_region(middle)
        | (_is_listed(place) & (middle == ""))
        # In a text all in capitals, capitals mean nothing.
        | (is_alone & pl.col("lead").str.contains(r"\p{Ll}{4}"))
    )


def _ends_in_region(middle: pl.Expr) -> pl.Expr:
    region = middle.str.extract(r"^,\s([^,]+?),?\s*$").str.to_uppercase()
    return region.is_in(_place_keys()[1].implode())


def lead_byline(texts: pl.Expr) -> pl.Expr:
    """Name of `By NAME CITY (Agency) - ` at the start of a body's first line."""
    return texts.str.slice(0, LEAD_CHARS).str.extract(LEAD_BYLINE)


def signed_name(texts: pl.Expr) -> pl.Expr:
    """Name of a line like `— Jane Doe` under a text, null for anything else."""
    return texts.str.extract(_SIGNED)


def tidy_author(names: pl.Series, *, is_field: bool) -> pl.Series:
    """Authors as fields say them, or the persons whom free bylines name.

    A field is the record's own data, whoever it names: a publisher, a duty, helpers.
    A free byline is a sentence: `By` and its like, and what it says of places,
    publishers, duties, days, and helpers, are taken off; one that names no person
    names nobody.

    Args:
        names: Bylines, or the values of byline fields.
        is_field: Whether a field said that this is the author.
    """
    # Eager, step by step: nested, each step would stand many times in one expression.
    flat = replace_all(names, r"\s+", " ").str.strip_chars(" ")
    tidy = flat if is_field else _tidy_bylines(flat)
    is_name = contains(tidy, r"\p{L}{2}") & (tidy.str.len_chars() <= AUTHOR_MAX_CHARS)
    if not is_field:
        is_name &= ~(
            contains(tidy, _NOBODY) | contains(tidy, _NOT_A_PERSON) | _is_known(tidy)
        )
    return tidy.set(~is_name, None)


def _is_known(names: pl.Series) -> pl.Series:
    return names.to_frame("name").select(is_known_source(pl.col("name"))).to_series()


def _tidy_bylines(bylines: pl.Series) -> pl.Series:
    tidy = bylines
    for label in (_BY, _CREDIT, _NOTE):
        tidy = replace(tidy, label)
    for _ in range(MAX_NOTES):
        tidy = _drop_notes(tidy)
    tidy = replace_all(replace(replace(tidy, _REPORTS), _FOR), _PLACE_BEHIND)
    tidy = replace(tidy, r"[\s,;:|(–—-]+$")
    return replace(tidy, r"(\p{L}{2})\.$", "$1").str.strip_chars(" ")


def _drop_notes(names: pl.Series) -> pl.Series:
    """Names without the last part behind a comma, bar, or bracket, if it is a note."""
    note = extract(names, _BEHIND)
    is_note = _is_known(note)
    for pattern in (_DUTIES, rf"^{_DATE}$", _PUBLISHERS):
        is_note |= contains(note, pattern)
    return replace(names, _BEHIND).zip_with(is_note.fill_null(value=False), names)
