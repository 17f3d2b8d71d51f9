"""One run over a digest in each encoding and with each line break that is met."""

import codecs

import pytest

ENGLISH = (
    "Harbour {n} reopens to ferries after the storm",
    (
        "The harbour of the old town reopened on Monday after two weeks, the port’s "
        "café owners said. Ferries to the islands leave at “eight” again."
    ),
    "The council had set aside € 3 million for the quay that the storm damaged badly.",
)
FRENCH = (
    "Le port {n} rouvre aux bateaux après la tempête",
    (
        "Le port de la vieille ville a rouvert lundi après deux semaines de travaux, "
        "a déclaré le ministère. Les bateaux vers les îles partent à huit heures."
    ),
    "Le conseil avait réservé trois millions pour le quai que la mer avait abîmé.",
)
RUSSIAN = (
    "Порт {n} снова открыт для паромов после шторма",
    (
        "Порт старого города снова открылся в понедельник после двух недель ремонта, "
        "сообщило министерство. Паромы на острова опять уходят в восемь часов."
    ),
    "Совет города выделил три миллиона на набережную, которую повредил шторм.",
)
ENCODINGS = {
    "utf-8": (ENGLISH, "utf-8", b""),
    "utf-8 with its mark": (ENGLISH, "utf-8", codecs.BOM_UTF8),
    "utf-16-le": (RUSSIAN, "utf-16-le", b""),
    "utf-16-le with its mark": (RUSSIAN, "utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-be": (ENGLISH, "utf-16-be", b""),
    "utf-16-be with its mark": (ENGLISH, "utf-16-be", codecs.BOM_UTF16_BE),
    "cp1251": (RUSSIAN, "cp1251", b""),
    "cp1252": (ENGLISH, "cp1252", b""),
    "koi8-r": (RUSSIAN, "koi8-r", b""),
    "cp866": (RUSSIAN, "cp866", b""),
    # French without signs that Windows added: the same bytes in both, and one name.
    "latin-1": (FRENCH, "latin-1", b""),
}
BREAKS = {
    "CR": "\r",
    "LF": "\n",
    "CRLF": "\r\n",
    "NEL": "\x85",
    "U+2028": "\u2028",
    "form feed": "\f",
}


def digest_of(story, number, line_break="\n"):
    """Two articles: the story and the next one, with a trailer each."""
    lines = []
    for place in (number, number + 1):
        title, *body = story
        lines += [title.format(n=place), "", body[0], "", body[1], ""]
        lines += ["Source: Example Agency", ""]
    return line_break.join(lines)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, make_newsmill):
    """All files in one run, and what each of them said."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("encodings"))
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    said = {}
    for row, (name, (story, encoding, mark)) in enumerate(ENCODINGS.items()):
        text = digest_of(story, 100 * (row + 1))
        (inputs / f"{name}.txt").write_bytes(mark + text.encode(encoding))
        said[name] = (story, 100 * (row + 1), text)
    for row, (name, line_break) in enumerate(BREAKS.items()):
        text = digest_of(ENGLISH, 5000 + 100 * row, line_break)
        (inputs / f"{name}.txt").write_bytes(text.encode())
        said[name] = (ENGLISH, 5000 + 100 * row, text)
    write_damaged(inputs)
    summary = newsmill.run(inputs)
    return newsmill, said, summary


def write_damaged(inputs):
    """Files that are not in one encoding throughout."""
    torn = digest_of(ENGLISH, 9000).encode()
    torn = torn.replace("é".encode(), b"\xe9").replace("€".encode(), b"\x80")
    (inputs / "torn.txt").write_bytes(torn)
    mixed = digest_of(RUSSIAN, 9100).encode("cp1251")
    line = RUSSIAN[1].encode("cp1251")
    first = mixed.index(line)
    mixed = mixed[:first] + RUSSIAN[1].encode() + mixed[first + len(line) :]
    (inputs / "mixed.txt").write_bytes(mixed)
    lost = digest_of(ENGLISH, 9200).encode()
    lost = lost.replace(ENGLISH[2].encode(), b"\xff\xfe\xfd " * 30, 1)
    (inputs / "lost.txt").write_bytes(lost)


@pytest.mark.parametrize("name", [*ENCODINGS, *BREAKS])
def test_every_encoding_and_break_loads_its_words(loaded, name):
    newsmill, said, _ = loaded
    (title, *body), number, text = said[name]

    found = newsmill.sql(
        "SELECT title, body, source, substr(document.text, char_start + 1, "
        "char_end - char_start) AS span FROM main.article "
        "JOIN main.dim_document AS document USING (file_name) "
        "WHERE file_name = ? ORDER BY char_start",
        f"{name}.txt",
    )

    assert [row["title"] for row in found] == [
        title.format(n=place) for place in (number, number + 1)
    ]
    for row in found:
        assert row["body"].split() == " ".join(body).split()
        assert row["source"] == "Example Agency"
        assert row["span"] in text
        assert row["span"].startswith(row["title"])


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_encoding_is_recorded(loaded, name):
    newsmill, _, _ = loaded

    (document,) = newsmill.sql(
        "SELECT encoding, replaced_count FROM main.dim_document WHERE file_name = ?",
        f"{name}.txt",
    )

    asked = ENCODINGS[name][1]
    alike = {"latin-1": {"latin-1", "cp1252"}}
    assert document["encoding"] in alike.get(asked, {asked})
    assert document["replaced_count"] == 0


def test_replaced_characters_are_counted_and_the_rest_loads(loaded):
    newsmill, _, _ = loaded

    rows = newsmill.sql(
        "SELECT document.replaced_count, body FROM main.article "
        "JOIN main.dim_document AS document USING (file_name) "
        "WHERE file_name = 'torn.txt'"
    )

    assert [row["replaced_count"] for row in rows] == [4, 4]
    assert all("caf\ufffd owners" in row["body"] for row in rows)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("mixed.txt", RUSSIAN[1].encode().decode("cp1251", "replace")),
        ("lost.txt", "\ufffd\ufffd\ufffd " * 29),
    ],
)
def test_unreadable_lines_are_held_with_their_place(loaded, name, line):
    newsmill, _, summary = loaded

    (held,) = newsmill.sql(
        "SELECT char_start, char_end, reason_code, text[char_start + 1:char_end] AS "
        "held FROM quality.quarantine JOIN main.dim_document USING (document_key) "
        "WHERE file_name = ?",
        name,
    )
    kept = newsmill.sql("SELECT title FROM main.article WHERE file_name = ?", name)

    assert held["reason_code"] == "undecodable_bytes"
    assert line in held["held"]
    assert len(kept) == 1
    assert {row["reason_code"] for row in summary["held_back"]} == {"undecodable_bytes"}


def test_every_character_is_accounted_for(loaded):
    newsmill, said, _ = loaded

    rows = newsmill.sql("SELECT * FROM main.document_coverage")

    assert len(rows) == len(said) + 3
    for row in rows:
        parts = ("chars_in_articles", "chars_separator", "chars_quarantined")
        assert row["chars_total"] == sum(row[part] for part in parts)
