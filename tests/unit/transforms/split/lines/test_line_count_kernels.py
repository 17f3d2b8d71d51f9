import numpy as np
import pytest

from transforms.split.features.word_overlap_kernels import (
    measure_overlap,
    measure_topics,
)
from transforms.split.lines.line_count_kernels import (
    COUNTS,
    MAX_WHOLE_LINE_BYTES,
    hash_word,
    scan_lines,
)
from transforms.split.lines.line_group_kernels import count_earlier, number_groups
from transforms.split.lines.word_index_kernels import index_words
from transforms.text.character_class_kernels import (
    BLANK,
    CLOSE,
    DASH,
    LOWER,
    QUOTE,
    STOP,
    UPPER,
    cut_edges,
    trim_lines,
)


def scan(*lines: str):
    encoded = [line.encode() for line in lines]
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    ends = np.cumsum([len(line) for line in encoded])
    starts = np.concatenate([[0], ends[:-1]])
    trimmed = trim_lines(data, starts, ends)
    counts, hashes = scan_lines(data, trimmed[0], trimmed[1])
    rows = [dict(zip(COUNTS, row.tolist(), strict=True)) for row in counts]
    return rows, hashes


def shares_of(measure, data, span, window):
    words = index_words(data, np.array([span]))
    return measure(data, words, np.array([0]), window)[0].tolist()


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("The old bridge, No. 12", {"words": 5, "capitalised": 2, "digits": 2}),
        ("old bridges fell", {"long_lower": 2, "first_class": LOWER}),
        ("Élan vital", {"capitalised": 1, "upper": 1, "lower": 8}),
        ("МОСКВА сегодня", {"upper": 6, "lower": 7, "long_lower": 1}),
        ("don’t stop", {"words": 2, "last_class": LOWER}),
        ("He left.", {"ends_sentence": 1, "last_class": STOP}),
        ("“He left.”", {"ends_sentence": 1, "first_class": QUOTE}),
        ("(He left.)", {"ends_sentence": 1, "last_class": CLOSE}),
        ("He left…", {"ends_sentence": 1}),
        ("He left", {"ends_sentence": 0}),
        ("”)”)”", {"ends_sentence": 0}),
        ("• Item", {"first_class": DASH}),
        ("\u00a0 Word \u3000", {"bytes": 4, "first_class": UPPER}),
        ("", {"bytes": 0, "words": 0}),
        ("\U0001f600", {"bytes": 4, "words": 0}),
    ],
)
def test_counts_of_one_line(line, counts):
    (row,), _ = scan(line)
    assert {name: row[name] for name in counts} == counts


@pytest.mark.parametrize(
    ("one", "other", "hash_column", "is_same"),
    [
        ("“Deal” signed", '"Deal" signed', 0, True),
        ("Deal signed", "DEAL SIGNED", 0, True),
        ("3. Deal signed", "Deal signed ..... 14", 0, True),
        ("Deal signed", "Deal broken", 0, False),
        ("2 of 74 DOCUMENTS", "3 of 74 DOCUMENTS", 1, True),
        ("2 of 74 DOCUMENTS", "3 of 74 STORIES", 1, False),
        ("Source: Alpha Agency", "Source: Beta Press", 2, True),
        ("By Ann Smith", "By Joe Brown", 2, False),
    ],
)
def test_hashes_join_what_belongs_together(one, other, hash_column, is_same):
    _, hashes = scan(one, other)
    assert (hashes[0, hash_column] == hashes[1, hash_column]) == is_same


def test_long_line_is_counted_in_part_and_equals_no_other():
    long = "Word " * MAX_WHOLE_LINE_BYTES + "end."
    (first, second), hashes = scan(long, long)
    assert first == second
    assert first["ends_sentence"] == 1
    assert 0 < first["words"] < MAX_WHOLE_LINE_BYTES
    assert hashes[0, 0] != hashes[1, 0]


def test_edges_are_cut_on_whole_characters():
    data = np.frombuffer("äöüß".encode(), dtype=np.uint8)
    heads, tails = cut_edges(data, np.array([0]), np.array([8]), 3)
    assert (heads[0], tails[0]) == (4, 6)


def test_overlap_sees_only_its_own_document():
    text = b"bridge collapse|bridge repair begins|bridge collapse|"
    data = np.frombuffer(text, dtype=np.uint8)
    start, end = text.index(b"bridge repair"), text.index(b"|bridge collapse|", 20)
    free = shares_of(measure_overlap, data, [start, end, 0, len(text)], 100)
    alone = shares_of(measure_overlap, data, [start, end, start, end], 100)
    assert free == pytest.approx([1 / 3, 1 / 3, 1])
    assert alone == [0, 0, 0]


def test_overlap_looks_no_further_back_than_its_window():
    text = b"bridge " + b"." * 5_000 + b"bridge"
    data = np.frombuffer(text, dtype=np.uint8)
    span = [len(text) - 6, len(text), 0, len(text)]
    assert shares_of(measure_overlap, data, span, 100) == [0, 0, 0]


def test_topics_tell_names_that_go_on_from_new_ones():
    text = b"Council of Aldby met Brown|WHAT NEXT|Brown said the Council waits in Dorne"
    data = np.frombuffer(text, dtype=np.uint8)
    start, end = text.index(b"WHAT"), text.index(b"|Brown")
    wide = shares_of(measure_topics, data, [start, end, 0, len(text)], 200)
    # After: brown, said, council, waits, dorne; of these names brown, council, dorne.
    assert wide[:3] == pytest.approx([0, 0, 2 / 5])
    assert wide[3:] == pytest.approx([2 / 3, 2 / 4])
    alone = shares_of(measure_topics, data, [start, end, start, len(text)], 200)
    assert alone == [0, 0, 0, 0, 0]


def test_broken_utf8_tail_is_no_blank():
    data = np.array([0xE2, 0x80], dtype=np.uint8)
    trimmed = trim_lines(data, np.array([0]), np.array([2]))
    assert trimmed[:, 0].tolist() == [0, 2]
    assert BLANK not in scan_lines(data, trimmed[0], trimmed[1])[0][0, 6:8]


def test_word_hash_is_that_of_the_first_word():
    _, hashes = scan("“Copyright 2015", "copyright", "Copy right", "--")
    column = [hashes[row, -1] == hash_word("copyright") for row in range(4)]
    assert column == [True, True, False, False]


@pytest.mark.parametrize(
    ("line", "has_sign"),
    [
        ("LONDON (Reuters) - The bank said", True),
        ("The bank said it would — perhaps — wait", True),
        ("UNITED NATIONS said so", True),
        ("The bank said so", False),
        (
            "The bank said so, after a long meeting of its board in the capital, (it)",
            False,
        ),
    ],
)
def test_signs_near_the_start_are_seen(line, has_sign):
    (row,), _ = scan(line)
    assert (row["head_signs"] > 0) == has_sign


def test_groups_are_per_document_and_numbered_in_order():
    documents = np.array([0, 0, 0, 1, 1])
    keys = np.array([7, 9, 7, 7, 9], dtype=np.uint64)
    groups = number_groups(documents, keys)
    assert groups.tolist() == [0, 1, 0, 2, 3]
    assert count_earlier(groups).tolist() == [0, 0, 1, 0, 0]
