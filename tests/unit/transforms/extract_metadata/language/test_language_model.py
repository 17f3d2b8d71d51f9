"""The unpacked model of py3langid, kept for the processes after this one."""

import numpy as np
import pytest

from transforms.extract_metadata.language import language_model
from transforms.extract_metadata.language.language_model import load_language_model


@pytest.fixture
def kept_in(tmp_path, monkeypatch):
    """A folder in which nothing is kept yet."""
    monkeypatch.setattr(language_model, "KEPT_ROOT", tmp_path / "kept")
    load_language_model.cache_clear()
    yield tmp_path / "kept"
    load_language_model.cache_clear()


def _facts(model):
    return [array.tobytes() for array in (*model.automaton, model.table, model.prior)]


def test_model_read_again_is_the_one_unpacked(kept_in, monkeypatch):
    first = load_language_model()
    load_language_model.cache_clear()
    monkeypatch.setattr(language_model, "_unpack", lambda: pytest.fail("unpacked"))

    again = load_language_model()

    assert [folder.name[:10] for folder in kept_in.iterdir()] == ["languages-"]
    assert _facts(again) == _facts(first)
    assert again.codes == first.codes


def test_folder_that_cannot_be_written_changes_no_answer(kept_in):
    expected = _facts(load_language_model())
    load_language_model.cache_clear()
    for folder in kept_in.iterdir():
        folder.rename(kept_in.with_name("away"))
    kept_in.rmdir()
    kept_in.write_text("no folder")

    model = load_language_model()

    assert _facts(model) == expected
    assert kept_in.read_text() == "no folder"


def test_torn_file_is_unpacked_anew(kept_in):
    expected = _facts(load_language_model())
    load_language_model.cache_clear()
    (folder,) = kept_in.iterdir()
    (folder / "table.npy").write_bytes(b"\x93NUMPY")

    assert _facts(load_language_model()) == expected


@pytest.mark.usefixtures("kept_in")
def test_arrays_cannot_be_written_to():
    model = load_language_model()

    with pytest.raises(ValueError, match="read-only"):
        model.table[0] = np.float16(1)
