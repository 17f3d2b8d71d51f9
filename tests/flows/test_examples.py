"""The examples for operators, checked as far as a machine without them allows."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import PurePath

import pytest

from flows.settings import Settings


def test_unit_for_systemd_is_valid(repository, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine (Debian: apt install systemd)")
    unit = (repository / "flows/examples/newsmill.service").read_text()
    here = unit.replace("/opt/newsmill/.venv/bin/newsmill", sys.executable)
    here = here.replace("=newsmill\n", "=root\n")
    assert here != unit
    (tmp_path / "newsmill.service").write_text(here)

    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "newsmill.service"],
        capture_output=True,
        text=True,
        check=False,
    )

    about_ours = [line for line in ended.stderr.splitlines() if "newsmill" in line]
    assert (ended.returncode, about_ours) == (0, [])


def test_user_of_the_unit_can_be_made(repository, tmp_path):
    if shutil.which("systemd-sysusers") is None:
        pytest.skip("no systemd-sysusers on this machine (Debian: apt install systemd)")
    made = repository / "flows/examples/newsmill.sysusers.conf"
    (tmp_path / "etc").mkdir()
    subprocess.run(["systemd-sysusers", f"--root={tmp_path}", made], check=True)

    (user,) = (tmp_path / "etc/passwd").read_text().splitlines()
    unit = (repository / "flows/examples/newsmill.service").read_text()

    name, *_, home, shell = user.split(":")
    assert f"User={name}\n" in unit
    assert f"WorkingDirectory={home}\n" in unit
    assert shell == "/usr/sbin/nologin"


def in_context(rules, path):
    """Whether a container is built with a file: the last rule that fits decides."""
    is_in = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        places = [path, *map(str, PurePath(path).parents)][:-1]
        if pattern.startswith("**/"):
            fits = any(PurePath(place).match(pattern[3:]) for place in places)
        else:
            depth = len(PurePath(pattern).parts)
            start = "/".join(PurePath(path).parts[:depth])
            fits = depth <= len(PurePath(path).parts) and fnmatch(start, pattern)
        if fits:
            is_in = rule.startswith("!")
    return is_in


def test_context_of_a_container_is_the_product_and_nothing_else(repository):
    lines = (repository / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    files = subprocess.run(
        ["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lying_about = [
        *(".git/HEAD", ".venv/bin/python", "warehouse/newsmill.duckdb", "uv.lock"),
        *("warehouse/newsmill.duckdb.lock", "flows/cli/__pycache__/app.pyc", ".env"),
        "newsmill-report.html",
    ]

    built = {path for path in files if in_context(rules, path)}

    packages = ("flows", "transforms", "expectations", "warehouse", "seeds/reference")
    wanted = {
        path
        for path in files
        if path.startswith(tuple(f"{name}/" for name in packages))
        and not path.startswith("flows/pictures/")
    } | {
        *("Makefile", "README.md", "LICENSE", "pyproject.toml", "prefect.yaml"),
        *("requirements.lock", "bootstrap.lock"),
    }
    assert built == wanted
    assert [path for path in lying_about if in_context(rules, path)] == []


@pytest.mark.parametrize("name", ["newsmill.service", "Containerfile"])
def test_examples_name_real_settings_and_no_open_address(repository, name):
    text = (repository / "flows/examples" / name).read_text()
    named = {found.lower() for found in re.findall(r"\bNEWSMILL_(\w+)=", text)}
    assert named == {"seeds", "warehouse"}
    assert named <= set(Settings.__dataclass_fields__)
    assert "0.0.0.0" not in text


def test_page_on_security_names_tests_that_there_are(repository):
    text = (repository / "flows/examples/SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", text))

    assert "tests/flows/test_protected_server.py" in named
    assert {path for path in named if not (repository / path).exists()} == set()
