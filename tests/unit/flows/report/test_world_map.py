from itertools import combinations

import pytest

from flows.report.world_map import country_outlines, draw_region, draw_world, shades


def place(name, latitude, longitude, articles=1):
    return {
        "name": name,
        "latitude": latitude,
        "longitude": longitude,
        "articles": articles,
    }


ALMATY = place("Almaty", 43.25, 76.91, 8)
OSH = place("Osh", 40.53, 72.8, 3)
LONDON = place("London", 51.5, -0.1, 9)


def shown(drawn):
    return {circle.place["name"] for circle in drawn.circles}


def test_region_is_where_most_articles_are():
    for drawn in draw_region([LONDON, ALMATY, OSH]):
        assert shown(drawn) == {"Almaty", "Osh"}


def test_world_shows_every_place_where_it_is():
    corners = [place("Suva", -18.1, 178.4), place("Nome", 64.5, -165.4), LONDON]
    for drawn in draw_world(corners):
        suva, nome, london = drawn.circles
        assert suva.x > london.x > nome.x
        assert suva.y > london.y > nome.y
        assert 0 < nome.x < 0.05 * drawn.width
        assert 0.95 * drawn.width < suva.x < drawn.width


def test_circles_lie_on_the_outlines():
    drawn, _ = draw_region([ALMATY, OSH])
    circle = drawn.circles[0]

    # The outlines are in tenths of a degree, south positive.
    assert circle.x == pytest.approx(drawn.left + 769.1 * drawn.scale_x, abs=0.2)
    assert circle.y == pytest.approx(drawn.top - 432.5 * drawn.scale_y, abs=0.2)


def test_area_of_a_circle_goes_with_the_articles():
    few, many = place("Few", 40, 70, 25), place("Many", 42, 72, 100)
    drawn, _ = draw_region([many, few])
    radius = {circle.place["name"]: circle.radius for circle in drawn.circles}

    assert radius["Many"] == pytest.approx(2 * radius["Few"], abs=0.1)


def test_names_touch_neither_each_other_nor_the_edge():
    crowd = [
        place(f"Town of many letters {n}", 40 + n % 5 / 3, 70 + n // 5 / 2)
        for n in range(40)
    ]
    for drawn in draw_region(crowd):
        boxes = [
            (c.label_x, c.label_y, 7 * len(c.place["name"]))
            for c in drawn.circles
            if c.label_x is not None
        ]
        assert len(boxes) > 2
        assert all(x > 0 and x + size < drawn.width for x, _, size in boxes)
        assert not [
            (one, other)
            for one, other in combinations(boxes, 2)
            if abs(one[1] - other[1]) < 12
            and one[0] < other[0] + other[2]
            and other[0] < one[0] + one[2]
        ]


def test_countries_are_as_dark_as_their_share_or_their_number():
    countries = [
        {"country_iso2": "KZ", "articles": 8, "crisis": 1},
        {"country_iso2": "TJ", "articles": 2, "crisis": 0},
        {"country_iso2": None, "articles": 2, "crisis": 2},
    ]

    assert shades(countries, by_crisis=True) == {"KZ": 1, "TJ": 0}
    assert shades(countries, by_crisis=False) == {"KZ": 4, "TJ": 1}


def test_outlines_are_of_countries_by_their_codes():
    outlines = country_outlines()

    assert {"KZ", "TJ", "RU", "US", "FJ"} < set(outlines)
    assert all(
        path.startswith("M") and path.endswith("z") for path in outlines.values()
    )
