"""From marked messages to a tagger's folder that serves: fine-tune, judge on held-out families, export."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedFunctionDecorator=false

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
from rich.progress import Progress
from torch import Tensor, nn

from core.bert.base import load_encoder, load_tokenizer
from core.bert.bases import HUB_IDS, provenance
from core.bert.batches import random_batches
from core.bert.loop import device, learn
from core.bert.optimiser import parameter_groups
from core.types import Language, Mention
from extraction.tagging.corpus import Marked, load_marked, marked_digest, split_by_family
from extraction.tagging.export import export_onnx
from extraction.tagging.labels import ROLES, SCHEMA_VERSION, TAGS, tag_of
from extraction.tagging.manifest import TaggerManifest, packaged_taggers
from extraction.tagging.network import TagBert
from extraction.tagging.scores import Score, scores
from extraction.tagging.swap import Swap
from extraction.tagging.tagger import OnnxTagger, joined, tagged
from extraction.tagging.windows import Windows

__all__ = ["TaggerSettings", "Trained", "judge", "tag", "train_network", "train_tagger"]

NAMES: Final[dict[Language, str]] = {"zh": "tagger-zh-bge-small", "en": "tagger-en-minilm"}
_ABSENT: Final = -100  # of a label at [CLS], [SEP] and padding; cross_entropy leaves it out
_SERVED: Final = 256  # tokens that the served model reads at once: few messages are longer


@dataclass(frozen=True, slots=True)
class TaggerSettings:
    """How to train. Rates are AdamW's; layer_decay multiplies the rate for each layer further from the head.

    window: tokens read at once. swapped: share of the texts whose names are exchanged, anew each epoch.
    role_weight: of the roles' loss beside the tags' 1. freeze_words: leave the word embeddings as pre-trained.
    """

    epochs: int = 7
    batch_size: int = 16
    learning_rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.95
    weight_decay: float = 0.01
    dropout: float = 0.1
    window: int = 128
    swapped: float = 0.6
    role_weight: float = 0.5
    freeze_words: bool = True
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained network with its windows. history: mean loss an epoch."""

    network: TagBert
    windows: Windows
    history: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    ids: list[int]
    tags: list[int]
    roles: list[int]


def train_tagger(
    language: Language,
    base: str | None = None,
    *,
    version: str,
    models_dir: Path | None = None,
    corpus: Path | None = None,
    settings: TaggerSettings | None = None,
    progress: Progress | None = None,
) -> TaggerManifest:
    """Make the language's tagger in models_dir (default: the packaged one) and return its manifest.

    The network that is judged on the held-out families is the one that is exported. base: folder or hub id.
    """
    settings = settings or TaggerSettings()
    texts = load_marked(language, corpus)
    learnt, held = split_by_family(texts, seed=settings.seed)
    trained = train_network(language, learnt, base, settings=settings, progress=progress)
    figures = judge(trained, held)
    folder = (models_dir or packaged_taggers()) / language
    files = export_onnx(trained.network, trained.windows, folder)
    name, licence = provenance(language, base)
    manifest = TaggerManifest(
        name=NAMES[language],
        version=version,
        language=language,
        schema=SCHEMA_VERSION,
        tags=TAGS,
        roles=ROLES,
        window=_SERVED,
        files=files,
        base=name,
        licence=licence,
        corpus={"sha256": marked_digest(language, corpus), "rows": len(texts)},
        held_out={f"f1_{kind}": round(score.f1, 4) for kind, score in figures.items()} | {"texts": len(held)},
        training=asdict(settings),
    )
    manifest.write(folder)
    return OnnxTagger(folder.parent).manifest(language)


