"""How the command line behaves: what it says, where to, and in what colour."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios

import filelock
import pytest

from tests.waiting import wait_until

WIDTH = 80
ESCAPE = "\x1b"


@pytest.fixture
def on_terminal(seeded):
    """Run a command on a terminal of 80 columns; give back all that it showed."""

    def run(*words, **environment):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, WIDTH, 0, 0))
        clean = {k: v for k, v in seeded.environment.items() if k != "NO_COLOR"}
        process = subprocess.Popen(
            [sys.executable, "-m", "flows", *map(str, words)],
            cwd=seeded.folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**clean, "TERM": "xterm-256color", **environment},
        )
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        process.wait()
        return shown.decode()

    return run


def test_terminal_has_colour_and_a_pipe_has_none(seeded, on_terminal):
    words = ("status", "--warehouse", seeded.warehouse)

    assert ESCAPE in on_terminal(*words)
    assert ESCAPE not in seeded(*words).out
    assert ESCAPE not in on_terminal(*words, NO_COLOR="1")
    assert ESCAPE not in on_terminal("--no-color", *words)


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_tables_fit_a_terminal_of_80_columns(seeded, on_terminal, command):
    shown = on_terminal("--no-color", command, "--warehouse", seeded.warehouse)

    assert max(map(len, shown.splitlines())) <= WIDTH


def test_progress_is_shown_on_a_terminal_and_to_nobody_else(seeded, on_terminal):
    words = ("run", "--direct", "--warehouse", seeded.warehouse, seeded.folder / "none")
    (seeded.folder / "none").mkdir(exist_ok=True)

    assert "starting" in on_terminal(*words)
    assert "starting" not in on_terminal("--quiet", *words)
    assert seeded(*words).err == ""


def test_quiet_run_says_nothing_and_verbose_says_more(seeded):
    (seeded.folder / "none").mkdir(exist_ok=True)
    words = ("run", "--direct", "--warehouse", seeded.warehouse, seeded.folder / "none")

    assert seeded(*words, "--quiet").out == ""
    assert "run_id" in seeded.ask("status", "--verbose").out
    assert "run_id" not in seeded.ask("status").out
    checks = len(json.loads(seeded.ask("quality", "--json").out)["checks"])
    assert len(seeded.ask("quality", "-v").out.splitlines()) > checks


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["statu"], "status"),
        (["query", "SELECT 1", "--format", "jsn"], "json"),
        (["query", "SELECT 1", "--formt", "csv"], "--format"),
        (["query", "--name", "silent_day"], "silent_days"),
        (["quarantine", "--status", "opne"], "open"),
        (["label", "Theft of money", "goverment"], "government"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)
def test_word_that_is_nearly_right_is_guessed(seeded, words, meant):
    ended = seeded.here(*words, code=2, NEWSMILL_WAREHOUSE=str(seeded.warehouse))

    assert ended.err.count("\n") == 1
    assert ended.err.startswith("newsmill: ")
    assert meant in ended.err


def test_setting_that_is_nearly_right_is_guessed(newsmill):
    (newsmill.folder / "newsmill.toml").write_text("warehuose = 'x.duckdb'\n")

    assert "perhaps warehouse" in newsmill.here("status", code=2).err


def test_help_names_types_only_where_a_value_is_given(newsmill):
    shown = newsmill.here("quarantine", "retry", "--help").out

    assert "--strict" in shown
    assert "CODE" in shown
    assert "bool" not in shown
    assert newsmill.here("--version").out.startswith("newsmill 0.")


def test_usage_error_names_the_help_of_its_command(seeded):
    assert "newsmill export --help" in seeded.here("export", code=2).err


def test_shell_completes_commands_and_values(seeded):
    def completed(line):
        words = line.split(" ")
        return seeded(
            COMP_WORDS=line,
            COMP_CWORD=str(len(words) - 1),
            _NEWSMILL_COMPLETE="complete_bash",
        ).out.split()

    assert completed("newsmill qua") == ["quality", "quarantine"]
    assert completed("newsmill query --format js") == ["json", "jsonl"]
    assert "silent_days" in completed("newsmill query --name s")


def test_doctor_tells_versions_settings_and_their_origin(seeded):
    ended = seeded.ask("doctor", "--json", NEWSMILL_WORKERS="2", code=1)
    found = {row["name"]: row for row in ended.json["findings"]}

    assert found["duckdb"]["value"] == "1.5.5"
    assert found["workers"]["value"] == "2 (environment)"
    assert found["warehouse"]["about"] in {"settings", "disk"}
    assert "9 articles" in found["file"]["value"]
    # The folder of this test has no seeds/.
    assert found["seeds"]["verdict"] == "problem"
    assert ended.json["problems"] == 1


def test_doctor_finds_nothing_wrong_where_all_is_well(seeded, repository):
    ended = seeded.ask("doctor", NEWSMILL_SEEDS=str(repository / "seeds"))

    assert ended.out.endswith("0 problems\n")


def test_doctor_names_a_server_that_does_not_answer(seeded, repository):
    ended = seeded.ask(
        "doctor",
        code=1,
        NEWSMILL_SEEDS=str(repository / "seeds"),
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )

    assert "http://127.0.0.1:9/api does not answer" in ended.out


def test_doctor_of_a_folder_without_anything_writes_nothing(newsmill):
    newsmill.here("doctor", code=1)

    assert list(newsmill.folder.iterdir()) == []


def test_status_tells_who_writes_and_what_was_interrupted(seeded):
    lock_file = seeded.warehouse.with_name(f"{seeded.warehouse.name}.lock")
    before = lock_file.read_text()
    note = json.loads(before)
    run = note["run"] | {"run_id": "20240101T000000.0Z-dead"}
    lock_file.write_text(json.dumps({"pid": 1, "run": run, "interrupted": []}))
    try:
        told = seeded.ask("status", "--json").json
        with filelock.FileLock(lock_file):
            held = seeded.ask("status").out
        shown = seeded.ask("status").out
    finally:
        lock_file.write_text(before)

    assert told["interrupted"] == ["20240101T000000.0Z-dead"]
    assert told["writer"] is None
    assert "Under way: process 1 (run 20240101T000000.0Z-dead" in held
    assert "Interrupted: run 20240101T000000.0Z-dead" in shown


def test_status_tells_of_a_first_run_that_was_killed_while_it_waited(newsmill):
    (newsmill.folder / "in").mkdir()
    notes = newsmill.folder / "prefect" / "newsmill-runs"
    words = ("run", "in", "--direct", "--warehouse", newsmill.warehouse)
    with filelock.FileLock(f"{newsmill.warehouse}.lock"):
        process = newsmill.start(*words)
        wait_until(lambda: list(notes.glob("*.json")), seconds=60)
        process.kill()
        process.communicate()

    told = newsmill.ask("status", "--json").json

    assert told["runs"] == []
    assert told["interrupted"] == [path.stem for path in notes.iterdir()]
    newsmill.run("in")
    assert not notes.exists()
    newsmill.ask("status", code=5)


def test_hostile_words_of_the_user_cannot_steer_the_terminal(seeded):
    ended = seeded.ask("explain", "\x1b[31m\u202enone", code=2)

    assert not {ESCAPE, "\u202e"} & set(ended.err)
