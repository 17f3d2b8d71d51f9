"""Words, scores, and evidence of many articles: one compiled loop over Arrow buffers.

Compiled, because a word costs two look-ups in the table of weights and nothing else; a
regular expression reads 40 MB/s, and any way through frames would first write all words
down. All loops stand in one file: Numba keeps compiled code until that very file
changes, whatever changes in files that it imports from.
"""

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.classify.score_arrays import (
    Fields,
    Floats,
    FoldTable,
    HashArray,
    Model,
    Scored,
    Scratch,
)
from transforms.text.buffers import ByteArray, Offsets

CATEGORY_COUNT: Final = 5
FOR_COUNT: Final = 5  # spans for the primary label
AGAINST_COUNT: Final = 3
EVIDENCE_COUNT: Final = FOR_COUNT + AGAINST_COUNT
_CANDIDATE_COUNT: Final = 24  # overlapping spans are dropped from these
_FULL_TF: Final = 255
_STOP: Final = -1.0
_KEY_SHIFT: Final = np.uint64(32)
_NONE: Final = -1
FOLD_BREAK: Final = 0  # neither letter nor digit: ends a word
FOLD_SKIP: Final = 1  # neither ends a word nor counts: soft hyphens, joiners
FOLD_ACCENT: Final = 2  # belongs to the letter before it
PLANE: Final = 0x10000
_TWO_BYTES: Final = 0x80  # first bytes of UTF-8, from which on a character has more
_THREE_BYTES: Final = 0xE0
_FOUR_BYTES: Final = 0xF0
_PICTURES: Final = 0x1F000  # code points: emoji up to the ideographs are no letters
_IDEOGRAPHS: Final = 0x20000
_TAGS: Final = 0xE0000
NUMBER: Final = np.uint64(0x9E3779B97F4A7C15)  # every word of digits alone
_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_PAIR: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(33)
_LOW: Final = np.uint64(0xFFFF)
_NEXT: Final = np.uint64(16)
_ONE: Final = np.uint64(1)
_ACCENT: Final = np.uint64(FOLD_ACCENT)
_ZERO: Final = np.uint64(0)

Hashes = Any  # one hash or an array of them
Keys = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int64]
Spans = npt.NDArray[np.int32]
Shares = npt.NDArray[np.float32]


