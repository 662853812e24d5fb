"""Names of private persons in Chinese texts: 我叫李建义, 投诉人：刘严, 王先生, 邻居张伟, 夏发宗一家.

A surname says where a name may begin. Beside the words of a form (姓名：) the rest is a matter of signs; elsewhere the
pretrained lexer is asked for that clause alone, and says where the name begins and ends. Not found, because they are
public: whoever is named with an office (胡书记, 市委书记某某) and those whom everybody knows (雷锋). Not found, because they
are no persons: roads, schools and firms that bear a name (黄兴路). Not found, because the sender hid them: 夏某, 李**.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from core.extraction import PersonalKind, PersonalSpan
from extraction.lexer import LEXER_SOURCE, Lexer
from extraction.name_lists import name_lists

__all__ = ["NAMES_ZH_SOURCE", "find_chinese_persons", "is_private"]

NAMES_ZH_SOURCE: Final = "person-names-zh@1"

_LISTS: Final = name_lists("chinese_names.txt")
_COMMON, _GIVEN = ("".join(_LISTS[name]) for name in ("common", "given"))
_COMPOUND: Final = "|".join(_LISTS["compound"])
_PUBLIC, _LOOKALIKES = (frozenset(_LISTS[name]) for name in ("public", "lookalike"))
_HAN: Final = "\u4e00-\u9fff"
_SURNAME: Final = f"(?:{_COMPOUND}|[{_COMMON}{''.join(_LISTS['rare'])}])"
_USUAL: Final = f"(?:{_COMPOUND}|[{_COMMON}])"
_ONLY_SURNAME: Final = re.compile(_SURNAME)
_SURE: Final = re.compile(f"(?:(?:{_COMPOUND})[{_HAN}]{{1,2}}|[{_COMMON}](?:[{_HAN}]{{2}}|[{_GIVEN}]))")

_PARTY: Final = (  # what a form calls the person
    "(?:投诉|举报|反映|反应|申请|申诉|申辩|来电|来信|留言|信访|报案|受害|当事|经办|收件|收货|寄件|联系|联络|承租|委托|代理|"
    "负责|责任|证明|报名|诉求|求助|咨询|上访|签名|见证|担保|借款|发包|承包|购房|被告|原告|监护|紧急联系|控告|检举|报修)"
    "(?:人|者)(?:姓名)?|姓名|名字|署名|落款|户主|法人代表|法定代表人"
)
_NAMED_WITH_COLON: Final = "业主|房主|车主|患者|学生|家长|村民|居民|住户|店主|老板"
# The patterns begin with few characters, so that they are found quickly; what must stand before is looked at afterwards.
_FORM: Final = re.compile(
    f'[人者名字款主表板长生民户](?P<link>(?:是|为|叫|[ :：=（(“"]){{0,3}})(?P<name>{_SURNAME}[{_HAN}]{{1,2}}?)'
    f"(?=$|[^{_HAN}]|电话|手机|联系|联络|身份证|男|女|住|系[本我A-Z]|现年|年龄|今年|微信|于|本人)"
)
_BEFORE_FORM: Final = re.compile(f"(?:{_PARTY})$")
_BEFORE_COLON: Final = re.compile(f"(?:{_NAMED_WITH_COLON})$")
_CALLED: Final = re.compile(
    f'叫做?[ :：“"]{{0,2}}(?P<name>{_SURNAME}[{_HAN}]{{1,2}}?)(?=$|[^{_HAN}]|男|女|住|家住|来自|是|今年|现|系|的)'
)
_BEFORE_CALLED: Final = re.compile("(?:我|本人|他|她|名字?|孩子|儿子|女儿|老板|人|个|位)(?:的名字)?$")
_SIGNED: Final = re.compile(
    "(?:敬礼|谢谢|感谢|致谢|叩谢|敬上|此致|\n|——|--)[ !！。,，~～\n]{0,6}"
    f"(?P<name>{_USUAL}[{_HAN}]{{1,2}})(?=[ \n]{{0,4}}(?:$|\n|[0-9]{{4}}|敬上|拜上|于))"
)
_OF_MINORITY: Final = re.compile(  # 阿卜杜拉·买买提
    f"(?<![{_HAN}·])(?P<name>[阿艾买吾古热玛努依木迪帕赛][{_HAN}]{{1,5}}·[{_HAN}]{{2,6}})(?![{_HAN}·])|"
    f"(?:叫|人|名|业主|邻居|户主|房东)[:： ]?(?P<named>[{_HAN}]{{2,6}}·[{_HAN}]{{2,5}}?)(?=$|[^{_HAN}·]|电话|[家说的在])"
)
_SURNAMED: Final = re.compile(f"姓(?P<name>{_USUAL}(?=的|名)|{_SURNAME}(?=$|[^{_HAN}]))")  # 姓王的
_BY_SURNAME: Final = re.compile("姓(?=[女男先业住居村老青司车租房店顾乘])")  # 张姓女士
_FAMILY: Final = re.compile("家(?=[，,说要也把])")  # 一楼的焦家说
_BEFORE_BY_SURNAME: Final = re.compile(f"{_SURNAME}$")
_BEFORE_FAMILY: Final = re.compile(f"(?<=[的楼上下壁号户、.])(?!庄)[{_COMMON}]$")

_TITLES: Final = (
    "先生|女士|小姐|师傅|阿姨|大爷|大妈|大叔|大伯|大哥|大姐|大娘|大嫂|嫂子|奶奶|爷爷|婆婆|叔叔|伯伯|娭毑|嗲嗲|老师|医生|大夫|"
    "护士|律师|教练|经理|老板娘|老板|太太|夫人|老太|老汉|同学|姑娘|妹子|[爹姐哥叔姨嫂婶伯爷嗲](?![亲子妹弟])|(?<!岳)母(?!亲)|老[大二三四五六七八九幺]|[胖麻癞矮瘸驼]子|"
    "总(?![是共算之体结要会得觉想有值量额数部站公会署统监理裁])"
)
_TITLED: Final = re.compile(f"(?P<surname>{_SURNAME})(?:{_TITLES})")
_ENDS_WITH_TITLE: Final = re.compile(f"(?:{_TITLES}|总|[^{_HAN}·])+$")
_FRIEND: Final = (  # words that a name may follow in a sentence
    "邻居|业主|户主|房主|房东|租客|租户|住户|车主|司机|老板|包工头|工头|店主|摊主|患者|病人|学生|家长|儿子|女儿|老公|丈夫|妻子|"
    "老婆|爱人|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|弟弟|哥哥|姐姐|妹妹|侄子|孙子|孙女|岳父|岳母|朋友|同事|同学|村民|居民|"
    "市民|工友|老人|组长|队长|班长|保安|门卫|经理|法人|股东|董事长|员工|职工|老师|医生|护士|律师|教练|我是|本人|男子|女子|室友|"
    "商户|客户|顾客|乘客|教师|会计|叫|找|法人代表|法定代表人|负责人|当事人|嫌疑人|被告|原告|投诉人|举报人"
)
_AFTER_FRIEND: Final = re.compile(
    f'(?:{_FRIEND})[ :：“"(（]{{0,2}}(?P<name>{_SURNAME}[{_GIVEN}]{{1,2}})'
    f"(?=$|[^{_HAN}]|电话|手机|[家的说欠不把每拒打骂要又从向被将卷])"
)
_NICKNAME: Final = re.compile(f"[老小阿](?P<name>[{_COMMON}])")
# Where it is worth to ask the lexer: a usual surname before what begins a given name or a title, any surname behind a friend.
_SOMEWHERE: Final = re.compile(
    f"[{_COMMON}{''.join(_LISTS['rare'])}](?=[{_GIVEN}先女小师阿大嫂奶爷婆叔伯娭嗲老医护律教经太夫同姑妹爹姐哥姨婶母胖麻癞矮瘸驼总])|"
    f"(?:{_COMPOUND})|[老小阿](?=[{_COMMON}])"
)
_RARE: Final = frozenset("".join(_LISTS["rare"]))
_BEHIND_FRIEND: Final = re.compile(f'(?:{_FRIEND})[ :：“"(（]{{0,2}}$')

_OFFICE_AFTER: Final = re.compile(
    '[ ”"]?(?:总|副|老|代|原|前|常务|党委|党|支部|第一|大)*(?:书记|市长|区长|县长|省长|镇长|乡长|局长|厅长|部长|处长|科长|'
    "司长|主任|主席|总理|委员长|秘书长|院士|将军|烈士|同志|法官|检察|警官|民警|队长|政委|所长|校长|院长|站长|领导|干部)"
)
_OFFICE_BEFORE: Final = re.compile(
    '(?:书记|市长|区长|县长|省长|镇长|乡长|局长|厅长|部长|处长|科长|主席|总理|委员长|法官|警官|院士)[：: “"]?$'
)
_BEARS_IT: Final = re.compile(  # what follows a name in the name of a road, a place, a firm
    "[路街道巷桥镇村乡组冲塘湾坪岭河湖苑园城府庭栋垸坝畔寺庙井坡屋站杯奖牌著线]|大[道桥厦]|小[区学镇]|花园|公[寓园司馆]|广场|故居|"
    "雕像|塑像|纪念|中[学路心]|学校|医院|幼儿园|集团|超市|酒店|饭店|餐|烧烤|精神|[东西南北][路街]|电梯|银行|[一二三四五六]期|片区|"
    "工业|地产|物业|嘉园|名[苑邸]|国际|新城|教育|项目|实业|商品|科技|贸易|置业|驾校|公司|建筑|古桥"
)
_BUSINESS: Final = re.compile("烧烤|饭店|餐|面馆|粉店|粉馆|麻辣|牛肉|鸭|鸡|培训|教育|便利|修脚|水果|卤")  # 张师傅烧烤
_WEEKS: Final = frozenset(
    ("上周", "下周", "每周", "本周", "这周", "点钟", "分钟", "刻钟")
)  # their last character is a surname
_NO_SURNAME: Final = frozenset("百同老大不")  # before 姓: 百姓, 同姓
_COLON: Final = re.compile("[:：]")
_GIVENS: Final = frozenset(_GIVEN)
_HIDDEN: Final = re.compile(r"[某xX*＊×○□]")
_NEXT_GIVEN: Final = re.compile(f"[{_GIVEN}](?=$|[^{_HAN}])")  # the lexer cuts 李安正 after 安
_BREAK_BEFORE: Final = re.compile(f"[^{_HAN}]")
_BREAK: Final = re.compile("[，。！？；,!?;\n\r\t\ufffc]")
_LONGEST: Final = 200  # characters the lexer reads at once, where no sign ends a clause
_REACH: Final = 12  # characters of a clause that are read on each side of a cue
_THIRD: Final = _GIVENS - set("有可会全一长发大小三")
_OPEN_TAGS: Final = frozenset(("v", "n", "a", "nr", "nz"))  # of a single character behind a name: 杨再|喜
_NO_NOUN: Final = frozenset(("v", "p", "c", "d", "r", "u", "m"))  # tags of words that no surname is


def find_chinese_persons(text: str, lexer: Callable[[], Lexer]) -> Iterator[PersonalSpan]:
    """Names of private persons; they may overlap one another.

    text: its plain view; U+FFFC stands for what is hidden already. lexer: asked for where a cue stands, never otherwise.
    """
    yield from _by_form(text)
    yield from _by_surname(text)
    for start, stop in _windows(text):
        words = {(start + word.start, start + word.end): word.tag for word in lexer().words(text[start:stop])}
        for (left, right), tag in words.items():
            if tag == "PER":
                yield from _seen(text, left, right, words)
                yield from _joined(text, left, right, words)
        yield from _titled(text, start, stop, words)
        yield from _after_friend(text, start, stop, words)
        yield from _nicknamed(text, start, stop, words)


def is_private(text: str, start: int, end: int) -> bool:
    """Whether a name in a text is a private person's: no office beside it, no road or firm that bears it, nobody whom all know."""
    name = text[start:end]
    if (
        name in _PUBLIC
        or name in _LOOKALIKES
        or text[max(0, start - 1) : start + 1] in _WEEKS
        or _HIDDEN.match(text, end)
        or _HIDDEN.search(name)
    ):
        return False
    if any(_OFFICE_AFTER.match(text, at) for at in range(start + 1, end + 1)):
        return False
    return not (_OFFICE_BEFORE.search(text[max(0, start - 5) : start]) or _BEARS_IT.match(text, end))


