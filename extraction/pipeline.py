"""Report → mentions, relations, location: the extractor as everybody else sees it."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Final

from spacy.language import Language as Nlp

from core.types import Area, Extraction, Language, Mention, MentionKind, Place, Point, Report
from extraction.area_index import AreaIndex
from extraction.candidate import Candidate
from extraction.components import candidates_of, make_pipeline
from extraction.gazetteer import Gazetteer
from extraction.geocode import Fix, Geocoder
from extraction.relations import find_accused

__all__ = ["ANALYSED_CHARACTERS", "Pipeline"]

ANALYSED_CHARACTERS: Final = 20_000  # of a longer text only so much is read; names stand early
_STANDS_IN_ITS_NAME: Final = frozenset({MentionKind.POI, MentionKind.ESTATE, MentionKind.ORGANIZATION})
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # spaCy takes no lone surrogates


class Pipeline:
    """The extractor. Deterministic, and no report influences another.

    What a language needs is loaded when its first report comes.
    """

    def __init__(self, areas: Sequence[Area], places: Sequence[Place], *, language_default: Language = "zh") -> None:
        """Prepare for a city.

        areas: with names, aliases (masked names too) and polygons in WGS 84, where known; raises BadGeometry.
        language_default: how reports in a language that is neither zh nor en are read.
        """
        self._gazetteer = Gazetteer(areas, places)
        self._geocoder = Geocoder(areas, places, AreaIndex(areas))
        self._default: Language = language_default
        self._pipelines: dict[Language, Nlp] = {}

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """Extract from each report; answers in the order given."""
        points = [_known(report.location) for report in reports]
        fixes = iter(self._geocoder.fix([point for point in points if point]))
        return [
            self._extract(report, point, next(fixes) if point else None)
            for report, point in zip(reports, points, strict=True)
        ]

    def mentions(self, text: str, language: Language = "zh") -> list[Mention]:
        """What a text names, in its order, without overlap; offsets count in the text given."""
        read = text[:ANALYSED_CHARACTERS].translate(_SURROGATES)
        if not read.strip():
            return []
        return self._as_mentions(text, candidates_of(self._pipeline(language)(read)))

    def _extract(self, report: Report, point: Point | None, fix: Fix | None) -> Extraction:
        text = report.full_text
        accusations = find_accused(text, self.mentions(text, report.language))
        mentions = accusations.mentions
        beside = self._address(report.address) or self._areas_inside(mentions)
        location, relations = self._geocoder.resolve(text, mentions, beside, point, fix)
        return Extraction(
            mentions=mentions,
            relations=(*relations, *accusations.relations),
            location=location,
            organizations=accusations.organizations,
        )

    def _address(self, address: str | None) -> list[Mention]:
        return self._as_mentions(address, self._gazetteer.find(address)) if address else []

    def _areas_inside(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The areas that begin names such as "A3区第一小学", if nothing else tells the district; roads are named after any."""
        if any(mention.target and self._geocoder.district_of(mention.target) for mention in mentions):
            return []
        named = [mention.text for mention in mentions if mention.kind in _STANDS_IN_ITS_NAME]
        return [area for name in named for area in self._address(name) if area.start == 0]

    def _as_mentions(self, text: str, candidates: Sequence[Candidate]) -> list[Mention]:
        """Candidates as mentions with one target: of several bearers of a name, one in a district named too."""
        named = {self._geocoder.district_of(c.targets[0]) for c in candidates if _is_area(c)} - {None}
        return [self._as_mention(text, candidate, named) for candidate in candidates]

    def _as_mention(self, text: str, candidate: Candidate, named: set[str | None]) -> Mention:
        targets = candidate.targets
        fitting = [target for target in targets if self._geocoder.district_of(target) in named]
        mention = Mention(
            start=candidate.start,
            end=candidate.end,
            text=text[candidate.start : candidate.end],
            kind=candidate.kind,
            confidence=candidate.confidence,
            source=candidate.source,
            target=(fitting or targets or (None,))[0],
        )
        settled = len(targets) > 1 and len(fitting) == 1
        return replace(mention, confidence=0.9) if settled else mention

    def _pipeline(self, language: Language) -> Nlp:
        known: Language = language if language in ("zh", "en") else self._default
        if known not in self._pipelines:
            self._pipelines[known] = make_pipeline(known, self._gazetteer)
        return self._pipelines[known]


def _is_area(candidate: Candidate) -> bool:
    return candidate.kind is MentionKind.DISTRICT and len(candidate.targets) == 1


def _known(point: Point | None) -> Point | None:
    """The point, or None for coordinates that are no numbers."""
    return point if point and isfinite(point.longitude) and isfinite(point.latitude) else None
