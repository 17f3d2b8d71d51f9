"""The publisher of each article, the agency that it has the text from, its address."""

from typing import Final

import polars as pl

from transforms.clean.body_edges import LEAD_TAGS, SIGN_CHARS, WIRE_END, WIRE_TAIL
from transforms.contracts import LineRole
from transforms.extract_metadata.edge_lines import (
    Ends,
    first_of_each,
    pick_texts,
    read_group,
    texts_of,
)
from transforms.extract_metadata.mastheads import (
    PUBLISHER_WORDS,
    STRONG_SCORE,
    find_mastheads,
)
from transforms.extract_metadata.sources import (
    alias_key,
    copyright_holder,
    is_known_source,
    labelled_source,
    origin_source,
    resolve_sources,
    share_sources,
    tidy_name,
)
from transforms.text.compiled_patterns import contains, extract

_TITLE_SIGN: Final = r"\s[-–—|(]"  # without which no title has such a tail
_TITLE_TAIL: Final = r"\s(?:[-–—|]\s|\()(\p{Lu}[^–—|()]+)\)?(?:\s[|–-]\s.*)?$"
# `Title (Example Post, January 5)`: with its day, the name needs no other sign.
_DATED_TAIL: Final = (
    r"\s\((\p{Lu}[^(),]+),\s(?:\p{L}+\.?\s\d\d?|\d\d?[\s./-])[^()]*"
    r"\)\s*$"
)
_EMPTY_FIELD: Final = (
    r"(?i)^\W{0,2}(?:original )?(?:source|publisher|источник|quelle|bron|fuente|fonte|"
    r"manba|kaynak|منبع)\s?:?$"
)
# Whose staff wrote it: `Staff Reporter of The Example Post`, `Of EXAMPLE NEWSWIRES`.
_EMPLOYER: Final = (
    r"^(?:(?i:by\s)?(?i:(?:staff|special)\s(?:writers?|reporters?|correspondents?)|"
    r"special)\s(?i:of|for|to|from)|(?i:of))\s((?:(?i:the)\s)?\p{Lu}.*)$"
)
_KNOWN_EMPLOYER: Final = (
    r"(?:^|[,|]\s|\s[-–—]\s)([^,|]+?)(?:\s(?i:(?:\p{L}+\s)?(?:writers?|reporters?|"
    r"correspondents?|bureau|editors?)|staff(?: writers?)?))?$"
)
_ADDRESS: Final = r"(https?://[^\s<>\"”)\]]+[^\s<>\"”)\].,;:!?])"
_ADDRESS_FIELDS: Final = (
    "url",
    "link",
    "document url",
    "clipped from",
    "source",
    "permalink",
)


def find_sources(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: Ends, authors: pl.Series
) -> pl.DataFrame:
    """Who published each article.

    The title of an article, one of its labels, and the person who wrote it are no
    publishers, whatever line they stand on.

    Args:
        articles: `article_row`, `document_row`, `title`.
        edges: As `find_edge_lines` gives them.
        ends: The records, leads, and outer lines of the articles.
        authors: List of the persons who wrote it, per article.

    Returns:
        One row per article: `source`, `is_source_inferred`, and `agency`, the agency
        that the text is from where that is not the source.
    """
    mastheads = find_mastheads(articles, edges)
    candidates = pl.concat(_candidates(articles, edges, ends, mastheads))
    candidates = candidates.drop_nulls("text")
    named = texts_of(candidates, tidy_name(candidates["text"])).drop_nulls("text")
    good = named.filter(_is_publisher(articles, authors, named))
    sources = share_sources(articles, resolve_sources(first_of_each(articles, good)))
    agencies = pl.concat(
        [texts_of(ends.records, ends.leads["agency"]), _wire_tails(ends)]
    )
    agency = resolve_sources(first_of_each(articles, agencies))["source"]
    is_same = agency.eq_missing(sources["source"]) | sources["source"].is_null()
    return sources.with_columns(agency.set(is_same, None).alias("agency"))


def _is_publisher(
    articles: pl.DataFrame, authors: pl.Series, named: pl.DataFrame
) -> pl.Series:
    """Whether a name is neither its article's title nor the person who wrote it.

    The greater part of a title is not one either: a page gives it once with the name of
    the site and once without.
    """
    own = named.join(
        articles.select("article_row", "title").with_columns(
            authors.list.join("; ").alias("author")
        ),
        on="article_row",
        how="left",
        maintain_order="left",
    )
    keys = alias_key(own["text"])
    writers = alias_key(own["author"])
    is_author = (
        pl.DataFrame([writers.alias("author"), keys.alias("key")])
        .select(pl.col("author").str.contains(pl.col("key"), literal=True))
        .to_series()
    )
    titles = alias_key(own["title"])
    is_title = (
        pl.DataFrame([titles.alias("title"), keys.alias("key")])
        .select(
            pl.col("title").str.starts_with(pl.col("key"))
            & (2 * pl.col("key").str.len_chars() > pl.col("title").str.len_chars())
        )
        .to_series()
    )
    is_other = is_title | (is_author & (keys != ""))
    return ~(is_other.fill_null(value=False) & ~is_known_source(own["text"]))


