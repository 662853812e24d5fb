"""Names of private persons in English texts: my name is Karen Miller, Mrs. Ferreira, neighbor Michelle Neads, Thanks, Joe.

A cue before it lets any capitalised word be a name, and a usual name even in small letters; without a cue, a usual given name and
a usual family name must stand together. Not found, because they are public: whoever is named with an office (Mayor Johnson,
Officer Daniels). Not found, because they are no persons: streets, parks and schools that bear a name (Martin Luther King Blvd).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.extraction import PersonalKind, PersonalSpan
from extraction.name_lists import name_lists

__all__ = ["NAMES_EN_SOURCE", "find_english_persons", "is_person"]

NAMES_EN_SOURCE: Final = "person-names-en@1"

_LISTS: Final = name_lists("english_names.txt")
_GIVEN, _FAMILY, _OTHER = (frozenset(_LISTS[name]) for name in ("given", "family", "other"))
_WORD: Final = (
    r"(?:[A-Z][a-z\u00df-\u00ff]+|O'[A-Z][a-z]+|Ma?c[A-Z][a-z]+|D[eai][A-Z][a-z]+|[A-Z]{2,})(?:-[A-Z][a-z]+)?"
    r"|[A-Z](?:\.|(?=[ ,.;\n]|$))"
)
_NAME: Final = rf"(?:{_WORD})(?: {{1,2}}(?:van |de la |de |von |al-|bin )?(?:{_WORD})){{0,2}}"
_READ: Final = re.compile(_NAME)
_READ_TWO: Final = re.compile(rf"(?:{_NAME})(?: (?:&|and) (?:{_NAME}))?")
_READ_SMALL: Final = re.compile(r"[a-z][a-z'\-]{1,20}(?: [a-z][a-z'\-]{1,20})?")
_STOPS: Final = re.compile(r"(?:'s)? {0,2}(?:[\d.,;:!?)\n\ufffc]|$)")
_LINE_ENDS: Final = re.compile(r"[.,!]? {0,3}(?:\n|$|\ufffc|[\d(#@])")
_TRAILING: Final = re.compile(r"(?: and| &|[ \-])+$")
_ACQUAINTED: Final = (
    "neighbou?r|tenant|renter|landlord|landlady|owner|resident|caller|homeowner|husband|wife|spouse|son|daughter|mother|father|"
    "mom|dad|brother|sister|friend|roommate|co-?worker|boyfriend|girlfriend|fianc[eé]e?|grandmother|grandfather|grandma|grandpa|"
    "aunt|uncle|cousin|nephew|niece|babysitter|nanny|teacher|coach|boss|guy|man|woman|lady|gentleman|customer|client|patient|"
    "complainant|constituent|citizen|driver|contractor|plumber|janitor|super|occupant|handyman|property manager|operator|worker|"
    "employee|kid|child|boy|girl|victim|witness|suspect|manager|thanks to|thank you to|kudos to|shout ?out to"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that a name follows. small: usual names count in small letters; usual: only usual names count; title: any word does."""

    words: re.Pattern[str]
    confidence: float
    small: bool = False
    usual: bool = False
    title: bool = False


