"""What the page on other programs shows is what these programs do."""

import re
import shutil
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from warehouse.read.export.export import export_tables
from warehouse.read.formats import Format


@pytest.fixture(scope="module")
def exported(seeded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    export_tables(seeded.warehouse, folder / "export", with_text=True, form=Format.CSV)
    return folder


@pytest.fixture(scope="module")
def snippets(repository):
    page = (repository / "flows/examples/CLIENTS.md").read_text("utf-8")
    return dict(re.findall(r"```(python|r)\n(.*?)```", page, re.DOTALL))


def run(words, folder):
    ended = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_pandas_reads_keys_whole_and_counts(seeded, exported, snippets):
    told = (
        "print(*sorted(articles['article_key']), len(labels), "
        "articles['published_date'].dtype.kind)"
    )

    shown = run([sys.executable, "-c", snippets["python"] + told], exported)

    keys = [str(row["article_key"]) for row in seeded.sql("FROM fact_article")]
    (labels,) = seeded.sql("SELECT count(*) AS n FROM fact_classification")
    assert shown[-len(keys) - 2 :] == [*sorted(keys), str(labels["n"]), "M"]


def test_r_reads_keys_whole_and_counts(seeded, exported, snippets):
    if shutil.which("Rscript") is None:
        pytest.skip("no Rscript on this machine (Debian: apt install r-base-core)")
    told = "cat(sort(articles$article_key), nrow(labels))"

    shown = run(["Rscript", "-e", snippets["r"] + told], exported)

    keys = [str(row["article_key"]) for row in seeded.sql("FROM fact_article")]
    (labels,) = seeded.sql("SELECT count(*) AS n FROM fact_classification")
    assert sorted(shown[-len(keys) - 1 : -1]) == sorted(keys)
    assert shown[-1] == str(labels["n"])


def test_next_connection_of_sqlalchemy_sees_the_file_of_the_next_run(seeded_copy):
    engine = create_engine(
        f"duckdb:///{seeded_copy.warehouse}",
        connect_args={"read_only": True},
        poolclass=NullPool,
    )
    asked = text("SELECT count(*) FROM dim_run WHERE run_key <> 0")

    with engine.connect() as connection:
        before = connection.execute(asked).scalar()
        (seeded_copy.folder / "new.txt").write_text(
            "Dam fills\n\nWater rose fast.\n\nSource: Agency\n"
        )
        seeded_copy.run("new.txt")
        during = connection.execute(asked).scalar()
    with engine.connect() as connection:
        after = connection.execute(asked).scalar()

    assert (before, during, after) == (1, 1, 2)
