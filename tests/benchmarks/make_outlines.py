"""Distil `flows/report/country_outlines.csv` from Natural Earth.

    python -m tests.benchmarks.make_outlines COUNTRIES_110M ISO3166

COUNTRIES_110M: `countries-110m.json` of the package world-atlas of npm (2.0.2 was
used), which is Natural Earth 4.1.0 as TopoJSON; it is in the public domain. ISO3166:
`databases/iso3166-1.json` of the package pycountry, for the codes of countries.
"""

import csv
import json
import sys
from itertools import pairwise
from pathlib import Path

ANTARCTICA = "AQ"
# Around the world, in tenths of a degree.
TURN = 3600
CODES_WITHOUT_NUMBER = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
ORIGIN = (
    "# Natural Earth 1:110m, public domain, see make_outlines: tenths of a degree, "
    "east and south positive."
)


def read_arcs(topology):
    """Lines as points in whole tenths of a degree, y growing to the south."""
    (scale_x, scale_y), (left, bottom) = (
        topology["transform"][name] for name in ("scale", "translate")
    )
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append(
                (round(10 * (x * scale_x + left)), -round(10 * (y * scale_y + bottom)))
            )
        yield points


def read_ring(numbers, arcs):
    """A closed line; one that crosses the 180th meridian goes on beyond it."""
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        for x, y in arc:
            turns = round((points[-1][0] - x) / TURN) if points else 0
            point = (x + turns * TURN, y)
            points += [point] if points[-1:] != [point] else []
    return points


def ring_paths(points):
    """The line as an SVG path, again at the other side of the map if it leaves it."""
    yield ring_path(points)
    ends = min(x for x, _ in points), max(x for x, _ in points)
    for turn, leaves in ((TURN, ends[0] < -TURN / 2), (-TURN, ends[1] > TURN / 2)):
        if leaves:
            yield ring_path([(x + turn, y) for x, y in points])


def ring_path(points):
    """A closed line as an SVG path, or nothing when it is too small to be one."""
    steps = [
        (to[0] - start[0], to[1] - start[1]) for start, to in pairwise(points[:-1])
    ]
    if len(steps) < 2:
        return ""
    moves = "".join(f"{x}{'' if y < 0 else ' '}{y}" + " " for x, y in steps)
    return f"M{points[0][0]} {points[0][1]}l{moves.strip().replace(' -', '-')}z"


def outlines(topology, codes):
    """Code, and path, of each country; parts that are disputed go with their code."""
    arcs = list(read_arcs(topology))
    paths = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        code = CODES_WITHOUT_NUMBER.get(name) or codes[country["id"]]
        parts = country["arcs"]
        polygons = parts if country["type"] == "MultiPolygon" else [parts]
        rings = [read_ring(ring, arcs) for part in polygons for ring in part]
        path = "".join(path for ring in rings for path in ring_paths(ring))
        paths[code] = paths.get(code, "") + path
    paths.pop(ANTARCTICA)
    return sorted(paths.items())


def main(countries, iso3166):
    """Write the file."""
    listed = json.loads(Path(iso3166).read_text("utf-8"))["3166-1"]
    codes = {country["numeric"]: country["alpha_2"] for country in listed}
    rows = outlines(json.loads(Path(countries).read_text("utf-8")), codes)
    target = Path("flows/report/country_outlines.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{ORIGIN}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("country_iso2", "path"))
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
