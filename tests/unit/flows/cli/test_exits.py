import errno
import os
import pickle
import signal
from pathlib import Path

import duckdb
import pytest

from flows.cli.exits import exit_code_of, message_of, report_and_exit
from flows.process_end import Stopped
from transforms.errors import (
    AuditFailedError,
    ConservationError,
    ContractError,
    InputError,
    NewsmillError,
    OutOfSpaceError,
    SettingsError,
    UsageError,
    WarehouseBusyError,
    WarehouseUnusableError,
)
from warehouse.database.failures import explained

ERRORS = [
    (SettingsError("workers", "-1", "a number"), 2),
    (UsageError("no such path", "Give another"), 2),
    (WarehouseBusyError("w.duckdb", "process 7"), 4),
    (WarehouseUnusableError("w.duckdb", "newer schema"), 5),
    (OutOfSpaceError("disk space", "w.duckdb"), 6),
    (OSError(errno.ENOSPC, "No space left on device"), 6),
    (MemoryError(), 6),
    (AuditFailedError(["coverage"]), 14),
    (ContractError("split", "LINES", ["missing column text"]), 1),
    (ConservationError("split", "characters", 10, 9), 14),
    (InputError("a.txt", "binary", "NUL bytes"), 1),
    (RuntimeError("boom"), 1),
    (KeyboardInterrupt(), 130),
    (Stopped(signal.SIGINT), 130),
    (Stopped(signal.SIGTERM), 143),
]


@pytest.mark.parametrize(
    ("error", "code"),
    ERRORS,
    ids=[
        f"{type(error).__name__}-{code}-{place}"
        for place, (error, code) in enumerate(ERRORS)
    ],
)
def test_each_error_has_its_exit_code_and_one_line(error, code, capsys):
    assert exit_code_of(error) == code
    assert report_and_exit(error, debug=False) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capsys):
    report_and_exit(RuntimeError("boom"), debug=True)

    assert "RuntimeError" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [e for e, _ in ERRORS if type(e).__module__ == "transforms.errors"],
    ids=lambda error: type(error).__name__,
)
def test_error_survives_the_way_between_processes(error):
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_control_characters_of_a_path_are_not_sent_to_the_terminal(capsys):
    report_and_exit(UsageError("no path \x1b[31m\u202e"), debug=False)

    assert "\x1b" not in capsys.readouterr().err


def test_full_disk_says_what_to_do():
    assert "free some" in message_of(OSError(errno.ENOSPC, "No space left"))


def every_kind(root):
    for kind in root.__subclasses__():
        yield kind
        yield from every_kind(kind)


@pytest.mark.parametrize("number", sorted(errno.errorcode))
@pytest.mark.parametrize("path", [None, "/srv/news", b"/srv/news"], ids=repr)
def test_every_error_of_the_system_has_a_code_and_a_next_step(number, path):
    error = OSError(number, os.strerror(number), path)

    assert exit_code_of(error) in {2, 6}
    assert "report it" not in message_of(error)
    assert os.strerror(number) in message_of(error)
    if path is not None:
        assert "/srv/news" in message_of(error)


@pytest.mark.parametrize(
    "kind", [duckdb.Error, *every_kind(duckdb.Error)], ids=lambda kind: kind.__name__
)
def test_every_error_of_duckdb_has_a_code_and_names_the_warehouse(kind):
    with (
        pytest.raises((duckdb.Error, NewsmillError)) as raised,
        explained(Path("news.duckdb")),
    ):
        raise_as_found(kind)

    assert exit_code_of(raised.value) in {5, 6}
    assert "report it" not in message_of(raised.value)


def raise_as_found(kind):
    raise kind("it did not work")
