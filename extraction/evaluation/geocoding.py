"""How often a text is placed where it belongs: the right place or area, the right district, a wrong one, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

from core.errors import UnreadableFile
from core.language import detect_language
from core.lines import read_objects, required_text
from core.types import Area, AreaKind, Extraction, Extractor, Language, Place, Point, RelationKind, Report
from extraction.evaluation.answers import overlap
from extraction.evaluation.gold import as_report

__all__ = ["GeocodingCase", "GeocodingFigures", "Outcomes", "evaluate_geocoding", "load_cases", "load_truth"]


@dataclass(frozen=True, slots=True)
class GeocodingCase:
    """A text and the id of the place or area that it means; None where it means none of the city, or may mean several.

    name: the words of the text, or of its address, that mean it; None: the report as a whole. group: what makes it hard.
    """

    where: str
    report: Report
    target: str | None
    name: str | None = None
    group: str = ""


class Outcomes(NamedTuple):
    """How many answers were right, wrong, or not given. Where nothing is meant, no answer is right."""

    right: int
    wrong: int
    abstained: int

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self)


@dataclass(frozen=True, slots=True)
class GeocodingFigures:
    """Outcomes of cases.

    place: of those that mean a place or an area; district: of these, where it lies in a district; nothing: of those that mean no
    place of the city, where naming one is wrong.
    """

    place: Outcomes
    district: Outcomes
    nothing: Outcomes


def load_cases(path: Path, areas: Sequence[Area], places: Sequence[Place]) -> list[GeocodingCase]:
    """Cases of a JSONL file: text, target (an id, or null); where given language, subject, address, coordinates, name, group.

    Raises UnreadableFile with file:line and field where a row does not fit, or its target is nothing of the city.
    """
    known = {area.id for area in areas} | {place.id for place in places}
    cases = [_case(row, where, known) for where, row in read_objects(path)]
    if not cases:
        raise UnreadableFile(path.name, "no case", "at least one JSON object with text and target")
    return cases


def load_truth(reports: Path, truth: Path) -> list[GeocodingCase]:
    """A city's sample reports with the place that each was written about (id, place); those about none are left out.

    Their coordinates are left out too: they would tell the district.
    """
    places = {str(row.get("id")): row.get("place") for _, row in read_objects(truth)}
    return [
        GeocodingCase(where, _report(row, where, words_only=True), place)
        for where, row in read_objects(reports)
        if (place := places.get(str(row.get("id"))))
    ]


def evaluate_geocoding(
    extractor: Extractor, cases: Sequence[GeocodingCase], areas: Sequence[Area], places: Sequence[Place]
) -> GeocodingFigures:
    """Judge where an extractor places texts, or what it takes the words for that a case asks about."""
    by_area = {area.id: area for area in areas}
    by_place = {place.id: place for place in places}
    extractions = extractor.extract([case.report for case in cases])
    place: list[tuple[str | None, str | None]] = []
    district: list[tuple[str | None, str | None]] = []
    nothing: list[tuple[str | None, str | None]] = []
    for case, extraction in zip(cases, extractions, strict=True):
        if case.name and case.name in case.report.full_text:
            answer = _meant(extraction, case.name)
        else:
            answer = _placed(extraction, by_place)
            if answer is None and case.target in by_area:
                answer = extraction.location.area
        if case.target is None:
            nothing.append((answer, None))
            continue
        place.append((answer, case.target))
        inside = _district(case.target, by_area, by_place)
        if inside:
            district.append((extraction.location.district, inside))
    return GeocodingFigures(_outcomes(place), _outcomes(district), _outcomes(nothing))


def _meant(extraction: Extraction, name: str) -> str | None:
    """What the mention means that is these words, or is nearest to them: holds them or is held by them."""
    named = [
        (extraction.mentions[choice.mention].text, choice.chosen)
        for choice in extraction.choices
        if choice.mention is not None
    ]
    near = [(text != name, -len(text), chosen) for text, chosen in named if overlap(text, name)]
    return min(near, key=lambda one: one[:2])[2] if near else None


def _placed(extraction: Extraction, places: Mapping[str, Place]) -> str | None:
    """The place that a report is said to be at; of several the one whose point the location took."""
    at = [one.target for one in extraction.relations if one.kind is RelationKind.AT and one.target in places]
    here = [target for target in at if places[target].location == extraction.location.point]
    return (here or at or [None])[0]


def _outcomes(pairs: Sequence[tuple[str | None, str | None]]) -> Outcomes:
    right = sum(said == meant for said, meant in pairs)
    abstained = sum(said is None and meant is not None for said, meant in pairs)
    return Outcomes(right, len(pairs) - right - abstained, abstained)


def _district(target: str, areas: Mapping[str, Area], places: Mapping[str, Place]) -> str | None:
    area = areas.get(places[target].area if target in places else target)
    while area and area.kind is not AreaKind.DISTRICT:
        area = areas.get(area.parent) if area.parent else None
    return area.id if area else None


def _case(row: dict[str, Any], where: str, known: set[str]) -> GeocodingCase:
    target, name = row.get("target", ""), row.get("name")
    if target is not None and target not in known:
        raise UnreadableFile(f"{where}: target", target, "the id of a place or area of the city, or null")
    if name is not None and (not isinstance(name, str) or not name):
        raise UnreadableFile(f"{where}: name", name, "words of the text or of the address")
    return GeocodingCase(where, _report(row, where), target, name, str(row.get("group") or ""))


def _report(row: dict[str, Any], where: str, *, words_only: bool = False) -> Report:
    required_text(row, where)
    language: Language = row.get("language") or detect_language(row["text"])
    if language not in get_args(Language):
        raise UnreadableFile(f"{where}: language", language, "zh or en")
    report = as_report(
        row["text"],
        language,
        identifier=str(row.get("id") or where),
        subject=row.get("subject"),
        address=row.get("address"),
    )
    return report if words_only or "longitude" not in row else replace(report, location=_point(row, where))


def _point(row: dict[str, Any], where: str) -> Point:
    longitude, latitude = row.get("longitude"), row.get("latitude")
    if not all(isinstance(degrees, int | float) for degrees in (longitude, latitude)):
        raise UnreadableFile(f"{where}: longitude, latitude", (longitude, latitude), "degrees in WGS 84")
    return Point(float(cast("float", longitude)), float(cast("float", latitude)))
