import polars as pl

from transforms.contracts import (
    ACTORS,
    ARTICLE_COUNTRIES,
    DATELINES,
    MENTIONS,
    PLACES,
    QUANTITIES,
    check,
)
from transforms.extract_content.extract_content import extract_content, read_datelines


def articles(*rows):
    return pl.DataFrame(
        [
            {"article_row": row, "title": "", "source": None, "language": "en"} | given
            for row, given in enumerate(rows)
        ],
        schema={
            "article_row": pl.UInt32,
            **dict.fromkeys(
                ("title", "body", "language", "dateline", "source"), pl.String
            ),
        },
    )


def test_content_of_no_articles_keeps_its_contracts():
    content = extract_content(articles())

    for name, schema in {
        "mentions": MENTIONS,
        "places": PLACES,
        "actors": ACTORS,
        "quantities": QUANTITIES,
        "countries": ARTICLE_COUNTRIES,
        "datelines": DATELINES,
    }.items():
        frame = getattr(content, name)
        assert frame.is_empty()
        check(frame, schema, stage="extract_content", contract=name)


def test_datelines_are_places_by_their_names_where_texts_are_not_read():
    told = articles({"dateline": "ROME"}, {"dateline": None}, {"dateline": "ROME"})

    content = read_datelines(told)

    assert content.datelines.rows() == [(0, "ROME"), (2, "ROME")]
    assert content.places["name"].to_list() == ["ROME"]
    check(content.places, PLACES, stage="extract_content", contract="PLACES")
