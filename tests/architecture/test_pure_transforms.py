"""`transforms/` never reads, writes, logs, or knows the time.

What its modules may import is a closed list, so that a new one is a decision. Weights
and reference lists come in by one door, everything else as an argument.
"""

import ast
import re

import pytest

from tests.architecture.product import imported_names, is_ours, modules, tree, where

THE_DOOR = "transforms.reference"
AT_THE_DOOR = {
    "importlib.metadata.version",
    "importlib.resources",
    "platform",
}
# Arrays as the bytes of a file: it is given bytes and gives them.
ARRAYS_AS_BYTES = "transforms.arrays_file"
MAY_IMPORT = {
    # Values, their types, and what is computed from them.
    "bisect",
    "codecs",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "html",
    "itertools",
    "json",
    "math",
    "re",
    "struct",
    "types",
    "typing",
    "unicodedata",
    "zlib",
    # Bytes and archives that lie in memory.
    "bz2.BZ2Decompressor",
    "io.BytesIO",
    "lzma.LZMADecompressor",
    "lzma.LZMAError",
    "zipfile.BadZipFile",
    "zipfile.ZIP_DEFLATED",
    "zipfile.ZIP_STORED",
    "zipfile.ZipFile",
    "zipfile.ZipInfo",
    "zstandard.ZstdDecompressor",
    "zstandard.ZstdError",
    # Readers of formats, each given bytes.
    "contextlib.contextmanager",
    "contextlib.suppress",
    "csv",
    "email",
    "io.StringIO",
    "lxml",
    "pypdfium2",
    "statistics",
    "trafilatura",
    # Work side by side in one process.
    "concurrent.futures.ThreadPoolExecutor",
    "queue",
    "threading.Lock",
    "threading.local",
    # Frames, arrays, kernels, fits, languages.
    "numba",
    "numpy",
    "polars",
    "py3langid",
    "pyarrow",
    "scipy",
    "sklearn",
    "treelite",
}
# Attributes and calls by which an allowed module would still reach out.
REACHES_OUT = re.compile(
    r"(?:(?:pl|polars)\.(?:read|scan)_\w+"
    r"|.*\.(?:write|sink)_(?:csv|parquet|ipc|ndjson|json|excel|avro|delta|database)"
    r"|.*\.(?:read_text|read_bytes|write_text|write_bytes|tofile)"
    r"|(?:np|numpy)\.(?:fromfile|memmap|load|save\w*|loadtxt|genfromtxt)"
    r"|(?:datetime|date)(?:\.datetime|\.date)?\.(?:now|utcnow|today)"
    r"|(?:np|numpy)\.random\.(?!default_rng\b|Generator\b)\w+)"
)
BUILT_IN = {"open", "print", "input", "exec", "eval", "compile", "__import__"}


def imports_beyond(path, allowed):
    for node, _, origin in imported_names(path):
        parts = origin.split(".")
        prefixes = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        if not is_ours(origin) and not prefixes & allowed:
            yield node, origin


def reaching_out(path):
    for node in ast.walk(tree(path)):
        match node:
            case ast.Attribute() if REACHES_OUT.fullmatch(ast.unparse(node)):
                yield node, ast.unparse(node)
            case ast.Call(func=ast.Name(id=name)) if name in BUILT_IN:
                yield node, ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="default_rng"), args=[]):
                yield node, "a generator of random numbers without a seed"


def own_modules():
    return {n: p for n, p in modules().items() if n.partition(".")[0] == "transforms"}


def test_transforms_import_only_what_computes():
    broken = [
        f"{where(path, node)}: {what}"
        for name, path in own_modules().items()
        for node, what in imports_beyond(
            path, MAY_IMPORT | AT_THE_DOOR if name == THE_DOOR else MAY_IMPORT
        )
    ]

    assert broken == []


def test_transforms_reach_for_nothing():
    broken = [
        f"{where(path, node)}: {what}"
        for name, path in own_modules().items()
        for node, what in reaching_out(path)
        if name not in {THE_DOOR, ARRAYS_AS_BYTES}
    ]

    assert broken == []


def test_the_door_reads_what_is_packaged_and_nothing_else():
    found = {what for _, what in reaching_out(own_modules()[THE_DOOR])}

    assert all(".read_bytes" in what or what == "pl.read_csv" for what in found)
    assert not {what for what in found if "write" in what}


@pytest.mark.parametrize(
    "source",
    [
        "open('x')",
        "import polars as pl\npl.read_csv('x')",
        "frame.write_parquet('x')",
        "from datetime import date\ndate.today()",
        "import datetime\ndatetime.datetime.now()",
        "import numpy as np\nnp.random.default_rng()",
        "import numpy as np\nnp.random.shuffle(x)",
        "print('x')",
    ],
)
def test_reaching_out_is_seen(source, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)

    assert list(reaching_out(path))


@pytest.mark.parametrize(
    "source",
    [
        "import logging",
        "import time",
        "from pathlib import Path",
        "from io import open",
    ],
)
def test_an_import_beyond_the_list_is_seen(source, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)

    assert list(imports_beyond(path, MAY_IMPORT))
