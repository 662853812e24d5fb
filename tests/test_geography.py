"""Boundaries → areas, grid cells and borders."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from city_graph import SHARED, coarse_city, needs_shared

from core.errors import BadGeometry, BadInput, UnreadableFile
from core.types import AreaKind
from graph.datum import wgs84_to_bd09, wgs84_to_gcj02
from graph.geography import Boundary, border_pairs, cut_grid, make_areas, read_boundaries

CRS = "EPSG:4547"


def square(west, south, size=0.1):
    return shapely.box(west, south, west + size, south + size)


@pytest.fixture
def two_squares():
    return gpd.GeoDataFrame(
        {"name": ["w", "e"]}, geometry=[square(112.9, 28.1), square(113.0, 28.1)], crs=4326
    ).set_index(gpd.pd.Index(["w", "e"]))


def write(path, *geometries):
    features = [{"type": "Feature", "properties": {"name": str(n)}, "geometry": g} for n, g in enumerate(geometries)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def test_a_polygon_that_crosses_itself_is_refused_with_the_place_of_the_crossing(tmp_path):
    bow_tie = polygon((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))
    with pytest.raises(BadGeometry, match=r"features\[1\]\.geometry.*Self-intersection\[0\.5 0\.5\]"):
        read_boundaries(write(tmp_path / "x.geojson", polygon((0, 0), (1, 0), (1, 1), (0, 0)), bow_tie))


def test_a_ring_that_only_touches_itself_is_split_and_covers_the_same_ground(tmp_path):
    two_triangles = polygon((0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4), (0, 0))
    frame = read_boundaries(write(tmp_path / "x.geojson", two_triangles))
    assert frame.geometry.is_valid.all()
    assert frame.geometry.iloc[0].equals(
        shapely.union_all([shapely.Polygon([(0, 0), (2, 2), (0, 4)]), shapely.Polygon([(4, 0), (4, 4), (2, 2)])])
    )


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "it is empty"),
        ({"type": "Point", "coordinates": [0, 0]}, "a Polygon or MultiPolygon"),
        (polygon((0, 0), (400, 0), (400, 1), (0, 0)), "within longitude"),
    ],
)
def test_what_is_no_polygon_on_the_globe_is_refused(tmp_path, geometry, said):
    good = polygon((0, 0), (1, 0), (1, 1), (0, 0))
    with pytest.raises(BadGeometry, match=said):
        read_boundaries(write(tmp_path / "x.geojson", good, geometry))


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"{", b"not geojson", b'{"type": "FeatureCollection", "features": []}']
)
def test_a_file_that_holds_no_polygons_is_named(tmp_path, content):
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="boundaries"):
        read_boundaries(path)


def test_an_unknown_datum_is_refused(tmp_path):
    with pytest.raises(BadInput, match="datum: 'cgcs2000'"):
        read_boundaries(write(tmp_path / "x.geojson", polygon((0, 0), (1, 0), (1, 1), (0, 0))), datum="cgcs2000")


@pytest.mark.parametrize(("datum", "shift"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_boundaries_of_a_chinese_web_map_are_brought_to_wgs84(tmp_path, datum, shift):
    corners = np.array([(112.9, 28.1), (113.0, 28.1), (113.0, 28.2), (112.9, 28.1)])
    drawn = polygon(*zip(*(column.tolist() for column in shift(*corners.T)), strict=True))
    (read,) = read_boundaries(write(tmp_path / "x.geojson", drawn), datum=datum).geometry
    assert np.allclose(shapely.get_coordinates(read), corners, atol=1e-8)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_geojson_geopackage_and_shapefile_are_read_alike(tmp_path, two_squares, suffix):
    two_squares.reset_index(drop=True).to_crs(CRS).to_file(tmp_path / f"x{suffix}")
    read = read_boundaries(tmp_path / f"x{suffix}")
    assert read.crs.to_epsg() == 4326
    assert read.geometry.iloc[0].symmetric_difference(square(112.9, 28.1)).area < 1e-9


def test_cells_cover_their_district_without_overlap_and_cross_no_border(two_squares):
    cells = cut_grid(two_squares, cell_metres=3000, projected_crs=CRS)
    metric = two_squares.to_crs(CRS)
    for district in ("w", "e"):
        own = [cell for cell in cells if cell.parent == district]
        assert sum(cell.area_m2 for cell in own) == pytest.approx(metric.geometry[district].area, rel=1e-6)
        shapes = [shapely.from_geojson(cell.geometry) for cell in own]
        assert all(shape.within(two_squares.geometry[district].buffer(1e-5)) for shape in shapes)
    assert len({cell.id for cell in cells}) == len(cells)


def test_the_city_is_the_union_of_its_districts(two_squares):
    boundaries = {name: Boundary(name, name, name) for name in ("w", "e")}
    city, *districts = make_areas(two_squares, boundaries, Boundary("c", "城", "City"), projected_crs=CRS)
    assert city.kind is AreaKind.CITY
    assert city.area_m2 == pytest.approx(sum(one.area_m2 for one in districts), rel=1e-6)
    assert {one.parent for one in districts} == {"c"}


def test_neighbours_share_a_border_of_the_right_length_and_corners_do_not_count(two_squares):
    four = gpd.pd.concat([two_squares, gpd.GeoDataFrame(geometry=[square(113.0, 28.2)], index=["ne"], crs=4326)])
    boundaries = {name: Boundary(name, name, name) for name in four.index}
    areas = make_areas(gpd.GeoDataFrame(four), boundaries, Boundary("c", "城", "City"), projected_crs=CRS)[1:]
    pairs = {(one.first, one.second): one.metres for one in border_pairs(areas, projected_crs=CRS)}
    assert set(pairs) == {("e", "w"), ("e", "ne")}
    assert pairs["e", "w"] == pytest.approx(11_080, rel=0.01)  # a tenth of a degree of latitude


def test_changsha_has_nine_districts_of_the_published_size():
    districts = [area for area in coarse_city().areas if area.kind is AreaKind.DISTRICT]
    assert len(districts) == 9
    assert sum(area.area_m2 for area in districts) / 1e6 == pytest.approx(11_819, rel=0.01)  # km², Changsha's yearbook
    assert all(area.name_en.isascii() and not area.name_zh.isascii() for area in districts)


@needs_shared
def test_changshas_boundaries_were_shifted_from_gcj02():
    shared = gpd.read_file(SHARED / "changsha_districts.geojson").set_index("adcode").to_crs(CRS)
    area = next(area for area in coarse_city().areas if area.id == "430102")
    ours = gpd.GeoSeries([shapely.from_geojson(area.geometry)], crs=4326).to_crs(CRS).iloc[0]
    assert 300 < ours.centroid.distance(shared.geometry[430102].centroid) < 800
