import os
import signal

import pytest

from flows.runners.direct import DirectRunner
from flows.runners.runner import in_order
from transforms.errors import OutOfSpaceError


def double(number):
    if number == 13:
        raise ValueError(number)
    return number * 2


def test_direct_runner_calls_and_times_the_step():
    runner = DirectRunner()

    assert runner(double, 2) == 4
    assert runner.seconds["double"] >= 0


@pytest.mark.parametrize("workers", [1, 2])
def test_map_keeps_the_order_of_items(workers):
    runner = DirectRunner()

    assert list(runner.map(abs, range(-5, 0), workers=workers)) == [5, 4, 3, 2, 1]


def test_map_raises_what_a_step_raises():
    with pytest.raises(ValueError, match="13"):
        list(DirectRunner().map(double, [1, 13, 2], workers=1))


def end(signal_number):
    os.kill(os.getpid(), signal_number)


@pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGKILL, OutOfSpaceError), (signal.SIGSEGV, ChildProcessError)],
    ids=["killed", "crashed"],
)
def test_worker_that_dies_is_told_by_its_cause(number, error):
    with pytest.raises(error, match="a process that transforms"):
        list(DirectRunner().map(end, [number] * 3, workers=2))


def test_only_so_many_items_are_under_way():
    under_way = 0
    most = 0

    def submit(item):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)

        def wait():
            nonlocal under_way
            under_way -= 1
            return item

        return wait

    assert list(in_order(submit, range(10), ahead=3)) == list(range(10))
    assert most == 3
