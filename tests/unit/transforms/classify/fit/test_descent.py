import numpy as np
import pytest

from transforms.classify.fit.descent import descend, dot


def valley(point):
    scales = np.array([1.0, 100.0, 0.01])
    away = point - np.array([1.0, -2.0, 3.0])
    return float((scales * away**2).sum()), 2 * scales * away


def test_dot_is_the_sum_of_products():
    assert dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 11


def test_descend_finds_the_least_point_of_a_narrow_valley():
    assert descend(valley, np.zeros(3), 100) == pytest.approx([1, -2, 3], abs=1e-2)


def test_descend_stays_where_it_cannot_fall():
    here = np.array([1.0, -2.0, 3.0])

    assert descend(valley, here, 10).tolist() == here.tolist()


def test_descend_stops_when_no_step_lowers_the_loss():
    slope = np.ones(2)

    found = descend(
        lambda point: (float(np.abs(point).sum() > 0), slope), np.zeros(2), 5
    )

    assert found.tolist() == [0, 0]


def test_more_rounds_fall_further():
    values = [valley(descend(valley, np.zeros(3), rounds))[0] for rounds in (1, 3, 9)]

    assert values == sorted(values, reverse=True)
