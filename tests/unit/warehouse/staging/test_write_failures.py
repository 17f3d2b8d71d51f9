"""What an error of Polars means when it writes frames."""

import subprocess
import sys

import polars as pl
import pytest

from transforms.errors import OutOfSpaceError
from warehouse.staging.write_failures import frames_written

IMPORT_AND_TELL = """
import sys
import flows.batch.stages
import flows.batch.transform
import warehouse.staging.write_part
print("duckdb" in sys.modules)
"""


def test_full_disk_is_told_from_other_failures_of_polars():
    with pytest.raises(OutOfSpaceError, match="disk space"), frames_written():
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")
    with pytest.raises(pl.exceptions.ComputeError), frames_written():
        raise pl.exceptions.ComputeError("Permission denied (os error 13)")


def test_process_that_only_transforms_does_not_load_the_database():
    told = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_TELL],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "False\n"
