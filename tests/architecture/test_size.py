"""A folder answers one question with few modules, and a module fits in a head.

A module is a `.py` file that holds code: `__init__` only says what its folder asks, and
is not counted. Folders inside of a folder count by what they hold themselves.
"""

import ast

import pytest

from tests.architecture.product import modules, packages, tree

MODULES_PER_FOLDER = 14
LINES_PER_MODULE = 400


@pytest.mark.parametrize("name", packages())
def test_folder_holds_few_modules(name):
    held = [p.name for p in packages()[name].glob("*.py") if p.name != "__init__.py"]

    assert len(held) <= MODULES_PER_FOLDER, sorted(held)


@pytest.mark.parametrize("name", packages())
def test_folder_asks_one_question_and_imports_nothing(name):
    path = packages()[name] / "__init__.py"
    question = docstring(path)

    assert len(tree(path).body) == 1
    assert question
    assert question.endswith("?")
    assert question.count("?") == 1


def test_every_folder_with_modules_is_a_package():
    folders = {path.parent for path in modules().values()}

    assert {f for f in folders if not (f / "__init__.py").is_file()} == set()


def test_every_module_says_what_it_is():
    silent = [name for name, path in modules().items() if not docstring(path)]

    assert silent == []


def test_every_module_is_short():
    lines = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in modules().items()
    }

    assert {name: n for name, n in lines.items() if n > LINES_PER_MODULE} == {}


def docstring(path):
    return ast.get_docstring(tree(path))
