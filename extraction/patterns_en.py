"""English names that the city does not know: streets, addresses, facilities, organisations, by form and by cue.

Street names end like one ("Ave", "Blvd"); others are capitalised words after one that places something ("near").
"""

import re
from collections.abc import Iterator
from typing import Final

from core.types import MentionKind
from extraction.candidate import Candidate

__all__ = ["PATTERNS_EN_SOURCE", "find_english_names"]

PATTERNS_EN_SOURCE: Final = "patterns-en@1"

_STREET: Final = (
    "streets?|st|str|avenue|ave|av|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|terrace|terrance|place|pl|"
    "parkway|pkwy|"
    "highway|hwy|circle|cir|trail|trl|expressway|freeway|alley|bridge|tunnel|square|crossing|way|loop"
)
_DIRECTION: Final = r"(?:[NSEW]\.?|NE|NW|SE|SW|North|South|East|West|Northeast|Northwest|Southeast|Southwest)"
_ORDINAL: Final = r"\d{1,3}(?:st|nd|rd|th)"
_CAPITAL: Final = r"(?:[A-Z][\w'’.\-]*[\w]|[A-Z])"
_NAME: Final = rf"(?:{_CAPITAL}|{_ORDINAL})(?:[ ](?:{_CAPITAL}|{_ORDINAL})){{0,3}}?"
_NAMES: Final = rf"(?:{_CAPITAL}|{_ORDINAL})(?:[ ](?:{_CAPITAL}|{_ORDINAL})){{0,3}}"
_HOUSE: Final = r"\d{1,5}(?:[ ]?(?:-|and|&)[ ]?\d{1,5})?"
# Before a lower-case street name there must be a word that can be one: "fremont street", never "the street".
_PLAIN: Final = (
    r"(?!(?:the|a|an|this|that|my|our|your|his|her|their|its|each|every|any|some|one|two|both|all|side|main|on|"
    r"in|of|to|at|by|for|"
    r"from|and|or|across|off|busy|public|private|residential|dead|end|no|which|same|whole|entire|city|old|new|"
    r"next|narrow|other|"
    r"cross|service|access|dirt|gravel|under|over|onto|along|into|near|between|what|out|is|was|are|half|only|"
    r"long|right|"
    r"wrong|either|best|his|walk|go|by|stop|parking|traffic|walking|any|little|quiet|small|local|first)\b|"
    r"\w+ing\b|\w+bound\b)[a-z]{3,14}"
)
_PLAIN_END: Final = r"[ ](?i:st|str|street|ave|avenue|rd|road|blvd|boulevard|pkwy|parkway|hwy|highway)\b\.?"
_STREET_END: Final = rf"[ ](?i:{_STREET})\b\.?(?:[ ]{_DIRECTION}\b)?"
_ADDRESS: Final = re.compile(rf"\b{_HOUSE}[ ](?:{_DIRECTION}[ ])?(?:{_NAME}{_STREET_END}|{_PLAIN}{_STREET_END})")
_ROAD: Final = re.compile(rf"\b(?:{_DIRECTION}[ ])?(?:{_NAME}{_STREET_END}|{_PLAIN}{_PLAIN_END})(?!\w)")
_LETTERED: Final = re.compile(
    rf"\b(?:Avenue|Ave|Street|Highway|Hwy|Route|Rt|Interstate|I)[ -](?:[A-Z]|\d{{1,3}})\b(?:[ ]{_DIRECTION}\b)?"
)
_MILE: Final = re.compile(r"\b\d{1,2} [Mm]ile\b(?! (?:away|from|long|east|west|north|south|of|an)\b)")
_NUMBERED: Final = re.compile(
    rf"(?i:(?<=\bon )|(?<=\bat )|(?<=and )|(?<=& )|(?<=between )|(?<=near )|(?<=off ))\d{{2,3}}(?:st|nd|rd|"
    rf"th)\b(?! of\b)|\b{_HOUSE}[ ]{_ORDINAL}\b"
)
_HOUSE_NAME: Final = re.compile(rf"\b\d{{2,5}}[ ](?:{_DIRECTION}[ ])?[A-Z][a-z]{{2,}}(?:[ ][A-Z][a-z]+)?\b")
_FACILITY: Final = re.compile(
    rf"\b{_NAME}[ ](?i:park|school|church|station|beach|library|hospital|clinic|apartments|center|centre|pier|"
    rf"golf course|lake|"
    r"pond|creek|channel|plaza|mall|market|university|college|kindergarten|museum|stadium|hotel|supermarket|cemetery|"
    r"restaurant|parking lot|construction site)\b(?:[ ]#?\d{1,3}\b)?|\b(?:Pond|School|Lot|Station|Pier)[ ]#?\d{1,4}\b"
)
_ESTATE: Final = re.compile(
    rf"\b{_NAME}[ ](?i:estates?|garden|gardens|residences?|residential (?:community|compound|quarter)|compound|"
    rf"community|village|"
    r"manor|heights|villas?|condos?|condominiums|subdivision|HOA|neighborhood)\b"
)
_DISTRICT: Final = re.compile(rf"\b{_NAME}[ ](?i:district|subdistrict|county|township|borough|new area|town|city)\b")
_ORGANIZATION: Final = re.compile(
    rf"\b{_NAME}[ ](?i:inc|llc|ltd|corp|corporation|company|co|group|property management|properties|management|"
    rf"KTV|karaoke|bar|"
    r"nightclub|club|pub|factory|construction|contractors?|logistics|winery|brewery|bank|shop|store|cafe|gym)\b\.?"
)
_PARTY: Final = re.compile(
    r"(?i:\b(?:property management(?: company)?|construction (?:site|company|crew)|homeowners association|"
    r"karaoke bar|KTV|night ?club|"
    r"garbage truck|trash collection)\b)"
)
# Words that are capitalised for other reasons than being a name.
_COMMON: Final = """
i the a an this that these those there here it its he she we you they my our your his her their please thanks
thank hi hello monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep
sept oct nov dec no not yes and or but so if when where why what who how is are was were has have had been can
could would should will do does did someone people vehicle car truck house street road trash garbage recycling
yard pedestrian pedestrians graffiti tree trees missed large labor day christmas easter am pm mph hoa us usa
311 covid suv bmw ford toyota honda dodge chevy chevrolet nissan jeep gmc bbq tv bin bins cart approx north
south east west every last first since today yesterday tonight all one two three fire bike bus turn emergency
oncoming adjacent inside church on at near in of off blocking impedes from black blue green brown white red
silver gray grey
"""
_NOT_A_NAME: Final = frozenset(_COMMON.split())
_SHORT: Final = 2
_ROAD_CUE: Final = "corner of|intersection of|intersects? with|between|onto|along|off of|off|cross street"
_POI_CUE: Final = "at|in front of|outside|next to|beside|opposite"
_CUES: Final = tuple(
    (re.compile(rf"\b(?i:{words})[ ](?P<name>{_NAMES}(?!\w))"), kind, confidence)
    for words, kind, confidence in (
        (_ROAD_CUE, MentionKind.ROAD, 0.6),
        ("on|near|across from|behind|down|by", MentionKind.ROAD, 0.5),
        (rf"(?:{_POI_CUE})(?: the)?", MentionKind.POI, 0.5),
        ("in|within", MentionKind.DISTRICT, 0.4),
    )
)
_FOLLOWS: Final = re.compile(rf"[ ](?:and|&|/|at|near)[ ](?P<name>{_NAMES}(?!\w))")
_FORMS: Final = (
    (_ADDRESS, MentionKind.POI, 0.85),
    (_ROAD, MentionKind.ROAD, 0.8),
    (_LETTERED, MentionKind.ROAD, 0.7),
    (_MILE, MentionKind.ROAD, 0.6),
    (_NUMBERED, MentionKind.ROAD, 0.7),
    (_HOUSE_NAME, MentionKind.POI, 0.5),
    (_FACILITY, MentionKind.POI, 0.75),
    (_ESTATE, MentionKind.ESTATE, 0.75),
    (_DISTRICT, MentionKind.DISTRICT, 0.75),
    (_ORGANIZATION, MentionKind.ORGANIZATION, 0.7),
    (_PARTY, MentionKind.ORGANIZATION, 0.5),
)


