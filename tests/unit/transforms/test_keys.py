"""Keys of few names, of many, and of hashes."""

import polars as pl
import pytest

from transforms.keys import key_from_sha256, surrogate_key, surrogate_keys


@pytest.mark.parametrize("copies", [1, 2000], ids=["few", "many"])
def test_keys_of_names_are_those_of_each_name(copies: int) -> None:
    names = ["Reuters", None, "", "Рейтер", "Reuters"]

    found = surrogate_keys(pl.Series("source", names * copies))

    assert found.to_list() == [surrogate_key(name or "") for name in names] * copies
    assert found.dtype == pl.Int64


def test_keys_of_hashes_are_their_first_63_bits() -> None:
    digests = pl.Series(["f" * 64, "0" * 63 + "1", None])

    assert key_from_sha256(digests).to_list() == [2**63 - 1, 1, 0]
    assert key_from_sha256(digests.clear()).dtype == pl.Int64
