"""Commands on a published warehouse, as their user calls them."""

import csv
import io
import json
import subprocess
import sys

import pytest


def test_status_lists_the_run(seeded):
    (run,) = json.loads(seeded.ask("status", "--json").out)["runs"]

    assert (run["status"], run["articles_new"]) == ("published", 9)
    assert run["run_id"] == seeded.summary["run_id"]


def test_quality_shows_every_check_with_its_outcome(seeded):
    checks = json.loads(seeded.ask("quality", "--json").out)["checks"]

    assert len(checks) == sum(seeded.summary["checks"].values())
    assert all(check["runbook"] for check in checks)
    assert f"{len(checks)} checks" in seeded.ask("quality").out


@pytest.mark.full
def test_file_that_holds_less_than_it_says_is_told_with_both_numbers(newsmill):
    text = "".join(
        f"{n} of 5 DOCUMENTS\n\nThe Daily Beacon\n\nMarch {n + 10}, 2014 Tuesday\n\n"
        f"{title}\n\nLENGTH: 60 words\n\n{title}, officials said on Monday, and gave "
        f"no reason. Work goes on until the end of the year, they added.\n\n\n"
        for n, title in enumerate(("Dam fills early", "Court jails two thieves"), 1)
    )
    (newsmill.folder / "export.txt").write_text(text)
    newsmill.run("export.txt")

    (coverage,) = newsmill.sql(
        "SELECT article_count, announced_count FROM document_coverage"
    )
    shown = newsmill.ask("quality").out

    assert coverage == {"article_count": 2, "announced_count": 5}
    assert "1 of 1 (announced_count 5, articles 2)" in " ".join(shown.split())


def test_quarantine_is_empty_when_nothing_was_held_back(seeded):
    assert json.loads(seeded.ask("quarantine", "--json").out) == {"quarantine": []}
    assert seeded.ask("quarantine").out == "nothing\n"


def test_explain_finds_an_article_by_title_key_and_id(seeded, seed_gold):
    (row,) = seeded.sql(
        "SELECT article_key, article_id FROM article WHERE title = ?",
        seed_gold[0]["title"],
    )

    found = [
        json.loads(seeded.ask("explain", wanted, "--json").out)["article"]["title"]
        for wanted in (
            seed_gold[0]["title"][:30],
            row["article_key"],
            row["article_id"][:12],
        )
    ]

    assert found == [seed_gold[0]["title"]] * 3


def test_explain_shows_boundary_labels_and_evidence_at_their_place(seeded, seed_gold):
    gold = seed_gold[4]
    explained = json.loads(seeded.ask("explain", gold["title"], "--json").out)
    shown = seeded.ask("explain", gold["title"]).out

    assert explained["article"]["span"].startswith(gold["title"])
    assert len(explained["scores"]) == 5
    assert explained["scores"][0]["is_primary"]
    assert explained["boundary"]
    assert all(
        gold["char_start"] <= word["char_start"] < word["char_end"] <= gold["char_end"]
        for word in explained["evidence"]
    )
    for part in (gold["title"], gold["source"], "What spoke for its boundary"):
        assert part in shown


@pytest.mark.parametrize("wanted", ["zzzzzz", "a"], ids=["nothing", "many"])
def test_explain_of_none_or_several_is_a_usage_error(seeded, wanted):
    assert wanted in seeded.ask("explain", wanted, code=2).err


def test_query_gives_the_same_rows_in_every_text_format(seeded):
    question = "SELECT category, count(*) AS n FROM article GROUP BY 1 ORDER BY 1"
    rows = seeded.sql(question)

    def answer(form):
        return seeded.ask("query", question, "--format", form).out

    assert json.loads(answer("json")) == rows
    assert [json.loads(line) for line in answer("jsonl").splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(answer("csv"))))
    assert [(row["category"], int(row["n"])) for row in table] == [
        (row["category"], row["n"]) for row in rows
    ]
    assert all(row["category"] in answer("markdown") for row in rows)


def test_query_writes_parquet_to_a_file(seeded, tmp_path):
    target = tmp_path / "a.parquet"

    seeded.ask(
        "query",
        "SELECT title FROM article",
        "--format",
        "parquet",
        "-o",
        target,
    )

    assert seeded.sql(f"SELECT count(*) AS n FROM '{target}'") == [{"n": 9}]


def test_named_questions_are_listed_and_answered(seeded):
    listed = [
        line.split()[0] for line in seeded.ask("query", "--list").out.splitlines()
    ]

    assert len(listed) > 20
    assert seeded.ask("query", "--name", listed[1], "--format", "json").out


