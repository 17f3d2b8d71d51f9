"""Disk, memory, descriptors, and rights run out: told by exit code, nothing lost."""

import os
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from tests.faults.scene import ROOT, Scene, write_digests
from tests.fingerprint import fingerprint

MEBIBYTE = 1 << 20


def _cap(limit, value):
    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(limit, (value, value))

    return apply


@pytest.fixture
def small_disk(tmp_path):
    """A file system of four megabytes, where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.full
def test_full_disk_is_exit_6_and_changes_nothing(scene, small_disk):
    scene.warehouse = small_disk / "news.duckdb"
    scene.add(files=1, articles=3)
    assert scene.run()[0] == 0
    before = scene.warehouse.read_bytes()
    scene.add(files=6, articles=400, seed=1)

    code, told = scene.run()

    assert code == 6, told
    assert "space" in told
    assert scene.warehouse.read_bytes() == before
    assert scene.stray() == set()
    subprocess.run(["mount", "-o", "remount,size=400m", str(small_disk)], check=True)
    assert scene.run()[0] == 0
    assert scene.state() == scene.clean()


@pytest.mark.full
@pytest.mark.parametrize("limit", [200_000, MEBIBYTE, 3 * MEBIBYTE, 8 * MEBIBYTE])
def test_file_size_cap_is_exit_6_or_success(scene, limit):
    scene.add(files=1, articles=3)
    assert scene.run()[0] == 0
    before = scene.warehouse.read_bytes()
    scene.add(files=4, articles=800, seed=1)

    code, told = scene.run(limit=_cap(resource.RLIMIT_FSIZE, limit))

    assert code in (0, 6), told
    if code:
        assert scene.warehouse.read_bytes() == before
    assert scene.stray() == set()
    assert scene.run()[0] == 0
    assert scene.state() == scene.clean()


def test_low_cap_of_addresses_is_told_before_anything_is_done(scene):
    scene.add()

    code, told = scene.run(limit=_cap(resource.RLIMIT_AS, 1 << 30))

    assert code == 6, told
    assert "1024 MiB" in told
    assert not scene.warehouse.exists()


@pytest.mark.full
@pytest.mark.parametrize("gigabytes", [0.7, 3.9, 4, 8])
def test_memory_cap_is_exit_6_or_success(scene, gigabytes):
    scene.add(files=1, articles=3)
    assert scene.run()[0] == 0
    before = scene.state()
    scene.add(files=4, articles=800, seed=1)

    code, told = scene.run(limit=_cap(resource.RLIMIT_AS, int(gigabytes * 2**30)))

    assert code in (0, 6), told
    assert code == 6 or gigabytes >= 4
    after = scene.clean()
    assert scene.state() == (before if code else after)
    assert scene.run()[0] == 0
    assert scene.state() == after


@pytest.mark.full
def test_few_descriptors_are_enough(scene):
    scene.add(files=120, articles=2)

    code, told = scene.run(limit=_cap(resource.RLIMIT_NOFILE, 64))

    assert code == 0, told
    assert scene.state() == scene.clean()


@pytest.fixture
def closed_folder(tmp_path):
    """A folder on a file system that nobody can write to, root included."""
    place = tmp_path / "closed"
    place.mkdir()
    for words in (["--bind"], ["-o", "remount,ro,bind"]):
        mounted = subprocess.run(
            ["mount", *words, str(place), str(place)], capture_output=True, check=False
        )
        if mounted.returncode != 0:
            pytest.skip("mounting a folder read-only needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.full
def test_read_only_folder_is_exit_5_with_its_path(scene, closed_folder):
    scene.add()
    scene.warehouse = closed_folder / "news.duckdb"

    code, told = scene.run()

    assert code == 5, told
    assert str(scene.warehouse) in told
    assert list(closed_folder.iterdir()) == []


@pytest.mark.full
def test_odd_surroundings_give_the_same_rows(scene):
    scene.add(files=3, articles=20)
    after = scene.clean()
    surroundings = (
        {"LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "77", "LANG": "tr_TR.UTF-8"},
        {"NEWSMILL_WORKERS": "2", "NEWSMILL_BATCH_BYTES": "1000"},
    )
    for number, environment in enumerate(surroundings):
        warehouse = scene.folder / f"{number}.duckdb"
        code, told = scene.run(
            warehouse=warehouse, limit=lambda: os.umask(0o077), **environment
        )
        assert code == 0, told
        assert fingerprint(warehouse) == after


@pytest.mark.full
def test_deleted_working_folder_is_no_obstacle(scene):
    scene.add()
    gone = scene.folder / "gone"
    gone.mkdir()
    script = (
        "import os, shutil, sys; os.chdir(sys.argv[1]); shutil.rmtree(sys.argv[1]); "
        "os.execv(sys.executable, [sys.executable, '-m', 'flows', *sys.argv[2:]])"
    )
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            str(gone),
            "run",
            str(scene.inputs),
            "--direct",
            "--warehouse",
            str(scene.warehouse),
        ],
        env={**scene.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.full
def test_closed_output_loses_nothing(scene):
    scene.add(files=2, articles=20)
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(scene.inputs),
            "--direct",
            "--warehouse",
            str(scene.warehouse),
        ],
        cwd=scene.folder,
        env=scene.environment,
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    _, err = process.communicate(timeout=120)

    assert b"Traceback" not in err
    assert scene.state() == scene.clean()


@pytest.mark.full
def test_input_folder_is_never_written(scene):
    scene.add(files=2)
    shutil.copy(next(scene.inputs.iterdir()), scene.inputs / "copy.txt")
    listed = {path: path.stat().st_mtime_ns for path in scene.inputs.rglob("*")}
    scene.inputs.chmod(0o555)

    assert scene.run()[0] == 0

    assert {p: p.stat().st_mtime_ns for p in scene.inputs.rglob("*")} == listed


@pytest.mark.full
def test_a_hundred_thousand_tiny_files_load(tmp_path):
    scene = Scene(tmp_path)
    write_digests(scene.inputs, files=1, articles=1)
    for number in range(100_000):
        (scene.inputs / f"{number}.txt").write_text(
            f"Notice {number} of the town\n\nThe town council met on day {number}.\n"
        )

    code, told = scene.run(timeout=1800)

    assert code == 0, told
    code, told = scene.run(timeout=600)
    assert code == 0, told
