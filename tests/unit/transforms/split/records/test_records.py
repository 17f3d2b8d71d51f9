import json

import polars as pl
import pytest

from transforms.clean.clean import clean
from transforms.contracts import (
    CLEAN_ARTICLES,
    DOCUMENTS,
    SPLIT_ARTICLES,
    SPLIT_LINES,
    TitleBasis,
    check,
)
from transforms.split.records.records import parse_records
from transforms.split.records.restore_places import restore_offsets, restore_spans
from transforms.text.locate import locate

RECORD = {
    "id": "r-1",
    "title": "Dam “reopens”",
    "text": 'The dam — 40 m high — reopened, "at last".\n\nPower 😀 is back.',
    "source": "River Agency",
    "author": "Jane Doe",
    "date": "2022-01-05",
    "url": "https://example.org/1",
}


def documents(*texts):
    return pl.DataFrame(
        {
            "document_row": range(len(texts)),
            "document_id": [f"{n:064}" for n in range(len(texts))],
            "path": [f"{n}.jsonl" for n in range(len(texts))],
            "file_name": [f"{n}.jsonl" for n in range(len(texts))],
            "byte_size": [len(text.encode()) for text in texts],
            "container_id": [None] * len(texts),
            "kind": ["records"] * len(texts),
            "format": ["json lines"] * len(texts),
            "extractor": [None] * len(texts),
            "dated": [None] * len(texts),
            "encoding": ["utf-8"] * len(texts),
            "replaced_count": [0] * len(texts),
            "char_count": [len(text) for text in texts],
            "text": texts,
        },
        schema=DOCUMENTS,
    )


def line(**changes):
    return json.dumps(RECORD | changes)


def rejects(text):
    found = parse_records(documents(text)).rejects.to_dicts()
    return [
        (row["reason_code"], text[row["char_start"] : row["char_end"]]) for row in found
    ]


def clean_records(parsed):
    return clean(parsed.buffer, parsed.lines, parsed.articles, TitleBasis.FIELD)


def restored(text):
    parsed = parse_records(documents(text))
    cleaned = clean_records(parsed)
    return restore_offsets(cleaned.articles, parsed)


def quote(text, field, words):
    """What stands in the file for words of the title or body of its first article."""
    articles = restored(text)
    start = articles[field][0].index(words)
    spans = pl.DataFrame(
        {
            "article_row": [articles["article_row"][0]],
            "field": [field],
            "text_start": [start],
            "text_end": [start + len(words)],
        }
    )
    (row,) = locate(spans, articles, documents(text)).to_dicts()
    assert row["exact"] == text[row["char_start"] : row["char_end"]]
    return row["exact"]


def test_record_becomes_title_blank_line_and_text():
    parsed = parse_records(documents(line()))

    check(parsed.lines, SPLIT_LINES, stage="test", contract="SPLIT_LINES")
    check(parsed.articles, SPLIT_ARTICLES, stage="test", contract="SPLIT_ARTICLES")
    assert parsed.lines["role"].to_list() == [
        "title",
        "blank",
        "body",
        "blank",
        "body",
        "separator",
    ]
    text = parsed.documents["text"].item()
    (article,) = parsed.articles.to_dicts()
    span = text[article["char_start"] : article["char_end"]]
    assert span == f"{RECORD['title']}\n\n{RECORD['text']}"
    assert article["boundary_score"] == 1.0


def test_fields_stay_as_the_record_has_them():
    parsed = parse_records(documents(line()))

    assert parsed.fields.row(0) == (
        0,
        "r-1",
        "River Agency",
        "Jane Doe",
        "2022-01-05",
        "https://example.org/1",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12345678901234567890123, "12345678901234567890123"),
        (["A B", "C D"], "A B; C D"),
        ([{"name": "A B"}, None, 5], "A B; 5"),
        ({"name": "A B", "id": 1}, "A B"),
        ({"id": 1}, None),
        (None, None),
        (True, None),
        ("  ", None),
        (" A\u0000\nB\ud800 ", "A  B\ufffd"),
    ],
)
def test_optional_field_of_any_kind_is_one_line_or_null(value, expected):
    parsed = parse_records(documents(line(author=value)))

    assert parsed.fields["author"].item() == expected
    assert parsed.rejects.is_empty()


