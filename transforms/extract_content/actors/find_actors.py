"""Persons and organisations that texts name, by words in and beside the names."""

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from transforms.extract_content.actors.actor_names import (
    name_found,
    printed_roles,
    read_names,
)
from transforms.extract_content.actors.name_runs import Flags, NameWords, read_joins
from transforms.extract_content.span_kernels import (
    carry_on,
    choose_apart,
    count_marked,
    mark_spans,
)
from transforms.extract_content.word_kernels import (
    CAPITAL,
    INITIAL,
    LOWER_WORD,
    UPPER_WORD,
)
from transforms.extract_content.words import Phrases, TextWords
from transforms.text.buffers import Offsets

_PERSON: Final = "person"
_ORGANISATION: Final = "organisation"
_MOST_WORDS: Final = 6  # of a person
_SURE, _LIKELY, _DOUBTFUL = 0.95, 0.8, 0.6
_ACRONYM_CHARS: Final = (2, 8)
_LONG_ACRONYM: Final = 3  # characters; shorter names must be printed in capitals


@cache
def _known(kind: str) -> tuple[Phrases, pl.Series]:
    """Phrases of the names of a kind, and what each means."""
    rows = (
        read_names()
        .filter(pl.col("kind") == kind)
        .with_columns(said=pl.concat_list("name", "aliases"))
        .explode("said")
    )
    return Phrases(rows["said"]), rows["name"]


def find_actors(
    words: TextWords, body_starts: Offsets, places: pl.DataFrame
) -> pl.DataFrame:
    """Find persons and organisations.

    Args:
        words: Of the texts.
        body_starts: Per text, the character at which the body starts.
        places: Mentions of places: `first`, `stop` (rows of words), `score`.

    Returns:
        One row per mention, in order, none over another: `first`, `stop`, `text_row`,
        `kind` (person, organisation), `name`, `printed_role` (null for none), `role`
        (title, text), `score` (0-1).
    """
    names = NameWords(words, body_starts)
    listed = _listed(words, names)
    runs = _split_roles(names, names.runs())
    count = len(words)
    is_place = _marked(places, count)
    runs = _apart_from_places(names, runs, is_place)
    found = _without_overlaps(
        pl.concat(
            [
                listed,
                _organisations(names, runs, is_place),
                _persons(names, runs, is_place),
            ]
        ),
        count,
    )
    taken = _marked(found, count)
    found = pl.concat(
        [
            found,
            _acronyms(names, taken | is_place),
            _surnames(names, found, taken | _marked(places.filter("is_sure"), count)),
        ]
    )
    found = _without_overlaps(found, count)
    return name_found(words, found).with_columns(
        role=pl.when(pl.Series(names.is_title[found["first"].to_numpy()]))
        .then(pl.lit("title"))
        .otherwise(pl.lit("text")),
        printed_role=printed_roles(names, found),
    )


def _frame(
    firsts: Offsets, stops: Offsets, kind: str, score: float | Offsets
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "first": np.asarray(firsts, dtype=np.int64),
            "stop": np.asarray(stops, dtype=np.int64),
            "score": np.broadcast_to(np.asarray(score, dtype=np.float64), len(firsts)),
        }
    ).with_columns(kind=pl.lit(kind), said=pl.lit(None, pl.String))


def _listed(words: TextWords, names: NameWords) -> pl.DataFrame:
    """Names of the two lists, where they are printed as names."""
    frames = []
    may_start = ~(names.opens & names.is_common) | names.is_head
    may_start &= words.is_capital
    may_start |= words.are("al")
    for kind in (_ORGANISATION, _PERSON):
        phrases, meant = _known(kind)
        found = phrases.find(words, may_start)
        if kind == _ORGANISATION:
            # "Apple" and "total" as words of other names are none.
            found = found[_stands_alone(names, found)]
        frame = _frame(found[:, 0], found[:, 1], kind, _LIKELY)
        frames.append(
            frame.with_columns(said=meant.gather(found[:, 2].astype(np.uint32)))
        )
    return pl.concat(frames)


