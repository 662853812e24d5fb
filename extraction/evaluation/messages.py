"""How good the extraction is on messages that two readers marked: names of places, the party, the district."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple, get_args

from core.types import Area, Extraction, Extractor, Report
from extraction.evaluation.agreement import Agreement, Tally, agreement
from extraction.evaluation.answers import accused, districts_named, overlap, places_found
from extraction.evaluation.faults import Judged, judge
from extraction.evaluation.gold import GoldMessage, PlaceType

__all__ = ["DistrictFigures", "Evaluation", "evaluate_districts", "evaluate_extraction"]

_LENGTHS: Final = ((0, "short"), (60, "middle"), (200, "long"))  # characters from which a message counts as such


class DistrictFigures(NamedTuple):
    """Messages that name a district in full; of these, those for which one was found, and one of those named."""

    named: int
    found: int
    right: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of the extraction on marked messages of one language, over the distinct names of each message.

    exact, partial: by "all" (whatever the type), "typed" (the type right too) and each type, against what both readers found;
    partial: one name holds the other. either, either_partial: "all", against what at least one found. readers: F1 of one reader
    against the other, as far as the file tells: what both found, in what each found. party, party_either: exact, the surest one.
    """

    messages: int
    exact: Mapping[str, Agreement]
    partial: Mapping[str, Agreement]
    either: Agreement
    either_partial: Agreement
    readers: float
    party: Agreement
    party_either: Agreement
    districts: DistrictFigures
    lengths: Mapping[str, tuple[int, Agreement]]
    judged: tuple[Judged, ...]


def evaluate_extraction(extractor: Extractor, gold: Sequence[GoldMessage], areas: Sequence[Area] = ()) -> Evaluation:
    """Judge an extractor on marked messages. areas: of the extractor's city, whose districts the messages may name."""
    extractions = extractor.extract([message.report for message in gold])
    found = [set(places_found(extraction).items()) for extraction in extractions]
    wanted = [{(place.text, place.kind) for place in message.places} for message in gold]
    typed = list(zip(found, wanted, strict=True))
    names = [(_texts(one), _texts(other)) for one, other in typed]
    by_type = {kind: [(_texts(one, kind), _texts(other, kind)) for one, other in typed] for kind in get_args(PlaceType)}
    either = [(one, set(message.either)) for (one, _), message in zip(names, gold, strict=True)]
    both, any_reader = (sum(len(other) for _, other in pairs) for pairs in (names, either))
    parties = [(_one(accused(extraction)), message) for message, extraction in zip(gold, extractions, strict=True)]
    return Evaluation(
        messages=len(gold),
        exact={
            "all": _exact(names),
            "typed": agreement([Tally.of(one, other) for one, other in typed]),
            **{kind: _exact(some) for kind, some in by_type.items()},
        },
        partial={"all": _partial(names), **{kind: _partial(some) for kind, some in by_type.items()}},
        either=_exact(either),
        either_partial=_partial(either),
        readers=2 * both / max(both + any_reader, 1),
        party=agreement([Tally.of(one, _one(message.party)) for one, message in parties]),
        party_either=agreement([_party_either(one, message) for one, message in parties]),
        districts=evaluate_districts(areas, [message.report for message in gold], extractions),
        lengths=_by_length([message.report.full_text for message in gold], names),
        judged=tuple(judge(*pair, areas) for pair in zip(gold, extractions, strict=True)),
    )


def evaluate_districts(
    areas: Sequence[Area], reports: Sequence[Report], extractions: Sequence[Extraction]
) -> DistrictFigures:
    """How often a report that names districts of the city in full is placed in one of them."""
    named = found = right = 0
    for report, extraction in zip(reports, extractions, strict=True):
        districts = districts_named(areas, report.full_text)
        if districts:
            named += 1
            found += extraction.location.district is not None
            right += extraction.location.district in districts
    return DistrictFigures(named, found, right)


def _by_length(texts: Sequence[str], names: Sequence[tuple[set[str], set[str]]]) -> dict[str, tuple[int, Agreement]]:
    lengths = [[name for start, name in _LENGTHS if len(text) >= start][-1] for text in texts]
    some = {name: [pair for pair, length in zip(names, lengths, strict=True) if length == name] for _, name in _LENGTHS}
    return {name: (len(pairs), _exact(pairs)) for name, pairs in some.items() if pairs}


def _texts(names: AbstractSet[tuple[str, str]], kind: PlaceType | None = None) -> set[str]:
    return {text for text, one in names if kind in (None, one)}


def _exact(pairs: Iterable[tuple[set[str], set[str]]]) -> Agreement:
    return agreement([Tally.of(one, other) for one, other in pairs])


def _partial(pairs: Iterable[tuple[set[str], set[str]]]) -> Agreement:
    return agreement(
        [
            Tally(
                sum(any(overlap(a, b) for b in other) for a in one),
                len(one),
                sum(any(overlap(a, b) for a in one) for b in other),
                len(other),
            )
            for one, other in pairs
        ]
    )


def _one(name: str | None) -> set[str]:
    return {name} if name else set()


def _party_either(found: set[str], message: GoldMessage) -> Tally:
    wanted = {name for name in message.parties if name}
    hit = int(bool(found & wanted))
    return Tally(hit, len(found), hit, int(bool(wanted)))
