"""Publisher, author, place, dates, and language of each article, from its own words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.clean.body_edges import (
    BYLINE_TAIL,
    EDGE_CHARS,
    LEAD_TAGS,
    SIGN_CHARS,
    WIRE_END,
    WIRE_TAIL,
)
from transforms.contracts import ARTICLES, CLEAN_ARTICLES, DOCUMENTS, LineRole, check
from transforms.extract_metadata.bylines import (
    LEAD_CHARS,
    is_place,
    lead_byline,
    read_leads,
    signed_name,
    tidy_author,
)
from transforms.extract_metadata.dates.article_dates import date_articles
from transforms.extract_metadata.edge_lines import (
    find_edge_lines,
    find_outer_lines,
    first_of_each,
)
from transforms.extract_metadata.languages import find_languages
from transforms.extract_metadata.sources import (
    copyright_holder,
    is_known_source,
    labelled_source,
    masthead_source,
    origin_source,
    resolve_sources,
    share_sources,
    tidy_name,
)
from transforms.text.compiled_patterns import contains, extract, on_own_thread, replace

RECORD_FIELDS: Final = {
    "article_row": pl.UInt32(),
    "record_id": pl.String(),
    "source": pl.String(),
    "author": pl.String(),
    "date": pl.String(),
    "url": pl.String(),
}
_FIELD: Final = r"^\s*([\p{L} -]+?)\s?:\s*(\S.*)$"
_AUTHOR_FIELDS: Final = (
    "byline",
    "by-line",
    "author",
    "authors",
    "reporter",
    "автор",
    "autor",
    "auteur",
)
_WRITTEN_BY: Final = r"(?i)^\W{0,2}(?:written|reported) by\b"
_TITLE_TAIL: Final = r"\s(?:[-–—|]\s|\()(\p{Lu}[^–—|()]{1,40})\)?$"
_TITLE_SIGN: Final = r"\s[-–—|(]"  # without which no title has such a tail
_NO_MASTHEAD: Final = r"(?i)^[<\[]|^(?:item|document|record|story|article|no\.?)\s#?\d"
_PUBLISHER_WORDS: Final = (
    r"(?i)news|agency|wire|press|times|post|herald|tribune|gazette|journal|radio|tv\b"
)


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
    ends = _Ends(
        records,
        firsts.str.slice(0, LEAD_CHARS),
        lasts.str.tail(EDGE_CHARS),
        read_leads(articles["body"].str.slice(0, LEAD_CHARS)),
    )
    fields = _field_values(edges)
    sources = _find_sources(articles, edges, ends)
    authors = _find_authors(articles, edges, ends, fields)
    datelines = _pick(fields, fields["name"] == "dateline")
    dateline, dateline_text = (
        first_of_each(
            articles, pl.concat([datelines, _said(articles, ends.leads[name])])
        )
        for name in ("dateline", "dateline_text")
    )
    languages = find_languages(articles["body"])
    dates = date_articles(
        articles.select("article_row", "document_row", "body").hstack(
            [
                ends.leads["dateline_text"].str.len_bytes().alias("lead_bytes"),
                records["date"].alias("record"),
                dateline_text.alias("dateline"),
                languages,
            ]
        ),
        lines,
        documents["file_name"],
        run_date,
    )
    return articles.with_columns(
        records["record_id"],
        *sources,
        authors.alias("author"),
        dateline.alias("dateline"),
        *dates,
        languages,
    ).select(list(ARTICLES))


@dataclass(frozen=True)
class _Ends:
    """What each article says of itself beside its title, header, and trailer.

    Attributes:
        records: Its record's fields, null for none.
        firsts: Head of its first body line.
        lasts: Tail of its last one.
        leads: What `read_leads` found.
    """

    records: pl.DataFrame
    firsts: pl.Series
    lasts: pl.Series
    leads: pl.DataFrame


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
    lines = _pick(edges, edges["kind"] == "field")
    names = extract(lines["text"], _FIELD, 1).str.to_lowercase()
    texts = extract(lines["text"], _FIELD, 2)
    fields = [lines["article_row"], names.alias("name"), texts.alias("text")]
    return pl.DataFrame(fields).filter(names.is_not_null() & texts.is_not_null())


def _pick(
    rows: pl.DataFrame,
    is_kept: pl.Series,
    read: Callable[[pl.Series], pl.Series] | None = None,
    *,
    text: str = "text",
) -> pl.DataFrame:
    """Rows (article_row, text) of some of the lines or fields, as read from them."""
    texts = rows[text].filter(is_kept)
    owners = rows.select("article_row").filter(is_kept)
    return _said(owners, read(texts) if read else texts)


def _group(pattern: str) -> Callable[[pl.Series], pl.Series]:
    """Reads the first group of a pattern."""
    return lambda texts: extract(texts, pattern)


def _said(rows: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Rows (article_row, text) of what is said in some rows."""
    return pl.DataFrame([rows["article_row"], texts.alias("text")])


@on_own_thread("sources")
def _find_sources(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: _Ends
) -> pl.DataFrame:
    said = pl.concat(_source_candidates(edges, ends)).drop_nulls("text")
    names = first_of_each(articles, _said(said, tidy_name(said["text"])))
    return share_sources(articles, resolve_sources(names))


