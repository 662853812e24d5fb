"""What is measured of a model: under small changes of the text, by part, and drawn."""

import random
import xml.etree.ElementTree as ET

import pytest

from classifier.evaluate import evaluate, held_out
from classifier.plots import draw
from classifier.predict import OnnxClassifier
from classifier.robustness import CHANGES, measure_robustness

SEED = 7


@pytest.fixture(scope="module")
def classifier():
    return OnnxClassifier()


@pytest.fixture(scope="module")
def rows(classifier):
    from classifier.data import load_corpus

    return held_out(load_corpus("en")[::160])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("text", "language"), [("Loud music on the street, every night!", "en"), ("垃圾没人清运，已经三天了。", "zh")]
)
def test_a_change_is_the_same_for_the_same_seed(change, text, language):
    assert CHANGES[change](text, language, random.Random(SEED)) == CHANGES[change](text, language, random.Random(SEED))


@pytest.mark.parametrize(
    ("change", "text", "language"),
    [
        ("typos", "The dumpster behind the bakery has been overflowing since Monday", "en"),
        ("typos", "已经吵的睡不着，垃圾没人收", "zh"),
        ("synonyms", "Garbage on the street", "en"),
        ("upper case", "garbage", "en"),
        ("no punctuation", "路面有坑。请处理", "zh"),
        ("full width", "garbage at 5", "en"),
        ("chatter around", "garbage", "en"),
    ],
)
def test_a_change_changes_the_text(change, text, language):
    changed = [CHANGES[change](text, language, random.Random(seed)) for seed in range(8)]
    assert any(one != text for one in changed)
    assert all(one.strip() for one in changed)


def test_full_width_letters_change_no_answer_because_they_are_unified(classifier, rows):
    measured = {one.change: one for one in measure_robustness(classifier, "en", rows)}
    assert measured["full width"].same == 1.0
    assert measured["none"].drop == 0.0
    assert all(-1.0 <= one.drop <= 1.0 and 0.0 <= one.same <= 1.0 for one in measured.values())


def test_the_drawing_is_the_same_for_the_same_figures(classifier, rows, tmp_path):
    figures = evaluate(classifier, "en", rows)
    for name in ("one.svg", "two.svg"):
        draw(figures, tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.svg", "two.svg"))
    assert one == two
    assert ET.fromstring(one).tag.endswith("svg")


def test_the_parts_of_held_out_texts_are_their_lengths_and_registers(classifier, rows):
    parts = evaluate(classifier, "en", rows).parts
    assert {part.kind for part in parts} <= {"length", "register"}
    assert all(0.0 <= part.accuracy <= 1.0 and part.rows >= 10 for part in parts)
