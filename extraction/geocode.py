"""Where a report happened: by its coordinates, else by the places, roads and areas it names; how sure, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.errors import BadInput
from core.geography import metres_between
from core.types import Area, AreaKind, Location, Mention, Place, PlaceChoice, PlaceKind, Point, Relation, RelationKind
from extraction.area_index import AreaIndex
from extraction.complaints import near_complaint

__all__ = ["GEOCODE_SOURCE", "Fix", "Geocoder", "Standing"]

GEOCODE_SOURCE: Final = "geocode@2"

# How sure each way is: judged, to be calibrated once reports with both names and coordinates exist.
_COORDINATES: Final = 0.95
_COORDINATES_CONTRADICTED: Final = 0.6  # a device may be at home while the trouble is elsewhere
_PLACE: Final = 0.85
_ROAD: Final = 0.65
_SUBDISTRICT: Final = 0.6
_DISTRICT: Final = 0.5
_CITY: Final = 0.2
_CONTRADICTED: Final = 0.5  # × when names disagree about the district
_OTHER_PLACE: Final = 0.6  # × for places named beside the one chosen
_NEAR_METRES: Final = 3000.0  # a place named further from the coordinates is hardly where it happened
_FAR_PLACE: Final = 0.3


class Fix(NamedTuple):  # a tuple is made three times faster than a frozen dataclass, and there are many
    """What the polygons say of a point: ids, None where no polygon holds it."""

    city: str | None
    district: str | None
    subdistrict: str | None
    cell: str | None

    @property
    def smallest(self) -> str | None:
        """The smallest area known."""
        return self.cell or self.subdistrict or self.district or self.city


@dataclass(frozen=True, slots=True)
class Standing:
    """What a target is and where it stands. point: an area's centroid; district: its own id for a district."""

    target: str
    name_zh: str
    name_en: str
    kind: AreaKind | PlaceKind
    point: Point
    district: str | None
    subdistrict: str | None

    @property
    def name(self) -> str:
        """What reasons call it."""
        return self.name_en or self.name_zh

    @property
    def is_area(self) -> bool:
        """Whether it is an area, not a place."""
        return isinstance(self.kind, AreaKind)

    @property
    def is_road(self) -> bool:
        """Whether it is a road."""
        return self.kind is PlaceKind.ROAD


@dataclass(frozen=True, slots=True)
class _Named:
    """An area or place that a report names. mention: index among its mentions, None for its address field."""

    target: str
    start: int
    confidence: float
    mention: int | None


