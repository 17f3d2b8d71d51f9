"""Which of the lines around a title names the publisher.

No list knows all publishers. So each short line of a header is judged by what speaks
for a name: it is listed, has a word that newspapers and agencies are called by, stands
on or beside the line of the day, comes back in the file, or shares a word with the
holder of the rights.
"""

from typing import Final

import polars as pl

from transforms.contracts import LineRole
from transforms.extract_metadata.leads import is_place
from transforms.extract_metadata.sources import (
    dated_name,
    is_known_source,
    tidy_name,
)
from transforms.text.compiled_patterns import contains, extract

MASTHEAD_MIN_SCORE: Final = 2
STRONG_SCORE: Final = 4
MASTHEAD_MAX_CHARS: Final = 70
MIN_COPIES: Final = 3
_DATED: Final = ("date_line", "masthead")
PUBLISHER_WORDS: Final = (
    r"(?i)(?-u:\b)(?:news|newswires?|agency|wire|press|times|post|herald|tribune|"
    r"gazette|journal|radio|tv|daily|weekly|courier|chronicle|observer|guardian|"
    r"telegraph|register|sentinel|examiner|monitor|mirror|globe|bulletin|gazeta|"
    r"gazzetta|courrier|diario|corriere|anzeiger|zeitung|kurier|rundschau|"
    r"nachrichten|krant|courant|newspapers?|magazine|online|review)(?-u:\b)|"
    r"(?i)(?:zeitung|blatt|bote|blad|post|press|inform|kurier)(?-u:\b)|"
    r"(?i)агентство|газета|новости|вести|пресс|агентлиги|خبرگزاری|روزنامه"
)
_SECTIONS: Final = (
    r"(?i)^(?:(?:business|sports?|local|world|national|international|foreign|home|"
    r"home page|metro|state|region|regional|politics?|opinion|editorials?|comment|"
    r"features?|culture|health|science|technology|lifestyle|arts|finance|financial|"
    r"companies|markets?|economy|energy|views|letters|front page|section|print|share|"
    r"top stories|headlines|politique|région|économie|monde|société|sport|inland|"
    r"ausland|politik|wirtschaft|kultur|chronik|lokales|binnenland|buitenland|"
    r"economie|españa|internacional|english|german|french|spanish|dutch|italian|"
    r"korean|chinese|russian|anglais|français|deutsch|英文|德文|中文|"
    r"(?:breaking|latest|local|world|business|sports?|national|more|top|state|"
    r"international|foreign|good|bad|related|general|regional|our|all|in the) news)"
    r"|(?:[\p{L}/&]+\s){1,3}desk(?:;.*)?|correction|update|analysis|exclusive)$"
)
_NO_NAME: Final = (
    r"(?i)^\W*$|^\p{Lu}{0,2}\d+\p{L}?$|(?-u:\b)(?:edition|edición|édition|ausgabe|"
    r"editie|page|column|section|volume|vol|issue|issn|desk|staff|writers?|"
    r"reporters?|correspondents?|bureau|editors?|redactie|redaktion|documents?|"
    r"words|mots|wörter|photo|time|reserved|published|release|subject|e-?mail|tel)"
    r"(?-u:\b)|@|https?:|[!?:;,]$|\p{Ll}{3}\.$|»|字$"
)
_LOW: Final = r"^\p{Ll}"
_ARTICLE: Final = r"^(?:de|het|la|le|el|il|die|der|das|the|les|los)\s\p{Lu}"
_CODE: Final = r"^\p{Lu}{2,8}\d*$"
_HOST: Final = r"^[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,7}$"
PERSON: Final = (
    r"^\p{Lu}[^\s\d,]*(?:,?\s(?:\p{Lu}[^\s\d,]*|de|van|von|der|den|bin|al|and|y|und|en|"
    r"et|with|AND|\p{Lu}\.))+(?:,?\s(?:in|en|of)\s.*)?$"
)
# No person is called so, but papers are.
_NO_PERSON: Final = r"(?i)^(?:the|de|het|la|le|les|el|il|die|der|das|los|my|o|il)\s"
MIN_NAME_CHARS: Final = 3


