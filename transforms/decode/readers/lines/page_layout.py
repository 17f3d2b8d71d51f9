"""From the lines of printed pages to paragraphs: columns, running heads, line ends.

Boxes are in points from the lower left corner of a page, as PDF counts them.
"""

import re
from collections import Counter
from itertools import groupby, pairwise
from statistics import median
from typing import Final, NamedTuple

# In heights of a line.
GUTTER_MIN_WIDTH: Final = 1.0
COLUMN_MIN_WIDTH: Final = 7.0
PARAGRAPH_MIN_EXTRA_GAP: Final = 0.35
INDENT_MIN_WIDTH: Final = 0.7
SAME_LINE_MOST_SHIFT: Final = 0.5
COLUMN_MIN_LINES: Final = 3
CROSSING_MOST_RATIO: Final = 0.3
MOST_COLUMNS_DEPTH: Final = 4
MOST_GUTTERS_TRIED: Final = 40
HEADING_MIN_RATIO: Final = 1.12
# A line at the edge of a page is a running head where as many pages have it there.
HEAD_MIN_PAGES: Final = 2
HEAD_MIN_RATIO: Final = 0.4
HEAD_MOST_SHIFT_POINTS: Final = 3.0
EDGE_LINES: Final = 2
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"(?i)\W*(?:(?:page|seite|p\.|pg\.|стр\.|с\.|página|pagina|str\.)\s*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|de|из|di|van)\s*\d{1,4})?\W*"
)
_HYPHENATED: Final = re.compile(r"(?:(?<=\w)[-\u2010]|\xad)$")
_ENDS_SENTENCE: Final = re.compile(r"[.!?:;…][\"'”’»)\]]*$")


class Line(NamedTuple):
    """Words that stand on one line of one column, and their box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Of its font, not of its letters."""
        return self.top - self.bottom

    @property
    def width(self) -> float:
        """From its first letter to its last."""
        return self.right - self.left

    def extend(
        self, text: str, left: float, bottom: float, right: float, top: float
    ) -> "Line":
        """The line with what follows on it."""
        return Line(
            self.text + text,
            min(self.left, left),
            min(self.bottom, bottom),
            max(self.right, right),
            max(self.top, top),
        )


Block = list[Line]


def leave_out_running_heads(pages: list[Block]) -> list[Block]:
    """The pages without what many have at one edge, digits aside, and page numbers."""
    seen = Counter(
        key for page in pages for key in {_head_key(line) for line in _edges(page)}
    )
    least = max(HEAD_MIN_PAGES, HEAD_MIN_RATIO * len(pages))
    kept = []
    for page in pages:
        heads = {
            line
            for line in _edges(page)
            if seen[_head_key(line)] >= least
            or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text))
        }
        kept.append([line for line in page if line not in heads])
    return kept


def _edges(page: Block) -> Block:
    """The first and last lines of a page, all columns of them."""
    levels = sorted({round(line.bottom) for line in page})
    edge = {*levels[:EDGE_LINES], *levels[-EDGE_LINES:]}
    return [line for line in page if round(line.bottom) in edge]


def _head_key(line: Line) -> tuple[str, int]:
    level = round(line.bottom / HEAD_MOST_SHIFT_POINTS)
    return _DIGITS.sub("0", line.text), level


def order_blocks(page: Block, depth: int = 0) -> list[Block]:
    """Lines of a page by columns, each of which is read to its end.

    Lines that cross a gutter, as headlines do, stand between what is above and below.
    """
    gutter = _find_gutter(page) if depth < MOST_COLUMNS_DEPTH else None
    if gutter is None:
        return [_order_rows(page)] if page else []
    blocks: list[Block] = []
    by_height = sorted(page, key=lambda line: -line.top)
    for crosses, band in groupby(by_height, key=lambda line: _crosses(line, gutter)):
        lines = list(band)
        if crosses:
            blocks.append(_order_rows(lines))
            continue
        for side in (
            [line for line in lines if line.right <= gutter],
            [line for line in lines if line.right > gutter],
        ):
            blocks += order_blocks(side, depth + 1)
    return blocks


