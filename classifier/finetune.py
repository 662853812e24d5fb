"""Fine-tuning BERT on the corpus: AdamW, layer-wise rates, warm-up and decay, class weights, early stopping by macro-F1."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedFunctionDecorator=false

import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import Progress
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from classifier.data import Example, Split
from classifier.metrics import macro_f1
from classifier.network import Pooling, SentenceClassifier, load_encoder
from classifier.noise import make_noise
from classifier.tokens import TokenEncoder
from core.observe import get_logger
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["BASES", "FineTuned", "Settings", "finetune", "predict_logits"]

BASES: Final[dict[Language, tuple[str, Pooling]]] = {
    "zh": ("BAAI/bge-small-zh-v1.5", "cls"),
    "en": ("sentence-transformers/all-MiniLM-L6-v2", "mean"),
}
_NO_LABEL: Final = -1  # of a text without sense
_CHUNK: Final = 16  # batches sorted by length together: little padding, still random
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. Rates are AdamW's; layer_decay multiplies the rate for each layer further from the head.

    max_len: tokens; longer texts keep both ends. freeze_words: leave the word embeddings as pre-trained, so that words which the
    corpus lacks stay near those it has. patience: epochs without a better dev macro-F1 before stopping.
    class_balance: power of the inverse class frequency: 0 leaves classes as frequent as they are, 1 makes them count alike.
    other_prior: added to the logit of "other" before export. The authored classes are about equally frequent, in a city's mail
    "other" is more than half: the log ratio of the odds moves the prior (Saerens, Latinne & Decaestecker 2002).
    consistency: weight of R-Drop's symmetric KL (Wu et al. 2021), 0 to leave it out; it doubles the cost of a step.
    noise: texts without sense beside the corpus, as a share of it, from which the network learns to doubt (outlier exposure;
    Hendrycks, Mazeika & Dietterich 2019). doubt: weight of that lesson.
    """

    epochs: int = 4
    patience: int = 2
    batch_size: int = 16
    learning_rate: float = 8e-5
    head_rate: float = 1e-3
    layer_decay: float = 0.95
    weight_decay: float = 0.01
    warmup: float = 0.1
    class_balance: float = 0.5
    clip: float = 1.0
    dropout: float = 0.1
    label_smoothing: float = 0.05
    consistency: float = 0.0
    other_prior: float = 0.0
    noise: float = 0.06
    doubt: float = 0.5
    max_len: int = 128
    freeze_words: bool = True
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, slots=True)
class FineTuned:
    """A trained network with its tokenizer. dev_logits (n, classes) of the best epoch's network; history: one row an epoch."""

    network: SentenceClassifier
    encoder: TokenEncoder
    pooling: Pooling
    dev_logits: npt.NDArray[np.float64]
    dev_labels: npt.NDArray[np.int64]
    history: tuple[dict[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    ids: list[int]
    label: int


def finetune(
    language: Language,
    base: str | None = None,
    *,
    split: Split,
    settings: Settings | None = None,
    keep_best: bool = True,
    progress: Progress | None = None,
) -> FineTuned:
    """Train on split.train, judging each epoch on split.dev, whose families it has not seen.

    base: a folder or hub id of a BERT; default, the language's base model. Uses a CUDA device where there is one, else
    settings.threads CPU threads; computes in bfloat16 where the processor can, weights stay float32. keep_best: return the
    epoch with the best dev macro-F1, stopping early; else the last.
    """
    settings = settings or Settings()
    name, pooling = BASES[language]
    base = base or name
    _seed(settings)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    encoder = TokenEncoder(_tokenizer(base), settings.max_len)
    network = SentenceClassifier(load_encoder(base), pooling, len(TOP_CLASSES), dropout=settings.dropout).to(device)
    if settings.freeze_words:
        network.encoder.embeddings.requires_grad_(requires_grad=False)
    train, dev = _rows(split.train, encoder), _rows(split.dev, encoder)
    train += _noise_rows(language, round(settings.noise * len(train)), encoder, settings.seed)
    steps = settings.epochs * -(-len(train) // settings.batch_size)
    optimiser = torch.optim.AdamW(_groups(network, settings))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, partial(_rate, steps=steps, warmup=settings.warmup))
    loss = _Loss(_class_weights(train, settings.class_balance).to(device), settings)
    task = progress.add_task(f"{language}", total=steps) if progress else None
    best: tuple[float, Any, npt.NDArray[np.float64]] | None = None
    history: list[dict[str, float]] = []
    stale = 0
    for epoch in range(settings.epochs):
        network.train()
        total = 0.0
        for batch in _batches(train, settings.batch_size, random.Random(settings.seed * 1000 + epoch)):
            value = loss(network, batch, encoder.pad, device)
            optimiser.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
            optimiser.step()
            schedule.step()
            total += float(value.detach()) * len(batch)
            if progress and task is not None:
                progress.advance(task)
        logits = predict_logits(network, encoder, [example.text for example in split.dev])
        score = macro_f1(_labels(dev), logits.argmax(axis=1), len(TOP_CLASSES))
        history.append({"epoch": epoch + 1, "loss": total / len(train), "dev_macro_f1": score})
        _log.info("epoch", language=language, **history[-1])
        stale = stale + 1 if best and score <= best[0] else 0
        if not best or not keep_best or score > best[0]:
            best = (score, copy.deepcopy(network.state_dict()), logits)
        if keep_best and stale >= settings.patience:
            break
    if best is None:
        msg = "epochs must be at least 1"
        raise ValueError(msg)
    network.load_state_dict(best[1])
    network.eval().to("cpu")
    return FineTuned(network, encoder, pooling, best[2], _labels(dev), tuple(history))


@torch.inference_mode()
def predict_logits(
    network: SentenceClassifier, encoder: TokenEncoder, texts: Sequence[str], *, batch_size: int = 32
) -> npt.NDArray[np.float64]:
    """Logits (n, classes) of texts, in their order, in float32 on the network's device."""
    network.eval()
    device = next(network.parameters()).device
    rows = [_Row(encoder.encode(text), 0) for text in texts]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index].ids))
    answer = np.zeros((len(rows), len(TOP_CLASSES)))
    for start in range(0, len(order), batch_size):
        indexes = order[start : start + batch_size]
        ids, mask, _ = _collate([rows[index] for index in indexes], encoder.pad, device)
        answer[indexes] = network(ids, mask).float().cpu().numpy()
    return answer


