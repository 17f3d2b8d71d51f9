import importlib
import sys

import pytest

from transforms.runtime.lazy_import import import_later


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "seldom_used.py").write_text("import wave\nANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    yield "seldom_used"
    sys.modules.pop("seldom_used", None)


def test_module_is_loaded_at_its_first_use(module):
    import_later(module)
    seldom_used = importlib.import_module(module)
    assert "wave" not in sys.modules

    assert seldom_used.ANSWER == 42
    assert "wave" in sys.modules


def test_missing_attribute_is_an_error_as_ever(module):
    import_later(module)

    with pytest.raises(AttributeError):
        importlib.import_module(module).QUESTION  # noqa: B018


def test_missing_module_stays_missing():
    import_later("no_such_module_here")

    assert "no_such_module_here" not in sys.modules
