import hashlib
import os

import polars as pl
import pytest

from transforms.decode.decode import decode_documents

RUSSIAN = (
    "Министерство энергетики сообщило в понедельник, что подстанция заработает до "
    "конца года.\n\nПо словам министра Ильи Щукина, её мощность — 300 мегаватт."
)
TAJIK = "Вазорати энергетика хабар дод, ки неругохи нав то охири сол мешавад."
FRENCH = (
    "Le ministère a annoncé lundi que la centrale sera mise en service d'ici à la fin "
    "de l'année. « Nous avons tenu nos promesses », a déclaré le vice-ministre."
)
ENGLISH = "“It’s done,” the ministry said — the country’s largest plant will open…"


def land(*contents):
    ids = [hashlib.sha256(b"%d" % n + c).hexdigest() for n, c in enumerate(contents)]
    return pl.DataFrame(
        {
            "document_id": ids,
            "path": [f"{n}.txt" for n in range(len(contents))],
            "file_name": [f"{n}.txt" for n in range(len(contents))],
            "byte_size": [len(content) for content in contents],
            "kind": ["digest"] * len(contents),
            "container_id": pl.Series([None] * len(contents), dtype=pl.String),
            "content": pl.Series(contents, dtype=pl.Binary),
        },
        schema_overrides={"byte_size": pl.Int64},
    )


def decode_one(content):
    (document,) = decode_documents(land(content)).documents.to_dicts()
    return document


def reason(content):
    result = decode_documents(land(content))
    assert result.documents.is_empty()
    return result.rejects["reason_code"].item()


def held_texts(content):
    result = decode_documents(land(content))
    text = result.documents["text"].item()
    return [
        text[span["char_start"] : span["char_end"]]
        for span in result.held_spans.to_dicts()
    ]


@pytest.mark.parametrize(
    ("text", "written_in", "read_as"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        ("\ufeff" + RUSSIAN, "utf-8", "utf-8"),
        ("\ufeff" + RUSSIAN, "utf-16-le", "utf-16-le"),
        ("\ufeff" + RUSSIAN, "utf-16-be", "utf-16-be"),
        ("\ufeff" + ENGLISH, "utf-32-le", "utf-32-le"),
        ("\ufeff" + ENGLISH, "utf-32-be", "utf-32-be"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN.replace("—", "-"), "koi8-r", "koi8-r"),
        (RUSSIAN.replace("—", "-"), "cp866", "cp866"),
        (RUSSIAN, "mac-cyrillic", "mac-cyrillic"),
        (TAJIK, "cp1251", "cp1251"),
        (TAJIK, "koi8-r", "koi8-r"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "latin-1", "cp1252"),
        (FRENCH + "\x81", "latin-1", "latin-1"),
        (ENGLISH, "cp1252", "cp1252"),
        ("Öl und Gas wurden teurer", "cp1252", "cp1252"),
        ("The café reopened.", "latin-1", "cp1252"),
        ("Нефть дорожает", "koi8-r", "koi8-r"),
        ("СУД ВЫНЕС РЕШЕНИЕ", "koi8-r", "koi8-r"),
        ("СУД ВЫНЕС РЕШЕНИЕ", "cp1251", "cp1251"),
        ("СУД ВЫНЕС РЕШЕНИЕ", "cp866", "cp866"),
        ("Oil up ½ a dollar to £40", "cp1252", "cp1252"),
        ("one\r\ntwo\rthree\x85four\u2028five\f", "utf-8", "utf-8"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(text, written_in, read_as):
    document = decode_one(text.encode(written_in))

    assert document["text"] == text
    assert document["encoding"] == read_as
    assert document["replaced_count"] == 0
    assert document["char_count"] == len(text)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \r\n\t\f\xc2\xa0", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\xff\xfe\0\0", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00\x01\x02" * 100, "binary"),
        (b"\0" * 5000, "binary"),
        (b"text\n" * 100 + b"\0" * 20, "binary"),
        (b"%PDF-1.7\n...", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "unsupported_type"),
        (b"PK\x03\x04" + b"word/document.xml", "unsupported_type"),
        (b"\x1f\x8b\x08\0\0", "unsupported_type"),
        (b"\x28\xb5\x2f\xfd\0\0", "unsupported_type"),
        (b"\xef\xbb\xbf \n<!DOCTYPE svg><p>x</p>", "unsupported_type"),
        (b"BZh91AY&SY\x00\x01", "unsupported_type"),
        (
            "電力省は月曜日、新しい発電所が年内に稼働すると発表".encode("shift_jis"),
            "unknown_encoding",
        ),
        (
            "能源部周一表示，新电站将于年底前投入使用。".encode("gb18030"),
            "unknown_encoding",
        ),
        (
            "قالت وزارة الطاقة يوم الاثنين إن المحطة الجديدة".encode("cp1256"),
            "unknown_encoding",
        ),
    ],
)
def test_what_is_no_text_is_a_reject(content, expected):
    assert reason(content) == expected


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("stream", "expected", "step"),
    [
        ("EncryptedPackage", "encrypted", "save it without one"),
        ("__substg1.0_1000001F", "unsupported_type", "save it as .eml"),
        ("WordDocument", "unsupported_type", "save it as .docx"),
    ],
)
def test_file_of_old_office_says_what_it_is_and_the_next_step(stream, expected, step):
    (row,) = decode_documents(
        land(OLD_OFFICE + stream.encode("utf-16-le"))
    ).rejects.to_dicts()

    assert row["reason_code"] == expected
    assert step in row["detail"]


