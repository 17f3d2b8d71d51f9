"""Languages of texts: a quick yes for English, a proper look at the rest."""

from functools import cache
from typing import Final, Protocol, cast

import polars as pl

UNDETERMINED: Final = "und"
SAMPLE_CHARS: Final = 400
GLANCE_CHARS: Final = 240
MIN_LETTERS: Final = 40
MIN_PROBABILITY: Final = 0.8
MIN_ENGLISH_WORDS: Final = 2
# Common words of English, and three of them that its neighbours do not spell so.
_ENGLISH: Final = (
    r"(?i)(?-u:\b)(?:the|of|and|that|with|was|were|is|has|have|for|from|by|said|to|at|"
    r"be|it|he|his|are|not|will|which|this|their|but|who|they|after|its)(?-u:\b)"
)
_ONLY_ENGLISH: Final = r"(?i)(?-u:\b)(?:the|and|with|said|from)(?-u:\b)"
_MIN_ENGLISH_RATIO: Final = 0.12
_CHARS_PER_WORD: Final = 6


class _Identifier(Protocol):
    def classify(self, instance: str) -> tuple[str, float]: ...


@cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return cast(
        "_Identifier",
        LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True),
    )


def find_languages(texts: pl.Series) -> pl.Series:
    """ISO 639-1 codes of texts, judged by their first few hundred characters.

    Returns:
        One code per text, `und` where there is too little to go by.
    """
    samples = texts.str.slice(0, SAMPLE_CHARS).alias("sample")
    glance = pl.col("sample").str.slice(0, GLANCE_CHARS)
    english = glance.str.count_matches(_ENGLISH)
    words = glance.str.len_chars() / _CHARS_PER_WORD
    is_english = (
        glance.str.contains(_ONLY_ENGLISH)
        & (english > MIN_ENGLISH_WORDS)
        & (english >= _MIN_ENGLISH_RATIO * words)
    )
    quick = samples.to_frame().select(
        "sample", code=pl.when(is_english).then(pl.lit("en"))
    )
    rest = quick.filter(pl.col("code").is_null())["sample"].unique()
    found = pl.DataFrame(
        {"sample": rest, "looked_up": [_look_up(sample) for sample in rest]},
        schema={"sample": pl.String, "looked_up": pl.String},
    )
    return quick.join(found, on="sample", how="left", maintain_order="left").select(
        language=pl.coalesce("code", "looked_up")
    )["language"]


def _look_up(sample: str) -> str:
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return UNDETERMINED
    code, probability = _identifier().classify(sample.lower())
    return code if probability >= MIN_PROBABILITY else UNDETERMINED
