import numpy as np
import pytest

from transforms.classify.fit.calibration import (
    calibration_error,
    class_f1,
    fit_temperature,
    macro_f1,
    reliability,
    softmax,
)


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


def test_boastful_scores_are_cooled():
    labels = np.array([0, 0, 0, 1])
    logits = np.array([[4.0, 0.0]] * 4)

    temperature = fit_temperature(labels, logits, np.ones(4))

    assert temperature > 2
    assert calibration_error(labels, softmax(logits / temperature)) < 0.15
