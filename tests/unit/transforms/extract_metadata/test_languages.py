import polars as pl
import pytest

from transforms.extract_metadata import languages
from transforms.extract_metadata.languages import find_languages

RUSSIAN = "Министерство энергетики сообщило в понедельник, что подстанция заработает."
ENGLISH = "He said that the bridge of the town will be built and that it is his. "
NAMES = "WASHINGTON (Reuters) - Smith, Jones, Doe, Roe 1, 2, 3. "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        (NAMES * 6 + ENGLISH * 6, "en"),
        (RUSSIAN, "ru"),
        (RUSSIAN.upper(), "ru"),
        ("Le ministère a annoncé lundi que la centrale sera mise en service.", "fr"),
        ("Der Rat der Stadt hat am Montag über die neue Brücke beraten.", "de"),
        ("El consejo de la ciudad se reunió el lunes para hablar del puente.", "es"),
        ("Вазорати энергетика хабар дод, ки неругоҳи нав ба кор медарояд.", "tg"),
        ("Yangi stansiya yil oxirigacha ishga tushishi maʼlum qilindi.", "uz"),
        ("Министрлік жаңа станса жыл соңына дейін іске қосылады деді.", "kk"),
        ("Міністерство повідомило в понеділок, що підстанція запрацює.", "uk"),
        ("وزارت نیرو اعلام کرد که نیروگاه تازه تا پایان سال به کار می‌افتد.", "fa"),
    ],
)
def test_text_has_its_language(text, code):
    assert find_languages(pl.Series([text])).to_list() == [code]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "xq",
        "12 34 56",
        RUSSIAN[:30],
        "The end",
        "qtly div 10 cts vs 10 cts prior payable may one record april 15",
    ],
)
def test_too_little_to_go_by_is_undetermined(text):
    series = pl.Series([text], dtype=pl.String)

    assert find_languages(series).to_list() == ["und"]


def test_codes_come_in_order_of_the_texts():
    texts = pl.Series([RUSSIAN, ENGLISH, None, RUSSIAN, ENGLISH])

    found = find_languages(texts)

    assert found.name == "language"
    assert found.to_list() == ["ru", "en", "und", "ru", "en"]


def test_plain_english_needs_no_model(monkeypatch):
    monkeypatch.setattr(languages, "_identifier", lambda: pytest.fail("loaded"))

    assert find_languages(pl.Series([ENGLISH])).to_list() == ["en"]


def test_no_texts_have_no_languages():
    assert find_languages(pl.Series([], dtype=pl.String)).is_empty()
