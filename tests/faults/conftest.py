import pytest

from tests.faults.scene import Scene


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)