def train_network(
    language: Language,
    texts: Sequence[Marked],
    base: str | None = None,
    *,
    settings: TaggerSettings,
    progress: Progress | None = None,
) -> Trained:
    """Train on these texts. Uses a CUDA device where there is one, else settings.threads CPU threads."""
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    base = base or HUB_IDS[language]
    windows = Windows(load_tokenizer(base), settings.window)
    network = TagBert(load_encoder(base), dropout=settings.dropout)
    if settings.freeze_words:
        network.encoder.embeddings.requires_grad_(requires_grad=False)
    swap = Swap(texts, language)
    steps = settings.epochs * -(-sum(len(_rows(one, windows)) for one in texts) // settings.batch_size)
    task = progress.add_task(f"tagger {language}", total=steps) if progress else None

    def batches(epoch: int) -> Iterator[list[_Row]]:
        generator = random.Random(settings.seed * 1000 + epoch)
        rows = [row for one in texts for row in _rows(swap(one, settings.swapped, generator), windows)]
        for batch in random_batches(rows, settings.batch_size, generator):
            yield batch
            if progress and task is not None:
                progress.advance(task)

    history = learn(
        network,
        [batches(epoch) for epoch in range(settings.epochs)],
        partial(_loss, network, windows.pad, settings.role_weight),
        parameter_groups(network, settings),
        steps=steps,
    )
    return Trained(network, windows, history)


@torch.inference_mode()
def tag(trained: Trained, text: str) -> tuple[Mention, ...]:
    """The mentions of a text, as the network in float32 sees them."""
    windows, characters = trained.windows.encode(text)
    if not characters:
        return ()
    said: list[Any] = []
    for window in windows:
        ids = torch.tensor([window.ids])
        tags, roles = trained.network(ids, torch.ones_like(ids))
        said.append((tags[0].double().numpy(), roles[0].double().numpy()))
    return tagged(text, characters, *joined(windows, len(characters), said), "float32").mentions


def judge(trained: Trained, texts: Sequence[Marked]) -> dict[str, Score]:
    """Scores by kind of exact spans and of all together, and by role ("role cause": spans with that role), on marked texts."""
    kinds: list[Any] = []
    roles: list[Any] = []
    for one in texts:
        found = tag(trained, one.text)
        kinds.append(tuple([(m.kind.value, (m.start, m.end)) for m in marks] for marks in (found, one.marks)))
        roles.append(
            tuple(
                [(f"role {m.role}", one.text[m.start : m.end]) for m in marks if m.role] for marks in (found, one.marks)
            )
        )
    return {**scores(roles), **scores(kinds)}


def _rows(text: Marked, windows: Windows) -> list[_Row]:
    """A marked text as rows of numbers, one a window."""
    parts, characters = windows.encode(text.text)
    tags, roles = [0] * len(characters), [0] * len(characters)
    marks = iter(text.marks)
    mark = next(marks, None)
    begun = False
    for at, (start, end) in enumerate(characters):
        while mark and mark.end <= start:
            mark, begun = next(marks, None), False
        if mark and start >= mark.start and end <= mark.end:
            tags[at] = tag_of(mark.kind, first=not begun)
            roles[at] = ROLES.index(mark.role)
            begun = True
    edge = [_ABSENT]
    return [
        _Row(
            part.ids,
            edge + tags[part.first : part.first + len(part.ids) - 2] + edge,
            edge + roles[part.first : part.first + len(part.ids) - 2] + edge,
        )
        for part in parts
    ]


def _loss(network: TagBert, pad: int, role_weight: float, rows: list[_Row]) -> Tensor:
    """Cross-entropy of the tags of all tokens, and of the roles of those within a mention."""
    width = max(len(row.ids) for row in rows)

    def padded(values: Iterator[list[int]], filler: int) -> Tensor:
        return torch.tensor([one + [filler] * (width - len(one)) for one in values], device=device())

    said = network(padded((row.ids for row in rows), pad), padded(([1] * len(row.ids) for row in rows), 0))
    tags = padded((row.tags for row in rows), _ABSENT)
    roles = padded((row.roles for row in rows), _ABSENT).masked_fill(tags <= 0, _ABSENT)
    loss = nn.functional.cross_entropy(said.tags.flatten(0, 1), tags.flatten(), ignore_index=_ABSENT)
    if bool((roles != _ABSENT).any()):
        told = nn.functional.cross_entropy(said.roles.flatten(0, 1), roles.flatten(), ignore_index=_ABSENT)
        loss = loss + role_weight * told
    return loss
