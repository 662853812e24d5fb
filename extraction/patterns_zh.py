"""Chinese names that the city does not know: roads, estates, facilities and organisations, by how they end.

A Chinese name says at its end what it names (…路, …小区, …公司), and nowhere where it begins. So find an ending first;
then follow the name leftwards until a name already found, punctuation, or a word that cannot belong to a name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.types import MentionKind
from extraction.candidate import Candidate
from extraction.lexer import Lexer

__all__ = ["PATTERNS_ZH_SOURCE", "find_chinese_names"]

PATTERNS_ZH_SOURCE: Final = "patterns-zh@1"
_LONGEST_STEM: Final = 8
_LONGEST_ORGANIZATION: Final = 16


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a kind of name ends. stem: fewest characters before the ending; unless: what must not follow it (a regex)."""

    words: str
    kind: MentionKind
    confidence: float
    stem: int = 1
    unless: str = ""


# Longest alternatives first within each; `unless` keeps apart 路 and 路灯, 城 and 城管, 区 and 区域.
_ENDINGS: Final = (
    _Ending(
        "有限责任公司|股份有限公司|有限公司|分公司|子公司|总公司|公司|集团|物业管理处|物业服务中心|物业|开发商|"
        "业主委员会|业委会|"
        "居民委员会|村民委员会|居委会|村委会|合作社|工作室|事务所|培训机构|管理处|管委会|KTV|ktv|酒吧|歌厅|网吧|"
        "棋牌室|麻将馆|"
        "火锅店|烧烤店|粉店|餐馆|饭店|餐厅|茶楼|洗车店|理发店|健身房|夜总会|歌舞厅|婚纱摄影|支行|"
        "环卫局|城管局|教育局|公安局|交警队|住建局|环保局|规划局|房产局|卫生健康局|自然资源局|电力局|农机局|"
        "水务局|城管队|派出所",
        MentionKind.ORGANIZATION, 0.75, 2,
    ),
    _Ending(
        "高速公路|高速辅道|绕城高速|高架桥|立交桥|快速路|大道|公路|高速|隧道|大桥|巷子|胡同|老街|后街|"
        "[东南西北]街|步行街",
        MentionKind.ROAD, 0.85, 1, "[灯边面]",
    ),
    _Ending("(?<![道马公铁线之段油问思])路", MentionKind.ROAD, 0.85, 1, "[灯边面段障况人途线径费肩网]|过|上[^，。]|基|由器|虎|牌"),
    _Ending("(?<![临沿当逛上])街", MentionKind.ROAD, 0.8, 1, "[道坊边头面上办]"),
    _Ending("巷", MentionKind.ROAD, 0.8, 1, "[子道口]"),
    _Ending("[一二三四][环]线?|[东西南北][一二三四五六七八九]线", MentionKind.ROAD, 0.7, 1, "节|境"),
    _Ending("街道", MentionKind.DISTRICT, 0.85, 2, "[两上旁]"),
    _Ending("社区", MentionKind.DISTRICT, 0.85, 2, "[内里医]"),
    _Ending("(?<![城乡村])镇|(?<![城老家返回])乡", MentionKind.DISTRICT, 0.8, 1, "[上里下亲村定静长痛愁压]|政府"),
    _Ending("村", MentionKind.DISTRICT, 0.75, 2, "[民里上委支干镇庄书部]"),
    _Ending("片区|新区|开发区|经开区|高新区|工业园区|工业园|产业园|科技园|物流园", MentionKind.DISTRICT, 0.7, 1, "域"),
    _Ending(
        "安置小区|别墅区|家属区|家属楼|宿舍楼|职工宿舍|公租房|廉租房|安置区|安置房|小区|花园|公寓|家园|嘉园|花苑|"
        "雅苑|名苑|苑|公馆|华府|"
        "华城|新城|名城|新村|山庄|别墅|佳苑|翠园|香园|御府|首府|华庭|名都|都会|豪庭|国际城|国际社区",
        MentionKind.ESTATE, 0.8, 2, "[域]|内部",
    ),
    _Ending("城|府|湾|郡|庭", MentionKind.ESTATE, 0.5, 2, "(?!小区|[一二三四五六七八九十A-Za-z0-9])."),
    _Ending(
        "实验中学|实验小学|实验学校|外国语学校|职业学院|中学|小学|大学|学院|学校|幼儿园|医院|卫生院|卫生室|"
        "养老院|敬老院|福利院|地铁站|"
        "公交站|公交车站|火车站|汽车站|高铁站|加油站|垃圾站|中转站|变电站|收费站|搅拌站|污水厂|汽修厂|修理厂|"
        "建材厂|砖厂|水泥厂|工厂|自来水厂|电厂|生鲜市场|菜市场|农贸市场|"
        "大市场|批发市场|商贸城|建材城|购物中心|商业中心|体育中心|商业广场|广场|公园|商场|超市|大厦|写字楼|酒店|"
        "宾馆|体育馆|图书馆|博物馆|"
        "影院|停车场|工地|水库|湿地|分拣中心|菜场|市场|中心",
        MentionKind.POI, 0.75, 2, "[生化监准]",
    ),
)  # fmt: skip

