import polars as pl
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from transforms.extract_metadata.language.languages import (
    MIN_PROBABILITY,
    classify,
    find_languages,
)

TEXTS = [
    "Министерство энергетики сообщило в понедельник, что подстанция заработает.",
    "Le ministère a annoncé lundi que la centrale sera mise en service d'ici à la fin.",
    "Der Rat der Stadt hat am Montag über die neue Brücke beraten und sie beschlossen.",
    "El consejo de la ciudad se reunió el lunes para hablar del nuevo puente.",
    "Вазорати энергетика хабар дод, ки неругохи нав то охири сол мешавад.",
    "Міністерство енергетики повідомило в понеділок, що підстанція запрацює до кінця.",
    "市议会周一开会讨论新桥的问题,市长说,如果及时找到资金,明年将建成新桥。",
    "qtly div 10 cts vs 10 cts prior payable may one record april 15",
    "xq",
]


def test_walk_gives_what_the_library_gives() -> None:
    known = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    found = classify(pl.Series(TEXTS))

    wanted = [known.classify(text) for text in TEXTS]
    assert found == [
        code if share >= MIN_PROBABILITY else "und" for code, share in wanted
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "und"),
        (None, "und"),
        ("12 34 56", "und"),
        (TEXTS[0], "ru"),
        (
            "WASHINGTON (Reuters) - Smith, Jones, Doe, Roe 1, 2, 3. " * 6
            + "He said that the bridge of the town will be built and that it is his. "
            * 6,
            "en",
        ),
    ],
)
def test_text_has_its_language(text: str | None, code: str) -> None:
    series = pl.Series([text], dtype=pl.String)

    assert find_languages(series).to_list() == [code]


def test_no_texts_have_no_languages() -> None:
    assert find_languages(pl.Series([], dtype=pl.String)).is_empty()
