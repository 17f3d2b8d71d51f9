"""Faults of a test, injected from outside into whatever process a command starts.

Python imports this module when it starts, if the folder is on PYTHONPATH; `injected`
gives the environment for that. The product knows nothing of it: its functions, and
those of `os` that it calls, are wrapped in the processes of that test alone.
"""

import importlib.abc
import importlib.util
import os
import signal
import sys
from pathlib import Path

VARIABLE = "INJECTED_FAULTS"
WRITER = "warehouse.publish.file_writer"
CLASSIFY = "transforms.classify.classify"
CLEAN = "transforms.clean.clean"
CUT = "flows.batch.cut_batch"
SCHEMA = "warehouse.database.schema"
DAMAGES = {
    "spans_too_long": "UPDATE staging.fact_occurrence "
    "SET char_end = char_end + 1000000",
    "one_title_empty": "UPDATE staging.fact_article SET title = '' WHERE article_key = "
    "(SELECT min(article_key) FROM staging.fact_article)",
}
# Each spoils one article or document of several.
OF_ONE_ARTICLE = "article_key = (SELECT min(article_key) FROM staging.fact_article)"
DAMAGES |= {
    "one_quote_wrong": "UPDATE staging.fact_evidence "
    f"SET char_start = char_start + 1 WHERE {OF_ONE_ARTICLE}",
    "one_quote_outside": "UPDATE staging.fact_evidence "
    f"SET char_start = 0, char_end = 1 WHERE {OF_ONE_ARTICLE}",
    "one_span_outside": "UPDATE staging.fact_occurrence "
    f"SET char_end = char_end + 1000000 WHERE {OF_ONE_ARTICLE}",
    "one_label_lost": "DELETE FROM staging.fact_classification "
    f"WHERE category_key % 2 = 0 AND {OF_ONE_ARTICLE}",
    "one_source_dangling": "UPDATE staging.fact_article SET source_key = 99 "
    f"WHERE {OF_ONE_ARTICLE}",
    "one_article_lost": f"DELETE FROM staging.fact_article WHERE {OF_ONE_ARTICLE}",
    "one_document_wrong": "INSERT INTO staging.quarantine BY NAME "
    "SELECT 1 AS quarantine_key, min(document_key) AS document_key, 0 AS char_start, "
    "1000000000000 AS char_end, 'split' AS stage, 'no_body' AS reason_code, "
    "1 AS run_key, 'open' AS status FROM staging.dim_document",
}
NEXT_MIGRATION = """
    ALTER TABLE main.fact_article ADD COLUMN reading_minutes INTEGER;
    UPDATE main.fact_article SET reading_minutes = ceil(word_count / 200.0);
"""
NEXT_TABLES = """
    ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS reading_minutes INTEGER;
    COMMENT ON COLUMN main.fact_article.reading_minutes IS 'At 200 words a minute.';
    CREATE TABLE IF NOT EXISTS ops.reader (name VARCHAR NOT NULL);
"""


def injected(*faults):
    """Variables of the environment that inject faults, keys of FAULTS."""
    assert set(faults) <= FAULTS.keys()
    folder = str(Path(__file__).parent)
    return {"PYTHONPATH": folder, VARIABLE: ",".join(faults)}


