"""Everything that is measured of one extractor, over all that there is to judge it on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.types import Area, Extractor, Language, Place, Report
from extraction.evaluation.addresses import AddressFigures, ChunkedAddress, evaluate_addresses
from extraction.evaluation.agreement import Agreement
from extraction.evaluation.geocoding import GeocodingCase, GeocodingFigures, evaluate_geocoding
from extraction.evaluation.gold import GoldMessage
from extraction.evaluation.marked import evaluate_marked
from extraction.evaluation.messages import DistrictFigures, Evaluation, evaluate_districts, evaluate_extraction
from extraction.tagging.corpus import Marked

__all__ = ["Measured", "Sources", "measure"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What there is to judge on; what is empty is not measured.

    gold: messages marked by two readers. messages: without marks, to see whether the district is found. marked: texts of the
    project. addresses: Chinese. cases: texts with the place they mean, by the set's name.
    """

    gold: Mapping[Language, Sequence[GoldMessage]] = field(default_factory=dict[Language, Sequence[GoldMessage]])
    messages: Mapping[Language, Sequence[Report]] = field(default_factory=dict[Language, Sequence[Report]])
    marked: Mapping[Language, Sequence[Marked]] = field(default_factory=dict[Language, Sequence[Marked]])
    addresses: Sequence[ChunkedAddress] = ()
    cases: Mapping[str, Sequence[GeocodingCase]] = field(default_factory=dict[str, Sequence[GeocodingCase]])


@dataclass(frozen=True, slots=True)
class Measured:
    """One extractor's figures, by language or by the name of the set. name: what the extractor is made of."""

    name: str
    gold: Mapping[Language, Evaluation]
    messages: Mapping[Language, DistrictFigures]
    marked: Mapping[Language, Mapping[str, Agreement]]
    addresses: AddressFigures | None
    cases: Mapping[str, GeocodingFigures]


def measure(
    name: str,
    extractor: Extractor,
    masked: Extractor,
    sources: Sources,
    areas: Sequence[Area],
    places: Sequence[Place],
) -> Measured:
    """Measure an extractor. masked: the same one for messages whose names of areas are masked; areas: with those names."""
    return Measured(
        name=name,
        gold={language: evaluate_extraction(masked, some, areas) for language, some in sources.gold.items()},
        messages={
            language: evaluate_districts(areas, some, masked.extract(some))
            for language, some in sources.messages.items()
        },
        marked={language: evaluate_marked(extractor, some, language) for language, some in sources.marked.items()},
        addresses=evaluate_addresses(extractor, sources.addresses) if sources.addresses else None,
        cases={name: evaluate_geocoding(extractor, some, areas, places) for name, some in sources.cases.items()},
    )
