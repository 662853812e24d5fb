"""What speaks for and against a place that a name may mean, part by part; the parts sum up to its score.

A score begins with how well the name fits and stays in [0, 1]: what speaks for a candidate takes away a share of the doubt
that is left, what speaks against it a share of the score. This is how certainty factors combine (Shortliffe & Buchanan
1975), applied in one fixed order. Each part is the step that it made.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.geography import metres_between
from core.types import AreaKind, Considered, MentionKind, PlaceKind, Point
from extraction.fold import has_chinese
from extraction.geocode import Fix, Standing
from extraction.name_index import NameHit

__all__ = ["Other", "Weighing", "too_near"]

# Shares of doubt (positive) or of score (negative) that each part takes. Chosen on the authored cases of
# tests/geocoding_cases.jsonl and the demo city's reports.
_NAME: Final = 0.92  # × the name's similarity: even the exact name may be of something else
_KIND_FITS: Final = 0.10
_KIND_DIFFERS: Final = -0.25
_PRIOR: Final = 0.18  # a bare name is rather the district's than that of a part of it
_HISTORY: Final = 0.40  # × share of the earlier reports
_HISTORY_DOUBT: Final = 2.0  # earlier reports that count against any: one alone proves little
_AT_POINT: Final = 0.50  # × nearness
_OFF_POINT: Final = -0.25
_OFF_POINT_AREA: Final = -0.20
_AREA_BESIDE: Final = 0.50  # the area named right before or after the name
_AREA_NAMED: Final = 0.35  # … elsewhere in the report
_SUBDISTRICT: Final = 0.50
_ELSEWHERE: Final = -0.25
_ROAD_ELSEWHERE: Final = -0.20  # a road runs through more districts than the one it is listed in
_TOGETHER: Final = 0.40  # × closeness to another place named
_CROSSING: Final = 0.60  # … where both are roads, named together
_APART: Final = -0.15  # far from everything else that is named

_PLACE_METRES: Final = 1_500.0  # nearness falls to 1/e over this distance
_ROAD_METRES: Final = 3_000.0  # a road is known by one point on it
_OFF_METRES: Final = 4_000.0  # further from the coordinates speaks against it
_APART_METRES: Final = 15_000.0
_APART_SURE: Final = 0.65  # only what is this sure tells that another thing is far from it
_LEAST_SUPPORT: Final = 0.02
_SAME_DISTRICT: Final = 0.5  # the least closeness of two things in one district
_SEAT_METRES: Final = 2_500.0  # a subdistrict without polygon reaches this far from its seat
_FEWER_DOUBTS: Final = 1.2  # the best candidate's doubt must be so many times smaller than the next one's

_FITTING: Final[Mapping[MentionKind, tuple[frozenset[str], frozenset[str]]]] = {  # kinds that fit, and that may pass
    kind: (frozenset(fits), frozenset(passes))
    for kind, fits, passes in (
        (MentionKind.DISTRICT, {*AreaKind}, {PlaceKind.ESTATE, PlaceKind.POI}),
        (MentionKind.ROAD, {PlaceKind.ROAD}, {PlaceKind.POI}),
        (MentionKind.CROSSING, {PlaceKind.ROAD, PlaceKind.POI}, {PlaceKind.FACILITY}),
        (MentionKind.ESTATE, {PlaceKind.ESTATE}, {PlaceKind.POI, PlaceKind.FACILITY}),
        (MentionKind.POI, {PlaceKind.POI, PlaceKind.FACILITY}, {PlaceKind.ESTATE, PlaceKind.ROAD}),
        (MentionKind.ADDRESS, {PlaceKind.ROAD, PlaceKind.ESTATE}, {PlaceKind.POI, PlaceKind.FACILITY}),
        (MentionKind.ORGANIZATION, {PlaceKind.FACILITY, PlaceKind.POI}, {PlaceKind.ESTATE, PlaceKind.ROAD}),
    )
}
_HOW: Final = {
    "exact": "its name",
    "alias": "another name of it",
    "short": "its name in short",
    "fuzzy": "nearly its name",
}


@dataclass(frozen=True, slots=True)
class Other:
    """Something else that the report names: what it may mean, and how sure that is, in [0, 1].

    joined: whether the words name the two together ("A路与B路").
    """

    standing: Standing
    sure: float
    joined: bool


class Weighing:
    """A candidate while evidence is gathered. score: so far; parts: the step that each part made."""

    __slots__ = ("_hit", "parts", "reasons", "score", "standing")

    def __init__(self, hit: NameHit, standing: Standing) -> None:
        self._hit = hit
        self.standing = standing
        self.score = round(_NAME * hit.similarity, 4)
        self.parts = {"name": self.score}
        self.reasons = [f"{hit.name!r} is {_HOW[hit.how]}"]

    def after(self) -> "Weighing":
        """A copy to weigh further."""
        copy = Weighing(self._hit, self.standing)
        copy.score, copy.parts, copy.reasons = self.score, dict(self.parts), list(self.reasons)
        return copy

    def considered(self) -> Considered:
        """What is kept of it."""
        here = self.standing
        name = here.name_zh if has_chinese(self._hit.name) else here.name_en
        return Considered(here.target, name or here.name, self.score, self.parts, "; ".join(self.reasons))

    def weigh_kind(self, kind: MentionKind) -> None:
        """Whether it is of the kind that the words name."""
        fits, passes = _FITTING[kind]
        if self.standing.kind in fits:
            self._step("kind", _KIND_FITS)
        elif self.standing.kind not in passes:
            self._step("kind", _KIND_DIFFERS, f"a {self.standing.kind}, not a {kind}")

    def weigh_prior(self) -> None:
        """How likely it is before anything else is known."""
        if self.standing.kind in (AreaKind.CITY, AreaKind.DISTRICT):
            self._step("prior", _PRIOR)

    def weigh_history(self, counts: Mapping[str, int]) -> None:
        """How often earlier reports with this name meant it. counts: reports by target."""
        here = counts.get(self.standing.target, 0)
        if here > 0:
            share = here / (sum(counts.values()) + _HISTORY_DOUBT)
            self._step("history", _HISTORY * share, f"meant in {here} earlier reports")

    def weigh_point(self, point: Point, fix: Fix) -> None:
        """How far it is from the report's coordinates; those outside the city tell nothing."""
        if fix.smallest is None:
            return
        here = self.standing
        if here.is_area:
            if here.target in (fix.city, fix.district, fix.subdistrict):
                self._step("point", _AT_POINT, "holds the coordinates")
            elif here.district != fix.district:
                self._step("point", _OFF_POINT_AREA, "does not hold the coordinates")
            return
        metres = metres_between(point, here.point)
        scale = _ROAD_METRES if here.is_road else _PLACE_METRES
        if metres <= _OFF_METRES or (here.is_road and metres <= 2 * _OFF_METRES):
            self._step("point", _AT_POINT * math.exp(-metres / scale), f"{metres:,.0f} m from the coordinates")
        else:
            self._step("point", _OFF_POINT, f"{metres:,.0f} m from the coordinates")

    def weigh_areas(self, beside: Standing | None, named: Sequence[Standing]) -> None:
        """Whether it lies in an area that the report names. beside: the one named with it; named: all districts and below."""
        here = self.standing
        areas = [beside] if beside else [area for area in named if area.target != here.target]
        if not areas or here.district is None:
            return
        within = next(
            (a for a in areas if a.kind is AreaKind.SUBDISTRICT and here.target != a.target and _holds(a, here)), None
        )
        if within:
            self._step("area", _SUBDISTRICT, f"in {within.name}, as the report says")
            return
        around = next((area for area in areas if area.district == here.district), None)
        if around:
            weight = _AREA_BESIDE if beside else _AREA_NAMED
            if around.kind is not AreaKind.DISTRICT:
                weight *= 1 - _SAME_DISTRICT  # the same district, but not known to be in its part
            self._step("area", weight, f"in the district of {around.name}, as the report says")
        else:
            weight = _ROAD_ELSEWHERE if here.is_road else _ELSEWHERE
            self._step("area", weight, f"not in {areas[0].name}, which the report names")

    def weigh_others(self, others: Sequence[Other]) -> None:
        """How close it is to what else the report names."""
        best, support = None, _LEAST_SUPPORT
        for other in others:
            here = other.sure * _support(self.standing, other)
            if here > support:
                best, support = other, here
        if best:
            self._step("others", support, f"goes with {best.standing.name}")
            return
        sure = [other for other in others if other.sure >= _APART_SURE]
        if sure and not self.standing.is_area and all(_apart(self.standing, other.standing) for other in sure):
            self._step("others", _APART, "far from what else is named")

    def _step(self, part: str, weight: float, reason: str = "") -> None:
        step = round(weight * (1 - self.score if weight > 0 else self.score), 4)
        self.parts[part] = step
        self.score = round(self.score + step, 4)
        if reason:
            self.reasons.append(reason)


def too_near(best: float, other: float) -> bool:
    """Whether two scores leave open which candidate is meant: the other's doubt is not clearly greater."""
    return (1 - other) < _FEWER_DOUBTS * (1 - best)


def _holds(area: Standing, here: Standing) -> bool:
    """Whether a subdistrict holds a place: by its polygon, else by how near its seat is."""
    if here.subdistrict is not None:
        return here.subdistrict == area.target
    return here.district == area.district and metres_between(here.point, area.point) <= _SEAT_METRES


def _apart(one: Standing, other: Standing) -> bool:
    return one.district != other.district and metres_between(one.point, other.point) > _APART_METRES


def _support(here: Standing, other: Other) -> float:
    there = other.standing
    if here.target == there.target:
        return _TOGETHER
    scale = _ROAD_METRES if here.is_road or there.is_road else _PLACE_METRES
    near = math.exp(-metres_between(here.point, there.point) / scale)
    if other.joined and here.is_road and there.is_road:  # they cross, so one district is not near enough
        return _CROSSING * near
    same = here.district is not None and here.district == there.district
    return _TOGETHER * (max(near, _SAME_DISTRICT) if same else near)
