"""The memory of a run of many batches, all its processes together."""

import resource
import string
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

# Stated in the README for a run with a Prefect server of its own, which takes 200 MB.
BOUND_BYTES = 1_000_000_000
# Likewise for each process alone, whatever it reserves without using it.
BOUND_ADDRESSES = 5 << 30
FILES, COPIES_PER_FILE = 10, 200
CONSONANTS = "bcdfghjklmnpqrstvwxz"


def told_anew(text, number):
    """The text in words of another language, the same for the same number."""
    shift, letters = number % 19 + 1, str.maketrans
    turned = CONSONANTS[shift:] + CONSONANTS[:shift]
    words = text.translate(letters(CONSONANTS, turned)).split(" ")
    mark = string.ascii_lowercase[number // 19 % 26] * (number // 494 % 9)
    return " ".join(f"{word}{mark}" if word.isalpha() else word for word in words)


def peak_bytes(process):
    """Most that a process and all below it held at once, shared pages counted once."""
    peak = 0
    while process.poll() is None:
        held = 0
        for one in [psutil.Process(process.pid), *_below(process.pid)]:
            try:
                held += one.memory_full_info().pss
            except psutil.Error:
                continue
        peak = max(peak, held)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    return peak


def _below(pid):
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


@pytest.mark.full
def test_memory_of_many_batches_is_bounded(tmp_path):
    seeds = Path(__file__).parents[2] / "seeds"
    text = "\n\n\n".join(path.read_text() for path in sorted(seeds.glob("*.txt")))
    inputs = tmp_path / "in"
    inputs.mkdir()
    for place in range(FILES):
        copies = range(place * COPIES_PER_FILE, (place + 1) * COPIES_PER_FILE)
        content = "\n\n\n".join(told_anew(text, number) for number in copies)
        (inputs / f"{place}.txt").write_text(content)
    words = ["run", str(inputs), "--direct", "--json", "--workers", "2"]

    process = subprocess.Popen(
        [sys.executable, "-m", "flows", *words, "--warehouse", tmp_path / "w.duckdb"],
        stdout=subprocess.DEVNULL,
    )
    bound = BOUND_ADDRESSES, BOUND_ADDRESSES
    # At once, so that all that it starts is bound likewise.
    resource.prlimit(process.pid, resource.RLIMIT_AS, bound)
    peak = peak_bytes(process)

    assert process.returncode == 0
    assert peak < BOUND_BYTES
