"""Another city needs only files."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from city_graph import DEMO, SHARED, coarse_city, dump, needs_shared

from core.errors import BadInput, NotFound, UnreadableFile
from core.taxonomy import load_taxonomy
from core.types import AreaKind, Report
from extraction.pipeline import Pipeline
from graph.city import load_city
from graph.plans import PlanReader
from graph.reader import Reader
from graph.writer import write_city, write_taxonomy

CREW = {
    "id": "crew-1", "name_zh": "一班", "name_en": "Crew 1", "department": "works", "skills": ["littering"],
    "shift": {"days": ["mon"], "start": "08:00", "end": "16:00"}, "capacity": 4,
    "base": {"longitude": -122.42, "latitude": 37.77}, "covers": ["sf:Mission"], "speed_kmh": 20, "hourly_cost": 90,
}  # fmt: skip
DEPARTMENT = {"id": "works", "name_zh": "市政", "name_en": "Public Works", "categories": ["littering", "obstruction"]}
CITY = {
    "id": "sf", "name_zh": "旧金山", "name_en": "San Francisco", "timezone": "America/Los_Angeles", "language": "en",
    "projected_crs": "EPSG:26910", "boundaries": {"file": "districts.geojson"}, "grid_cell_metres": 2000,
}  # fmt: skip
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-122.5, 37.7], [-122.4, 37.7], [-122.4, 37.8], [-122.5, 37.8], [-122.5, 37.7]]],
}


@pytest.fixture
def folder(tmp_path):
    """A city of one square district."""
    features = [{"type": "Feature", "properties": {"name": "Mission"}, "geometry": SQUARE}]
    (tmp_path / "districts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (tmp_path / "city.yaml").write_text(yaml.safe_dump(CITY, allow_unicode=True))
    (tmp_path / "crews.yaml").write_text(yaml.safe_dump({"crews": [CREW]}, allow_unicode=True))
    (tmp_path / "departments.yaml").write_text(yaml.safe_dump({"departments": [DEPARTMENT]}, allow_unicode=True))
    shutil.copy(DEMO / "rules.yaml", tmp_path / "rules.yaml")
    return tmp_path


def change(folder, name, edit):
    data = yaml.safe_load((folder / name).read_text())
    edit(data)
    (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True))


def test_a_city_of_files_loads(folder):
    city = load_city(str(folder))
    assert [area.name_en for area in city.areas if area.kind is AreaKind.DISTRICT] == ["Mission"]
    assert city.crews[0].covers == ("sf:Mission",)


@needs_shared
def test_san_francisco_loads_from_its_neighbourhoods_and_finds_a_report_in_them(folder, store):
    shutil.copy(SHARED / "san_francisco_neighborhoods.geojson", folder / "districts.geojson")
    city = load_city(str(folder))
    districts = [area for area in city.areas if area.kind is AreaKind.DISTRICT]
    assert len(districts) == 37
    assert sum(area.area_m2 for area in districts) / 1e6 == pytest.approx(121, rel=0.05)  # km² of land
    write_taxonomy(store, load_taxonomy())
    write_city(store, city)
    once = dump(store)
    write_city(store, city)
    assert dump(store) == once
    at = datetime(2026, 1, 1, tzinfo=UTC)
    report = Report("r", "Mattress dumped at the corner in Bernal Heights", "en", "web", "test", at, at)
    located = Pipeline(city.areas, city.places, language_default="en").extract([report])[0].location
    assert located.district == "sf:Bernal Heights"


def test_what_the_files_name_no_longer_is_retired_and_comes_back_when_they_do(store):
    whole = coarse_city()
    write_taxonomy(store, load_taxonomy())
    write_city(store, whole)
    before = dump(store)
    gone, kept = whole.crews[0], replace(whole.crews[1], covers=whole.crews[1].covers[:1])
    cells = [area.id for area in whole.areas if area.kind is AreaKind.GRID]
    fewer = replace(
        whole,
        crews=(kept, *whole.crews[2:]),
        areas=tuple(area for area in whole.areas if area.id != cells[0]),
        borders=tuple(border for border in whole.borders if cells[0] not in (border.first, border.second)),
    )
    write_city(store, fewer)
    assert gone.id not in {crew.id for crew in PlanReader(store).crews()}
    assert cells[0] not in {area.id for area in Reader(store).all_areas()}
    covered = store.read("MATCH (:Crew {id: $id})-[:COVERS]->(area:Area) RETURN area.id AS id", id=kept.id)
    assert [row["id"] for row in covered] == list(kept.covers)
    write_city(store, whole)
    assert dump(store) == before


def test_an_unknown_city_is_named():
    with pytest.raises(NotFound, match="'atlantis'"):
        load_city("atlantis")


@pytest.mark.parametrize(
    ("file", "edit", "said"),
    [
        ("city.yaml", lambda d: d.update(timezone="Mars/Base"), r"city\.yaml: timezone.*IANA"),
        ("city.yaml", lambda d: d.update(colour="red"), r"city\.yaml: colour"),
        ("city.yaml", lambda d: d["boundaries"].update(name_field="nom"), r"name_field: 'nom'.*districts\.geojson"),
        ("crews.yaml", lambda d: d["crews"][0].update(capacity=0), r"crews\.yaml: crews\[0\]: capacity: 0"),
        ("crews.yaml", lambda d: d["crews"][0].update(skills=["nois"]), r"crews\[0\].*did you mean 'noise'"),
        ("crews.yaml", lambda d: d["crews"][0]["base"].update(latitude=91), r"base\.latitude: 91"),
        ("departments.yaml", lambda d: d.update(departments="all"), r"departments.*a list"),
        (
            "crews.yaml",
            lambda d: d["crews"][0].update(covers=["sf:Misson"]),
            r"covers: 'sf:Misson' is not the id of an area",
        ),
        ("crews.yaml", lambda d: d["crews"][0].update(department="dpw2"), r"department: 'dpw2' is not one of"),
        ("city.yaml", lambda d: d.update(projected_crs="EPSG:4326"), r"projected_crs.*not projected in metres"),
        ("city.yaml", lambda d: d.update(projected_crs="EPSG:0"), r"projected_crs.*coordinate reference system"),
    ],
)
def test_a_field_that_does_not_fit_is_named_with_file_value_and_what_was_expected(folder, file, edit, said):
    change(folder, file, edit)
    with pytest.raises(BadInput, match=said):
        load_city(str(folder))


def test_a_missing_file_is_named(folder):
    (folder / "crews.yaml").unlink()
    with pytest.raises(UnreadableFile, match=r"crews\.yaml"):
        load_city(str(folder))


def test_aliases_of_an_unknown_area_are_refused(folder, tmp_path):
    path = tmp_path / "aliases.yaml"
    path.write_text("nowhere: [X]")
    with pytest.raises(BadInput, match="aliases: 'nowhere'"):
        load_city(str(folder), path)


def test_the_demo_city_is_whole():
    city = coarse_city()
    districts = {area.id for area in city.areas if area.kind is AreaKind.DISTRICT}
    assert len(city.crews) >= 40
    assert all(set(crew.covers) <= districts for crew in city.crews)
    assert {place.area for place in city.places} == districts
    answered = {code for department in city.departments for code in department.categories}
    assert all(category.code in answered or category.top in answered for category in load_taxonomy())
