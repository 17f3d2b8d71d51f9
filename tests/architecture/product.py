"""The product's own code as the laws see it: modules, their syntax, their imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "transforms", "expectations", "warehouse")


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name, packages included."""
    return {
        ".".join(_parts(path)): path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


@cache
def packages() -> dict[str, Path]:
    """Every folder of the product that holds modules, by its dotted name."""
    return {
        name: path.parent
        for name, path in modules().items()
        if path.name == "__init__.py"
    }


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, node: ast.AST) -> str:
    """File and line, as a reader can open them."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def imported_names(path: Path) -> Iterator[tuple[ast.stmt, str, str]]:
    """Each import as statement, name bound here, and dotted origin.

    Imports inside of functions and those that only serve types count like any other.
    """
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                yield node, bound, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, alias.asname or alias.name, f"{node.module}.{alias.name}"


@cache
def imports_by_module() -> dict[str, set[str]]:
    """Which modules of the product each one imports, however late."""
    return {
        name: {
            found
            for _, _, origin in imported_names(path)
            if (found := _module_of(origin)) and found != name
        }
        for name, path in modules().items()
    }


def _module_of(origin: str) -> str | None:
    """The module itself, or the one that the imported name is defined in."""
    if origin in modules():
        return origin
    module = origin.rpartition(".")[0]
    return module if module in modules() else None
