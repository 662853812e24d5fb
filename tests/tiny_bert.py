"""What the tests of training share: forty texts, and a BERT small enough to learn them in a second."""

import json
from dataclasses import asdict

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from classifier.data import load_corpus
from core.taxonomy import TOP_CLASSES


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Forty texts of the English corpus, ten a class, as a folder of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    rows, examples = [], load_corpus("en")
    for label in TOP_CLASSES:
        of_label = [e for e in examples if e.label == label]
        rows += of_label[:: len(of_label) // 10][:10]
    lines = [json.dumps({**asdict(e), "register": "message"}) for e in rows]
    (folder / "en_tiny.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def base(tmp_path_factory, corpus):
    """A BERT with random weights and a vocabulary of these texts; asked for only where the extra [train] is installed."""
    from transformers import BertConfig, BertModel

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
        max_position_embeddings=128,
    )
    BertModel(shape, add_pooling_layer=False).save_pretrained(folder)
    return str(folder)
