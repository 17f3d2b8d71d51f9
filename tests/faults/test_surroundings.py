"""Usual surroundings: no home, read-only installation, proxies, full or closed places.

A run does its work in them, or says at once what is wrong and what to do.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from flows.jobs.surroundings import FIRST_YEAR, check_clock, settle_surroundings
from tests.faults.scene import ROOT
from transforms.errors import UsageError

# Mounts in a namespace of its own end with the processes in it.
UNSHARED = ("unshare", "--mount", "--propagation", "private", "bash", "-euc")
# The installation, its interpreter included, can be read by all and written by nobody;
# who runs what comes after is in no list of users.
AS_STRANGER = """
    for place in $PLACES; do
        mkdir -p "$SPARE$place"; mount --bind "$place" "$SPARE$place"
    done
    for top in $CLOSED; do mount -t tmpfs -o mode=755 tmpfs "$top"; done
    for place in $PLACES; do
        mkdir -p "$place"; mount --bind "$SPARE$place" "$place"
        mount -o remount,bind,ro "$place"
    done
    exec setpriv --reuid=4711 --regid=4711 --clear-groups "$@"
"""
WITHOUT_SEMAPHORES = 'mount -t tmpfs -o ro tmpfs /dev/shm; exec "$@"'
WITH_FULL_HOME = (
    'mount -t tmpfs -o size=4m tmpfs "$PREFECT_HOME"; '
    'head -c 3900000 /dev/zero > "$PREFECT_HOME/old"; exec "$@"'
)


def unshared(script, *words, **how):
    """How a command ends that finds its mounts as the script makes them."""
    tried = subprocess.run([*UNSHARED, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("mounts of its own need root")
    ended = subprocess.run(
        [*UNSHARED, script, "bash", sys.executable, "-m", "flows", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        **how,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended


def closed_folders(places):
    """Of the folders above these, the first that others may not enter."""
    for place in places:
        for folder in reversed(place.parents):
            if not folder.stat().st_mode & 0o001:
                yield folder
                break


@pytest.fixture
def stranger(seed_file):
    """Run a command as a user without a name or a home, from a read-only place."""
    places = [Path(sys.base_prefix), ROOT]
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        house.chmod(0o755)
        own = house / "own"
        own.mkdir()
        os.chown(own, 4711, 4711)

        def run(*words, **environment):
            return unshared(
                AS_STRANGER,
                *words,
                cwd=own,
                env={
                    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                    "PLACES": " ".join(map(str, places)),
                    "CLOSED": " ".join({str(top) for top in closed_folders(places)}),
                    "SPARE": str(house / "spare"),
                    "NEWSMILL_SEEDS": str(seed_file),
                    "NEWSMILL_WAREHOUSE": str(own / "news.duckdb"),
                    "STATE_DIRECTORY": str(own),
                    **environment,
                },
            )

        run.own = own
        yield run


def test_stranger_is_told_what_is_wanting(stranger):
    found = json.loads(stranger("doctor", "--json").stdout)["findings"]

    about = {find["name"]: find for find in found if find["about"] == "surroundings"}
    assert about["compiled kernels"]["value"] == str(stranger.own / "kernels")
    assert "PREFECT_HOME" in about["Prefect's home"]["value"]
    assert {name for name, find in about.items() if find["verdict"] == "problem"} == {
        "Prefect's home"
    }


@pytest.mark.parametrize("planted", ["open", "link"])
def test_folder_that_others_could_fill_keeps_no_kernels(stranger, planted):
    kernels = stranger.own / "given" / "kernels"
    kernels.parent.mkdir()
    if planted == "open":
        kernels.mkdir()
        kernels.chmod(0o777)
    else:
        kernels.symlink_to(stranger.own)
    os.chown(kernels, 4711, 4711, follow_symlinks=False)

    found = stranger("doctor", "--json", CACHE_DIRECTORY=str(kernels.parent)).stdout

    assert str(stranger.own / "kernels") in found
    assert str(kernels) not in found


@pytest.mark.full
@pytest.mark.parametrize("mode", [["--direct"], []], ids=["direct", "recorded"])
def test_stranger_without_home_ingests_from_a_read_only_installation(stranger, mode):
    ended = stranger("run", "--json", *mode, PREFECT_HOME=str(stranger.own / "prefect"))

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["articles_new"] == 9


@pytest.mark.parametrize(
    ("home", "told"),
    [("/dev/null", "Not a directory"), ("/proc/prefect", "No such file")],
)
def test_home_of_prefect_that_cannot_be_written_is_told(
    newsmill, seed_file, home, told
):
    ended = newsmill.ask("run", seed_file, code=2, PREFECT_HOME=home)

    assert f"{home} cannot be written" in ended.err
    assert told in ended.err
    assert "--direct" in ended.err
    assert not newsmill.warehouse.exists()


def test_full_home_of_prefect_is_told(newsmill, seed_file):
    home = newsmill.folder / "prefect"
    home.mkdir()

    ended = unshared(
        WITH_FULL_HOME,
        *("run", seed_file, "--warehouse", newsmill.warehouse),
        env=newsmill.environment,
        cwd=newsmill.folder,
    )

    assert ended.returncode == 6, ended.stderr
    assert f"{home} has no 16 MiB for Prefect's database" in ended.stderr


@pytest.mark.parametrize(
    ("workers", "code"), [("2", 2), pytest.param("1", 0, marks=pytest.mark.full)]
)
def test_machine_without_semaphores_is_told(newsmill, seed_file, workers, code):
    shutil.copy(seed_file, newsmill.folder / "more.txt")
    with (newsmill.folder / "more.txt").open("a") as more:
        more.write("\nOne more\n\nIt was added to have two documents.\n")

    ended = unshared(
        WITHOUT_SEMAPHORES,
        *("run", seed_file, newsmill.folder / "more.txt"),
        *("--workers", workers, "--warehouse", newsmill.warehouse),
        env={**newsmill.environment, "NEWSMILL_BATCH_BYTES": "1000"},
        cwd=newsmill.folder,
    )

    assert ended.returncode == code, ended.stderr
    assert ("--workers 1" in ended.stderr) == (code == 2)


def test_clock_that_cannot_be_right_is_told():
    with pytest.raises(UsageError, match=r"1970-01-01.*Set the clock"):
        check_clock(datetime(1970, 1, 1, tzinfo=UTC))
    assert str(FIRST_YEAR) in check_clock(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("others", ["", "example.org"])
def test_loopback_is_reached_without_the_proxy(others):
    proxies = {"http_proxy": "http://127.0.0.1:9", "no_proxy": others}
    with patch.dict(os.environ, proxies, clear=True):
        settle_surroundings()

        assert urllib.request.proxy_bypass("127.0.0.1")
        assert urllib.request.proxy_bypass("localhost")
        assert not urllib.request.proxy_bypass("192.0.2.1")
        assert urllib.request.proxy_bypass("example.org") == bool(others)


@pytest.mark.full
def test_run_behind_a_proxy_is_recorded(newsmill, seed_file):
    dead = "http://127.0.0.1:9"

    ended = newsmill(
        *("run", seed_file, "--json", "--warehouse", newsmill.warehouse),
        http_proxy=dead,
        https_proxy=dead,
        HTTP_PROXY=dead,
        ALL_PROXY=dead,
    )

    assert ended.json["articles_new"] == 9