def _stands_alone(names: NameWords, found: Offsets) -> Flags:
    """Whether a listed name is no part of a longer run, and printed as it is listed."""
    arrays, count = names.words.arrays, len(names.words)
    before, after = found[:, 0] - 1, np.minimum(found[:, 1], max(count - 1, 0))
    has_name_before = (
        (before >= 0)
        & names.is_name[before]
        & (arrays.space[found[:, 0]] == 1)
        & ~names.is_role[before]
        & (arrays.sentence[before] == arrays.sentence[found[:, 0]])
    )
    has_name_after = (
        (found[:, 1] < count)
        & names.is_name[after]
        & (arrays.space[after] == 1)
        & ~names.is_role[after]
    )
    is_single = found[:, 1] - found[:, 0] == 1
    short = arrays.end[found[:, 0]] - arrays.start[found[:, 0]] <= _LONG_ACRONYM
    is_upper = names.words.is_capital[found[:, 0]]
    is_upper &= arrays.kind[found[:, 0]] != CAPITAL
    is_loud = names.is_loud[found[:, 0]]
    alone: Flags = ~(is_single & (has_name_before | has_name_after))
    alone &= (~(is_single & short) | is_upper) & ~(is_single & is_loud & short)
    return alone


def _split_roles(names: NameWords, runs: Offsets) -> Offsets:
    """Runs without the titles and roles that they begin with.

    "Prime Minister Nikol Pashinian" is a run of four words, and the name of two.
    """
    firsts, stops = runs[:, 0].copy(), runs[:, 1]
    is_title = names.is_listed("titles")
    last_title = np.full(len(runs), -1, dtype=np.int64)
    for step in range(_MOST_WORDS):
        at = np.minimum(firsts + step, stops - 1)
        next_is_first = names.is_first[np.minimum(at + 1, stops - 1)]
        inside = (firsts + step < stops - 1) & (
            is_title[at] | (names.is_role[at] & next_is_first & ~names.is_first[at])
        )
        # A head before it makes an organisation of it: "General Staff", "State Bank".
        last_title = np.where(inside, at, last_title)
    behind = np.minimum(last_title + 1, stops - 1)
    dots = (last_title >= 0) & ~names.is_name[behind]
    start = np.where(last_title >= 0, last_title + 1 + dots, firsts)
    rest_is_head = np.zeros(len(runs), dtype=bool)
    for step in range(_MOST_WORDS):
        at = start + step
        inside = at < stops
        rest_is_head |= inside & names.is_head[np.minimum(at, len(names.is_head) - 1)]
    keep = (last_title >= 0) & ~rest_is_head & (start < stops)
    return np.column_stack([np.where(keep, start, firsts), stops])


def _apart_from_places(names: NameWords, runs: Offsets, is_place: Flags) -> Offsets:
    """Runs that end before a dateline, and that begin anew at a person's first name.

    "Olzhas Auyezov ALMATY" is a byline and a dateline, "Foreign Affairs Sherzod
    Usmonov" the rest of a function and a person.
    """
    arrays = names.words.arrays
    count = len(names.words)
    is_second = mark_spans(runs[:, 0] + 1, runs[:, 1], count)
    rows = np.flatnonzero(is_second)
    before, after = rows - 1, (rows + 1) % max(count, 1)
    starts = is_place[rows] & (arrays.kind[rows] == UPPER_WORD)
    starts &= arrays.kind[before] == CAPITAL
    person = names.is_first[rows] & ~names.is_common[rows] & ~names.is_title[rows]
    person &= names.is_common[before] & (arrays.space[rows] == 1)
    starts |= person & is_second[after] & ~names.is_head[after]
    firsts = np.sort(np.append(runs[:, 0], rows[starts]))
    ends = np.append(firsts[1:], count)
    run_ends = runs[np.searchsorted(runs[:, 0], firsts, side="right") - 1, 1]
    return np.column_stack([firsts, np.minimum(ends, run_ends)])


def _has(flags: Flags, runs: Offsets) -> Flags:
    """Whether any word of each run has a flag."""
    has: Flags = count_marked(flags, runs[:, 0], runs[:, 1]) > 0
    return has


