"""Who wrote each article: what its record, its fields, and its bylines say."""

from typing import Final

import polars as pl

from transforms.clean.body_edges import BYLINE_TAIL
from transforms.extract_metadata.bylines import (
    find_persons,
    lead_byline,
    signed_name,
)
from transforms.extract_metadata.edge_lines import (
    Ends,
    pick_texts,
    read_group,
    texts_of,
)
from transforms.extract_metadata.mastheads import PERSON, PUBLISHER_WORDS, is_no_name
from transforms.extract_metadata.sources import is_known_source
from transforms.text.compiled_patterns import contains, extract, replace

_AUTHOR_FIELDS: Final = (
    "byline",
    "by-line",
    "author",
    "authors",
    "author/byline",
    "reporter",
    "автор",
    "авторы",
    "автори",
    "autor",
    "autoren",
    "autores",
    "auteur",
    "auteurs",
    "autore",
    "yazar",
    "muallif",
    "муаллиф",
    "نویسنده",
)
SURE_BYLINES: Final = 5  # of the frames: fields, and lines that say By
_EMPTY_FIELD: Final = r"(?i)^(?:authors?|byline|autor(?:en)?|auteurs?|автор)\s?:?$"
_WRITTEN_BY: Final = r"(?i)^\W{0,2}(?:written|reported) by\b"
# Lines that stand beside that of a writer: what he is, when it was, how long.
_BESIDE: Final = (
    "byline",
    "copyright",
    "date_line",
    "masthead",
    "publisher",
    "role",
    "word_count",
)
# `14:05, 6 January 2022, Town - Example.org, Jane Doe`
_SITE_LINE: Final = (
    r"(?:19|20)\d\d,\s\p{Lu}\S*\s[-–—]\s\S+\s?,\s(\p{Lu}\S*(?:\s\p{Lu}\S*){1,2})$"
)
# `Jane Doe Jan 5, 2022`
_NAME_AND_DAY: Final = (
    r"^(\p{Lu}[^\s\d,]+(?:\s\p{Lu}[^\s\d,]+){1,2})\s\p{Lu}\p{Ll}{2,8}\.?\s\d"
)


def find_authors(
    articles: pl.DataFrame, edges: pl.DataFrame, ends: Ends, fields: pl.DataFrame
) -> pl.DataFrame:
    """Who wrote each article.

    Args:
        articles: `article_row`.
        edges: As `find_edge_lines` gives them.
        ends: The records, leads, and outer lines of the articles.
        fields: `article_row`, `name`, `text` of its `Name: value` lines.

    Returns:
        One row per article: `byline`, as printed, null for none, and `authors`, the
        persons that it names, in reading order.
    """
    bylines = pl.concat(
        [
            frame.with_columns(is_sure=pl.lit(rank < SURE_BYLINES))
            for rank, frame in enumerate(_bylines(edges, ends, fields))
        ]
    ).drop_nulls("text")
    named = bylines.with_columns(find_persons(bylines["text"]).alias("authors"))
    # The first that names a person has the word; a byline of a desk is kept as printed.
    has_person = pl.col("authors").list.len() > 0
    ranked = pl.concat([named.filter(has_person), named.filter("is_sure")])
    firsts = ranked.unique("article_row", keep="first", maintain_order=True)
    return (
        articles.select("article_row")
        .join(firsts, on="article_row", how="left", maintain_order="left")
        .select(
            pl.col("text").str.strip_chars().alias("byline"),
            pl.col("authors").fill_null([]),
        )
    )


def _bylines(
    edges: pl.DataFrame, ends: Ends, fields: pl.DataFrame
) -> list[pl.DataFrame]:
    """Rows (article_row, text) of what may name an author, the best frame first."""
    kind = edges["kind"]
    is_field = fields["name"].is_in(_AUTHOR_FIELDS)
    bare = edges.filter(kind.is_in(["field", "label"]))
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
    signs = pick_texts(edges, kind == "agency_sign", signed_name)
    return [
        texts_of(ends.records, ends.records["author"]),
        pick_texts(fields, is_field),
        pick_texts(edges, kind == "code", read_group(r"^BY\s+(\S.*)$")),
        pick_texts(bare, contains(bare["text"], _EMPTY_FIELD), text="after"),
        pick_texts(edges, is_byline),
        pick_texts(edges, kind == "date_line", read_group(_SITE_LINE)),
        pick_texts(edges, is_counted, text="before"),
        _names(edges),
        texts_of(ends.records, lead_byline(ends.firsts.set(~by_leads, None))),
        texts_of(ends.records, replace(tails, r",?\s(?:for|in|of)\s.*$")),
        signs.filter(~contains(signs["text"], rf"^(?:{PUBLISHER_WORDS})$")),
    ]


def _names(edges: pl.DataFrame) -> pl.DataFrame:
    """Lines next to a title that hold a name and stand beside a day, a role, a size."""
    before, after = edges["kind_before"], edges["kind_after"]
    is_behind = (before == "") & edges["is_past_title"] & after.is_in(_BESIDE)
    # Databases have the paper there.
    is_behind &= ~(edges["is_export"] & (after == "date_line"))
    is_ahead = (after == "") & before.is_in(_BESIDE)
    rows = edges.filter(
        (edges["kind"] == "filler") & (is_behind | is_ahead).fill_null(value=False)
    )
    is_name = contains(rows["text"], PERSON) & ~contains(rows["text"], PUBLISHER_WORDS)
    is_name &= ~is_no_name(rows["text"]) & ~is_known_source(rows["text"])
    return pick_texts(rows, is_name)
