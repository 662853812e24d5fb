"""Messages in which two readers marked what is named: what the extraction is judged on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from core.errors import UnreadableFile
from core.lines import read_objects, required_text
from core.types import Language, Report

__all__ = ["GoldMessage", "GoldPlace", "PlaceType", "as_report", "load_gold", "load_messages"]

PlaceType = Literal["district", "road", "poi"]
_READ_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)  # of messages without a time; no name depends on it


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """A place that both readers found, as the message writes it."""

    text: str
    kind: PlaceType


@dataclass(frozen=True, slots=True)
class GoldMessage:
    """A message and what its readers marked.

    where: "file:line". either: the places that at least one reader found, those of both among them.
    party: who is complained about, where both name the same; parties: as each of them names it, None where nobody is.
    """

    where: str
    report: Report
    places: tuple[GoldPlace, ...] = ()
    either: frozenset[str] = frozenset()
    party: str | None = None
    parties: tuple[str | None, ...] = field(default=(None,))

    @property
    def agreed(self) -> bool:
        """Whether its readers name the same party, or none."""
        return len(set(self.parties)) == 1


def load_gold(path: Path, language: Language) -> list[GoldMessage]:
    """The marked messages of a JSONL file: text, subject, places, places_either, party, parties; only text and places are needed.

    Raises UnreadableFile with file:line and field where a row does not fit, and where there is none.
    """
    rows = [_gold(row, where, language) for where, row in read_objects(path)]
    if not rows:
        raise UnreadableFile(path.name, "no message", "at least one JSON object with text and places")
    return rows


def load_messages(path: Path, language: Language) -> list[Report]:
    """The messages of a JSONL file without any marks; raises UnreadableFile as `load_gold` does."""
    return [_report(row, where, language) for where, row in read_objects(path)]


def as_report(
    text: str, language: Language, *, identifier: str = "", subject: str | None = None, address: str | None = None
) -> Report:
    """A text as the extraction takes it: without coordinates, so that words alone tell where it is."""
    return Report(
        id=identifier,
        text=text,
        language=language,
        channel="file",
        source="evaluation",
        reported_at=_READ_AT,
        received_at=_READ_AT,
        subject=subject,
        address=address,
    )


def _report(row: dict[str, Any], where: str, language: Language) -> Report:
    required_text(row, where)
    subject = _name(row.get("subject"), f"{where}: subject")
    return as_report(row["text"], language, identifier=str(row.get("id") or where), subject=subject)


def _gold(row: dict[str, Any], where: str, language: Language) -> GoldMessage:
    report = _report(row, where, language)
    places = tuple(_place(one, report.full_text, where) for one in _list(row.get("places"), f"{where}: places"))
    given = row.get("places_either")
    either = {place.text for place in places}
    if given is not None:
        either |= {_substring(one, report.full_text, f"{where}: places_either") for one in _list(given, where)}
    party = _name(row.get("party"), f"{where}: party")
    parties = (party,) if row.get("parties") is None else tuple(_parties(row["parties"], f"{where}: parties"))
    return GoldMessage(where, report, places, frozenset(either), party, parties)


def _place(given: Any, text: str, where: str) -> GoldPlace:  # noqa: ANN401 - what JSON holds
    at = f"{where}: places"
    fields = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if fields.get("type") not in get_args(PlaceType):
        raise UnreadableFile(at, given, f"an object with text and a type of {', '.join(get_args(PlaceType))}")
    return GoldPlace(_substring(fields.get("text"), text, at), fields["type"])


def _substring(given: Any, text: str, at: str) -> str:  # noqa: ANN401
    if not isinstance(given, str) or not given or given not in text:
        raise UnreadableFile(at, given, "words that stand in the message")
    return given


def _parties(given: Any, at: str) -> Sequence[str | None]:  # noqa: ANN401
    names = [_name(one, at) for one in _list(given, at)]
    if not names:
        raise UnreadableFile(at, given, "what each reader says")
    return names


def _name(given: Any, at: str) -> str | None:  # noqa: ANN401
    if given is not None and not isinstance(given, str):
        raise UnreadableFile(at, given, "a text or null")
    return given or None


def _list(given: Any, at: str) -> list[Any]:  # noqa: ANN401
    if not isinstance(given, list):
        raise UnreadableFile(at, given, "a list")
    return cast("list[Any]", given)
