"""Numbers of papers and cars that tell who somebody is: identity cards, passports, licences, number plates.

All functions take the plain view of a text (extraction.plain).
"""

import re
from collections.abc import Iterator
from typing import Final

from core.extraction import PersonalKind, PersonalSpan

__all__ = ["PAPERS_SOURCE", "find_cards", "find_plates"]

PAPERS_SOURCE: Final = "personal-papers@1"
_PROVINCE_CODES: Final = (  # GB/T 2260
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
_PROVINCES: Final = frozenset(_PROVINCE_CODES.split())
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK_DIGITS: Final = "10X98765432"
_BEFORE: Final = 24  # characters before a number that may say what it is

_CARD_18: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-9](?:[ \-]?\d){5}[ \-]?(?:1[ \-]?[89]|2[ \-]?0)(?:[ \-]?\d){2}"
    r"[ \-]?(?:0[ \-]?[1-9]|1[ \-]?[0-2])"
    r"[ \-]?(?:0[ \-]?[1-9]|[12][ \-]?\d|3[ \-]?[01])(?:[ \-]?\d){3}[ \-]?[\dXx](?![0-9A-Za-z])"
)
_CARD_15: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"
)
_CARD_LABEL: Final = re.compile(
    r"(?i)(?:身份[证號号]?|证件|公民|户口|(?<![a-z])(?:id|identity|identification)(?![a-z]))[^0-9\n]{0,16}$"
)
_OTHER_NUMBER: Final = re.compile(
    r"(?i)(?:订单|单号|编号|流水号?|工单|合同|发票|[账帐][号户]|卡号|运单|受理号?|案[号件]|文号|许可证?|备案|信用代码|项目|"
    r"(?<![a-z])(?:order|ticket|case|issue|invoice|tracking|account|permit|parcel|serial)(?: ?(?:id|no|number))?)"
    r"[^0-9A-Za-z\n]{0,6}$"
)
_LABELLED_PAPER: Final = re.compile(
    r"(?i)(?:身份证|证件|护照|通行证|回乡证|台胞证|居住证|暂住证|驾驶证|驾照|军官证|士兵证|社保卡?|医保卡?|残疾证|学生证|"
    r"(?<![a-z])(?:passport|driver'?s? licen[sc]e|drivers licen[sc]e|dl|state id|green card|medicare|medicaid)(?![a-z]))"
    r"(?:号码|编号|号|是|为|number|num|no\.?|#|is|[ :：=()（）]){0,6}"
    r"(?P<number>(?=[A-Za-z\-]{0,4}\d)[A-Za-z0-9][A-Za-z0-9\-]{5,18})(?![0-9A-Za-z*])"
)
_SOCIAL_SECURITY: Final = re.compile(
    r"(?i)(?:(?<![a-z])(?:ssn|ss#|social security|my social)(?![a-z])|社会安全|社安)"
    r"(?:号码|号|number|num|no\.?|#|is|was|是|为|[ :：=()]){0,6}"
    r"(?P<number>\d{3}[ \-]?\d{2}[ \-]?\d{4})(?!\d)"
)
_BARE_SOCIAL_SECURITY: Final = re.compile(
    r"(?<![0-9A-Za-z_\-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![0-9A-Za-z_\-])"
)

