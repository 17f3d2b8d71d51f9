import json

import polars as pl
import pytest

from transforms.contracts import ReasonCode
from transforms.decode.decode import decode_documents
from transforms.decode.document_text import decode_document
from transforms.text.field_names import read_columns

TEXT = "The bridge is open."


def read(text, extension, encoding="utf-8"):
    return decode_document(text.encode(encoding), extension=extension)


def records(document):
    return [json.loads(line) for line in document.text.splitlines()]


@pytest.mark.parametrize(
    ("extension", "header", "row"),
    [
        ("csv", "Headline,Body,Date", f"Bridge,{TEXT},2014-05-02"),
        ("csv", "Titel;Inhalt;Datum", f"Bridge;{TEXT};2014-05-02"),
        ("tsv", "title\ttext\tpublished", f"Bridge\t{TEXT}\t2014-05-02"),
        ("csv", "\ufeffЗаголовок,Текст,Дата", f"Bridge,{TEXT},2014-05-02"),
    ],
)
def test_columns_are_known_by_their_usual_names(extension, header, row):
    document = read(f"{header}\r\n{row}\r\n", extension)

    assert (document.kind, document.format) == ("records", extension)
    assert records(document) == [
        {"title": "Bridge", "text": TEXT, "date": "2014-05-02"}
    ]


def test_quoted_cell_keeps_its_paragraphs():
    document = read('title,text\nBridge,"One ""line"".\n\nTwo, lines."\n', "csv")

    assert records(document) == [
        {"title": "Bridge", "text": 'One "line".\n\nTwo, lines.'}
    ]


def test_summary_is_the_text_where_there_is_no_other():
    assert records(read(f"title,summary\nBridge,{TEXT}\n", "csv")) == [
        {"title": "Bridge", "text": TEXT}
    ]


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        (f"Nr.,Was,Full Text,Title\n1,Bridge,{TEXT},No\n", "csv"),
        (json.dumps([{"Was": "Bridge", "full text": TEXT, "title": "No"}]), "json"),
    ],
)
def test_columns_are_what_the_user_says(text, extension):
    columns = read_columns("title=was, text=Full Text")
    document = decode_document(text.encode(), "digest", extension, columns)

    assert records(document) == [{"title": "Bridge", "text": TEXT}]


def test_json_lines_are_a_list_too_where_columns_are_named():
    line = json.dumps({"was": "Bridge", "wie": TEXT})
    landed = pl.DataFrame(
        {
            "document_id": ["1"],
            "path": ["a.jsonl"],
            "file_name": ["a.jsonl"],
            "byte_size": [len(line)],
            "container_id": [None],
            "kind": ["records"],
            "content": [line.encode()],
        },
        schema_overrides={"container_id": pl.String},
    )

    (text,) = decode_documents(landed, read_columns("title=was,text=wie")).documents[
        "text"
    ]

    assert json.loads(text) == {"title": "Bridge", "text": TEXT}


def test_unknown_columns_are_said():
    document = read("Nr.,Wann\n1,2\n", "csv")

    assert document.reason_code == ReasonCode.INVALID_RECORD
    assert "Nr., Wann" in document.detail


def test_table_without_rows_says_so():
    assert read("title,text\n", "csv").reason_code == ReasonCode.NO_ARTICLES


@pytest.mark.parametrize("wrap", ["{}", '{{"articles": {}}}', '{{"n": 1, "data": {}}}'])
def test_list_of_objects_is_read_wherever_it_stands(wrap):
    items = json.dumps([{"headline": "Bridge", "body": TEXT}] * 2, indent=2)
    document = read(wrap.format(items), "json")

    assert records(document) == [{"title": "Bridge", "text": TEXT}] * 2


def test_objects_one_after_another_are_read():
    items = json.dumps({"title": "Bridge", "text": TEXT}, indent=1)

    assert len(records(read(f"{items}\n{items}\n", "json"))) == 2


@pytest.mark.parametrize("text", ['[{"title": "Bri', "[" * 100_000, '{"a": [}'])
def test_broken_json_is_held_back_with_its_place(text):
    document = read(text, "json")

    assert document.reason_code == ReasonCode.DAMAGED
    assert "character" in document.detail


def test_table_without_its_name_is_text():
    assert read(f"title,text\nBridge,{TEXT}\n", "txt").format == "text"
