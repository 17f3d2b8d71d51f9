"""What the README shows is what happens."""

import re
from collections import Counter
from pathlib import Path

import pytest

PICTURES = Path(__file__).parents[2] / "flows" / "pictures"


def sql_of(readme):
    (block,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    return [question for question in block.split(";") if question.strip()]


@pytest.fixture(scope="module")
def asked(copy_seeded, tmp_path_factory, seed_file, repository):
    """The seed and a reprint of one of its articles; what the ten questions answer."""
    newsmill = copy_seeded(tmp_path_factory.mktemp("asked"))
    first = newsmill.sql("SELECT char_end FROM article ORDER BY char_start")[0]
    reprint = newsmill.folder / "reprint.txt"
    text = seed_file.read_text(encoding="utf-8")[: first["char_end"]]
    reprint.write_text(f"{text}\n", encoding="utf-8")
    newsmill.run(seed_file, reprint)
    questions = sql_of((repository / "README.md").read_text(encoding="utf-8"))
    return newsmill, [newsmill.sql(question) for question in questions]


def test_questions_of_the_readme_count_what_they_say(asked):
    newsmill, answers = asked
    categories, sources, least_certain = answers[:3]
    facts = newsmill.sql(
        "SELECT category, confidence FROM fact_article "
        "JOIN (SELECT category_key, code AS category FROM dim_category) "
        "USING (category_key)"
    )

    assert len(answers) == 10
    counted = {row["category"]: row["articles"] for row in categories}
    assert counted == Counter(row["category"] for row in facts)
    assert sum(row["articles"] for row in sources) == len(facts) == 9
    lowest = sorted(row["confidence"] for row in facts)[:5]
    assert [row["confidence"] for row in least_certain] == lowest


def test_questions_of_the_readme_lead_to_places_and_dates(asked, seed_file):
    _, answers = asked
    evidence, coverage, dates = answers[3:6]
    text = seed_file.read_bytes().decode("utf-8")

    for row in evidence:
        assert text[row["char_start"] :].startswith(row["exact"])
    parts = ("chars_in_articles", "chars_separator", "chars_quarantined")
    assert all(sum(row[p] for p in parts) == row["chars_total"] for row in coverage)
    assert [len(coverage), len(dates)] == [2, 9]
    assert all(
        row["date_basis"] == "unknown" for row in dates if not row["published_date"]
    )


def test_questions_of_the_readme_single_out_what_they_say(asked):
    newsmill, answers = asked
    several_labels, reprinted, runs, not_passed = answers[6:]
    labels = Counter(
        row["article_key"]
        for row in newsmill.sql(
            "SELECT article_key FROM fact_classification WHERE is_assigned"
        )
    )

    several = {key: count for key, count in labels.items() if count > 1}
    assert {row["article_key"]: row["labels"] for row in several_labels} == several
    assert 0 < len(several) < 9
    assert [row["occurrence_count"] for row in reprinted] == [2]
    assert [(row["status"], row["articles_new"]) for row in runs] == [
        ("published", 9),
        ("published", 0),
    ]
    failed = newsmill.sql(
        "SELECT count(*) AS n FROM quality.fact_validation WHERE NOT success"
    )
    assert len(not_passed) == failed[0]["n"]


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
    listed = newsmill.here("--help").out

    assert len(named) > 8
    assert all(f" {name} " in listed for name in named)
