"""Where an article was filed, and by which agency, as its first words say it."""

from collections.abc import Callable
from functools import cache
from typing import Final

import polars as pl

from transforms.extract_metadata.sources import is_among, is_known_source
from transforms.reference import read_reference
from transforms.text.compiled_patterns import (
    contains,
    extract,
    extract_groups,
    on_own_thread,
    replace,
)

LEAD_CHARS: Final = 240
DATELINE_MAX_CHARS: Final = 60
MAX_PLACE_WORDS: Final = 3
MIN_PLACE_CHARS: Final = 5
_NAME_OF_FEW_WORDS: Final = r"^\p{Lu}[^\s,;]*(?:[\s/]\S+){0,4}$"

_UPPER: Final = r"\p{Lu}[\p{Lu}\p{M}.'’/ -]*[\p{Lu}\p{M}.]"
# Classes of all letters, repeated, make patterns that take long to compile.
_WORD: Final = r"\p{Lu}[^\s\d,;:()/–—_\"“”!?]+"
_MIXED: Final = rf"{_WORD}(?:[ /]{_WORD})*"
_MONTH: Final = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\s\d.,]*\.?"
# In other languages the day stands first: 5 января, 5 de enero, 5. Januar.
WEEKDAY: Final = (
    r"(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|"
    r"sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|"
    r"dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo)"
)
DATE: Final = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}\.?\s+(?:de\s)?[^\s\d.,]{{3,10}}\.?"
    r"|\d{1,2}\.\d{1,2})(?:,?\s(?:de\s)?\d{4})?"
)
_PLACE: Final = rf"(?:{_UPPER}|{_MIXED})"
# PLACE, region, January 5 (Agency) - ; what stands in the brackets may be any name.
_AGENCY_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE}(?:\s(?:and|AND|&)\s{_PLACE})?)((?:[,.]\s[^()]*?)?)\s*"
    r"(?:[-–—]{1,2}\s?)?\(([^()]+)\)\s*(?:via\s[^-–—()]{3,40})?[-–—:_]"
)
# Cairo (Agency) The first words follow at once.
_OPEN_LEAD: Final = (
    rf"^\W{{0,3}}({_UPPER}|{_MIXED})((?:,\s[^()]*)?)\s\(([^()]+)\)\s\p{{Lu}}"
)
# MOSCOW, January 6. /TASS/. and ASTANA. KAZINFORM -
_SLASH_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})([,.]\s[^()/]*?)[.,]?\s*/\s?(\p{{Lu}}[^/()]*[^/()\s])\s?/"
)
_NAMED_LEAD: Final = rf"^\W{{0,3}}({_UPPER})([.,])\s({_UPPER})\s*[-–—]"
# TEHRAN, Jan 5, IRNA - ; MOSCOW, 5 Jan - RIA Novosti.
_LISTED_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})(,\s{DATE})(?:[,.]\s|\s[-–—]\s)"
    r"(\p{Lu}[^\d,;:()/–—]+?)(?:\s[-–—]{1,2}\s|\.\s)"
)
# DEN HAAG, dinsdag stands on a line of its own; EXAMPLE.COM - is an agency's sign.
_LINE_LEAD: Final = rf"^({_UPPER})(,\s(?:{WEEKDAY}))()\s*\n"
_HOST_LEAD: Final = r"^\W{0,3}([\p{Lu}\d-]+(?:\.[\p{Lu}\d-]+)?\.\p{Lu}{2,4})\s[-–—]\s"
# What stands before a lead: blanks of another encoding, the hour of a wire.
_BEFORE_LEAD: Final = (
    r"^\s*(?:\?{2,}\s*)?(?:\(\d\d-\d\d\)\s)?(?:\d\d:\d\d\s\p{Lu}{2,4}\s)?"
)
_ACRONYM: Final = r"^\p{Lu}{2,}$"
# Smalltown, March 9 - and Smalltown, region, 9 March --
_DAY_LEAD: Final = (
    rf"^\W{{0,3}}({_MIXED})((?:,\s[^-–—.:(),]+)?,\s{DATE})()\s*(?:--|[-–—])\s"
)
# Whole names: Augusta and Martinez begin like months.
_TIMES: Final = (
    r"^(?i:jan(?:uary?|vier|eiro|uari)?|feb(?:ruary?|ruari)?|mar(?:ch|s|zo|ço)?|"
    r"apr(?:il)?|may|june?|juin|juni|july?|juli|aug(?:ust(?:us)?)?|sept?(?:ember)?|"
    r"oct(?:ober|obre)?|nov(?:ember|embre)?|dec(?:ember)?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\.?$"
)
# PLACE, region, March 9 - ; PLACE -- ; PLACE, Calif. --
# A control character and a bracket are the dash of another encoding.
_DASH_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})((?:,\s[^-–—]*?)?)(?:\s*--|\s*[-–—_]\s|\s\x01?\)\s)()"
)
# BAKU, Azerbaijan, January 5. and NEW DELHI: before the first sentence.
_STOP_LEAD: Final = (
    rf"^\W{{0,3}}({_PLACE})((?:,\s[^-–—.:()]+)?,\s{DATE})()[.:]\s+\p{{Lu}}"
)
_COLON_LEAD: Final = rf"^\W{{0,3}}({_PLACE})()():\s+\p{{Lu}}"
# By name, the sign without which a lead is not searched, and its pattern.
_LEADS: Final = {
    "agency": ("bracket", _AGENCY_LEAD),
    "open": ("bracket", _OPEN_LEAD),
    "slash": ("slash", _SLASH_LEAD),
    "named": ("dash", _NAMED_LEAD),
    "listed": ("digit", _LISTED_LEAD),
    "line": ("line", _LINE_LEAD),
    "dash": ("dash", _DASH_LEAD),
    "day": ("digit", _DAY_LEAD),
    "stop": ("digit", _STOP_LEAD),
    "colon": ("colon", _COLON_LEAD),
}
_NAMES_AGENCY: Final = ("agency", "open", "slash", "named", "listed")
_BARE_AGENCY_LEAD: Final = r"^\W{0,3}\(([^()]+)\)\s*[-–—:]"
_LEAD_SIGNS: Final = r"[-–—_:/()\n]|[0-9]\."
_DASHES: Final = r"[-–—_]|\s\x01?\)\s"
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


