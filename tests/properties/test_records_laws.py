"""What reading records promises: each character back to its own place in the file."""

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.contracts import DOCUMENTS
from transforms.split.records.records import parse_records

letters = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from('aé—😀\\"/\n\r\t\u2028\x85\x0b\x0c\u0000'),
    ),
    max_size=30,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | letters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner),
    max_leaves=4,
)
records = st.fixed_dictionaries(
    {"title": letters.map("A{}".format), "text": letters.map("{}b".format)},
    optional={"id": values, "source": values, "author": values, "extra": values},
)
FLAT = dict.fromkeys(map(ord, "\n\r\v\f\x85\u2028\u2029"), " ")


def parse(text):
    row = {
        "document_row": 0,
        "document_id": "0" * 64,
        "path": "a",
        "file_name": "a",
        "byte_size": 0,
        "kind": "records",
        "dated": None,
        "encoding": "utf-8",
        "replaced_count": 0,
        "char_count": len(text),
        "text": text,
    }
    return parse_records(pl.DataFrame([row], schema=DOCUMENTS))


@given(st.lists(records, max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_every_character_maps_to_its_own_place(originals, ensure_ascii, end):
    lines = [json.dumps(record, ensure_ascii=ensure_ascii) for record in originals]
    text = end.join(lines)

    parsed = parse(text)

    assert parsed.rejects.is_empty()
    virtual = parsed.documents["text"].item()
    assert virtual == "".join(
        record["title"].translate(FLAT) + "\n\n" + record["text"] + "\n\n"
        for record in originals
    )
    assert [text[a:b] for a, b in parsed.spans[:, 1:].iter_rows()] == lines
    at = 0
    for record in originals:
        for field in (record["title"], record["text"]):
            keys = pl.int_range(at, at + len(field), eager=True).to_numpy()
            starts = parsed.offsets.starts_of(keys)
            ends = parsed.offsets.ends_of(keys)
            raw = [text[a:b] for a, b in zip(starts, ends, strict=True)]
            assert [json.loads(f'"{part}"', strict=False) for part in raw] == list(
                field
            )
            assert list(starts[1:]) == list(ends[:-1])
            at += len(field) + 2


@given(st.lists(st.one_of(letters, st.just('{"title": "A", "text": "b"}')), max_size=6))
def test_any_lines_are_records_or_rejects_with_their_place(lines):
    text = "\n".join(lines)

    parsed = parse(text)

    good = text.replace("\r", "\n").split("\n").count('{"title": "A", "text": "b"}')
    assert len(parsed.articles) >= good
    spans = sorted(
        [
            *parsed.spans[:, 1:].iter_rows(),
            *parsed.rejects.select("char_start", "char_end").iter_rows(),
        ]
    )
    ends = [0, *(end for _, end in spans)]
    assert all(start >= end for (start, _), end in zip(spans, ends, strict=False))
    between = "".join(
        text[end:start]
        for end, start in zip(ends, [*(s for s, _ in spans), len(text)], strict=True)
    )
    assert not between.strip("[],\ufeff \t\n\r") or between.isspace()
