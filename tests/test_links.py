"""How what a report names hangs together: each case is a sentence with its mentions marked, and the links it must give.

A mark is [code words]: d district, r road, x crossing, e estate, p facility, a address, o organisation, n person, u people,
b object, g trigger, t time; after the code a model's role: ! cause, @ where, ~ near, + affected. Expected links are written
"trouble KIND words"; "-" stands for the report as a whole, "not" before a link for negated, "said" for hearsay.
"""

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from extraction_city import AREAS, PLACES, report
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import LinkKind, Mention, MentionKind, RelationKind, Role
from extraction.links import LINKS_SOURCE, find_links, with_earlier_complaints
from extraction.pipeline import Pipeline
from extraction.relations import PARTY_SURE, find_accused, with_registered_names
from extraction.roles import find_parts
from extraction.scope import Scopes
from extraction.tagging.corpus import load_marked
from graph.city import load_city

SHARED = Path(__file__).parents[2] / "shared" / "data"
DEMO = Path(str(files("demo"))) / "changsha"
CORPUS = Path(str(files("extraction"))) / "corpus"
SEEN_BY_MODELS_ALONE = {MentionKind.PEOPLE, MentionKind.OBJECT, MentionKind.TRIGGER}
CODES = {
    "d": MentionKind.DISTRICT, "r": MentionKind.ROAD, "x": MentionKind.CROSSING, "e": MentionKind.ESTATE,
    "p": MentionKind.POI, "a": MentionKind.ADDRESS, "o": MentionKind.ORGANIZATION, "n": MentionKind.PERSON,
    "u": MentionKind.PEOPLE, "b": MentionKind.OBJECT, "g": MentionKind.TRIGGER, "t": MentionKind.TIME,
}  # fmt: skip
ROLES = {"!": Role.CAUSE, "@": Role.WHERE, "~": Role.NEAR, "+": Role.AFFECTED, "": None}
MARK = re.compile(r"\[([drxepaonubgt])([!@~+]?) ([^\]]+)\]")


def read(marked):
    """The text without its marks, and its mentions."""
    text, mentions, at = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        code, role, words = mark.groups()
        mentions.append(Mention(len(text), len(text) + len(words), words, CODES[code], 1.0, "test@1", role=ROLES[role]))
        text, at = text + words, mark.end()
    return text + marked[at:], mentions


def linked(marked):
    """The links of a marked text, as words."""
    text, mentions = read(marked)
    mentions = with_earlier_complaints(text, mentions)
    found = set()
    for link in find_links(text, mentions):
        head = "-" if link.head is None else mentions[link.head].text
        flags = ("not " if link.negated else "") + ("said " if link.hearsay else "")
        found.add(f"{flags}{head} {link.kind} {mentions[link.tail].text}")
    return found


def accused(marked):
    """Whom a marked text complains about, the surest first, each with its confidence."""
    text, mentions = read(marked)
    accusations = find_accused(text, with_registered_names(text, mentions))
    return {accusations.organizations[relation.target]: relation.confidence for relation in accusations.relations}


