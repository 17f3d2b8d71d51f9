"""What of a heavy test the gate runs, and what only the whole suites do."""

from collections.abc import Iterable

import pytest


def sampled(values: Iterable[object], keep: int = 1) -> list[object]:
    """Parameters of a test, all but the first few left to the whole suites."""
    return [
        pytest.param(value, marks=[pytest.mark.full] * (place >= keep))
        for place, value in enumerate(values)
    ]
