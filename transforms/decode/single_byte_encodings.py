"""Which single-byte encoding a text is written in, told by pairs of bytes.

Every candidate has a table of what a pair of neighbouring bytes is worth when read in
it: letters of one script side by side, capitals where capitals stand, letters that are
common. A text scores the sum over its pairs, so the cost is one histogram. Tables of
letters beat a general detector here, since the candidates are few and known: a short
text in KOI8-R is all rare letters and capitals inside words when read as Windows-1251.
"""

import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray

# Ties go to the first.
CANDIDATES: Final = (
    "cp1252",
    "cp1251",
    "koi8-r",
    "cp866",
    "mac-cyrillic",
    "latin-1",
)

# Below these no candidate fits; measured on texts in encodings that are none. A text
# with few bytes above 127 stays readable however these are read.
_MIN_HIGH_RATIO: Final = 0.05
_MIN_SCORE_CYRILLIC: Final = -0.75
_MIN_SCORE_LATIN: Final = -1.9
_SHORT_HIGH_COUNT: Final = 40
_SHORT_LENIENCE: Final = 0.9

# Among Latin letters a lone high byte is an accent, not a word of one Cyrillic letter.
_CYRILLIC_AMONG_LATIN: Final = 2.2
_LATIN_PRIOR: Final = np.array(
    [
        0.0 if name in ("cp1252", "latin-1") else _CYRILLIC_AMONG_LATIN
        for name in CANDIDATES
    ]
)
_IS_ASCII_LETTER: Final = np.array(
    [chr(byte).isascii() and chr(byte).isalpha() for byte in range(256)]
)
_SAMPLE_BYTES: Final = 1 << 20
_HIGH: Final = 0x80
_PAIRS: Final = 1 << 16

# Letters of Russian, commonest first, with their share in per mille of running text
# (the round figures that handbooks of the language give).
_RUSSIAN_PER_MILLE: Final = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            110,
            85,
            80,
            73,
            67,
            63,
            55,
            47,
            45,
            44,
            35,
            32,
            30,
            28,
            26,
            20,
            19,
            17,
            17,
            16,
            16,
            14,
            12,
            10,
            9,
            7,
            6,
            5,
            4,
            3,
            3,
            0.4,
            1,
        ),
        strict=True,
    )
)
# Pairs of letters that Russian and its neighbours use most, run together; all others
# are rarer.
_PAIR_LETTERS: Final = (
    "стноентонаовниравокоалнепогорорепртаостьолерлиоркаотлолаетинанестиомваогелит"
    "тедериодобатльаслевезадаиеиииясяимныыйойыхихсвсесискслсоспсутвтртутыудукулум"
    "унурусутучцичечичтшашешлэтэкэлюдютянятаяамавазакахбабебобывивнвсвыгагиглгрдн"
    "додрдудиеведезейекемжежизнзоивидизикилирисичкикркткулулылюмамемимомунннтнуню"
    "няокопочпапеплпурурырясаужупхочачнщищеьюямявяз"
)
_COMMON_PAIRS: Final = frozenset(
    first + second
    for first, second in zip(_PAIR_LETTERS[::2], _PAIR_LETTERS[1::2], strict=True)
)
# Letters of the other languages that Windows-1251 was made for, and what they weigh.
_OTHER_CYRILLIC: Final = {
    "і": -0.3,
    "ї": -1.0,
    "є": -1.0,
    "ў": -2.0,
    "ј": -2.5,
    "љ": -3.0,
    "њ": -3.0,
    "ћ": -3.0,
    "ђ": -3.0,
    "џ": -3.5,
    "ґ": -3.5,
    "ѕ": -3.5,
    "ѓ": -3.5,
    "ќ": -3.5,
}
_COMMON_ACCENTED: Final = frozenset("éèàçêôîûâäöüßñóíáúãõøåæ")
_TYPOGRAPHIC: Final = frozenset("“”‘’–—…«»„•·№°§©®™€£\u00a0")
_OPENING: Final = frozenset("“‘«„№§£€©\u00a0")
_CLOSING: Final = frozenset("”’»…®™°\u00a0")


class Guess(NamedTuple):
    """The likeliest encoding.

    Attributes:
        encoding: One of the candidates.
        score: Per byte above 127; near 0 when it fits.
        is_credible: Whether the text may well be in it; else it is in none of them.
    """

    encoding: str
    score: float
    is_credible: bool


class _Kind(NamedTuple):
    """What a character is to the characters beside it."""

    group: (
        str  # latin, accented, cyrillic, space, digit, mark, typographic, symbol, none
    )
    is_upper: bool = False
    weight: float = 0.0
    letter: str = ""
    opens: bool = False
    closes: bool = False
    is_apostrophe: bool = False


def guess_encoding(content: bytes) -> Guess:
    """The candidate that reads the bytes best.

    Args:
        content: Text in a single-byte encoding with at least one byte above 127. Of a
            long one its first MiB is looked at.

    Example:
        >>> guess_encoding("Нефть подорожала".encode("koi8-r")).encoding
        'koi8-r'
    """
    data = np.frombuffer(b" " + content[:_SAMPLE_BYTES] + b" ", dtype=np.uint8)
    counts = _count_pairs(data)
    high_count = max(int((data >= _HIGH).sum()), 1)
    scores = _tables() @ counts / high_count
    letter_count = int(_IS_ASCII_LETTER[data].sum())
    scores -= _LATIN_PRIOR * letter_count / (letter_count + high_count)
    best = int(np.argmax(np.round(scores, 6)))
    least = _MIN_SCORE_CYRILLIC if _LATIN_PRIOR[best] else _MIN_SCORE_LATIN
    if high_count < _SHORT_HIGH_COUNT:
        least -= _SHORT_LENIENCE
    is_credible = high_count < _MIN_HIGH_RATIO * len(data) or scores[best] >= least
    return Guess(CANDIDATES[best], float(scores[best]), bool(is_credible))


