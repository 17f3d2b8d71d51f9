"""Whether the title line that the splitter chose can be one, and which is if it cannot.

A line that says whose the text is, and one that reads like the text itself, is none.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.clean.edge_kinds import Side, name_kinds
from transforms.clean.line_shape_kernels import Flags
from transforms.clean.ranked_lines import TEXT_MIN_BYTES, RankedLines
from transforms.clean.title_edges import TITLE_LABEL
from transforms.contracts import LineRole
from transforms.text.buffers import Offsets
from transforms.text.compiled_patterns import contains

TITLE_ZONE_LINES: Final = 18
HEADLINE_MAX_CHARS: Final = 300
# A sentence so long may be a title, but not where no text is below it; longer ones,
# and several, are text.
SENTENCE_MIN_CHARS: Final = 40
SENTENCES_MIN_CHARS: Final = 100
TEXT_MIN_CHARS: Final = 160
HEAD_MAX_BYTES: Final = 60
SMALL_WORD_RATIO: Final = 0.5
# Kinds whose patterns no title fits. Those of others, such as bylines, some do.
_KINDS: Final = {
    "trailer": "rights credit code document_id end_marker wire_end address notice",
    "header": "counter code published_by word_count body_marker",
}
_LABELLED: Final = (
    r"(?i)^\W{0,3}(?:(?:original|news|photo|image)\s)?(?:source|origin|источник|"
    r"джерело|quelle|fuente|fonte|bron|section|length|by-?line|dateline|load-date|"
    r"language|publication(?:-type| info| date)?|journal-code|document url|url|links?|"
    r"full text|location|highlight|abstract|rubrique|longueur)\s?[:：]"
)
_COPYRIGHT: Final = (
    r"(?i)^\W{0,3}(?:(?:copyright|copr\.)\s*(?:©|\(c\)|(?:19|20)\d\d|by\s|of\s)|"
    r"(?:©|&copy;|\(c\))\s?[\p{L}\d])"
)
# A date with its year, and nothing else but what a masthead says beside it.
_DATE_ALONE: Final = (
    r"(?i)^(?:\W*(?:posted|published|updated|date|edition|final|late|early|city|first|"
    r"national|morning|evening|section|gmt|est|edt|[ap]\.?m|(?:mon|tues?|wednes|wed|"
    r"thurs?|fri|satur|sat|sun)(?:day)?|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|"
    r"oct|nov|dec)(?:uary|ruary|ch|il|ust|t?ember|ober)?|\d{1,2}(?:st|nd|rd|th)?))*"
    r"\W*(?:19|20)\d\d(?:\W*(?:[\d:]+|edition|final|late|early|city|first|national|"
    r"morning|evening|section|gmt|est|edt|[ap]\.?m|(?:mon|tues?|wednes|wed|thurs?|fri|"
    r"satur|sat|sun)(?:day)?))*\W*$"
)
_SMALL_WORD: Final = r"(?:^|\s)[^\p{L}\s]*\p{Ll}"
_FULL_STOP: Final = r"[.…][\"'”’»)\]]*$"
_NEXT_SENTENCE: Final = r"\p{Ll}{2}[.!?…][\"'”’»)\]]*\s+[\"'“„«(]?\p{Lu}"
_SIDES: Final[tuple[Side, Side]] = ("trailer", "header")
_NUMBER_ALONE: Final = r"^\W*\d+\W*$"


def settle_titles(ranked: RankedLines) -> pl.Series | None:
    """Roles of the lines, with another title line where the chosen one cannot be it.

    Where none can, the article has no title line; where all of its lines are of a kind
    that no title is of, it is left as it is.

    Args:
        ranked: Lines whose titles the splitter chose.

    Returns:
        `role` in the order of the lines, or None where nothing changes.
    """
    is_title = (ranked.rows["role"] == LineRole.TITLE).to_numpy()
    titles = np.flatnonzero(is_title)
    is_false = np.zeros(len(is_title), dtype=bool)
    is_false[titles] = is_never_title(ranked, titles)
    above, below = _text_beside(ranked, is_title)
    is_sentence, is_long = _read_sentences(ranked, titles)
    is_false[titles] |= is_long | (is_sentence & ~below[ranked.numbers[titles]])
    is_first = np.append(True, np.diff(ranked.numbers[titles]) > 0)[: len(titles)]
    is_wrong = ranked.articles_with(titles[is_first & is_false[titles]])
    is_wrong |= ranked.articles_with(titles) & above & ~below
    kept = is_title & ~is_false
    if is_wrong.any():
        chosen, is_known = _choose(ranked, is_wrong)
        kept[(is_wrong & is_known)[ranked.numbers]] = False
        kept[chosen] = True
        # One whose lines are all of such kinds is what it was.
        kept |= is_title & (is_wrong & ~is_known)[ranked.numbers]
    if (kept == is_title).all():
        return None
    roles = ranked.rows["role"].set(pl.Series(is_title), LineRole.BODY.value)
    return roles.set(pl.Series(kept), LineRole.TITLE.value)


def is_never_title(ranked: RankedLines, at: Offsets) -> Flags:
    """Whether some lines are of a kind that no title is of.

    Args:
        ranked: All lines.
        at: Which of them.
    """
    texts = ranked.texts(at)
    is_none = _is_labelled(texts)
    is_none |= contains(texts, _DATE_ALONE) & ~contains(texts, _NUMBER_ALONE)
    for side in _SIDES:
        kinds = name_kinds(texts, side)
        is_none |= kinds.is_in(_KINDS[side].split()).fill_null(value=False)
    return is_none.to_numpy()


def _is_labelled(texts: pl.Series) -> pl.Series:
    return contains(texts, _LABELLED) | contains(texts, _COPYRIGHT)


def _text_beside(ranked: RankedLines, is_title: Flags) -> tuple[Flags, Flags]:
    """Per article whether lines above and below its title read like text."""
    is_text = ((ranked.sizes > TEXT_MIN_BYTES) | ranked.closes) & ~is_title
    above = ranked.articles_with(np.flatnonzero(is_text & (ranked.ranks < 0)))
    below = ranked.articles_with(np.flatnonzero(is_text & (ranked.ranks > 0)))
    return above, below


def _read_sentences(ranked: RankedLines, at: Offsets) -> tuple[Flags, Flags]:
    """Whether some lines are a long sentence, and whether they are more than one.

    Most words of a sentence begin small, those of headlines in capitals do not.
    """
    texts = ranked.texts(at)
    chars = texts.str.len_chars().to_numpy()
    is_sentence = (chars >= SENTENCE_MIN_CHARS) & contains(texts, _FULL_STOP).to_numpy()
    rows = np.flatnonzero(is_sentence)
    likely = texts.gather(rows)
    small = likely.str.count_matches(_SMALL_WORD)
    words = likely.str.count_matches(r"\S+")
    is_sentence[rows] = (small >= SMALL_WORD_RATIO * words).to_numpy()
    several = (chars >= SENTENCES_MIN_CHARS) & contains(
        texts, _NEXT_SENTENCE
    ).to_numpy()
    is_longer = is_sentence & (several | (chars >= TEXT_MIN_CHARS))
    return is_sentence, is_longer | (chars > HEADLINE_MAX_CHARS)


def _choose(ranked: RankedLines, is_wrong: Flags) -> tuple[Offsets, Flags]:
    """Lines that can be the titles of articles whose title line cannot.

    It is the one that says so; else the last one above the text that no line of an
    unknown kind stands above: `The Example`, a date, and then the title.

    Args:
        ranked: All lines.
        is_wrong: Per article, whether it needs a title.

    Returns:
        The lines, and per article whether it has any line of an unknown kind.
    """
    numbers = ranked.numbers
    places = np.arange(len(numbers)) - np.searchsorted(numbers, numbers)
    rows = np.flatnonzero(is_wrong[numbers] & (places < TITLE_ZONE_LINES))
    texts = ranked.texts(rows)
    is_known = _is_labelled(texts)
    for side in _SIDES:
        is_known |= name_kinds(texts, side).is_not_null()
    is_real = ~is_known.to_numpy()
    _, is_long = _read_sentences(ranked, rows)
    stops = contains(texts, _FULL_STOP).to_numpy()
    is_text = is_long | (stops & (ranked.sizes[rows] > HEAD_MAX_BYTES))
    last_head = ranked.article_min(rows[is_real & is_text], rows[is_real & is_text])
    follows_real = np.append(False, is_real[:-1]) & (places[rows] > 0)
    is_head = is_real & ~follows_real & (rows < last_head[numbers[rows]])
    # Something is left below it to be the text.
    real = rows[is_real]
    is_head &= rows < ranked.article_max(real, real)[numbers[rows]]
    is_said = contains(texts, TITLE_LABEL).to_numpy()
    is_head |= is_said
    ranks = rows + is_said * len(numbers)
    best = ranked.article_max(rows[is_head], ranks[is_head])
    chosen = rows[is_head & (ranks == best[numbers[rows]])]
    return chosen, ranked.articles_with(real)