@numba.njit(cache=True, nogil=True)
def scan_words(  # noqa: C901, PLR0912 - one pass over bytes, inlined for speed
    data: ByteArray,
    span: tuple[int, int],
    fold: FoldTable,
    hashes: HashArray,
    starts: Offsets,
    ends: Offsets,
) -> int:
    """Words of one field: their hashes and where they stand.

    Args:
        data: UTF-8 bytes.
        span: Byte range of the field; its characters count from 0.
        fold: What a code point below U+10000 becomes: FOLD_BREAK, FOLD_SKIP,
            FOLD_ACCENT, or up to three code points of 16 bits, first one lowest.
        hashes: Filled with one hash per word; reading stops when it is full.
        starts: Filled with the first character of each word.
        ends: Filled with the character after each word.

    Returns:
        Number of words.
    """
    position, stop = span
    count, char = 0, 0
    word, word_start, in_word, digits_only = _SEED, 0, False, True
    word_end = 0
    room = len(hashes)
    while position <= stop:
        width, code = 1, 0
        if position < stop:
            code = int(data[position])
        if code >= _FOUR_BYTES:
            code = (
                ((code & 0x07) << 18)
                | ((int(data[position + 1]) & 0x3F) << 12)
                | ((int(data[position + 2]) & 0x3F) << 6)
                | (int(data[position + 3]) & 0x3F)
            )
            width = 4
        elif code >= _THREE_BYTES:
            code = (
                ((code & 0x0F) << 12)
                | ((int(data[position + 1]) & 0x3F) << 6)
                | (int(data[position + 2]) & 0x3F)
            )
            width = 3
        elif code >= _TWO_BYTES:
            code = ((code & 0x1F) << 6) | (int(data[position + 1]) & 0x3F)
            width = 2
        if code < PLANE:
            folded = fold[code]
        elif _PICTURES <= code < _IDEOGRAPHS or code >= _TAGS:
            folded = _ZERO
        else:
            folded = np.uint64(code & 0xFFFF) | np.uint64(_IDEOGRAPHS)
        position += width
        char += 1
        if folded > _ACCENT:
            if not in_word:
                in_word, digits_only, word, word_start = True, True, _SEED, char - 1
            while folded > _ZERO:
                letter = folded & _LOW
                digits_only &= np.uint64(48) <= letter <= np.uint64(57)
                word = (word ^ letter) * _PRIME
                folded >>= _NEXT
            word_end = char
        elif in_word and folded == _ACCENT:
            word_end = char
        elif in_word and folded == _ZERO:
            in_word = False
            if count == room:
                break
            word = (word ^ (word >> _SHIFT)) * _MIX
            hashes[count] = NUMBER if digits_only else word ^ (word >> _SHIFT)
            starts[count], ends[count] = word_start, word_end
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def pair_hash(first: Hashes, second: Hashes) -> Hashes:
    """Hash of two words that follow each other; of numbers or of arrays."""
    mixed = (first * _PAIR) ^ second
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return mixed ^ (mixed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def _find(term: np.uint64, keys: Keys) -> np.int64:
    """Slot of a term, -1 if it is not in the table."""
    mask = np.uint64(len(keys) - 1)
    slot = term & mask
    key = np.uint32(term >> _KEY_SHIFT) | np.uint32(1)
    while keys[slot] != key:
        if keys[slot] == 0:
            return np.int64(_NONE)
        slot = (slot + _ONE) & mask
    return np.int64(slot)


@numba.njit(cache=True, nogil=True)
def _count_field(field: int, count: int, met: int, model: Model, room: Scratch) -> int:
    """Count the terms of one field: words and pairs of words, stop words left out.

    The first occurrence of a term is remembered as its span.
    """
    # Bound once: in a loop, each look into a tuple counts references anew.
    hashes, starts, ends = room.hashes, room.starts, room.ends
    counts, slots, spans = room.counts, room.slots, room.spans
    keys, rarity, limits = model.keys, model.rarity, model.limits
    last = _NONE
    for word in range(count):
        term = hashes[word]
        is_lead = field == 1 and word < limits[2]
        gain = limits[3] if field == 0 else 1 + is_lead * (limits[4] - 1)
        slot = _find(term, keys) if term != NUMBER else _NONE
        if slot != _NONE and rarity[slot] == _STOP:
            continue
        first = word
        for turn in range(2):  # the word, and the pair that it ends
            if slot != _NONE:
                if counts[slot] == 0:
                    slots[met] = slot
                    spans[met, 0] = field
                    spans[met, 1] = starts[first]
                    spans[met, 2] = ends[word]
                    met += 1
                if counts[slot] < _FULL_TF:
                    counts[slot] += gain
            if turn or last == _NONE:
                break
            first = last
            slot = _find(pair_hash(hashes[last], term), keys)
        last = word
    return met


@numba.njit(cache=True, nogil=True)
def _weigh(met: int, model: Model, room: Scratch, scores: Floats) -> None:
    """Probabilities from the counted terms; each term's gain is left in `shares`."""
    counts, slots, shares = room.counts, room.slots, room.shares
    slot_weights, rarity = model.slot_weights, model.rarity
    tf_gain, steps = model.tf_gain, model.steps
    length = model.norm_floor
    for term in range(met):
        slot = slots[term]
        gain = tf_gain[min(counts[slot], _FULL_TF)]
        counts[slot] = 0
        shares[term] = gain
        length += (gain * rarity[slot]) ** 2
    scale = 1.0 / np.sqrt(length) if length > 0 else 0.0
    for category in range(CATEGORY_COUNT):
        scores[category] = model.bias[category]
    for term in range(met):
        slot = slots[term]
        shares[term] *= scale
        for category in range(CATEGORY_COUNT):
            scores[category] += (
                shares[term] * slot_weights[slot, category] * steps[category]
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
    slots, shares, slot_weights = room.slots, room.shares, model.slot_weights
    primary = np.argmax(scores)
    against = np.zeros(CATEGORY_COUNT)
    rest = max(scores.sum() - scores[primary], 1e-6)
    for category in range(CATEGORY_COUNT):
        against[category] = -scores[category] / rest * model.steps[category]
    against[primary] = model.steps[primary]
    for term in range(met):
        slot = slots[term]
        share = 0.0
        for category in range(CATEGORY_COUNT):
            share += slot_weights[slot, category] * against[category]
        shares[term] *= share


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
def score_article_rows(
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
