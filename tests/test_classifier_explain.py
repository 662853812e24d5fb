"""Reasons: the words that moved a decision, those against it, the examples like it, and whether the reasons hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.explain import explain, weigh
from classifier.faithfulness import measure_faithfulness
from classifier.predict import OnnxClassifier
from core.taxonomy import TOP_CLASSES

NOISE = ("楼下工地半夜两点还在打桩，吵得全家睡不着", "zh")
TRASH = ("Somebody dumped bags of garbage in the alley behind the school", "en")


@pytest.fixture(scope="module")
def classifier():
    return OnnxClassifier()


def test_the_words_of_the_trouble_moved_the_decision(classifier):
    moved = "".join(one.text for one in explain(classifier, *NOISE).moved)
    assert "吵" in moved or "打桩" in moved
    words = {one.text for one in explain(classifier, *TRASH).moved}
    assert words & {"dumped", "garbage"}


def test_the_strongest_word_comes_first_and_each_stands_where_it_says(classifier):
    for text, language in (NOISE, TRASH):
        explanation = explain(classifier, text, language)
        weights = [one.weight for one in explanation.moved]
        assert weights == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)
        assert all(one.weight < 0 for one in explanation.against)
        for one in (*explanation.moved, *explanation.against):
            assert text[one.start : one.end] == one.text


def test_words_of_another_trouble_speak_against_the_category(classifier):
    text = "Loud music from the bar every night until 3 am, and bags of garbage lie in front of it"
    against = {one.text.strip() for one in weigh(classifier, text, "en", "noise") if one.weight < 0}
    assert against & {"bags", "garbage", "lie"}


def test_the_nearest_examples_are_about_the_same_trouble(classifier):
    for (text, language), label in ((NOISE, "noise"), (TRASH, "littering")):
        neighbours = explain(classifier, text, language).neighbours
        assert [one.label for one in neighbours].count(label) >= 4
        assert [one.similarity for one in neighbours] == sorted((one.similarity for one in neighbours), reverse=True)


def test_a_text_of_the_corpus_is_its_own_nearest_example(classifier):
    text = classifier.examples("zh").rows[100][0]
    nearest = explain(classifier, text, "zh").neighbours[0]
    assert nearest.text == text
    assert nearest.similarity == pytest.approx(1.0, abs=0.02)


def test_masking_the_words_named_hurts_more_than_masking_words_by_chance(classifier):
    for language in ("zh", "en"):
        texts = [text for text, label, _ in classifier.examples(language).rows[::400] if label != "other"]
        assert measure_faithfulness(classifier, language, texts).gap > 0.05


def test_a_text_without_words_has_no_reasons(classifier):
    explanation = explain(classifier, "!!! 123", "en")
    assert (explanation.moved, explanation.against, explanation.neighbours) == ((), (), ())


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=60), language=st.sampled_from(["zh", "en"]))
def test_any_text_is_explained(classifier, text, language):
    explanation = explain(classifier, text, language)
    assert explanation.classification.category in TOP_CLASSES
    assert all(text[one.start : one.end] == one.text for one in explanation.moved)
