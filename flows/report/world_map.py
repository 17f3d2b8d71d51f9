"""Where the articles are: the world, and the region with most places, as plain SVG.

Both maps are of one projection, plate carrée with a parallel of their own, so that the
outlines of countries stand in the page once, and each map moves and stretches them.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

_Place = Mapping[str, Any]
# Left, top, right, bottom, in pixels.
_Box = tuple[float, float, float, float]
# Of a wide page and a narrow one: width and height in pixels, radius of the largest
# circle, names at most.
WORLD_FRAMES: Final = {"wide": (900, 407, 9, 8), "narrow": (340, 154, 5, 3)}
REGION_FRAMES: Final = {"wide": (900, 420, 14, 12), "narrow": (340, 300, 10, 6)}
# Degrees: north of Greenland's coast and south of Cape Horn nothing is drawn.
_NORTH, _SOUTH = 78.0, -56.0
# Degrees that a region extends to each side of its centre.
_REACH_EAST, _REACH_NORTH = 22.0, 11.0
_LEAST_SPAN: Final = 8.0
# Of a name in letters of 12 pixels, however wide the letters of a reader are.
_LETTER_PIXELS, _LINE_PIXELS, _BASE_PIXELS, _EDGE_PIXELS = 7.8, 16.0, 12.0, 4.0


@dataclass(frozen=True)
class Circle:
    """A place on a map.

    Attributes:
        place: Name, articles, and what else is known of it.
        x: Pixels from the left.
        y: Pixels from the top.
        radius: Pixels; its square goes with the articles.
        label_x: Left end of its name; None where there is no room for the name.
        label_y: Base line of its name.
    """

    place: _Place
    x: float
    y: float
    radius: float
    label_x: float | None = None
    label_y: float | None = None


@dataclass(frozen=True)
class DrawnMap:
    """A map of one size.

    Attributes:
        frame: `wide` or `narrow`.
        width: Pixels.
        height: Pixels.
        left: Pixels by which the outlines are moved to the right.
        top: Pixels by which they are moved down.
        scale_x: Pixels per tenth of a degree.
        scale_y: Pixels per tenth of a degree.
        circles: Largest first.
    """

    frame: str
    width: int
    height: int
    left: float
    top: float
    scale_x: float
    scale_y: float
    circles: Sequence[Circle]


@cache
def country_outlines() -> Mapping[str, str]:
    """SVG path of each country by its ISO 3166-1 code, in tenths of a degree."""
    held = files("flows.report").joinpath("country_outlines.csv").read_text("utf-8")
    _, *lines = held.splitlines()
    return {row["country_iso2"]: row["path"] for row in csv.DictReader(lines)}


def draw_world(places: Sequence[_Place]) -> list[DrawnMap]:
    """The world without Antarctica, for each width of page.

    Args:
        places: `latitude` and `longitude` (degrees), `name`, `articles`, most first.
    """
    return [
        _draw(name, frame, (-180.0, _SOUTH, 180.0, _NORTH), places)
        for name, frame in WORLD_FRAMES.items()
    ]


def draw_region(places: Sequence[_Place]) -> list[DrawnMap]:
    """The part of the world whose places most articles name, for each width of page.

    Args:
        places: As for `draw_world`, one at least.
    """
    inside = max(
        (list(_near(centre, places)) for centre in places),
        key=lambda near: sum(place["articles"] for place in near),
    )
    longitudes = [place["longitude"] for place in inside]
    latitudes = [place["latitude"] for place in inside]
    box = (
        *_widened(min(longitudes), min(latitudes)),
        *_widened(max(longitudes), max(latitudes), sign=1),
    )
    return [_draw(name, frame, box, places) for name, frame in REGION_FRAMES.items()]


def shades(
    countries: Iterable[Mapping[str, Any]], *, by_crisis: bool
) -> dict[str, int]:
    """How dark each country is drawn, 0 to 4, by its code.

    Args:
        countries: `country_iso2` (null where there is none), `articles`, `crisis`.
        by_crisis: By the share of crisis in the articles about the country; else by
            its articles against those about the country that has most.

    Example:
        >>> shades([{"country_iso2": "KZ", "articles": 4, "crisis": 3}], by_crisis=True)
        {'KZ': 3}
    """
    coded = [country for country in countries if country["country_iso2"]]
    most = max((country["articles"] for country in coded), default=1)
    return {
        country["country_iso2"]: math.ceil(
            4
            * (
                country["crisis"] / country["articles"]
                if by_crisis
                else country["articles"] / most
            )
        )
        for country in coded
    }


def _near(centre: _Place, places: Iterable[_Place]) -> Iterable[_Place]:
    """Places in the window around one."""
    for place in places:
        if (
            abs(place["longitude"] - centre["longitude"]) <= _REACH_EAST
            and abs(place["latitude"] - centre["latitude"]) <= _REACH_NORTH
        ):
            yield place


def _widened(
    longitude: float, latitude: float, *, sign: int = -1
) -> tuple[float, float]:
    """A corner of a box, moved outwards so that nothing lies at the edge."""
    return longitude + sign * _LEAST_SPAN / 2, latitude + sign * _LEAST_SPAN / 4


def _draw(
    name: str,
    frame: tuple[int, int, float, int],
    box: tuple[float, float, float, float],
    places: Sequence[_Place],
) -> DrawnMap:
    """A map that holds the box, in degrees: west, south, east, north."""
    width, height, largest, names = frame
    west, south, east, north = box
    narrowing = math.cos(math.radians((south + north) / 2))
    by_latitude = min(height / (north - south), width / (east - west) / narrowing)
    by_longitude = by_latitude * narrowing
    left = width / 2 - by_longitude * (west + east) / 2
    top = height / 2 + by_latitude * (south + north) / 2
    most = max((place["articles"] for place in places), default=1)
    circles = [
        Circle(
            place,
            round(left + by_longitude * place["longitude"], 1),
            round(top - by_latitude * place["latitude"], 1),
            round(max(2.0, largest * math.sqrt(place["articles"] / most)), 1),
        )
        for place in places
    ]
    shown = [
        circle
        for circle in circles
        if 0 <= circle.x <= width and 0 <= circle.y <= height
    ]
    return DrawnMap(
        name,
        width,
        height,
        round(left, 2),
        round(top, 2),
        round(by_longitude / 10, 5),
        round(by_latitude / 10, 5),
        _labelled(shown, width, height, names),
    )


def _labelled(
    circles: Sequence[Circle], width: int, height: int, most: int
) -> list[Circle]:
    """Circles, the first ones with their names where these touch nothing."""
    names: list[_Box] = []
    taken: list[_Box] = []
    labelled = []
    for circle in circles:
        free = [box for box in _label_boxes(circle) if _is_free(box, taken)]
        inside = [box for box in free if _is_inside(box, width, height)]
        if inside and len(names) < most:
            left, top, *_ = inside[0]
            names.append(inside[0])
            taken += [inside[0], _circle_box(circle)]
            labelled.append(replace(circle, label_x=left, label_y=top + _BASE_PIXELS))
        else:
            labelled.append(circle)
    return labelled


def _label_boxes(circle: Circle) -> list[_Box]:
    """Where a name may stand: right of its circle, left, above, below."""
    size = _LETTER_PIXELS * len(circle.place["name"])
    beside = circle.radius + 4
    corners = (
        (circle.x + beside, circle.y - _LINE_PIXELS / 2),
        (circle.x - beside - size, circle.y - _LINE_PIXELS / 2),
        (circle.x - size / 2, circle.y - beside - _LINE_PIXELS),
        (circle.x - size / 2, circle.y + beside),
    )
    return [(x, y, x + size, y + _LINE_PIXELS) for x, y in corners]


def _circle_box(circle: Circle) -> _Box:
    x, y, radius = circle.x, circle.y, circle.radius
    return x - radius, y - radius, x + radius, y + radius


def _is_inside(box: _Box, width: int, height: int) -> bool:
    left, top, right, bottom = box
    return min(left, top, width - right, height - bottom) >= _EDGE_PIXELS


def _is_free(box: _Box, taken: Iterable[_Box]) -> bool:
    left, top, right, bottom = box
    return not any(
        left < other_right
        and other_left < right
        and top < other_bottom
        and other_top < bottom
        for other_left, other_top, other_right, other_bottom in taken
    )
