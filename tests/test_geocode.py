"""Where a report happened, how sure that is, and why."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from extraction_city import AREAS, CITY, EAST, IN_EAST, IN_WEST, OUTSIDE, PLACES, WEST, report, square
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadGeometry, BadInput
from core.types import Area, AreaKind, Point, RelationKind
from extraction.area_index import AreaIndex
from extraction.geocode import Geocoder
from extraction.pipeline import Pipeline

PIPELINE = Pipeline(AREAS, PLACES)


def extract(text, location=None, language="zh"):
    return PIPELINE.extract([report(text, language, location)])[0]


def located(text, location=None, language="zh"):
    return extract(text, location, language).location


def test_coordinates_give_the_grid_cell_and_its_district_with_high_confidence():
    location = located("有垃圾", IN_WEST)
    assert (location.area, location.district, location.method) == ("yuelu-3", WEST, "coordinates")
    assert location.point == IN_WEST
    assert location.confidence > 0.9
    assert location.reason == "point in polygon of Yuelu District"


def test_a_district_named_that_contradicts_the_coordinates_lowers_the_confidence_and_is_said():
    location = located("雨花区有垃圾", IN_WEST)
    assert location.district == WEST
    assert location.confidence < located("岳麓区有垃圾", IN_WEST).confidence
    assert "Yuhua District" in location.reason


def test_the_district_that_the_text_names_instead_is_recorded():
    assert located("雨花区有垃圾", IN_WEST).contradicted == EAST
    assert located("岳麓区有垃圾", IN_WEST).contradicted is None
    assert located("从岳麓区到雨花区都是垃圾", IN_WEST).contradicted is None
    assert located("雨花区有垃圾", OUTSIDE).contradicted == EAST
    assert located("雨花区梅溪湖公园有人占道").contradicted == EAST


def test_places_named_far_from_the_coordinates_contradict_them_too():
    location = located("砂子塘小学门口有垃圾", IN_WEST)
    assert (location.district, location.contradicted) == (WEST, EAST)
    assert location.confidence < located("梅溪湖公园有垃圾", IN_WEST).confidence
    assert "the text names Shazitang Primary School, 9," in location.reason


def test_a_place_named_near_the_coordinates_contradicts_nothing():
    assert located("梅溪湖公园有垃圾", IN_WEST).contradicted is None
    assert located("梅溪湖公园和砂子塘小学都有垃圾", IN_WEST).contradicted is None


def test_coordinates_outside_the_city_are_kept_and_marked():
    extraction = extract("有垃圾", OUTSIDE)
    location = extraction.location
    assert (location.point, location.area, location.district, location.outside) == (OUTSIDE, None, None, True)
    assert [r for r in extraction.relations if r.kind is RelationKind.LOCATED_IN] == []


def test_coordinates_that_are_no_numbers_count_as_none():
    location = located("岳麓区有垃圾", Point(float("nan"), 28.2))
    assert (location.method, location.district, location.outside) == ("area", WEST, False)


def test_a_place_gives_its_position_cell_and_district():
    location = located("梅溪湖公园有垃圾")
    assert (location.point, location.area, location.district) == (IN_WEST, "yuelu-3", WEST)
    assert location.method == "place"


def test_a_place_is_surer_than_a_road_a_road_than_a_subdistrict_and_so_on_down():
    texts = ["梅溪湖公园有垃圾", "万家丽北路有垃圾", "梅溪湖街道有垃圾", "岳麓区有垃圾", "长沙有垃圾", "有垃圾"]
    sure = [located(text).confidence for text in texts]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == len(sure)
    assert [located(text).method for text in texts] == ["place", "road", "area", "area", "area", "none"]


def test_a_road_alone_is_placed_in_its_district_not_in_one_cell():
    location = located("万家丽北路堵车")
    assert (location.area, location.district, location.method) == (EAST, EAST, "road")


def test_of_several_places_the_one_in_the_district_named_is_chosen():
    assert located("从梅溪湖公园到雨花区砂子塘小学都是垃圾").district == EAST


def test_a_place_beats_a_road():
    assert located("万家丽北路的砂子塘小学").method == "place"


def test_a_place_in_another_district_than_the_one_named_is_less_sure():
    location = located("雨花区梅溪湖公园有人占道")
    assert location.district == WEST
    assert location.confidence < located("岳麓区梅溪湖公园有人占道").confidence
    assert "but the text names Yuhua District" in location.reason


def test_a_road_known_elsewhere_does_not_move_a_report_out_of_the_district_it_names():
    extraction = extract("岳麓区万家丽北路堵车")
    assert (extraction.location.district, extraction.location.method) == (WEST, "area")
    at = next(r for r in extraction.relations if r.kind is RelationKind.AT)
    assert at.target == "wanjiali"
    assert "Yuhua District" in at.reason


def test_a_school_named_after_its_district_stands_there_but_a_road_does_not():
    assert located("A3区第一小学门口有垃圾").district == WEST
    assert located("A3区大道上有垃圾").district is None


def test_an_area_named_gives_its_centroid():
    location = located("雨花区有垃圾")
    assert (location.point, location.area, location.district) == (Point(112.95, 28.25), EAST, EAST)


def test_a_subdistrict_named_gives_its_district_too():
    location = located("梅溪湖街道有垃圾")
    assert (location.area, location.district) == ("yuelu-meixihu", WEST)


def test_the_city_alone_has_no_district():
    location = located("长沙市的垃圾")
    assert (location.area, location.district) == (CITY, None)


def test_of_several_districts_the_one_named_most_wins_with_less_confidence():
    location = located("岳麓区不说了，雨花区有垃圾，雨花区很吵")
    assert location.district == EAST
    assert location.confidence < located("雨花区有垃圾").confidence


def test_nothing_named_is_nowhere():
    location = located("垃圾太多了")
    assert (location.point, location.area, location.method, location.confidence) == (None, None, "none", 0.0)


def test_the_smallest_area_is_the_one_relation_located_in():
    for text, point in (("岳麓区梅溪湖公园", None), ("垃圾", IN_EAST), ("雨花区", None)):
        extraction = extract(text, point)
        inside = [r.target for r in extraction.relations if r.kind is RelationKind.LOCATED_IN]
        assert inside == [extraction.location.area]


def test_a_place_named_far_from_the_coordinates_is_hardly_where_it_happened():
    def at(point):
        return next(r for r in extract("梅溪湖公园", point).relations if r.kind is RelationKind.AT)

    assert at(IN_EAST).confidence < at(IN_WEST).confidence
    assert "m from the coordinates" in at(IN_EAST).reason


@given(st.lists(st.tuples(st.floats(112.7, 113.1), st.floats(28.1, 28.4)), max_size=50))
@settings(deadline=None)
def test_locating_many_points_agrees_with_testing_each_polygon(points):
    x, y = [p[0] for p in points], [p[1] for p in points]
    districts, cells = AreaIndex(AREAS).locate(x, y)
    for kind, found in ((AreaKind.DISTRICT, districts), (AreaKind.GRID, cells)):
        layer = [(a.id, shapely.from_geojson(a.geometry)) for a in AREAS if a.kind is kind and a.geometry]
        for point, identifier in zip(points, found, strict=True):
            holders = [name for name, shape in layer if shapely.intersects_xy(shape, *point)]
            assert identifier == (holders[0] if holders else None)


@given(st.lists(st.tuples(st.floats(112.7, 113.1), st.floats(28.1, 28.4)), max_size=30))
@settings(deadline=None)
def test_all_levels_of_many_points_are_those_of_each_point_alone(points):
    index = AreaIndex(AREAS)
    geocoder = Geocoder(AREAS, PLACES, index)
    alone = [geocoder.locate_point(Point(*point)) for point in points]
    assert geocoder.fix([Point(*point) for point in points]) == alone
    _, districts, subdistricts, cells = index.levels([p[0] for p in points], [p[1] for p in points])
    assert [fix.district for fix in alone] == list(districts)
    assert [fix.subdistrict for fix in alone] == list(subdistricts)
    assert [fix.cell for fix in alone] == list(cells)


def test_a_point_on_a_border_belongs_to_the_area_given_first():
    districts, _ = AreaIndex(AREAS).locate([112.9], [28.25])
    assert list(districts) == [WEST]


def test_no_areas_hold_no_points():
    districts, cells = AreaIndex([]).locate(np.array([112.9, np.inf]), np.array([28.2, np.nan]))
    assert list(districts) == list(cells) == [None, None]


@pytest.mark.parametrize(
    "geometry", ["{", '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon","coordinates":[]}']
)
def test_a_geometry_that_is_no_polygon_is_refused_by_name(geometry):
    broken = Area("broken", AreaKind.DISTRICT, "坏", "Broken", Point(0, 0), 0.0, geometry=geometry)
    with pytest.raises(BadGeometry, match="broken"):
        AreaIndex([broken])


def test_a_city_without_grid_cells_still_gives_districts():
    pipeline = Pipeline([a for a in AREAS if a.kind is not AreaKind.GRID], PLACES)
    location = pipeline.extract([report("垃圾", location=IN_WEST)])[0].location
    assert (location.area, location.district) == (WEST, WEST)


def test_a_subdistrict_with_a_polygon_is_used_where_there_is_no_cell():
    areas = [a for a in AREAS if a.kind is not AreaKind.GRID]
    areas.append(
        Area("sub", AreaKind.SUBDISTRICT, "西街道", "West", IN_WEST, 1.0, WEST, geometry=square(112.85, 28.25, 0.02))
    )
    location = Pipeline(areas, PLACES).extract([report("垃圾", location=IN_WEST)])[0].location
    assert (location.area, location.district) == ("sub", WEST)


def test_the_city_of_a_point_is_known_by_its_outline_or_its_grid_cell():
    outlined = [replace(a, geometry=square(112.7, 28.1, 0.4)) if a.id == CITY else a for a in AREAS]
    geocoder = Geocoder(outlined, PLACES, AreaIndex(outlined))
    edge = geocoder.locate_point(Point(112.75, 28.15))
    assert (edge.city, edge.district, edge.smallest) == (CITY, None, CITY)
    assert geocoder.locate_point(IN_WEST).city == CITY
    assert geocoder.locate_point(OUTSIDE).smallest is None


def test_what_an_id_stands_for_is_known():
    geocoder = Geocoder(AREAS, PLACES, AreaIndex(AREAS))
    park = geocoder.standing("park")
    assert (park.name, park.district, park.point, park.is_area) == ("Meixi Lake Park", WEST, IN_WEST, False)
    assert geocoder.standing("yuelu-meixihu").subdistrict == "yuelu-meixihu"
    assert geocoder.standing("nobody") is None


def test_two_places_of_one_id_are_refused_by_name():
    with pytest.raises(BadInput, match="park"):
        Pipeline(AREAS, [*PLACES, PLACES[0]])