# After a name's ending: sections of roads; phases, blocks and buildings of estates; crossings.
_NUMBER: Final = "[0-9０-９一二三四五六七八九十A-Za-z]{1,4}"
_METRO: Final = re.compile(
    "(?:地铁|轻轨)(?![站口线路出上下在施建]|[一二三四五六七八九十0-9]+号)[\u4e00-\u9fff]{2,6}?站(?![台长点务在岗])"
)
_ROAD_TAIL: Final = re.compile(f"(?:[东南西北中]段|{_NUMBER}段)?")
_ESTATE_TAIL: Final = re.compile(
    f"(?:小区)?(?:第?{_NUMBER}期)?(?:[A-Za-z]区|[东南西北]区)?(?:{_NUMBER}(?:、{_NUMBER})*(?:栋|"
    f"号楼))?(?:{_NUMBER}单元)?"
)
_MASKED: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]{0,2}[市区县](?![场民])")

# Words that a name cannot hold, so the name begins after them.
_NOT_INSIDE: Final = """
座落在 坐落在 座落于 坐落于 家住 位于 处于 在于 属于 由于 关于 对于 鉴于 住在 地处 途经 途径 经过 通过 靠近 临近
紧邻 毗邻 紧挨 反映 反应 投诉 举报 建议 希望 请问 咨询 询问 要求 请求 恳请 强烈 关注 解决 加强 加快 改善 提高
尽快 督促 治理 整治 处理 完善 增加 增设 取消 打造 开通 修复 修建 保护 查处 规范 承办 落实 拆除 新建 违规 违法
涉嫌 堵塞 占用 影响 入读 我们 你们 他们 咱们 本人 我是 我在 我家 自己 大家 业主 村民 市民 群众 百姓 领导 政府
书记 尊敬 您好 你好 反映的 附近 旁边 对面 隔壁 门口 后面 前面 周边 周围 外面 里面 上面 下面 楼下 楼上 交汇处
交叉口 以及 还有 并且 而且 或者 如果 因为 所以 但是 就是 不是 现在 目前 今天 昨天 昨晚 今晚 晚上 每晚 凌晨 早上
上午 中午 下午 每天 半夜 深夜 夜间 经常 一直 一个 一家 一些 一条 一下 一片 这个 那个 这条 这家 某个 多个 几个 各个 整个 没有
已经 可以 能够 为何 为什么 什么 怎么 如何 是否 何时 进入 进出 开往 前往 直到 去往 到达 来到 沿着 穿过 正在 存在
导致 造成 使得 所谓 全部 所有 其他 其它 相关 有关 部分 两个 旁 该 此 某 每 这 那 哪 我 你 您 他 她 它 们 的 了
着 在 于 从 是 与 被 吗 呢 吧 啊
"""
_BEFORE: Final = re.compile("|".join(sorted(_NOT_INSIDE.split(), key=lambda word: (-len(word), word))))
# What is left when an ending stands alone, or with words that only describe: "小区", "本小区", "人行道路", "建筑公司".
_NO_STEM: Final = re.compile(
    "(?:本|贵|老|新|旧|原|大|小|主|次|支|辅|车|道|马|公|铁|出|入|一|二|两|三|几|多|半|全|同|整|内|外|前|后|上|下|"
    "左|右|东|西|南|北|中|"
    "人行|十字|交叉|主干|主要|安置|居民|住宅|商业|建筑|施工|工程|房地产|装修|垃圾|渣土|私人|私立|公立|民办|当地|"
    "本地|全市|全国|农村|城市|城镇|"
    "物业|开发|管理|服务|运营|公交|地铁|高铁|火车|汽车|建设|房产|开发商|多家|高档|封闭|"
    "周|边|走|修|铺|让|带|拦|堵|占|问|思|线|网|电|套|退|绝|水|开|商|农|乡|家|回|逛|旁|高速|快速|乡村|社会|综合|"
    "保险|投资|学|校|路|街|巷|"
    "市|区|县|省|市区|县城|党|中小|高等|职业|重点|名|好|每|建|设|违规|违法|自然|行政|文明|美丽|停车|休闲|活动|"
    "政务|服务|便民|购物|房屋|"
    "临时|露天|大型|小型|批发|蔬菜|室内|地下|公共|省级|市级|教育|培训|旅游|人才|消费|客服|就业|数据|指挥|交通|"
    "文化|医疗|疾控|劳动力|"
    "部门|市政|新农|扶贫|贫困|生活|工作|家庭|学生|孩子|子女|老师|幼儿|儿童)*"
)
_DIRECTION: Final = re.compile(
    "[东南西北中]|第?[一二三四五六七八九十]|实验|人民|中心|第[一二三四五六七八九十][实验中小]*|[东南西北]二?"
)
_ALNUM: Final = re.compile(r"[A-Za-z0-9\u4e00-\u9fff·]")
_LEADING_TAGS: Final = frozenset({"n", "nz", "nw", "LOC", "ORG", "PER", "xc", "an", "vn"})  # what a name begins with
_LEVELS: Final = frozenset("市区县镇乡道村")
_NAME_TAGS: Final = _LEADING_TAGS | {"m", "s", "a", "q"}  # what it may hold further on
_ORDINAL: Final = re.compile("第[一二三四五六七八九十]")
_PARTY: Final = re.compile(
    "物业(?:公司)?|开发商|业委会|业主委员会|居委会|村委会|工地|KTV|ktv|酒吧|歌厅|麻将馆|棋牌室|夜总会"
)
_VENUE: Final = re.compile("KTV|ktv|酒吧|歌厅|夜总会")  # their names are any words: "醉开心KTV"
_PLAYFUL: Final = 6
_BARE_CONFIDENCE: Final = 0.5
_METRO_CONFIDENCE: Final = 0.8
_MASKED_CONFIDENCE: Final = 0.6
_CONTEXT: Final = 4  # characters before a name that help the lexer
_SUFFIXES: Final = tuple((re.compile(f"(?:{e.words})" + (f"(?!{e.unless})" if e.unless else "")), e) for e in _ENDINGS)


