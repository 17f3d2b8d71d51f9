"""A fitted model as arrays of the kernels: whole steps, terms in a hash table."""

from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.classify.fit import labelled_terms
from transforms.classify.fit.calibration import Floats
from transforms.classify.fit.linear_model import FitSettings, Linear
from transforms.classify.fit.translated_lexicon import translate
from transforms.classify.score_arrays import FoldTable, Model
from transforms.contracts import CATEGORY_CODES

_LEAST_SLOTS: Final = 1 << 12
_LARGEST_STEP_COUNT: Final = 2000
_DIGITS: Final = 7


def pack_model(
    linear: Linear,
    terms: npt.NDArray[np.uint64],
    fold: FoldTable,
    calibration: Floats,
    settings: FitSettings,
) -> Model:
    """Arrays of the kernels.

    Args:
        linear: The fitted model.
        terms: Hashes of all terms that were counted.
        fold: As in `transforms.classify.fit.word_hashes`.
        calibration: Slopes and offsets, of whole words and of stems.
        settings: Of the fit.
    """
    hashes, rarity = terms[linear.columns], linear.rarity
    weights = linear.weights * rarity[:, None]
    stems = translate(hashes, weights, rarity, fold)
    hashes = np.concatenate([hashes, stems.hashes])
    weights = np.concatenate([weights, stems.weights])
    rarity = np.concatenate([rarity, stems.rarity])
    stops = labelled_terms.stop_hashes(fold)
    slot_count = _LEAST_SLOTS
    while slot_count < 1.4 * (len(hashes) + len(stops)):
        slot_count *= 2
    keys, slots = pack_table(np.concatenate([hashes, stops]), slot_count)
    largest = np.maximum(np.abs(weights).max(axis=0), 1e-3)
    # Rounded, so that the last digits of a sum cannot change the file.
    steps = (largest / _LARGEST_STEP_COUNT).round(_DIGITS)
    slot_weights = np.zeros((slot_count, len(CATEGORY_CODES)), dtype=np.int16)
    slot_weights[slots[: len(hashes)]] = np.round(weights / steps)
    slot_rarity = np.zeros(slot_count, dtype=np.float32)
    slot_rarity[slots[: len(hashes)]] = rarity
    slot_rarity[slots[len(hashes) :]] = -1
    return Model(
        fold,
        keys,
        slot_weights,
        slot_rarity,
        steps,
        linear.bias.round(_DIGITS),
        np.log1p(np.arange(256)).round(_DIGITS),
        calibration.round(_DIGITS),
        np.array(
            [
                labelled_terms.TITLE_WORDS,
                labelled_terms.BODY_WORDS,
                labelled_terms.LEAD_WORDS,
                labelled_terms.TITLE_GAIN,
                labelled_terms.LEAD_GAIN,
                labelled_terms.HEAD_WORDS,
            ]
        ),
        settings.norm_floor,
    )


def pack_table(
    terms: npt.NDArray[np.uint64], slot_count: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Keys of an open-addressed table, and the slot of each term.

    A term goes to the first free slot from its low bits on, in ascending order of the
    low bits, so that the same terms always give the same table.

    Args:
        terms: Distinct hashes.
        slot_count: A power of two, larger than the number of terms.
    """
    keys = np.zeros(slot_count, dtype=np.uint32)
    slots = np.empty(len(terms), dtype=np.int64)
    mask = slot_count - 1
    wanted = (terms & np.uint64(mask)).astype(np.int64)
    highs = (terms >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
    for term in np.lexsort((terms, wanted)):
        slot = int(wanted[term])
        while keys[slot]:
            slot = (slot + 1) & mask
        keys[slot], slots[term] = highs[term], slot
    return keys, slots
