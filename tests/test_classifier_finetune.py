"""Fine-tuning, exporting and serving, end to end, on a BERT small enough for a test."""

import json
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="fine-tuning is the extra [train]: pip install -e '.[train]'")

from classifier.data import corpus_digest, load_corpus, split_by_family
from classifier.finetune import Settings, finetune
from classifier.manifest import read_manifest
from classifier.noise import make_noise
from classifier.predict import OnnxClassifier
from classifier.train import read_corpus, train_classifier
from core.errors import BadInput

pytest_plugins = ["tiny_bert"]
SETTINGS = Settings(epochs=1, batch_size=8, max_len=24, threads=1)


def test_the_same_seed_gives_the_same_network(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    first, second = (finetune("en", base, split=split, settings=SETTINGS) for _ in range(2))
    assert (first.dev.sentences == second.dev.sentences).all()
    assert first.history == second.history


def test_a_consistency_term_and_more_epochs_lower_the_loss(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    settings = Settings(epochs=4, patience=4, batch_size=8, max_len=24, learning_rate=3e-3, consistency=1.0, threads=1)
    history = finetune("en", base, split=split, settings=settings).history
    assert history[-1]["loss"] < history[0]["loss"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_texts_without_sense_are_the_same_for_the_same_seed_and_never_empty(language):
    texts = make_noise(language, 50, seed=3)
    assert texts == make_noise(language, 50, seed=3) != make_noise(language, 50, seed=4)
    assert all(text.strip() for text in texts)


def test_a_prior_on_other_moves_every_answer_there_when_it_is_large(base, corpus, tmp_path):
    settings = replace(SETTINGS, other_prior=100.0)
    train_classifier("en", base, version="test", models_dir=tmp_path, corpus=corpus, settings=settings, refit=False)
    assert OnnxClassifier(tmp_path).classify(["garbage on the sidewalk"], ["en"])[0].category == "other"


def test_a_focal_loss_and_accumulated_batches_learn_too(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    settings = replace(SETTINGS, epochs=4, patience=4, learning_rate=3e-3, focal=2.0, accumulate=2, checkpointing=True)
    history = finetune("en", base, split=split, settings=settings).history
    assert history[-1]["loss"] < history[0]["loss"]


@pytest.mark.parametrize("precision", ["no", "bf16"])
def test_either_precision_ends_in_float32_weights(base, corpus, precision):
    split = split_by_family(load_corpus("en", corpus))
    trained = finetune("en", base, split=split, settings=replace(SETTINGS, precision=precision))
    assert {str(weight.dtype) for weight in trained.network.parameters()} == {"torch.float32"}


def test_nothing_to_learn_from_is_told(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    with pytest.raises(BadInput, match="0 texts"):
        finetune("en", base, split=replace(split, train=()), settings=SETTINGS)


def test_texts_longer_than_the_base_can_read_are_told_before_training(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    with pytest.raises(BadInput, match="128 positions"):
        finetune("en", base, split=split, settings=replace(SETTINGS, max_len=256))


def test_a_corpus_without_one_class_is_refused(tmp_path):
    rows = [
        {"text": f"{word} {n}", "label": label, "code": label, "family": f"{label}{n}", "register": "message"}
        for label, word in (("noise", "loud"), ("littering", "trash"), ("other", "hello"))
        for n in range(5)
    ]
    (tmp_path / "en_x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(BadInput, match="no text of obstruction"):
        read_corpus("en", tmp_path)


def test_a_citys_own_messages_are_learnt_beside_the_corpus(corpus, tmp_path):
    extra = tmp_path / "ours.jsonl"
    row = {"subject": "Noise", "text": "the bar", "label": "noise", "urgency": 2}
    extra.write_text(json.dumps(row) + '\n{"text": "unsure", "label": null}\n', encoding="utf-8")
    texts = read_corpus("en", corpus, extra).examples
    own = [one for one in texts if one.family == "ours.jsonl:1"]
    assert [(one.text, one.label, one.urgency) for one in own] == [("Noise the bar", "noise", 2)]
    assert len(texts) == len(read_corpus("en", corpus).examples) + 1


def test_a_citys_own_messages_never_stand_among_the_examples_that_anybody_may_read(base, corpus, tmp_path):
    extra = tmp_path / "ours.jsonl"
    secret = "My neighbour Mrs Example at 12 Nowhere Lane plays the tuba at night"
    extra.write_text(json.dumps({"text": secret, "label": "noise"}), encoding="utf-8")
    made = train_classifier(
        "en", base, version="test", models_dir=tmp_path, corpus=corpus, extra=extra, settings=SETTINGS, refit=False
    )
    shown = [text for text, _, _ in OnnxClassifier(tmp_path).examples("en").rows]
    assert made.corpus["rows"] == len(shown) + 1
    assert secret not in shown
    assert made.corpus["sha256"] != corpus_digest("en", corpus)


def test_outside_texts_of_one_family_never_stand_on_both_sides():
    corpus = read_corpus("en")
    assert corpus.held_outside
    assert not set(corpus.split.outside) & set(corpus.held_outside)
    assert set(corpus.outside) == set(corpus.split.outside) | set(corpus.held_outside)


def test_training_ends_in_a_folder_that_serves_without_torch(base, corpus, tmp_path):
    manifest = train_classifier("en", base, version="test", models_dir=tmp_path, corpus=corpus, settings=SETTINGS)
    assert read_manifest(tmp_path / "en", "en") == manifest
    assert manifest.parity["dev_agreement"] >= 0.8
    answer = OnnxClassifier(tmp_path).classify(["garbage on the sidewalk"], ["en"])[0]
    assert answer.model == "en-minilm@test"
    assert sum(scored.probability for scored in answer.ranking) == pytest.approx(1.0)
