import polars as pl
import pytest

from transforms.star.dimensions import build_dim_author

PRINTED = {
    "document_key": pl.Int64,
    "source": pl.String,
    "byline": pl.String,
    "authors": pl.List(pl.String),
}


def aliases_of(*rows):
    printed = pl.DataFrame(rows, schema=PRINTED, orient="row")
    members = build_dim_author(printed).select("name", "aliases")
    return {name: aliases for name, aliases in members.rows() if aliases}


@pytest.mark.parametrize(
    ("byline", "name", "alias"),
    [
        ("By JANE DOE", "Jane Doe", "JANE DOE"),
        ("BYLINE: Doe, Jane", "Jane Doe", "Doe, Jane"),
        ("DOE, JANE; Example Agency", "Jane Doe", "DOE, JANE"),
        ("DOE, Jane", "Jane Doe", "DOE, Jane"),
        ("van der Doe, Jane", "Jane van der Doe", "van der Doe, Jane"),
        ("Doe, Jane M.", "Jane M Doe", None),
        ("By Sinéad O’NEIL and JANE  DOE.", "Jane Doe", "JANE DOE"),
        ("ИВАНОВ, Иван", "Иван Иванов", "ИВАНОВ, Иван"),
        ("By Jane Doe", "Jane Doe", None),
        ("JANE DOERR", "Jane Doe", None),
        (None, "Jane Doe", None),
    ],
)
def test_byline_tells_how_else_an_author_is_spelled(byline, name, alias):
    found = aliases_of((1, "Post", byline, [name]))

    assert found == ({name: [alias]} if alias else {})


def test_names_in_a_row_are_no_surname_and_given_name():
    both = ["Jane Doe", "Jane Roe"]

    assert aliases_of((1, "Post", "Jane Doe, Jane Roe", both)) == {}


def test_spellings_of_all_copies_count_once_and_in_order():
    rows = [(1, "Post", byline, ["Jane Doe"]) for byline in ("JANE DOE", "Doe, Jane")]

    assert aliases_of(*rows, *rows) == {"Jane Doe": ["Doe, Jane", "JANE DOE"]}


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Jane Doe", "J. Doe"),
        ("Jane M. Doe", "J.M. Doe"),
        ("Jane M. Doe", "J. Doe"),
        ("Jane van der Doe", "J. van der Doe"),
        ("Иван Иванов", "И. Иванов"),
    ],
)
def test_initials_of_the_only_such_person_are_an_alias(full, short):
    found = aliases_of((1, "Post", None, [full]), (1, "Post", None, [short]))

    assert found == {full: [short]}


@pytest.mark.parametrize(
    ("rows"),
    [
        [(1, "Post", ["Jane Doe"]), (1, "Herald", ["J. Doe"])],
        [(1, "Post", ["Jane Doe"]), (2, "Post", ["J. Doe"])],
        [(1, None, ["Jane Doe"]), (1, None, ["J. Doe"])],
        [(1, "Post", ["Jane Doe", "John Doe"]), (1, "Post", ["J. Doe"])],
        [(1, "Post", ["Jane Doe", "J. Doe"]), (1, "Herald", ["Jim Doe"])],
        [(1, "Post", ["Jane Doe"]), (1, "Post", ["J.M. Doe"])],
        [(1, "Post", ["Jane Mary Doe"]), (1, "Post", ["J. Doe"])],
        [(1, "Post", ["Jane Doe"]), (1, "Post", ["K. Doe"])],
    ],
)
def test_initials_that_may_be_another_person_are_none(rows):
    assert (
        aliases_of(*((key, source, None, names) for key, source, names in rows)) == {}
    )