def test_question_with_a_value_is_answered_and_shows_its_sql(seeded):
    asked = "SELECT count(*) AS n FROM fact_article WHERE title <> $title"

    answered = seeded.ask("query", asked, "--param", "title=a", "--format", "json").out
    shown = seeded.ask("query", "--name", "silent_days", "--show-sql").out

    assert json.loads(answered) == [{"n": 9}]
    assert "FROM calendar" in shown
    assert seeded.ask("query", asked, "--show-sql").out == f"{asked}\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["query", "DROP TABLE fact_article"], 2),
        (["query", "SELECT * FROM read_text('/etc/passwd')"], 2),
        (["query", "SELEC 1"], 2),
        (["query"], 2),
        (["query", "SELECT 1", "--name", "x"], 2),
        (["query", "SELECT 1", "--format", "xml"], 2),
        (["label", "Theft of money", "weather"], 2),
        (["promote", "nowhere"], 2),
        (["reclassify", "--version", "nowhere"], 2),
    ],
    ids=lambda value: "-".join(value)[:30] if isinstance(value, list) else str(value),
)
def test_wrong_words_are_refused_and_change_nothing(seeded, words, code):
    before = seeded.warehouse.read_bytes()

    ended = seeded.ask(*words, code=code)

    assert ended.err.startswith("newsmill: ")
    assert seeded.warehouse.read_bytes() == before


def test_reading_a_warehouse_that_is_not_there_makes_none(newsmill):
    for words in (["status"], ["query", "SELECT 1"], ["quality"], ["explain", "x"]):
        newsmill.ask(*words, code=5)

    assert not newsmill.warehouse.exists()


def test_export_writes_every_table_with_a_manifest(seeded, tmp_path):
    seeded.ask("export", "--to", tmp_path / "with")
    seeded.ask("export", "--to", tmp_path / "without", "--without-text")

    manifest = json.loads((tmp_path / "with" / "manifest.json").read_text())
    assert len(manifest["tables"]) > 12
    assert len(list((tmp_path / "with").rglob("*.parquet"))) == len(manifest["tables"])
    assert not any("article_text" in p.name for p in (tmp_path / "without").rglob("*"))


def test_notebook_runs_on_the_published_warehouse(seeded, repository):
    pytest.importorskip("marimo", reason="the extra `explore` is not installed")
    show = (
        "import json; from tests.demo.explore import app; _, found = app.run();"
        "print(json.dumps([found[name].to_dicts() for name in"
        " ('trend', 'sources', 'places', 'actors', 'claims', 'checks')], default=str))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", show],
        cwd=repository,
        check=True,
        capture_output=True,
        env=seeded.environment | {"NEWSMILL_WAREHOUSE": str(seeded.warehouse)},
    )
    trend, sources, places, actors, claims, checks = json.loads(ended.stdout)

    assert sum(row["articles"] for row in trend) == 9
    assert sum(row["articles"] for row in sources) == 9
    assert "Dushanbe" in [row["place"] for row in places]
    assert len(actors) == len({(row["actor"], row["actor_kind"]) for row in actors}) > 9
    assert 2_000 in [row["value_low"] for row in claims]
    failed = seeded.sql("SELECT code FROM quality.quality_history WHERE NOT success")
    assert [row["code"] for row in checks] == [row["code"] for row in failed]


def test_run_that_finds_nothing_new_imports_nothing_slow(seeded, seed_file):
    words = ["run", seed_file, "--direct", "--warehouse", seeded.warehouse]
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flows", *words],
        check=True,
        capture_output=True,
        text=True,
        env=seeded.environment,
    )
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}

    assert "0 new" in ended.stdout
    assert "polars" in imported
    assert not imported & {"numba", "great_expectations", "prefect", "sklearn"}


def test_check_finds_nothing_wrong_with_a_sound_warehouse(seeded):
    assert seeded.ask("check").out == "0 findings\n"


def test_evaluate_judges_labels_of_whole_articles(seeded, tmp_path):
    gold = tmp_path / "gold.jsonl"
    rows = seeded.sql("SELECT title, body AS text, category AS label FROM article")
    gold.write_text("\n".join(json.dumps(row) for row in rows))

    figures = json.loads(seeded.here("evaluate", gold, "--json").out)

    assert figures["labels"][-1]["f1"] == 1.0


def test_evaluate_judges_boundaries_of_digests(seeded, seed_file, seed_gold, tmp_path):
    (tmp_path / seed_file.name).write_bytes(seed_file.read_bytes())
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps(row) for row in seed_gold))

    figures = json.loads(seeded.here("evaluate", gold, "--json").out)

    assert figures["boundaries"][0]["exact_f1"] == 1.0
    assert {row["field"]: row["accuracy"] for row in figures["fields"]} == {
        "title": 1.0,
        "source": 1.0,
        "author": 1.0,
        "dateline": 1.0,
    }
    assert "macro mean" in seeded.here("evaluate", gold, "--show", "3").out


def test_evaluate_takes_gold_without_any_label(seeded, seed_file, seed_gold, tmp_path):
    (tmp_path / seed_file.name).write_bytes(seed_file.read_bytes())
    gold = tmp_path / "gold.jsonl"
    rows = [row | {"label": None, "author": None} for row in seed_gold]
    gold.write_text("\n".join(json.dumps(row) for row in rows))

    figures = json.loads(seeded.here("evaluate", gold, "--json").out)

    assert figures["boundaries"][0]["exact_f1"] == 1.0
    assert {row["field"] for row in figures["fields"]} >= {"title", "source"}


@pytest.mark.parametrize(
    "content", ["", "not json", '{"a": 1}'], ids=["empty", "text", "other rows"]
)
def test_evaluate_of_something_else_is_a_usage_error(newsmill, content):
    gold = newsmill.folder / "gold.jsonl"
    gold.write_text(content)

    newsmill.here("evaluate", gold, code=2)
