"""The memory of a run of many batches, all its processes together."""

import gzip
import json
import random
import resource
import string
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

# Stated in the README for two workers, whatever comes in: many files, or one of any
# shape up to the size that is taken.
BOUND_BYTES = 1_600_000_000
# What a run of many batches took while allocators were tuned, and should take again.
AIM_BYTES = 1_000_000_000
SHAPE_BYTES = 200_000_000
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


def run_measured(folder, inputs):
    """A run of two workers: its process, the most that it held, and its summary."""
    words = ["run", str(inputs), "--direct", "--json", "--workers", "2"]
    told = folder / "told.json"
    with told.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows", *words, "--warehouse", folder / "w.duckdb"],
            stdout=out,
        )
        bound = BOUND_ADDRESSES, BOUND_ADDRESSES
        # At once, so that all that it starts is bound likewise.
        resource.prlimit(process.pid, resource.RLIMIT_AS, bound)
        peak = peak_bytes(process)
    return process, peak, json.loads(told.read_text() or "null")


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

    process, peak, _ = run_measured(tmp_path, inputs)

    assert process.returncode == 0
    assert peak < BOUND_BYTES
    if peak >= AIM_BYTES:
        pytest.xfail(f"{peak / 1e9:.2f} GB, aimed at {AIM_BYTES / 1e9:.1f}")


OPENING = (
    "Storm closes port\n\n"
    "The port was closed on Friday after a storm, officials said.\n"
)


def blank_lines(count):
    return OPENING + "\n" * count


def letter_lines(count):
    return OPENING + "a\nb\n" * (count // 4)


def titles(_):
    return "".join(
        f"Storm {n} closes port of the {n * 7919 % 100_003}th town again\n\n"
        for n in range(1_000_000)
    )


def one_line(count):
    return OPENING + "word " * (count // 5)


def one_record(count):
    return json.dumps({"title": "Storm closes port", "text": one_line(count)})


SHAPES = {
    "one line": (one_line, "line_too_long"),
    "one record": (one_record, "line_too_long"),
    "blank lines": (blank_lines, "too_many_lines"),
    "one-letter lines": (letter_lines, "too_many_lines"),
    "titles alone": (titles, None),
}


@pytest.mark.full
@pytest.mark.parametrize("shape", SHAPES)
def test_memory_is_bounded_whatever_a_file_is_like(tmp_path, shape):
    make, reason = SHAPES[shape]
    odd = tmp_path / ("odd.jsonl" if make is one_record else "odd.txt")
    odd.write_text(make(SHAPE_BYTES))

    process, peak, summary = run_measured(tmp_path, odd)

    assert process.returncode == 0
    assert peak < BOUND_BYTES
    if reason:
        assert [held["reason_code"] for held in summary["held_back"]] == [reason]


def test_small_file_of_many_lines_is_held_and_the_one_beside_it_loads(newsmill):
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_text(OPENING)
    # As dense as a file may be that is unpacked at all.
    noise = random.Random(0).randbytes(20_000).hex()
    packed = gzip.compress(blank_lines(3_000_000).encode() + noise.encode())
    assert len(packed) < 50_000
    (inputs / "lines.txt.gz").write_bytes(packed)

    summary = newsmill.run(inputs)

    assert summary["articles_new"] == 1
    (held,) = summary["held_back"]
    assert held["reason_code"] == "too_many_lines"
    assert "3,000,003 lines" in held["detail"]
    assert newsmill.run(inputs)["status"] == "nothing_new"
