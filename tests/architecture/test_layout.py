import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "transforms", "expectations", "warehouse")
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
    "star",
)
LINE_LIMIT = 400


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


def modules():
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def functions(path):
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_only_the_agreed_folders_stand_at_the_top():
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("stage", STAGES)
def test_stage_is_a_module_a_step_and_a_test(stage):
    assert (ROOT / "transforms" / stage / f"{stage}.py").is_file()
    steps = functions(ROOT / "flows/batch/stages.py") | functions(
        ROOT / "flows/tasks/steps.py"
    )
    assert stage in steps
    assert list((ROOT / "tests").rglob(f"test_{stage}*.py"))


@pytest.mark.parametrize(
    "path", modules(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_module_says_what_it_is_and_stays_short(path):
    text = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LINE_LIMIT


def test_every_table_of_main_has_an_expectation_suite():
    tables = {path.stem for path in (ROOT / "warehouse/sql/tables").glob("*.sql")}
    suites = {path.stem for path in (ROOT / "expectations/suites").rglob("*.py")}

    assert {t for t in tables if t.startswith(("fact_article", "dim_"))} - suites <= {
        "dim_expectation",
        "dim_run",
    }


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
