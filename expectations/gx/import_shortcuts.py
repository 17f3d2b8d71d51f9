"""What Great Expectations works out again and again, worked out once; or not at all.

Its import makes classes for sixty expectations and for tables of thirty other systems,
a quarter of its time, and copies the fields of some three hundred data models down to
the last type. It asks each expectation some ninety times what it says, and each metric
twice by which text it is known. None of that changes a result, and together it takes
longer than all questions that an audit asks of DuckDB. This leans on private parts of
one release, which the lock pins; tests compare the results with and without.
"""

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic.v1.main as models
from pydantic.v1.fields import ModelField

from transforms.runtime.replaced_attribute import replaced

_PLAIN = (str, int, bool, type(None))
_USED_SOURCES = frozenset({"invalid_datasource", "sql_datasource"})


def leave_out_unused() -> None:
    """Let the import of Great Expectations begin without what no audit here asks for.

    Expectations that a suite imports by their own modules are the real ones. Of others
    and of other sources of data there is only a name, which says so when it is used.
    """
    package = "great_expectations"
    spec = find_spec(package)
    if package in sys.modules or spec is None or spec.origin is None:
        return
    root = Path(spec.origin).parent
    fluent = root / "datasource" / "fluent"
    unused = [
        ".".join((package, "datasource.fluent", path.stem))
        for path in fluent.glob("*_datasource.py")
        if path.stem not in _USED_SOURCES
    ]
    for name in (f"{package}.expectations.core", *unused):
        module = _Names(name)
        module.__package__ = name
        module.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = module


class _Names(ModuleType):
    """Gives a class of any name, of which nobody can make anything."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (_LeftOut,), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _LeftOut:
    def __init__(self, *_: object, **__: object) -> None:
        raise NotImplementedError(f"{type(self).__qualname__} is not loaded")


@contextmanager
def models_sharing_fields() -> Iterator[None]:
    """Let models that are defined in the block share what their fields are made of.

    Pydantic copies the fields of each base class deeply; what a subclass may change of
    a field without replacing it is copied still.
    """
    deeply = vars(models)["smart_deepcopy"]

    def share(value: Any) -> Any:  # noqa: ANN401 - whatever models hold
        is_fields = type(value) is dict and all(
            type(field) is ModelField for field in value.values()
        )
        if not is_fields:
            return deeply(value)
        return {name: _own_field(field) for name, field in value.items()}

    with replaced(models, "smart_deepcopy", share):
        yield


def _own_field(field: ModelField) -> ModelField:
    own = copy.copy(field)
    own.class_validators = dict(field.class_validators)
    own.field_info = copy.copy(field.field_info)
    return own


@contextmanager
def remembering() -> Iterator[None]:
    """Work out what an expectation says, and what plain values look like, once.

    Nothing may change an expectation inside of the block.
    """
    from great_expectations.core import id_dict
    from great_expectations.expectations.expectation import Expectation

    asked: property = vars(Expectation)["configuration"]
    # The expectation is kept too, so that no other one gets its id meanwhile.
    known: dict[int, tuple[Expectation, Any]] = {}

    def configuration(self: Expectation) -> Any:  # noqa: ANN401 - as it declares
        if id(self) not in known:
            known[id(self)] = self, asked.__get__(self)
        return known[id(self)][1]

    to_json = "convert_to_json_serializable"
    plainly = _plainly(vars(id_dict)[to_json])
    with (
        replaced(Expectation, "configuration", property(configuration)),
        replaced(id_dict, to_json, plainly),
    ):
        yield


def _plainly(to_json: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same conversion, without asking of plain values what else they might be."""

    def convert(data: Any) -> Any:  # noqa: ANN401 - whatever a metric is asked with
        if type(data) in _PLAIN:
            return data
        if isinstance(data, dict):
            return {str(name): convert(value) for name, value in data.items()}
        if type(data) in (list, tuple):
            return [convert(value) for value in data]
        return to_json(data)

    return convert
