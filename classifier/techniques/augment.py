"""More texts from the corpus's own: words dropped, moved or replaced, names exchanged, translated there and back."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Final, Literal, Protocol, cast, get_args

import yaml

from classifier.data import Example, normalise
from core.errors import BadInput
from core.types import Language

__all__ = ["WAYS", "Translator", "Way", "augment", "load_synonyms"]

Way = Literal["delete", "swap", "synonyms", "names", "translate"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)

_Rewrite = Callable[[str, random.Random], str]
_CHANGED: Final = 0.1  # share of words dropped or swapped: alpha of Wei & Zou
_REPLACED: Final = 0.5  # share of the words with a synonym
# A piece of Chinese text is a character, since nothing marks where its words end; [phone] and Latin words stay whole.
_PIECES: Final[dict[Language, re.Pattern[str]]] = {
    "zh": re.compile(r"\[[a-z]+\]|[A-Za-z0-9.%]+|."),
    "en": re.compile(r"\S+"),
}
_JOINT: Final[dict[Language, str]] = {"zh": "", "en": " "}
# A class may hang on a negation ("not a trash smell, it's sewer"): these are neither dropped nor moved.
_NEGATION: Final = re.compile(
    r"[不没无未非别莫勿]|(?:not?|never|none|nobody|nothing|without|isnt|dont)\W*|.*n['’]t\W*", re.IGNORECASE
)
_CLAUSE: Final = re.compile(r"([，。；！？,;!?]+)")

# Chinese names: after no Han character or after one that ends another word, of characters that names have and sentences have less.
_BEFORE: Final = r"(?:(?<![\u4e00-\u9fff])|(?<=[的在到从和与住是往过对沿于及离靠]))"
_COMMON: Final = (
    "楼下|附近|隔壁|周边|对面|公共|公交|市政|断头|步行|快速|水泥|泥巴|老旧|安置|通村|进出|关于|物业|建议|督促|发现|恳请|深夜"
    "|下雨|并明确|前年"
)
_CHARACTER: Final = (
    r"[^\W\d_a-zA-Z的在到从和与住是往过对沿这那条了不没有每一走个整全本我你他她们该某两几半同各满大小"
    r"说让给跟请却外由把着先市区家罚开去知修问时当员民领导停万]"
)
_NAME: Final = rf"{_BEFORE}(?!{_COMMON}){_CHARACTER}"
_TITLE: Final = (
    r"\b(?!(?:The|This|That|My|Our|Your|An?|And|On|At|In|No|From|Every|One|Each|Same|Please|Side)\b)"
    r"[A-Z][a-z]+(?:'s)?(?: [A-Z][a-z]+)?"
)
_NAMES: Final[dict[Language, dict[str, re.Pattern[str]]]] = {
    "zh": {
        "street": re.compile(_NAME + r"{2,3}(?:路|大道|街|巷)(?![上下边面灯口子段人车过线况政由费])"),
        "estate": re.compile(_NAME + r"{2,3}(?:小区|花园|公寓|家园|新村|雅苑|佳园|名城|华庭|嘉园)"),
        "shop": re.compile(_NAME + r"{2,3}(?:超市|饭店|酒店|餐馆|酒吧|烧烤店|火锅店|菜馆|茶楼|药店|便利店|面馆|商场)"),
    },
    "en": {
        "street": re.compile(
            rf"{_TITLE} (?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Parkway|Pkwy)\b"
        ),
        "estate": re.compile(
            rf"{_TITLE} (?:Apartments|Apts|Estates|Terrace|Manor|Gardens|Village|Heights|Towers|Commons|Homes)\b"
        ),
        "shop": re.compile(
            rf"{_TITLE} (?:Diner|Cafe|Bar|Grill|Market|Pizza|Deli|Tavern|Bakery|Pub|Inn|Salon|Lounge|Grocery|Pharmacy)\b"
        ),
    },
}


class Translator(Protocol):
    """What a user plugs in for back-translation: a service's client or a model."""

    def __call__(self, text: str, source: Language, target: Language) -> str:
        """The text in the target language."""
        ...