_NAMED: Final = re.compile(
    r"(?<![a-z])(?:my name(?:'s| is)|name(?:'s| is|d)?(?: ?[:=])|(?:full|first|last) name(?: ?[:=]| is)|"
    r"(?:his|her|their) name(?:'s| is)|named|goes by|by the name of|contact(?: person| name| info)?(?: ?[:=]| is)|attn(?: ?[:=.])|"
    r"(?:attention|caller|reporter|resident|owner|tenant|submitter|requestor) ?:|"
    r"(?:reported|submitted|requested|signed|filed|written|sent) by(?: ?:)?|signed ?[:,]|ask for|c/o) ?[\"'(]?"
)
_SMALL: Final = {
    code: code + 32 for code in range(ord("A"), ord("Z") + 1)
}  # one letter for one, so that offsets stay true
_TWO_WORDS: Final = re.compile(r"[A-Za-z][.,:']{0,2}[ \n][A-Za-z\ufffc]|[MD][rs]s?\.[A-Z]")
_TITLED: Final = re.compile(
    r"(?<![A-Za-z])(?P<title>Mr|Mrs|Ms|Mx|Dr|Prof|MR|MRS|MS|DR|mr|mrs|ms|Mister|Señora?|Sra|Doña)(?P<dot>\.?)"
    r"(?: {1,2}|(?<=\.))(?=[A-Za-z])"
)
_CUES: Final = (
    _Cue(_NAMED, 0.9, small=True),
    _Cue(re.compile(r"(?<![a-z/])miss "), 0.7, usual=True),
    _Cue(
        re.compile(
            rf"(?<![a-z])(?:{_ACQUAINTED})(?:(?: (?:named|called|is|,))? ?[,:(] ?[\"']?| (?:(?:named|called) )?)(?=[a-z])"
        ),
        0.8,
        small=True,
        usual=True,
    ),
    _Cue(
        re.compile(
            r"(?<![a-z])(?:i am|i'm|this is|spoke (?:to|with)|talked (?:to|with)|told|contact|call|text|email|reach|dear|hi|"
            r"hello|met|tell|asked|ask),? (?=[a-z])"
        ),
        0.7,
        usual=True,
    ),
    _Cue(re.compile(r"(?:^|\n|[.!?] {1,3})(?:-{1,2}|~) ?(?=[a-z])"), 0.6, usual=True),
)
_TITLE: Final = _Cue(_TITLED, 0.9, small=True, title=True)
_SIGNED: Final = re.compile(
    r"(?<![a-z])(?:(?:thanks|thank you|thx)(?: again| so much| very much| in advance| for your (?:help|time))?|"
    r"(?:kind |best |warm )?regards|sincerely(?: yours)?|respectfully|cordially|best(?: wishes)?|cheers|yours(?: truly)?)"
    r" {0,2}(?:[,.!\-~]{1,3}[ \n]{0,4}|\n{1,3} {0,4}[\-~]{0,2} {0,2})(?=[a-z])"
)
_FREE: Final = re.compile(
    r"(?<![A-Za-z'@#&.\-])(?P<given>[A-Z][a-z]{2,}|[A-Z]{3,})(?: {1,2}[A-Z]\.?)? {1,2}"
    r"(?P<family>(?:O'|Mc|Mac)?[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?|[A-Z]{3,})(?![A-Za-z])"
)

_PLACE: Final = re.compile(  # what follows a name in the name of a street, a park, a school, a firm
    r"(?i: {1,2}(?:(?:[NSEW]\.?|north|south|east|west) )?"
    r"(?:street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|place|pl|"
    r"way|circle|cir|terrace|ter|trail|trl|parkway|pkwy|highway|hwy|square|sq|alley|plaza|loop|pike|bridge|park|playground|field|stadium|school|elementary|middle|high|academy|college|university|hospital|library|church|center|centre|building|house|"
    r"hall|creek|lake|river|canyon|beach|island|county|city|airport|station|apartments?|apts?|manor|gardens?|heights|hills?|"
    r"estates?|village|ranch|farms?|day|memorial|museum|theat(?:er|re)|gym|cemetery|jr|junior|company|co|inc|llc|corp|motors|realty|"
    r"construction|plumbing|grill|cafe|pizza|market|store|mall|fire|police|department|dept|neighborhood|subdivision|expressway|"
    r"expy|freeway|fwy|turnpike|crossing|cove|ridge|run|row|path|walk|xing|bl)(?![A-Za-z]))"
)
_OFFICE: Final = re.compile(
    r"(?i)(?<![a-z])(?:(?:vice )?mayor|council ?(?:man|woman|member|person)|councilor|alder(?:man|woman|person)?|senator|sen\.?|"
    r"representative|rep\.?|congress(?:man|woman)|commissioner|governor|gov\.?|officer|sgt\.?|sergeant|deputy|"
    r"detective|det\.?|chief|captain|capt\.?|lt\.?|lieutenant|sheriff|judge|justice|hon\.?|honorable|secretary|minister|director|"
    r"superintendent|principal|inspector|chairman|chairwoman|delegate|supervisor|trustee|"
    r"saint|st\.?|san|santa|lake|mount|mt\.?|fort|ft\.?|port|north|south|east|west|n|s|e|w|the|street|at|corner of) {1,2}$"
)
_WELL_KNOWN: Final = re.compile(
    r"(?i)martin luther|rosa parks|george washington|abraham lincoln|john f|cesar chavez|donald trump|joe biden|"
    r"kamala harris|barack obama"
)


def find_english_persons(text: str) -> Iterator[PersonalSpan]:
    """Names of private persons; they may overlap one another. text: its plain view; U+FFFC stands for what is hidden already."""
    if not _TWO_WORDS.search(text):
        return
    small = text.translate(_SMALL)
    for cue in _CUES:
        for match in cue.words.finditer(small):
            yield from _read(text, match.end(), cue)
    for match in _TITLED.finditer(text):
        if _is_title(text, match):
            yield from _read(text, match.end(), _TITLE)
    for match in _SIGNED.finditer(small):
        yield from _read_signature(text, match.end())
    yield from _free(text)


