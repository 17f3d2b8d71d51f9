"""What a user asks a full-text search for, checked before the warehouse is asked.

The language is that of the table macro `search`, with parentheses besides; these are
multiplied out, as the macro knows none.
"""

import re
from dataclasses import dataclass
from itertools import product
from typing import Final, NoReturn

from transforms.contracts import LABEL_CODES
from transforms.errors import UsageError
from transforms.text.closest import closest, did_you_mean

SEARCH_FIELDS: Final = ("category", "source", "since", "until")
_QUERY_CHARS_MAX: Final = 2_000
_CLAUSES_MAX: Final = 64
_TOKENS_MAX: Final = 200
_TOKEN: Final = re.compile(r'-?[A-Za-z]+:"[^"]*"|-?"[^"]*"|[()]|[^\s"()]+|"')
_FIELD: Final = re.compile(r"(-?)([A-Za-z]+):(.*)", re.DOTALL)
_DAY: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_QUOTES: Final = str.maketrans("“”„«»", '"""""')
_LETTER: Final = re.compile(r"\w")
_NEXT: Final = "See `newsmill search --help`"


@dataclass
class _Reader:
    """Tokens that are still to be read, from the left."""

    tokens: list[str]
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]


def read_query(words: str) -> str:
    """The query as the macro `search` takes it.

    Args:
        words: Words, "phrases", AND, OR, NOT, parentheses, and fields.

    Raises:
        UsageError: It is none, or finds nothing by its form alone.

    Example:
        >>> read_query('(oil OR gas) AND sanctions since:2022')
        'oil sanctions OR gas sanctions since:"2022"'
    """
    if len(words) > _QUERY_CHARS_MAX:
        _refuse(f"got {len(words):,} characters, expected {_QUERY_CHARS_MAX:,} at most")
    tokens = _TOKEN.findall(words.translate(_QUOTES))
    if '"' in tokens:
        _refuse("a quotation mark is not closed")
    if len(tokens) > _TOKENS_MAX:
        _refuse(f"got {len(tokens)} words, expected {_TOKENS_MAX} at most")
    fields, rest = _part_fields(tokens)
    reader = _Reader(rest)
    if not rest:
        _refuse("got no words")
    alternatives = _read_or(reader)
    if reader.peek():
        _refuse("a parenthesis is closed that was not opened")
    _require_words(alternatives)
    said = " OR ".join(" ".join(clauses) for clauses in alternatives)
    return " ".join([said, *fields])


def _part_fields(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Fields, which narrow the whole, and the other tokens."""
    fields: list[str] = []
    rest: list[str] = []
    for token in tokens:
        found = _FIELD.fullmatch(token)
        if found is None or token.startswith(('"', '-"')):
            rest.append(token)
            continue
        minus, name, value = found.groups()
        if name.lower() not in SEARCH_FIELDS:
            _refuse_field(token, name)
        is_negated = bool(minus) or rest[-1:] == ["NOT"]
        if rest[-1:] in (["NOT"], ["AND"]):
            rest.pop()
        if rest[-1:] == ["AND"]:
            rest.pop()
        fields.append(_checked(name.lower(), value.strip('"'), is_negated=is_negated))
    # What stood between two fields or before the first joins nothing any more.
    while rest[:1] == ["AND"]:
        rest.pop(0)
    return fields, rest


def _refuse_field(token: str, name: str) -> NoReturn:
    meant = closest(name.lower(), SEARCH_FIELDS)
    step = f"Did you mean {meant}:?" if meant else f'Quote it: "{token}"'
    raise UsageError(f"search: no field is named {name!r}", step)


def _checked(name: str, value: str, *, is_negated: bool) -> str:
    if not _LETTER.search(value):
        _refuse(f"{name}: has no value")
    if name == "category" and value.lower() not in LABEL_CODES:
        raise UsageError(
            f"search: no category is named {value!r}",
            did_you_mean(value.lower(), LABEL_CODES),
        )
    if name in ("since", "until"):
        if is_negated:
            _refuse(f"NOT {name}: means nothing; say the other bound")
        if not _DAY.fullmatch(value):
            _refuse(f"{name}: got {value!r}, expected a day, a month, or a year")
    return f'{"-" if is_negated else ""}{name}:"{value}"'


def _read_or(reader: _Reader) -> list[list[str]]:
    alternatives = _read_and(reader)
    while reader.peek() == "OR":
        reader.take()
        alternatives += _read_and(reader)
    return alternatives


def _read_and(reader: _Reader) -> list[list[str]]:
    alternatives = _read_not(reader)
    while reader.peek() not in ("", "OR", ")"):
        if reader.peek() == "AND":
            reader.take()
        other = _read_not(reader)
        alternatives = [one + more for one, more in product(alternatives, other)]
        if sum(map(len, alternatives)) > _CLAUSES_MAX:
            _refuse(f"more than {_CLAUSES_MAX} words when multiplied out")
    return alternatives


def _read_not(reader: _Reader) -> list[list[str]]:
    word = reader.peek()
    if word in ("", "AND", "OR", ")"):
        _refuse(f"a word is missing {f'before {word}' if word else 'at the end'}")
    reader.take()
    if word == "(":
        inner = _read_or(reader)
        if reader.peek() != ")":
            _refuse("a parenthesis is not closed")
        reader.take()
        return inner
    if word == "NOT":
        return _negated(_read_not(reader))
    return [[word]]


def _negated(alternatives: list[list[str]]) -> list[list[str]]:
    """None of the alternatives: of each, one clause does not hold."""
    if len(alternatives) ** max(map(len, alternatives)) > _CLAUSES_MAX:
        _refuse("too much in parentheses behind NOT")
    flipped = [[_flip(clause) for clause in clauses] for clauses in alternatives]
    return [list(choice) for choice in product(*flipped)]


def _flip(clause: str) -> str:
    return clause[1:] if clause.startswith("-") else f"-{clause}"


def _require_words(alternatives: list[list[str]]) -> None:
    for clauses in alternatives:
        for clause in clauses:
            if not _LETTER.search(clause):
                _refuse(f"{clause} has no letter and no digit")
        if all(clause.startswith("-") for clause in clauses):
            _refuse("NOT needs a word beside it that articles do have")


def _refuse(why: str) -> NoReturn:
    raise UsageError(f"search: {why}", _NEXT)
