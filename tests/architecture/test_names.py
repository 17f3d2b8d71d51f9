"""One name, one thing; and what is let pass by a linter says which rule and why."""

import ast
import re
from itertools import combinations

import pytest

from tests.architecture.product import (
    PACKAGES,
    ROOT,
    imports_by_module,
    modules,
    tree,
)

# Names that mean the same everywhere, each in its own module.
BY_CUSTOM = {
    "build": "a suite; all of them are listed in expectations.suites.all_suites",
    "logger": "the logger of a module",
    "main": "what a program starts with",
    "register": "adds the commands of a module",
}
LET_PASS = re.compile(r"#\s*(noqa|type:\s*ignore|fmt:|ruff:|mypy:|pragma:|nosec)(.*)")
WITH_A_CODE = re.compile(
    r"((ruff: )?noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[a-z, -]+\])"
)


def definitions(name, path):
    """Public names that a module defines for itself, and how."""
    for node in tree(path).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if node.name not in commands(path):
                    yield node.name, name
            case ast.AnnAssign(target=ast.Name(id=target)):
                yield target, ast.unparse(node)
            case ast.Assign(targets=[ast.Name(id=target)]):
                yield target, ast.unparse(node)


def commands(path):
    """Functions that Typer makes commands of: their names are the user's words."""
    found = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Attribute(attr=a))]):
                found |= {node.name} if a in {"command", "callback"} else set()
            case ast.Call(
                func=ast.Call(func=ast.Attribute(attr="command")),
                args=[ast.Name(id=function)],
            ):
                found.add(function)
    return found


def are_different(name, one, other):
    """Unless one is for the other what a door is for a room, or both say the same."""
    (module, how), (other_module, other_how) = one, other
    imports = imports_by_module()
    return (
        name not in BY_CUSTOM
        and not name.startswith("_")
        and how != other_how
        and module not in imports[other_module]
        and other_module not in imports[module]
    )


def test_no_name_means_two_things():
    places = {}
    for module, path in modules().items():
        for name, how in definitions(module, path):
            places.setdefault(name, []).append((module, how))

    assert [
        f"{name}: {one[0]}, {other[0]}"
        for name, found in sorted(places.items())
        for one, other in combinations(found, 2)
        if are_different(name, one, other)
    ] == []


def files():
    return [
        path
        for folder in (*PACKAGES, "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def test_no_line_is_let_pass_without_a_code():
    let_pass = [
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := LET_PASS.search(line))
        and not WITH_A_CODE.match(found[1] + found[2])
        if '"' not in found[0]  # a text that holds such words, in this module
    ]

    assert let_pass == []


def test_no_statement_of_sql_is_let_pass_without_a_code():
    let_pass = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("warehouse", "expectations")
        for path in sorted((ROOT / folder).rglob("*.sql"))
        for line in path.read_text("utf-8").splitlines()
        if "noqa" in line and not re.search(r"-- noqa: [A-Z]{2}\d\d$", line)
    ]

    assert let_pass == []


@pytest.mark.parametrize(
    ("comment", "is_let_through"),
    [
        ("# noqa: S608", True),
        ("# noqa: C901, PLR0912 - one pass over bytes", True),
        ("# type: ignore[arg-type]", True),
        ("# noqa", False),
        ("# type: ignore", False),
        ("# fmt: skip", False),
    ],
)
def test_a_comment_that_says_no_code_is_seen(comment, is_let_through):
    found = LET_PASS.search(comment)

    assert bool(WITH_A_CODE.match(found[1] + found[2])) is is_let_through
