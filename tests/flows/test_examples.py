"""The examples for operators, checked as far as a machine without them allows."""

import re
import shutil
import subprocess
import sys

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