_REGIONS: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    f"[{_REGIONS}] ?[A-Za-z] ?[·.\\-]? ?"
    r"(?=[A-Za-z]{0,4}\d)"
    r"(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳领试超]|[A-Za-z0-9]{4}应急)(?![0-9A-Za-z*])"
)
_ARMED_POLICE: Final = re.compile(
    f"(?<![A-Za-z])[Ww][Jj][ ·\\-]?[{_REGIONS}]?[ ·\\-]?\\d{{4}}[0-9A-Za-z](?![0-9A-Za-z])"
)
_CONSULAR: Final = re.compile(r"(?<!大)使 ?\d{6}(?!\d)")
_LABELLED_PLATE: Final = re.compile(
    r"(?:车牌号?码?|号牌|牌照|牌号|车号|挂着|军牌|军车)(?:号码|号|是|为|[ :：,，()（）“\"]){0,5}"
    r"(?P<number>[\u4e00-\u9fff]? ?[A-Za-z]{0,2}[ ·.\-]?[A-Za-z0-9]{4,7}[警学挂港澳领]?)(?![0-9A-Za-z*年月日元])"
)
_STATE: Final = (
    "A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|DC|"
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|"
    "New [A-Z][a-z]+|North [A-Z][a-z]+|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South [A-Z][a-z]+|Tennessee|Texas|Utah|"
    "Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Ontario|Quebec"
)
_AMERICAN_PLATE: Final = re.compile(
    r"(?:(?i:(?<![a-z])(?:licen[sc]e ?(?:plates?|tags?)?|(?<!no )plates?|lic\.? ?(?:plate|#)?|temp(?:orary)? tags?)(?![a-z]))"
    r"|(?i:(?<![a-z])(?<!dog )(?<!pet )(?<!price )(?<!name )tags?"
    r"(?= ?(?:[#:=]|num|no\.|is |was |reads?|says)|(?-i: [A-Z0-9]{5,8}(?![a-z])))))"
    r"(?P<link>(?: ?(?i:number|num|no\.?(?![a-z])|#|:|=|is|was|reads?|says|of|on it|starts? with|,|\(|\"|')){0,4}) ?"
    rf"(?:(?:{_STATE})[ :\-]{{1,2}}(?:#|(?i:plates?|tags?) )?)?"
    r"(?P<number>[A-Za-z0-9]{1,8}(?:[ \-][A-Za-z0-9]{1,5}){0,2})(?![A-Za-z0-9*])"
)
_NOT_A_CAR: Final = re.compile(
    r"(?i)(?:business|contractor'?s?|liquor|driver'?s?|building|dog|pet|food|marriage|vendor'?s?|hunting) $"
)
_VIN: Final = re.compile(
    r"(?i)(?:(?<![a-z])vin(?![a-z])|车架号|车辆识别代?[码号])[^0-9A-Za-z\n]{0,6}(?:(?:number|no\.?|is)[ :#]{0,3})?"
    r"(?P<number>[A-HJ-NPR-Z0-9]{17})(?![0-9A-Za-z])"
)
_MEASURE_WORDS: Final = """
am pm ft in mi min mins hr hrs yd yds km mph day days week weeks year years month months times feet hours car cars st nd rd th
and or the for on at to of is was has been no not with from by since over may jan feb mar apr jun jul aug sep oct nov dec
ave blvd dr ln
"""
_MEASURES: Final = frozenset(_MEASURE_WORDS.split())


_NO_PLATE: Final = frozenset(
    ("none", "unknown", "temp", "paper", "dealer", "illegible", "expired", "missing", "covered", "only")
)
_DIGITS: Final = re.compile(r"\d(?:[ \-]?\d){5}")
_PAPER_WORDS: Final = re.compile("[证照卡]|(?i:passport|licen[sc]e|dl|state id|green card|medica)")
_PLATE_WORDS: Final = re.compile("(?i:licen[sc]e|plate|tag|lic[. #])")


