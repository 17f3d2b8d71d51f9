"""Laws of the classifier, on texts that hypothesis makes up."""

import unicodedata

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.classify.classifier import shipped_classifier
from transforms.classify.classify import classify
from transforms.classify.fit.calibration import calibrate
from transforms.classify.fit.word_hashes import hash_words
from transforms.classify.score_kernels import NUMBER, head_hash, pair_hash
from transforms.contracts import CATEGORY_CODES

VOCABULARY = """
Police arrested OIL prices Kremlin troops café naïve the of and 2022 7th dam électricité
Ольга election goal shares quake “quote” — don’t x
"""
WORDS = st.sampled_from(VOCABULARY.split())
GAPS = st.sampled_from([" ", "\n", "\r\n", "\n\n", ", ", " — ", "\u00a0", "…", "! "])
NEWS = st.lists(st.tuples(WORDS, GAPS), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
ANY = st.one_of(NEWS, st.text(max_size=80))


def articles_of(*texts):
    return pl.DataFrame(
        [
            {"article_row": row, "title": title, "body": body}
            for row, (title, body) in enumerate(texts)
        ]
    )


def scores_of(title, body):
    return classify(articles_of((title, body)))[0]["score"].to_list()


def slot_of(model, term):
    mask = len(model.keys) - 1
    slot, key = int(term) & mask, (int(term) >> 32) | 1
    while model.keys[slot]:
        if model.keys[slot] == key:
            return slot
        slot = (slot + 1) & mask
    return None


def terms_of(word, last, *, in_head):
    """A word, the pair that it ends, and both as terms of the head."""
    terms = [] if word == NUMBER else [word]
    if last is not None:
        terms.append(pair_hash(np.array([last]), np.array([word]))[0])
    return terms + [head_hash(term) for term in terms if in_head]


def slow_scores(title, body):
    """The same scores, as a reader would write them down."""
    model = shipped_classifier().model
    counts = {}
    for text, limit, is_title in [(title, 0, True), (body, 1, False)]:
        last = None
        words = hash_words(text, model.fold, int(model.limits[limit]))
        for place, word in enumerate(words):
            slot = slot_of(model, word)
            if word != NUMBER and slot is not None and model.rarity[slot] == -1:
                continue
            lead = model.limits[4] if place < model.limits[2] else 1
            in_head = is_title or place < model.limits[5]
            terms = terms_of(word, last, in_head=in_head)
            for term in terms:
                slot = slot_of(model, term)
                if slot is not None:
                    gain = int(model.limits[3] if is_title else lead)
                    counts[slot] = counts.get(slot, 0) + gain
            last = word
    gains = {slot: np.log1p(min(count, 255)) for slot, count in counts.items()}
    length = sum((gain * model.rarity[slot]) ** 2 for slot, gain in gains.items())
    logits = model.bias.copy()
    for slot, gain in gains.items():
        step = model.slot_weights[slot] * model.steps
        logits += gain * step / np.sqrt(length + model.norm_floor)
    return calibrate(logits[None, :], model.calibration[0])[0]


@given(ANY, ANY)
def test_fast_scores_are_the_slow_ones(title, body):
    assert np.allclose(scores_of(title, body), slow_scores(title, body), atol=2e-6)


@given(st.lists(st.tuples(WORDS, GAPS, GAPS), max_size=40))
def test_gaps_and_case_change_nothing(triples):
    one = "".join(word + gap for word, gap, _ in triples)
    other = "".join(word.upper() + gap for word, _, gap in triples)

    assert scores_of("", one) == scores_of("", other)


@given(ANY)
def test_composed_and_decomposed_letters_score_the_same(body):
    composed = unicodedata.normalize("NFC", body)

    assert scores_of("", composed) == scores_of("", unicodedata.normalize("NFD", body))


@given(ANY, ANY)
def test_evidence_lies_on_word_bounds_of_its_field(title, body):
    scores, evidence = classify(articles_of((title, body)))

    primary = scores.filter("is_primary")["category"].item()
    spans = set()
    for _, category, field, start, end, contribution in evidence.rows():
        text = {"title": title, "body": body}[field]
        assert category == primary
        assert contribution != 0
        assert 0 <= start < end <= len(text)
        assert text[start].isalnum()
        assert start == 0 or not text[start - 1].isalnum()
        assert end == len(text) or not text[end].isalnum()
        spans.add((field, start, end))
    assert len(spans) == len(evidence) <= 8


@given(st.lists(st.tuples(NEWS, NEWS), min_size=1, max_size=6), st.randoms())
def test_articles_score_alone_as_in_any_company(texts, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)

    scores, _ = classify(articles_of(*[texts[place] for place in order]))

    rows = scores["score"].to_numpy().reshape(-1, len(CATEGORY_CODES))
    for row, place in enumerate(order):
        assert rows[row].tolist() == scores_of(*texts[place])


@given(ANY, ANY)
def test_weights_share_one_and_the_best_is_assigned(title, body):
    scores, _ = classify(articles_of((title, body)))

    assert abs(scores["weight"].sum() - 1) < 1e-9
    best = scores.filter("is_primary")
    assert len(best) == 1
    assert best["score"].item() == scores["score"].max()
    assert best["is_assigned"].item()