def _organisations(names: NameWords, runs: Offsets, is_place: Flags) -> pl.DataFrame:
    """Runs that say what they are, with what they are of."""
    is_strong = names.is_listed("strong_heads") & names.is_name
    has_head = _has(names.is_head & names.is_name, runs)
    last = runs[:, 1] - 1
    # A first name in front makes a person of it, but for "Inc" and the like.
    is_person = (
        names.is_first[runs[:, 0]] & ~names.is_head[last] & ~_has(is_strong, runs)
    )
    is_person |= ~_has(~is_place, runs)
    chosen = runs[has_head & ~is_person]
    joins = read_joins().number(names.words, {"of": 1, "and": 2, "the": 3})
    may_follow = names.words.is_capital & ~names.is_listed("no_names")
    stops = carry_on(
        names.words.arrays,
        chosen[:, 0],
        chosen[:, 1],
        joins,
        may_follow,
        names.is_common,
    )
    closed = names.is_listed("closed_heads")[chosen[:, 1] - 1]
    stops = np.where(closed, chosen[:, 1], stops)
    first = chosen[:, 0]
    before = np.maximum(first - 1, 0)
    single = stops - first == 1
    behind_the = (first > 0) & names.words.are("the", at=before)
    short = names.is_listed("short_heads")[first]
    loud = names.is_loud[first]
    keep = ~single | (behind_the & short & ~loud & ~names.opens[first])
    score = np.where(single, _DOUBTFUL, _SURE)
    return _frame(first[keep], stops[keep], _ORGANISATION, score[keep])


def _persons(names: NameWords, runs: Offsets, is_place: Flags) -> pl.DataFrame:
    """Runs that begin with a first name or initials, or stand behind a title."""
    arrays, count = names.words.arrays, len(names.words)
    first, stop = runs[:, 0], runs[:, 1]
    # "Kok-Aral" is one word here.
    size = count_marked(names.is_name & (arrays.space > 0), first, stop)
    before = np.maximum(first - 1, 0)
    dotted = np.maximum(first - 2, 0)
    is_title = names.is_listed("titles")
    same = (first > 0) & (arrays.sentence[before] == arrays.sentence[first])
    # "Mr. Smith" has its dot between the two.
    titled = same & (
        (is_title[before] & (arrays.kind[before] != LOWER_WORD))
        | (is_title[dotted] & names.words.are(".", at=before))
    )
    after_role = same & names.is_role[before] & ~titled
    has_initial = arrays.kind[first] == INITIAL
    second = np.minimum(first + 1, stop - 1)
    is_known = names.is_first[first] | (names.is_first[second] & (size > 1))
    is_common = _has(names.is_common & ~names.is_first, runs)
    after = np.minimum(stop, max(count - 1, 0))
    is_verb = names.is_listed("person_verbs")
    speaks = ((stop < count) & is_verb[after]) | (same & is_verb[before])
    place = ~_has(~is_place, runs)
    is_loud_word = (arrays.kind == UPPER_WORD) & ~names.is_title
    head = _has(names.is_head & ~names.is_first, runs)
    loud = names.is_loud[first]
    ok = (size <= _MOST_WORDS) & ~_has(names.is_listed("no_names"), runs)
    ok &= ~_has(names.is_demonym, runs)
    ok &= ~_has(is_loud_word, runs) | ~_has(~is_loud_word, runs)
    leads = names.is_first[first] & ~names.is_common[first] & (size <= 3)  # noqa: PLR2004
    two = size >= 2  # noqa: PLR2004 - first name and surname
    sure = ok & two & is_known & (~is_common | (leads & ~loud)) & ~head & ~place
    by_title = ok & titled & ~is_common & ~(head & two) & ~place
    likely = ok & two & ~is_common & ~head & ~place & ~loud
    likely &= after_role | speaks | has_initial
    guess = ok & two & ~is_common & ~head & ~place & ~loud & (size <= 3)  # noqa: PLR2004
    guess &= arrays.kind[first] == CAPITAL
    guess &= arrays.kind[np.maximum(stop - 1, 0)] == CAPITAL
    score = np.select(
        [sure, by_title, likely, guess],
        [_SURE, _SURE, _LIKELY, _DOUBTFUL],
        0.0,
    )
    single_speaks = ok & (size == 1) & speaks & ~is_common & ~head & ~place & ~loud
    single_speaks &= arrays.kind[first] == CAPITAL
    score = np.where(single_speaks & (score == 0), _DOUBTFUL, score)
    alone = ok & (size == 1) & has_initial & ~place
    dotted_twice = (arrays.end[first] - arrays.start[first]) == 4  # noqa: PLR2004 - A.T.
    score = np.where(alone & dotted_twice & (score == 0), _DOUBTFUL, score)
    keep = score > 0
    return _frame(first[keep], stop[keep], _PERSON, score[keep])