def _count_pairs(data: ByteArray) -> npt.NDArray[np.float64]:
    first, second = data[:-1], data[1:]
    touched = (first >= _HIGH) | (second >= _HIGH)
    pairs = first[touched].astype(np.int64) * 256 + second[touched]
    return np.bincount(pairs, minlength=_PAIRS).astype(np.float64)


@cache
def _tables() -> npt.NDArray[np.float64]:
    tables = np.zeros((len(CANDIDATES), _PAIRS))
    for row, encoding in enumerate(CANDIDATES):
        kinds = [_kind_of_byte(byte, encoding) for byte in range(256)]
        for first in range(256):
            for second in range(256):
                if first >= _HIGH or second >= _HIGH:
                    tables[row, first * 256 + second] = _worth(
                        kinds[first], kinds[second]
                    ) + (kinds[second].weight if second >= _HIGH else 0.0)
    return tables


def _kind_of_byte(byte: int, encoding: str) -> _Kind:
    try:
        return _kind_of(bytes([byte]).decode(encoding))
    except UnicodeDecodeError:
        return _Kind("none", weight=-12.0)


def _kind_of(character: str) -> _Kind:
    lower = character.lower()
    if lower in _RUSSIAN_PER_MILLE or lower in _OTHER_CYRILLIC:
        return _Kind(
            "cyrillic", lower != character, _cyrillic_weight(lower), letter=lower
        )
    if character in _TYPOGRAPHIC:
        return _Kind(
            "typographic",
            weight=-0.7,
            opens=character in _OPENING,
            closes=character in _CLOSING,
            is_apostrophe=character == "’",
        )
    if character.isascii():
        return _kind_of_ascii(character)
    if unicodedata.name(character, "").startswith("LATIN"):
        weight = -0.8 if lower in _COMMON_ACCENTED else -3.0
        return _Kind("accented", lower != character, weight)
    if unicodedata.category(character) == "Cc":
        return _Kind("none", weight=-8.0)
    return _Kind("symbol", weight=-4.0)


def _cyrillic_weight(letter: str) -> float:
    if letter in _OTHER_CYRILLIC:
        return _OTHER_CYRILLIC[letter]
    share = _RUSSIAN_PER_MILLE[letter] / 1000
    return 0.5 * float(np.log(share * len(_RUSSIAN_PER_MILLE)))


def _kind_of_ascii(character: str) -> _Kind:
    if character.isalpha():
        return _Kind("latin", character.isupper())
    if character.isdigit():
        return _Kind("digit")
    return _Kind("space" if character.isspace() else "mark")


def _worth(first: _Kind, second: _Kind) -> float:
    """Log-odds, by hand, of the second kind of character behind the first."""
    groups = (first.group, second.group)
    if groups == ("cyrillic", "cyrillic"):
        return _worth_within_cyrillic(first, second)
    if "cyrillic" in groups:
        return _worth_beside_cyrillic(first, second)
    if "accented" in groups:
        return _worth_beside_accented(first, second)
    if "typographic" in groups:
        return _worth_beside_typographic(first, second)
    return 0.0


def _worth_within_cyrillic(first: _Kind, second: _Kind) -> float:
    if second.is_upper and not first.is_upper:
        return -5.0
    case = -0.4 if first.is_upper and second.is_upper else 0.0
    return case + (0.5 if first.letter + second.letter in _COMMON_PAIRS else -0.8)


def _worth_beside_cyrillic(first: _Kind, second: _Kind) -> float:
    cyrillic, other = (first, second) if first.group == "cyrillic" else (second, first)
    if other.group == "typographic":
        # Only "м’я" has a sign inside a word.
        is_broken = first is other and not (first.opens or first.is_apostrophe)
        return -2.0 if is_broken else _worth_beside_typographic(first, second)
    if other.group in _WORTH_BESIDE_CYRILLIC:
        return _WORTH_BESIDE_CYRILLIC[other.group]
    if first is other:
        return -0.3 if cyrillic.is_upper else 0.0
    # A word that ends in a capital is an abbreviation, or a word by itself.
    return -0.6 if cyrillic.is_upper else 0.0


_WORTH_BESIDE_CYRILLIC: Final = {
    "latin": -4.0,
    "accented": -4.0,
    "digit": -1.5,
    "symbol": -3.0,
    "none": -3.0,
}


def _worth_beside_accented(first: _Kind, second: _Kind) -> float:
    if first.group == second.group:
        return -3.5 if first.is_upper == second.is_upper else -5.0
    other = second if first.group == "accented" else first
    if other.group == "typographic":
        return _worth_beside_typographic(first, second)
    if other.group == "latin":
        return -3.0 if second.is_upper and not first.is_upper else 0.0
    if other.group in ("digit", "symbol", "none"):
        return -2.0
    # In a word of its own it is "à"; at the edge of one it is not rare.
    return -0.3


def _worth_beside_typographic(first: _Kind, second: _Kind) -> float:
    """A sign that closes stands behind a word, one that opens before it."""
    letters = ("latin", "accented", "cyrillic", "digit")
    if second.group == "typographic" and first.group in letters:
        return 0.0 if second.closes else -1.5
    if first.group == "typographic" and second.group in letters:
        # In "it’s" a closing sign stands before a letter.
        return 0.0 if first.opens else -0.8
    return 0.0