def _source_candidates(edges: pl.DataFrame, ends: _Ends) -> list[pl.DataFrame]:
    """Rows (article_row, text), the best frame first."""
    kind, records = edges["kind"], ends.records
    mastheads, exported = _mastheads(edges)
    is_labelled = (kind == "source") | (kind == "field") | (kind == "read_more")
    return [
        _said(records, records["source"]),
        exported,
        _pick(edges, kind == "code", _group(r"^SN\s+(\S.*)$")),
        _pick(edges, is_labelled, labelled_source),
        _pick(edges, edges["kind_before"] == "published_by"),
        _pick(edges, kind == "origin", origin_source),
        mastheads,
        _dated_mastheads(edges),
        _pick(edges, (kind == "copyright") | (kind == "rights"), copyright_holder),
        _said(records, ends.leads["agency"]),
        _monitored(ends),
        _known_signs(edges),
        _wire_tails(ends),
        _titled(edges),
        _said(records, records["url"]),
    ]


def _mastheads(edges: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Short lines beside that of the date, and those of them in databases' exports."""
    before = edges["before"].set(edges["kind_before"].ne_missing("filler"), None)
    after = edges["after"].set(edges["kind_after"].ne_missing("filler"), None)
    beside = before.zip_with(before.is_not_null(), after)
    is_masthead = (edges["kind"] == "date_line") & beside.is_not_null()
    rows = edges.select("article_row", "is_export").filter(is_masthead)
    texts = beside.filter(is_masthead)
    is_name = ~contains(texts, _NO_MASTHEAD)
    mastheads = _said(rows, texts).filter(is_name)
    return mastheads, mastheads.filter(rows["is_export"].filter(is_name))


def _dated_mastheads(edges: pl.DataFrame) -> pl.DataFrame:
    is_dated = (edges["kind"] == "masthead") | (edges["kind"] == "date_line")
    dated = _pick(edges, is_dated, masthead_source)
    dated = dated.filter(dated["text"].is_not_null())
    return dated.filter(is_known_source(dated["text"]) | ~is_place(dated["text"]))


def _monitored(ends: _Ends) -> pl.DataFrame:
    is_tagged = contains(ends.firsts, LEAD_TAGS)
    return ends.records.filter(is_tagged).select("article_row", text=pl.lit("FBIS"))


def _known_signs(edges: pl.DataFrame) -> pl.DataFrame:
    is_sign = (edges["kind"] == "wire_end") | (edges["kind"] == "agency_sign")
    signs = _pick(edges, is_sign)
    is_publisher = contains(signs["text"], _PUBLISHER_WORDS)
    return signs.filter(is_known_source(signs["text"]) | is_publisher)


def _wire_tails(ends: _Ends) -> pl.DataFrame:
    is_signed = contains(ends.lasts.str.tail(SIGN_CHARS), WIRE_END)
    tails = ends.lasts.filter(is_signed)
    return _said(ends.records.filter(is_signed), extract(tails, WIRE_TAIL))


def _titled(edges: pl.DataFrame) -> pl.DataFrame:
    titles = edges.filter(edges["role"] == LineRole.TITLE)
    named = _pick(titles, contains(titles["text"], _TITLE_SIGN), _group(_TITLE_TAIL))
    return named.filter(is_known_source(named["text"]))


@on_own_thread("authors")
def _find_authors(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: _Ends, fields: pl.DataFrame
) -> pl.Series:
    recorded = _said(ends.records, ends.records["author"])
    named = _pick(fields, fields["name"].is_in(_AUTHOR_FIELDS))
    candidates = []
    for frames, is_field in (
        ([recorded, named], True),
        (_free_bylines(edges, ends), False),
    ):
        said = pl.concat(frames).drop_nulls("text")
        candidates.append(_said(said, tidy_author(said["text"], is_field=is_field)))
    return first_of_each(articles, pl.concat(candidates))


def _free_bylines(edges: pl.DataFrame, ends: _Ends) -> list[pl.DataFrame]:
    """Rows (article_row, text) of what may name an author, the best frame first."""
    kind = edges["kind"]
    credit_rows = (kind == "credit").arg_true()
    is_written = contains(edges["text"].gather(credit_rows), _WRITTEN_BY)
    is_byline = (kind == "byline").scatter(credit_rows.filter(is_written), values=True)
    is_counted = (
        (kind == "word_count")
        & edges["is_past_title"]
        & (edges["kind_before"] == "filler")
    )
    by_tails = ends.lasts.str.contains(" By ", literal=True)
    tails = extract(ends.lasts.set(~by_tails, None), BYLINE_TAIL)
    by_leads = contains(ends.firsts, r"^\s*(?:By|BY)\s")
    signs = _pick(edges, kind == "agency_sign", signed_name)
    return [
        _pick(edges, is_byline),
        _pick(edges, is_counted, text="before"),
        _said(ends.records, lead_byline(ends.firsts.set(~by_leads, None))),
        _said(ends.records, replace(tails, r",?\s(?:for|in|of)\s.*$")),
        signs.filter(~contains(signs["text"], _PUBLISHER_WORDS)),
    ]
