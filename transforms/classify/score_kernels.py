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
OTHER: Final = 4  # place of what has no category
SECOND_SHARE: Final = 0.3  # of an article that has a label beside its first one
FOR_COUNT: Final = 5  # spans for the primary label
AGAINST_COUNT: Final = 3
EVIDENCE_COUNT: Final = FOR_COUNT + AGAINST_COUNT
_CANDIDATE_COUNT: Final = 24  # overlapping spans are dropped from these
_FULL_TF: Final = 255
_STOP: Final = -1.0
_LEAST_ODDS: Final = 1e-12
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
SEED: Final = np.uint64(0xCBF29CE484222325)
PRIME: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_PAIR: Final = np.uint64(0xC4CEB9FE1A85EC53)
_HEAD: Final = np.uint64(0xD6E8FEB86659FD93)
WHOLE: Final = np.uint64(0xA0761D6478BD642F)
_SHORTEST_STEM: Final = 3
APOSTROPHES: Final = (0x27, 0x60, 0x2018, 0x2019, 0x2BB, 0x2BC)
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
Words = tuple[HashArray, Offsets, Offsets]
Shares = npt.NDArray[np.float32]


@numba.njit(cache=True, nogil=True)
def pair_hash(first: Hashes, second: Hashes) -> Hashes:
    """Hash of two words that follow each other; of numbers or of arrays."""
    mixed = (first * _PAIR) ^ second
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return mixed ^ (mixed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def head_hash(term: Hashes) -> Hashes:
    """Hash of a term as one of the head: what a text says first tells what it is."""
    mixed = (term ^ _HEAD) * _MIX
    return mixed ^ (mixed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def stem_hash(letters: Hashes, language: Hashes) -> Hashes:
    """Hash of what words of a language begin with, from the state of a scan."""
    mixed = ((letters ^ (letters >> _SHIFT)) * _MIX) ^ language
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
def scan_words(  # noqa: C901, PLR0912, PLR0915 - one pass over bytes, for speed
    data: ByteArray,
    span: tuple[int, int],
    fold: FoldTable,
    stems: tuple[np.uint64, Keys],
    words: Words,
) -> int:
    """Words of one field: their hashes and where they stand.

    In a language that is known by stems, a word has the hash of the longest stem that
    it begins with, and apostrophes are part of it.

    Args:
        data: UTF-8 bytes.
        span: Byte range of the field; its characters count from 0.
        fold: What a code point below U+10000 becomes: FOLD_BREAK, FOLD_SKIP,
            FOLD_ACCENT, or up to three code points of 16 bits, first one lowest.
        stems: What tells a language from others, 0 for whole words; and the table.
        words: Filled with one hash per word, its first character, and the one after
            it; reading stops when the hashes are full.

    Returns:
        Number of words.
    """
    position, stop = span
    hashes, starts, ends = words
    count, char = 0, 0
    word, word_start, in_word, digits_only = SEED, 0, False, True
    word_end = 0
    room = len(hashes)
    language, keys = stems
    stem, letters = _ZERO, 0
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
        if language and code in APOSTROPHES:
            folded = np.uint64(FOLD_SKIP)
        position += width
        char += 1
        if folded > _ACCENT:
            if not in_word:
                in_word, digits_only, word, word_start = True, True, SEED, char - 1
                stem, letters = _ZERO, 0
            while folded > _ZERO:
                letter = folded & _LOW
                digits_only &= np.uint64(48) <= letter <= np.uint64(57)
                word = (word ^ letter) * PRIME
                folded >>= _NEXT
            word_end = char
            if language:
                letters += 1
                begun = stem_hash(word, language)
                if letters >= _SHORTEST_STEM and _find(begun, keys) != _NONE:
                    stem = begun
        elif in_word and folded == _ACCENT:
            word_end = char
        elif in_word and folded == _ZERO:
            in_word = False
            if count == room:
                break
            if language and not digits_only:
                whole = stem_hash(word, language ^ WHOLE)
                is_better = stem == _ZERO or _find(whole, keys) != _NONE
                hashes[count] = whole if is_better else stem
            else:
                word = (word ^ (word >> _SHIFT)) * _MIX
                hashes[count] = NUMBER if digits_only else word ^ (word >> _SHIFT)
            starts[count], ends[count] = word_start, word_end
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _count_field(  # noqa: C901 - one pass over words, inlined for speed
    field: int, count: int, met: int, model: Model, room: Scratch
) -> int:
    """Count the terms of one field: words and pairs of words, stop words left out.

    Those of the head, the title and the first words, count once more as such. The
    first occurrence of a term is remembered as its span.
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
        forms = 2 if field == 0 or word < limits[5] else 1
        slot = _find(term, keys) if term != NUMBER else _NONE
        if slot != _NONE and rarity[slot] == _STOP:
            continue
        first = word
        for turn in range(2):  # the word, and the pair that it ends
            for form in range(forms):
                if form:
                    slot = _find(head_hash(term), keys) if term != NUMBER else _NONE
                if slot == _NONE:
                    continue
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
            term = pair_hash(hashes[last], hashes[word])
            slot = _find(term, keys)
        last = word
    return met


@numba.njit(cache=True, nogil=True)
def _weigh(met: int, model: Model, room: Scratch, logits: Floats) -> None:
    """Log-odds from the counted terms; each term's gain is left in `shares`."""
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
    logits[:] = model.bias
    for term in range(met):
        slot = slots[term]
        shares[term] *= scale
        for category in range(CATEGORY_COUNT):
            logits[category] += (
                shares[term] * slot_weights[slot, category] * steps[category]
            )


@numba.njit(cache=True, nogil=True)
def _calibrate(
    logits: Floats, calibration: Floats, odds: Floats, scores: Floats
) -> None:
    """Scores from log-odds, each category by itself; see `fit.calibration`."""
    odds[:] = np.exp(logits - logits.max())
    total, mean = odds.sum(), logits.mean()
    for category in range(CATEGORY_COUNT):
        rest = max(total - odds[category], _LEAST_ODDS)
        margin = np.log(max(odds[category], _LEAST_ODDS) / rest)
        margin = calibration[0, category] * margin + calibration[1, category]
        scores[category] = 1.0 / (1.0 + np.exp(-margin))
    most = SECOND_SHARE * (1.0 - scores[OTHER])
    for category in range(CATEGORY_COUNT):
        height = calibration[2, category] * (logits[category] - mean)
        second = most / (1.0 + np.exp(-height - calibration[3, category]))
        score = scores[category] if category == OTHER else max(scores[category], second)
        # Rounded, because exp() differs in its last digit between machines.
        scores[category] = np.round(score, 6)


@numba.njit(cache=True, nogil=True)
def _share(
    met: int, model: Model, room: Scratch, odds: Floats, best: tuple[np.int64, float]
) -> None:
    """Turn each term's gain into its share of the primary label's log-odds."""
    slots, shares, slot_weights = room.slots, room.shares, model.slot_weights
    spans = room.spans
    against = np.zeros(CATEGORY_COUNT)
    primary, slope = best
    rest = max(odds.sum() - odds[primary], _LEAST_ODDS)
    for category in range(CATEGORY_COUNT):
        against[category] = -odds[category] / rest * model.steps[category] * slope
    against[primary] = model.steps[primary] * slope
    for term in range(met):
        slot = slots[term]
        share = 0.0
        for category in range(CATEGORY_COUNT):
            share += slot_weights[slot, category] * against[category]
        shares[term] *= share
        # A term of the head stands right behind the same term as one of the text.
        is_again = term > 0
        for part in range(3):
            is_again &= spans[term, part] == spans[term - 1, part]
        if is_again:
            shares[term] += shares[term - 1]
            shares[term - 1] = 0.0


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
    ranked = np.empty(_CANDIDATE_COUNT, dtype=np.int64)
    logits, odds = np.empty(CATEGORY_COUNT), np.empty(CATEGORY_COUNT)
    title_words = room.hashes[: model.limits[0]], room.starts, room.ends
    body_words = room.hashes[: model.limits[1]], room.starts, room.ends
    for article in range(rows[0], rows[1]):
        stems = (fields.languages[article], model.keys)
        span = (fields.title_offsets[article], fields.title_offsets[article + 1])
        count = scan_words(fields.title_data, span, model.fold, stems, title_words)
        met = _count_field(0, count, 0, model, room)
        span = (fields.body_offsets[article], fields.body_offsets[article + 1])
        count = scan_words(fields.body_data, span, model.fold, stems, body_words)
        met = _count_field(1, count, met, model, room)
        _weigh(met, model, room, logits)
        calibration = model.calibration[int(stems[0] != _ZERO)]
        _calibrate(logits, calibration, odds, scored.scores[article])
        primary = np.argmax(scored.scores[article])
        _share(met, model, room, odds, (primary, calibration[0, primary]))
        spans, shares = scored.spans[article], scored.shares[article]
        count = _rank(met, 1.0, room.shares, ranked)
        _keep_evidence(ranked[:count], room, spans[:FOR_COUNT], shares[:FOR_COUNT])
        count = _rank(met, -1.0, room.shares, ranked)
        _keep_evidence(ranked[:count], room, spans[FOR_COUNT:], shares[FOR_COUNT:])
