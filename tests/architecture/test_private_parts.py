"""No private part of a dependency is touched, and none is put in another's place.

A dependency is whatever is not ours: the standard library too. What its documentation
names may be called, subclassed, and set; what begins with an underscore may not, and a
module, class, or function of another package keeps the attributes it came with.
"""

import ast
import re
from functools import cache
from importlib import import_module

import pytest

from tests.architecture.product import (
    imported_names,
    is_ours,
    modules,
    tree,
    where,
)

# Underscores that the standard library documents: fields of named tuples.
DOCUMENTED = {"_asdict", "_fields", "_make", "_replace"}
# Ends of the process have laws of their own, in test_process.py.
ELSEWHERE = {"os._exit"}
# Attributes of others that their documentation says to set.
SETTABLE = {
    "daemon": "threading.Thread",
    "data": "scipy.sparse.csr_matrix",
    "enabled": "prefect.automations.Automation",
    "expectations": "great_expectations.ExpectationSuite",
    "filters": "jinja2.Environment",
    "globals": "jinja2.Environment",
    "is_in_task": "threading.local",
    "metavar": "click.Parameter",
    "writeable": "numpy.ndarray.flags",
}
# Where Python keeps what it has imported, and how.
IMPORT_MACHINERY = {
    "importlib.reload",
    "importlib.util.LazyLoader",
    "importlib.util.module_from_spec",
    "sys.meta_path",
    "sys.modules",
    "sys.path",
    "sys.path_hooks",
}
REACHING = {"getattr", "hasattr", "setattr", "delattr"}


def is_private(name):
    return name.startswith("_") and not re.fullmatch(r"__\w+__", name) and name != "_"


def root(node):
    """The name that a chain of attributes, calls, and items starts with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def is_own_instance(node):
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


@cache
def defined(path):
    """Every name that a module gives to something: its own private parts are here."""
    names = {"_"}
    for node in ast.walk(tree(path)):
        match node:
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
        names |= own_attribute(node)
    return names


def inherited(path):
    """Names that the modules of ours give which a module imports classes from."""
    sources = {origin.rpartition(".")[0] for _, _, origin in imported_names(path)}
    found = [defined(modules()[source]) for source in sources & modules().keys()]
    return set().union(*found)


@cache
def own_attributes():
    """Names of what classes of the product, and their instances, carry."""
    names = set()
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    target = getattr(inner, "target", None)
                    targets = [target] if target else getattr(inner, "targets", [])
                    names |= {t.id for t in targets if isinstance(t, ast.Name)}
            names |= own_attribute(node)
    return names


def own_attribute(node):
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), ctx=ast.Store()):
            return {node.attr}
    return set()


def private_parts(path):
    """Underscored names of others that a module imports, reads, or names in a text."""
    for node, _, origin in imported_names(path):
        if any(map(is_private, origin.split("."))) and not is_ours(origin):
            yield node, origin
    for node in ast.walk(tree(path)):
        if is_foreign_attribute(node, path) or is_asked_by_text(node):
            yield node, ast.unparse(node)


def is_foreign_attribute(node, path):
    if not isinstance(node, ast.Attribute) or not is_private(node.attr):
        return False
    known = defined(path) | DOCUMENTED
    if is_own_instance(node.value):
        known |= inherited(path)
    return node.attr not in known and ast.unparse(node) not in ELSEWHERE


def is_asked_by_text(node):
    if not isinstance(node, ast.Call) or root(node.func) not in REACHING:
        return False
    texts = [given.value for given in node.args if isinstance(given, ast.Constant)]
    return any(is_private(text) for text in texts if isinstance(text, str))


def replaced_parts(path):
    """Attributes of others that a module sets or deletes, however it spells that."""
    imported = {bound for _, bound, _ in imported_names(path)}
    settable = own_attributes() | SETTABLE.keys()
    for node in ast.walk(tree(path)):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                is_ours_to_set = node.attr in settable and root(node) not in imported
                if not is_own_instance(node.value) and not is_ours_to_set:
                    yield node, ast.unparse(node)
            case ast.Call(func=ast.Name(id="setattr" | "delattr")):
                yield node, ast.unparse(node)
            case ast.Attribute(attr="__setattr__" | "__delattr__" | "__dict__"):
                yield node, ast.unparse(node)
            case ast.Subscript(value=ast.Call(func=ast.Name(id="vars"))):
                yield node, ast.unparse(node)


def import_tricks(path):
    """Stand-ins for modules, and hands on how Python finds them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in IMPORT_MACHINERY:
            yield node, ast.unparse(node)
    for node, _, origin in imported_names(path):
        if origin in IMPORT_MACHINERY or origin.split(".")[0] in {"imp", "builtins"}:
            yield node, origin
        if origin.startswith(("importlib.machinery", "unittest")):
            yield node, origin


def overridden_parts(path):
    """Private methods of classes of others that a subclass here puts its own for."""
    origins = {bound: origin for _, bound, origin in imported_names(path)}
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        own = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
        for base in node.bases:
            origin = origins.get(root(base))
            if origin is None or is_ours(origin):
                continue
            parts = set(dir(resolved(origin, ast.unparse(base).split(".")[1:])))
            for name in sorted(own & parts):
                if is_private(name):
                    yield node, f"{node.name}.{name}"


def resolved(origin, attributes):
    """The class that an import and a chain of attributes name."""
    try:
        found = import_module(origin)
    except ModuleNotFoundError:
        module, _, name = origin.rpartition(".")
        found = getattr(import_module(module), name)
    for name in attributes:
        found = getattr(found, name.partition("[")[0], found)
    return found


LAWS = {
    "private parts": private_parts,
    "replaced parts": replaced_parts,
    "import tricks": import_tricks,
    "overridden parts": overridden_parts,
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_dependencies_are_used_by_what_they_document(law):
    broken = [
        f"{where(path, node)}: {what}"
        for path in modules().values()
        for node, what in law(path)
    ]

    assert broken == []


BREACHES = {
    "from json import _default_decoder": private_parts,
    "import concurrent.futures._base": private_parts,
    "import json\njson._default_decoder.decode('1')": private_parts,
    "import json\ngetattr(json, '_default_decoder')": private_parts,
    "import json\njson.loads = print": replaced_parts,
    "import json\ndel json.loads": replaced_parts,
    "import json\nsetattr(json, 'loads', print)": replaced_parts,
    "import json\nvars(json)['loads'] = print": replaced_parts,
    "import json\njson.__dict__['loads'] = print": replaced_parts,
    "from flows import settings\nsettings.Settings = print": replaced_parts,
    "def f(server):\n    server.handle_every_request = print": replaced_parts,
    "import sys\nsys.modules['pandas'] = None": import_tricks,
    "from unittest.mock import patch": import_tricks,
    "import json\nclass A(json.JSONEncoder):\n    def default(self): ...": None,
    "class A:\n    _x = 1\n    def f(self): return self._x": None,
    "import threading\nt = threading.Timer(1, print)\nt.daemon = True": None,
    "import threading\n"
    "class A(threading.Thread):\n    def _bootstrap(self): ...": overridden_parts,
}


@pytest.mark.parametrize("source", BREACHES)
def test_a_breach_is_seen(source, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)

    assert [law for law in LAWS.values() if list(law(path))] == [
        law for law in (BREACHES[source],) if law
    ]