class Geocoder:
    """Resolves locations against the city's areas and places; raises BadInput where two places share an id."""

    def __init__(self, areas: Sequence[Area], places: Sequence[Place], index: AreaIndex) -> None:
        self._areas: Mapping[str, Area] = {area.id: area for area in areas}
        self._places: Mapping[str, Place] = {place.id: place for place in places}
        self._index = index
        if len(self._places) < len(places):
            twice = Counter(place.id for place in places).most_common(1)[0][0]
            raise BadInput("places", twice, "an id that no other place has")
        self._fixes = dict(zip(self._places, self.fix([place.location for place in places]), strict=True))
        self._standings = {target: self._stand(target) for target in (*self._places, *self._areas)}

    def fix(self, points: Sequence[Point]) -> list[Fix]:
        """What the polygons say of these points, in one go; ids as arrays: `AreaIndex.levels`."""
        levels = self._index.levels([point.longitude for point in points], [point.latitude for point in points])
        return [*map(Fix._make, zip(*(ids.tolist() for ids in levels), strict=True))]

    def locate_point(self, point: Point) -> Fix:
        """What the polygons say of one point."""
        return self.fix([point])[0]

    def standing(self, target: str) -> Standing | None:
        """What an id stands for; None for one that the city does not know."""
        return self._standings.get(target)

    def _stand(self, target: str) -> Standing:
        place, district = self._places.get(target), self.district_of(target)
        if place:
            within = self._fixes[target].subdistrict
            return Standing(target, place.name_zh, place.name_en, place.kind, place.location, district, within)
        area = self._areas[target]
        within = target if area.kind is AreaKind.SUBDISTRICT else None
        return Standing(target, area.name_zh, area.name_en, area.kind, area.centroid, district, within)

    def district_of(self, target: str) -> str | None:
        """The district an area or place lies in; None for a city, a grid cell without one, and unknown ids."""
        place = self._places.get(target)
        area = self._areas.get(place.area if place else target)
        while area and area.kind is not AreaKind.DISTRICT:
            area = self._areas.get(area.parent) if area.parent else None
        return area.id if area else None

    def resolve(
        self,
        text: str,
        mentions: Sequence[Mention],
        choices: Sequence[PlaceChoice],
        *,
        beside: Sequence[Mention] = (),
        point: Point | None = None,
        fix: Fix | None = None,
    ) -> tuple[Location, list[Relation]]:
        """Where a report with these mentions happened, and its relations LOCATED_IN and AT.

        text: what the mentions' offsets count in. choices: what they and the address field mean; those of the address field
        (mention None) count first. beside: further mentions with targets. fix: what the polygons say of the point, if at hand.
        """
        named = [_Named(m.target, m.start, m.confidence, None) for m in beside if m.target]
        for choice in sorted(choices, key=lambda choice: choice.mention is not None):
            if choice.chosen:
                start = mentions[choice.mention].start if choice.mention is not None else 0
                named.append(_Named(choice.chosen, start, choice.score, choice.mention))
        places = [name for name in named if name.target in self._places]
        areas = [name for name in named if name.target in self._areas]
        districts = self._districts(text, areas)
        if point:
            return self._by_point(point, fix or self.locate_point(point), places, districts)
        if all(self._is_road(name) and self._other_district(name, districts) for name in places):
            # No place, or only roads that pass the district named too, though the point we know of them lies elsewhere.
            location, relations = self._by_area(areas, districts)
            return location, [*relations, *(self._at_elsewhere(name) for name in _once(places))]
        return self._by_place(places, districts)

    def _districts(self, text: str, areas: Sequence[_Named]) -> list[str]:
        """The districts named, the likeliest first: near a complaint, often, early."""
        score: dict[str, float] = {}
        for name in areas:
            district = self.district_of(name.target)
            if district:
                near = name.mention is None or near_complaint(text, name.start)
                score[district] = score.get(district, 0.0) + (2.0 if near else 1.0)
        return sorted(score, key=lambda district: -score[district])  # stable: the first named wins a tie

    def _by_point(
        self, point: Point, fix: Fix, places: Sequence[_Named], districts: Sequence[str]
    ) -> tuple[Location, list[Relation]]:
        relations = [self._at_near(name, point) for name in _once(places)]
        contradicted, said = self._contradiction(point, fix, places, districts)
        sure = _COORDINATES_CONTRADICTED if said else _COORDINATES
        if fix.smallest is None:
            reason = f"the coordinates lie outside the city{said}"
            location = Location(point, None, None, sure, "coordinates", reason, outside=True, contradicted=contradicted)
            return location, relations
        reason = f"point in polygon of {self._name(fix.district or fix.smallest)}{said}"
        location = Location(point, fix.smallest, fix.district, sure, "coordinates", reason, contradicted=contradicted)
        return location, [_located_in(location), *relations]

    def _contradiction(
        self, point: Point, fix: Fix, places: Sequence[_Named], districts: Sequence[str]
    ) -> tuple[str | None, str]:
        """The district that the text names instead of the coordinates', and how the reason says so.

        Where it names no district, its places tell: all of them far from the coordinates and in other districts.
        """
        if districts:
            if fix.district in districts:
                return None, ""
            return districts[0], f"; the text names {self._list(districts)}"
        apart = [metres_between(point, self._places[name.target].location) for name in places]
        elsewhere = [self.district_of(name.target) for name in places]
        if not places or fix.district in elsewhere or min(apart) <= _NEAR_METRES:
            return None, ""
        nearest = apart.index(min(apart))
        name = self._name(places[nearest].target)
        return elsewhere[nearest], f"; the text names {name}, {apart[nearest]:,.0f} m from there"

    def _by_place(self, places: Sequence[_Named], districts: Sequence[str]) -> tuple[Location, list[Relation]]:
        ranked = sorted(places, key=lambda name: (self._other_district(name, districts), self._is_road(name)))
        best = ranked[0]
        place, district, road = self._places[best.target], self.district_of(best.target), self._is_road(best)
        sure = (_ROAD if road else _PLACE) * best.confidence
        contradicted: str | None = None
        reason = f"named {self._name(best.target)}{f' in {self._name(district)}' if district else ''}"
        if self._other_district(best, districts):
            sure *= _CONTRADICTED
            contradicted = districts[0]
            reason += f", but the text names {self._list(districts)}"
        area = district or place.area if road else self._fixes[place.id].smallest or place.area
        method = "road" if road else "place"
        location = Location(place.location, area, district, round(sure, 3), method, reason, contradicted=contradicted)
        relations = [_located_in(location, best.mention)]
        for name in _once(ranked):
            chosen = name.target == best.target
            if chosen or self.district_of(name.target) == district:
                confidence = sure if chosen else name.confidence * _OTHER_PLACE
                relations.append(_at(name, round(confidence, 3), f"named {self._name(name.target)}"))
        return location, relations

    def _by_area(self, areas: Sequence[_Named], districts: Sequence[str]) -> tuple[Location, list[Relation]]:
        if not areas:
            return Location(None, None, None, 0.0, "none", "names no place or area of the city"), []
        district = districts[0] if districts else None
        inside = [name for name in areas if self.district_of(name.target) == district]
        best = min(inside, key=lambda name: self._areas[name.target].kind is not AreaKind.SUBDISTRICT)
        area = self._areas[best.target]
        level = {AreaKind.SUBDISTRICT: _SUBDISTRICT, AreaKind.CITY: _CITY}.get(area.kind, _DISTRICT)
        sure, reason = level * best.confidence, f"named {self._name(area.id)}"
        if len(districts) > 1:
            sure *= _CONTRADICTED
            reason += f", first of {len(districts)} districts named ({self._list(districts)})"
        location = Location(area.centroid, area.id, district, round(sure, 3), "area", reason)
        return location, [_located_in(location, best.mention)]

    def _at_elsewhere(self, name: _Named) -> Relation:
        district = self.district_of(name.target)
        reason = f"named {self._name(name.target)}, known in {self._name(district) if district else 'no district'}"
        return _at(name, round(_ROAD * _CONTRADICTED * name.confidence, 3), reason)

    def _at_near(self, name: _Named, point: Point) -> Relation:
        metres = metres_between(point, self._places[name.target].location)
        sure = _PLACE if metres <= _NEAR_METRES else _FAR_PLACE
        reason = f"named {self._name(name.target)}, {metres:,.0f} m from the coordinates"
        return _at(name, round(sure * name.confidence, 3), reason)

    def _other_district(self, name: _Named, districts: Sequence[str]) -> bool:
        return bool(districts) and self.district_of(name.target) not in districts

    def _is_road(self, name: _Named) -> bool:
        return self._places[name.target].kind is PlaceKind.ROAD

    def _name(self, target: str) -> str:
        known = self._standings.get(target)
        return known.name if known else target

    def _list(self, targets: Sequence[str]) -> str:
        return " and ".join(self._name(target) for target in targets)


def _once(names: Sequence[_Named]) -> list[_Named]:
    """The first naming of each."""
    return list({name.target: name for name in reversed(names)}.values())[::-1]


def _located_in(location: Location, mention: int | None = None) -> Relation:
    return Relation(
        RelationKind.LOCATED_IN, location.area or "", location.confidence, location.reason, GEOCODE_SOURCE, mention
    )


def _at(name: _Named, confidence: float, reason: str) -> Relation:
    return Relation(RelationKind.AT, name.target, confidence, reason, GEOCODE_SOURCE, name.mention)
