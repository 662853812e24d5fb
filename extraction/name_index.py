"""Names looked up: what of the city a name may mean, best first."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from core.types import Area, AreaKind, MentionKind, Place, PlaceKind
from extraction.fold import name_key
from extraction.fuzzy import NearNames, likeness
from extraction.generic_words import is_bare, is_generic
from extraction.short_names import WIDE, Dropped, Shortener, ShortName, agree, lost_street, steps

__all__ = ["How", "NameHit", "NameIndex"]

How = Literal["exact", "alias", "short", "fuzzy"]

_EXACT: Final = 1.0
_ALIAS: Final = 0.95
_SHORT: Final = 0.9  # one part left out or added; less by _STEP for each further one, down to _SHORT_LEAST
_STEP: Final = 0.05
_SHORT_LEAST: Final = 0.8
_FUZZY: Final = 0.8  # × likeness
_LIKE_ENOUGH: Final = 0.7
_NEVER_EQUAL: Final = 0.99
_SHORTEST: Final = 2
_LONGEST: Final = 64  # characters of a key that are looked at
_COMPARED: Final = 24  # names measured for one fuzzy look-up
_BUCKET: Final = 256  # names of one short form that are looked at
_KIND: Final = {
    PlaceKind.ROAD: MentionKind.ROAD,
    PlaceKind.ESTATE: MentionKind.ESTATE,
    PlaceKind.FACILITY: MentionKind.POI,
    PlaceKind.POI: MentionKind.POI,
}


@dataclass(frozen=True, slots=True)
class NameHit:
    """Something of the city that a name may mean.

    target: id of an Area or Place; name: the name of it that was met, as the city writes it.
    how: in which way it was met; similarity: in [0, 1], see `NameIndex`.
    """

    target: str
    name: str
    how: How
    similarity: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name of a thing. own: one of its two official names, else an alias."""

    target: str
    name: str
    kind: MentionKind
    own: bool


_Hit = tuple[How, _Entry, float]


class NameIndex:
    """Every name of the city, for look-ups by the ways people write it; a pure function of areas and places.

    Similarity: exact 1.0 (an official name, zh or en, has the same `name_key`); alias 0.95; short 0.9, less 0.05 for each
    further part left out or added, at least 0.8; fuzzy 0.8 × likeness, so from 0.56 to below 0.8.
    """

    def __init__(self, areas: Iterable[Area], places: Iterable[Place]) -> None:
        areas = [area for area in areas if area.kind is not AreaKind.GRID]
        self._shortener = Shortener(_area_keys(areas))
        self._entries: dict[str, list[_Entry]] = {}  # by key
        for entry in _entries(areas, places):
            key = name_key(entry.name)[:_LONGEST]
            if len(key) >= _SHORTEST:
                self._entries.setdefault(key, []).append(entry)
        self._short: dict[str, list[tuple[str, Dropped]]] = {}  # shorter form → keys that have it, what they lost
        self._keys = list(self._entries)
        self._places: list[ShortName] = []  # what a fuzzy look-up compares, key by key
        for key in self._keys:
            forms, place = self._shortener.forms(key)
            self._places.append(place)
            for form in forms:
                self._short.setdefault(form.text, []).append((key, form.dropped))
        self._near = NearNames([place.text for place in self._places])
        self._kinds = {
            kind: np.array([any(e.kind is kind for e in self._entries[key]) for key in self._keys], dtype=np.bool_)
            for kind in (MentionKind.DISTRICT, *dict.fromkeys(_KIND.values()))
        }

    def candidates(self, name: str, *, kinds: Collection[MentionKind] | None = None, limit: int = 8) -> list[NameHit]:
        """What this name may mean, best first, each target once; ties in the order of their names, then their ids.

        kinds: what it may be: DISTRICT, ROAD, ESTATE, POI; None: any. Fuzzy hits come only where there are no others.
        Empty for one generic word (小区, "the street"); several of them (中心医院) are found only if the city writes so.
        """
        key = name_key(name)[:_LONGEST]
        if len(key) < _SHORTEST or is_bare(key):
            return []
        hits = list(self._equal(key))
        if not is_generic(key):
            forms, place = self._shortener.forms(key)
            hits += self._shorter(key, forms)
            if not any(kinds is None or entry.kind in kinds for _, entry, _ in hits):
                hits = list(self._fuzzy(place, kinds))
        best: dict[str, _Hit] = {}
        for hit in sorted(hits, key=lambda hit: (-hit[2], not hit[1].own, hit[1].name, hit[1].target)):
            if kinds is None or hit[1].kind in kinds:
                best.setdefault(hit[1].target, hit)
        return [
            NameHit(entry.target, entry.name, how, similarity)
            for how, entry, similarity in list(best.values())[: max(limit, 0)]
        ]

    def _equal(self, key: str) -> Iterator[_Hit]:
        for entry in self._entries.get(key, ()):
            yield ("exact", entry, _EXACT) if entry.own else ("alias", entry, _ALIAS)

    def _shorter(self, key: str, forms: Sequence[ShortName]) -> Iterator[_Hit]:
        for form in (ShortName(key), *forms):
            met = [(form.text, ())] if form.dropped else []
            met += [(other, lost) for other, lost in self._short.get(form.text, ())[:_BUCKET] if other != key]
            for other, lost in met:
                if agree(form.dropped, lost):
                    similarity = _SHORT - _STEP * max(steps(form.dropped, lost) - 1, 0)
                    for entry in self._entries.get(other, ()):
                        if entry.kind is MentionKind.ROAD or not lost_street(form.dropped):
                            yield "short", entry, round(max(similarity, _SHORT_LEAST), 2)

    def _fuzzy(self, place: ShortName, kinds: Collection[MentionKind] | None) -> Iterator[_Hit]:
        chosen = [mask for kind, mask in self._kinds.items() if kinds is None or kind in kinds]
        if not chosen or self._shortener.is_kind_of_thing(place.text):
            return
        for index in self._near.near(place.text, _COMPARED, np.logical_or.reduce(chosen)):
            other = self._places[index]
            alike = likeness(place.text, other.text) if agree(place.dropped, other.dropped) else 0.0
            if alike >= _LIKE_ENOUGH and not is_generic(other.text):
                for entry in self._entries[self._keys[index]]:
                    yield "fuzzy", entry, round(_FUZZY * min(alike, _NEVER_EQUAL), 3)


def _entries(areas: Iterable[Area], places: Iterable[Place]) -> Iterator[_Entry]:
    for area in areas:
        yield from _named(area, MentionKind.DISTRICT)
    for place in places:
        yield from _named(place, _KIND[place.kind])


def _named(thing: Area | Place, kind: MentionKind) -> Iterator[_Entry]:
    own = dict.fromkeys((thing.name_zh, thing.name_en))
    for name in own:
        yield _Entry(thing.id, name, kind, own=True)
    for name in thing.aliases:
        if name not in own:
            yield _Entry(thing.id, name, kind, own=False)


def _area_keys(areas: Iterable[Area]) -> dict[str, str]:
    """Key of each area's names → its id, marked for the city, which holds all the others."""
    keys: dict[str, str] = {}
    for area in areas:
        for name in (area.name_zh, area.name_en, *area.aliases):
            key = name_key(name)
            if len(key) >= _SHORTEST:
                keys.setdefault(key, f"{WIDE}{area.id}" if area.kind is AreaKind.CITY else area.id)
    return keys
