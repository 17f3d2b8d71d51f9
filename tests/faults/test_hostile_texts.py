"""Texts that break programs, in every field and name: stored, and run nowhere."""

import json
import os
from html import unescape

import pytest

from tests.faults.scene import Scene
from warehouse.open_reader import open_published

# Made here after the kinds that the Big List of Naughty Strings (MIT) names.
NAUGHTY = {
    "reserved": "undefined null None NaN true (null) \\N nil hasOwnProperty",
    "numbers": "1e400 -0 0x1F 1/0 1,000.00 ١٢٣ 1.7976931348623157e309",
    "symbols": "<>?:\"{}|_+,./;'[]\\-=`!@#$%^&*()~",
    "quotes": "' \" '' \"\" ‘ ’ “ ” « » ` ´",
    "html": "<script>alert('x')</script><img src=x onerror=alert(1)></title><!--",
    "cdata": "]]><svg onload=alert(1)>&lt;b&gt;&#39;&amp;",
    "sql": "'; DROP TABLE fact_article; -- $$ ?1 :name %s {} \\' OR 1=1",
    "shell": "$(touch x) `id` ; rm -rf / && echo | cat > /dev/null %PATH% ${IFS}",
    "template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} {0.__class__} %(name)s",
    "formula": '=HYPERLINK("http://x.example","y") +1+cmd|\' /C calc\'!A0 @SUM(1)',
    "escape": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \b\b\b",
    "bidi": "\u202etxet desrever\u202c \u2066isolated\u2069 \u061c",
    "zero width": "z\u200be\u200dr\u2060o \ufeff\u00ad\u180e \U000e0041\U000e0042",
    "combining": "Z" + "\u0351\u0347\u0310" * 40 + "algo",
    "scripts": "日本語 العربية עברית ไทย தமிழ் ქართული Ελληνικά Тоҷикӣ 한국어 𝒻𝒶𝓃𝒸𝓎",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇸 ✋🏿 \U0001f1fa",
    "case": "İstanbul ıI ß ẞ ﬁ ǆ Ⅷ ſ",
    "spaces": "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u0085g",
    "paths": "../../etc/passwd C:\\con\\nul /dev/null file:///etc/passwd",
    "log": "fine 2026-01-01 ERROR forged line\\r\\n\\tat x.y.Z",
    "regex": "a" * 200 + "! (((((((((a+)+)+)+ .*.*.*.* [^]] \\1 (?R)",
    "format": "%n%n%s%x%d {0} {} {!r} %1$s \\x00 \\u0000",
}
FILLER = (
    "The town council met on Monday and agreed on the budget for repairs of the "
    "bridge, its speaker said after the meeting in the hall."
)
NAMES = [
    b"'; DROP.txt",
    b"<b>.txt",
    b"%s{}.txt",
    b"a\nb.txt",
    b"\xff\xfe.txt",
    b"=1.txt",
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Each text as title, body, source, author, and record id; odd file names too."""
    scene = Scene(tmp_path_factory.mktemp("hostile"))
    records = [
        {
            "id": text,
            "title": f"{name}: {text}",
            "text": f"{FILLER}\n\n{text}\n\n{FILLER}",
            "source": text,
            "author": text,
            "url": text,
            "date": text,
        }
        for name, text in NAUGHTY.items()
    ]
    (scene.inputs / "records.jsonl").write_text(
        "\n".join(map(json.dumps, records)), encoding="utf-8"
    )
    for number, name in enumerate(NAMES):
        (scene.inputs / os.fsdecode(name)).write_text(
            "\n\n".join(
                f"{text[:70]}\n\n{FILLER} {number}\n\n{text}\n\nSource: {text[:40]}"
                for text in NAUGHTY.values()
            ),
            encoding="utf-8",
        )
    code, told = scene.run()
    assert code == 0, told
    scene.told = told
    return scene


def _rows(scene, question):
    with open_published(scene.warehouse) as connection:
        return connection.execute(question).fetchall()


def test_every_hostile_record_is_an_article(loaded):
    (count,) = _rows(
        loaded,
        "SELECT count(DISTINCT record_id) FROM main.fact_occurrence "
        "WHERE record_id IS NOT NULL",
    )[0]

    assert count == len(NAUGHTY)


def test_hostile_words_are_stored_as_they_are(loaded):
    bodies = "\n".join(body for (body,) in _rows(loaded, "SELECT body FROM article"))

    for name in ("html", "sql", "shell", "template", "formula", "paths"):
        assert NAUGHTY[name] in bodies
    # Entities are what a page leaves behind: they are read as the signs they mean.
    assert unescape(NAUGHTY["cdata"]) in bodies


def test_every_character_of_hostile_files_is_accounted_for(loaded):
    assert (
        _rows(
            loaded,
            "SELECT * FROM document_coverage WHERE chars_total <> "
            "chars_in_articles + chars_separator + chars_quarantined",
        )
        == []
    )
    assert _rows(
        loaded, "SELECT count(*) FROM dim_document WHERE document_key <> 0"
    ) == [(1 + len(NAMES),)]


def test_every_hostile_quote_equals_its_slice(loaded):
    assert (
        _rows(
            loaded,
            "SELECT exact FROM main.fact_evidence JOIN main.dim_document USING "
            "(document_key) WHERE exact <> substr(text, char_start + 1, "
            "char_end - char_start)",
        )
        == []
    )


def test_hostile_texts_change_no_second_run(loaded):
    before = loaded.warehouse.read_bytes()

    assert loaded.run()[0] == 0

    assert loaded.warehouse.read_bytes() == before


def test_what_is_told_holds_no_control_characters(loaded):
    assert not {c for c in loaded.told if ord(c) < 32 and c not in "\n\t"}
    assert "\x1b" not in loaded.told
    assert "\u202e" not in loaded.told
