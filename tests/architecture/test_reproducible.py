"""Tests end the same way each time: fixed seeds, and no waiting for a while."""

import ast

import pytest

from tests.architecture.product import ROOT, imported_names, tree, where

# The one place that waits between two looks.
WAITS = "tests/waiting.py"
# What measures is no test, and sets its own pace.
MEASURES = ("tests/benchmarks/", "tests/scale/measure.py")
GENERATORS = {"Random", "default_rng", "seed"}
DRAWN = {"draw"}  # by Hypothesis, which finds it again


def surprises(path):
    """Calls whose outcome, or end, nobody can foretell."""
    modules = {bound for _, bound, origin in imported_names(path) if origin == bound}
    for _, _, origin in imported_names(path):
        if origin == "time.sleep":
            yield path, origin
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        module, _, name = called.rpartition(".")
        is_chance = module == "random" in modules and name != "Random"
        if called == "time.sleep" or is_chance or is_seeded_anew(node, name):
            yield node, ast.unparse(node)


def is_seeded_anew(call, name):
    seeds = [word.value for word in call.keywords if word.arg == "seed"]
    if name in GENERATORS:
        if not call.args and not call.keywords:
            return True
        seeds += call.args
    calls = [n for seed in seeds for n in ast.walk(seed) if isinstance(n, ast.Call)]
    return bool(calls) and not {ast.unparse(n.func) for n in calls} & DRAWN


def test_no_test_sleeps_or_draws_differently_each_time():
    broken = [
        f"{where(path, node)}: {what}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if not path.relative_to(ROOT).as_posix().startswith((WAITS, *MEASURES))
        for node, what in surprises(path)
    ]

    assert broken == []


@pytest.mark.parametrize(
    ("source", "is_surprising"),
    [
        ("import time\ntime.sleep(1)", True),
        ("from time import sleep", True),
        ("import random\nrandom.shuffle([1])", True),
        ("import os\nfrom random import Random\nRandom(os.getpid())", True),
        ("import time\nkill(seed=time.time_ns())", True),
        ("import numpy as np\nnp.random.default_rng()", True),
        ("import random\nrandom.Random(5).shuffle([1])", False),
        ("def test(random): random.shuffle([1])", False),
    ],
)
def test_a_surprise_is_seen(source, is_surprising, tmp_path):
    path = tmp_path / "test_module.py"
    path.write_text(source)

    assert bool(list(surprises(path))) is is_surprising
