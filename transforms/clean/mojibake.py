"""Rewriting of characters that an earlier program broke: only where one is suspected.

Three faults are mended beside leftovers of markup: UTF-8 read as Windows-1252 ("â€™"
for "’"), C1 controls that stand for Windows-1252 punctuation, and letters parted from
their accents (to NFC). Suspects are few, so they are handled one text at a time; the
patterns have no choice points, so hostile text costs no more than its length.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from transforms.clean.assemble import AssembledTexts
from transforms.clean.markup import MARKS, MARKUP, mend_markup
from transforms.text.compiled_patterns import contains

SUSPECT: Final = (
    r"[\x{0300}-\x{036F}\x{0080}-\x{009F}]"
    r"|[ÂÃ][\x{00A0}-\x{00BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ðŸ|[ÐÑ][°-¿€-™]"
)
_HIGH: Final = {
    bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte
    for byte in range(0x80, 0xC0)
} | {chr(byte): byte for byte in range(0x80, 0xC0)}
_TAIL: Final = "[" + re.escape("".join(_HIGH)) + "]"
_MISREAD: Final = rf"[ÂÃÐÑ]{_TAIL}|â{_TAIL}{{2}}|ð{_TAIL}{{3}}"
_FAULT: Final = re.compile(
    rf"(?P<misread>{_MISREAD})|(?P<control>[\x80-\x9f])"
    rf"|(?P<accent>[^\u0300-\u036f\s][\u0300-\u036f]+)|{MARKUP}"
)
_BROKEN: Final = ("misread", "control", "accent")
_LEADS: Final = {lead: ord(lead) for lead in "ÂÃÐÑâð"}


class Edit(NamedTuple):
    """Characters `start` to `end` of a text become `replacement`."""

    start: int
    end: int
    replacement: str


class Run(NamedTuple):
    """See `contracts.OFFSET_RUN`."""

    text_start: int
    char_start: int
    length: int


def repair_texts(assembled: AssembledTexts) -> AssembledTexts:
    """Mend the texts that look broken; all others pass untouched."""
    texts = assembled.texts
    rows = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    is_broken = texts.str.contains_any(list(MARKS))
    is_broken = is_broken.scatter(
        rows.filter(contains(texts.gather(rows), SUSPECT)), values=True
    )
    suspects = is_broken.arg_true()
    if suspects.is_empty():
        return assembled
    repaired, runs, repairs = [], [], []
    for text, text_runs in zip(
        texts.gather(suspects).to_list(),
        assembled.runs.gather(suspects).to_list(),
        strict=True,
    ):
        edits = find_faults(text)
        old = [Run(**run) for run in text_runs]
        repaired.append(apply_edits(text, edits))
        runs.append([run._asdict() for run in shift_runs(old, edits)])
        repairs.append([document_span(old, edit) for edit in edits])
    space_counts = assembled.space_counts.copy()
    break_counts = assembled.break_counts.copy()
    at = suspects.to_numpy()
    space_counts[at] = [text.count(" ") for text in repaired]
    break_counts[at] = [text.count("\n\n") for text in repaired]
    return replace(
        assembled,
        space_counts=space_counts,
        break_counts=break_counts,
        texts=texts.scatter(suspects, repaired),
        runs=_scatter(assembled.runs, suspects, runs),
        repairs=_scatter(assembled.repairs, suspects, repairs),
    )


def _scatter(lists: pl.Series, rows: pl.Series, values: Sequence[object]) -> pl.Series:
    fixed = pl.DataFrame({"row": rows, "new": pl.Series(values, dtype=lists.dtype)})
    return (
        pl.DataFrame({"old": lists})
        .with_row_index("row")
        .join(fixed, on="row", how="left", maintain_order="left")
        .select(pl.coalesce("new", "old").alias(lists.name))
        .to_series()
    )


def find_faults(text: str) -> list[Edit]:
    """Broken characters of a text and what they should have been, in order.

    Example:
        >>> find_faults("itâ€™s")
        [Edit(start=2, end=5, replacement='’')]
    """
    edits: list[Edit] = []
    stressed: dict[str, Edit] = {}  # by their sign: marks that another must follow
    for match in _FAULT.finditer(text):
        edit = Edit(match.start(), match.end(), _mend(match))
        if match.lastgroup == "stress":
            stressed[match.group()] = edit
        elif match.lastgroup == "unstress":
            begun = stressed.pop(match.group(), None)
            if begun and "\n" not in text[begun.end : edit.start]:
                edits += [begun, edit]
        elif edit.replacement != match.group():
            edits.append(edit)
    return sorted(edits)


def _mend(match: re.Match[str]) -> str:
    broken = match.group()
    if match.lastgroup not in _BROKEN:
        return mend_markup(match)
    if match.lastgroup == "accent":
        return unicodedata.normalize("NFC", broken)
    if match.lastgroup == "control":
        return bytes([ord(broken)]).decode("cp1252", "ignore")
    encoded = bytes([_LEADS[broken[0]], *(_HIGH[char] for char in broken[1:])])
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError:
        return broken


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text after all edits."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])


def shift_runs(runs: list[Run], edits: list[Edit]) -> list[Run]:
    """Runs of the edited text: edited characters drop out, the rest moves."""
    shifted: list[Run] = []
    queue = iter([*edits, None])
    edit = next(queue)
    moved = done = 0
    for run in runs:
        # An edit may reach from one run into the next.
        start, end = max(run.text_start, done), run.text_start + run.length
        while edit is not None and edit.start < end:
            if edit.start > start:
                shifted.append(_part(run, start, edit.start, moved))
            start = done = max(start, edit.end)
            moved += len(edit.replacement) - (edit.end - edit.start)
            edit = next(queue)
        if end > start:
            shifted.append(_part(run, start, end, moved))
    return shifted


def _part(run: Run, start: int, end: int, moved: int) -> Run:
    return Run(start + moved, run.char_start + start - run.text_start, end - start)


def document_span(runs: list[Run], edit: Edit) -> dict[str, int]:
    """Document characters that an edit replaced (a CHAR_SPAN)."""
    ends = bisect_right(runs, edit.start, key=lambda run: run.text_start + run.length)
    begins = bisect_left(runs, edit.end, key=lambda run: run.text_start)
    first, last = runs[ends], runs[begins - 1]
    return {
        "char_start": first.char_start + max(edit.start - first.text_start, 0),
        "char_end": last.char_start + min(edit.end - last.text_start, last.length),
    }
