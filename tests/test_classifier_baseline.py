"""The baseline learns, and figures of merit say what they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import metrics
from classifier.baseline import BaselineClassifier
from classifier.data import load_corpus, split_by_family
from classifier.evaluate import Labelled, evaluate, held_out, load_gold
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
    assert load_gold(path) == [Labelled("S\nT", "noise"), Labelled("V", "other")]


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


def test_a_higher_threshold_answers_less():
    generator = np.random.default_rng(1)
    probabilities = generator.dirichlet([1, 1, 1, 1], 500)
    truth = generator.integers(0, 4, 500)
    covered = [metrics.coverage_risk(truth, probabilities, t)[0] for t in (0.0, 0.4, 0.6, 0.99)]
    assert covered[0] == 1.0
    assert covered == sorted(covered, reverse=True)


def test_the_threshold_keeps_the_promised_coverage():
    generator = np.random.default_rng(2)
    probabilities = generator.dirichlet([1, 1, 1, 1], 500)
    truth = generator.integers(0, 4, 500)
    threshold = metrics.fit_threshold(truth, probabilities, risk=0.0, coverage=0.8)
    assert metrics.coverage_risk(truth, probabilities, threshold)[0] >= 0.8


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
