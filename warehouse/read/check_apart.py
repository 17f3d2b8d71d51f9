"""A published warehouse, read in a process of its own, which may crash without harm."""

import io
import json
import os
from pathlib import Path
from typing import Final

from transforms.errors import WarehouseDamagedError
from warehouse.lake.address import absolute
from warehouse.read.supervised import ChildBounds, ChildFailedError, ask_child

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
    try:
        ask_child(
            "warehouse.read.check_child",
            {"path": str(absolute(path))},
            answer,
            _MOST,
            os.environ,
        )
    except ChildFailedError as error:
        raise WarehouseDamagedError(
            str(path), [f"cannot be read: the process that read it {error.how}"]
        ) from error
    findings: list[str] = json.loads(answer.getvalue())
    return findings