class _Loss:
    """Weighted cross-entropy, plus R-Drop's consistency of two dropout passes where asked for."""

    def __init__(self, weights: Tensor, settings: Settings) -> None:
        self.weights = weights
        self.smoothing = settings.label_smoothing
        self.doubt = settings.doubt
        self.consistency = settings.consistency

    def __call__(self, network: SentenceClassifier, batch: list[_Row], pad: int, device: torch.device) -> Tensor:
        ids, mask, labels = _collate(batch, pad, device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=_has_bfloat16(device)):
            first = network(ids, mask).float()
            if not self.consistency:
                return self._entropy(first, labels)
            second = network(ids, mask).float()
        one, two = first.log_softmax(-1), second.log_softmax(-1)
        apart = functional.kl_div(one, two, log_target=True, reduction="batchmean")
        apart = apart + functional.kl_div(two, one, log_target=True, reduction="batchmean")
        return (self._entropy(first, labels) + self._entropy(second, labels)) / 2 + self.consistency * apart / 4

    def _entropy(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Cross-entropy against the labels, and against an even guess where there is none; rows of either kind may be absent."""
        said, noise = logits[labels != _NO_LABEL], logits[labels == _NO_LABEL]
        total = -self.doubt * noise.log_softmax(-1).mean() if len(noise) else logits.new_zeros(())
        if len(said):
            known = labels[labels != _NO_LABEL]
            total = total + functional.cross_entropy(said, known, weight=self.weights, label_smoothing=self.smoothing)
        return total


@cache
def _has_bfloat16(device: torch.device) -> bool:
    """Whether the processor has instructions for bfloat16: 1.5 times as fast on a CPU with AVX-512 BF16, slower without."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - torch has no public name for it


def _tokenizer(base: str) -> Tokenizer:
    path = Path(base) / "tokenizer.json"
    return Tokenizer.from_file(str(path)) if path.is_file() else Tokenizer.from_pretrained(base)


def _seed(settings: Settings) -> None:
    random.seed(settings.seed)
    np.random.seed(settings.seed)  # noqa: NPY002 - libraries below read the global state
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)


def _rows(examples: Sequence[Example], encoder: TokenEncoder) -> list[_Row]:
    return [_Row(encoder.encode(example.text), TOP_CLASSES.index(example.label)) for example in examples]


def _noise_rows(language: Language, count: int, encoder: TokenEncoder, seed: int) -> list[_Row]:
    return [_Row(encoder.encode(text), _NO_LABEL) for text in make_noise(language, count, seed=seed)]


def _labels(rows: Sequence[_Row]) -> npt.NDArray[np.int64]:
    return np.array([row.label for row in rows], dtype=np.int64)


def _class_weights(rows: Sequence[_Row], balance: float) -> Tensor:
    """Inverse frequency, to the power of balance, of each class that occurs."""
    labels = _labels(rows)
    counts = np.bincount(labels[labels != _NO_LABEL], minlength=len(TOP_CLASSES))
    weights = np.where(counts > 0, counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1)), 1.0)
    return torch.tensor(weights**balance, dtype=torch.float32)


def _batches(rows: Sequence[_Row], size: int, generator: random.Random) -> Iterator[list[_Row]]:
    """Random batches of rows of similar length."""
    shuffled = list(rows)
    generator.shuffle(shuffled)
    batches: list[list[_Row]] = []
    for start in range(0, len(shuffled), size * _CHUNK):
        chunk = sorted(shuffled[start : start + size * _CHUNK], key=lambda row: len(row.ids))
        batches.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
    generator.shuffle(batches)
    yield from batches


def _collate(rows: Sequence[_Row], pad: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    width = max(len(row.ids) for row in rows)
    ids = torch.tensor([row.ids + [pad] * (width - len(row.ids)) for row in rows], device=device)
    mask = torch.tensor([[1] * len(row.ids) + [0] * (width - len(row.ids)) for row in rows], device=device)
    return ids, mask, torch.tensor([row.label for row in rows], device=device)


def _groups(network: SentenceClassifier, settings: Settings) -> list[dict[str, Any]]:
    """Parameters by learning rate: the head fastest, each layer below slower; no decay on biases and norms."""
    layers = int(network.encoder.config.num_hidden_layers)
    groups: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("head."):
            rate = settings.head_rate
        else:
            depth = int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0
            rate = settings.learning_rate * settings.layer_decay ** (layers - depth)
        decay = settings.weight_decay if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def _rate(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up over the first share of steps, then linear decay to zero."""
    rising = max(1, round(steps * warmup))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))
