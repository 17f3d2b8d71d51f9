import polars as pl
import pytest

from transforms.extract_metadata.sources import (
    alias_key,
    known_sources,
    resolve_sources,
)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("Reuter", "Reuters"),
        ("  THE NEW YORK TIMES. ", "The New York Times"),
        ("Agence France Presse -- English", "AFP"),
        ("www.bbc.co.uk/news", "BBC News"),
        ("Radio Free Europe/Radio Liberty", "RFE/RL"),
    ],
)
def test_aliases_lead_to_one_name(given: str, canonical: str) -> None:
    assert resolve_sources(pl.Series([given])).row(0) == (canonical, False)


def test_what_is_no_name_is_no_source() -> None:
    found = resolve_sources(pl.Series(["...", "2015", None, "x" * 500]))

    assert found["source"].to_list() == [None] * 4


def test_no_alias_leads_to_two_names() -> None:
    sources = known_sources().select(
        "name", spelled=pl.concat_list(pl.concat_list("name"), "aliases")
    )
    spelled = sources.explode("spelled", empty_as_null=False).filter(
        pl.col("spelled") != ""
    )
    keys = spelled.select("name", key=alias_key(spelled["spelled"])).unique()

    assert keys.filter(pl.col("key").is_duplicated()).rows() == []