def _candidates(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: Ends, mastheads: pl.DataFrame
) -> list[pl.DataFrame]:
    """Rows (article_row, text), the best frame first."""
    kind, records = edges["kind"], ends.records
    is_labelled = kind.is_in(["source", "field", "read_more"])
    is_strong = mastheads["score"] >= STRONG_SCORE
    is_bare = kind.is_in(["source", "field", "label"])
    bare = edges.filter(is_bare)
    return [
        texts_of(records, records["source"]),
        pick_texts(edges, kind == "code", read_group(r"^SN\s+(\S.*)$")),
        pick_texts(mastheads, is_strong),
        pick_texts(edges, is_labelled, labelled_source),
        pick_texts(bare, contains(bare["text"], _EMPTY_FIELD), _as_label, text="after"),
        pick_texts(edges, edges["kind_before"] == "published_by"),
        pick_texts(edges, kind == "origin", origin_source),
        _dated_titles(edges),
        pick_texts(mastheads, ~is_strong),
        pick_texts(edges, (kind == "copyright") | (kind == "rights"), copyright_holder),
        texts_of(records, ends.leads["agency"]),
        _monitored(ends),
        _known_signs(edges),
        _wire_tails(ends),
        _titled(articles, edges),
        _employers(edges),
        texts_of(records, records["url"]),
    ]


def _as_label(values: pl.Series) -> pl.Series:
    """What stands on the line below a label, read as if it stood behind it."""
    return labelled_source("Source: " + values)


def _monitored(ends: Ends) -> pl.DataFrame:
    is_tagged = contains(ends.firsts, LEAD_TAGS)
    return ends.records.filter(is_tagged).select("article_row", text=pl.lit("FBIS"))


def _known_signs(edges: pl.DataFrame) -> pl.DataFrame:
    kind = edges["kind"]
    signs = pick_texts(edges, (kind == "wire_end") | (kind == "agency_sign"))
    is_publisher = contains(signs["text"], PUBLISHER_WORDS)
    return signs.filter(is_known_source(signs["text"]) | is_publisher)


def _wire_tails(ends: Ends) -> pl.DataFrame:
    is_signed = contains(ends.lasts.str.tail(SIGN_CHARS), WIRE_END)
    tails = ends.lasts.filter(is_signed)
    return texts_of(ends.records.filter(is_signed), extract(tails, WIRE_TAIL))


def _titles(edges: pl.DataFrame) -> pl.DataFrame:
    titles = edges.filter(edges["role"] == LineRole.TITLE)
    return titles.filter(contains(titles["text"], _TITLE_SIGN))


def _dated_titles(edges: pl.DataFrame) -> pl.DataFrame:
    titles = _titles(edges)
    return texts_of(titles, extract(titles["text"], _DATED_TAIL))


def _titled(articles: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Publishers behind titles.

    Those that are known, those of half of a file's titles, and those of titles that
    stand in the article once more without them.
    """
    titles = _titles(edges)
    named = texts_of(titles, extract(titles["text"], _TITLE_TAIL))
    bare = texts_of(titles, titles["text"].str.replace(_TITLE_TAIL, ""))
    is_twice = bare.join(
        edges.select("article_row", "text", is_twice=pl.lit(value=True)).unique(),
        on=["article_row", "text"],
        how="left",
        maintain_order="left",
    )["is_twice"]
    named = named.with_columns(is_twice.is_not_null()).drop_nulls("text")
    rows = articles.select(
        "article_row", "document_row", count=pl.len().over("document_row")
    )
    shared = named.join(rows, on="article_row", how="left", maintain_order="left")
    copies = shared.select(pl.len().over("document_row", "text")).to_series()
    is_shared = (copies > 1) & (2 * copies >= shared["count"])
    is_named = is_known_source(named["text"]) | is_shared | named["is_twice"]
    return named.filter(is_named).drop("is_twice")


def _employers(edges: pl.DataFrame) -> pl.DataFrame:
    """Publishers whose staff a byline names."""
    kind = edges["kind"]
    roles = pick_texts(edges, kind == "role", read_group(_EMPLOYER))
    bylines = pick_texts(
        edges, kind.is_in(["byline", "role"]), read_group(_KNOWN_EMPLOYER)
    )
    texts = bylines["text"]
    is_publisher = contains(texts, PUBLISHER_WORDS) & contains(texts, r"\S[\s.-]\S")
    return pl.concat([roles, bylines.filter(is_known_source(texts) | is_publisher)])


def find_urls(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: Ends, fields: pl.DataFrame
) -> pl.Series:
    """Address of each article: its record's, a field's, or that of its trailer."""
    kind = edges["kind"]
    is_link = kind.is_in(["address", "read_more", "field", "source", "origin"])
    is_link &= ~contains(edges["text"], r"(?i)^links?:")
    named = pick_texts(
        fields, fields["name"].is_in(_ADDRESS_FIELDS), read_group(_ADDRESS)
    )
    links = pick_texts(
        edges, is_link | (edges["role"] == LineRole.TITLE), read_group(_ADDRESS)
    )
    return first_of_each(
        articles,
        pl.concat([texts_of(ends.records, ends.records["url"]), named, links]),
    )