def surest(marked):
    """The party of a marked text; None where nobody is sure."""
    return next((name for name, confidence in accused(marked).items() if confidence >= PARTY_SURE), None)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[r 桐梓坡路][g 占道经营]", {"占道经营 AT 桐梓坡路"}),
        ("[r 万家丽路]与[r 三一大道]交叉口有[g 积水]", {"积水 AT 万家丽路", "积水 AT 三一大道"}),
        ("[x 金星路口]的[b 红绿灯]不亮", {"红绿灯 AT 金星路口"}),
        ("[a 银星路555号]门口[g 堆满垃圾]", {"堆满垃圾 AT 银星路555号"}),
        ("[p 人民公园]里有[b 流浪狗]", {"流浪狗 AT 人民公园"}),
        ("[g loud music] at [a 610 Lincoln st]", {"loud music AT 610 Lincoln st"}),
        ("[b pothole] at the corner of [r Elm St] and [r 5th Ave]", {"pothole AT Elm St", "pothole AT 5th Ave"}),
        ("[r fremont street] is [g blocked]", {"blocked AT fremont street"}),
        ("请看看[r 桐梓坡路]", {"- AT 桐梓坡路"}),
        ("please look at [r Elm St]", {"- AT Elm St"}),
    ],
)
def test_the_trouble_is_at_the_place_named(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[p 稻田中学]附近[g 堵车]", {"堵车 NEAR 稻田中学"}),
        ("[p 地铁站]旁边有[b 垃圾]", {"垃圾 NEAR 地铁站"}),
        ("[e 华庭小区]对面[g 施工]", {"施工 NEAR 华庭小区"}),
        ("[b mattress] behind [p Bell Park]", {"mattress NEAR Bell Park"}),
        ("[g dumping] across from [p Lincoln School]", {"dumping NEAR Lincoln School"}),
        ("[b couch] next to the [p White Castle]", {"couch NEAR White Castle"}),
    ],
)
def test_a_landmark_is_near(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[r 枫林路]与[r 桐梓坡路]之间[g 积水]", {"积水 BETWEEN 枫林路", "积水 BETWEEN 桐梓坡路"}),
        ("[r 枫林路]到[r 桐梓坡路]这一段[g 没有灯]", {"没有灯 BETWEEN 枫林路", "没有灯 BETWEEN 桐梓坡路"}),
        ("从[r 枫林路]至[r 桐梓坡路]都在[g 施工]", {"施工 BETWEEN 枫林路", "施工 BETWEEN 桐梓坡路"}),
        ("[b trash] between [r 1st Ave] and [r 2nd Ave]", {"trash BETWEEN 1st Ave", "trash BETWEEN 2nd Ave"}),
        ("[g dark] from [r Oak St] to [r Pine St]", {"dark BETWEEN Oak St", "dark BETWEEN Pine St"}),
        (
            "[g potholes] on [r Elm St] between [r 1st Ave] and [r 2nd Ave]",
            {
                "potholes AT Elm St", "potholes BETWEEN 1st Ave", "potholes BETWEEN 2nd Ave",
                "Elm St BETWEEN 1st Ave", "Elm St BETWEEN 2nd Ave",
            },
        ),
        (
            "[r 枫林路]与[r 银盆路]之间的[p 公厕][g 很脏]",
            {"很脏 BETWEEN 枫林路", "很脏 BETWEEN 银盆路", "很脏 AT 公厕", "公厕 BETWEEN 枫林路", "公厕 BETWEEN 银盆路"},
        ),
    ],
)  # fmt: skip
def test_a_stretch_lies_between_its_two_ends(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[d A3区][r 桐梓坡路][g 积水]", {"积水 AT 桐梓坡路", "积水 LOCATED_IN A3区", "桐梓坡路 LOCATED_IN A3区"}),
        ("[d A市][d A3区]很[g 吵]", {"吵 LOCATED_IN A市", "吵 LOCATED_IN A3区", "A3区 LOCATED_IN A市"}),
        ("[g 停水]，[d 黄花镇]", {"停水 LOCATED_IN 黄花镇"}),
        (
            "[b cart] at [a 610 Lincoln st], [d East Point]",
            {"cart AT 610 Lincoln st", "cart LOCATED_IN East Point", "610 Lincoln st LOCATED_IN East Point"},
        ),
        (
            "[g flooding] on [r Elm St] in [d West Gloucester]",
            {"flooding AT Elm St", "flooding LOCATED_IN West Gloucester", "Elm St LOCATED_IN West Gloucester"},
        ),
    ],
)
def test_trouble_and_places_are_located_in_the_area_beside_them(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[e 华庭小区]对面的[p 兴隆砖厂]", "兴隆砖厂 NEAR 华庭小区"),
        ("[p 人民公园]旁边那家[o 烧烤店]", "烧烤店 NEAR 人民公园"),
        ("[o Star Bar] across from [p Lincoln School]", "Star Bar NEAR Lincoln School"),
        ("[p Bell Park] behind the [p Walgreens]", "Bell Park NEAR Walgreens"),
    ],
)
def test_what_stands_beside_a_landmark_is_near_it(marked, expected):
    assert expected in linked(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[o 醉开心KTV]每晚[g 噪音]扰民", "噪音 CAUSED_BY 醉开心KTV"),
        ("投诉[o 骏宝巴士有限公司][g 占道停车]", "占道停车 CAUSED_BY 骏宝巴士有限公司"),
        ("[p 兴隆砖厂]违规[g 排放黑烟]", "排放黑烟 CAUSED_BY 兴隆砖厂"),
        ("[o! 美联物业]的[b 音箱]放在楼下", "音箱 CAUSED_BY 美联物业"),
        ("[g loud music] from [o Star KTV] every night", "loud music CAUSED_BY Star KTV"),
        ("[o Acme Construction] keeps [g dumping debris]", "dumping debris CAUSED_BY Acme Construction"),
    ],
)
def test_the_trouble_is_caused_by_whom_the_text_blames(marked, expected):
    assert expected in linked(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[g 噪音]吵得[u 居民]睡不着", {"噪音 AFFECTS 居民"}),
        ("[g 粉尘]影响[p 砂子塘小学]", {"粉尘 AFFECTS 砂子塘小学"}),
        ("[g smell] keeps [u kids] inside", {"smell AFFECTS kids"}),
        ("[e+ 春江郡]闻到[g 恶臭]", {"恶臭 AFFECTS 春江郡"}),
    ],
)
def test_the_trouble_affects_who_suffers(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[t 昨晚11点]还在[g 施工]", {"施工 HAPPENS_AT 昨晚11点"}),
        ("[t 每天凌晨]，[b 渣土车]进出", {"渣土车 HAPPENS_AT 每天凌晨"}),
        ("[g music] [t last night]", {"music HAPPENS_AT last night"}),
        ("[t 早上][g 停水]，[t 晚上][g 停电]", {"停水 HAPPENS_AT 早上", "停电 HAPPENS_AT 晚上"}),
        ("[t 昨晚]太吵了", {"- HAPPENS_AT 昨晚"}),
    ],
)
def test_the_trouble_happens_at_the_time_of_its_clause(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("[g 噪音]扰民，多次投诉未果", "多次投诉未果"),
        ("[g 噪音]，之前反映过", "之前反映过"),
        ("[g 噪音]，打了几次电话没人管", "打了几次电话没人管"),
        ("[g 噪音]，已经向城管局反映三次", "已经向城管局反映三次"),
        ("[g 噪音]，再次投诉", "再次投诉"),
        ("[g noise], I have called three times", "I have called three times"),
        ("[g noise], already reported", "already reported"),
        ("[g noise]. Reported last month", "Reported last month"),
        ("[g noise], third report", "third report"),
    ],
)
def test_words_of_an_earlier_complaint_are_found_and_linked(marked, words):
    text, mentions = read(marked)
    found = with_earlier_complaints(text, mentions)
    added = [mention for mention in found if mention.source == LINKS_SOURCE]
    assert [(mention.text, mention.kind) for mention in added] == [(words, MentionKind.TRIGGER)]
    assert any(
        found[link.tail].text == words for link in find_links(text, found) if link.kind is LinkKind.REPORTED_BEFORE
    )


