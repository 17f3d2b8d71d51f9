"""No word, variable, or settings key can end a command without saying what is wrong.

The tables are checked against the command line and the settings themselves: a new
option needs a line here that says what a hostile user would give it.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, fields
from unittest.mock import patch

import pytest

from flows.cli.app import build_command
from flows.settings import Settings

CPU_SECONDS_MAX = 2.0
HANGING_SECONDS = 60
LONG = "x" * 300
HUGE = "1" + "0" * 30
NO_TEXT = "\udcff"  # how Python tells of a byte that is no UTF-8
BELOW = "kept.txt/below"

TEXTS = ["", NO_TEXT]
WHOLE = ["", NO_TEXT, "nan", "1.5", "-1", HUGE, "many"]
NUMBERS = ["", NO_TEXT, "nan", "inf", "-inf", "-1", "1e300", HUGE, "many"]
READ = ["", "missing", "folder", "pipe", "loop", "/dev/zero", "kept.txt", LONG, BELOW]
# What is there and cannot be read is held back with its reason: that is no refusal.
GIVEN = ["", "missing", BELOW]
WRITTEN = ["", "folder", "pipe", "loop", "link", "/dev/full", "kept.txt", LONG, BELOW]
WRITTEN += ["news.duckdb", "news.duckdb.lock", "/proc/x", "..", "/"]
FOLDERS = [word for word in WRITTEN if word != "folder"] + ["full", NO_TEXT]
MADE = ["", NO_TEXT, "folder", "pipe", "loop", "kept.txt", "/dev/zero", LONG, BELOW]
MADE += ["ducklake:", "ducklake:sqlite:", "ducklake:postgres:password=x?data=y"]
ASKED = [*MADE, "missing"]
VERSIONS = [*TEXTS, "../../x", "a/b", "a\nb", LONG, ".hidden"]
KEYS = [*TEXTS, HUGE, "none such"]
COLUMNS = [NO_TEXT, "title", "title=", "colour=red", "title=a,,b"]

# Words that make a command whole but for the one that is tried.
WORDS = {
    "run": ["folder", "--direct"],
    "serve": [],
    "query": ["SELECT 1"],
    "explain": ["Kazakhstan"],
    "search": ["Kazakhstan"],
    "export": ["--to", "new"],
    "evaluate": ["gold.jsonl"],
    "train": ["gold.jsonl", "--labels", "-o", "new.npz"],
    "reclassify": ["--version", "1"],
    "promote": ["1"],
    "label": ["Kazakhstan", "crime"],
    "quarantine show": ["1"],
    "quarantine resolve": ["1", "--note", "settled"],
}
EVERYWHERE = {"--warehouse": ASKED}
HOSTILE = {
    "run --warehouse": MADE,
    "run paths": GIVEN,
    "run --workers": WHOLE,
    "run --runner": [*TEXTS, "docker"],
    "run --scheduler": TEXTS,
    "run --lock-timeout": NUMBERS,
    "run --ignore": [NO_TEXT],
    "run --columns": COLUMNS,
    "run --without": [*TEXTS, "labels"],
    "run --lineage": WRITTEN,
    "serve paths": GIVEN,
    "serve --warehouse": MADE,
    "serve --cron": [*TEXTS, "nan", "* * *", LONG],
    "serve --port": [*WHOLE, "0", "65536"],
    "query sql": [
        *TEXTS,
        "--",
        "-- a comment",
        ";",
        "SELECT",
        "DROP TABLE x",
        "\x1b[2J",
    ],
    "query --format": [*TEXTS, "xls"],
    "query -o": WRITTEN,
    "query --name": [*TEXTS, "../tables/fact_article", "none_such"],
    "query --param": [*TEXTS, "=1", "story", "story=1"],
    "query --timeout": [*NUMBERS, "0"],
    "query --limit": [*WHOLE, "0"],
    "query --at": [*TEXTS, "no run"],
    "status --limit": [*WHOLE, "0"],
    "quality --limit": [*WHOLE, "0"],
    "search words": [*TEXTS, "colour:red", '"half', "AND", "since:x"],
    "search --category": ["sports", NO_TEXT],
    "search --source": [NO_TEXT],
    "search --since": [*TEXTS, "yesterday"],
    "search --until": [*TEXTS, "yesterday"],
    "search --limit": [*WHOLE, "0"],
    "search --format": [*TEXTS, "xls"],
    "explain article": [*TEXTS, HUGE, "none such", "\x1b[2J"],
    "report -o": WRITTEN,
    "report --since": [*TEXTS, "yesterday", "2022-13", "2022-02-30"],
    "report --category": [*TEXTS, "sports"],
    "changes --since": [*TEXTS, "no run", "\x1b[2J"],
    "changes -o": WRITTEN,
    "export --to": FOLDERS,
    "export --claims": WRITTEN,
    "export --format": [*TEXTS, "xls"],
    "evaluate gold": READ,
    "evaluate --weights": READ,
    "evaluate --splitter": READ,
    "evaluate --by": [*TEXTS, "none_such"],
    "evaluate --show": WHOLE,
    "train data": READ,
    "train --stage": [*TEXTS, "all"],
    "train -o": WRITTEN,
    "train --version": VERSIONS,
    "train --seed": WHOLE,
    "reclassify --version": VERSIONS,
    "promote version": VERSIONS,
    "label article": [*TEXTS, HUGE, "none such"],
    "label category": [*TEXTS, "sport"],
    "label --by": TEXTS,
    "label --note": TEXTS,
    "expire --days": NUMBERS,
    "quarantine --status": [*TEXTS, "closed"],
    "quarantine --limit": [*WHOLE, "0"],
    "quarantine list --status": [*TEXTS, "closed"],
    "quarantine list --limit": [*WHOLE, "0"],
    "quarantine show key": KEYS,
    "quarantine retry keys": KEYS,
    "quarantine retry --reason": TEXTS,
    "quarantine retry --lock-timeout": NUMBERS,
    "quarantine resolve keys": KEYS,
    "quarantine resolve --note": TEXTS,
    "quarantine resolve --lock-timeout": NUMBERS,
}
SETTINGS = {
    "warehouse": (("status",), [w for w in ASKED if w != "ducklake:"]),
    "seeds": (("run", "--direct"), ["", ":", "missing", BELOW]),
    "roots": (("status",), ["", ":"]),
    "lock_timeout_seconds": (("status",), NUMBERS),
    "batch_bytes": (("status",), [*WHOLE, "0"]),
    "workers": (("status",), WHOLE),
    "runner": (("status",), [*TEXTS, "docker"]),
    "scheduler": (("status",), [NO_TEXT]),
    "classifier": (("run", "--direct", "new.txt"), READ),
    "splitter": (("run", "--direct", "new.txt"), READ),
    "follow_symlinks": (("status",), [*TEXTS, "perhaps"]),
    "search": (("status",), [*TEXTS, "perhaps"]),
    "ignore": (("status",), [NO_TEXT]),
    "columns": (("status",), COLUMNS),
    "without": (("status",), [NO_TEXT, "labels"]),
    "prefect_timeout_seconds": (("status",), NUMBERS),
}
TOML = {
    "paths": ["7", "true", "{ a = 1 }", '""', r'"a\u0000b"', "[[]]"],
    "tuple": ["7", "{ a = 1 }", "[7]", '[""]', r'["a\u0000b"]', '""'],
    "patterns": ["7", "{ a = 1 }", "[7]", r'["a\u0000b"]'],
    "number": ['"x"', "true", "nan", "inf", "-1", "[1]", "{ a = 1 }", "1e300"],
    "text": ["7", "true", "[1]", "{ a = 1 }", '"docker"'],
    "flag": ['"perhaps"', "7", "[1]", "{ a = 1 }"],
}
TOML_OF = {
    **dict.fromkeys(("warehouse", "classifier", "splitter"), "paths"),
    **dict.fromkeys(("seeds", "roots"), "tuple"),
    "lock_timeout_seconds": "number",
    "batch_bytes": "number",
    "workers": "number",
    "prefect_timeout_seconds": "number",
    "runner": "text",
    "scheduler": "text",
    "columns": "text",
    "ignore": "patterns",
    "without": "patterns",
    "follow_symlinks": "flag",
    "search": "flag",
}
# A message ends with what to do, or says what would have done.
STEP = re.compile(
    r"[Ee]xpected|should be|--warehouse names another|Name |Give |See |Known: |Say |"
    r"Did you mean|Move|move it away|"
    r"makes it|Start |Leave |lists them|Only open|newsmill \w+|Write |shorter|Choose|"
    r"Missing |One of |Only |is not a valid"
)


def commands(group, name=""):
    for word, command in group.commands.items():
        full = f"{name} {word}".strip()
        yield full, command
        yield from commands(command, full) if hasattr(command, "commands") else ()


def parameters():
    """Every argument and option that takes a value, as the tables name it."""
    for name, command in commands(build_command()):
        for param in command.params:
            if not getattr(param, "is_flag", False):
                yield f"{name} {param.opts[0]}", param


def hostile_words(name):
    _, _, option = name.rpartition(" ")
    return HOSTILE.get(name, EVERYWHERE.get(option))


CASES = [
    (name, word)
    for name, _ in parameters()
    for word in hostile_words(name) or ["no line for it"]
]
# The rest is for `make test-faults`.
IN_THE_GATE = {"run paths", "query sql", "query -o", "status --warehouse"}


def marked(name, *values):
    marks = () if name in IN_THE_GATE else [pytest.mark.full]
    return pytest.param(name, *values, marks=marks, id=f"{name}={values[-1][:30]!r}")


@pytest.fixture(scope="module")
def place(copy_seeded, tmp_path_factory):
    """A folder with something of every kind that a path can lead to."""
    newsmill = copy_seeded(tmp_path_factory.mktemp("place"))
    folder = newsmill.folder
    (folder / "kept.txt").write_bytes(b"kept")
    (folder / "new.txt").write_text("Dam fills\n\nWater rose fast.\n\nSource: Agency\n")
    (folder / "folder").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "manifest.json").write_text('{"name": "mine"}')
    (folder / "loop").symlink_to("loop")
    (folder / "link").symlink_to("kept.txt")
    os.mkfifo(folder / "pipe")
    row = {"title": "Dam fills", "text": "Water rose.", "label": "energy"}
    (folder / "gold.jsonl").write_text(json.dumps(row))
    return newsmill


@contextmanager
def unhurt(folder):
    """Everything that was there is there afterwards, as it was, and nothing else."""

    def look():
        return {
            path.name: (path.lstat().st_mode, path.lstat().st_size)
            for path in folder.iterdir()
            if path.name not in {"newsmill.toml", "prefect"}
            and not path.name.endswith(".lock")
        }

    before = look()
    yield
    assert look() == before


@contextmanager
def in_time():
    """Two seconds of the processor, and no waiting for what never comes."""

    def hangs(*_):
        pytest.fail("hangs")

    previous = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANGING_SECONDS)
    start = time.process_time()
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    assert time.process_time() - start < CPU_SECONDS_MAX


@dataclass(frozen=True)
class Ends:
    """Equal to each of some exit codes."""

    codes: frozenset[int] = frozenset({2, 5, 6})

    def __eq__(self, code):
        return code in self.codes

    def __hash__(self):
        return hash(self.codes)


def refuse(newsmill, *words, **environment):
    """The one line that the command says."""
    with unhurt(newsmill.folder), in_time():
        ended = newsmill.here(*words, code=Ends(), **environment)
    assert ended.err.startswith("newsmill: ")
    assert ended.err.count("\n") == 1
    assert "\x1b" not in ended.err
    assert "report it" not in ended.err
    assert STEP.search(ended.err), ended.err
    return ended.err


def test_every_option_and_every_setting_has_its_hostile_values():
    asked = {name for name, _ in parameters()}

    assert [name for name in asked if not hostile_words(name)] == []
    assert [name for name in HOSTILE if name not in asked] == []
    assert {field.name for field in fields(Settings)} == SETTINGS.keys()
    assert SETTINGS.keys() == TOML_OF.keys()


def line_of(name, word, warehouse):
    """A command line that is whole, but for the word that is tried."""
    command, _, option = name.rpartition(" ")
    words = list(WORDS.get(command, []))
    if name == "evaluate --warehouse":
        words = []  # gold needs none
    if option.startswith("-"):
        words = words[: words.index(option)] if option in words else words
        words += [option, word]
        if command == "query" and option == "--name":
            words = [option, word]
    else:
        at = {"category": 1}.get(option, 0)
        words[at : at + 1] = [word]
    if option != "--warehouse" and command not in {"evaluate", "serve"}:
        words += ["--warehouse", str(warehouse)]
    return [*command.split(), *words]


@pytest.mark.parametrize(("name", "word"), [marked(*case) for case in CASES])
def test_hostile_word_is_refused_with_reason_and_next_step(place, name, word):
    if name == "doctor --warehouse":
        # It tells of it among all else that it finds, and ends with 1 by its contract.
        with unhurt(place.folder), in_time():
            found = place.here(
                "doctor", "--warehouse", word, code=Ends(frozenset({1, 2}))
            )
        assert "report it" not in found.out + found.err
        return
    refuse(place, *line_of(name, word, place.warehouse))


@pytest.mark.parametrize(
    ("key", "word"),
    [
        pytest.param(
            key, word, id=f"{key}={word[:30]!r}", marks=[pytest.mark.full] * (at > 0)
        )
        for key, (_, words) in SETTINGS.items()
        for at, word in enumerate(words)
    ],
)
def test_hostile_variable_is_refused(place, key, word):
    words, _ = SETTINGS[key]
    told = {"NEWSMILL_WAREHOUSE": str(place.warehouse), f"NEWSMILL_{key.upper()}": word}

    refuse(place, *words, **told)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(
            key, value, id=f"{key} = {value}", marks=[pytest.mark.full] * (at > 0)
        )
        for key, kind in TOML_OF.items()
        for at, value in enumerate(TOML[kind])
        if not (key == "scheduler" and "docker" in value)
    ],
)
def test_hostile_value_in_the_settings_file_is_refused(place, key, value):
    settings = place.folder / "newsmill.toml"
    settings.write_text(f"{key} = {value}\n")
    try:
        with patch.dict(place.environment):
            del place.environment["NEWSMILL_WORKERS"]
            refuse(place, "status")
    finally:
        settings.unlink()


SETTINGS_FILES = {
    "folder": lambda path: path.mkdir(),
    "loop": lambda path: path.symlink_to(path.name),
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe"),
    "no TOML": lambda path: path.write_text("= ="),
    "deep": lambda path: path.write_text("seeds = " + "[" * 100_000),
    "large": lambda path: path.write_bytes(b"# " + b"x" * (2 << 20)),
}


@pytest.mark.parametrize("kind", SETTINGS_FILES)
def test_settings_file_that_is_none_is_refused(newsmill, kind):
    SETTINGS_FILES[kind](newsmill.folder / "newsmill.toml")

    with in_time():
        said = newsmill.here("status", code=2).err

    assert "newsmill.toml" in said


def told_in_one_line(place, redirections, limit):
    """A real command under a shell that closes, fills, or limits something."""
    command = f"{sys.executable} -m flows status --warehouse {place.warehouse}"
    ended = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -n {limit}; exec {command} {redirections}"],
        cwd=place.folder,
        env=place.environment,
        capture_output=True,
        timeout=HANGING_SECONDS,
        check=False,
    )
    said = ended.stderr.decode()
    assert "Traceback" not in said
    assert "report it" not in said
    return ended.returncode, said


@pytest.mark.full
@pytest.mark.parametrize("limit", [6, 7, 8, 12, 32])
def test_too_few_descriptors_are_told_or_suffice(place, limit):
    code, said = told_in_one_line(place, "", limit)

    assert code in {0, 6}
    assert ("file descriptors" in said) == (code == 6)


def test_output_that_cannot_be_written_is_told_with_its_code(place):
    code, said = told_in_one_line(place, ">/dev/full", 256)

    assert (code, said.count("\n")) == (6, 1)
    assert "disk space" in said
    assert told_in_one_line(place, ">&-", 256) == (0, "")
