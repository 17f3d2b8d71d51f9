"""Scores and evidence of many articles: one compiled loop over Arrow buffers.

Compiled, because each word costs two look-ups in the table of weights and nothing else;
any way through frames would first have to write all words down.
"""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets
from transforms.features import NUMBER, pair_hash, scan_words

CATEGORY_COUNT: Final = 5
FOR_COUNT: Final = 5  # spans for the primary label
AGAINST_COUNT: Final = 3
EVIDENCE_COUNT: Final = FOR_COUNT + AGAINST_COUNT
_CANDIDATE_COUNT: Final = 24  # overlapping spans are dropped from these
_FULL_TF: Final = 255
_STOP: Final = -1.0
_KEY_SHIFT: Final = np.uint64(32)
_NONE: Final = -1

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int64]
Spans = npt.NDArray[np.int32]
Shares = npt.NDArray[np.float32]
Place = tuple[int, np.int64, np.int64]  # field, first character, end


class Fields(NamedTuple):
    """Titles and bodies as UTF-8 bytes and offsets, one more offset than articles."""

    title_data: ByteArray
    title_offsets: Offsets
    body_data: ByteArray
    body_offsets: Offsets


class Model(NamedTuple):
    """What a classifier knows, as arrays.

    Attributes:
        fold: As in `transforms.features.scan_words`.
        keys: High half of a term's hash at its slot, 0 where there is no term.
        slot_weights: One row per slot, in steps of `steps`, times the term's rarity.
        rarity: Inverse document frequency per slot, -1 for stop words.
        steps: What one unit of a weight is worth, per category.
        bias: Log-odds of an article without a known term.
        tf_gain: What a term that occurs so many times counts.
        limits: Title words, body words, lead words that are read; then how often a
            word of the title and of the lead counts.
        norm_floor: Added to the squared length of an article's vector.
    """

    fold: npt.NDArray[np.uint64]
    keys: npt.NDArray[np.uint32]
    slot_weights: npt.NDArray[np.int16]
    rarity: npt.NDArray[np.float32]
    steps: Floats
    bias: Floats
    tf_gain: Floats
    limits: npt.NDArray[np.int64]
    norm_floor: float


class Scratch(NamedTuple):
    """Room that one thread works in; `counts` is all 0 between two articles."""

    hashes: npt.NDArray[np.uint64]
    starts: Offsets
    ends: Offsets
    counts: npt.NDArray[np.int16]  # per slot
    slots: npt.NDArray[np.int64]  # of the terms met, in order of appearance
    spans: npt.NDArray[np.int64]  # field, first character, end, per term met
    shares: Floats


class Scored(NamedTuple):
    """What comes out, one row per article.

    Attributes:
        scores: Calibrated probabilities.
        spans: Per piece of evidence: field (0 title, 1 body, -1 none), start, end.
        shares: Per piece of evidence: log-odds.
    """

    scores: Floats
    spans: npt.NDArray[np.int32]
    shares: npt.NDArray[np.float32]


def make_scratch(model: Model) -> Scratch:
    """Room for one thread."""
    words = int(model.limits[:2].max())
    terms = 2 * int(model.limits[:2].sum())
    return Scratch(
        np.empty(words, dtype=np.uint64),
        np.empty(words, dtype=np.int64),
        np.empty(words, dtype=np.int64),
        np.zeros(len(model.keys), dtype=np.int16),
        np.empty(terms, dtype=np.int64),
        np.empty((terms, 3), dtype=np.int64),
        np.empty(terms, dtype=np.float64),
    )


@numba.njit(cache=True, nogil=True)
def _find(term: np.uint64, keys: Keys) -> int:
    """Slot of a term, -1 if it is not in the table."""
    mask = len(keys) - 1
    slot = int(term) & mask
    key = np.uint32(term >> _KEY_SHIFT) | np.uint32(1)
    while keys[slot] != 0:
        if keys[slot] == key:
            return slot
        slot = (slot + 1) & mask
    return _NONE


@numba.njit(cache=True, nogil=True)
def _count_term(slot: int, gain: int, met: int, place: Place, room: Scratch) -> int:
    """Count one occurrence; the first one of a term is remembered as its span."""
    if room.counts[slot] == 0:
        room.slots[met] = slot
        room.spans[met, 0] = place[0]
        room.spans[met, 1] = place[1]
        room.spans[met, 2] = place[2]
        met += 1
    if room.counts[slot] < _FULL_TF:
        room.counts[slot] += gain
    return met


@numba.njit(cache=True, nogil=True)
def _count_field(field: int, count: int, met: int, model: Model, room: Scratch) -> int:
    """Count the terms of one field: words and pairs of words, stop words left out."""
    last = _NONE
    for word in range(count):
        term = room.hashes[word]
        is_lead = field == 1 and word < model.limits[2]
        gain = model.limits[3] if field == 0 else 1 + is_lead * (model.limits[4] - 1)
        place = (field, room.starts[word], room.ends[word])
        if term != NUMBER:
            slot = _find(term, model.keys)
            if slot != _NONE:
                if model.rarity[slot] == _STOP:
                    continue
                met = _count_term(slot, gain, met, place, room)
        if last != _NONE:
            slot = _find(pair_hash(room.hashes[last], term), model.keys)
            if slot != _NONE:
                place = (field, room.starts[last], room.ends[word])
                met = _count_term(slot, gain, met, place, room)
        last = word
    return met


