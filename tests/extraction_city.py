"""A small city for the extraction's tests: two square districts of 0.1°, cut into grid cells of 0.05°, some names."""

import json
from datetime import UTC, datetime

from core.types import Area, AreaKind, Language, Place, PlaceKind, Point, Report

WEST, EAST, CITY = "yuelu", "yuhua", "changsha"
IN_WEST, IN_EAST, OUTSIDE = Point(112.86, 28.26), Point(112.96, 28.26), Point(2.35, 48.86)


def square(west: float, south: float, size: float) -> str:
    east, north = round(west + size, 6), round(south + size, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def cell(district: str, number: int, west: float, south: float) -> Area:
    name = f"{district}-{number}"
    return Area(
        name, AreaKind.GRID, f"网格 {name}", name, Point(west, south), 1.0, district, geometry=square(west, south, 0.05)
    )


CORNERS = [(0.0, 0.0), (0.05, 0.0), (0.0, 0.05), (0.05, 0.05)]
AREAS = [
    Area(CITY, AreaKind.CITY, "长沙市", "Changsha", Point(112.9, 28.25), 2.0, aliases=("A市", "长沙")),
    Area(
        WEST, AreaKind.DISTRICT, "岳麓区", "Yuelu District", Point(112.85, 28.25), 1.0, CITY,
        geometry=square(112.8, 28.2, 0.1), aliases=("A3区", "A3", "岳麓", "Yuelu"),
    ),
    Area(
        EAST, AreaKind.DISTRICT, "雨花区", "Yuhua District", Point(112.95, 28.25), 1.0, CITY,
        geometry=square(112.9, 28.2, 0.1), aliases=("A5区", "雨花", "Yuhua"),
    ),
    Area("yuelu-meixihu", AreaKind.SUBDISTRICT, "梅溪湖街道", "Meixihu Subdistrict", Point(112.84, 28.24), 0.0, WEST),
    *(cell(WEST, n, 112.8 + x, 28.2 + y) for n, (x, y) in enumerate(CORNERS)),
    *(cell(EAST, n, 112.9 + x, 28.2 + y) for n, (x, y) in enumerate(CORNERS)),
]  # fmt: skip
PLACES = [
    Place("park", "梅溪湖公园", "Meixi Lake Park", PlaceKind.POI, IN_WEST, WEST, aliases=("梅溪湖",)),
    Place("wanjiali", "万家丽北路", "Wanjiali North Road", PlaceKind.ROAD, IN_EAST, EAST),
    Place("renmin-west", "人民公园", "People's Park West", PlaceKind.POI, IN_WEST, WEST),
    Place("renmin-east", "人民公园", "People's Park East", PlaceKind.POI, IN_EAST, EAST),
    Place("school", "砂子塘小学", "Shazitang Primary School", PlaceKind.FACILITY, IN_EAST, EAST, sensitive="school"),
]


def report(text: str, language: Language = "zh", location: Point | None = None, **more: str | None) -> Report:
    moment = datetime(2026, 5, 1, 8, tzinfo=UTC)
    return Report(
        id=f"test:{text[:20]}", text=text, language=language, channel="web", source="test", reported_at=moment,
        received_at=moment, location=location, subject=more.get("subject"), address=more.get("address"),
    )  # fmt: skip