@pytest.mark.parametrize(
    "text", ["请问如何投诉", "投诉噪音", "反映一个问题", "I want to report noise", "举报电话打不通"]
)
def test_a_first_complaint_is_no_earlier_one(text):
    assert with_earlier_complaints(text, []) == []


def test_an_earlier_complaint_leaves_other_mentions_whole_and_keeps_their_time():
    assert linked("[t 上个月]反映过，[t 昨晚]又[g 停水]") == {"停水 REPORTED_BEFORE 反映过", "停水 HAPPENS_AT 昨晚"}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[r 桐梓坡路]没有[g 占道]", {"not 占道 AT 桐梓坡路"}),
        ("不是[g 噪音]，是[r 桐梓坡路][g 积水]", {"积水 AT 桐梓坡路"}),
        ("不是[e 华庭小区][g 停水]", {"not 停水 AT 华庭小区"}),
        ("[g 噪音]不是[o 物业]造成的", {"not 噪音 CAUSED_BY 物业"}),
        ("[g 积水]和[o 美联物业]没有关系", {"not 积水 CAUSED_BY 美联物业"}),
        ("This is not a [g noise] complaint about [r Elm St]", {"not noise AT Elm St"}),
        ("the [g smell] is not from [o Star Bar]", {"not smell CAUSED_BY Star Bar"}),
        ("[o Star Bar] is not to blame for the [g smell]", {"not smell CAUSED_BY Star Bar"}),
        ("the truck isn't [g blocking] [r Elm St]", {"not blocking AT Elm St"}),
    ],
)
def test_what_the_text_denies_is_negated(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("这不是[r 桐梓坡路][g 扰民]吗？", {"扰民 AT 桐梓坡路"}),
        ("[r 桐梓坡路][g 噪音]不是一次两次了", {"噪音 AT 桐梓坡路"}),
        ("[r 桐梓坡路]是不是在[g 施工]", {"施工 AT 桐梓坡路"}),
        ("不是[g 噪音]，[r 桐梓坡路]有[g 积水]", {"积水 AT 桐梓坡路"}),
        ("Isn't this [g illegal dumping] on [r Elm St]?", {"illegal dumping AT Elm St"}),
        ("[r 桐梓坡路]的[b 垃圾]没[g 清运]", {"清运 AT 桐梓坡路"}),
        ("没有[b 垃圾桶]的[r 桐梓坡路]", {"垃圾桶 AT 桐梓坡路"}),
    ],
)
def test_a_denial_ends_with_its_clause_and_a_question_or_a_lack_is_none(marked, expected):
    assert linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("听说[r 桐梓坡路]要[g 封路]", {"said 封路 AT 桐梓坡路"}),
        ("据邻居讲，[r 桐梓坡路][g 塌了]", {"said 塌了 AT 桐梓坡路"}),
        ("听说，[r 桐梓坡路][g 塌了]", {"said 塌了 AT 桐梓坡路"}),
        ("Apparently [r Elm St] is [g flooded]", {"said flooded AT Elm St"}),
        ("Apparently, [r Elm St] is [g flooded]", {"said flooded AT Elm St"}),
        ("neighbors say [r Elm St] [g flooded]", {"said flooded AT Elm St"}),
        ("I heard that [r Elm St] [g flooded]", {"said flooded AT Elm St"}),
        ("I heard [g loud music] on [r Elm St]", {"loud music AT Elm St"}),
        ("听说要涨价。[r 桐梓坡路][g 塌了]", {"塌了 AT 桐梓坡路"}),
    ],
)
def test_hearsay_is_marked_within_its_clause(marked, expected):
    assert linked(marked) == expected


