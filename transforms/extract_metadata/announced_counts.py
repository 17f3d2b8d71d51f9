"""How many articles a file says it holds: `Documents (100)`, `3 of 12 DOCUMENTS`.

What a list or a cover says is read before what the counters of single articles say.
Only lines between and above articles speak of the file, and its very first lines.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import LineRole
from transforms.text.compiled_patterns import contains, extract_groups, on_own_thread

SAYING_MAX_BYTES: Final = 160
# Lines of a cover may be taken for those of an article.
COVER_LINES: Final = 40
MOST_ARTICLES: Final = 99_999
# A list that is named again after fewer articles than this is the same list.
SAME_LIST_RATIO: Final = 0.5
_SIDES: Final = ("left", "right")


def _any_of(words: str) -> str:
    return rf"(?:{'|'.join(words.split())})"


_MANY: Final = _any_of(
    "documents documenten dokumente dokumenten documentos documenti dokumenty dokument "
    "articles artikel artikelen artículos artigos articoli articole artykuły artykułów "
    "results résultats resultate resultaten resultados risultati ergebnisse treffer "
    "hits träffar records items stories clippings berichten beiträge meldungen notices "
    "headlines noticias notícias notizie nouvelles sonuç haber haberler wyniki "
    "документов документы документа результатов результаты результата статей статьи "
    "публикаций публикации сообщений сообщения новостей новости материалов материалы"
)
_ONE: Final = _any_of(
    "document documento article artículo artigo articolo artykuł result résultat "
    "resultat resultado risultato ergebnis hit record item story clipping bericht "
    "beitrag meldung headline noticia документ результат статья публикация сообщение "
    "новость материал"
)
_FOUND: Final = _any_of(
    "found retrieved selected gefunden ausgewählt trouvés trouvées sélectionnés "
    "encontrados encontradas trovati gevonden geselecteerd найдено отобрано"
)
_AMONG: Final = _any_of("of von van de sur di из av / out[ ]of")
# `Download Request: Selected`, `Nombre de`, `Всего найдено`.
_BEFORE: Final = (
    r"(?i)^\W*(?:[\p{L} ]+:\s*)?(?:(?:all|alle|tous les|todos los|total|"
    r"search|showing|displaying|number|nombre|anzahl|aantal|número|numero|liczba|"
    r"количество|всего|показаны|of|de|der|di|het|selected|"
    rf"{_FOUND})\s+)*"
)
_COUNT: Final = r"(\d{1,3}(?:[., \x{a0}]\d{3})+|\d{1,6})"
_TO: Final = rf"{_COUNT}\s*(?:[-–—]|to|bis|à|tot|do|до|through)\s*{_COUNT}"
_END: Final = rf"(?:\s+{_FOUND})?\W*$"
# Of these the last two numbers are the first and the last article of the list.
_RANGES: Final = (
    rf"{_BEFORE}(?:{_MANY}|{_ONE})\s?:?\s*{_TO}(?:\s*{_AMONG}\s*\d[\d., ]*)?{_END}",
    rf"{_BEFORE}{_TO}\s*{_AMONG}\s*\d[\d., ]*(?:\s+{_MANY})?{_END}",
)
_TOTALS: Final = (
    rf"{_BEFORE}{_MANY}\s?[(\[]{_COUNT}[)\]]\W*$",
    rf"{_BEFORE}(?:{_MANY}(?:\s+{_FOUND})?|{_FOUND})\s?[:=]\s*{_COUNT}{_END}",
    rf"{_BEFORE}{_COUNT}\s+(?:{_MANY}|{_ONE}){_END}",
)
# Of these the number of an article, and of how many.
_COUNTERS: Final = (
    rf"{_BEFORE}(?:{_MANY}|{_ONE})\s?:?\s*#?{_COUNT}\s*{_AMONG}\s*{_COUNT}\W*$",
    rf"(?i)^\W*{_COUNT}\s*{_AMONG}\s*{_COUNT}\s+(?:{_MANY}|{_ONE})\W*$",
)
_BARE_COUNTER: Final = rf"(?i)^\W*{_COUNT}\s+{_AMONG}\s+{_COUNT}\W*$"


@on_own_thread("announced counts")
def count_announced(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Articles that each document says it holds, null where it says nothing.

    The lists of a document are added up: one that names `1-25 of 312` holds 25, and
    one named again before half of it was found is the same one. Without a list, so are
    its counters: each `3 of 12` below a smaller number of twelve belongs to the same
    dozen, all of which the document announces.

    Args:
        documents: `document_row`.
        lines: The lines that `clean` gave.

    Returns:
        `announced_count` (int), in the order of the documents.
    """
    said = _find_lines(lines)
    outside = said.filter("is_outside")
    cover = said.filter(~pl.col("is_outside"))
    ranges = pl.concat([_read(outside, _RANGES), _read(cover, _RANGES[:1])])
    totals = pl.concat([_read(outside, _TOTALS), _read(cover, _TOTALS[:1])])
    span = pl.col("high") - pl.col("low") + 1
    lists = pl.concat(
        [ranges.with_columns(count=span), totals.with_columns(count="high")]
    )
    counts = pl.concat(
        [
            _add_lists(lists.sort("line_row")),
            _add_series(_read(outside, _COUNTERS)),
            _add_series(_keep_counting(_read(outside, (_BARE_COUNTER,)))),
        ]
    )
    return documents.join(
        counts.unique("document_row", keep="first"),
        on="document_row",
        how="left",
        maintain_order="left",
    )["announced_count"]


