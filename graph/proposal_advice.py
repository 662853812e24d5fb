"""What a person should know before deciding on a proposed place: names of the city like it, and what seems right."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from core.geography import metres_between
from core.types import Area, AreaKind, Place, PlaceKind, Point
from extraction.area_index import AreaIndex
from extraction.name_index import NameHit, NameIndex
from graph.proposal_decisions import DecisionKind
from graph.proposal_views import NearName, ProposalState, ProposalView, Suggestion

__all__ = ["KnownCity"]

_NEAR: Final = 6  # names shown
_SAME_NAME: Final = 0.8  # an official name, another name or the name in short
_ALIKE: Final = 0.6  # a name of four characters or more with a slip
_CLOSE_METRES: Final = 2_000.0
_FAR_METRES: Final = 5_000.0
_WIDE_METRES: Final = 1_000.0  # a spread beyond this is a road, or more than one place
_HOW: Final = {
    "exact": ("就是它的名称", "it is its name"),
    "alias": ("是它的别名", "it is another name of it"),
    "short": ("是它名称的简称或全称", "it is its name in short, or longer"),
    "fuzzy": ("与它的名称相近", "it is nearly its name"),
}


class KnownCity:
    """The city as it is known now: its names and where its districts are."""

    def __init__(self, areas: Sequence[Area], places: Sequence[Place]) -> None:
        self._areas = {area.id: area for area in areas}
        self._places = {place.id: place for place in places}
        self._names = NameIndex(areas, places)
        self._polygons = AreaIndex(areas)
        self._has_polygons = any(area.geometry for area in areas if area.kind is AreaKind.DISTRICT)

    @property
    def districts(self) -> Mapping[str, tuple[str, str]]:
        """Names of the districts by id, zh and en."""
        return {
            area.id: (area.name_zh, area.name_en) for area in self._areas.values() if area.kind is AreaKind.DISTRICT
        }

    def district_of(self, point: Point, else_in: str | None) -> str | None:
        """The district that holds a point. else_in: the answer of a city whose files hold no polygons."""
        if not self._has_polygons:
            return else_in
        districts, _ = self._polygons.locate([point.longitude], [point.latitude])
        return districts[0]

    def namesakes(self, name: str, kind: PlaceKind, district: str) -> list[str]:
        """Ids of the places of this kind and district that have this very name already."""
        hits = self._names.candidates(name, limit=50)
        found = [
            self._places[hit.target] for hit in hits if hit.how in ("exact", "alias") and hit.target in self._places
        ]
        return [place.id for place in found if place.kind is kind and place.area == district]

    def near(self, proposal: ProposalView) -> tuple[NearName, ...]:
        """What of the city has a name like it, by its two commonest spellings; the likeliest first."""
        hits: dict[str, NameHit] = {}
        for spelling in dict.fromkeys((proposal.name, proposal.name_zh, proposal.name_en)):
            for hit in self._names.candidates(spelling, limit=_NEAR):
                if hit.target not in hits or hit.similarity > hits[hit.target].similarity:
                    hits[hit.target] = hit
        near = [self._near(hit, proposal) for hit in hits.values()]
        near.sort(key=lambda one: (-one.similarity, one.metres if one.metres is not None else float("inf"), one.target))
        return tuple(near[:_NEAR])

    def suggestion(self, proposal: ProposalView, near: Sequence[NearName]) -> Suggestion:
        """What seems right."""
        same = [one for one in near if one.similarity >= _SAME_NAME and one.how != "fuzzy"]
        area = next((one for one in same if one.label == "Area" and one.how in ("exact", "alias")), None)
        if area:
            return Suggestion(
                DecisionKind.REJECT,
                None,
                f"这是区域“{area.name_zh}”的名称，不是地点",
                f"it is the name of an area, {area.name_en}",
            )
        here = [one for one in same if one.label == "Place" and _not_far(one, proposal)]
        if here and (len(here) == 1 or here[0].similarity > here[1].similarity):
            best = here[0]
            return Suggestion(
                DecisionKind.ALIAS,
                best.target,
                f"应是“{best.name_zh}”：{best.why_zh}",
                f"it should be {best.name_en}: {best.why_en}",
            )
        alike = [one for one in near if one.label == "Place" and one.similarity >= _ALIKE and _close(one, proposal)]
        if alike:
            best = alike[0]
            return Suggestion(
                DecisionKind.ALIAS, best.target, f"像是误写的“{best.name_zh}”：{best.why_zh}",
                f"it looks like {best.name_en}, misspelt: {best.why_en}",
            )  # fmt: skip
        return _by_where(proposal)

    def _near(self, hit: NameHit, proposal: ProposalView) -> NearName:
        place = self._places.get(hit.target)
        label: Literal["Place", "Area"] = "Place" if place else "Area"
        thing = place or self._areas[hit.target]
        district = place.area if place else self._district(hit.target)
        metres = None
        if place and proposal.location and proposal.location_basis == "reports":
            metres = round(metres_between(proposal.location, place.location), 1)
        zh, en = _HOW[hit.how]
        reasons_zh, reasons_en = [f"{zh}（{hit.name}）"], [f"{en} ({hit.name})"]
        if metres is not None:
            reasons_zh.append(f"相距 {metres:,.0f} 米")
            reasons_en.append(f"{metres:,.0f} m away")
        if place and proposal.districts:
            inside = district in {one.id for one in proposal.districts}
            name = self.districts.get(district or "", ("", ""))
            reasons_zh.append(f"在{name[0]}，{'反映也来自那里' if inside else '反映来自别处'}")
            reasons_en.append(f"in {name[1]}, {'as reports are' if inside else 'while reports come from elsewhere'}")
        return NearName(
            target=hit.target, label=label, kind=thing.kind.value, name=hit.name, name_zh=thing.name_zh, name_en=thing.name_en,
            how=hit.how, similarity=hit.similarity, district=district, metres=metres, why_zh="；".join(reasons_zh),
            why_en="; ".join(reasons_en),
        )  # fmt: skip

    def _district(self, target: str) -> str | None:
        area = self._areas.get(target)
        while area and area.kind is not AreaKind.DISTRICT:
            area = self._areas.get(area.parent) if area.parent else None
        return area.id if area else None


def _not_far(one: NearName, proposal: ProposalView) -> bool:
    """Whether nothing says that it is another place of the same name."""
    if one.metres is not None:
        return one.metres <= _FAR_METRES
    return not proposal.districts or one.district in {district.id for district in proposal.districts}


def _close(one: NearName, proposal: ProposalView) -> bool:
    """Whether where it is speaks for it."""
    if one.metres is not None:
        return one.metres <= _CLOSE_METRES
    return one.district in {district.id for district in proposal.districts}


def _by_where(proposal: ProposalView) -> Suggestion:
    """Whether reports tell well enough where it is."""
    if proposal.state is ProposalState.CANDIDATE:
        return Suggestion(None, None, f"目前只有 {proposal.reports} 条反映提到，可以再等等", _only(proposal.reports))
    if proposal.location_basis != "reports":
        return Suggestion(
            None, None, "提到它的反映都没有坐标：如果确有此地，请给出位置",
            "no report that names it has coordinates: if it is there, say where",
        )  # fmt: skip
    spread = proposal.spread_metres or 0.0
    if spread > _WIDE_METRES and proposal.kind != PlaceKind.ROAD.value:
        return Suggestion(
            None, None, f"坐标相距很远（四分之三在 {spread:,.0f} 米内）：可能是几个同名的地点",
            f"the coordinates lie far apart (three of four within {spread:,.0f} m): it may be several places of one name",
        )  # fmt: skip
    return Suggestion(
        DecisionKind.CONFIRM, None,
        f"{proposal.reports} 条反映提到，{proposal.located} 条有坐标，四分之三在 {spread:,.0f} 米内",
        f"{proposal.reports} reports name it, {proposal.located} with coordinates, three of four within {spread:,.0f} m",
    )  # fmt: skip


def _only(reports: int) -> str:
    return f"only {reports} {'report names' if reports == 1 else 'reports name'} it yet: it may wait"
