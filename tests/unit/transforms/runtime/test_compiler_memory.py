import os
import subprocess
import sys
from pathlib import Path

import pytest

LIVES_ON = """
import re
from pathlib import Path
import numpy as np
from transforms.runtime.compiler_memory import rest_compiler
from transforms.text.char_kernels import count_block_chars, find_chars

def code_kilobytes():
    smaps = Path("/proc/self/smaps").read_text()
    mapped = re.findall(r"r-xp .*libllvmlite.so\\n(?:.*\\n)+?Rss: +([0-9]+) kB", smaps)
    return sum(map(int, mapped))

data = np.frombuffer("né!".encode(), dtype=np.uint8)
past = count_block_chars(data)
before = find_chars(data, past, np.arange(4)).tolist()
held = code_kilobytes()
rest_compiler()
print(held, code_kilobytes())
assert find_chars(data, past, np.arange(4)).tolist() == before
# Another type, so this is compiled now.
assert find_chars(data, past, np.arange(4, dtype=np.int16)).tolist() == before
"""


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="Linux tells pages")
def test_pages_of_the_compiler_are_given_back_and_read_again():
    done = subprocess.run(
        [sys.executable, "-c", LIVES_ON],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NUMBA_DISABLE_JIT": "0"},
    )

    assert done.returncode == 0, done.stderr
    held, left = map(int, done.stdout.split())
    assert held > 10_000
    assert left < held / 10
