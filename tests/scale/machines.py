"""Machines in small: a PostgreSQL, a scheduler, and workers, each a process.

Workers get a network namespace of their own where this machine allows it, joined to the
scheduler by one bridge, so that only the network and the shared folder connect them.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from pathlib import Path

from flows.api_address import QUIET_DEFAULTS
from flows.orchestration.supervised_server import wait_until_healthy
from tests.waiting import wait_until

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
ROOT = Path(__file__).parents[2]
BRIDGE, HOST = "newsmill0", "10.231.77.1"


def run_quietly(*words):
    return subprocess.run(words, capture_output=True, check=True, text=True).stdout


class Postgres:
    """A PostgreSQL of its own, on a socket in a folder, never on the network."""

    def __init__(self):
        # Not in pytest's folder, which no other user may enter.
        folder = self.folder = Path(tempfile.mkdtemp(prefix="newsmill-"))
        self.binaries = POSTGRES[-1]
        self.as_user = []
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            self.as_user = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
            ]
        self._call("initdb", "-D", folder / "data", "-A", "trust", "-U", "newsmill")
        options = f"-k {folder} -c listen_addresses=''"
        self._call(
            "pg_ctl",
            "-D",
            folder / "data",
            "-l",
            folder / "log",
            "-o",
            options,
            "-w",
            "start",
        )
        self.made = 0

    def lake(self, folder):
        """Address of a new lake, its catalogue in a database of its own."""
        self.made += 1
        name = f"lake{self.made}"
        run_quietly(
            self.binaries / "createdb", "-h", self.folder, "-U", "newsmill", name
        )
        words = f"dbname={name} host={self.folder} user=newsmill"
        return Path(f"ducklake:postgres:{words}?data={folder}/{name}")

    def stop(self):
        self._call("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _call(self, program, *words):
        # Not captured: the server would keep the pipes open.
        subprocess.run(
            [*self.as_user, self.binaries / program, *map(str, words)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )


class Network:
    """Two network namespaces on one bridge; none where that is not allowed."""

    def __init__(self):
        self.names = []
        try:
            run_quietly("ip", "link", "add", BRIDGE, "type", "bridge")
            run_quietly("ip", "addr", "add", f"{HOST}/24", "dev", BRIDGE)
            run_quietly("ip", "link", "set", BRIDGE, "up")
            for number in (1, 2):
                self._add(f"newsmill{number}", f"10.231.77.{number + 1}/24")
        except (OSError, subprocess.CalledProcessError):
            self.close()

    def _add(self, name, address):
        outer, inner = f"{name}o", f"{name}i"
        run_quietly("ip", "netns", "add", name)
        self.names.append(name)
        run_quietly(
            "ip", "link", "add", outer, "type", "veth", "peer", inner, "netns", name
        )
        run_quietly("ip", "link", "set", outer, "master", BRIDGE, "up")
        run_quietly("ip", "-n", name, "addr", "add", address, "dev", inner)
        run_quietly("ip", "-n", name, "link", "set", inner, "up")
        run_quietly("ip", "-n", name, "link", "set", "lo", "up")

    def close(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False)
        self.names = []
        subprocess.run(["ip", "link", "del", BRIDGE], check=False, capture_output=True)


class Prefect:
    """A Prefect server that all machines reach, over a database of its own."""

    def __init__(self, network, folder):
        self.host = HOST if network.names else "127.0.0.1"
        self.port = _free_port(self.host)
        self.url = f"http://{self.host}:{self.port}/api"
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "uvicorn",
                "--factory",
                "prefect.server.api.server:create_app",
                "--host",
                self.host,
                "--port",
                str(self.port),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            env=os.environ
            | QUIET_DEFAULTS
            | {
                "PREFECT__SERVER_EPHEMERAL": "1",
                "PREFECT_HOME": str(folder / "prefect"),
            },
        )
        wait_until_healthy(self._process, self.url, 180)

    def count_task_runs(self):
        """Finished task runs by name, without the number of a batch."""
        request = urllib.request.Request(
            f"{self.url}/task_runs/filter",
            b'{"limit": 200}',
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            runs = json.load(answer)
        done = [run["name"] for run in runs if run["state_type"] == "COMPLETED"]
        return Counter(name.split()[0] for name in done)

    def stop(self):
        _kill(self._process)


class Cluster:
    """One scheduler and two workers, which can be killed and started again."""

    def __init__(self, network, folder):
        self.network, self.folder = network, folder
        self.host = HOST if network.names else "127.0.0.1"
        self.port = _free_port(self.host)
        self.workers, self.scheduler = [], None
        self.start()

    @property
    def address(self):
        return f"tcp://{self.host}:{self.port}"

    def start(self):
        self.scheduler = self._start(
            "scheduler", "--host", self.host, "--port", self.port, "--no-dashboard"
        )
        _wait_for_port(self.host, self.port)
        self.workers = [self.start_worker(number) for number in (0, 1)]

    def start_worker(self, number):
        inside = []
        if self.network.names:
            inside = ["ip", "netns", "exec", self.network.names[number]]
        return self._start(
            "worker",
            self.address,
            "--nworkers",
            1,
            "--nthreads",
            1,
            "--no-nanny",
            "--no-dashboard",
            inside=inside,
        )

    def kill_worker(self, number=0):
        _kill(self.workers[number])

    def restart(self):
        """Kill the scheduler and start it again, with new workers, at its address."""
        self.stop()
        self.start()

    def _start(self, *words, inside=()):
        return subprocess.Popen(
            [*inside, sys.executable, "-m", "dask", *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def stop(self):
        for process in (*self.workers, self.scheduler):
            _kill(process)


def _kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port(host):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def _wait_for_port(host, port, seconds=60):
    def listens():
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            return False
        return True

    wait_until(listens, seconds=seconds)
