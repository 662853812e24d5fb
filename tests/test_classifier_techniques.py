"""What can be done beside plain fine-tuning: better starts, teachers, guessed labels, searches, comparisons."""

import json
import random
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="fine-tuning is the extra [train]: pip install -e '.[train]'")

import torch

from classifier.batches import collate, outside_row, row
from classifier.data import load_corpus, split_by_family
from classifier.finetune import finetune
from classifier.settings import Settings
from classifier.techniques.compare import ROWS, compare, markdown, part_of
from classifier.techniques.contrast import contrast, few, supervised_contrast
from classifier.techniques.distil import average, ensemble, teacher_of
from classifier.techniques.learning_curve import learning_curve
from classifier.techniques.pretrain import pretrain
from classifier.techniques.pseudo import pseudo_label
from classifier.techniques.search import search
from classifier.train import read_corpus
from core.errors import BadInput
from core.taxonomy import TOP_CLASSES

pytest_plugins = ["tiny_bert"]

SETTINGS = Settings(epochs=1, batch_size=8, max_len=24, threads=1, noise=0.0, precision="no")
FAST = {"batch_size": 8, "max_len": 24, "threads": 1, "bfloat16": False}


@pytest.fixture(scope="module")
def split(corpus):
    return split_by_family(load_corpus("en", corpus))


@pytest.fixture(scope="module")
def trained(base, split):
    return finetune("en", base, split=split, settings=SETTINGS)


def test_masked_words_are_guessed_better_after_pre_training(base, corpus, tmp_path):
    texts = [one.text for one in load_corpus("en", corpus)]
    losses = pretrain(base, texts, tmp_path, epochs=6, learning_rate=3e-3, **FAST)
    assert losses[-1] < losses[0]


def test_a_pre_trained_base_can_be_fine_tuned_and_says_something_else(base, split, trained, tmp_path):
    pretrain(base, [one.text for one in split.train], tmp_path, **FAST)
    other = finetune("en", str(tmp_path), split=split, settings=SETTINGS)
    assert other.encoder.encode("garbage on the sidewalk") == trained.encoder.encode("garbage on the sidewalk")
    assert (other.head("top") != trained.head("top")).any()


def test_pre_training_is_the_same_for_the_same_seed(base, split, tmp_path):
    texts = [one.text for one in split.train]
    assert pretrain(base, texts, tmp_path / "a", **FAST) == pretrain(base, texts, tmp_path / "b", **FAST)


def test_pre_training_without_texts_is_refused(base, tmp_path):
    with pytest.raises(BadInput):
        pretrain(base, [""], tmp_path)


def test_the_contrastive_loss_is_least_where_classes_lie_apart():
    labels = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    mixed = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert supervised_contrast(apart, labels, 0.1) < 1e-3
    assert supervised_contrast(mixed, labels, 0.1) > 5


def test_a_contrastive_start_lowers_its_loss_and_can_be_fine_tuned(base, split, tmp_path):
    losses = contrast("en", base, split.train, tmp_path, steps=80, learning_rate=3e-3, freeze_words=False, **FAST)
    assert losses[-1] < losses[0]
    assert finetune("en", str(tmp_path), split=split, settings=SETTINGS).history


def test_few_takes_as_many_families_as_there_are(split):
    chosen = few(split.train, 3, seed=1)
    assert chosen == few(split.train, 3, seed=1)
    for label in TOP_CLASSES:
        families = {one.family for one in split.train if one.label == label}
        taken = [one.family for one in chosen if one.label == label]
        assert len(set(taken)) == min(3, len(families))
        assert len(taken) == 3


def test_a_contrast_of_one_class_is_refused(base, split, tmp_path):
    with pytest.raises(BadInput, match="two classes"):
        contrast("en", base, [one for one in split.train if one.label == "noise"], tmp_path)


def test_a_teacher_is_the_mean_of_its_networks(base, split, trained):
    other = finetune("en", base, split=split, settings=replace(SETTINGS, seed=1))
    texts = [one.text for one in split.train]
    teacher = teacher_of([trained, other], texts)
    mean = (ensemble([trained], texts) + ensemble([other], texts)) / 2
    assert teacher[texts[0]] == pytest.approx(mean[0].tolist())
    assert sum(teacher[texts[0]]) == pytest.approx(1.0)


def test_a_warmer_teacher_is_less_sure(split, trained):
    texts = [one.text for one in split.dev]
    assert ensemble([trained], texts, temperature=4.0).max() < ensemble([trained], texts).max()


def test_a_network_learns_from_its_teacher_beside_texts_that_no_teacher_judged(base, split):
    everything = replace(split, outside=("buy now, half price", "the moon is far"))
    always = {one.text: [0.0, 0.0, 0.0, 1.0] for one in split.train}
    settings = replace(SETTINGS, epochs=8, learning_rate=3e-3, class_balance=0.0)
    taught = finetune("en", base, split=everything, settings=settings, teacher=always, keep_best=False)
    alone = finetune("en", base, split=everything, settings=settings, keep_best=False)
    texts = [one.text for one in split.train]
    assert ensemble([taught], texts)[:, 3].mean() > ensemble([alone], texts)[:, 3].mean() + 0.1


