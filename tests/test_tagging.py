"""The trained model of mentions: marked messages in, spans with kinds and roles out; trained small here, served as it ships."""

import json
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bert.softmax import softmax
from core.errors import BadInput, ModelMissing, UnreadableFile
from core.types import MentionKind, Role
from extraction.tagging.corpus import Mark, Marked, load_marked, split_by_family
from extraction.tagging.labels import KINDS, ROLES, TAGS, spans_of, tag_of
from extraction.tagging.manifest import packaged_taggers, read_manifest
from extraction.tagging.scores import scores
from extraction.tagging.swap import Swap
from extraction.tagging.tagger import OnnxTagger

ROAD, ESTATE = MentionKind.ROAD, MentionKind.ESTATE
EXAMPLES = {
    "zh": ("A3区桐梓坡路美联嘉园楼下的工地每天半夜施工，噪音很大，住户睡不着", {"A3区", "桐梓坡路", "美联嘉园"}),
    "en": ("Someone dumped a mattress behind 610 Lincoln St near Vista Park", {"610 Lincoln St", "Vista Park"}),
}


@pytest.fixture(scope="module")
def tagger():
    return OnnxTagger()


def probabilities(*rows):
    """Rows of a table of tags: for each token the tags that share its probability."""
    table = np.zeros((len(rows), len(TAGS)))
    for place, tags in enumerate(rows):
        for tag in tags:
            table[place, tag] = 1 / len(tags)
    return table


def test_spans_begin_where_a_tag_says_so():
    begin, inside = tag_of(ROAD, first=True), tag_of(ROAD, first=False)
    spans = spans_of(probabilities([0], [begin], [inside], [begin], [0]))
    assert [(span.first, span.stop, span.kind) for span in spans] == [(1, 3, ROAD), (3, 4, ROAD)]


def test_doubt_between_kinds_cuts_no_name_apart():
    road, estate = tag_of(ROAD, first=False), tag_of(ESTATE, first=False)
    spans = spans_of(probabilities([tag_of(ESTATE, first=True)], [road, estate], [estate]))
    assert [(span.first, span.stop, span.kind) for span in spans] == [(0, 3, ESTATE)]
    assert spans[0].confidence == pytest.approx(5 / 6)


@given(st.lists(st.lists(st.floats(-9, 9), min_size=len(TAGS), max_size=len(TAGS)), max_size=12))
def test_spans_never_overlap_and_hold_a_token(numbers):
    spans = spans_of(softmax(np.array(numbers).reshape(-1, len(TAGS)))) if numbers else []
    assert all(span.first < span.stop <= len(numbers) for span in spans)
    assert all(a.stop <= b.first for a, b in pairwise(spans))


