"""Words of complaint: how likely a text blames what it names, by the words that stand beside it.

Each sign beside a name, and the kind of party that the name is, has points; their sum is a log-odds. The points are those of
a logistic regression on the marked corpus, rounded to tenths: rules that can be read, and that tell why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import Final

from core.types import Mention, MentionKind
from extraction.scope import Scopes

__all__ = [
    "AGAIN",
    "HEADLINE",
    "Blame",
    "Party",
    "blame_of",
    "is_bare_keeper",
    "near_complaint",
    "odds",
    "party_of",
    "probability",
]

_WINDOW: Final = 44  # characters in which a sign may stand, on either side of a name
_NEAR: Final = 40
_OFFICE_CHARGED: Final = 0.65  # an office that leaves things undone, or is complained about by name
_DENIAL: Final = 0.8  # how sure a denial is
_LONGEST_REASON: Final = 32
_DOUBT: Final = -5.0  # points for each unit of doubt that these words are a name at all
_PLACE_DOES_WRONG: Final = 1.2  # points for a place that itself does wrong; beside others wrong is only done
AGAIN: Final = 0.8  # points for a name that stands in the text more than once
HEADLINE: Final = 0.5  # points for a name in the headline


class Party(StrEnum):
    """What kind of party a name is, if it is one."""

    OFFICE = "office"  # is mostly asked to act
    KEEPER = "keeper"  # manages or built an estate, which tells who it is
    FIRM = "firm"
    HOUSE = "house"  # a place that is its own master: school, hospital, hotel, works
    SITE = "site"  # a place that somebody else runs: market, building site, station
    SPOT = "spot"
    ESTATE = "estate"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Blame:
    """How likely a text blames a mention, in [0, 1], and the words that say so.

    denied: the words that say it is not to blame; then the probability is that of the denial.
    """

    probability: float
    reason: str
    party: Party
    denied: str | None = None


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    points: float
    words: re.Pattern[str]


def _signs(*rows: tuple[str, float, str]) -> tuple[_Sign, ...]:
    """Rows of name, points and words: words in front end at the name, words behind begin there."""
    return tuple(_Sign(name, points, re.compile(words, re.IGNORECASE)) for name, points, words in rows)


# What a party is alone worth, in Chinese and in English.
_POINTS: Final = {
    Party.OFFICE: (-1.6, -1.0),
    Party.HOUSE: (-1.7, -0.9),
    Party.KEEPER: (0.1, 0.3),
    Party.FIRM: (1.4, 1.5),
    Party.SITE: (-1.7, -0.3),
    Party.SPOT: (-3.1, -2.3),
    Party.ESTATE: (-4.2, -1.8),
    Party.PERSON: (-0.2, -0.9),
}
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_BEFORE_ZH: Final = _signs(
    ("accused", 0.5,
     r"(?:(?:投诉|举报|曝光|控诉|状告|质疑|谴责|严惩|严查|查处|查一查|取缔|关停|整治|整顿|处罚|制止|揭露|管管|曝光|坑害|欺骗)[^，。！？；\n]{0,8}?)$"),
    ("pressed", 1.0,
     r"(?:(?:督促|责令|责成|要求|约谈|追究|问责|监督|勒令|命令|敦促|叫|让)[^，。！？；\n]{0,4}?)$"),
    ("about", 0.1,
     r"(?:(?:关于|反映|反应|针对|对于|对)[^，。！？；\n]{0,6}?)$"),
    ("asked by", -1.0,
     r"(?:(?:请|希望|望|恳求|盼|建议|呼吁|麻烦)[^，。！？；\n]{0,6}?)$"),
    ("addressed", -0.2,
     r"(?:(?:尊敬的|敬爱的|亲爱的|[\n]致|^致))$"),
    ("thanked", -1.0,
     r"(?:(?:感谢|谢谢|多谢|表扬|点赞|赞扬|致谢)[^，。！？；\n]{0,10}?)$"),
    ("told", 0.2,
     r"(?:(?:拨打|打给|打|找|问|联系|致电|向|跟|到|至|给|通过|上报|报告|报|告诉|告知|咨询|反馈|反映给)(?:了|过)?[^，。！？；\n]{0,4}?)$"),
    ("by", 0.7,
     r"(?:(?:被|由|因|因为|由于|是|怪)[^，。！？；\n]{0,4}?)$"),
    ("some", 1.3,
     r"(?:(?:[一几两三四五六七八九十]家|这家|那家|这个|那个|某|有个|有家|有一|一个|开了|楼下|楼上|隔壁|旁边|对面|后面|附近|底商|新开|门口|村口|上游)的?[^，。！？；\n]{0,4}?)$"),
    ("ours", 0.1,
     r"(?:(?:我们|我是|我在|我家|本|我|咱|贵|该)[^，。！？；\n]{0,3}?)$"),
    ("first", 0.3,
     r"(?:(?:^|[，。！？；：\n“”])(?:那|这)?)$"),
)  # fmt: skip
_BEHIND_ZH: Final = _signs(
    ("does wrong", 0.5,
     (r"[^，。！？；\n]{0,12}?(?:扰民|扰邻|噪音|噪声|占道|占用|霸占|侵占|强占|乱倒|乱扔|乱丢|乱堆|乱停|乱收费|收费|收钱|偷倒|偷排|偷采|倾倒|堆放|排放|直排|排污|污染|违规|违法|违章|违约|非法|私自|私拉|私"
     r"下|擅自|强制|强迫|强行|强收|恶意|虚假|欺骗|欺诈|诈骗|拖欠|克扣|欠缴|辞退|拒绝|拒不|推诿|推脱|推卸|不作为|不管|不处理|不处置|不按|不给|不退|不让|不肯|不修|不交|不开|通宵|彻夜|整夜|施工|扬尘|外放|吵|油烟|"
     r"恶臭|臭|堵|阻挡|要求家长|涉嫌|收取|太差|恶劣|跑路|断水|断电|停水|停电|漏|骗|坑|摆到|摆在|延期|逾期|烂尾|打人|打骂|装死|失职|补课|乱作为|不合理|体罚)")),
    ("neglects", 0.3,
     r"[^，。！？；\n]{0,8}?(?:不作为|乱作为|推诿|推脱|推来推去|踢皮球|不管|不理|扰民|不受理|不处理|失职|渎职|慢作为|懒政|违规|违法|装聋|敷衍|互相推|包庇|偏袒|纵容|不力)"),
    ("says", 0.7,
     r"[^，。！？；\n]{0,6}?(?:说|讲|称|答复|回复|回应|表示|解释|认为|告知|让我|叫我|要我|推)"),
    ("turns", 0.5,
     r"[^，。！？；\n]{0,5}?(?:把|将|却|竟|拒|不|没|未|强|私|擅|乱|违|一直|长期|每天|天天|每晚|晚上|夜间|半夜|凌晨|至今|突然)"),
    ("has faults", 0.2,
     r"的?[^，。！？；\n]{0,6}?(?:噪音|噪声|油烟|垃圾|音响|音箱|喇叭|保安|老板|态度|服务|空调|排烟|管道|问题|行为)"),
    ("praised", -1.5,
     r"(?:工作人员|师傅|的?服务|的?态度)?(?:很好|不错|非常好|挺好|很负责|认真负责|很认真|很给力|给力|贴心|辛苦|令人满意|好评|及时)"),
    ("asked to", -1.2,
     (r"(?:等|及时|能|能够|可以|尽快|马上|立即|加强|出面|牵头|派人|来人|依法|认真|的?领导|前来|速来|来|再|去|在|把|将|对|给|和[\u4e00-\u9fff]{1,6}|、[\u4e00-\u9fff]{1,8}){0,3"
     r"}(?:处理|解决|介入|查处|整治|整改|核查|核实|查|调查|协调|清理|监管|管管|管|执法|清运|关注|考虑|明确|牵头|出面|取样|加密|安排|组织|救)")),
    ("letterhead", -1.9,
     r"(?:同志|负责人|的?各位|、[^，。：\n]{1,14}?)?(?:：|领导|同志|您好|你好)|(?:、|及|和)[^，。：\n]{1,10}(?:：|领导|同志)"),
    ("landmark", -0.9,
     r"的?(?:附近|旁|边上|对面|隔壁|后面|前面|周边|门口|门前|外|[东西南北]|那边|往|路口|站|方向|后门|里|内)"),
    ("people of", -0.2,
     r"的?(?:全体)?(?:业主|居民|住户|村民|学生|家长|孩子|患者|市民|客户|员工)"),
)  # fmt: skip
_BEFORE_EN: Final = _signs(
    ("accused", 0.8,
     (r"(?:\b(?:complain(?:t|ts|ing|ed)? (?:about|against|of|re:?)|report(?:ing)?|fed up with|tired of|sick of|blame|fine|cite|(?"
     r":noise|music|smell|trash|smoke|fumes|lights?|dust|odou?rs?) from)[^,.!?;\n]{0,12}?)$")),
    ("asked by", -0.2,
     r"(?:\b(?:please|pls|can|could|would|hope|ask(?:ing)?|will|wish)[^,.!?;\n]{0,10}?)$"),
    ("addressed", -1.0,
     r"(?:(?:\b(?:dear|attn:?|attention|re:)|[\n]to(?: the)?:?|^to(?: the)?:?) ?(?:the )?)$"),
    ("thanked", -0.4,
     r"(?:\b(?:thanks?(?: you)?(?: to| for)?|kudos|shout ?out|bless|appreciate|grateful)[^,.!?;\n]{0,16}?)$"),
    ("told", 0.1,
     (r"(?:\b(?:called|call|calling|contact(?:ed)?|told|emailed|wrote|asked|reported (?:it )?to|complained to|notified|talked to|"
     r"spoke (?:to|with)|refer(?:red)?(?: to)?)(?: to)?(?: the| my| our)?(?: \w+)? ?)$")),
    ("by", -0.3,
     (r"(?:\b(?:by|belonging to|because of|caused by|due to|thanks to|employees of|customers of)(?: the| a| an| my| our)?(?: \w+)"
     r"? ?)$")),
    ("at", -0.9,
     r"(?:\b(?:at|in|near|behind|outside|to|on|of|from|across from|opposite|past|beside)(?: the)?(?: \w+)? ?)$"),
    ("the", 0.3,
     r"(?:\bthe (?:\w+ )?)$"),
    ("first", 0.3,
     r"(?:(?:^|[.!?;:\n]) ?)$"),
)  # fmt: skip
_BEHIND_EN: Final = _signs(
    ("does wrong", 0.5,
     (r"[^,.!?;\n]{0,16}?\b(?:dump|block|play|park|burn|leav|left|throw|threw|spill|blast|run|work|mak|creat|obstruct|occup|pil|r"
     r"efus|won['’]?t|doesn['’]?t|didn['’]?t|hasn['’]?t|never|not|no-show|construct|drill|hammer|honk|smell|stink|leak|stor|litt"
     r"er|nois|loud|blar|sing|discharg|ignor|keep|kept|put|took|take|rent|charg|fail|overflow|idl|open|dig|dug|cut|tore|spray|cl"
     r"os|bolt|us(?:e|es|ing) |let|set|hos|pump|drain|pour|clog|empt|deliver|skip|miss|bang|crack|brok|damag|hit|ran )")),
    ("neglects", 0.1,
     (r"[^,.!?;\n]{0,10}?\b(?:ignor\w+|refus\w+|do(?:es)? nothing|did nothing|never (?:came|come|respond\w*|call\w*)|won['’]?t|us"
     r"eless|no help|didn['’]?t|doesn['’]?t|closed? (?:it|the ticket|my|our))")),
    ("says", 0.3,
     r"(?:['’]s \w+)?[^,.!?;\n]{0,10}?\b(?:said|says?|told|tells|claims?|answer\w*|blames?|promised|insists?)\b"),
    ("turns", 0.4,
     (r"[^,.!?;\n]{0,12}?\b(?:every|all (?:day|night)|at night|until|till|past|after|since|always|constantly|again|still|nightly|"
     r"before \d)\b")),
    ("has faults", 0.1,
     (r"['’]s? (?:\w+ ){0,2}(?:noise|music|trash|dumpster|bins?|trucks?|drivers?|fan|vent|speakers?|customers?|patrons|employees?"
     r"|workers?|crew|sign|lights?|dog|cars?)")),
    ("praised", -1.5,
     r"[^,.!?;\n]{0,8}?\b(?:great|wonderful|nice|helpful|polite|kind|excellent|quick|patient|good job|did a|thank)"),
    ("letterhead", -0.6,
     r",(?=\n| I\b| the\b| my\b| we\b)|:"),
    ("landmark", -0.1,
     r"(?: parking lot| entrance| side|(?: and| &| to)\b| area| building| bus stop| corner)"),
)  # fmt: skip

_OFFICE: Final = re.compile(
    r"(?:局|厅|政府|(?<!业主)(?<!居民)(?<!村民)委员会|[县市区省]委|办公室|街道办?|办事处|派出所|公安|交警|[支大中]队|城管队?|法院|检察院|残联|"
    r"妇联|纪委|卫健委|发改委|住建委?|管委会|管理处|环卫[处所站]?|[\u4e00-\u9fff]办|(?<![厕场诊务])所|质[安监]站|消防(?:救援)?站?|部门|法庭|信访|"
    r"\b(?:departments?|dept\.?|div(?:ision)?\.?|bureau|council|government|police|311|enforcement|authority|public works|"
    r"commission(?:er)?|city hall|animal control|sanitation|parks|county|city|mayor|agency|inspector|fire marshal|health|"
    r"streets|zoning|office of \w+))$",
    re.IGNORECASE,
)
_KEEPER: Final = re.compile(
    r"(?:物业(?:管理)?(?:公司|管理处|服务中心)?|开发商|业委会|业主委员会|居委会|村委会|[居村]民委员会)$"
    r"|\b(?:property management(?: company)?|landlord|homeowners association|hoa|developer|management|property manager)$",
    re.IGNORECASE,
)
_BARE_KEEPER: Final = re.compile(
    rf"(?:小区|社区|前期|[老新原现]|本届|第[一二三四五六七八九十]届|楼盘|房地产|the |our |my )?(?:{_KEEPER.pattern})",
    re.IGNORECASE,
)
_HOUSE: Final = re.compile(
    r"(?:学校|[中小大]学|[一二三四五六七八九十]中|学院|幼儿园|医院|卫生院|诊所|[养敬]老院|酒店|宾馆|驾校|[厂馆店]|场(?<!市场)(?<!广场)(?<!车场)(?<!商场)(?<!操场)|"
    r"\b(?:schools?|elementary|middle|high|prep|academy|hospital|clinic|hotel|motel|inn|restaurant|church|tabernacle|temple|"
    r"bar|pub|club|lounge|cafe|grill|winery|brewery|gym|daycare|shop|plant|factory))$",
    re.IGNORECASE,
)
_SITE: Final = re.compile(
    r"(?:市场|夜市|超市|商场|商贸城|购物中心|工地|(?<![车铁])站|基地|项目|园区|"
    r"\b(?:market|mall|supermarket|stores?|site|project|warehouse|yard|facility|quarry|landfill|venue|range|courts?))$",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(r"一(?!直)|有|[门路]口|[0-9摊店里内旁]|附近|周边|\b(?:who|people|cars?|trucks?)\b")
_COMPLAINT: Final = re.compile(
    "投诉|举报|反映|扰民|噪音|噪声|垃圾|乱倒|乱停|占道|堵塞|污染|恶臭|违规|违法|noise|noisy|loud|dump|trash|garbage|litter|block|"
    "park|obstruct|complain|report",
    re.IGNORECASE,
)


def party_of(mention: Mention) -> Party | None:
    """What kind of party a mention may be; None for kinds that nobody runs, such as roads."""
    match mention.kind:
        case MentionKind.ORGANIZATION:
            office = Party.OFFICE if _OFFICE.search(mention.text) else Party.FIRM
            return Party.KEEPER if _KEEPER.search(mention.text) else office
        case MentionKind.POI:
            site = Party.SITE if _SITE.search(mention.text) else Party.SPOT
            return Party.HOUSE if _HOUSE.search(mention.text) else site
        case kind:
            return {MentionKind.ESTATE: Party.ESTATE, MentionKind.PERSON: Party.PERSON}.get(kind)


def is_bare_keeper(words: str) -> bool:
    """Whether these words are a keeper without any name: "物业", "本届业委会", "the landlord"."""
    return _BARE_KEEPER.fullmatch(words) is not None


def blame_of(text: str, mention: Mention, scopes: Scopes) -> Blame | None:
    """How likely the text blames this mention, by its own sentence alone; None for a kind that cannot be blamed."""
    party = party_of(mention)
    if party is None:
        return None
    denied = scopes.denied(mention.start, mention.end)
    if denied:  # of a mere place it is denied that the trouble is there
        if party in (Party.ESTATE, Party.SPOT):
            return Blame(0.0, "", party)
        return Blame(_DENIAL, f"{denied} {mention.text}", party, denied)
    first, last = scopes.sentence(mention.start)
    before = text[max(first - 1, mention.start - _WINDOW, 0) : mention.start]
    behind = text[mention.end : min(last, mention.end + _WINDOW)]
    chinese = _CHINESE.search(f"{mention.text}{before[-6:]}{behind[:6]}") is not None
    total = _POINTS[party][0 if chinese else 1]
    if party is Party.FIRM or (party is Party.KEEPER and not is_bare_keeper(mention.text)):
        total += _DOUBT * (1 - mention.confidence)
    front, back = (_BEFORE_ZH, _BEHIND_ZH) if chinese else (_BEFORE_EN, _BEHIND_EN)
    signs = [(s, f"{m.group().strip()} {mention.text}") for s in front if (m := s.words.search(before))]
    signs += [(s, f"{mention.text} {m.group().strip()}") for s in back if (m := s.words.match(behind))]
    points = {sign.name: sign.points for sign, _ in signs}
    said = {sign.name: words for sign, words in signs}
    if party in (Party.HOUSE, Party.SITE) and _itself(said):
        total += _PLACE_DOES_WRONG
    likely = probability(total + sum(points.values()))
    charge = said.get("neglects") or (said.get("accused") if "told" not in said else None)
    if party is Party.OFFICE and charge:
        return Blame(max(likely, _OFFICE_CHARGED), _short(charge), party)
    strongest = max(points, key=lambda name: points[name], default="")
    words = said[strongest] if strongest and points[strongest] > 0 else f"named {mention.text}"
    return Blame(likely, _short(words), party)


def _itself(said: Mapping[str, str]) -> bool:
    """Whether a place does wrong itself, not somebody beside it."""
    return "does wrong" in said and "landmark" not in said and not _OTHERS.search(said["does wrong"])


def probability(points: float) -> float:
    """Points of log-odds as a probability."""
    return 1 / (1 + exp(-points))


def odds(probability: float) -> float:
    """A probability as points of log-odds, at most some 20."""
    return log(max(probability, 1e-9) / max(1 - probability, 1e-9))


def near_complaint(text: str, start: int) -> bool:
    """Whether words of complaint stand within 40 characters of this offset."""
    return _COMPLAINT.search(text, max(0, start - _NEAR), start + _NEAR) is not None


def _short(words: str) -> str:
    return " ".join(words.split())[:_LONGEST_REASON]
