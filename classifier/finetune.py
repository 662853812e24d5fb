"""Fine-tuning BERT on the corpus: AdamW, layer-wise rates, warm-up and decay, early stopping by macro-F1, on Accelerate."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedFunctionDecorator=false

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import set_seed
from rich.progress import Progress
from torch import Tensor

from classifier.adapters import Adapter
from classifier.adversary import gradients
from classifier.batches import Row, class_weights, collate, outside_row, row
from classifier.data import Split
from classifier.disturbance import disturb
from classifier.heads import default_heads, head_slices
from classifier.loss import Loss
from classifier.metrics import macro_f1
from classifier.network import CityBert
from classifier.noise import make_noise
from classifier.settings import BASES, Pooling, Settings
from classifier.tokens import TokenEncoder
from core.bert.base import has_bfloat16, load_encoder, load_tokenizer
from core.bert.batches import random_batches
from core.bert.checkpoint import Checkpoint, Standing
from core.bert.optimiser import learning_rate, parameter_groups
from core.errors import BadInput
from core.observe import get_logger
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["FineTuned", "Numbers", "finetune", "predict"]

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a network says of texts: sentences (n, labels of all heads), tags (tokens, TAGS) of each, vectors (n, hidden)."""

    sentences: npt.NDArray[np.float64]
    tags: tuple[npt.NDArray[np.float64], ...]
    vectors: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FineTuned:
    """A trained network with its tokenizer. dev: what it says of the dev texts; history: one row an epoch."""

    network: CityBert
    encoder: TokenEncoder
    pooling: Pooling
    heads: Mapping[str, tuple[str, ...]]
    dev: Numbers
    history: tuple[dict[str, float], ...]

    def say(self, texts: Sequence[str]) -> Numbers:
        """What the network says of texts."""
        return predict(self.network, self.encoder, texts)

    def head(self, name: str, numbers: Numbers | None = None) -> npt.NDArray[np.float64]:
        """One head's numbers (n, labels), of the dev texts unless others are given."""
        return (numbers or self.dev).sentences[:, head_slices(self.heads)[name]]


def finetune(
    language: Language,
    base: str | None = None,
    *,
    split: Split,
    settings: Settings | None = None,
    keep_best: bool = True,
    teacher: Mapping[str, Sequence[float]] | None = None,
    work: Path | None = None,
    trackers: Sequence[str] = (),
    progress: Progress | None = None,
) -> FineTuned:
    """Train on split.train, judging each epoch on split.dev, whose families it has not seen.

    base: a folder or hub id of a BERT; default, the language's base model. Uses a CUDA device where there is one, else
    settings.threads CPU threads. keep_best: return the epoch with the best dev macro-F1, stopping early; else the last.
    teacher: text → probabilities of the top classes, to distil from. work: a folder for checkpoints and logs; a run that was killed
    resumes from there. trackers: of Accelerate's ("tensorboard", "wandb", "mlflow"), written below work.
    """
    settings = settings or Settings()
    name, pooling = BASES[language]
    training = _Training(language, base or name, pooling, split, settings, work, trackers, teacher, keep_best=keep_best)
    task = progress.add_task(language, total=training.steps * settings.epochs) if progress else None
    standing = training.standing
    while standing.epoch < settings.epochs and not (keep_best and standing.stale >= settings.patience):
        for _ in training.epoch():
            if progress and task is not None:
                progress.update(task, completed=standing.epoch * training.steps + standing.step)
        training.judge()
    if progress and task is not None:
        progress.update(task, completed=training.steps * settings.epochs)
    return training.result()