@cache
def _place_keys() -> tuple[frozenset[str], frozenset[str]]:
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
    regions = rows.filter(pl.col("kind") != "city")["key"]
    return frozenset(rows["key"]), frozenset(regions)


def read_leads(leads: pl.Series) -> pl.DataFrame:
    """Take dateline and agency from the first words of bodies.

    Args:
        leads: The first `LEAD_CHARS` characters of each body.

    Returns:
        One row per body: `dateline` (place before the first comma, as written),
        `dateline_text` (all that stands before the dash, with its date if any),
        `agency`; each null where the lead does not say.
    """
    return _choose_datelines(*_search_leads(leads))


@on_own_thread("leads")
def _search_leads(leads: pl.Series) -> tuple[dict[str, pl.DataFrame], pl.Series]:
    """By name what fits each pattern of `_LEADS`, and per lead a bare agency."""
    leads = replace(leads, _BEFORE_LEAD)
    heads = leads.str.slice(0, LEAD_HEAD_CHARS)
    rows = contains(heads, _LEAD_SIGNS).arg_true()
    likely, heads = leads.gather(rows), heads.gather(rows)
    near = heads.str.slice(0, PLACE_HEAD_CHARS)
    signs = {
        "bracket": contains(heads, r"\("),
        "slash": contains(heads, r"/"),
        "dash": contains(heads, _DASHES),
        "digit": contains(near, r"[0-9]"),
        "colon": contains(near, r":\s"),
        "line": contains(near, r"\n"),
    }
    # Leads whose head lacks the sign of a pattern are not searched.
    fits = {
        name: _search(rows.filter(signs[sign]), likely.filter(signs[sign]), pattern)
        for name, (sign, pattern) in _LEADS.items()
        if signs[sign].any()
    }
    bare = extract(likely, _BARE_AGENCY_LEAD)
    bare = bare.set(~is_known_source(bare), None)
    hosts = extract(likely, _HOST_LEAD)
    bare = _nothing(len(leads)).scatter(rows, hosts.zip_with(hosts.is_not_null(), bare))
    return fits, bare


def _nothing(count: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)


def _search(rows: pl.Series, leads: pl.Series, pattern: str) -> pl.DataFrame:
    """Leads that fit the pattern: `row` of all leads, `lead`, and its groups.

    These are `place`, what stands first; `middle`, between place and agency; and
    `agency`, empty where the pattern has none.
    """
    groups = extract_groups(leads, pattern).struct.unnest()
    groups.columns = ["place", "middle", "agency"]
    fits = groups.with_columns(rows.alias("row"), leads.alias("lead"))
    return fits.filter(fits["place"].is_not_null())


@on_own_thread("datelines")
def _choose_datelines(fits: dict[str, pl.DataFrame], bare: pl.Series) -> pl.DataFrame:
    count = len(bare)
    places, texts = _nothing(count), _nothing(count)
    agencies = bare
    # The first pattern that holds has the word, so it is written last.
    for name in reversed(fits):
        found = fits[name]
        if found.is_empty():
            continue
        good = found.filter(_IS_DATELINE[name](found))
        places = places.scatter(good["row"], good["place"].str.strip_chars(" .-–—"))
        texts = texts.scatter(good["row"], good["place"] + good["middle"])
        if name in _NAMES_AGENCY:
            agencies = agencies.scatter(good["row"], good["agency"])
    # `Corrects day ALMATY (Agency)`: the place is what stands in capitals.
    capitals = extract(places, rf"\p{{Ll}}\S*\s({_UPPER})$")
    is_several = contains(places, r"\s(?:and|AND|&)\s")
    places = capitals.zip_with(capitals.is_not_null() & ~is_several, places)
    is_long = places.str.len_chars() > DATELINE_MAX_CHARS
    return pl.DataFrame(
        [
            places.set(is_long, None).alias("dateline"),
            texts.set(is_long, None).alias("dateline_text"),
            agencies.str.strip_chars().alias("agency"),
        ]
    )


