"""What an error of Polars means when it writes frames.

Apart from the errors of DuckDB: who only transforms never loads the database.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from transforms.errors import OutOfSpaceError
from warehouse.atomic_write import NO_SPACE_ERRNOS

# All that Polars' ComputeError says of the system's own.
_NUMBER_WORDS: Final = re.compile(r"\(os error ([0-9]+)\)")


@contextmanager
def frames_written() -> Iterator[None]:
    """Say when Polars could not write frames for want of space.

    Raises:
        OutOfSpaceError: Disk, quota, or file size limit.
    """
    # Who only asks a query never loads Polars.
    from polars.exceptions import ComputeError

    try:
        yield
    except ComputeError as error:
        said = system_error_in(error)
        if said is None or said.errno not in NO_SPACE_ERRNOS:
            raise
        raise OutOfSpaceError("disk space", str(error)) from error


def system_error_in(error: BaseException) -> OSError | None:
    """What the system said, where Polars tells it by a number among its words."""
    number = _NUMBER_WORDS.search(str(error))
    return OSError(int(number[1]), str(error)) if number else None