def crash():
    """End this process as a fault of compiled code does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def die(*_):
    """End this process as the out-of-memory killer does."""
    os.kill(os.getpid(), signal.SIGKILL)


def ask_to_stop(*_):
    """End this process as the Ctrl-C of a terminal does."""
    os.kill(os.getpid(), signal.SIGINT)


def before(owner, name, act, *, if_=lambda *_: True):
    """Let a function of a module or a class act first."""
    function = getattr(owner, name)

    def wrapped(*given, **named):
        if if_(*given):
            act(*given)
        return function(*given, **named)

    setattr(owner, name, wrapped)


def after(owner, name, act, *, if_=lambda *_: True):
    """Let a function of a module or a class act at its end."""
    function = getattr(owner, name)

    def wrapped(*given, **named):
        result = function(*given, **named)
        if if_(*given):
            act(*given)
        return result

    setattr(owner, name, wrapped)


def is_publishing(new, *_):
    """Whether `os.replace` puts a build in the place of the published file."""
    return str(new).endswith(".build")


def die_during_copy():
    """Copy half of a file, and die."""
    copy = os.copy_file_range

    def copy_half(source, target, count):
        copy(source, target, max(count // 2, 1))
        die()

    os.copy_file_range = copy_half


class Connection:
    """A connection to the build that dies at a statement, the last of its kind."""

    def __init__(self, connection, statement, count, *, is_done):
        self._connection, self._statement = connection, statement
        self._count, self._is_done = count, is_done

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, statement, *given):
        self._count -= statement == self._statement
        is_it = statement == self._statement and self._count == 0
        if is_it and not self._is_done:
            die()
        result = self._connection.execute(statement, *given)
        if is_it:
            die()
        return result


def die_at(statement, count, *, is_done):
    """Die before or after the build runs a statement so many times."""

    def wrap(writer):
        open_build_file = writer.open_build_file
        writer.open_build_file = lambda path: Connection(
            open_build_file(path), statement, count, is_done=is_done
        )

    return wrap


def add_next_migration(schema):
    """Let the schema be one version ahead of what the repository holds."""
    read_scripts = schema.read_scripts
    number = schema.current_version() + 1

    def read_more(folder):
        more = {
            "migrations": {f"{number:04}_reading_minutes": NEXT_MIGRATION},
            "tables": {"zz_next": NEXT_TABLES},
        }
        return read_scripts(folder) | more.get(folder, {})

    schema.read_scripts = read_more


def damaging(statement):
    """Spoil the candidate rows between load and audit."""
    return lambda writer: after(
        writer.Build, "load", lambda build, *_: build.connection.execute(statement)
    )


def lose_evidence(_, parts):
    """Remove a file of the last part before the parts are loaded."""
    (parts[-1] / "fact_evidence.parquet").unlink()


POISON = "It is poison to the cleaner."


def fail_at_poison(module):
    """Let cleaning fail at a text, as a fault of the code would."""

    def fail(buffer, *_):
        if POISON.encode() in buffer.data.tobytes():
            raise ValueError(f"no such letter\n{buffer.data.tobytes()!r}")

    before(module, "clean", fail)


def end_at_poison(end):
    """Let cleaning end its process at a text, as one does that is out of memory."""

    def end_when_poisoned(buffer, *_):
        if POISON.encode() in buffer.data.tobytes():
            end()

    return lambda module: before(module, "clean", end_when_poisoned)


def run_out_of_memory():
    """Be refused memory, as Python tells it."""
    raise MemoryError


def fail_at_poisoned_label(module):
    """The same for the classifier, which asks one article at a time."""

    def fail(articles, *_):
        if any(POISON in body for body in articles["body"]):
            raise ValueError("no such word")

    before(module, "classify", fail)


def fail_always(*_):
    """Fail as a broken installation would."""
    raise ValueError("no such letter")


# Instants of a run that publishes: a module of ours, wrapped when it is imported, or
# None for what is wrapped at once. The first COMMIT of a build is that of its schema.
KILLS = {
    "during_copy": (None, die_during_copy),
    "after_copy": (WRITER, lambda writer: after(writer, "copy_file", die)),
    "after_migrate": (WRITER, lambda writer: after(writer, "create_views", die)),
    "after_load": (WRITER, lambda writer: after(writer, "link_stories", die)),
    "before_commit": (WRITER, die_at("COMMIT", 2, is_done=False)),
    "after_commit": (WRITER, die_at("COMMIT", 2, is_done=True)),
    "after_checkpoint": (WRITER, die_at("CHECKPOINT newsmill", 1, is_done=True)),
    "before_replace": (None, lambda: before(os, "replace", die, if_=is_publishing)),
    "after_replace": (None, lambda: after(os, "replace", die, if_=is_publishing)),
}
LISTING, LANDING = "warehouse.landing.listing", "warehouse.landing.landing"
MOVING = "moving"  # how the names of files begin that change under a run


def change_moving(*given):
    """Write more to files that move, as somebody does who still works on them."""
    for path in Path(os.fsdecode(given[0]["path"][0])).parent.glob(f"{MOVING}*"):
        with path.open("a") as file:
            file.write("More of it.\n")


def remove_moving(paths, **_):
    """Remove the files that move."""
    for path in Path(os.fsdecode(paths[0])).rglob(f"{MOVING}*"):
        path.unlink()


MOVES = {
    "gone_once_listed": (LISTING, lambda m: after(m, "list_entries", remove_moving)),
    "changed_once_hashed": (LANDING, lambda m: after(m, "hash_files", change_moving)),
}
# The same for a signal that asks a run to end.
STOPS = {
    "stop_before_replace": (
        None,
        lambda: before(os, "replace", ask_to_stop, if_=is_publishing),
    ),
    "stop_after_replace": (
        None,
        lambda: after(os, "replace", ask_to_stop, if_=is_publishing),
    ),
}
FAULTS = {
    **KILLS,
    **MOVES,
    **STOPS,
    **{name: (WRITER, damaging(statement)) for name, statement in DAMAGES.items()},
    "poison": (CLEAN, fail_at_poison),
    "deadly_poison": (CLEAN, end_at_poison(die)),
    "crashing_poison": (CLEAN, end_at_poison(crash)),
    "deadly_pieces": (CUT, lambda cut: before(cut, "star_articles", die)),
    "greedy_poison": (CLEAN, end_at_poison(run_out_of_memory)),
    "poisoned_label": (CLASSIFY, fail_at_poisoned_label),
    "broken_stage": (CLEAN, lambda clean: before(clean, "clean", fail_always)),
    "evidence_lost": (
        WRITER,
        lambda writer: before(writer.Build, "load", lose_evidence),
    ),
    "next_migration": (SCHEMA, add_next_migration),
}


class WhenImported(importlib.abc.MetaPathFinder):
    """Change a module as soon as it is imported."""

    def __init__(self, name, change):
        self._name, self._change = name, change

    def find_spec(self, name, *_):
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def run_and_change(module):
            run(module)
            self._change(module)

        spec.loader.exec_module = run_and_change
        return spec


for fault in filter(None, os.environ.get(VARIABLE, "").split(",")):
    module, change = FAULTS[fault]
    if module is None:
        change()
    else:
        sys.meta_path.insert(0, WhenImported(module, change))