def _is_agency(fits: pl.DataFrame) -> pl.Series:
    """Whether `PLACE ... (X) -` is a dateline: a known X, or a PLACE in capitals."""
    is_capital = ~contains(fits["place"], r"\p{Ll}")
    is_name = contains(fits["agency"], _NAME_OF_FEW_WORDS)
    is_name &= ~contains(fits["agency"], r"\d")
    is_dated = contains(fits["middle"], DATE) | _ends_in_region(fits["middle"])
    is_few = fits["place"].str.count_matches(" ", literal=True) < MAX_PLACE_WORDS
    return _is_short(fits) & (
        is_known_source(fits["agency"])
        | (is_name & (is_place(fits["place"]) | is_dated | (is_capital & is_few)))
    )


def is_place(names: pl.Series) -> pl.Series:
    """Whether the reference list has the place, in whatever case; false for null."""
    return is_among(names.str.strip_chars(" .").str.to_uppercase(), _place_keys()[0])


def _is_short(fits: pl.DataFrame) -> pl.Series:
    lengths = pl.col("place", "middle", "agency").str.len_chars()
    return fits.select(pl.all_horizontal(lengths <= DATELINE_MAX_CHARS)).to_series()


def _is_placed(fits: pl.DataFrame) -> pl.Series:
    """Whether `PLACE -` is a dateline: it has a date, a region, or is a known city."""
    places, middles = fits["place"], fits["middle"]
    is_capital = ~contains(places, r"\p{Ll}")
    is_alone = (
        (middles == "")
        & is_capital
        & (places.str.len_chars() >= MIN_PLACE_CHARS)
        & (places.str.count_matches(" ", literal=True) < MAX_PLACE_WORDS)
        & ~contains(places, _LABELS)
    )
    return (_is_short(fits) & ~contains(places, _TIMES)) & (
        contains(middles, rf"^,\s(?:[^,]+,\s)?{DATE}\W*$")
        | _ends_in_region(middles)
        | (is_place(places) & (middles == ""))
        # In a text all in capitals, capitals mean nothing.
        | (is_alone & contains(fits["lead"], r"\p{Ll}{4}"))
    )


def dated_place(texts: pl.Series) -> pl.Series:
    """Place of a line like `14:05, 6 January 2022, Town - Example.org`, else null."""
    return extract(texts, r"(?:19|20)\d\d,\s(\p{Lu}\S*)\s[-–—]\s\S+")


def dateline_place(texts: pl.Series) -> pl.Series:
    """Places of datelines as fields say them, without day and agency."""
    bare = replace(texts, r"\s*[(/].*$")
    bare = replace(bare, rf"[,;.]?\s(?:{WEEKDAY},?\s)?{DATE}\W*$")
    return replace(bare, r"[\s,;:–—-]+$")


def _has_comma(fits: pl.DataFrame) -> pl.Series:
    """Whether a comma stands before the agency, not the dash that ends a dateline."""
    texts = fits.select(
        pl.col("lead").str.contains(
            pl.col("middle") + ", " + pl.col("agency"), literal=True
        )
    )
    return texts.to_series()


def _ends_in_region(middles: pl.Series) -> pl.Series:
    regions = extract(middles, r"^,\s([^,]+?),?\s*$").str.to_uppercase()
    return is_among(regions, _place_keys()[1])


# Whether what fits a pattern of `_LEADS` is a dateline.
_IS_DATELINE: Final[dict[str, Callable[[pl.DataFrame], pl.Series]]] = {
    "agency": _is_agency,
    "open": lambda fits: is_known_source(fits["agency"]) & _is_short(fits),
    "slash": lambda fits: (
        _is_short(fits)
        & (~contains(fits["place"], r"\p{Ll}") | contains(fits["middle"], DATE))
    ),
    "named": lambda fits: (
        is_known_source(fits["agency"])
        | ((fits["middle"] == ".") & is_place(fits["place"]))
    ),
    "listed": lambda fits: (
        is_known_source(fits["agency"])
        | contains(fits["agency"], _ACRONYM)
        | (_has_comma(fits) & contains(fits["agency"], _NAME_OF_FEW_WORDS))
    ),
    "line": _is_short,
    "dash": _is_placed,
    "day": lambda fits: _is_short(fits) & ~contains(fits["place"], _TIMES),
    "stop": lambda fits: _is_short(fits) & is_place(fits["place"]),
    "colon": lambda fits: is_place(fits["place"]),
}
