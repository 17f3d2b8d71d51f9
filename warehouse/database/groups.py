"""Rows grouped by the bytes of their texts."""

from collections.abc import Iterable, Iterator

from transforms.text.quotes import _GROUP_BYTES


def group_by_bytes(
    sizes: Iterable[tuple[int, int]], group_bytes: int = _GROUP_BYTES
) -> Iterator[tuple[int, int]]:
    """Cut an ordered list of keys into groups whose texts fit in memory together.

    Args:
        sizes: Key and bytes of each document, ascending by key.
        group_bytes: A group holds more only if one document alone does.

    Returns:
        First and last key of each group.

    Example:
        >>> list(group_by_bytes([(1, 5), (2, 5), (7, 9), (8, 1)], 10))
        [(1, 2), (7, 8)]
    """
    group: list[int] = []
    held = 0
    for key, byte_size in sizes:
        if group and held + byte_size > group_bytes:
            yield group[0], group[-1]
            group, held = [], 0
        group.append(key)
        held += byte_size
    if group:
        yield group[0], group[-1]
