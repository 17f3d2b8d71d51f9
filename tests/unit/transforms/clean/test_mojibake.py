import pytest

from transforms.clean.mojibake import (
    Edit,
    Run,
    apply_edits,
    document_span,
    find_faults,
    shift_runs,
)


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("itâ€™s", "it’s"),
        ("cafÃ©", "café"),
        ("Â°", "°"),
        ("e\u0301", "é"),
        ("\x93", "“"),
        ("\x81", ""),
        ("plain é and ñ", "plain é and ñ"),
        ("É–", "É–"),
        ("Ãœ", "Ü"),
    ],
)
def test_faults_are_mended(broken: str, mended: str) -> None:
    assert apply_edits(broken, find_faults(broken)) == mended


def test_runs_skip_what_was_rewritten() -> None:
    runs = [Run(0, 100, 4), Run(5, 110, 6)]

    shifted = shift_runs(runs, [Edit(1, 3, "X"), Edit(10, 11, "YY")])

    assert shifted == [Run(0, 100, 1), Run(2, 103, 1), Run(4, 110, 5)]


def test_edit_that_reaches_into_the_next_run_is_in_neither() -> None:
    runs = [Run(0, 100, 2), Run(2, 105, 4)]

    shifted = shift_runs(runs, [Edit(1, 3, "")])

    assert shifted == [Run(0, 100, 1), Run(1, 106, 3)]


def test_rewritten_characters_keep_their_document_span() -> None:
    runs = [Run(0, 100, 4), Run(5, 110, 6)]

    assert document_span(runs, Edit(2, 4, "")) == {"char_start": 102, "char_end": 104}
