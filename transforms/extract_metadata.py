"""Publisher, author, place, dates, and language of each article, from its own words."""

from datetime import date
from typing import Final

import polars as pl

from transforms.body_edges import (
    BYLINE_TAIL,
    EDGE_CHARS,
    LEAD_TAGS,
    SIGN_CHARS,
    WIRE_END,
    WIRE_TAIL,
)
from transforms.bylines import (
    LEAD_CHARS,
    is_place,
    lead_byline,
    read_leads,
    signed_name,
    tidy_author,
)
from transforms.contracts import ARTICLES, CLEAN_ARTICLES, DOCUMENTS, LineRole, check
from transforms.dates import date_articles
from transforms.languages import find_languages
from transforms.sources import (
    copyright_holder,
    is_known_source,
    labelled_source,
    masthead_source,
    origin_source,
    resolve_sources,
    share_sources,
    tidy_name,
)

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
    "byline", "by-line", "author", "authors", "reporter", "автор", "autor", "auteur",
)  # fmt: skip
_DATE_FIELDS: Final = (
    "date", "dated", "published", "posted", "publication date", "pub date",
    "publication info", "дата", "datum", "fecha",
)  # fmt: skip
EXPORT_KINDS: Final = ("counter", "word_count", "body_marker", "document_id")
_WRITTEN_BY: Final = r"(?i)^\W{0,2}(?:written|reported) by\b"
_TITLE_TAIL: Final = r"\s(?:[-–—|]\s|\()(\p{Lu}[^–—|()]{1,40})\)?$"
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
    edges = _edge_lines(articles, lines)
    leads = read_leads(articles["body"].str.slice(0, LEAD_CHARS))
    firsts = _first_and_last_lines(articles, lines)
    fields = _field_values(edges)
    sources = share_sources(
        articles,
        resolve_sources(
            _best(articles, [_source_candidates(edges, leads, firsts, records)])
        ),
    )
    authors = _best(articles, _author_candidates(edges, fields, firsts, records))
    datelines = _per_article(articles, fields.filter(pl.col("name") == "dateline"))
    dates = date_articles(
        articles.select("document_row", "body").hstack(
            [
                leads["dateline_text"].str.len_bytes().alias("lead_bytes"),
                _best(articles, _date_candidates(edges, fields, records)).alias(
                    "record"
                ),
                datelines.zip_with(
                    datelines.is_not_null(), leads["dateline_text"]
                ).alias("dateline"),
            ]
        ),
        documents["file_name"],
        run_date,
    )
    return articles.with_columns(
        records["record_id"],
        *sources,
        authors.alias("author"),
        datelines.zip_with(datelines.is_not_null(), leads["dateline"]).alias(
            "dateline"
        ),
        *dates,
        find_languages(articles["body"]),
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


def _edge_lines(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Title, header, and trailer lines in order, each with its neighbours."""
    roles = [LineRole.TITLE, LineRole.HEADER, LineRole.TRAILER]
    row = pl.col("article_row")
    return (
        lines.lazy()
        .filter(pl.col("role").is_in(roles))
        .join(articles.lazy().select("article_row"), on="article_row", how="semi")
        .sort("line_row")
        .select(
            "article_row",
            "role",
            "kind",
            text=pl.col("text").str.slice(0, EDGE_CHARS).str.strip_chars(),
        )
        .with_columns(
            before=pl.when(row == row.shift(1)).then(pl.col("text").shift(1)),
            kind_before=pl.when(row == row.shift(1)).then(pl.col("kind").shift(1)),
            after=pl.when(row == row.shift(-1)).then(pl.col("text").shift(-1)),
            kind_after=pl.when(row == row.shift(-1)).then(pl.col("kind").shift(-1)),
            # Exports of databases put their own fields around each article.
            is_export=pl.col("kind").is_in(EXPORT_KINDS).any().over("article_row"),
            is_past_title=(pl.col("role") == LineRole.TITLE)
            .cum_sum()
            .over("article_row")
            > 0,
        )
        .collect()
    )


def _first_and_last_lines(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Per article the head of its first body line and the tail of its last one."""
    body = (
        lines.lazy()
        .filter(pl.col("role") == LineRole.BODY)
        .group_by("article_row")
        .agg(
            first=pl.col("text").first().str.slice(0, LEAD_CHARS),
            last=pl.col("text").last().str.tail(EDGE_CHARS),
        )
    )
    return (
        articles.lazy()
        .select("article_row")
        .join(body, on="article_row", how="left", maintain_order="left")
        .collect()
    )


def _field_values(edges: pl.DataFrame) -> pl.DataFrame:
    """Rows (article_row, name, text) of `Name: value` lines; names in lower case."""
    return (
        edges.lazy()
        .filter(pl.col("kind") == "field")
        .select(
            "article_row",
            name=pl.col("text").str.extract(_FIELD, 1).str.to_lowercase(),
            text=pl.col("text").str.extract(_FIELD, 2),
        )
        .drop_nulls()
        .collect()
    )


def _best(articles: pl.DataFrame, candidates: list[pl.LazyFrame]) -> pl.Series:
    """First non-null text per article, candidates of the first frame first."""
    return _per_article(articles, _in_order(candidates).drop_nulls("text").collect())


def _in_order(candidates: list[pl.LazyFrame]) -> pl.LazyFrame:
    """Rows (article_row, text) of all frames, the first frame's first.

    What is done to all texts is done once here: a pattern costs more to compile than
    to try on the few lines of one frame.
    """
    return pl.concat(
        frame.select(
            pl.col("article_row").cast(pl.UInt32), pl.col("text").cast(pl.String)
        )
        for frame in candidates
    )


def _per_article(articles: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    firsts = found.unique("article_row", keep="first", maintain_order=True)
    return articles.select("article_row").join(
        firsts.select("article_row", "text"),
        on="article_row",
        how="left",
        maintain_order="left",
    )["text"]


def _source_candidates(
    edges: pl.DataFrame,
    leads: pl.DataFrame,
    firsts: pl.DataFrame,
    records: pl.DataFrame,
) -> pl.LazyFrame:
    rows, kind, text = edges.lazy(), pl.col("kind"), pl.col("text")
    labelled = rows.filter(kind.is_in(["source", "field", "read_more"])).select(
        "article_row", text=labelled_source(text)
    )
    coded = pl.when(kind == "code").then(text)
    codes = rows.select("article_row", text=coded.str.extract(r"^SN\s+(\S.*)$"))
    origins = rows.filter(kind == "origin").select(
        "article_row", text=origin_source(text)
    )
    dated = rows.filter(kind.is_in(["masthead", "date_line"])).select(
        "article_row", text=masthead_source(text)
    )
    # Collected, or the filter would hold the whole of what it filters, twice.
    dated = dated.drop_nulls().collect().lazy()
    dated = dated.filter(is_known_source(text) | ~is_place(text))
    publishers = rows.filter(pl.col("kind_before") == "published_by")
    mastheads = rows.filter(kind == "date_line").select(
        "article_row",
        "is_export",
        text=pl.coalesce(
            pl.when(pl.col("kind_before") == "filler").then("before"),
            pl.when(pl.col("kind_after") == "filler").then("after"),
        ),
    )
    mastheads = mastheads.filter(~text.str.contains(_NO_MASTHEAD))
    monitored = firsts.lazy().select(
        "article_row",
        text=pl.when(pl.col("first").str.contains(LEAD_TAGS)).then(pl.lit("FBIS")),
    )
    holders = rows.filter(kind.is_in(["copyright", "rights"])).select(
        "article_row", text=copyright_holder(text)
    )
    signs = rows.filter(kind.is_in(["wire_end", "agency_sign"]))
    known_signs = signs.filter(
        is_known_source(text) | text.str.contains(_PUBLISHER_WORDS)
    )
    titles = rows.filter(pl.col("role") == LineRole.TITLE)
    titled = titles.select("article_row", text=text.str.extract(_TITLE_TAIL))
    titled = titled.drop_nulls().filter(is_known_source(text))
    agencies = records.select("article_row").lazy().with_columns(text=leads["agency"])
    tails = (
        firsts.lazy()
        .filter(pl.col("last").str.tail(SIGN_CHARS).str.contains(WIRE_END))
        .select("article_row", text=pl.col("last").str.extract(WIRE_TAIL))
    )
    candidates = [
        records.lazy().select("article_row", text="source"),
        mastheads.filter("is_export"),
        codes,
        labelled,
        publishers,
        origins,
        mastheads,
        dated,
        holders,
        agencies,
        monitored,
        known_signs,
        tails,
        titled,
        records.lazy().select("article_row", text="url"),
    ]
    return _in_order(candidates).select("article_row", tidy_name(text))


def _author_candidates(
    edges: pl.DataFrame,
    fields: pl.DataFrame,
    firsts: pl.DataFrame,
    records: pl.DataFrame,
) -> list[pl.LazyFrame]:
    rows, text = edges.lazy(), pl.col("text")
    named = fields.lazy().filter(pl.col("name").is_in(_AUTHOR_FIELDS))
    written = (pl.col("kind") == "credit") & text.str.contains(_WRITTEN_BY)
    bylines = rows.filter((pl.col("kind") == "byline") | written)
    counted = rows.filter(
        (pl.col("kind") == "word_count")
        & pl.col("is_past_title")
        & (pl.col("kind_before") == "filler")
    ).select("article_row", text="before")
    tails = (
        firsts.lazy()
        .filter(pl.col("last").str.contains(" By ", literal=True))
        .select(
            "article_row",
            text=pl.col("last")
            .str.extract(BYLINE_TAIL)
            .str.replace(r",?\s(?:for|in|of)\s.*$", ""),
        )
    )
    leads = (
        firsts.lazy()
        .filter(pl.col("first").str.contains(r"^\s*(?:By|BY)\s"))
        .select("article_row", text=lead_byline(pl.col("first")))
    )
    signs = rows.filter(pl.col("kind") == "agency_sign").select(
        "article_row", text=signed_name(text)
    )
    signs = signs.filter(~text.str.contains(_PUBLISHER_WORDS))
    recorded = records.lazy().select("article_row", text="author")
    ranked = ([recorded, named], [bylines, counted, leads, tails, signs])
    said, free = (_in_order(frames).drop_nulls().collect() for frames in ranked)
    return [
        rows.lazy().with_columns(tidy_author(rows["text"], is_field=is_field))
        for rows, is_field in ((said, True), (free, False))
    ]


def _date_candidates(
    edges: pl.DataFrame, fields: pl.DataFrame, records: pl.DataFrame
) -> list[pl.LazyFrame]:
    coded = pl.when(pl.col("kind") == "code").then(pl.col("text"))
    return [
        records.lazy().select("article_row", text="date"),
        edges.lazy().select("article_row", text=coded.str.extract(r"^PD\s+(.*)$")),
        edges.lazy().filter(pl.col("kind").is_in(["date_line", "masthead"])),
        fields.lazy().filter(pl.col("name").is_in(_DATE_FIELDS)),
    ]