def test_numbers_no_float_can_hold_and_nan_do_not_stop_a_record():
    text = line()[:-1] + ', "score": NaN, "x": 1e400, "y": -Infinity, "author2": 1}'

    assert len(parse_records(documents(text)).articles) == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"title": "A", "text": "b"', "invalid_record"),
        ('{"title": "A", "text": "b}', "invalid_record"),
        ("not JSON", "invalid_record"),
        ('"a string"', "invalid_record"),
        ("[1, 2]", "invalid_record"),
        ('{"title": 5, "text": "b"}', "invalid_record"),
        ('{"title": {"a": 1}, "text": "b"}', "invalid_record"),
        ('{"title": "A", "text": ["b"]}', "invalid_record"),
        ('{"title": "A", "title": "B", "text": "b"}', "invalid_record"),
        ('{"title": "A", "text": "b"} and more', "invalid_record"),
        ('{"title" "A"}', "invalid_record"),
        ('{"title": "A" "text": "b"}', "invalid_record"),
        ("{title: 'A'}", "invalid_record"),
        ('{"title": "A\\q", "text": "b"}', "invalid_record"),
        ('{"title": "A", "text": "b", "x": ' + "[" * 100_000, "invalid_record"),
        ("{}", "no_body"),
        ('{"title": "A"}', "no_body"),
        ('{"title": "A", "text": ""}', "no_body"),
    ],
)
def test_bad_record_is_told_with_its_place_and_stops_no_other(bad, reason):
    text = f"{line()}\n{bad}\r\n{line(id=2)}\n"

    parsed = parse_records(documents(text))

    ((code, held),) = rejects(text)
    assert code == reason
    assert held in bad
    assert len(held) >= len(bad) - 1
    assert parsed.articles["ordinal"].to_list() == [1, 3]
    assert parsed.fields["record_id"].to_list() == ["r-1", "2"]


@pytest.mark.parametrize("title", ['"title": null, ', '"title": " ... ", ', ""])
def test_record_without_a_title_gets_its_lead(title):
    bare = '{%s"id": 2, "text": "Mr. Ray spoke \\u201cat length\\u201d. It rained."}'
    text = f"{line()}\n{bare % title}\n{line(id=3)}\n"

    articles = restored(text)

    assert articles["title_basis"].to_list() == ["field", "lead", "field"]
    assert articles["title"][1] == "Mr. Ray spoke “at length”"
    assert articles["body"][1] == "Mr. Ray spoke “at length”. It rained."
    first, *_ = articles["title_runs"][1].to_list()
    assert text[first["char_start"] :].startswith("Mr. Ray spoke")
    assert text[articles["char_start"][1] : articles["char_end"][1]] == bare % title


def test_file_that_is_no_json_is_few_rejects_and_not_one_per_line():
    text = "some words\n" * 1000

    assert rejects(text) == [("invalid_record", text[:-1])]


def test_other_names_of_fields_are_known_and_give_way_to_their_own():
    text = json.dumps(
        {"headline": "Dam", "title": "Dam fills", "Body": "Water rose.", "autor": "Ann"}
    )

    parsed = parse_records(documents(text))

    assert quote(text, "title", "Dam fills") == "Dam fills"
    assert quote(text, "body", "Water rose") == "Water rose"
    assert parsed.fields["author"].to_list() == ["Ann"]


def test_two_equal_values_of_one_name_are_one():
    text = '{"title": "A dam", "title": "A dam", "text": "It broke."}'

    assert rejects(text) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_marks_and_line_ends_of_all_kinds_are_no_records(end):
    text = "\ufeff" + end.join([line(), "", "  \t", line(id=2), ""])

    parsed = parse_records(documents(text))

    assert len(parsed.articles) == 2
    assert parsed.rejects.is_empty()
    assert [text[a:b] for a, b in parsed.spans[:, 1:].iter_rows()] == [
        line(),
        line(id=2),
    ]


@pytest.mark.parametrize(
    "text",
    ["[" + line() + ", " + line(id=2) + "]", f"[\n{line()},\n{line(id=2)}\n]\n"],
    ids=["in one line", "an object per line"],
)
def test_array_of_records_is_read_like_lines(text):
    parsed = parse_records(documents(text))

    assert parsed.fields["record_id"].to_list() == ["r-1", "2"]
    assert parsed.rejects.is_empty()


def test_line_breaks_of_unicode_stand_inside_a_record():
    text = json.dumps(
        {"title": "Dam\u2028reopens", "text": "One.\u2028Two\x85three.\fFour"},
        ensure_ascii=False,
    )
    parsed = parse_records(documents(text))

    assert parsed.documents["text"].item().startswith("Dam reopens\n\nOne.\u2028Two")
    assert quote(text, "title", "Dam reopens") == "Dam\u2028reopens"


