"""Publisher, author, place, dates, and language of each article, from its own words."""

from datetime import date
from typing import Final

import polars as pl

from transforms.clean.body_edges import EDGE_CHARS
from transforms.contracts import ARTICLES, CLEAN_ARTICLES, DOCUMENTS, check
from transforms.extract_metadata.dates.article_dates import date_articles
from transforms.extract_metadata.edge_lines import (
    Ends,
    find_edge_lines,
    find_outer_lines,
    first_of_each,
    pick_texts,
    texts_of,
)
from transforms.extract_metadata.find_authors import find_authors
from transforms.extract_metadata.find_sources import find_sources, find_urls
from transforms.extract_metadata.languages import find_languages
from transforms.extract_metadata.late_leads import find_late_datelines
from transforms.extract_metadata.leads import (
    LEAD_CHARS,
    dated_place,
    dateline_place,
    read_leads,
)
from transforms.text.compiled_patterns import extract

RECORD_FIELDS: Final = {
    "article_row": pl.UInt32(),
    "record_id": pl.String(),
    "source": pl.String(),
    "author": pl.String(),
    "date": pl.String(),
    "url": pl.String(),
}
_FIELD: Final = r"^\s*([\p{L} /-]+?)\s?:\s*(\S.*)$"


def extract_metadata(
    articles: pl.DataFrame,
    lines: pl.DataFrame,
    documents: pl.DataFrame,
    record_fields: pl.DataFrame | None,
    run_date: date,
) -> pl.DataFrame:
    """Add what the articles say about themselves.

    Args:
        articles: CLEAN_ARTICLES in order of `article_row`.
        lines: The lines that `clean` gave, with `role` and `kind`.
        documents: DOCUMENTS of the batch.
        record_fields: RECORD_FIELDS of the articles that came as records, or None.
        run_date: The day of the run; nothing was published after it.

    Returns:
        ARTICLES, same rows and order.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(articles, CLEAN_ARTICLES, stage="extract_metadata", contract="CLEAN_ARTICLES")
    check(documents, DOCUMENTS, stage="extract_metadata", contract="DOCUMENTS")
    records = _records_of(articles, record_fields)
    edges = find_edge_lines(articles, lines)
    firsts, lasts = find_outer_lines(articles, lines)
    ends = Ends(
        records,
        firsts.str.slice(0, LEAD_CHARS),
        lasts.str.tail(EDGE_CHARS),
        read_leads(articles["body"].str.slice(0, LEAD_CHARS)),
    )
    fields = _field_values(edges)
    authors = find_authors(articles, edges, ends, fields)
    sources = find_sources(articles, edges, ends, authors["authors"])
    datelines = pick_texts(fields, fields["name"] == "dateline")
    dateline, dateline_text = (
        first_of_each(
            articles, pl.concat([named, texts_of(articles, ends.leads[name])])
        )
        for name, named in (
            ("dateline", _dateline_places(edges, datelines)),
            ("dateline_text", datelines),
        )
    )
    late = find_late_datelines(articles["body"], dateline)
    languages = find_languages(articles["body"])
    dates = date_articles(
        articles.select("article_row", "document_row", "body").hstack(
            [
                ends.leads["dateline_text"].str.len_bytes().alias("lead_bytes"),
                records["date"].alias("record"),
                dateline_text.alias("dateline"),
                languages,
                pl.Series("is_record", [record_fields is not None]).new_from_index(
                    0, len(articles)
                ),
            ]
        ),
        lines,
        documents,
        run_date,
    )
    return articles.with_columns(
        records["record_id"],
        *sources,
        authors["byline"],
        authors["authors"],
        find_urls(articles, edges, ends, fields).alias("url"),
        late.zip_with(dateline.is_null(), dateline).alias("dateline"),
        *dates,
        languages,
    ).select(list(ARTICLES))


def _records_of(
    articles: pl.DataFrame, record_fields: pl.DataFrame | None
) -> pl.DataFrame:
    """Record fields in article order, all null for articles that are no records."""
    if record_fields is None:
        record_fields = pl.DataFrame(schema=RECORD_FIELDS)
    return articles.select("article_row").join(
        record_fields.select(list(RECORD_FIELDS)),
        on="article_row",
        how="left",
        maintain_order="left",
    )


def _field_values(edges: pl.DataFrame) -> pl.DataFrame:
    """Rows (article_row, name, text) of `Name: value` lines; names in lower case."""
    lines = pick_texts(edges, edges["kind"] == "field")
    names = extract(lines["text"], _FIELD, 1).str.to_lowercase()
    texts = extract(lines["text"], _FIELD, 2)
    fields = [lines["article_row"], names.alias("name"), texts.alias("text")]
    return pl.DataFrame(fields).filter(names.is_not_null() & texts.is_not_null())


def _dateline_places(edges: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Rows (article_row, text) of places that fields and lines of days name."""
    named = texts_of(fields, dateline_place(fields["text"]))
    dated = pick_texts(edges, edges["kind"] == "date_line", dated_place)
    return pl.concat([named, dated])
