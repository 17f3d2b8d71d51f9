"""What Great Expectations finds when it is loaded whole, and when it is not."""

import subprocess
import sys

import pytest

WHOLE = """
import warnings
warnings.simplefilter("ignore")
import great_expectations.datasource.fluent.pandas_datasource
from flows.cli.app import main
main()
"""
CHECKS = """
    SELECT e.code, v.success, v.severity, v.element_count, v.unexpected_count,
        v.observed
    FROM quality.fact_validation AS v
    INNER JOIN quality.dim_expectation AS e USING (expectation_key)
    ORDER BY e.code
"""
HELD = "SELECT stage, reason_code, detail FROM quality.quarantine ORDER BY ALL"


@pytest.mark.parametrize("damage", ["", "one_title_empty"], ids=["good", "bad"])
def test_audit_finds_the_same_with_all_of_it(
    make_newsmill, tmp_path, seed_file, damage
):
    found = []
    for name, how in (("whole", ["-c", WHOLE]), ("lean", ["-m", "flows"])):
        newsmill = make_newsmill(tmp_path / name)
        newsmill.folder.mkdir()
        subprocess.run(
            [
                sys.executable,
                *how,
                "run",
                str(seed_file),
                "--direct",
                "--warehouse",
                str(newsmill.warehouse),
            ],
            env={
                **newsmill.environment,
                "NEWSMILL_TESTING": "1",
                "NEWSMILL_TEST_BREAK": damage,
            },
            capture_output=True,
            check=True,
        )
        found.append((newsmill.sql(CHECKS), newsmill.sql(HELD)))

    assert found[0] == found[1]
    assert len(found[0][0]) > 100
    assert bool(found[0][1]) == bool(damage)
