"""Times that a report names → when that was: instants, intervals and recurrences, seen from the moment of the report.

The rules, with the table of the parts of day: `docs/reference.md`. What the words do not tell is not guessed: no Occasion.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from core.errors import BadInput
from core.extraction import Mention, MentionKind, Occasion
from extraction.times import Phrase, phrases_of
from extraction.times_meaning import When, meanings_of

__all__ = ["read_times"]

_LEAST: Final = 0.05  # confidences are kept above it: an Occasion that is worth nothing is not given


def read_times(text: str, mentions: Sequence[Mention], reported_at: datetime, zone: tzinfo) -> tuple[Occasion, ...]:
    """When the times among these mentions were; in the order of the text, none for words that do not tell.

    mentions: all of the report; their offsets count in text. reported_at: aware. zone: the city's, in which the words are
    meant. A clock that may be of either half of the day gives two. Raises BadInput for a reported_at without zone.
    """
    if reported_at.utcoffset() is None:
        raise BadInput("reported_at", reported_at.isoformat(), "a time with a zone")
    if not any(mention.kind is MentionKind.TIME for mention in mentions):
        return ()
    phrases = phrases_of(text)
    owners = _owners(phrases, mentions)
    now = reported_at.astimezone(UTC).astimezone(zone)  # by way of UTC: a time that the zone's clocks show
    found: list[Occasion] = []
    for index, whens in enumerate(meanings_of(text, phrases, now)):
        if index in owners:
            found += [_occasion(owners[index], when, zone) for when in whens if when.confidence >= _LEAST]
    return tuple(found)


def _owners(phrases: Sequence[Phrase], mentions: Sequence[Mention]) -> dict[int, int]:
    """Phrase → the TIME mention that shares most of its words; a phrase belongs to one mention."""
    owners: dict[int, int] = {}
    times = [(index, mention) for index, mention in enumerate(mentions) if mention.kind is MentionKind.TIME]
    times.sort(key=lambda pair: pair[1].start)
    at = 0
    for number, phrase in enumerate(phrases):
        while at < len(times) and times[at][1].end <= phrase.start:
            at += 1
        best, shared = None, 0
        near = at
        while near < len(times) and times[near][1].start < phrase.end:
            index, mention = times[near]
            common = min(mention.end, phrase.end) - max(mention.start, phrase.start)
            if common > shared:
                best, shared = index, common
            near += 1
        if best is not None:
            owners[number] = best
    return owners


def _occasion(mention: int, when: When, zone: tzinfo) -> Occasion:
    start = _instant(when.start, zone) if when.start else None
    end = _instant(when.end, zone) if when.end else None
    if when.start and when.end and start and end and end <= start:  # an hour that the change of clocks leaves out
        end = start + (when.end.replace(tzinfo=None) - when.start.replace(tzinfo=None))
    return Occasion(mention, start, end, when.rule, round(when.confidence, 3), when.reason)


def _instant(wall: datetime, zone: tzinfo) -> datetime:
    """The instant of a local wall time, or of an aware one."""
    return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(UTC)
