"""No circle of imports: of files, or of the rooms of any folder."""

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.product import imports_by_module, modules, packages


def circle(graph):
    """The first circle that is found, as `a > b > a`; none is an empty text."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " > ".join(reversed(error.args[1]))
    return ""


def rooms(folder):
    """Which siblings in this folder, files or packages, import which."""
    inside = f"{folder}." if folder else ""
    graph = {}
    for name, imported in imports_by_module().items():
        if not name.startswith(inside) or name == folder:
            continue
        room = name.removeprefix(inside).partition(".")[0]
        others = {
            other.removeprefix(inside).partition(".")[0]
            for other in imported
            if other.startswith(inside) and other != folder
        }
        graph.setdefault(room, set()).update(others - {room})
    return graph


def test_a_circle_is_seen():
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == ""
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}).count(">") == 3


def test_late_and_type_only_imports_are_seen():
    imports = imports_by_module()

    assert "flows.cli.app" in imports["flows.__main__"]  # inside of a function
    assert any(
        "TYPE_CHECKING" in path.read_text("utf-8") and imports[name]
        for name, path in modules().items()
    )


def test_no_file_imports_itself_by_way_of_others():
    assert circle(imports_by_module()) == ""


@pytest.mark.parametrize("folder", ["", *packages()], ids=lambda name: name or "top")
def test_no_room_of_a_folder_imports_itself_by_way_of_others(folder):
    assert circle(rooms(folder)) == ""
