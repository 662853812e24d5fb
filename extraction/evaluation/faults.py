"""What is wrong with an extraction, in the readers' eyes; the worst first is how people look at errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.types import Area, Extraction
from extraction.evaluation.answers import accused, districts_named, overlap, places_found
from extraction.evaluation.gold import GoldMessage

__all__ = ["Fault", "FaultKind", "Judged", "judge"]


class FaultKind(StrEnum):
    """What is wrong with an answer."""

    MISSED = "missed"
    INVENTED = "invented"
    BOUNDS = "bounds"  # a part of the name, or more than it
    TYPE = "type"
    PARTY = "party"
    DISTRICT = "district"


_WEIGHTS: Final[Mapping[FaultKind, float]] = {
    FaultKind.MISSED: 1.0,
    FaultKind.INVENTED: 1.0,
    FaultKind.BOUNDS: 0.5,
    FaultKind.TYPE: 0.5,
    FaultKind.PARTY: 1.0,
    FaultKind.DISTRICT: 2.0,  # a crew would be sent to the wrong one
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong answer. wanted, found: words (with their type, where that is wrong) or districts; None: nothing."""

    kind: FaultKind
    wanted: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with what was extracted from it and what is wrong with that."""

    message: GoldMessage
    extraction: Extraction
    faults: tuple[Fault, ...]

    @property
    def weight(self) -> float:
        """How bad it is: the weights of its faults together."""
        return sum(_WEIGHTS[fault.kind] for fault in self.faults)


def judge(message: GoldMessage, extraction: Extraction, areas: Sequence[Area]) -> Judged:
    """Compare an extraction with what both readers say. What one of them only says is neither wanted nor a fault."""
    return Judged(
        message,
        extraction,
        (*_names(message, extraction), *_party(message, extraction), *_district(message, extraction, areas)),
    )


def _names(message: GoldMessage, extraction: Extraction) -> list[Fault]:
    found = places_found(extraction)
    faults: list[Fault] = []
    for place in message.places:
        near = [text for text in found if text not in message.either and overlap(text, place.text)]
        if found.get(place.text) == place.kind:
            continue
        if place.text in found:
            faults.append(Fault(FaultKind.TYPE, f"{place.text} ({place.kind})", f"{place.text} ({found[place.text]})"))
        else:
            faults.append(Fault(FaultKind.BOUNDS if near else FaultKind.MISSED, place.text, near[0] if near else None))
    unmet = [name for name in message.either if name not in found]
    faults += [
        Fault(FaultKind.INVENTED, None, text)
        for text in found
        if text not in message.either and not any(overlap(text, name) for name in unmet)
    ]
    return faults


def _party(message: GoldMessage, extraction: Extraction) -> list[Fault]:
    said = accused(extraction)
    return [Fault(FaultKind.PARTY, message.party, said)] if message.agreed and said != message.party else []


def _district(message: GoldMessage, extraction: Extraction, areas: Sequence[Area]) -> list[Fault]:
    named, said = districts_named(areas, message.report.full_text), extraction.location.district
    if not named or said in named:
        return []
    chinese = message.report.language == "zh"
    names = {area.id: area.name_zh if chinese else area.name_en for area in areas}
    wanted = ", ".join(names[area] for area in sorted(named))
    return [Fault(FaultKind.DISTRICT, wanted, names.get(said, said) if said else None)]
