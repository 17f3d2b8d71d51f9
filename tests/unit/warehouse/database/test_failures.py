import errno
import resource
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from transforms.errors import (
    OutOfSpaceError,
    WarehouseBusyError,
    WarehouseUnusableError,
)
from warehouse.database.failures import explained, writable

WAREHOUSE = Path("news.duckdb")
# Words of DuckDB that tell what its type does not, as DuckDB 1.5 says them.
MEANINGS = [
    (MemoryError(), OutOfSpaceError, "out of memory"),
    (duckdb.OutOfMemoryException("failed to pin"), OutOfSpaceError, "out of memory"),
    (
        duckdb.OutOfMemoryException("as max_temp_directory_size is 1 MiB"),
        OutOfSpaceError,
        "out of disk space",
    ),
    (
        OSError("Unknown error: Out of Memory Error: could not allocate 256.0 KiB"),
        OutOfSpaceError,
        "out of memory",
    ),
    (OSError(errno.ENOSPC, "No space left"), OutOfSpaceError, "out of disk space"),
    (
        duckdb.IOException('Could not write file "x": No space left on device'),
        OutOfSpaceError,
        "out of disk space",
    ),
    (
        duckdb.IOException('Could not set lock on file "x"'),
        WarehouseBusyError,
        "another program",
    ),
    (
        duckdb.IOException("Corrupt database file"),
        WarehouseUnusableError,
        "cannot be read: Corrupt",
    ),
    (
        duckdb.SerializationException("Failed to deserialize"),
        WarehouseUnusableError,
        "cannot be read",
    ),
]


@pytest.mark.parametrize(
    ("error", "meaning", "words"),
    MEANINGS,
    ids=[f"{type(e).__name__}-{words}" for e, _, words in MEANINGS],
)
def test_errors_say_what_they_mean_for_a_warehouse(error, meaning, words):
    with pytest.raises(meaning, match=words), explained(WAREHOUSE):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        duckdb.BinderException("no column"),
        OSError(errno.EACCES, "Permission denied"),
        ValueError("Could not set lock"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_errors_stay_what_they_are(error):
    with pytest.raises(type(error)) as raised, explained(WAREHOUSE):
        raise error

    assert raised.value is error


def test_refused_write_blames_the_folder():
    with (
        pytest.raises(WarehouseUnusableError, match="Permission denied"),
        writable(WAREHOUSE),
    ):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_duckdb_says_out_of_memory_by_its_type():
    small = {"memory_limit": "10MB", "temp_directory": ""}
    with (
        duckdb.connect(config=small) as connection,
        pytest.raises(OutOfSpaceError, match="out of memory"),
        explained(WAREHOUSE),
    ):
        connection.execute("SELECT list(range) FROM range(10000000)").fetchall()


WRITE_LARGE = """
import sys
from pathlib import Path
import duckdb
from warehouse.database.failures import explained
from transforms.errors import OutOfSpaceError
try:
    with explained(Path("x")), duckdb.connect(sys.argv[1]) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT md5(range::VARCHAR) FROM range(1000000)"
        )
except OutOfSpaceError as error:
    print(error.what)
"""


def limit_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


def test_duckdb_says_that_a_file_is_too_large_in_words_we_know(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", WRITE_LARGE, str(tmp_path / "new.duckdb")],
        preexec_fn=limit_files,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "disk space\n"
