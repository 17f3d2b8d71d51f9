import pytest

from flows.cli.answers.query import show_questions
from flows.jobs.query import question_rows


@pytest.mark.parametrize("width", [30, 80, 98])
def test_names_of_questions_are_whole_in_a_narrow_terminal(width, capsys):
    show_questions(question_rows(), width)

    lines = capsys.readouterr().out.splitlines()
    names = [line for line in lines if not line.startswith(" ")]
    assert names == [row["name"] for row in question_rows()]
    assert max(map(len, lines)) <= max(width, *map(len, names))