def _find_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Short lines with a number that may speak of the whole document.

    Returns:
        `document_row`, `line_row`, `text`, `is_outside` (it stands between articles or
        above a title), and how many articles of the document start `before` it and
        `behind` it; one that it belongs to is behind it.
    """
    rows = lines["document_row"].to_numpy()
    firsts, ends = (np.searchsorted(rows, rows, side=side) for side in _SIDES)
    article = lines["article_row"]
    is_inside = article.is_not_null()
    is_start = is_inside & article.ne_missing(article.shift(1))
    starts = is_start.cum_sum().cast(pl.Int64)
    before = starts - is_inside.cast(pl.Int64)
    is_outside = ~is_inside | (lines["role"] == LineRole.HEADER)
    is_cover = pl.Series(np.arange(len(rows)) - firsts < COVER_LINES)
    is_short = lines["text"].str.len_bytes() <= SAYING_MAX_BYTES
    likely = lines.select(
        "document_row",
        "line_row",
        "text",
        is_outside=is_outside,
        before=before,
        behind=starts.gather(ends - 1) - before,
    ).filter((is_outside | is_cover) & is_short)
    return likely.filter(contains(likely["text"], r"\d"))


def _read(lines: pl.DataFrame, patterns: tuple[str, ...]) -> pl.DataFrame:
    """The lines that fit a pattern, with the first and the last number of its groups.

    Returns:
        The lines with `low` and `high`, which is no smaller; the same one where a
        pattern has one group.
    """
    read = []
    for pattern in patterns:
        groups = extract_groups(lines["text"], pattern).struct
        names = groups.fields
        low, high = (_read_number(groups.field(names[n])) for n in (0, -1))
        read.append(lines.with_columns(low=low, high=high))
    is_sound = pl.col("low").is_between(1, pl.col("high"))
    return (
        pl.concat(read)
        .filter(is_sound, pl.col("high") <= MOST_ARTICLES)
        .unique("line_row", keep="first", maintain_order=True)
        .sort("line_row")
    )


def _read_number(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(r"\D", "").cast(pl.Int64, strict=False)


def _add_lists(lists: pl.DataFrame) -> pl.DataFrame:
    """Sum of the lists of each document, each counted once.

    Args:
        lists: In order of their lines, `count` the articles of each.
    """
    place = ["document_row", "before"]
    again = pl.col("before") - pl.col("before").shift(1).over("document_row", "count")
    is_first = pl.int_range(pl.len()).over("document_row") == 0
    return (
        # What is said twice between two articles is said of the same: `312 results`,
        # of which the file holds `1-25`.
        lists.sort("document_row", "before", "count", maintain_order=True)
        .unique(place, keep="first", maintain_order=True)
        .filter((again >= SAME_LIST_RATIO * pl.col("count")).fill_null(value=True))
        # What is said below the last article is said of those above it.
        .filter(is_first | (pl.col("behind") > 0))
        .group_by("document_row")
        .agg(announced_count=pl.col("count").sum())
    )


def _add_series(counters: pl.DataFrame) -> pl.DataFrame:
    """Sum of what the series of each document count up to.

    Args:
        counters: In order of their lines, `low` of `high` articles.
    """
    low, high = pl.col("low"), pl.col("high")
    before = (column.shift(1).over("document_row") for column in (low, high))
    is_next = (low >= next(before)) & (high == next(before))
    return (
        counters.filter(~is_next.fill_null(value=False))
        .group_by("document_row")
        .agg(announced_count=high.sum())
    )


def _keep_counting(counters: pl.DataFrame) -> pl.DataFrame:
    """Those that the counter before or behind goes on from, such as `1 of 3`, `2 of 3`.

    Args:
        counters: In order of their lines; no word says what they count.
    """
    low, high = pl.col("low"), pl.col("high")
    goes_on = ((low - low.shift(1) == 1) & (high == high.shift(1))).over("document_row")
    return counters.filter(
        goes_on.fill_null(value=False)
        | goes_on.shift(-1).over("document_row").fill_null(value=False)
    )
