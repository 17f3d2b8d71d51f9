"""The process that reads every block of a warehouse, which may crash it.

A block that lies where another belongs has a checksum that is right, and content that
the database takes for what it is not.
"""

import json
from pathlib import Path
from typing import Any, BinaryIO

from warehouse.read.check import check_warehouse
from warehouse.read.supervised import answer_parent


def main() -> None:
    """Answer one request."""
    answer_parent(_check)


def _check(request: dict[str, Any], out: BinaryIO) -> None:
    findings = check_warehouse(Path(request["warehouse"]))
    out.write(json.dumps(findings).encode())
