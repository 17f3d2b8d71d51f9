import pytest

from transforms.decode.single_byte_encodings import guess_encoding

# Short, or in capitals: each of the four encodings shows most of them as letters.
RUSSIAN = [
    "Пожар",
    "ПОЖАР В ШКОЛЕ",
    "Суд отправил его в СИЗО до 4 августа.",
    "Трое пострадавших доставлены в больницу.",
    "Источник: ИА REGNUM",
    "В городе введён режим ЧС",
]
WESTERN = [
    "Öl wird teurer",
    "Señor Muñoz está aquí.",
    "Le port rouvre après la tempête",
    "It cost £40, or 5½ % more.",
]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "mac-cyrillic"])
@pytest.mark.parametrize("text", RUSSIAN)
def test_short_russian_text_is_told(text, encoding):
    content = text.encode(encoding)

    guess = guess_encoding(content)

    # Capitals are the same bytes in the last two.
    assert content.decode(guess.encoding) == text
    assert guess.is_credible


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_with_few_accents_is_told(text):
    guess = guess_encoding(text.encode("cp1252"))

    assert (guess.encoding, guess.is_credible) == ("cp1252", True)


def test_later_parts_of_a_long_text_do_not_count():
    start = "Порт снова открыт. ".encode("koi8-r") * (1 << 16)

    assert guess_encoding(start + "Пожар. ".encode("cp1251") * (1 << 18)) == (
        guess_encoding(start)
    )