def test_the_nearest_trouble_of_the_same_clause_is_the_head():
    assert "积水 AT 枫林路" in linked("[r 桐梓坡路][g 占道]，[r 枫林路][g 积水]")
    assert "占道 AT 桐梓坡路" in linked("[r 桐梓坡路][g 占道]，[r 枫林路][g 积水]")


def test_a_link_in_the_same_clause_is_surer_than_one_across_clauses_and_both_than_one_without_trouble():
    def confidence(marked):
        text, mentions = read(marked)
        return next(link.confidence for link in find_links(text, mentions) if link.kind is LinkKind.AT)

    same, across, none = (
        confidence("[r 桐梓坡路]有[g 积水]"),
        confidence("[r 桐梓坡路]，有[g 积水]"),
        confidence("[r 桐梓坡路]，唉"),
    )
    assert same > across > none


def test_a_models_role_stands_against_the_rules():
    assert linked("[r~ 桐梓坡路][g 积水]") == {"积水 NEAR 桐梓坡路"}
    assert linked("[p@ 稻田中学]附近[g 堵车]") == {"堵车 AT 稻田中学"}


def test_what_a_tagger_found_and_gave_no_role_plays_none():
    text, mentions = read("[r 桐梓坡路][g 积水]")
    road, trouble = mentions
    assert find_links(text, [replace(road, source="tagger-zh@1"), trouble]) == ()


def test_a_road_or_an_area_is_never_the_cause_whatever_a_model_says():
    assert linked("[d! A3区][r! 桐梓坡路][g 积水]") == linked("[d A3区][r 桐梓坡路][g 积水]")


@pytest.mark.parametrize(
    ("marked", "party"),
    [
        ("[o 物业]乱收费，[o 物业]拒不整改", "物业"),
        ("[o 开发商]虚假宣传", "开发商"),
        ("[o 美联物业]私自涨价", "美联物业"),
        ("[e A2区华庭小区][o 物业]乱收费", "A2区华庭小区物业"),
        ("[e 宏润华府][o 开发商]拖延交房，虚假宣传", "宏润华府开发商"),
        ("[e 宏润华府]的[o 开发商]拒绝退钱", "开发商"),
        ("[d A市][o 骏宝巴士有限公司]拖欠工资", "A市骏宝巴士有限公司"),
        ("投诉[d A7县]卫生健康局不作为", "A7县卫生健康局"),
        ("[o 物业]很好，请[o 城管局]处理[g 占道]", None),
        ("请[o 城管局]和[o 住建局]尽快处理", None),
        ("感谢[o 青山物业]及时处理", None),
        ("尊敬的[o 教育局]领导：孩子没有学上", None),
        ("[o 城管局]不作为，互相推诿", "城管局"),
        ("不是[o 美联物业]的问题", None),
        ("[o 美联物业]乱收费，但[g 停水]与[o 美联物业]无关", None),
        ("Loud music from [o Star KTV] every night", "Star KTV"),
        ("The smell isn't from [o Star KTV]", None),
        ("Please ask [o Public Works] to fix it", None),
    ],
)
def test_the_party_is_the_exact_words_of_the_one_who_is_blamed(marked, party):
    assert surest(marked) == party


