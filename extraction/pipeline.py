"""Report → mentions, relations, location: the extractor as everybody else sees it."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from itertools import islice
from math import isfinite
from typing import Final

from spacy.language import Language as Nlp
from spacy.tokens import Doc

from core.types import Area, Extraction, Language, Mention, MentionKind, Place, Point, Report, Tagged, Tagger
from extraction.area_index import AreaIndex
from extraction.blamed import accuse, agreed, with_blamed
from extraction.candidate import Candidate
from extraction.choices import Chooser, History, settled
from extraction.components import by_rule, candidates_of, make_pipeline, read
from extraction.fold import has_chinese
from extraction.gazetteer import Gazetteer
from extraction.geocode import Fix, Geocoder
from extraction.links import find_links, with_earlier_complaints
from extraction.name_index import NameIndex
from extraction.occasions import read_times
from extraction.relations import Accusations, find_accused, with_registered_names
from extraction.scope import Scopes

__all__ = ["ADDRESS_SOURCE", "ANALYSED_CHARACTERS", "Pipeline"]

ADDRESS_SOURCE: Final = "address@1"
ANALYSED_CHARACTERS: Final = 20_000  # of a longer text only so much is read; names stand early
_STANDS_IN_ITS_NAME: Final = frozenset({MentionKind.POI, MentionKind.ESTATE, MentionKind.ORGANIZATION})
_ADDRESS_PIECES: Final = 4  # looked at between two names
_ADDRESS_PIECE: Final = re.compile(r"[^,，;；、\n]*\w[^,，;；、\n]*")
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # spaCy takes no lone surrogates


class Pipeline:
    """The extractor. Deterministic, and no report influences another.

    What a language needs is loaded when its first report comes.
    """

    def __init__(
        self,
        areas: Sequence[Area],
        places: Sequence[Place],
        *,
        tagger: Tagger | None = None,
        history: History | None = None,
        language_default: Language = "zh",
        zone: tzinfo = UTC,
    ) -> None:
        """Prepare for a city.

        tagger: a trained model of mentions; without one, names are found by the city's own list and by their form.
        history: what names meant in earlier reports; default, nothing is known.
        areas: with names, aliases (masked names too) and polygons in WGS 84, where known; raises BadGeometry.
        language_default: how reports in a language that is neither zh nor en are read.
        zone: the city's, in which reports tell times.
        """
        self._gazetteer = Gazetteer(areas, places)
        self._tagger = tagger
        self._geocoder = Geocoder(areas, places, AreaIndex(areas))
        self._chooser = Chooser(NameIndex(areas, places), self._geocoder, history)
        self._default: Language = language_default
        self._zone = zone
        self._pipelines: dict[Language, Nlp] = {}

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """Extract from each report; answers in the order given."""
        points = [_known(report.location) for report in reports]
        fixes = iter(self._geocoder.fix([point for point in points if point]))
        tags = self._tags([report.full_text for report in reports], [report.language for report in reports])
        return [
            self._extract(report, tagged, point, next(fixes) if point else None)
            for report, tagged, point in zip(reports, tags, points, strict=True)
        ]

    def mentions(self, text: str, language: Language = "zh") -> list[Mention]:
        """What a text names, in its order, without overlap; offsets count in the text given."""
        [tagged] = self._tags([text], [language])
        found = self._found(text, language, tagged)
        return list(settled(found, self._chooser.choose(text, found)))

    def _tags(self, texts: Sequence[str], languages: Sequence[Language]) -> Sequence[Tagged | None]:
        """What the tagger sees in texts; None for each where there is no tagger."""
        if self._tagger is None:
            return [None] * len(texts)
        return self._tagger.tag([_analysed(text) for text in texts], [self._known(language) for language in languages])

    def _found(self, text: str, language: Language, tagged: Tagged | None) -> list[Mention]:
        """What a text names, before places are chosen."""
        analysed = _analysed(text)
        if not analysed.strip():
            return []
        return [_as_mention(text, candidate) for candidate in candidates_of(self._read(analysed, language, tagged))]

    def _extract(self, report: Report, tagged: Tagged | None, point: Point | None, fix: Fix | None) -> Extraction:
        text = report.full_text
        analysed = text[:ANALYSED_CHARACTERS]
        scopes = Scopes(analysed)
        accusations = self._accusations(analysed, report.language, tagged, scopes)
        address = report.address or ""
        named = self._in_address(address)
        choices = self._chooser.choose(
            text, accusations.mentions, address=address, address_mentions=named, point=point, fix=fix
        )
        mentions = settled(accusations.mentions, choices)
        beside = [] if named else self._areas_inside(mentions)
        location, relations = self._geocoder.resolve(text, mentions, choices, beside=beside, point=point, fix=fix)
        return Extraction(
            mentions=mentions,
            relations=(*relations, *accusations.relations),
            location=location,
            organizations=accusations.organizations,
            links=find_links(analysed, mentions, scopes),
            occasions=read_times(analysed, mentions, report.reported_at, self._zone),
            choices=choices,
        )

    def _accusations(self, text: str, language: Language, tagged: Tagged | None, scopes: Scopes) -> Accusations:
        """What a text names, and whom it blames."""
        doc = self._read(text.translate(_SURROGATES), language, tagged)
        found = [_as_mention(text, candidate) for candidate in candidates_of(doc)]
        told = [_as_mention(text, candidate) for candidate in by_rule(doc)]
        by_rules = accuse(text, told, scopes) if told and has_chinese(text) else None
        found = with_blamed(found, by_rules) if by_rules else found
        named = with_earlier_complaints(text, with_registered_names(text, found), scopes)
        accusations = find_accused(text, named, scopes)
        return agreed(accusations, by_rules) if by_rules else accusations

    def _read(self, text: str, language: Language, tagged: Tagged | None) -> Doc:
        return read(self._pipeline(language), text, tagged)

    def _in_address(self, address: str) -> list[Mention]:
        """What an address names: the city's names in it; where they are areas at most, its other pieces too."""
        known = self._gazetteer.find(address)
        if any(candidate.kind is not MentionKind.DISTRICT for candidate in known):
            return [_as_mention(address, candidate) for candidate in known]
        pieces = _pieces(address, known)
        return sorted((_as_mention(address, one) for one in (*known, *pieces)), key=lambda mention: mention.start)

    def _areas_inside(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The areas that begin names such as "A3区第一小学", if nothing else tells the district; roads are named after any."""
        if any(mention.target and self._geocoder.district_of(mention.target) for mention in mentions):
            return []
        named = [mention.text for mention in mentions if mention.kind in _STANDS_IN_ITS_NAME]
        found = [_as_mention(name, area) for name in named for area in self._gazetteer.find(name) if area.start == 0]
        return [mention for mention in found if mention.target]

    def _known(self, language: Language) -> Language:
        return language if language in ("zh", "en") else self._default

    def _pipeline(self, language: Language) -> Nlp:
        known = self._known(language)
        if known not in self._pipelines:
            self._pipelines[known] = make_pipeline(known, self._gazetteer)
        return self._pipelines[known]


def _analysed(text: str) -> str:
    return text[:ANALYSED_CHARACTERS].translate(_SURROGATES)


def _as_mention(text: str, candidate: Candidate) -> Mention:
    """A candidate as a mention; its target is known where one thing only has this name."""
    return Mention(
        start=candidate.start,
        end=candidate.end,
        text=text[candidate.start : candidate.end],
        kind=candidate.kind,
        confidence=candidate.confidence,
        source=candidate.source,
        target=candidate.targets[0] if len(candidate.targets) == 1 else None,
        role=candidate.role,
    )


def _pieces(address: str, known: Sequence[Candidate]) -> Iterator[Candidate]:
    """The pieces of an address between the names known in it."""
    edges = [0, *(edge for candidate in known for edge in (candidate.start, candidate.end)), len(address)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for piece in islice(_ADDRESS_PIECE.finditer(address, start, end), _ADDRESS_PIECES):
            begin = piece.start() + len(piece.group()) - len(piece.group().lstrip())
            stop = begin + len(piece.group().strip())
            yield Candidate(begin, stop, MentionKind.ADDRESS, 0.5, ADDRESS_SOURCE)


def _known(point: Point | None) -> Point | None:
    """The point, or None for coordinates that are no numbers."""
    return point if point and isfinite(point.longitude) and isfinite(point.latitude) else None