def test_scores_count_exact_spans_by_kind():
    counted = scores([([("road", 1), ("poi", 2)], [("road", 1), ("road", 5)]), ([], [("poi", 3)])])
    assert (counted["road"].precision, counted["road"].recall) == (1.0, 0.5)
    assert counted["poi"].f1 == 0.0
    assert (counted["all"].hits, counted["all"].found, counted["all"].wanted) == (1, 2, 3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_packaged_corpus_is_marked_with_every_kind_and_role(language):
    marks = [mark for one in load_marked(language) for mark in one.marks]
    assert {mark.kind for mark in marks} == set(KINDS)
    assert {mark.role for mark in marks} == set(ROLES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_family_is_learnt_from_and_judged_on(language):
    learnt, judged = split_by_family(load_marked(language))
    assert not {one.family for one in learnt} & {one.family for one in judged}
    assert len(judged) > len(learnt) / 20


def test_one_family_alone_cannot_be_split():
    with pytest.raises(BadInput, match="enough families"):
        split_by_family([Marked("x", (), "one")])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"family": "f"}, "text"),
        ({"text": "Elm St"}, "family"),
        ({"text": "Elm St", "family": "f", "mentions": [[0, 9, "road"]]}, "characters of a text of 6"),
        ({"text": "Elm St", "family": "f", "mentions": [[0, 3, "street"]]}, "start, end, kind"),
        ({"text": "Elm St", "family": "f", "mentions": [[0, 3, "time"]]}, "a kind the tagger learns"),
        ({"text": "Elm St", "family": "f", "mentions": [[0, 3, "road"], [2, 6, "road"]]}, "outside other mentions"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(tmp_path, row, told):
    (tmp_path / "en_mine.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(UnreadableFile, match=rf"en_mine\.jsonl:1(.|\n)*{told}"):
        load_marked("en", tmp_path)


def test_a_folder_without_marked_texts_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match=r"en_\*\.jsonl"):
        load_marked("en", tmp_path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_exchanged_names_stay_marked(language):
    texts = load_marked(language)[:200]
    swap, generator = Swap(texts, language), random.Random(0)
    known = {(mark.kind, one.text[mark.start : mark.end]) for one in texts for mark in one.marks}
    for one in texts:
        changed = swap(one, 1.0, generator)
        after = iter(
            (mark.kind, mark.role) for mark in changed.marks
        )  # areas and roads may stand before a Chinese name
        assert all((mark.kind, mark.role) in after for mark in one.marks)
        for mark in changed.marks:
            words = changed.text[mark.start : mark.end]
            assert words.strip()
            if mark.kind in (MentionKind.OBJECT, MentionKind.TRIGGER) and changed.text != changed.text.lower():
                assert (mark.kind, words) in known or words.isupper()


def test_a_name_that_stands_twice_is_exchanged_alike():
    twice = Marked("Elm St is dark. Fix Elm St", (Mark(0, 6, ROAD, Role.WHERE), Mark(20, 26, ROAD, Role.WHERE)), "f")
    other = Marked("Oak Ave", (Mark(0, 7, ROAD),), "g")
    changed = Swap([other], "en")(twice, 1.0, random.Random(3))
    assert len({changed.text[mark.start : mark.end] for mark in changed.marks}) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_tagger_sees_names_with_their_kinds(tagger, language):
    text, names = EXAMPLES[language]
    found = tagger.tag([text], [language])[0].mentions
    assert names <= {mention.text for mention in found}
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
    assert all(mention.source == tagger.manifest(language).model for mention in found)


def test_the_shipped_tagger_tells_who_is_blamed_and_where(tagger):
    found = {
        m.text: m for m in tagger.tag(["A5区同升街道恒宁物业不作为，垃圾堆在楼道口一个月没人清理"], ["zh"])[0].mentions
    }
    assert (found["恒宁物业"].kind, found["恒宁物业"].role) == (MentionKind.ORGANIZATION, Role.CAUSE)


@pytest.mark.parametrize("text", ["", "  \n", "😀", "。。。", "1", "x" * 30_000])
def test_texts_that_name_nothing_have_no_mentions_worth_a_name(tagger, text):
    for language in ("zh", "en"):
        assert all(m.end <= len(text) for m in tagger.tag([text], [language])[0].mentions)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_far_into_a_long_text_is_seen(tagger, language):
    text, names = EXAMPLES[language]
    long = ("今天天气很好，大家都很高兴。" if language == "zh" else "We walked along and had a nice day. ") * 60 + text
    assert names & {mention.text for mention in tagger.tag([long], [language])[0].mentions}


def test_a_missing_or_altered_tagger_tells_the_command_that_makes_it(tmp_path):
    with pytest.raises(ModelMissing, match="citygraph train extractor --language en"):
        OnnxTagger(tmp_path).tag(["Elm St"], ["en"])
    folder = tmp_path / "en"
    folder.mkdir()
    for path in (packaged_taggers() / "en").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelMissing, match="SHA-256"):
        read_manifest(folder, "en")
    with pytest.raises(ModelMissing, match="not zh"):
        read_manifest(packaged_taggers() / "en", "zh")