def _without_overlaps(found: pl.DataFrame, count: int) -> pl.DataFrame:
    """The longest of those that overlap, listed ones and organisations first."""
    firsts, stops = found["first"].to_numpy(), found["stop"].to_numpy()
    order = np.lexsort(
        (
            firsts,
            -found["score"].to_numpy(),
            found["kind"] != _ORGANISATION,
            found["said"].is_null(),
            firsts - stops,
        )
    )
    order = order[choose_apart(firsts[order], stops[order], count)]
    return found[order[np.argsort(firsts[order])]]


def _marked(found: pl.DataFrame, count: int) -> Flags:
    marked: Flags = mark_spans(
        found["first"].to_numpy(), found["stop"].to_numpy(), count
    )
    return marked


def _acronyms(names: NameWords, taken: Flags) -> pl.DataFrame:
    """Words in capitals that are no part of what is found, and not of a loud line."""
    arrays = names.words.arrays
    length = arrays.end - arrays.start
    is_acronym = (
        (arrays.kind == UPPER_WORD)
        & ~taken
        & ~names.is_listed("no_names")
        & (length >= _ACRONYM_CHARS[0])
        & (length <= _ACRONYM_CHARS[1])
        & ~names.is_common
        & ~names.is_first
    )
    loud = np.zeros(len(names.words), dtype=bool)
    if len(loud):
        loud[1:] |= (arrays.kind[:-1] == UPPER_WORD) & (arrays.space[1:] == 1)
        loud[:-1] |= (arrays.kind[1:] == UPPER_WORD) & (arrays.space[1:] == 1)
    rows = np.flatnonzero(is_acronym & ~loud)
    before = np.maximum(rows - 1, 0)
    of_country = names.is_demonym[before]
    of_country &= (arrays.space[rows] == 1) & (rows > 0)
    return _frame(rows - of_country, rows + 1, _ORGANISATION, _DOUBTFUL)


def _surnames(names: NameWords, found: pl.DataFrame, taken: Flags) -> pl.DataFrame:
    """Single words that are the last, or the only first, of a person of their text."""
    words = names.words
    arrays = words.arrays
    persons = found.filter(
        pl.col("kind") == _PERSON, pl.col("score") > _DOUBTFUL - 0.01
    )
    firsts = persons["first"].to_numpy()
    lasts = persons["stop"].to_numpy() - 1
    several = lasts > firsts
    surnames = pl.DataFrame(
        {
            "text_row": arrays.text_row[lasts[several]],
            "key": arrays.key[lasts[several]],
        }
    )
    family_first = pl.DataFrame(
        {
            "text_row": arrays.text_row[firsts[several]],
            "key": arrays.key[firsts[several]],
        }
    )
    free = np.flatnonzero(
        (arrays.kind == CAPITAL) & ~taken & ~names.is_listed("no_names")
    )
    candidates = pl.DataFrame(
        {"row": free, "text_row": arrays.text_row[free], "key": arrays.key[free]}
    )
    known = pl.concat([surnames, family_first]).unique()
    rows = candidates.join(known, on=["text_row", "key"], how="semi")["row"].to_numpy()
    return _frame(rows, rows + 1, _PERSON, _LIKELY)