def _crosses(line: Line, gutter: float) -> bool:
    return line.left < gutter < line.right


def _find_gutter(page: Block) -> float | None:
    """Where a gap runs down between two columns of text, null where none does."""
    if len(page) < 2 * COLUMN_MIN_LINES:
        return None
    starts = Counter(round(line.left) - 1 for line in page)
    found = []
    for start, _ in starts.most_common(MOST_GUTTERS_TRIED):
        sides = (
            [line for line in page if line.right <= start],
            [line for line in page if line.left >= start],
        )
        crossing = len(page) - len(sides[0]) - len(sides[1])
        if crossing <= CROSSING_MOST_RATIO * len(page) and all(map(_is_column, sides)):
            found.append((crossing, start))
    return float(min(found)[1]) if found else None


def _is_column(lines: Block) -> bool:
    return (
        len(lines) >= COLUMN_MIN_LINES
        and median(line.width / line.height for line in lines) >= COLUMN_MIN_WIDTH
    )


def _order_rows(lines: Block) -> Block:
    """Lines from top to bottom; what stands on one line is joined, left to right."""
    rows: list[Block] = []
    for line in sorted(lines, key=lambda line: (-line.bottom, line.left)):
        shift = SAME_LINE_MOST_SHIFT * line.height
        if rows and abs(rows[-1][-1].bottom - line.bottom) < shift:
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = []
    for row in rows:
        first, *rest = sorted(row, key=lambda line: line.left)
        for piece in rest:
            sign = "\t" if piece.left - first.right > first.height else " "
            first = first.extend(sign + piece.text, *piece[1:])
        joined.append(first)
    return joined


def join_blocks(blocks: list[Block]) -> str:
    """Paragraphs as lines, a blank one where the page leaves room."""
    pairs = [pair for block in blocks for pair in pairwise(block)]
    usual_gap = median([above.bottom - below.top for above, below in pairs] or [0.0])
    parts: list[str] = []
    for block in filter(None, blocks):
        right = max(line.right for line in block)
        left = min(line.left for line in block)
        if parts:
            parts[-1] += _between_blocks(parts[-1], block[0].text)
        parts.append(block[0].text)
        for above, below in pairwise(block):
            parts[-1] += _between_lines(above, below, (left, right), usual_gap)
            parts.append(below.text)
    return _mend_hyphens("".join(parts)) + "\n"


_JOINED: Final = "\x1f"  # stands where two lines of a paragraph met


def _between_lines(
    above: Line, below: Line, edges: tuple[float, float], usual_gap: float
) -> str:
    height = max(above.height, below.height)
    gap = above.bottom - below.top
    if height > HEADING_MIN_RATIO * min(above.height, below.height):
        return "\n\n"
    if gap > usual_gap + PARAGRAPH_MIN_EXTRA_GAP * height:
        return "\n\n"
    is_indented = below.left > above.left + INDENT_MIN_WIDTH * height
    word = below.text.partition(" ")[0]
    word_width = (len(word) + 1) * below.width / max(len(below.text), 1)
    # The first word of the next line would have had room: the writer broke the line.
    has_room = above.right + word_width < edges[1]
    return "\n" if is_indented or has_room else _JOINED


def _between_blocks(above: str, below: str) -> str:
    goes_on = not _ENDS_SENTENCE.search(above) and below[:1].islower()
    return _JOINED if goes_on else "\n\n"


def _mend_hyphens(text: str) -> str:
    lines = text.split(_JOINED)
    mended = []
    for line, following in pairwise([*lines, ""]):
        if _HYPHENATED.search(line) and following[:1].islower():
            mended.append(line[:-1])
        else:
            mended.append(line.removesuffix("\xad") + " " * bool(following))
    return "".join(mended)