def test_title_with_breaks_is_flattened_and_still_maps_to_its_place():
    text = line(title="Dam\nreopens\r\nafter repairs")

    assert restored(text)["title"].to_list() == ["Dam reopens after repairs"]
    assert quote(text, "title", "reopens after") == "reopens\\r\\nafter"


@pytest.mark.parametrize(
    ("field", "words", "exact"),
    [
        ("title", "“reopens”", r"\u201creopens\u201d"),
        ("body", "dam", "dam"),
        ("body", "—", r"\u2014"),
        ("body", "— 40 m", r"\u2014 40 m"),
        ("body", '"at last"', r"\"at last\""),
        ("body", "😀", r"\ud83d\ude00"),
        ("body", '"at last".\n\nPower', r"\"at last\".\n\nPower"),
        ("body", "back.", "back."),
    ],
)
def test_quote_is_the_slice_of_the_file_escapes_included(field, words, exact):
    assert quote(line(), field, words) == exact


def test_text_written_as_it_is_maps_to_itself():
    text = json.dumps(RECORD, ensure_ascii=False)

    assert quote(text, "title", "“reopens”") == "“reopens”"
    assert quote(text, "body", "Power 😀 is") == "Power 😀 is"


def test_escape_at_the_very_end_is_held_whole():
    text = line(title="Dam at 40°", text="It is 40 m high é")

    assert quote(text, "title", "°") == r"\u00b0"
    assert quote(text, "body", "high é") == r"high \u00e9"


def test_lone_surrogates_and_nul_are_replaced_and_keep_their_place():
    text = r'{"title": "Dam \ud800 opens", "text": "One \udc00\u0000 two \ud83d\u0041"}'

    assert restored(text)["body"].to_list() == ["One \ufffd two \ufffdA"]
    assert quote(text, "body", "two \ufffdA") == r"two \ud83d\u0041"
    assert quote(text, "title", "\ufffd") == r"\ud800"


def test_restored_article_spans_its_object():
    text = f"  {line()}\r\n{line(title='Second dam', text='It broke.')}\n"

    articles = restored(text)

    check(articles, CLEAN_ARTICLES, stage="test", contract="CLEAN_ARTICLES")
    spans = [
        text[a:b] for a, b in articles.select("char_start", "char_end").iter_rows()
    ]
    assert spans == [part.strip() for part in text.splitlines()]


def test_cuts_are_places_of_the_file():
    text = line(text="The dam reopened.\n\nSource: “River” Agency")

    (cut,) = restored(text)["cuts"].item().to_list()

    assert text[cut["char_start"] : cut["char_end"]] == (
        r"Source: \u201cRiver\u201d Agency"
    )


def test_record_set_aside_by_cleaning_is_held_as_its_object():
    text = f"{line()}\n{line(title='Second', text='Source: River Agency')}\n"
    parsed = parse_records(documents(text))
    cleaned = clean_records(parsed)

    (held,) = restore_spans(cleaned.rejects, parsed).to_dicts()

    assert held["reason_code"] == "no_body"
    assert text[held["char_start"] : held["char_end"]] == text.splitlines()[1]


def test_lines_that_decoding_held_are_left_to_it():
    text = f"{line()}\n{line(id=2)}\n{line(id=3)}"
    start = len(line()) + 1
    held = pl.DataFrame(
        {
            "document_row": [0],
            "char_start": [start],
            "char_end": [start + 5],
            "reason_code": ["undecodable_bytes"],
            "detail": [None],
        }
    )

    parsed = parse_records(documents(text), held)

    assert parsed.fields["record_id"].to_list() == ["r-1", "3"]
    assert parsed.rejects.is_empty()


def test_records_of_several_files_keep_to_their_file():
    texts = [line(), "", f"broken\n{line(title='Other')}", "\n"]

    parsed = parse_records(documents(*texts))

    assert parsed.articles["document_row"].to_list() == [0, 2]
    assert parsed.articles["ordinal"].to_list() == [1, 2]
    assert parsed.rejects["document_row"].to_list() == [2]
    assert parsed.raw_documents["text"].to_list() == texts


@pytest.mark.compiled
def test_million_characters_in_one_line_are_one_record():
    body = "The dam é broke. " * 60_000

    articles = restored(line(text=body))

    assert articles["body"].item() == body.strip()


def test_batch_without_a_good_record_gives_empty_frames():
    parsed = parse_records(documents("", "[]"))
    cleaned = clean_records(parsed)

    assert restore_offsets(cleaned.articles, parsed).is_empty()
    assert restore_spans(cleaned.rejects, parsed).is_empty()