def test_parties_come_the_surest_first():
    names = list(accused("[o 开发商]也知道。投诉[o 骏宝巴士有限公司]违规占道，[o 骏宝巴士有限公司]不管"))
    assert names[0] == "骏宝巴士有限公司"


def test_a_party_without_a_name_is_blamed_but_names_nobody():
    assert surest("楼下[o 烧烤店]油烟扰民") is None
    assert "烧烤店" in accused("楼下[o 烧烤店]油烟扰民")


def test_the_keepers_of_two_estates_are_two_organisations():
    def target(marked):
        text, mentions = read(marked)
        return find_accused(text, mentions).relations[0].target

    assert target("[e 华庭]的[o 物业]乱收费") != target("[e 春江郡]的[o 物业]乱收费")


def test_one_organisation_in_two_lengths_is_one_party_with_its_full_name():
    assert list(accused("[e 春江郡][o 物业]乱收费，[o 物业]还不修电梯")) == ["春江郡物业"]


def test_a_models_cause_makes_a_party_surer():
    without, with_role = accused("[o 远鑫集团]来过。"), accused("[o! 远鑫集团]来过。")
    assert with_role["远鑫集团"] > without.get("远鑫集团", 0.0)


def test_a_private_person_is_a_cause_but_no_organisation():
    text, mentions = read("[n! 张三][g 乱倒垃圾]")
    assert [link.kind for link in find_links(text, mentions)] == [LinkKind.CAUSED_BY]
    assert find_accused(text, mentions).organizations == {}


def test_an_offices_name_begins_with_its_area_also_where_nobody_found_it():
    text, mentions = read("[d A3区]实验中学门口[g 堵车]，[d A市]电力局")
    added = [mention.text for mention in with_registered_names(text, mentions) if mention not in mentions]
    assert added == ["实验中学", "电力局"]


def test_the_pipeline_gives_links_between_the_mentions_it_returns():
    text = "岳麓区梅溪湖公园旁边的醉开心KTV昨晚扰民，多次投诉未果"
    extraction = Pipeline(AREAS, PLACES).extract([report(text)])[0]
    kinds = {link.kind: extraction.mentions[link.tail].text for link in extraction.links}
    assert kinds[LinkKind.CAUSED_BY] == "醉开心KTV"
    assert kinds[LinkKind.HAPPENS_AT] == "昨晚"
    assert kinds[LinkKind.REPORTED_BEFORE] == "多次投诉未果"
    for mention in extraction.mentions:
        assert text[mention.start : mention.end] == mention.text


def f1(right, given, wanted):
    return 2 * right / max(given + wanted, 1)


