import polars as pl

from transforms.contracts import ACTORS, PLACES
from transforms.extract_content.places.gazetteer import identity
from transforms.keys import surrogate_key
from transforms.star.content_tables import (
    add_place_keys,
    build_dim_actor,
    find_place_keys,
)


def places(*rows):
    described = pl.DataFrame([{"aliases": []} | row for row in rows], schema=PLACES)
    return described.with_columns(identity().alias("place"))


TBILISI = {"name": "Tbilisi", "kind": "city", "country_iso2": "GE", "geonames_id": 1}
COUNTRY = {"name": "Georgia", "kind": "country", "geonames_id": 2}
STATE = {"name": "Georgia", "kind": "region", "country_iso2": "US", "geonames_id": 3}
UNSURE = {"name": "Georgia"}


def test_place_is_known_by_its_geonames_id_whatever_it_is_called():
    renamed = TBILISI | {"name": "Tiflis"}

    keys = [add_place_keys(places(row))["place_key"][0] for row in (TBILISI, renamed)]

    assert keys[0] == keys[1] == surrogate_key("geonames:1")


def test_place_that_could_not_be_told_is_known_by_its_name():
    assert add_place_keys(places(UNSURE))["place_key"][0] == surrogate_key("Georgia")


def test_rivers_of_one_name_are_two_places():
    rivers = [{"name": "Don", "kind": "water", "country_iso2": c} for c in ("RU", "GB")]

    assert add_place_keys(places(*rivers))["place_key"].n_unique() == 2


def test_named_place_is_found_whatever_others_have_its_name():
    west = {"kind": "region", "admin1": "Western", "name": "Western"}
    described = places(*(west | {"country_iso2": code} for code in ("GH", "UG", "ZM")))
    asked = pl.concat([described["place"][::-1], pl.Series("place", [None, "Georgia"])])

    alone = [
        add_place_keys(row)["place_key"][0] for row in described[::-1].iter_slices(1)
    ]

    assert find_place_keys(asked, add_place_keys(described)).to_list() == [*alone, 0, 0]


def test_actor_named_in_several_rows_has_all_aliases_once():
    rows = [
        ("Aid Group", "organisation", ["AG", "A.G."]),
        ("Aid Group", "organisation", ["AG"]),
        ("Aid Group", "person", []),
    ]
    actors = pl.DataFrame(rows, schema=ACTORS, orient="row")

    dimension = build_dim_actor(actors)

    assert dimension.select("name", "kind", "aliases").rows() == [
        ("Aid Group", "organisation", ["A.G.", "AG"]),
        ("Aid Group", "person", []),
    ]
    assert dimension["actor_key"].n_unique() == 2