def find_mastheads(articles: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Names in headers that may be the publisher's, the likeliest of each article.

    Args:
        articles: `article_row`, `document_row`.
        edges: As `find_edge_lines` gives them.

    Returns:
        `article_row`, `text`, and `score`, at least `MASTHEAD_MIN_SCORE`; at most one
        row per article.
    """
    rows = edges.with_row_index("place").join(
        articles.select("article_row", "document_row"),
        on="article_row",
        maintain_order="left",
    )
    candidates = _candidates(rows)
    names = tidy_name(candidates["name"])
    candidates = candidates.with_columns(names.alias("name"), _score(candidates, names))
    good = (pl.col("score") >= MASTHEAD_MIN_SCORE) & pl.col("name").is_not_null()
    return (
        candidates.filter(good)
        .sort("article_row", pl.col("score").neg(), "place")
        .unique("article_row", keep="first", maintain_order=True)
        .select("article_row", text="name", score="score")
    )


def _candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines that may name a publisher: `name` as printed, and `is_dated`."""
    kind = rows["kind"]
    is_header = (rows["role"] == LineRole.HEADER).fill_null(value=False)
    is_free = is_header & kind.is_in(["filler", "publisher"])
    is_free &= ~rows["kind_before"].eq_missing("label")
    free = rows.filter(is_free).with_columns(
        pl.col("text").alias("name"), is_dated=pl.lit(value=False)
    )
    dated = rows.filter(kind.is_in(_DATED))
    dated = dated.with_columns(
        dated_name(dated["text"]).alias("name"), is_dated=pl.lit(value=True)
    )
    holders = rows.filter(kind == "copyright").select(
        "article_row", holder=pl.col("text").str.to_lowercase()
    )
    return (
        pl.concat([free, dated.drop_nulls("name")])
        .sort("place")
        .join(
            holders.unique("article_row", keep="first", maintain_order=True),
            on="article_row",
            how="left",
            maintain_order="left",
        )
    )


def _score(candidates: pl.DataFrame, names: pl.Series) -> pl.Series:
    """How much speaks for each name, below 0 where it can be none."""
    texts = names.fill_null("")
    is_known = is_known_source(names)
    is_named = contains(texts, PUBLISHER_WORDS)
    is_host = contains(texts, _HOST)
    is_sure = is_known | is_named | is_host
    beside = candidates["kind_before"].is_in(_DATED) | candidates["kind_after"].is_in(
        _DATED
    )
    copies = candidates.select(pl.len().over("document_row", "name")).to_series()
    last_words = extract(texts.str.to_lowercase(), r"([^\s]{4,})$")
    is_holder = (
        pl.DataFrame([candidates["holder"], last_words.alias("word")])
        .select(pl.col("holder").str.contains(pl.col("word"), literal=True))
        .to_series()
    )
    # Next to a title stands who wrote it, unless the line says otherwise.
    is_behind = (candidates["kind_before"] == "") & candidates["is_past_title"]
    is_ahead = candidates["kind_after"] == ""
    is_person = contains(texts, PERSON) & ~contains(texts, _NO_PERSON) & ~is_sure
    # Databases say on a line of its own who wrote it, and the day behind the paper.
    is_paper = candidates["is_export"] & candidates["kind_after"].is_in(_DATED)
    is_paper |= candidates["is_dated"] | (copies >= MIN_COPIES)
    is_person &= (is_behind | is_ahead).fill_null(value=False) & ~is_paper
    is_code = contains(texts, _CODE) & candidates["is_export"]
    is_none = is_no_name(texts) | is_code | (texts.str.len_chars() < MIN_NAME_CHARS)
    is_none |= texts.str.len_chars() > MASTHEAD_MAX_CHARS
    is_none |= is_place(names) | contains(candidates["text"], r"^[<\[]")
    is_none |= contains(texts, _LOW) & ~contains(texts, _ARTICLE) & ~is_host
    weights = (
        (is_known, 4),
        (is_named, 2),
        (is_host, 2),
        (candidates["is_dated"], 3),
        (beside, 2),
        (copies >= MIN_COPIES, 1),
        (is_holder, 1),
        (is_person, -3),
        (texts.str.contains(":", literal=True), -2),
        (is_none & ~is_known, -20),
    )
    return sum(
        (
            flag.fill_null(value=False).cast(pl.Int64) * weight
            for flag, weight in weights
        ),
        start=pl.Series("score", [0], dtype=pl.Int64).new_from_index(0, len(texts)),
    )


def is_no_name(texts: pl.Series) -> pl.Series:
    """Whether lines are names of sections, roles, editions, pages, or languages."""
    return contains(texts, _SECTIONS) | contains(texts, _NO_NAME)