class _Training:
    """One run: the network, its optimiser, and how far it has come."""

    def __init__(
        self,
        language: Language,
        base: str,
        pooling: Pooling,
        split: Split,
        settings: Settings,
        work: Path | None,
        trackers: Sequence[str],
        teacher: Mapping[str, Sequence[float]] | None,
        *,
        keep_best: bool,
    ) -> None:
        if settings.epochs < 1 or not split.train:
            raise BadInput("training", f"{settings.epochs} epochs, {len(split.train)} texts", "at least one of each")
        torch.set_num_threads(settings.threads)
        self._language: Language = language
        self._dev, self._settings, self._keep_best = split.dev, settings, keep_best
        self._pooling: Pooling = pooling
        self._accelerator = _accelerator(settings, work, trackers)
        set_seed(settings.seed)
        self._heads = default_heads()
        self._encoder = TokenEncoder(load_tokenizer(base), settings.max_len)
        self._network = _network(base, pooling, self._heads, settings)
        self._split, self._teacher = split, teacher
        self._rows = self._read(0)
        self.steps = -(-len(self._rows) // (settings.batch_size * settings.accumulate))
        steps = settings.epochs * self.steps
        self._adapter = Adapter(self._network, settings, steps)
        optimiser = torch.optim.AdamW(parameter_groups(self._network, settings))
        rate = partial(learning_rate, steps=steps, warmup=settings.warmup)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
        self._wrapped, self._optimiser, self._schedule = self._accelerator.prepare(self._network, optimiser, schedule)
        weights = class_weights(self._rows, len(TOP_CLASSES), settings.class_balance)
        device = self._accelerator.device
        self._loss = Loss(self._heads, torch.tensor(weights, dtype=torch.float32, device=device), settings)
        self.standing = Standing()
        run = repr((language, base, settings, split, self._heads, teacher, keep_best))
        folder = None if work is None else work / "checkpoint"
        self._checkpoint = Checkpoint(folder, run, self._accelerator, self.standing)
        if self._checkpoint.restore():
            _log.info("resumed", language=language, epoch=self.standing.epoch + 1, step=self.standing.step)

    def epoch(self) -> Iterator[None]:
        """Learn from what is left of the epoch, accumulate batches a step; yields after each step."""
        standing, settings = self.standing, self._settings
        self._wrapped.train()
        order = random.Random(settings.seed * 1000 + standing.epoch)
        if settings.disturbed and standing.epoch:
            self._rows = self._read(standing.epoch)
        batches = list(random_batches(self._rows, settings.batch_size, order))
        for start in range(standing.step * settings.accumulate, len(batches), settings.accumulate):
            group = batches[start : start + settings.accumulate]
            learnt = sum(self._learn(rows, len(group)) for rows in group)
            self._accelerator.clip_grad_norm_(self._wrapped.parameters(), settings.clip)
            self._optimiser.step()
            self._schedule.step()
            number = standing.epoch * self.steps + standing.step
            self._adapter.step(number)
            self._optimiser.zero_grad()
            standing.total += learnt
            standing.step += 1
            self._accelerator.log({"loss": learnt / sum(len(rows) for rows in group)}, step=number)
            if standing.step % settings.save_every == 0:
                self._checkpoint.save()
            yield

    def _read(self, epoch: int) -> list[Row]:
        """What an epoch learns from: examples, some disturbed anew, texts without sense, and texts that are no messages."""
        settings, language, split = self._settings, self._language, self._split
        order = random.Random(settings.seed * 1000 + epoch)
        examples = disturb(split.train, language, settings.disturbed, order)
        soft = [None if self._teacher is None else self._teacher[one.text] for one in split.train]
        rows = [row(one, self._encoder, self._heads, said) for one, said in zip(examples, soft, strict=True)]
        noise = make_noise(language, round(settings.noise * len(rows)), seed=settings.seed)
        return rows + [outside_row(text, self._encoder, self._heads) for text in (*noise, *split.outside)]

    def _learn(self, rows: Sequence[Row], among: int) -> float:
        """Add a batch's gradients, one of several to a step, to the network's; returns its summed loss."""
        batch = collate(rows, self._encoder.pad, self._accelerator.device)

        def backward(loss: Tensor) -> None:
            self._accelerator.backward(loss / among)

        return gradients(self._wrapped, batch, self._loss, self._settings, backward) * len(rows)

    def judge(self) -> None:
        """Judge the network on the dev texts, remember it where it is the best (or the last wanted), and store the standing."""
        standing = self.standing
        guess = self._said(self._network).sentences[:, head_slices(self._heads)["top"]].argmax(axis=1)
        truth = np.array([TOP_CLASSES.index(one.label) for one in self._dev], dtype=np.int64)
        score = macro_f1(truth, guess, len(TOP_CLASSES))
        epoch = {"epoch": standing.epoch + 1, "loss": standing.total / len(self._rows), "dev_macro_f1": score}
        standing.history.append(epoch)
        self._accelerator.log(epoch, step=(standing.epoch + 1) * self.steps)
        _log.info("epoch", language=self._language, **epoch)
        better = score > standing.best_score
        standing.stale = 0 if better else standing.stale + 1
        if better or not self._keep_best:
            standing.best_score, standing.best_weights = score, copy.deepcopy(self._network.state_dict())
        standing.epoch, standing.step, standing.total = standing.epoch + 1, 0, 0.0
        self._checkpoint.save()

    def result(self) -> FineTuned:
        """The network remembered, on the CPU, in float32, adapters merged."""
        self._accelerator.end_training()
        self._network.load_state_dict(self.standing.best_weights)
        network = self._accelerator.unwrap_model(self._network, keep_fp32_wrapper=False)
        self._adapter.merge()
        network.eval().to("cpu")
        history = tuple(self.standing.history)
        return FineTuned(network, self._encoder, self._pooling, self._heads, self._said(network), history)

    def _said(self, network: CityBert) -> Numbers:
        return predict(network, self._encoder, [one.text for one in self._dev])


@torch.inference_mode()
def predict(network: CityBert, encoder: TokenEncoder, texts: Sequence[str], *, batch_size: int = 32) -> Numbers:
    """What the network says of texts, in their order, on its device."""
    network.eval()
    device = next(network.parameters()).device
    ids = [encoder.encode(text).ids for text in texts]
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    sentences = np.zeros((len(ids), network.head.out_features))
    vectors = np.zeros((len(ids), network.head.in_features))
    tags = [np.zeros((len(one), network.tagger.out_features)) for one in ids]
    for start in range(0, len(order), batch_size):
        indexes = order[start : start + batch_size]
        width = len(ids[indexes[-1]])
        padded = torch.tensor([ids[i] + [encoder.pad] * (width - len(ids[i])) for i in indexes], device=device)
        mask = torch.tensor([[1] * len(ids[i]) + [0] * (width - len(ids[i])) for i in indexes], device=device)
        said = network(padded, mask)
        sentences[indexes] = said.sentence.float().cpu().numpy()
        vectors[indexes] = said.vector.float().cpu().numpy()
        for place, index in enumerate(indexes):
            tags[index] = said.tags[place, : len(ids[index])].double().cpu().numpy()
    return Numbers(sentences, tuple(tags), vectors)


def _accelerator(settings: Settings, work: Path | None, trackers: Sequence[str]) -> Accelerator:
    AcceleratorState._reset_state(reset_partial_state=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - a second run may compute otherwise
    cuda = torch.cuda.is_available()
    precision = settings.precision
    if precision == "auto":
        precision = "bf16" if has_bfloat16(cuda=cuda) else "no"
    accelerator = Accelerator(
        mixed_precision=precision,
        cpu=not cuda,
        log_with=list(trackers) if work is not None and trackers else None,
        project_dir=None if work is None else str(work),
    )
    if work is not None and trackers:
        accelerator.init_trackers("citygraph", config=asdict(settings))
    return accelerator


def _network(base: str, pooling: Pooling, heads: Mapping[str, Sequence[str]], settings: Settings) -> CityBert:
    network = CityBert(load_encoder(base), pooling, heads, dropout=settings.dropout)
    positions = int(network.encoder.config.max_position_embeddings)
    if settings.max_len > positions:
        raise BadInput("max_len", settings.max_len, f"at most the {positions} positions that {base} has")
    if settings.freeze_words:
        network.encoder.embeddings.requires_grad_(requires_grad=False)
    if settings.checkpointing:
        newer = getattr(network.encoder, "activation_checkpointing_enable", None)  # its name from transformers 5 on
        (newer or network.encoder.gradient_checkpointing_enable)()
    return network
