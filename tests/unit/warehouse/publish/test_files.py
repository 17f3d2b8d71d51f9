import errno
import os

import pytest

from warehouse.publish.files import copy_file


def refuse(*_):
    raise OSError(errno.EXDEV, "another file system")


@pytest.mark.parametrize("in_kernel", [None, refuse, lambda *_: 0])
@pytest.mark.parametrize("size", [0, 1, 3_000_001])
def test_copy_equals_the_file_whatever_the_system_can_do(
    tmp_path, monkeypatch, in_kernel, size
):
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(os.urandom(size))
    source.chmod(0o640)
    if in_kernel:
        monkeypatch.setattr(os, "copy_file_range", in_kernel)

    copy_file(source, copy)

    assert copy.read_bytes() == source.read_bytes()
    assert copy.stat().st_mode == source.stat().st_mode
