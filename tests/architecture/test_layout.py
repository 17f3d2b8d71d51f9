"""The way of the data can be read off the folders, and every part of it is complete."""

import ast
import re
import subprocess

import pytest

from tests.architecture.product import ROOT, imported_names, modules, tree

TOP_LEVEL = {
    "flows",
    "transforms",
    "expectations",
    "tests",
    "seeds",
    "warehouse",
    "pyproject.toml",
    "README.md",
    "Makefile",
    "CHANGELOG.md",
    "LICENSE",
    "prefect.yaml",
    "requirements.lock",
    "requirements-dev.lock",
    "bootstrap.lock",
}
STAGES = (
    "discover",
    "decode",
    "split",
    "clean",
    "extract_metadata",
    "deduplicate",
    "classify",
    "extract_content",
    "star",
)
# Tables without a builder of their name in transforms/star, and what fills them.
FILLED_BY = {
    "article_change": "warehouse/sql/merge/10_changes.sql",
    "article_signature": "warehouse/sql/load/12_article_signature.sql",
    "bridge_article_story": "warehouse/sql/link/stories.sql",
    "dim_expectation": "warehouse/sql/merge/02_dimensions.sql",
    "dim_run": "warehouse/sql/merge/07_dim_run.sql",
    "document": "warehouse/sql/load/08_texts.sql",
    "document_arrival": "warehouse/sql/load/11_document_arrival.sql",
    "document_segment": "transforms/star/star.py",
    "fact_article_pair": "warehouse/sql/link/pairs.sql",
    "fact_human_label": "warehouse/amend/classifier_versions.py",
    "fact_validation": "warehouse/sql/merge/03_facts.sql",
    "published_table": "warehouse/database/row_sums.py",
    "quarantine_event": "warehouse/sql/merge/06_quarantine.sql",
    "schema_migration": "warehouse/database/schema.py",
    "search_article": "warehouse/publish/search_index.py",
    "search_posting": "warehouse/publish/search_index.py",
    "serving_classifier": "warehouse/sql/merge/02_dimensions.sql",
}
# Tables without a suite of their name, and why none judges them.
UNJUDGED = {
    "article_change": "made by the merge, after the audit; check compares it",
    "article_signature": "derived from articles that are judged",
    "dim_expectation": "the rules themselves",
    "document": "judged as dim_document, the view over it",
    "document_arrival": "paths as they were found, whatever they are",
    "fact_human_label": "what a person said",
    "fact_validation": "what the judges said",
    "published_table": "sums of the other tables, which are compared",
    "quarantine_event": "what became of rows that are judged as quarantine",
    "schema_migration": "versions of the schema",
    "search_article": "the index of search, made from articles that are judged",
    "search_posting": "the index of search, made from articles that are judged",
    "serving_classifier": "one row, kept by promote",
}
VIEWS_WITH_A_SUITE = {"dim_document"}
# What suites share.
NOT_A_SUITE = {"all_suites", "members"}


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


def functions(folder):
    """Names of the functions in the modules right there."""
    return {
        node.name
        for path in (ROOT / folder).glob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }


def named(folder, ending):
    return {p.stem for p in (ROOT / folder).rglob(f"*{ending}")} - {"__init__"}


def test_only_the_agreed_folders_stand_at_the_top():
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("stage", STAGES)
def test_stage_is_a_folder_with_its_door_a_step_and_a_test(stage):
    assert (ROOT / "transforms" / stage / f"{stage}.py").is_file()
    assert stage in functions("flows/batch") | functions("flows/tasks")
    assert list((ROOT / "tests").rglob(f"test_{stage}*.py"))


def test_no_stage_is_forgotten_here():
    doors = {
        name.rpartition(".")[2]
        for name in modules()
        if re.fullmatch(r"transforms\.(\w+)\.\1", name)
    }

    # Evaluation looks at the stages from outside: no batch passes through it.
    assert doors - {"evaluate"} == set(STAGES)


def test_compiled_code_lies_in_modules_of_kernels():
    compiled = {
        name
        for name, path in modules().items()
        for _, _, origin in imported_names(path)
        if origin.partition(".")[0] == "numba"
    }

    assert compiled == {name for name in modules() if name.endswith("_kernels")}


def test_every_table_is_judged_by_a_suite_of_its_name():
    tables = named("warehouse/sql/tables", ".sql")
    suites = named("expectations/suites", ".py") - NOT_A_SUITE

    assert tables - suites == UNJUDGED.keys()
    assert suites - tables == VIEWS_WITH_A_SUITE


def test_every_suite_asks_rows_that_a_screen_of_its_name_makes():
    suites = named("expectations/suites", ".py") - NOT_A_SUITE

    assert suites <= named("expectations/screens/sql", ".sql")


def test_every_table_is_filled_by_a_builder_of_its_name_or_said_where():
    tables = named("warehouse/sql/tables", ".sql")
    built = {
        name.removeprefix("build_")
        for name in functions("transforms/star")
        if name.startswith("build_")
    }

    assert tables - built == FILLED_BY.keys()
    for table, place in FILLED_BY.items():
        text = (ROOT / place).read_text("utf-8")
        assert re.search(rf"\b{table}\b", text), (table, place)


def test_no_registry_address_and_no_machine_path_is_committed():
    # Spelled apart, so that this file does not hold what it looks for.
    forbidden = re.compile(
        "|".join(
            ["py" + r"pi\.org", "python" + r"hosted\.", "/ro" + "ot/", "/wo" + "rk/"]
        )
    )
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".lock", ".yaml", ".sql", ".csv", ""}
        and path.is_file()
        and forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []
