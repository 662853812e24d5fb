"""Ways to reach a person: telephone numbers, e-mail addresses, WeChat and QQ accounts.

All functions take the plain view of a text (extraction.plain). Not found: hotlines and emergency numbers (12345, 110, 311),
amounts, and numbers that a word before them calls something else: an order, an account, a meter.
"""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from core.extraction import PersonalKind, PersonalSpan
from extraction.plain import with_spoken_digits

__all__ = ["CONTACTS_SOURCE", "find_emails", "find_phones"]

CONTACTS_SOURCE: Final = "personal-contacts@1"
_SHORTEST, _LONGEST = 7, 15  # digits of a number that one can dial; ITU-T E.164 has at most 15
_MARGIN: Final = 16  # characters around a run of digits that belong to it or say what it is: "(+86", "转 802", "万元"
_BEFORE: Final = 40  # characters before a number that may say what it is

# Not inside a longer number, word or amount. "tel", "wx" and the like may stand before a number without a space.
_START: Final = (
    r"(?:(?<![0-9A-Za-z_*#$¥￥])(?<!\d[.,:/])|"
    r"(?<=tel)|(?<=Tel)|(?<=TEL)|(?<=wx)|(?<=vx)|(?<=WX)|(?<=VX)|(?<=qq)|(?<=QQ))"
)
_CLOSED: Final = r"(?![0-9A-Za-z_*])(?![.,]\d)(?!元|块钱|万元|亿)"
_END: Final = _CLOSED + r"(?! ?(?:元|块|万|亿|人次|平[方米]|公里|吨|㎡|%|次|户|份|个|人[，。 ]|dollars|USD|sq|gallons))"
_EXTENSION: Final = r"(?: ?(?:转|分机|(?i:ext\.?|extension|x)) ?\d{1,6}|-\d{1,4}(?![\d\-]))?"

_MOBILE: Final = re.compile(
    _START + r"(?:(?:\+|00)?86[ \-]{0,2}|[(（]\+?86[)）] ?)?(1[3-9](?:[ .\-]{0,2}\d){9})" + _CLOSED
)
_LANDLINE: Final = re.compile(
    _START
    + r"(?:(?:\+|00)?86[ \-]{0,2})?[(（]?0(?:10|2\d|[3-9]\d{2})[)）]?[ \-]{0,2}[2-9]\d{2,3}[ \-]?\d{4}(?!\d)"
    + _EXTENSION
    + r"(?!-\d)"
    + _END
)
_SERVICE: Final = re.compile(
    _START + r"[48]00[ \-]?(?:\d{3}[ \-]?\d{4}|\d{4}[ \-]?\d{3}|\d[ \-]?\d{3}[ \-]?\d{3})" + _END
)
_NORTH_AMERICAN: Final = re.compile(
    _START
    + r"(?:(?:\+?1|001)[ .\-]{0,2})?(?:[(（]\d{3}[)）][ .\-]{0,2}|\d{3}[ .\-/])\d{3}[ .\-]?\d{4}(?!\d)"
    + _EXTENSION
    + _END
)
_TEN_DIGITS: Final = re.compile(_START + r"1?([2-9]\d{2}[2-9]\d{6})" + _END)
_INTERNATIONAL: Final = re.compile(r"(?<![0-9A-Za-z_+])(?:\+|00(?=[1-9]))[ (]{0,2}\d(?:[ ().\-/]{0,2}\d){6,14}(?!\d)")
_LABELLED: Final = re.compile(
    r"(?i)(?:电话|手机|座机|固话|联系方式|联系我|传真|致电|拨打|短信|"
    r"(?<![a-z])(?:tel(?:ephone)?|(?:tele)?phone|cell(?:phone)?|mobile|fax|whatsapp|"
    r"reach (?:me|us|him|her)|(?:call|text) (?:me|us|him|her)|contact (?:me|us))(?![a-z]))"
    r"(?:号码|号|是|为|同号|number|no\.|#|at|on|is|[ :：;,，()（）.=]){0,6}"
    r"(\d(?:[ \-]{0,2}\d){6,14})(?![ \-]{0,2}\d)" + _END
)
_SEVEN_DIGITS: Final = re.compile(
    r"(?i)(?<![a-z])(?:call|text|phone|tel|cell|mobile|reach|contact|dial|number)(?![a-z])[^.!?\n\d]{0,25}"
    r"(\d{3}[\-.]\d{4})(?![\d\-])"
)
_SPELLED_ENGLISH: Final = re.compile(
    r"(?i)(?<![a-z])(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)[ ,\-]{1,2}){6,14}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])"
)
_SPELLED_CHINESE: Final = re.compile("[幺零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖]{2}")
_ACCOUNT: Final = re.compile(
    r"(?i)(?:微信|威信|薇信|微心|(?<![a-z])(?:we ?chat|weixin|wx|vx|qq|telegram|whatsapp|line id|snapchat)(?![a-z])|"
    r"扣扣|企鹅号|抖音号)(?P<link>(?:号码|账号|帐号|号|也?是|为|加|同号|id|is|[ :：;,，()（）=]){0,6})"
    r"(?P<account>@?[A-Za-z][A-Za-z0-9_\-]{5,19}|[1-9](?:[ \-]?\d){4,11})(?![0-9A-Za-z])"
)
# Few texts hold what is long to look for: a run of seven digits, a chat, ten words that are digits.
_DIGITS: Final = re.compile(r"\d(?:[ .\-()（）/]{0,2}\d){6,}")
_CHATS: Final = (
    "微信",
    "威信",
    "薇信",
    "微心",
    "扣扣",
    "企鹅号",
    "抖音号",
    "chat",
    "weixin",
    "wx",
    "vx",
    "qq",
    "telegram",
    "whatsapp",
    "line id",
)
_SPOKEN_DIGITS: Final = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SAYS_WHAT: Final = re.compile(r"(?i)[:：号是为=]|is|id")

# What a number is where it is no telephone: the last words before it.
_OTHER_NUMBER: Final = re.compile(
    r"(?i)(?:订单|单号|编号|流水号?|工单|合同|发票|[账帐][号户]|卡号|快递|运单|受理|案[号件]|文号|条码|产权|证号|许可证?|备案|"
    r"票号|户号|表号|序列|学号|工号|税号|信用代码|房号|"
    r"(?<![a-z])(?:order|ticket|case|issue|request|ref(?:erence)?|invoice|tracking|account|acct|meter|permit|parcel|serial|"
    r"confirmation|citation|vin|id|work ?order|wo|sr|apn|policy|claim|docket|ordinance|ord|route|model|lot))"
    r"[ .]{0,2}(?:号码|号|number|num|no\.?|id)?[^0-9A-Za-z\n]{0,6}(?:[A-Z]{1,3}-?)?$"
)
_TELEPHONE: Final = re.compile(
    r"(?i)(?:电话|手机|座机|联系|致电|拨打|微信|热线|"
    r"(?<![a-z])(?:tel|phone|cell|mobile|call|text|fax|reach|contact|whatsapp)(?![a-z]))[^0-9\n]{0,12}$"
)

_ATS: Final = ("(at)", "[at]", "{at}", " at ", "艾特", "圈a", "#")
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:[.。][A-Za-z0-9\-]{1,63}){1,4}")
_SPELLED_EMAIL: Final = re.compile(
    r"(?i)(?<![a-z0-9._+\-])"
    r"(?P<local>[a-z0-9][a-z0-9_+\-]{0,40}(?:(?:\.| ?(?:\(dot\)|\[dot\]|dot|点) ?)[a-z0-9_+\-]{1,40}){0,3})"
    r" ?(?P<at>\(at\)|\[at\]|\{at\}|(?<= )at(?= )|艾特|圈a|#) ?"
    r"(?P<domain>[a-z0-9][a-z0-9\-]{0,40}(?: ?(?:\(dot\)|\[dot\]|(?<= )dot(?= )|点|\.) ?[a-z][a-z0-9\-]{1,40}){0,2})"
    r" ?(?P<dot>\(dot\)|\[dot\]|(?<= )dot(?= )|点|\.) ?"
    r"(?:com|org|net|edu|gov|cn|io|co|us|uk|info|me|hk|tw|ca|biz|de|fr)(?![a-z0-9])"
)
# "look at example dot com" names a page, not a mailbox.
_NO_MAILBOX_WORDS: Final = """
look looked looking see seen check checked visit is it are was posted found available online us go apply register more info listed
watch read sold bought here there live work works arrive stay pictures photos video details
"""
_NO_MAILBOX: Final = frozenset(_NO_MAILBOX_WORDS.split())
_PROVIDERS: Final = frozenset(
    (
        "gmail",
        "yahoo",
        "outlook",
        "hotmail",
        "icloud",
        "aol",
        "proton",
        "qq",
        "163",
        "126",
        "foxmail",
        "sina",
        "sohu",
        "139",
    )
)


def find_emails(view: str) -> Iterator[PersonalSpan]:
    """E-mail addresses, written as one or spelled out: "name at host dot com", "abc艾特qq点com"."""
    at = view.find("@")
    while at >= 0:
        local, domain = _LOCAL_PART.search(view, max(0, at - 64), at), _DOMAIN.match(view, at + 1)
        if local and domain:
            yield _span(local.start(), domain.end(), PersonalKind.EMAIL, 0.99)
        at = view.find("@", at + 1)
    small = view.lower()
    for match in _SPELLED_EMAIL.finditer(view) if any(at in small for at in _ATS) else ():
        signs = match["dot"] == "." and match["at"].lower() in {"at", "#"}
        provider = re.split(r"[ .(\[]", match["domain"].lower(), maxsplit=1)[0]
        if match["local"].lower() not in _NO_MAILBOX and (not signs or provider in _PROVIDERS):
            yield _span(match.start(), match.end(), PersonalKind.EMAIL, 0.9)


def find_phones(view: str) -> Iterator[PersonalSpan]:
    """Telephone numbers and chat accounts; they may overlap one another."""
    small = view.lower()
    if _DIGITS.search(view):
        yield from _dialled(view)
    if _SPELLED_CHINESE.search(view):
        spoken = with_spoken_digits(view)
        for found in _dialled(spoken) if _DIGITS.search(spoken) else ():
            if spoken[found.start : found.end] != view[found.start : found.end]:
                yield found
    for match in _SPELLED_ENGLISH.finditer(view) if sum(map(small.count, _SPOKEN_DIGITS)) >= _SHORTEST else ():
        yield _span(match.start(), match.end(), PersonalKind.PHONE, 0.8)
    for match in _ACCOUNT.finditer(view) if any(chat in small for chat in _CHATS) else ():
        if not match["account"].isalpha() or _SAYS_WHAT.search(match["link"]):  # not "微信 official"
            yield _span(match.start("account"), match.end("account"), PersonalKind.PHONE, 0.85)


def _dialled(view: str) -> Iterator[PersonalSpan]:
    yield from _by_form(view)
    for match in _INTERNATIONAL.finditer(view):
        number = re.sub(r"^00", "+", re.sub(r"[^\d+]", "", match[0]))
        if _exists(number, strictly=match[0][0] != "+"):
            yield _span(match.start(), match.end(), PersonalKind.PHONE, 0.95)
    for pattern in (_LABELLED, _SEVEN_DIGITS):
        for match in pattern.finditer(view):
            digits = re.sub(r"\D", "", match[1])
            if _SHORTEST <= len(digits) <= _LONGEST and digits.strip("0"):
                yield _span(match.start(1), match.end(1), PersonalKind.PHONE, 0.9)


def _by_form(view: str) -> Iterator[PersonalSpan]:
    """Numbers that show by their form what they are: Chinese mobiles and landlines, 400 and 800, North American ones."""
    for run in _DIGITS.finditer(view):
        yield from _in_run(view, max(0, run.start() - _MARGIN), min(len(view), run.end() + _MARGIN))


def _in_run(view: str, start: int, stop: int) -> Iterator[PersonalSpan]:
    for match in _MOBILE.finditer(view, start, stop):
        if _grouped(match[1]) and not _is_other(view, match.start()):
            yield _span(match.start(), match.end(), PersonalKind.PHONE, 0.98)
    for pattern, confidence in ((_LANDLINE, 0.95), (_SERVICE, 0.9), (_NORTH_AMERICAN, 0.9)):
        for match in pattern.finditer(view, start, stop):
            if not _is_other(view, match.start()):
                yield _span(match.start(), match.end(), PersonalKind.PHONE, confidence)
    for match in _TEN_DIGITS.finditer(view, start, stop):
        if not _is_other(view, match.start()) and _exists(f"+1{match[1]}", strictly=True):
            yield _span(match.start(), match.end(), PersonalKind.PHONE, 0.7)


def _grouped(number: str) -> bool:
    """Whether the digits stand as people group a mobile number: at most five groups, or each digit alone."""
    groups = [len(group) for group in re.split(r"[ .\-]+", number)]
    return (len(groups) <= 5 and groups[0] >= 3) or set(groups) == {1}  # noqa: PLR2004


def _is_other(view: str, start: int) -> bool:
    before = view[max(0, start - _BEFORE) : start]
    return _OTHER_NUMBER.search(before) is not None and _TELEPHONE.search(before) is None


def _exists(number: str, *, strictly: bool) -> bool:
    """Whether a country gives out this number, or, not strictly, numbers of its length."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) or (not strictly and phonenumbers.is_possible_number(parsed))


def _span(start: int, end: int, kind: PersonalKind, confidence: float) -> PersonalSpan:
    return PersonalSpan(start, end, kind, confidence, CONTACTS_SOURCE)