@pytest.mark.parametrize(("language", "at_least"), [("zh", 0.85), ("en", 0.85)])
def test_without_a_model_the_surest_party_of_the_marked_corpus_is_mostly_the_one_marked(language, at_least):
    if not any(CORPUS.glob(f"{language}_*.jsonl")):
        pytest.skip("the marked corpus is not packaged")
    right = given = wanted = 0
    for row in load_marked(language):
        marks = [mark for mark in row.marks if mark.kind not in SEEN_BY_MODELS_ALONE]
        blamed = {row.text[mark.start : mark.end] for mark in marks if mark.role is Role.CAUSE}
        mentions = [Mention(m.start, m.end, row.text[m.start : m.end], m.kind, 1.0, "marked@1") for m in marks]
        accusations = find_accused(row.text, mentions)
        names = [accusations.organizations[relation.target] for relation in accusations.relations[:1]]
        given, wanted = given + len(names), wanted + bool(blamed)
        right += any(name.endswith(one) for name in names for one in blamed)
    assert f1(right, given, wanted) >= at_least


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real messages are not part of the project")
def test_without_a_model_half_of_the_parties_of_real_chinese_messages_are_found_with_their_exact_name():
    city = load_city("changsha", DEMO / "aliases_masked.yaml")
    with (SHARED / "gold_dev_zh.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    reports = [report(row["text"], subject=row["subject"]) for row in rows]
    right = given = wanted = 0
    for row, extraction in zip(rows, Pipeline(city.areas, city.places).extract(reports), strict=True):
        against = [
            r for r in extraction.relations if r.kind is RelationKind.REPORTED_AGAINST and r.confidence >= PARTY_SURE
        ]
        name = extraction.organizations[against[0].target] if against else None
        given, wanted = given + bool(name), wanted + bool(row["party"])
        right += bool(name) and name == row["party"]
    assert f1(right, given, wanted) >= 0.5


PIECES = [
    "[d A3区]", "[r 桐梓坡路]", "[e 华庭]", "[p 公园]", "[a 7栋]", "[o 物业]", "[n 张三]", "[u 居民]", "[b 狗]", "[g 噪音]",
    "[t 昨晚]", "[r Elm St]", "[o Star Bar]", "[g noise]", "[p! 砖厂]", "[e+ 春江郡]", "[p~ 学校]", "与", "和", "之间", "对面的",
    "旁边", "，", "、", " and ", " between ", "不是", "没有", "听说", "多次投诉未果", "反映过", "投诉", "请", "的", " not ",
    "I heard that ", "吗", "? ", "called twice ", "\n",
]  # fmt: skip
marked_sentences = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(st.lists(marked_sentences, max_size=4).map("。".join))
@settings(deadline=None, max_examples=200)
def test_every_link_joins_two_different_mentions_that_exist_and_says_why(marked):
    text, mentions = read(marked)
    mentions = with_earlier_complaints(text, mentions)
    links = find_links(text, mentions)
    for link in links:
        assert 0 <= link.tail < len(mentions)
        assert link.head is None or (0 <= link.head < len(mentions) and link.head != link.tail)
        assert 0 < link.confidence <= 1
        assert link.reason
        assert link.source == LINKS_SOURCE
    assert len({(link.kind, link.head, link.tail) for link in links}) == len(links)
    assert find_links(text, mentions) == links


@given(st.lists(marked_sentences, max_size=4).map("。".join))
@settings(deadline=None, max_examples=100)
def test_added_mentions_keep_the_order_and_overlap_nothing(marked):
    text, mentions = read(marked)
    found = with_earlier_complaints(text, with_registered_names(text, mentions))
    assert [mention for mention in found if mention in mentions] == mentions
    end = 0
    for mention in found:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@given(marked_sentences, marked_sentences)
@settings(deadline=None, max_examples=200)
def test_a_further_sentence_changes_no_link_of_the_one_before(marked, further):
    text, mentions = read(f"{marked}。")
    longer, more = read(f"{marked}。后来{further}。")
    assert [link for link in find_links(longer, more) if link.tail < len(mentions)] == list(find_links(text, mentions))


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_text_without_mentions_has_no_links(text):
    assert find_links(text, ()) == ()
    assert find_accused(text, ()).relations == ()


@pytest.mark.parametrize(
    "junk",
    [
        "不是",
        "听说",
        "据",
        "多次",
        "投诉向",
        "和物业、",
        "called five ",
        "I heard ",
        "not ",
        "A",
        "，",
        "请已经",
        "从",
        "from a to ",
        "1",
    ],
)
def test_junk_of_any_length_is_quick(junk):
    text = (junk * 20_000)[:20_000]
    kinds = list(MentionKind)
    mentions = [
        Mention(at, at + 3, text[at : at + 3], kinds[at // 5 % len(kinds)], 0.5, "test@1") for at in range(0, 19_990, 5)
    ]
    found = with_earlier_complaints(text, with_registered_names(text, mentions))
    assert len(find_links(text, find_accused(text, found).mentions)) <= 4 * len(found)


def test_the_parts_of_mentions_come_in_their_order():
    text, mentions = read("[d A3区][r 桐梓坡路]的[o 醉开心KTV][g 扰民]，影响[u 居民]")
    roles = [part.role for part in find_parts(text, mentions, Scopes(text))]
    assert roles == [None, Role.WHERE, Role.CAUSE, None, Role.AFFECTED]
