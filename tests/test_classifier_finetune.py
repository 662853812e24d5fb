"""Fine-tuning, exporting and serving, end to end, on a BERT small enough for a test."""

import json
from dataclasses import asdict, replace

import pytest

pytest.importorskip("torch", reason="fine-tuning is the extra [train]: pip install -e '.[train]'")

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertConfig, BertModel

from classifier.data import load_corpus, split_by_family
from classifier.finetune import Settings, finetune
from classifier.manifest import read_manifest
from classifier.noise import make_noise
from classifier.predict import OnnxClassifier
from classifier.train import train_classifier
from core.taxonomy import TOP_CLASSES

SETTINGS = Settings(epochs=1, batch_size=8, max_len=24, threads=1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Forty texts of the English corpus, ten a class, as a folder of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = []
    for label in TOP_CLASSES:
        of_label = [e for e in load_corpus("en") if e.label == label]
        rows += of_label[:: len(of_label) // 10][:10]
    lines = [json.dumps({**asdict(e), "register": "message"}) for e in rows]
    (folder / "en_tiny.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory, corpus):
    """A BERT with random weights and a vocabulary of these texts."""
    folder = tmp_path_factory.mktemp("base")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        [e.text for e in load_corpus("en", corpus)], trainers.WordPieceTrainer(vocab_size=500, special_tokens=special)
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    shape = BertConfig(
        vocab_size=500,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(shape, add_pooling_layer=False).save_pretrained(folder)
    return str(folder)


def test_the_same_seed_gives_the_same_network(base, corpus):
    split = split_by_family(load_corpus("en", corpus))
    first, second = (finetune("en", base, split=split, settings=SETTINGS) for _ in range(2))
    assert (first.dev_logits == second.dev_logits).all()
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


def test_training_ends_in_a_folder_that_serves_without_torch(base, corpus, tmp_path):
    manifest = train_classifier("en", base, version="test", models_dir=tmp_path, corpus=corpus, settings=SETTINGS)
    assert read_manifest(tmp_path / "en", "en") == manifest
    assert manifest.parity["dev_agreement"] >= 0.8
    answer = OnnxClassifier(tmp_path).classify(["garbage on the sidewalk"], ["en"])[0]
    assert answer.model == "en-minilm@test"
    assert sum(scored.probability for scored in answer.ranking) == pytest.approx(1.0)
