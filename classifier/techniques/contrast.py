"""A contrastive start for few labels: texts of one class drawn together, of different classes apart.

The loss over all pairs of a batch is Khosla et al. 2020 (supervised contrastive learning, L_out); to spend it on the encoder's
sentence vectors before any head learns is Tunstall et al. 2022 (SetFit).
"""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from classifier.batches import Row, collate, row
from classifier.data import Example
from classifier.heads import default_heads
from classifier.network import CityBert
from classifier.settings import BASES
from classifier.tokens import TokenEncoder
from core.bert.base import load_encoder, load_tokenizer, write_base
from core.bert.loop import device, learn
from core.errors import BadInput
from core.types import Language

__all__ = ["contrast", "few", "supervised_contrast"]


def contrast(
    language: Language,
    base: str,
    examples: Sequence[Example],
    folder: Path,
    *,
    per_class: int = 64,
    steps: int = 200,
    batch_size: int = 16,
    learning_rate: float = 2e-5,
    temperature: float = 0.1,
    max_len: int = 128,
    freeze_words: bool = True,
    seed: int = 0,
    threads: int = 2,
    bfloat16: bool | None = None,
) -> tuple[float, ...]:
    """Tune the encoder's sentence vectors on few examples a class; write it to a folder that finetune takes as base.

    Returns the mean loss of each tenth of the steps. Each batch holds its classes evenly, so that every text meets one of its
    own. Raises BadInput where fewer than two classes have two examples, or a batch cannot hold two of each class.
    bfloat16: default, where the processor computes in it.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer, heads = load_tokenizer(base), default_heads()
    encoder = TokenEncoder(tokenizer, max_len)
    classes: dict[str, list[Row]] = defaultdict(list)
    for one in few(examples, per_class, seed=seed):
        classes[one.label].append(row(one, encoder, heads))
    pools = [rows for _, rows in sorted(classes.items()) if len(rows) > 1]
    if len(pools) <= 1 or batch_size < 2 * len(pools) or steps < 1:
        found = f"{steps} steps of {batch_size} texts, {len(pools)} classes with two examples"
        raise BadInput(
            "contrast", found, "at least two classes with two examples, a batch of twice their number, a step"
        )
    network = CityBert(load_encoder(base), BASES[language][1], heads)
    if freeze_words:
        network.encoder.embeddings.requires_grad_(requires_grad=False)

    def loss(rows: list[Row]) -> Tensor:
        batch = collate(rows, encoder.pad, device())
        return supervised_contrast(network(batch.ids, batch.mask).vector, batch.one["top"], temperature)

    generator = random.Random(seed)
    parts = [steps * (part + 1) // 10 - steps * part // 10 for part in range(10)]
    passes = [_batches(pools, batch_size, count, generator) for count in parts if count]
    weights = [one for one in network.encoder.parameters() if one.requires_grad]
    history = learn(network, passes, loss, [{"params": weights, "lr": learning_rate}], steps=steps, bfloat16=bfloat16)
    write_base(network.encoder, tokenizer, folder)
    return history


def few(examples: Sequence[Example], per_class: int, *, seed: int = 0) -> list[Example]:
    """At most so many examples of each class, of as many families as there are; the same for the same seed."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    ranked: dict[str, list[tuple[int, int, Example]]] = defaultdict(list)
    for place, one in enumerate(random.Random(seed).sample(examples, len(examples))):
        counts[one.label, one.family] += 1
        ranked[one.label].append((counts[one.label, one.family], place, one))
    chosen = (sorted(rows, key=lambda one: one[:2])[:per_class] for _, rows in sorted(ranked.items()))
    return [one for rows in chosen for _, _, one in rows]


def supervised_contrast(vectors: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Khosla et al. 2020, eq. 2: vectors (n, hidden), labels (n,); texts without another of their class are left out."""
    self_pairs = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    with torch.autocast(vectors.device.type, enabled=False):  # divided by the temperature, bfloat16's steps would show
        unit = functional.normalize(vectors.float(), dim=-1)
        similar = (unit @ unit.T / temperature).masked_fill(self_pairs, -1e9)
    chances = similar.log_softmax(-1)
    positive = (labels[:, None] == labels[None, :]) & ~self_pairs
    known = positive.any(-1)
    return -((chances * positive).sum(-1)[known] / positive.sum(-1)[known]).mean()


def _batches(pools: Sequence[list[Row]], size: int, count: int, generator: random.Random) -> Iterator[list[Row]]:
    for _ in range(count):
        share = size // len(pools)
        yield [one for rows in pools for one in generator.sample(rows, min(share, len(rows)))]
