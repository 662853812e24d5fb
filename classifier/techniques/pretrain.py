"""Further pre-training of a base on a city's unlabelled texts, by masked words: Gururangan et al. 2020, Don't Stop Pretraining."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor
from transformers import BertForMaskedLM, DataCollatorForLanguageModeling, PreTrainedTokenizerFast

from classifier.tokens import TokenEncoder
from core.bert.base import load_tokenizer, write_base
from core.bert.loop import device, learn
from core.errors import BadInput

__all__ = ["pretrain"]

_SORTED: Final = 16  # batches sorted by length together: little padding, still random
_SHORTEST: Final = 4  # tokens, [CLS] and [SEP] counted: a text below has too little around a masked word


def pretrain(
    base: str,
    texts: Sequence[str],
    folder: Path,
    *,
    epochs: int = 1,
    batch_size: int = 16,
    learning_rate: float = 5e-5,
    head_rate: float = 1e-3,
    masked: float = 0.15,
    max_len: int = 128,
    seed: int = 0,
    threads: int = 2,
    bfloat16: bool | None = None,
) -> tuple[float, ...]:
    """Learn to guess masked tokens of the texts, and write the encoder to a folder that finetune takes as base.

    Returns each epoch's mean loss, in nats a masked token. masked: share of tokens, of which 80 % become [MASK], 10 % another
    word (Devlin et al. 2019). The bases carry no head for this: a new one learns at head_rate, its decoder the word embeddings
    themselves. Raises BadInput where no text has words enough. bfloat16: default, where the processor computes in it.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = load_tokenizer(base)
    encoder = TokenEncoder(tokenizer, max_len)
    rows = [ids for ids in (encoder.encode(text).ids for text in texts) if len(ids) >= _SHORTEST]
    if not rows or epochs < 1:
        raise BadInput("pre-training", f"{len(rows)} texts, {epochs} epochs", "at least one of each")
    network: Any = BertForMaskedLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager")
    network.config.tie_word_embeddings = True
    network.tie_weights()
    special = {
        name: f"[{name[:-6].upper()}]" for name in ("cls_token", "sep_token", "pad_token", "mask_token", "unk_token")
    }
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
    collator = DataCollatorForLanguageModeling(wrapped, mlm_probability=masked)

    def loss(batch: list[list[int]]) -> Tensor:
        given = collator([{"input_ids": ids} for ids in batch])
        if not bool((given["labels"] >= 0).any()):  # chance masked nothing, of which the mean loss would be no number
            given["labels"][:, 1] = given["input_ids"][:, 1]
        return network(**{name: value.to(device()) for name, value in given.items()}).loss

    head = [*network.cls.predictions.transform.parameters(), network.cls.predictions.bias]
    groups = [
        {"params": list(network.bert.parameters()), "lr": learning_rate},
        {"params": head, "lr": head_rate},
    ]
    passes = [_batches(rows, batch_size, random.Random(seed * 1000 + epoch)) for epoch in range(epochs)]
    history = learn(network, passes, loss, groups, steps=epochs * -(-len(rows) // batch_size), bfloat16=bfloat16)
    write_base(network.bert, tokenizer, folder)
    return history


def _batches(rows: Sequence[list[int]], size: int, generator: random.Random) -> Iterator[list[list[int]]]:
    shuffled = generator.sample(rows, len(rows))
    batches: list[list[list[int]]] = []
    for start in range(0, len(shuffled), size * _SORTED):
        chunk = sorted(shuffled[start : start + size * _SORTED], key=len)
        batches.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
    yield from generator.sample(batches, len(batches))