@numba.njit(cache=True, nogil=True)
def _weigh(met: int, model: Model, room: Scratch, scores: Floats) -> None:
    """Probabilities from the counted terms; each term's gain is left in `shares`."""
    length = model.norm_floor
    for term in range(met):
        slot = room.slots[term]
        gain = model.tf_gain[min(room.counts[slot], _FULL_TF)]
        room.counts[slot] = 0
        room.shares[term] = gain
        length += (gain * model.rarity[slot]) ** 2
    scale = 1.0 / np.sqrt(length) if length > 0 else 0.0
    for category in range(CATEGORY_COUNT):
        scores[category] = model.bias[category]
    for term in range(met):
        room.shares[term] *= scale
        row = model.slot_weights[room.slots[term]]
        for category in range(CATEGORY_COUNT):
            scores[category] += (
                room.shares[term] * row[category] * model.steps[category]
            )
    top, total = scores.max(), 0.0
    for category in range(CATEGORY_COUNT):
        scores[category] = np.exp(scores[category] - top)
        total += scores[category]
    for category in range(CATEGORY_COUNT):
        # Rounded, because exp() differs in its last digit between machines.
        scores[category] = np.round(scores[category] / total, 6)


@numba.njit(cache=True, nogil=True)
def _share(met: int, model: Model, room: Scratch, scores: Floats) -> None:
    """Turn each term's gain into its share of the primary label's log-odds."""
    primary = np.argmax(scores)
    against = np.zeros(CATEGORY_COUNT)
    rest = max(scores.sum() - scores[primary], 1e-6)
    for category in range(CATEGORY_COUNT):
        against[category] = -scores[category] / rest * model.steps[category]
    against[primary] = model.steps[primary]
    for term in range(met):
        row = model.slot_weights[room.slots[term]]
        share = 0.0
        for category in range(CATEGORY_COUNT):
            share += row[category] * against[category]
        room.shares[term] *= share


@numba.njit(cache=True, nogil=True)
def _rank(met: int, sign: float, shares: Floats, ranked: Rows) -> int:
    """Terms with the largest shares of one sign, largest first."""
    count = 0
    for term in range(met):
        share = sign * shares[term]
        if share <= 0 or (
            count == _CANDIDATE_COUNT and share <= sign * shares[ranked[count - 1]]
        ):
            continue
        place = min(count, _CANDIDATE_COUNT - 1)
        while place > 0 and sign * shares[ranked[place - 1]] < share:
            ranked[place] = ranked[place - 1]
            place -= 1
        ranked[place] = term
        count = min(count + 1, _CANDIDATE_COUNT)
    return count


@numba.njit(cache=True, nogil=True)
def _keep_evidence(ranked: Rows, room: Scratch, spans: Spans, shares: Shares) -> None:
    """Fill the rows with the first terms that overlap none before them."""
    kept = 0
    for term in ranked:
        overlaps = False
        for row in range(kept):
            overlaps |= (
                spans[row, 0] == room.spans[term, 0]
                and spans[row, 1] < room.spans[term, 2]
                and room.spans[term, 1] < spans[row, 2]
            )
        if overlaps:
            continue
        if kept == len(shares):
            return
        for part in range(3):
            spans[kept, part] = room.spans[term, part]
        shares[kept] = room.shares[term]
        kept += 1


@numba.njit(cache=True, nogil=True)
def score_articles(
    rows: tuple[int, int], fields: Fields, model: Model, room: Scratch, scored: Scored
) -> None:
    """Fill `scored` for a range of articles.

    Args:
        rows: First article and the one after the last.
        fields: Fields of all articles.
        model: The classifier.
        room: Scratch of this thread.
        scored: Filled; its evidence must be empty (field -1).
    """
    words = room.hashes, room.starts, room.ends
    ranked = np.empty(_CANDIDATE_COUNT, dtype=np.int64)
    title_hashes = room.hashes[: model.limits[0]]
    body_hashes = room.hashes[: model.limits[1]]
    for article in range(rows[0], rows[1]):
        span = (fields.title_offsets[article], fields.title_offsets[article + 1])
        count = scan_words(
            fields.title_data, span, model.fold, title_hashes, words[1], words[2]
        )
        met = _count_field(0, count, 0, model, room)
        span = (fields.body_offsets[article], fields.body_offsets[article + 1])
        count = scan_words(
            fields.body_data, span, model.fold, body_hashes, words[1], words[2]
        )
        met = _count_field(1, count, met, model, room)
        _weigh(met, model, room, scored.scores[article])
        _share(met, model, room, scored.scores[article])
        spans, shares = scored.spans[article], scored.shares[article]
        count = _rank(met, 1.0, room.shares, ranked)
        _keep_evidence(ranked[:count], room, spans[:FOR_COUNT], shares[:FOR_COUNT])
        count = _rank(met, -1.0, room.shares, ranked)
        _keep_evidence(ranked[:count], room, spans[FOR_COUNT:], shares[FOR_COUNT:])
