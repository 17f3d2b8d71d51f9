"""Modules that are loaded at their first use instead of at their import.

Some libraries import large parts of others for what we never ask of them. They are the
real modules: whoever touches an attribute gets what an import would have given.
"""

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until somebody asks for an attribute of it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what the module holds
        # The import system and debuggers look for these everywhere.
        if name.startswith("__"):
            raise AttributeError(name)
        spec = self.__spec__
        assert spec is not None
        assert spec.loader is not None
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.exec_module(self)
        return getattr(self, name)


def import_later(name: str) -> None:
    """Let the next imports of a module cost nothing until it is used.

    Args:
        name: Dotted; a module that is loaded or missing stays as it is.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None:
        return
    module = _Later(name)
    module.__spec__, module.__loader__ = spec, spec.loader
    module.__file__, module.__package__ = spec.origin, spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
