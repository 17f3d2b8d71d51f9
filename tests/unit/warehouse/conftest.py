import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest


class Unprivileged:
    """Python code run as a user whom permissions bind, which they do not bind root."""

    def __init__(self, folder, root):
        self.folder, self.root = folder, root

    def __call__(self, code, *words, **environment):
        ended = subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            cwd=self.root,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(self.root),
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr.decode()
        return ended.stdout.decode().splitlines()


@pytest.fixture
def run_unprivileged(repository):
    # Folders of pytest are closed to others.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield Unprivileged(folder, repository)
        for path in folder.rglob("*"):
            path.chmod(0o700)