def find_chinese_names(text: str, known: Sequence[Candidate], lexer: Lexer) -> list[Candidate]:
    """Names in this text that end like one.

    known: what the gazetteer found; names begin after an area ("A3区 | 桐梓坡路"), unless it is their stem ("A3区大道").
    Returns candidates in the order of the text, without overlap among themselves.
    """
    found: list[Candidate] = []
    metro = [(m.start(), m.end()) for m in _METRO.finditer(text)]
    masked = [
        Candidate(m.start(), m.end(), MentionKind.DISTRICT, _MASKED_CONFIDENCE, PATTERNS_ZH_SOURCE, rank=1, guess=True)
        for m in _MASKED.finditer(text)
        if not any(k.start < m.end() and m.start() < k.end for k in known)
    ]
    areas = sorted((*known, *masked), key=lambda k: k.end)
    for start, stop, ending in _endings(text):
        if any(k.start <= start and stop <= k.end for k in known) or any(a < stop and start < b for a, b in metro):
            continue
        before = next((k for k in reversed(areas) if k.end <= start), None)
        last = found[-1] if found else None
        barrier = max(before.end if before else 0, last.end if last else 0)
        begin = _leftwards(text, barrier, (start, stop), ending, lexer)
        kind, confidence = ending.kind, ending.confidence
        if (
            before
            and before.end in (begin, start)
            and _joins(text[before.start : before.end], text[before.end : start], text[start:stop])
        ):
            begin = before.start
        elif not _named(text[begin:start], ending):
            if last and last.end == start and kind is not MentionKind.ORGANIZATION:
                begin = found.pop().start  # "文艺路" + "小学": one name with a further ending
            elif _PARTY.fullmatch(text, start, stop):  # "美联嘉园" + "物业", or a bare "物业"
                begin, kind, confidence = start, MentionKind.ORGANIZATION, _BARE_CONFIDENCE
            else:
                continue
        tail = _tail(text, stop, kind)
        found.append(Candidate(begin, tail, kind, confidence, PATTERNS_ZH_SOURCE, rank=1, guess=True))
    stations = (
        Candidate(a, b, MentionKind.POI, _METRO_CONFIDENCE, PATTERNS_ZH_SOURCE, rank=1, guess=True) for a, b in metro
    )
    free = (area for area in masked if all(one.end <= area.start or area.end <= one.start for one in found))
    return sorted((*found, *stations, *free), key=lambda one: one.start)


