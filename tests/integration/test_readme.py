"""What the README shows is what happens."""

import re
from pathlib import Path

PICTURES = Path(__file__).parents[2] / "flows" / "pictures"


def sql_of(readme):
    (block,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    return [question for question in block.split(";") if question.strip()]


def test_ten_questions_of_the_readme_have_answers(seeded, repository):
    questions = sql_of((repository / "README.md").read_text(encoding="utf-8"))

    assert len(questions) == 10
    answers = [seeded.sql(question) for question in questions]
    assert all(answers[:7])


def test_summary_of_the_readme_is_that_of_the_seed(seeded, repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^by category  (.*)$", readme, re.MULTILINE)

    shown = dict(part.rsplit(" ", 1) for part in line.split(" · "))
    assert {k: int(v) for k, v in shown.items()} == seeded.summary["categories"]


def test_checks_of_the_readme_are_those_of_the_seed(seeded, repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^checks       passed (\d+)", readme, re.MULTILINE)

    assert int(told) == seeded.summary["checks"]["passed"]


def test_characters_of_the_readme_are_those_of_the_seed(seeded, repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^characters   (.*)$", readme, re.MULTILINE)
    told = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", line)]

    counts = seeded.summary["characters"]
    assert told == [
        counts[name] for name in ("total", "articles", "separators", "quarantined")
    ]


def test_pictures_of_the_readme_are_there_and_small(repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|srcset)="([^"]+)"', readme)

    kept = {f"flows/pictures/{file.name}" for file in PICTURES.glob("*.png")}
    assert set(named) == kept
    assert all((repository / name).stat().st_size < 200_000 for name in named)


def test_commands_of_the_readme_exist(newsmill, repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `newsmill (\w+)", readme, re.MULTILINE))
    listed = newsmill("--help").out

    assert len(named) > 8
    assert all(f" {name} " in listed for name in named)