def _by_form(text: str) -> Iterator[PersonalSpan]:
    """Names that the words and signs before them announce: 投诉人：刘严, 我叫李建义, 此致敬礼！罗小阳."""
    for match in _FORM.finditer(text):
        before = text[max(0, match.start() - 6) : match.start() + 1]
        if _BEFORE_FORM.search(before) or (_COLON.search(match["link"]) and _BEFORE_COLON.search(before)):
            yield from _formed(text, *match.span("name"), 0.9)
    for match in _CALLED.finditer(text):
        if _BEFORE_CALLED.search(text[max(0, match.start() - 5) : match.start()]):
            yield from _formed(text, *match.span("name"), 0.9)
    for match in _SIGNED.finditer(text):
        yield from _formed(text, *match.span("name"), 0.7)


def _by_surname(text: str) -> Iterator[PersonalSpan]:
    """Names that show by themselves or by 姓: 阿卜杜拉·买买提, 姓王的, 张姓女士, 一楼的焦家."""
    for match in _OF_MINORITY.finditer(text) if "·" in text else ():
        yield _span(*match.span("name" if match["name"] else "named"), 0.6)
    for match in _SURNAMED.finditer(text):
        if text[max(0, match.start() - 1) : match.start()] not in _NO_SURNAME:
            yield _span(*match.span("name"), 0.8)
    for pattern, before in ((_BY_SURNAME, _BEFORE_BY_SURNAME), (_FAMILY, _BEFORE_FAMILY)):
        for match in pattern.finditer(text):
            surname = before.search(text, max(0, match.start() - 2), match.start())
            if surname:
                yield _span(*surname.span(), 0.8)


