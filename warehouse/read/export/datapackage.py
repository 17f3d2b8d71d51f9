"""`datapackage.json`: what every table and column of an export is.

It is a Data Package of Frictionless (specs v1), which their libraries, R, and several
catalogues read. DuckDB enforces no foreign keys here, but the audit proves them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from warehouse.read.formats import Format, is_key
from warehouse.read.tables import Column, Table

DATAPACKAGE: Final = "datapackage.json"
_MEDIA: Final = {
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
}
_TYPES: Final = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "number"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
# What a row is known by, where it is not the key that the table is named after.
_ROW_KEYS: Final = {
    "article": ["article_key"],
    "article_change": ["change_number"],
    "article_signature": ["article_key"],
    "article_text": ["article_key"],
    "bridge_article_author": ["article_key", "author_key"],
    "bridge_article_story": ["article_key"],
    "fact_article_pair": ["article_key", "other_article_key"],
    "fact_classification": ["article_key", "category_key", "classifier_key"],
    "fact_occurrence": ["document_key", "char_start"],
    "fact_validation": ["run_key", "expectation_key"],
    "path_outcome": ["run_key", "path"],
    "schema_migration": ["version"],
}
# The table of a key that plays a role, where the name of the key is not that table's.
_ROLES: Final = {
    "agency_key": "dim_source",
    "other_article_key": "fact_article",
    "published_from_key": "dim_date",
    "published_to_key": "dim_date",
    "story_key": "fact_article",
}


@dataclass(frozen=True)
class ExportedFile:
    """A file of an export.

    Attributes:
        table: What it holds; the columns are those of the file.
        name: Of the file.
        rows: How many.
        size: Bytes.
        sha256: Of the file, 64 hex digits.
    """

    table: Table
    name: str
    rows: int
    size: int
    sha256: str


def describe_package(files: Sequence[ExportedFile], form: Format) -> dict[str, Any]:
    """The Data Package of an export.

    Args:
        files: In their order.
        form: CSV or Parquet.
    """
    kept = {file.table.name for file in files}
    return {
        "profile": "data-package",
        "name": "newsmill",
        "title": "News articles as a star schema",
        "description": "The texts belong to their publishers. In CSV an apostrophe "
        "stands before what a spreadsheet would run as a formula, and keys are text, "
        "because spreadsheets round numbers of more than 15 digits.",
        "resources": [_describe(file, form, kept) for file in files],
    }


def _describe(
    file: ExportedFile, form: Format, kept: Collection[str]
) -> dict[str, Any]:
    table = file.table
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        "description": table.comment,
        "format": form.value,
        "mediatype": _MEDIA[form],
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_describe_column(column, form) for column in table.columns],
            "missingValues": [""],
            **_keys(table, kept),
        },
    }


def _describe_column(column: Column, form: Format) -> dict[str, Any]:
    kind = _type(column, form)
    described: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "description": column.comment,
    }
    if kind == "datetime":
        described["format"] = "any"
    # An empty text and a missing one look alike to most readers of CSV.
    if column.is_required and (kind != "string" or is_key(column.name)):
        described["constraints"] = {"required": True}
    return described


def _type(column: Column, form: Format) -> str:
    if is_key(column.name) and form is Format.CSV:
        return "string"
    if column.kind.endswith("]"):
        return "array"
    if column.kind.startswith(("STRUCT", "MAP")):
        return "object"
    return _TYPES.get(column.kind.partition("(")[0], "string")


def _keys(table: Table, kept: Collection[str]) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    own = row_key(table.name)
    others = {name: table_of_key(name) for name in names}
    foreign = [
        {"fields": name, "reference": {"resource": other, "fields": row_key(other)[0]}}
        for name, other in others.items()
        if other in kept and (other != table.name or [name] != own)
    ]
    told: dict[str, Any] = {"primaryKey": own} if own and set(own) <= set(names) else {}
    return told | ({"foreignKeys": foreign} if foreign else {})


def row_key(table: str) -> list[str]:
    """Columns that a row is known by; none for a table of spans or of its user."""
    prefix, _, thing = table.partition("_")
    if table in _ROW_KEYS:
        return _ROW_KEYS[table]
    if prefix == "dim" or table == "fact_article":
        return [f"{thing}_key"]
    return ["quarantine_key"] if table == "quarantine" else []


def table_of_key(column: str) -> str:
    """The table whose row a key names; empty for what is no key.

    Example:
        >>> table_of_key("first_document_key"), table_of_key("agency_key")
        ('dim_document', 'dim_source')
    """
    thing, _, ending = column.rpartition("_")
    if ending != "key" or not thing:
        return ""
    if column in _ROLES:
        return _ROLES[column]
    table = {"article": "fact_article", "quarantine": "quarantine"}
    last = thing.rpartition("_")[2]
    return table.get(last, f"dim_{last}")
