import numpy as np
import pytest

from transforms.classify.fit.calibration import (
    SECOND_PRECISION,
    calibrate,
    calibration_error,
    class_f1,
    fit_calibration,
    fit_threshold,
    label_errors,
    macro_f1,
    margins,
    reliability,
    softmax,
)
from transforms.classify.score_kernels import SECOND_SHARE


def test_softmax_sums_to_one_even_for_large_logits():
    scores = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]]))

    assert scores.sum(axis=1).tolist() == [1.0, 1.0]
    assert scores[1].tolist() == [0.5, 0.5]


def test_class_f1_counts_hits_against_both_sides():
    labels, predicted = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])

    assert class_f1(labels, predicted)[:3].tolist() == pytest.approx([2 / 3, 2 / 3, 1])
    assert np.isnan(class_f1(labels, predicted)[3])


def test_macro_f1_leaves_out_categories_without_labels():
    assert macro_f1(np.array([0, 1]), np.array([0, 4])) == pytest.approx(0.5)


def test_honest_scores_have_no_calibration_error():
    scores = np.array([[0.75, 0.25]] * 4)

    assert calibration_error(np.array([0, 0, 0, 1]), scores) == pytest.approx(0)
    assert reliability(np.array([0, 0, 0, 1]), scores) == [(0.7, 4, 0.75, 0.75)]


NOBODY_SAID = np.full((4, 5), np.nan)


def test_boastful_scores_are_cooled():
    labels = np.array([0, 0, 0, 1])
    logits = np.array([[4.0, 0.0, 0.0, 0.0, 0.0]] * 4)

    calibration = fit_calibration(labels, logits, NOBODY_SAID, np.ones(4))

    assert calibration[0, 0] < 0.7
    assert calibrate(logits, calibration)[0, 0] == pytest.approx(0.75, abs=0.05)


def test_margin_is_against_all_others_together():
    logits = np.log([[0.5, 0.125, 0.125, 0.125, 0.125]])

    assert margins(logits)[0, 0] == pytest.approx(0.0)


def test_label_with_evidence_of_its_own_keeps_its_share():
    strong, weak = [9.0, 5.0, -5.0, -5.0, -4.0], [9.0, -6.0, -5.0, -5.0, -4.0]
    calibration = fit_calibration(
        np.zeros(4, dtype=np.int64), np.array([strong] * 4), NOBODY_SAID, np.ones(4)
    )

    scores = calibrate(np.array([strong, weak]), calibration)

    assert scores[0, 1] == pytest.approx(SECOND_SHARE, abs=0.01)
    assert scores[1, 1] < 0.05
    assert scores[0].argmax() == 0


def test_threshold_is_where_enough_second_labels_are_right():
    is_second = np.arange(100) < 60
    scores = np.full((100, 5), 0.01)
    scores[:, 0] = 0.9
    scores[:, 1] = np.linspace(0.5, 0.1, 100)
    seconds = np.zeros((100, 5))
    seconds[is_second, 1] = 1

    threshold = fit_threshold(scores, seconds)

    found = scores[:, 1] >= threshold
    assert is_second[found].mean() == pytest.approx(SECOND_PRECISION, abs=0.02)


def test_calibration_error_of_a_label_counts_all_articles():
    scores = np.tile([0.8, 0.2, 0.0, 0.0, 0.0], (10, 1))
    labels = np.array([0] * 6 + [1] * 4)

    errors = label_errors(labels, scores)

    assert errors.tolist() == pytest.approx([0.2, 0.2, 0.0, 0.0, 0.0])