def find_english_names(text: str) -> list[Candidate]:
    """Names in this text by their form or their cue; candidates may overlap, the longest is meant."""
    if text.isupper():  # shouting says nothing about names: read it as a title
        text = _TITLED.sub(lambda word: word.group().capitalize(), text)
    found = [*_by_form(text), *_by_cue(text)]
    return [candidate for candidate in found if candidate.end > candidate.start]


_TITLED: Final = re.compile(r"[A-Z]{4,}")


def _by_form(text: str) -> Iterator[Candidate]:
    for pattern, kind, confidence in _FORMS:
        for match in pattern.finditer(text):
            start = _trimmed(text, match.start(), match.end())
            end = match.end() - (text[match.end() - 1] == ".")
            if pattern is _PARTY:
                yield Candidate(match.start(), end, kind, confidence, PATTERNS_EN_SOURCE, rank=3, guess=True)
            elif start < end and (" " in text[start:end] or pattern is _NUMBERED):
                yield Candidate(start, end, kind, confidence, PATTERNS_EN_SOURCE, rank=1, guess=True)


def _by_cue(text: str) -> Iterator[Candidate]:
    for pattern, kind, confidence in _CUES:
        for match in pattern.finditer(text):
            start, end = match.span("name")
            while _proper(text[start:end]):
                yield Candidate(start, end, kind, confidence, PATTERNS_EN_SOURCE, rank=2, guess=True)
                following = _FOLLOWS.match(text, end)
                if following is None:
                    break
                start, end = following.span("name")


def _trimmed(text: str, start: int, end: int) -> int:
    """The start without leading words that only begin a sentence: "Please Elm Street" is "Elm Street"."""
    while start < end:
        word = text[start:end].split(" ", 1)
        if word[0].lower().rstrip(".,") not in _NOT_A_NAME or word[0].lower() in {"north", "south", "east", "west"}:
            break
        start += len(word[0]) + 1
    return start


def _proper(name: str) -> bool:
    words = name.lower().split(" ")
    return (
        words[0] not in _NOT_A_NAME
        and len(name) > _SHORT
        and not name.isdigit()
        and not all(w in _NOT_A_NAME for w in words)
    )
