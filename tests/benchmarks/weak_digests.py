"""Digests under the conditions in which splitters fail, one condition at a time."""

import random
from collections.abc import Callable
from typing import Final

import polars as pl

from tests.benchmarks.compose_digests import compose_digest, frame_digests, usable
from tests.benchmarks.digest_layouts import Layout, draw_layout

Random = random.Random
Frames = tuple[pl.DataFrame, pl.DataFrame]
_PLAIN: Final = ("prose", "plain", "brief")
_TENS: Final = 12  # digests in one file


def _draw(r: Random) -> Layout:
    """A plain layout without habits that would blur the condition."""
    layout = draw_layout(r, _PLAIN)
    layout.upper, layout.sloppy, layout.language = False, 0.0, "en"
    layout.front, layout.masthead, layout.footer, layout.contents = (
        0.0,
        False,
        False,
        "",
    )
    return layout


def _wrap_without_blanks(layout: Layout) -> None:
    layout.wrap = 72
    layout.gap_paragraph = layout.gap_title = layout.gap_head = 0
    layout.gap_trailer = layout.gap_article = 0
    layout.trailers = [["Source: {source}"]]
    layout.is_mixed = False


def _lower_case(layout: Layout) -> None:
    layout.title, layout.title_case = "{t}", "lower"


def _strip_trailers(layout: Layout) -> None:
    layout.trailers, layout.tail = [[]], ""


def _one_paragraph(layout: Layout) -> None:
    layout.max_paragraphs = 1


CONDITIONS: Final[dict[str, Callable[[Layout], None]]] = {
    "wrapped at 72 without blank lines": _wrap_without_blanks,
    "titles in lower case": _lower_case,
    "no trailers": _strip_trailers,
    "one paragraph each": _one_paragraph,
}


def compose_weak(articles: list[dict], count: int, seed: int) -> dict[str, Frames]:
    """Digests and gold by condition, as `compose_digests.compose` gives them."""
    found = {}
    choice = usable(articles)
    for name, change in CONDITIONS.items():
        r = Random(seed)
        made = []
        for _ in range(count):
            layout = _draw(r)
            change(layout)
            made.append(compose_digest(choice, layout, r))
        found[name] = frame_digests(made, name)
    r = Random(seed)
    many = []
    for _ in range(max(1, count // _TENS)):
        text, spans = "", []
        for _ in range(_TENS):
            more, places = compose_digest(choice, _draw(r), r)
            spans += [(s + len(text), e + len(text), title) for s, e, title in places]
            text += more.rstrip("\n") + "\n" * r.choice([2, 3, 4])
        many.append((text, spans))
    found["tens of digests in one file"] = frame_digests(many, "tens")
    lone = [compose_digest(choice, _draw(r), r, size=1) for _ in range(4 * count)]
    found["lone articles"] = frame_digests(lone, "lone")
    return found


def only_titles(articles: list[dict], count: int, seed: int) -> pl.DataFrame:
    """Documents that hold nothing but titles."""
    r = Random(seed)
    texts = [
        "\n\n".join(item["title"] for item in r.sample(articles, r.randint(4, 20)))
        for _ in range(count)
    ]
    return pl.DataFrame({"text": texts}).with_row_index("document_row")
