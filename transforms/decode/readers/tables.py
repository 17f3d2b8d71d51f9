"""Tables (.csv, .tsv) and arrays (.json) of articles: each row a record."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

from transforms.contracts import InputKind, ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.markup import decode_markup

# What people and databases call the fields of a record, in small letters.
_ALIASES: Final = {
    "title": (
        "title headline header heading hl titel überschrift schlagzeile titre "
        "titular título titulo titolo kop заголовок название tytuł başlık 标题 見出し"
    ),
    "text": (
        "text body content article fulltext full_text full-text story maintext "
        "article_text artikel inhalt volltext texte contenu corps texto contenido "
        "cuerpo conteúdo testo contenuto corpo tekst inhoud текст содержание treść "
        "metin 正文 本文"
    ),
    "date": (
        "date published publication_date pubdate published_at published_date "
        "publishdate datum erscheinungsdatum date_publication fecha data дата tarih "
        "日期"
    ),
    "author": (
        "author authors byline creator autor autoren verfasser auteur auteurs autore "
        "autores автор yazar 作者"
    ),
    "source": (
        "source publication publisher newspaper outlet journal medium quelle zeitung "
        "site site_name fuente fonte bron krant источник издание kaynak 来源"
    ),
    "url": "url link href permalink web_url",
    "id": "id article_id record_id doc_id guid an accession_number",
}
_NAMES: Final = {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()
}
# A lead is a text where there is no other.
_LEADS: Final = frozenset(
    {"summary", "abstract", "description", "lead", "snippet", "excerpt"}
    | {"zusammenfassung", "résumé", "resumen", "riassunto", "аннотация"}
)
_LISTS: Final = ("articles", "items", "results", "data", "records", "docs", "news")
_DELIMITERS: Final = ",;\t|"
_SNIFFED_CHARS: Final = 20_000
_MOST_CELL_CHARS: Final = 32_000_000


def is_table(content: bytes) -> bool:
    """Any text: only its name says that it is a table."""
    return bool(content.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"))


def read_table(content: bytes) -> Extracted:
    """Each row of a table as a record, its columns known by their usual names.

    Raises:
        UnreadableError: No column is known as the text, or a quote is never closed.
    """
    text = decode_markup(content)
    first = text[:_SNIFFED_CHARS].lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_MOST_CELL_CHARS)
    rows = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        header = next(rows, [])
        names = name_columns(header)
        lines = [
            _dump(
                (name, cell)
                for name, cell in zip(names, row, strict=False)
                if name is not None
            )
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"line {rows.line_num}: {error}"
        ) from error
    return _as_records(lines)


def name_columns(columns: Iterable[str]) -> list[str | None]:
    """The field that each column is, null where it is none.

    Raises:
        UnreadableError: No column is the text; it says which were found.

    Example:
        >>> name_columns(["Headline", "No.", "Summary", "Body"])
        ['title', None, None, 'text']
    """
    plain = [_simplify(column) for column in columns]
    names = [_NAMES.get(column) for column in plain]
    if "text" not in names:
        names = [
            "text" if column in _LEADS else name
            for column, name in zip(plain, names, strict=True)
        ]
    if "text" not in names:
        found = ", ".join(column.strip()[:40] for column in columns) or "none"
        raise UnreadableError(
            ReasonCode.INVALID_RECORD,
            f"no column is known as the text; found: {found[:400]}",
        )
    return [
        name if names.index(name) == place else None for place, name in enumerate(names)
    ]


def is_json(content: bytes) -> bool:
    """Whether the content begins as an array or an object does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}


def read_json(content: bytes) -> Extracted:
    """Each object of an array, of a list in an object, or of a line as a record.

    Raises:
        UnreadableError: It is no JSON, or its objects have no text; says where.
    """
    text = decode_markup(content)
    lines = [
        _dump(zip(name_columns(found), found.values(), strict=True))
        for found in _find_objects(text)
    ]
    return _as_records(lines)


def _find_objects(text: str) -> Iterator[Mapping[str, Any]]:
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        try:
            found, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UnreadableError(
                ReasonCode.DAMAGED, f"character {at}: no JSON: {error}"
            ) from error
        if isinstance(found, dict):
            lists = (
                found[name] for name in _LISTS if isinstance(found.get(name), list)
            )
            found = next(lists, [found])
        yield from (item for item in found if isinstance(item, dict))
        at = end
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1


def _simplify(column: str) -> str:
    return "_".join(column.replace("\ufeff", "").strip(" \"'").lower().split())


def _dump(fields: Iterable[tuple[str | None, Any]]) -> str:
    return json.dumps(
        {name: value for name, value in fields if name and value not in (None, "")},
        ensure_ascii=False,
    )


def _as_records(lines: list[str]) -> Extracted:
    if not lines:
        raise UnreadableError(ReasonCode.NO_ARTICLES, "a table without rows")
    return Extracted("\n".join(lines) + "\n", InputKind.RECORDS)