def test_a_text_outside_does_not_silence_the_teacher_of_its_batch(split, trained):
    known = row(split.train[0], trained.encoder, trained.heads, [0.1, 0.2, 0.3, 0.4])
    outside = outside_row("buy now", trained.encoder, trained.heads)
    batch = collate([known, outside], trained.encoder.pad, torch.device("cpu"))
    assert batch.soft[0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_the_average_of_a_network_with_itself_is_itself(split, trained):
    same = average([trained, trained], split.dev)
    assert same.head("top") == pytest.approx(trained.head("top"), abs=1e-5)


def test_an_average_lies_between_its_networks(base, split, trained):
    other = finetune("en", base, split=split, settings=replace(SETTINGS, learning_rate=1e-3))
    mean = average([trained, other], split.dev).network.head.weight
    assert torch.allclose(mean, (trained.network.head.weight + other.network.head.weight) / 2)


def test_networks_that_pool_differently_have_no_average(split, trained):
    with pytest.raises(BadInput, match="one base"):
        average([trained, replace(trained, pooling="cls")], split.dev)


def test_pseudo_labels_are_the_networks_answers_balanced_by_class(base, split):
    trained = finetune("en", base, split=split, settings=replace(SETTINGS, epochs=3, patience=3, head_rate=1e-2))
    texts = [one.text for one in (*split.train, *split.dev)]
    pseudo = pseudo_label(trained, [*texts, texts[0]], threshold=0.0)
    likeliest = dict(zip(texts, trained.head("top", trained.say(texts)).argmax(axis=1), strict=True))
    assert pseudo.given == len(texts)
    assert all(one.label == TOP_CLASSES[likeliest[one.text]] for one in pseudo.examples)
    assert all(one.code.split(".")[0] == one.label for one in pseudo.examples)
    assert len({one.family for one in pseudo.examples}) == len(pseudo.examples) == sum(pseudo.taken.values()) > 0
    assert len({count for count in pseudo.taken.values() if count}) == 1


def test_pseudo_labels_below_the_threshold_are_left_out(split, trained):
    pseudo = pseudo_label(trained, [one.text for one in split.train], threshold=1.01)
    assert pseudo.examples == ()
    assert sum(pseudo.confident.values()) == 0


def test_a_search_starts_from_the_settings_and_returns_the_best_trial(base, split):
    space = {"learning_rate": (1e-5, 1e-3), "dropout": (0.0, 0.3)}
    found = search("en", base, split, 2, 0, settings=SETTINGS, space=space)
    assert found.trials[0].values == pytest.approx(
        {"learning_rate": SETTINGS.learning_rate, "dropout": SETTINGS.dropout}
    )
    best = max(found.trials, key=lambda trial: trial.dev_macro_f1)
    assert found.best == replace(SETTINGS, **best.values)


def test_a_search_that_was_cut_off_ends_as_one_that_was_not(base, split, tmp_path):
    space = {"learning_rate": (1e-5, 1e-3), "epochs": (1, 2)}
    storage = f"sqlite:///{tmp_path / 'search.db'}"
    search("en", base, split, 1, 5, storage, settings=SETTINGS, space=space)
    resumed = search("en", base, split, 3, 5, storage, settings=SETTINGS, space=space)
    whole = search("en", base, split, 3, 5, settings=SETTINGS, space=space)
    assert [(one.values, one.dev_macro_f1) for one in resumed.trials] == [
        (one.values, one.dev_macro_f1) for one in whole.trials
    ]


@pytest.fixture(scope="module")
def compared(base, corpus, tmp_path_factory):
    gold = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"text": one.text, "label": one.label}) for one in load_corpus("en", corpus)))
    rows = [row for row in ROWS if row != "translate"]
    return compare("en", base, read_corpus("en", corpus), rows=rows, settings=SETTINGS, gold=gold)


def test_a_comparison_has_a_row_for_every_way(compared):
    assert [one.row for one in compared] == [row for row in ROWS if row != "translate"]
    assert all(0 <= one.dev <= 1 and one.gold is not None for one in compared)


def test_adapters_train_fewer_weights_than_all(compared):
    trained = {one.row: one.trained for one in compared}
    assert trained["(IA)³"] < trained["full"] < trained["words not frozen"]
    assert trained["ensemble of 3"] == 3 * trained["full"]


def test_a_comparison_becomes_a_markdown_table(compared):
    lines = markdown(compared).splitlines()
    assert len(lines) == len(compared) + 2
    assert len({line.count("|") for line in lines}) == 1


def test_a_row_that_does_not_exist_is_refused(base, corpus):
    with pytest.raises(BadInput, match="rows"):
        compare("en", base, read_corpus("en", corpus), rows=["magic"])


def test_a_share_keeps_whole_families_and_all_of_dev(split):
    part = part_of(split, 0.5)
    left = {one.family for one in split.train} - {one.family for one in part.train}
    assert part.dev == split.dev
    assert not left & {one.family for one in part.train}
    assert abs(len(part.train) - len(split.train) / 2) <= 4


@pytest.mark.parametrize("sample", [8, None])
def test_a_learning_curve_has_a_point_for_every_count_there_are_rows_for(base, corpus, tmp_path, sample):
    labelled = tmp_path / "own.jsonl"
    rows = random.Random(0).sample(load_corpus("en", corpus), 16)
    labelled.write_text("\n".join(json.dumps({"text": one.text, "label": one.label}) for one in rows))
    points = learning_curve(
        "en", base, read_corpus("en", corpus), labelled, counts=(0, 4, 100), folds=2, sample=sample, settings=SETTINGS
    )
    assert [point.count for point in points] == [0, 4, 8]
    assert all(0 <= point.mean <= 1 and point.deviation >= 0 for point in points)