def _formed(text: str, start: int, end: int, confidence: float) -> Iterator[PersonalSpan]:
    """A name that words and signs announce, unless it is a word, a place or somebody whom all know."""
    word = text[start : start + 2] in _LOOKALIKES and text[start + 2 : end] not in _GIVENS  # 周一, not 周一鸣
    if text[start:end] not in _PUBLIC and not word and text[end - 1] not in "塘村镇桥路街巷苑坪冲":
        yield _span(start, end, confidence)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The parts of clauses that a cue makes worth reading; in order, without overlap."""
    start = stop = -1
    for match in _SOMEWHERE.finditer(text):
        at = match.start()
        if text[at] in _RARE and not _TITLED.match(text, at) and not _BEHIND_FRIEND.search(text[max(0, at - 7) : at]):
            continue
        left, right = _clause(text, match.start(), match.end())
        if left < stop and right - start < _LONGEST:
            stop = max(stop, right)
            continue
        if start >= 0:
            yield start, stop
        start, stop = left, right
    if start >= 0:
        yield start, stop


def _clause(text: str, start: int, stop: int) -> tuple[int, int]:
    left, right = max(0, start - _REACH), min(len(text), stop + _REACH)
    for cut in _BREAK.finditer(text, left, start):
        left = cut.end()
    cut = _BREAK.search(text, stop, right)
    return left, cut.start() if cut else right


def _seen(text: str, start: int, end: int, words: Mapping[tuple[int, int], str]) -> Iterator[PersonalSpan]:
    """A word that the lexer takes for a person: without its title and the signs around it, where it is made like a name."""
    while start < end and not "\u4e00" <= text[start] <= "\u9fff":
        start += 1
    title = _ENDS_WITH_TITLE.search(text, start, end)
    titled = title is not None and "\u4e00" <= title[0][0] <= "\u9fff"
    after = title.end() if title else end
    end = title.start() if title else end
    if titled and _ONLY_SURNAME.fullmatch(text, start, end) and not _BUSINESS.match(text, after):
        yield _span(start, end, 0.9, LEXER_SOURCE)
    elif _SURE.fullmatch(text, start, end) and is_private(text, start, end):
        longer = end - start == 2 and (_NEXT_GIVEN.match(text, end) or words.get((end, end + 1), "u") in _OPEN_TAGS)  # noqa: PLR2004
        more = longer and text[end : end + 1] in _THIRD
        yield _span(start, end + 1 if more else end, 0.8, LEXER_SOURCE)


def _joined(text: str, start: int, end: int, words: Mapping[tuple[int, int], str]) -> Iterator[PersonalSpan]:
    """A surname that the lexer took for a person by itself, with the given name behind it: 符|秀英."""
    if _ONLY_SURNAME.fullmatch(text, start, end):
        stop = next((right for (left, right), tag in words.items() if left == end and tag == "PER"), end)
        if _SURE.fullmatch(text, start, stop) and is_private(text, start, stop):
            yield _span(start, stop, 0.8, LEXER_SOURCE)


def _titled(text: str, start: int, stop: int, words: Mapping[tuple[int, int], str]) -> Iterator[PersonalSpan]:
    """A surname before 先生 or its like, where a word begins with it: 王先生, and not the 楼 of 售楼小姐."""
    begins = {left: (right, tag) for (left, right), tag in words.items()}
    for match in _TITLED.finditer(text, start, stop):
        left, right = match.span("surname")
        word_end, tag = begins.get(left, (0, ""))
        common = text[left] in _COMMON or right - left > 1
        noun = tag == "PER" or (common and (tag not in _NO_NOUN or tag == "v")) or _BREAK_BEFORE.match(text, left - 1)
        if word_end in (right, match.end()) and noun and not _BUSINESS.match(text, match.end()):
            yield _span(left, right, 0.85)


def _after_friend(text: str, start: int, stop: int, words: Mapping[tuple[int, int], str]) -> Iterator[PersonalSpan]:
    """A name after 邻居, 业主 and the like that the lexer does not know: it took it to pieces, or for a person."""
    for match in _AFTER_FRIEND.finditer(text, start, stop):
        left, right = match.span("name")
        inside = [tag for (at, to), tag in words.items() if at >= left and to <= right]
        unknown = len(inside) > 1 and text[left] in _COMMON
        if (unknown or "PER" in inside) and is_private(text, left, right):
            yield _span(left, right, 0.7)


def _nicknamed(text: str, start: int, stop: int, words: Mapping[tuple[int, int], str]) -> Iterator[PersonalSpan]:
    """老王, 小李: where the lexer sees a person, or a noun before 家 or 说."""
    for match in _NICKNAME.finditer(text, start, stop):
        tag, end = words.get(match.span(), ""), match.end()
        beside = text[end : end + 1] in set("家说讲叫，。") or text[match.start() - 1 : match.start()] in set(
            "员干安理管师工警护"
        )
        known = tag == "PER" or (tag in {"n", "nz", "a", "nr"} and beside)
        if (
            known
            and text[end : end + 1] not in set("车龙鸭猫狗鱼花旗帽")
            and not _OFFICE_AFTER.match(text, end)
            and not _BEARS_IT.match(text, end)
        ):
            yield _span(*match.span("name"), 0.6)


def _span(start: int, end: int, confidence: float, source: str = NAMES_ZH_SOURCE) -> PersonalSpan:
    return PersonalSpan(start, end, PersonalKind.NAME, confidence, source)