def test_random_bytes_are_never_a_text():
    assert reason(bytes((n * 7919 >> 5) % 256 for n in range(5000))) == "binary"


@pytest.mark.parametrize(
    "content", [b"PAR1 is a name", b"RIFF raff moved in.", b"BZh was here\n"]
)
def test_word_that_looks_like_a_magic_is_text(content):
    assert decode_one(content)["text"] == content.decode()


def test_few_bad_bytes_are_replaced_and_counted():
    content = RUSSIAN.encode().replace("Щукина".encode(), b"\xd9\xf3\xea", 1)

    document = decode_one(content)

    assert document["text"] == RUSSIAN.replace("Щукина", "\ufffd" * 3)
    assert document["replaced_count"] == 3
    assert held_texts(content) == []


def test_replacement_characters_of_the_file_itself_are_not_counted():
    document = decode_one(("\ufffd" * 5 + RUSSIAN).encode() + b"\xff")

    assert document["replaced_count"] == 1


@pytest.mark.parametrize("text", [RUSSIAN + "й", "The ministry said so —"])
def test_half_a_character_at_the_end_is_flagged(text):
    document = decode_one(text.encode()[:-1])

    assert document["text"] == text[:-1] + "\ufffd"
    assert document["encoding"] == "utf-8"
    assert document["replaced_count"] == 1


def test_half_a_unit_of_utf16_is_flagged():
    document = decode_one(("\ufeff" + RUSSIAN).encode("utf-16-le")[:-1])

    assert (document["replaced_count"], document["encoding"]) == (1, "utf-16-le")


def test_lone_surrogates_become_replacement_characters():
    content = "\ufeffA dam".encode("utf-16-le") + b"\x00\xd8" + "b".encode("utf-16-le")

    assert decode_one(content)["text"] == "\ufeffA dam\ufffdb"


def test_lines_in_another_encoding_are_held_with_their_place():
    good = "\n".join([RUSSIAN] * 5)
    bad = "Полиция задержала двух подозреваемых"
    content = good.encode() + b"\n" + bad.encode("cp1251") + b"\n" + TAJIK.encode()

    (held,) = held_texts(content)

    assert len(held) == len(bad)
    assert set(held) == {"\ufffd", " "}
    assert decode_one(content)["text"].endswith(TAJIK)


def test_two_lines_of_which_one_is_damaged_stay_utf8():
    content = FRENCH.encode() + b"\n" + FRENCH.encode().replace(b"lundi", b"\xff" * 5)

    document = decode_one(content)

    assert (document["encoding"], document["replaced_count"]) == ("utf-8", 5)
    assert document["text"].startswith(FRENCH)


def test_utf8_lines_among_single_bytes_are_held():
    good = "\n".join([RUSSIAN] * 5)
    content = good.encode("cp1251") + b"\n" + TAJIK.encode() + b"\nend"

    (held,) = held_texts(content)

    assert held.encode("cp1251").decode() == TAJIK + "\n"


def test_few_nul_bytes_do_not_make_a_text_binary():
    assert decode_one(FRENCH.encode() * 5 + b"\0")["text"].endswith("\0")


def test_documents_come_in_order_of_their_ids_whatever_the_order_of_files():
    landed = land(
        b"one", RUSSIAN.encode("koi8-r", "ignore"), b"", b"three", b"\xff\xfe"
    )

    forth = decode_documents(landed)
    back = decode_documents(landed.reverse())

    assert forth.documents.equals(back.documents)
    assert forth.documents["document_row"].to_list() == [0, 1, 2]
    assert forth.documents["document_id"].is_sorted()
    assert set(forth.rejects["path"]) == {"2.txt", "4.txt"}


def test_held_spans_name_the_row_of_their_document():
    broken = RUSSIAN.encode() * 3 + b"\n" + TAJIK.encode("cp1251")
    result = decode_documents(land(b"one", b"", broken, b"two"))

    (row,) = result.held_spans["document_row"].unique()

    assert result.documents["file_name"][row] == "2.txt"


def test_nothing_landed_gives_empty_frames():
    result = decode_documents(land())

    assert [frame.height for frame in result] == [0, 0, 0]


def test_long_binary_file_is_told_without_guessing():
    assert reason(os.urandom(1 << 20)) == "binary"
