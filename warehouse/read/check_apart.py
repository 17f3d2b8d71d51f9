"""A published warehouse, read in a process of its own, which may crash without harm."""

import io
import json
from pathlib import Path
from typing import Final

from warehouse.read.supervised import ChildBounds, ask_about_file

# No more than what ends one that would go on for ever.
_MOST: Final = ChildBounds(seconds=86_400, answer_bytes=1 << 30)


def check_apart(path: Path) -> list[str]:
    """Findings as `check_warehouse` has them.

    Raises:
        WarehouseDamagedError: A table lacks columns, or cannot be read, or what is in
            its place crashes the database.
        WarehouseUnusableError: Missing, or not ours.
    """
    answer = io.BytesIO()
    ask_about_file("warehouse.read.check_child", path, {}, answer, _MOST)
    findings: list[str] = json.loads(answer.getvalue())
    return findings