def find_cards(view: str) -> Iterator[PersonalSpan]:
    """Numbers of identity cards, passports and the like; may overlap one another.

    A Chinese identity number of 18 digits shows itself: region, birth date, check digit (GB 11643-1999). One whose check digit is
    wrong counts too, as a slip of the pen still tells who it is, unless a word before calls it an order or a file. One of 15
    digits, a passport, a licence or a US social security number needs its label (a 123-45-6789 shows itself).
    """
    if not _DIGITS.search(view):
        return
    yield from _by_form(view)
    for match in _CARD_15.finditer(view):
        if _CARD_LABEL.search(view[max(0, match.start() - _BEFORE) : match.start()]):
            yield _span(match, 0, PersonalKind.ID_CARD, 0.9)
    for match in _LABELLED_PAPER.finditer(view) if _PAPER_WORDS.search(view) else ():
        if match["number"].strip("0-"):
            yield _span(match, "number", PersonalKind.ID_CARD, 0.85)
    for match in _SOCIAL_SECURITY.finditer(view):
        yield _span(match, "number", PersonalKind.ID_CARD, 0.95)
    for match in _BARE_SOCIAL_SECURITY.finditer(view):
        if _OTHER_NUMBER.search(view[max(0, match.start() - _BEFORE) : match.start()]) is None:
            yield _span(match, 0, PersonalKind.ID_CARD, 0.7)


def _by_form(view: str) -> Iterator[PersonalSpan]:
    """Identity numbers of 18 digits."""
    for match in _CARD_18.finditer(view):
        digits = re.sub(r"[ \-]", "", match[0]).upper()
        before = view[max(0, match.start() - _BEFORE) : match.start()]
        labelled = _CARD_LABEL.search(before) is not None
        if labelled or (digits[:2] in _PROVINCES and _OTHER_NUMBER.search(before) is None):
            yield _span(match, 0, PersonalKind.ID_CARD, 0.99 if _checks(digits) else 0.8 if labelled else 0.6)


def find_plates(view: str) -> Iterator[PersonalSpan]:
    """Number plates of China by their form, of the United States and others by a word that announces them; VINs likewise."""
    for pattern in (_PLATE, _ARMED_POLICE, _CONSULAR):
        for match in pattern.finditer(view):
            yield _span(match, 0, PersonalKind.PLATE, 0.95)
    for match in _LABELLED_PLATE.finditer(view):
        if any(character.isdigit() for character in match["number"]):
            yield _span(match, "number", PersonalKind.PLATE, 0.85)
    for match in _AMERICAN_PLATE.finditer(view) if _PLATE_WORDS.search(view) else ():
        if _NOT_A_CAR.search(view[max(0, match.start() - 14) : match.start()]) is None:
            yield from _american(match)
    for match in _VIN.finditer(view):
        yield _span(match, "number", PersonalKind.PLATE, 0.95)


def _american(match: re.Match[str]) -> Iterator[PersonalSpan]:
    """The plate that a label announces: one to three groups, four to eight signs with a digit, or capitals after a colon."""
    groups = list(re.finditer(r"[A-Za-z0-9]+", match["number"]))
    for kept in range(len(groups), 0, -1):
        words = [group[0] for group in groups[:kept]]
        sign = "".join(words)
        measured = any(word.lower() in _MEASURES for word in words) or (
            kept > 1 and any(_is_word(word) for word in words)
        )
        capitals = (
            sign.lower() not in _NO_PLATE
            and sign.isupper()
            and sign.isalpha()
            and kept == 1
            and re.search(r"[:#=]|is|reads?|says", match["link"])
        )
        digits = any(character.isdigit() for character in sign)
        if measured or not 4 <= len(sign) <= 8 or not (digits or capitals):  # noqa: PLR2004
            continue
        if sign.isdigit() and not match["link"].strip():
            continue  # "license 2024"
        start = match.start("number")
        yield PersonalSpan(start, start + groups[kept - 1].end(), PersonalKind.PLATE, 0.85, PAPERS_SOURCE)
        return


def _is_word(group: str) -> bool:
    return group.isalpha() and (len(group) > 4 or (len(group) > 3 and not group.isupper()))  # noqa: PLR2004


def _checks(digits: str) -> bool:
    """Whether the check digit is right: ISO 7064 MOD 11-2, as GB 11643-1999 has it."""
    return (
        _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11]
        == digits[17]
    )


def _span(match: re.Match[str], group: int | str, kind: PersonalKind, confidence: float) -> PersonalSpan:
    return PersonalSpan(match.start(group), match.end(group), kind, confidence, PAPERS_SOURCE)