def _endings(text: str) -> list[tuple[int, int, _Ending]]:
    """All endings, in the order of the text; of endings that overlap, the one that starts first, then the longest."""
    matches = [(m.start(), m.end(), e) for pattern, e in _SUFFIXES for m in pattern.finditer(text)]
    kept: list[tuple[int, int, _Ending]] = []
    for start, stop, ending in sorted(matches, key=lambda m: (m[0], -m[1], -m[2].confidence)):
        if not kept or start >= kept[-1][1]:
            kept.append((start, stop, ending))
    return kept


def _leftwards(text: str, barrier: int, at: tuple[int, int], ending: _Ending, lexer: Lexer) -> int:
    """Where the name begins: not before the barrier, not within a word that no name holds, at a noun or a name."""
    start, stop = at
    reach = _LONGEST_ORGANIZATION if ending.kind is MentionKind.ORGANIZATION else _LONGEST_STEM
    begin = start
    while begin > max(barrier, start - reach) and _ALNUM.match(text[begin - 1]):
        begin -= 1
    for word in _BEFORE.finditer(text, begin, start):
        begin = word.end()
    if begin == start or (start - begin <= _PLAYFUL and _VENUE.fullmatch(text, start, stop)):
        return begin
    window = max(barrier, begin - _CONTEXT)
    first = start
    for word in reversed(lexer.words(text[window:stop])):
        left, right = window + word.start, window + word.end
        if left >= start:
            continue
        if right <= begin or (word.tag not in _NAME_TAGS and not _ORDINAL.match(text, left)):
            break
        if word.tag in _LEADING_TAGS or _ORDINAL.match(text, left):
            first = max(left, begin)
    return first


def _named(stem: str, ending: _Ending) -> bool:
    return len(stem) >= ending.stem and not stem.isdigit() and _NO_STEM.fullmatch(stem) is None


def _joins(area: str, stem: str, ending: str) -> bool:
    """Whether an area is the stem of the name: "A市大道", "A1区南路", "A3区实验中学", "芙蓉路" (a short name joins anything)."""
    if not stem and area[-1:] not in _LEVELS:
        return ending not in {"小区", "社区"} and not area.isascii()
    return _DIRECTION.fullmatch(stem) is not None or (
        not stem and ending in {"大道", "华庭", "医院", "大学", "环卫局", "教育局"}
    )


def _tail(text: str, stop: int, kind: MentionKind) -> int:
    tail = _ROAD_TAIL if kind is MentionKind.ROAD else _ESTATE_TAIL if kind is MentionKind.ESTATE else None
    match = tail.match(text, stop) if tail else None
    return match.end() if match else stop
