"""Who wrote an article and where it was filed, as its own words say it."""

from functools import cache
from typing import Final

import polars as pl

from transforms.body_edges import LEAD_BYLINE
from transforms.reference import read_reference
from transforms.sources import is_known_source

LEAD_CHARS: Final = 240
AUTHOR_MAX_CHARS: Final = 200
DATELINE_MAX_CHARS: Final = 60

_UPPER: Final = r"\p{Lu}[\p{Lu}\p{M}.'’/ -]*[\p{Lu}\p{M}.]"
_MIXED: Final = r"\p{Lu}[\p{L}\p{M}.'’-]+(?:[ /-]\p{Lu}[\p{L}\p{M}.'’-]+)*"
_MONTH: Final = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[\p{L}]*\.?"
_DATE: Final = rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}|\d{{1,2}}\.\d{{1,2}})"
# PLACE, region, January 5 (Agency) - ; what stands in the brackets may be any name.
_AGENCY_LEAD: Final = (
    rf"^\W{{0,3}}({_UPPER}|{_MIXED})((?:[,.]\s[^()]*)?)\s*"
    r"\(([^()]+)\)\s*[-–—:_]"
)
# Cairo (Agency) The first words follow at once.
_OPEN_LEAD: Final = (
    rf"^\W{{0,3}}({_UPPER}|{_MIXED})((?:,\s[^()]*)?)\s\(([^()]+)\)\s\p{{Lu}}"
)
# MOSCOW, January 6. /TASS/. and ASTANA. KAZINFORM -
_SLASH_LEAD: Final = rf"^\W{{0,3}}({_UPPER})([,.]\s[^()/]*?)[.,]?\s*/(\p{{Lu}}[^/()]+)/"
_NAMED_LEAD: Final = rf"^\W{{0,3}}({_UPPER})([.,])\s({_UPPER})\s*[-–—]"
# PLACE, region, March 9 - ; PLACE -- ; PLACE, Calif. --
_DASH_LEAD: Final = rf"^\W{{0,3}}({_UPPER})((?:,\s[^-–—]*?)?)\s*(?:--|[-–—_])()\s"
_BARE_AGENCY_LEAD: Final = r"^\W{0,3}\(([^()]+)\)\s*[-–—:]"
_BY: Final = r"^\W*(?i:by)\b\s*:?\s*"
_NOTE: Final = r"(?i)\s*[;.]\s[^;]*\b(?:contributed|reported from|reporting was)\b.*$"
_NOT_A_PERSON: Final = (
    r"(?i)\d|@|https?:|\b(?:staff|editors?|agenc(?:y|ies)|wire|wires|newsroom|"
    r"correspondents?|reporters?|desk|services?|bureau)\b"
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
    text = pl.col("lead")
    split = (
        leads.alias("lead")
        .to_frame()
        .lazy()
        .with_columns(
            _groups(text, _AGENCY_LEAD, "agency"),
            _groups(text, _OPEN_LEAD, "open"),
            _groups(text, _SLASH_LEAD, "slash"),
            _groups(text, _NAMED_LEAD, "named"),
            _groups(text, _DASH_LEAD, "dash"),
            bare=text.str.extract(_BARE_AGENCY_LEAD),
        )
        .with_columns(
            agency=_kept("agency", _is_agency("agency")),
            open=_kept("open", is_known_source(_part("open", "3")) & _is_short("open")),
            slash=_kept("slash", _is_short("slash")),
            named=_kept("named", is_known_source(_part("named", "3"))),
            dash=_kept("dash", _is_placed("dash")),
            bare=pl.when(is_known_source(pl.col("bare"))).then("bare"),
        )
        .with_columns(found=pl.coalesce("agency", "open", "slash", "named", "dash"))
    )
    named = pl.col("found").struct.field("1").str.strip_chars(" .")
    # `Corrects day ALMATY (Agency)`: the place is what stands in capitals.
    capitals = named.str.extract(rf"\p{{Ll}}\S*\s({_UPPER})$")
    place = pl.coalesce(capitals, named)
    is_place = place.str.len_chars() <= DATELINE_MAX_CHARS
    return split.select(
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
            pl.col("bare"),
        ).str.strip_chars(),
    ).collect()


def _groups(text: pl.Expr, pattern: str, name: str) -> pl.Expr:
    """The three groups of the pattern as a struct; null where it does not match."""
    return text.str.extract_groups(pattern).alias(name)


def _part(name: str, field: str) -> pl.Expr:
    return pl.col(name).struct.field(field)


def _kept(name: str, is_good: pl.Expr) -> pl.Expr:
    return pl.when(_part(name, "1").is_not_null() & is_good).then(pl.col(name))


def _is_agency(name: str) -> pl.Expr:
    """Whether `PLACE ... (X) -` is a dateline: a known X, or a PLACE in capitals."""
    place, middle, agency = (_part(name, field) for field in "123")
    is_capital = ~place.str.contains(r"\p{Ll}")
    is_name = agency.str.contains(r"^\p{Lu}") & ~agency.str.contains(r"\d")
    is_dated = middle.str.contains(_DATE) | _ends_in_region(middle)
    return _is_short(name) & (
        is_known_source(agency)
        | (is_name & (_is_listed(place) | (is_capital & is_dated)))
    )


def _is_listed(place: pl.Expr) -> pl.Expr:
    key = place.str.strip_chars(" .").str.to_uppercase()
    return key.is_in(_place_keys()[0].implode())


def _is_short(name: str) -> pl.Expr:
    parts = [_part(name, field).str.len_chars() for field in "123"]
    return pl.all_horizontal(part.fill_null(0) <= DATELINE_MAX_CHARS for part in parts)


def _is_placed(name: str) -> pl.Expr:
    """Whether `PLACE -` is a dateline: it has a date, a region, or is a known city."""
    place, middle = _part(name, "1"), _part(name, "2")
    return _is_short(name) & (
        middle.str.contains(rf"^,\s(?:[^,]+,\s)?{_DATE}\W*$")
        | _ends_in_region(middle)
        | (_is_listed(place) & (middle == ""))
    )


def _ends_in_region(middle: pl.Expr) -> pl.Expr:
    region = middle.str.extract(r"^,\s([^,]+?),?\s*$").str.to_uppercase()
    return region.is_in(_place_keys()[1].implode())


def lead_byline(texts: pl.Expr) -> pl.Expr:
    """Name of `By NAME CITY (Agency) - ` at the start of a body's first line."""
    return texts.str.slice(0, LEAD_CHARS).str.extract(LEAD_BYLINE)


def tidy_author(names: pl.Expr, *, is_field: bool) -> pl.Expr:
    """An author as written, without `By`, notes on helpers, and outer punctuation.

    Args:
        names: A byline, or the value of a byline field.
        is_field: Whether a field said that this is the author; a free-standing byline
            must look like a person and not be a known publisher.
    """
    tidy = (
        names.str.replace_all(r"\s+", " ")
        .str.replace(_BY, "")
        .str.replace(_NOTE, "")
        .str.replace(r"[\s,;:–—-]+$", "")
        .str.replace(r"(\p{L}{2})\.$", "$1")
        .str.strip_chars(" ")
    )
    is_name = tidy.str.contains(r"\p{L}{2}") & (
        tidy.str.len_chars() <= AUTHOR_MAX_CHARS
    )
    if not is_field:
        is_name &= ~tidy.str.contains(_NOT_A_PERSON) & ~is_known_source(tidy)
    return pl.when(is_name).then(tidy)