def augment(
    examples: Sequence[Example],
    language: Language,
    ways: Sequence[Way],
    share: float,
    seed: int,
    translator: Translator | None = None,
) -> list[Example]:
    """New examples beside those given: share of their number, spread evenly over the ways; the same for the same seed.

    Each carries the family, label and marks of the one it comes from, so that no split leaks; its evidence only where all those
    words still stand in the text, else None. Fewer come back where a way finds nothing to change or only texts already there.
    delete, swap: Wei & Zou 2019 (EDA), negations left alone; a swap moves two words, in Chinese two clauses. synonyms: of
    `synonyms.yaml`. names: a street's, an estate's or a shop's exchanged for another of its kind in these examples.
    translate: to the other language and back (Sennrich, Haddow & Birch 2016). Raises BadInput where that has no translator.
    """
    if share < 0:
        raise BadInput("share", share, "0 or more")
    known = {one.text.casefold() for one in examples}
    made: list[Example] = []
    for way in ways:
        rewrite = _rewrite(way, examples, language, translator)
        generator = random.Random(f"{way} {seed}")
        wanted = round(share * len(examples) / len(ways))
        taken = 0
        for _ in range(1 + ceil(share)):
            for example in generator.sample(examples, len(examples)):
                if taken == wanted:
                    break
                text = normalise(rewrite(example.text, generator))
                if text and text.casefold() not in known:
                    known.add(text.casefold())
                    made.append(_derived(example, text))
                    taken += 1
    return made


@cache
def load_synonyms(language: Language) -> tuple[tuple[str, ...], ...]:
    """The groups of words of a language that may stand for each other."""
    text = files("classifier.techniques").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    groups = cast("Mapping[str, list[list[str]]]", yaml.safe_load(text))
    return tuple(tuple(group) for group in groups[language])


def _derived(example: Example, text: str) -> Example:
    kept = example.evidence is not None and all(words in text for words in example.evidence)
    return replace(example, text=text, evidence=example.evidence if kept else None)


def _rewrite(way: Way, examples: Sequence[Example], language: Language, translator: Translator | None) -> _Rewrite:
    if way == "delete":
        return lambda text, generator: _delete(text, language, generator)
    if way == "swap":
        return lambda text, generator: _swap(text, language, generator)
    if way == "synonyms":
        return Synonyms(language)
    if way == "names":
        return _Names(language, examples)
    if translator is None:
        raise BadInput("translator", None, "a translator, which back-translation needs")
    pivot: Language = "en" if language == "zh" else "zh"
    return lambda text, _: translator(translator(text, language, pivot), pivot, language)


def _delete(text: str, language: Language, generator: random.Random) -> str:
    pieces = _PIECES[language].findall(text)
    free = [place for place, piece in enumerate(pieces) if piece.strip() and not _NEGATION.fullmatch(piece)]
    if len(free) <= 1:
        return text
    dropped = set(generator.sample(free, max(1, round(_CHANGED * len(free)))))
    return _JOINT[language].join(piece for place, piece in enumerate(pieces) if place not in dropped)


def _swap(text: str, language: Language, generator: random.Random) -> str:
    pieces = _CLAUSE.split(text) if language == "zh" else text.split()
    free = [
        place
        for place, piece in enumerate(pieces)
        if re.search(r"\w", piece) and not _NEGATION.fullmatch(piece.strip())
    ]
    if len(free) <= 1:
        return text
    for _ in range(1 if language == "zh" else max(1, round(_CHANGED * len(free)))):
        first, second = generator.sample(free, 2)
        pieces[first], pieces[second] = pieces[second], pieces[first]
    return _JOINT[language].join(pieces)


class Synonyms:
    """Text → the text with some of its words replaced by others of their group; at least one, where it has any."""

    def __init__(self, language: Language) -> None:
        self._group = {word: group for group in load_synonyms(language) for word in group}
        longest_first = "|".join(re.escape(word) for word in sorted(self._group, key=len, reverse=True))
        edge = r"\b" if language == "en" else ""
        self._pattern = re.compile(rf"{edge}(?:{longest_first}){edge}", re.IGNORECASE)

    def __call__(self, text: str, generator: random.Random) -> str:
        found = list(self._pattern.finditer(text))
        if not found:
            return text
        for match in sorted(generator.sample(found, ceil(_REPLACED * len(found))), key=lambda one: -one.start()):
            word = match[0].lower()
            new = generator.choice([other for other in self._group[word] if other != word])
            new = new[0].upper() + new[1:] if match[0][0].isupper() else new
            text = text[: match.start()] + new + text[match.end() :]
        return text


class _Names:
    """A text's names exchanged for others of the same kind, each everywhere in the text."""

    def __init__(self, language: Language, examples: Sequence[Example]) -> None:
        self._patterns = _NAMES[language]
        self._known = {
            kind: sorted({name for one in examples for name in pattern.findall(one.text)})
            for kind, pattern in self._patterns.items()
        }

    def __call__(self, text: str, generator: random.Random) -> str:
        for kind, pattern in self._patterns.items():
            there = sorted(set(pattern.findall(text)))
            others = [name for name in self._known[kind] if name not in there]
            if not there or len(others) < len(there):
                continue
            new = dict(zip(there, generator.sample(others, len(there)), strict=True))
            text = pattern.sub(lambda match, new=new: new[match[0]], text)
        return text
