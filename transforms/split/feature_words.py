"""What the splitter's features are called when people read them."""

import re
from typing import Final

_SIDES: Final = {
    "before_1": "line before",
    "before_2": "second line before",
    "before_3": "third line before",
    "after_1": "line after",
    "after_2": "second line after",
    "after_3": "third line after",
}
_TRAITS: Final = {
    "chars": "characters",
    "words": "words",
    "capitalised_share": "share of words with a capital",
    "small_words": "long words in small letters",
    "upper_share": "share of capital letters",
    "digit_share": "share of digits",
    "first_class": "kind of its first character",
    "last_class": "kind of its last character",
    "ends_sentence": "ends like a sentence",
    "indent": "indent",
    "gap_before": "blank lines before",
    "gap_after": "blank lines after",
    "gap_before_rarity": "share of lines with as many blank lines before",
    "gap_after_rarity": "share of lines with as many blank lines after",
    "text_hash": "how often its words recur",
    "shape_hash": "how often its shape recurs",
    "lead_hash": "how often its first words recur",
    "form_hash": "how often its form recurs",
    "earlier": "times it stood before",
    "occurs_later": "stands again further on",
    "later_nearby": "lines nearby that stand again further on, as in contents",
    "run_in": "words of a heading that runs into its text",
    "announced": "titles in the list that announces it",
    "announced_once": "its first words stand in an earlier line",
    "announced_in_order": "announced in the order of the list",
    "announced_after": "lines since it was announced",
    "announces": "titles of the list that it is in",
    "list_goes_on": "stands within a list of titles",
    "since_announced": "lines since an announced title",
    "until_announced": "lines until an announced title",
    "since_list": "lines since a list of titles",
    "until_list": "lines until a list of titles",
    "in_head": "lines of its form above the first text of the document",
    "in_tail": "lines of its form below the last text of the document",
    "block_place": "lines of its block above",
    "block_left": "lines of its block below",
    "block_widest_gap": "widest gap in its block",
    "widest_gap": "stands below the widest gap of its block",
    "closings_above": "lines of its block above that close articles",
    "closings_below": "lines of its block below that close articles",
    "openings_above": "lines of its block above that open articles",
    "openings_below": "lines of its block below that open articles",
    "rules_above": "rules of its block above",
    "rules_below": "rules of its block below",
    "relative_chars": "length against the document's lines",
    "like_first": "likeness to the document's first line",
    "like_last": "likeness to the document's last line",
    "lines_before": "lines since the document's beginning",
    "lines_after": "lines until the document's end",
    "since_closing": "lines since one that closes articles",
    "since_text": "lines since running text",
    "until_text": "lines until running text",
    "shared_after": "its words found in the 50 after",
    "shared_before": "its words found in the 50 before",
    "cohesion": "words after found in the 50 before",
    "far_shared_after": "its words found in the 200 after",
    "far_shared_before": "its words found in the 200 before",
    "far_cohesion": "words after found in the 200 before",
    "names_go_on": "names after found in the 200 words before",
    "names_in_common": "names in common of 200 words on either side",
    "start_guess": "start of an article, seen alone",
    "outer_guess": "outside articles, seen alone",
    "document_starts": "starts in the document, seen alone",
    "document_start_rate": "starts per line of the document",
    "document_announced": "titles in the document that a list announces",
    "zone_start_rate": "starts per line nearby",
}
_ASPECTS: Final = {
    "gaps": "the same blank lines around",
    "gap": "the same blank lines before",
    "form": "the same case, end, and indent",
    "lead": "the same first words",
    "words": "the same form of words",
    "place": "the same place among the lines around",
    "closing": "the same kind of line before",
    "closing_lead": "the line before beginning alike",
    "closing_shape": "the line before shaped alike",
    "closing_words": "the line before formed alike",
    "opening": "the same kind of line after",
    "opening_lead": "the line after beginning alike",
    "opening_words": "the line after formed alike",
}
_RATES: Final = {
    "_zone_rate": "lines nearby with {} that start articles",
    "_before_rate": "lines with {} that stand above a title",
    "_before_share": "titles below a line with {}",
    "_outer_rate": "lines with {} outside articles",
    "_rate": "lines with {} that start articles",
    "_share": "starts of articles with {}",
}
_NEIGHBOUR: Final = re.compile(r"(before_\d|after_\d)_(\w+)")
_GUESS: Final = re.compile(r"(start|outer)_guess_(before|after)(2?)")


def say_sign(name: str) -> str:
    """A feature of the splitter in plain words.

    Example:
        >>> say_sign("before_1_is_source")
        'line before: looks like source'
        >>> say_sign("closing_rate")
        'lines with the same kind of line before that start articles'
        >>> say_sign("start_guess_after")
        'line after: start of an article, seen alone'
    """
    if found := _NEIGHBOUR.fullmatch(name):
        return f"{_SIDES[found[1]]}: {say_sign(found[2])}"
    if found := _GUESS.fullmatch(name):
        side = _SIDES[f"{found[2]}_{found[3] or 1}"]
        return f"{side}: {_TRAITS[f'{found[1]}_guess']}"
    if name.startswith("is_"):
        return f"looks like {name.removeprefix('is_').replace('_', ' ')}"
    for ending, phrase in _RATES.items():
        if name.removesuffix(ending) in _ASPECTS and name.endswith(ending):
            return phrase.format(_ASPECTS[name.removesuffix(ending)])
    if name.startswith("document_") and name not in _TRAITS:
        return f"document: {name.removeprefix('document_').replace('_', ' ')}"
    return _TRAITS.get(name, name.replace("_", " "))