def _free(text: str) -> Iterator[PersonalSpan]:
    """A usual given name with a usual family name, or, in a sentence in small letters, with any: "asked Lorna Deitz to stop"."""
    for match in _FREE.finditer(text):
        start, end = match.span()
        family = match["family"].lower().replace("'", "")
        within = text[max(0, start - 3) : start].rstrip(" ,").islower() and not match["family"].isupper()
        usual = family in _FAMILY or (within and family not in _OTHER)
        known = usual and match["given"].lower() in _GIVEN
        if known and not _holds_place(text, start, end) and is_person(text, start, end):
            yield _span(start, end, 0.6)


def is_person(text: str, start: int, end: int) -> bool:
    """Whether a name in a text is a private person's: no office before it, no street or school that bears it."""
    if _PLACE.match(text, end) or _OFFICE.search(text[max(0, start - 22) : start]):
        return False
    return _WELL_KNOWN.match(text, start, end) is None


def _read(text: str, at: int, cue: _Cue) -> Iterator[PersonalSpan]:
    """The name that begins here, if one does."""
    match = _READ.match(text, at)
    if not match:
        if cue.small:
            yield from _read_small(text, at, cue)
        return
    end = _without_other_words(text, at, match.end())
    first = re.split(r"[ .\-]", text[at:end], maxsplit=1)[0].lower()
    shouted = end - at > 1 and text[at:end].isupper() and not text[max(0, at - 8) : at].rstrip().isupper()
    known = first in _GIVEN or (cue.title and first in _FAMILY)
    if end == at or not (known or not (cue.usual or shouted)) or (not cue.title and _holds_place(text, at, end)):
        return
    if is_person(text, at, end):
        yield _span(at, end, cue.confidence)


def _read_small(text: str, at: int, cue: _Cue) -> Iterator[PersonalSpan]:
    """The name in small letters that begins here: one usual name, and a word behind it that is one or ends there."""
    match = _READ_SMALL.match(text, at)
    if not match:
        return
    first, _, second = match[0].removesuffix("'s").partition(" ")
    if first not in _GIVEN and (not cue.title or first in _OTHER):
        return
    end = at + len(first)
    if second and second not in _OTHER and (second in _FAMILY or _STOPS.match(text, end + 1 + len(second))):
        end += 1 + len(second)
    if is_person(text, at, end):
        yield _span(at, end, cue.confidence - 0.1)


def _read_signature(text: str, at: int) -> Iterator[PersonalSpan]:
    """The names that end a message or its line: "Thanks, Karen M.", "Regards, Rahel & Sjoerd"."""
    match = _READ_TWO.match(text, at)
    if not match:
        return
    end = _without_other_words(text, at, match.end())
    usual = re.split(r"[ .]", text[at:end], maxsplit=1)[0].lower() in _GIVEN
    if end == at or not (usual or _LINE_ENDS.match(text, end)) or not is_person(text, at, end):
        return
    start = at
    for joint in (*re.finditer(r" (?:&|and) ", text[at:end]), None):
        stop = at + joint.start() if joint else end
        if text[start:stop].lower() not in _OTHER:
            yield _span(start, stop, 0.7)
        start = at + joint.end() if joint else end


def _without_other_words(text: str, start: int, end: int) -> int:
    """Where the name ends: before a word that names nobody."""
    stop = start
    for word in re.finditer(r"[^ ]+", text[start:end]):
        bare = word[0].strip(".,'-").lower()
        if bare in _OTHER and not (bare == "and" and stop > start):
            break
        stop = start + word.end()
    trailing = _TRAILING.search(text, start, stop)
    return trailing.start() if trailing else stop


def _holds_place(text: str, start: int, end: int) -> bool:
    """Whether a word behind the first makes it a place: Sylvia Lane, Scott Park."""
    return any(_PLACE.match(text, start + gap.start()) for gap in re.finditer(" ", text[start:end]))


def _is_title(text: str, match: re.Match[str]) -> bool:
    """Whether "Dr" is a title and not the Drive of "Shurling Dr", "MS" no state, "ms" no unit."""
    title, dot = match["title"].lower(), match["dot"]
    if title == "dr":
        before = text[max(0, match.start() - 24) : match.start()].rstrip(" ")
        word = re.search(r"[\w.'\-]+$", before)
        return word is None or word[0].islower() or before.endswith((".", "!", "?", ":", ";", "\n"))
    return title != "ms" or dot == "." or match["title"] == "Ms"


def _span(start: int, end: int, confidence: float) -> PersonalSpan:
    return PersonalSpan(start, end, PersonalKind.NAME, confidence, NAMES_EN_SOURCE)
