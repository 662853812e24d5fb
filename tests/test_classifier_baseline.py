"""The baseline learns, and figures of merit say what they should."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import metrics
from classifier.baseline import BaselineClassifier
from classifier.data import load_corpus, split_by_family
from classifier.evaluate import Labelled, evaluate, held_out, load_gold
from classifier.predict import OnnxClassifier
from core.errors import UnreadableFile
from core.taxonomy import TOP_CLASSES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_baseline_beats_chance_on_families_it_has_not_seen(language):
    split = split_by_family(load_corpus(language))
    figures = evaluate(BaselineClassifier().fit(split.train, language), language, held_out(split.dev))
    assert figures.macro_f1 > 2 / len(TOP_CLASSES)
    assert figures.interval[0] <= figures.macro_f1 <= figures.interval[1]
    assert sum(map(sum, figures.confusion)) == figures.rows == len(split.dev)
    assert len(figures.wrong) == round((1 - figures.accuracy) * figures.rows)


def test_the_baseline_answers_in_the_order_given():
    examples = load_corpus("zh")[:300] + load_corpus("zh")[-300:]
    baseline = BaselineClassifier().fit(examples, "zh").fit(load_corpus("en"), "en")
    texts, languages = ["垃圾满地", "Loud music all night", "车停在消防通道"], ["zh", "en", "zh"]
    together = baseline.classify(texts, languages)
    assert together == [baseline.classify([t], [lang])[0] for t, lang in zip(texts, languages, strict=True)]


def test_a_gold_file_is_read_with_subjects_and_without_undecided_rows(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"subject": "S", "text": "T", "label": "noise"}\n{"text": "U", "label": null}\n{"text": "V", "label": "other"}\n',
        encoding="utf-8",
    )
    assert [(row.text, row.label) for row in load_gold(path)] == [("S\nT", "noise"), ("V", "other")]


def test_a_gold_file_tells_lengths_districts_and_urgency(tmp_path):
    path = tmp_path / "gold.jsonl"
    row = {"text": "x" * 100, "label": "noise", "urgency": [1, 2], "places": [{"text": "A5区", "type": "district"}]}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert load_gold(path) == [Labelled("x" * 100, "noise", {"length": "middle", "district": "A5区"}, 1.5)]


@pytest.mark.parametrize(
    ("line", "told"), [('{"text": "V", "label": "loud"}', "loud"), ('{"text": "V", "label": null}', "no labelled row")]
)
def test_a_gold_file_with_a_wrong_label_or_none_is_refused(tmp_path, line, told):
    path = tmp_path / "gold.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        load_gold(path)


def test_a_guess_is_the_category_answered_also_where_all_are_equally_likely():
    figures = evaluate(OnnxClassifier(), "en", [Labelled("???", "other"), Labelled("!!!", "other")])
    assert figures.accuracy == 1.0


def test_parts_with_ten_rows_are_judged_by_themselves():
    rows = [Labelled("garbage", "littering", {"length": "short"})] * 10 + [
        Labelled("noise", "noise", {"length": "long"})
    ] * 3
    baseline = BaselineClassifier().fit(load_corpus("en")[::5], "en")
    assert [(part.kind, part.name, part.rows) for part in evaluate(baseline, "en", rows).parts] == [
        ("length", "short", 10)
    ]


def test_a_support_vector_machine_ranks_all_classes_too():
    svm = BaselineClassifier(linear="svm").fit(load_corpus("en")[::3], "en")
    answer = svm.classify(["Loud music all night"], ["en"])[0]
    assert answer.category == "noise"
    assert sum(one.probability for one in answer.ranking) == pytest.approx(1.0)


def test_errors_among_the_least_sure_leave_the_risk_curve_at_zero_until_they_come():
    truth = np.array([0] * 10)
    sure = np.array([[0.99 - 0.01 * i, 0.01 + 0.01 * i] for i in range(8)] + [[0.4, 0.6]] * 2)
    assert metrics.risk_coverage(truth, sure)[:8].tolist() == [0.0] * 8
    assert metrics.accuracy_at(truth, sure, 0.8) == 1.0
    assert metrics.risk_coverage(truth, sure)[-1] == pytest.approx(0.2)
    assert metrics.risk_coverage_area(truth, sure) < metrics.risk_coverage_area(truth, sure[:, ::-1])


def test_a_class_that_errs_gets_a_higher_threshold_than_one_that_does_not():
    truth = np.array([0] * 50 + [1] * 45 + [0] * 5)
    said = np.array([[0.9, 0.1]] * 50 + [[0.1, 0.9]] * 45 + [[0.4, 0.6]] * 5)
    thresholds = metrics.fit_thresholds(truth, said, ["right", "sometimes"], np.ones(100), risk=0.01)
    assert thresholds["right"] == 0.0
    assert 0.6 < thresholds["sometimes"] <= 0.9


def test_the_limit_with_the_best_f1_parts_the_true_from_the_false():
    limit, f1 = metrics.fit_limit([0.1, 0.2, 0.7, 0.8], [False, False, True, True])
    assert 0.2 < limit <= 0.7
    assert f1 == 1.0
    assert metrics.fit_limit([0.1, 0.9], [False, False]) == (0.5, 0.0)


def test_a_gold_file_with_a_broken_line_is_refused(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "V", "label": "other"}\n{"label"\n', encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"gold\.jsonl:2"):
        load_gold(path)


def test_macro_f1_is_one_for_a_perfect_guess_and_counts_classes_alike():
    truth = np.array([0] * 98 + [1, 1])
    assert metrics.macro_f1(truth, truth, 4) == 1.0
    assert metrics.macro_f1(truth, np.zeros(100, dtype=np.int64), 4) == pytest.approx(0.5, abs=0.01)


def test_a_confident_right_classifier_is_calibrated_and_a_confident_wrong_one_is_not():
    sure = np.tile([0.99, 0.01], (50, 1))
    assert metrics.calibration_error(np.zeros(50, dtype=np.int64), sure) == pytest.approx(0.01)
    assert metrics.calibration_error(np.ones(50, dtype=np.int64), sure) == pytest.approx(0.99)


def test_temperature_cools_logits_that_are_too_sure():
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 4000)
    flipped = np.where(generator.random(4000) < 0.3, 1 - truth, truth)
    logits = np.eye(2)[flipped] * 4.0  # claims 98 %, is right in 70 %
    temperature = metrics.fit_temperature(truth, logits)
    assert 1 / (1 + np.exp(-4.0 / temperature)) == pytest.approx(0.7, abs=0.02)


def test_the_thresholds_keep_the_promised_coverage_of_each_class():
    generator = np.random.default_rng(2)
    probabilities = generator.dirichlet([1, 1, 1, 1], 500)
    truth = generator.integers(0, 4, 500)
    thresholds = metrics.fit_thresholds(truth, probabilities, TOP_CLASSES, np.ones(500), risk=0.0, coverage=0.8)
    for number, label in enumerate(TOP_CLASSES):
        said = probabilities[probabilities.argmax(axis=1) == number].max(axis=1)
        assert (said >= thresholds[label]).mean() >= 0.8


def test_rows_that_count_for_more_move_a_threshold():
    truth = np.array([0] * 90 + [1] * 5 + [0] * 5)
    said = np.array([[0.9, 0.1]] * 90 + [[0.6, 0.4]] * 5 + [[0.5001, 0.4999]] * 5)
    plain = metrics.fit_thresholds(truth, said, ["a", "b"], np.ones(100), risk=0.05)
    weighted = metrics.fit_thresholds(truth, said, ["a", "b"], np.where(truth == 1, 4.0, 1.0), risk=0.05)
    assert plain["a"] == 0.0
    assert weighted["a"] > 0.6


def test_mcnemar_agrees_with_the_binomial_by_hand():
    truth = np.zeros(10, dtype=np.int64)
    first = np.zeros(10, dtype=np.int64)
    second = np.array([1] * 5 + [0] * 5)
    assert metrics.mcnemar(truth, first, second) == pytest.approx(2 / 2**5)
    assert metrics.mcnemar(truth, first, first) == 1.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_figures_stay_within_their_bounds(pairs):
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    assert 0.0 <= metrics.macro_f1(truth, guess, 4) <= 1.0
    assert metrics.confusion(truth, guess, 4).sum() == len(pairs)
    assert (metrics.macro_f1(truth, guess, 4) == 1.0) == bool((truth == guess).all())
