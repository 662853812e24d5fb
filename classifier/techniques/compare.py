"""Ways to train, side by side: the same texts, seed and dev families, one row each."""

# Reads finetune and network, whose types rest on the extra [train].
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifier.adapters import Adapter
from classifier.data import Example, Split, fold_by_family
from classifier.evaluate import Labelled, held_out, load_gold
from classifier.finetune import FineTuned, finetune
from classifier.heads import default_heads
from classifier.metrics import macro_f1
from classifier.network import CityBert
from classifier.settings import BASES, Settings
from classifier.techniques.augment import Translator, Way, augment
from classifier.techniques.contrast import contrast
from classifier.techniques.distil import average, ensemble, teacher_of
from classifier.techniques.pretrain import pretrain
from classifier.techniques.pseudo import pseudo_label
from classifier.train import SETTINGS, Corpus
from core.bert.base import load_encoder
from core.errors import BadInput
from core.observe import get_logger
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["ROWS", "Compared", "compare", "markdown", "part_of"]

_log = get_logger(__name__)

_PARTS: Final = 20  # the families are divided into so many before a share of them is taken
_MEMBERS: Final = 3  # networks of an ensemble
_AUGMENTED: Final = 0.5  # new examples, as a share of the corpus
_RATES: Final = (1.0, 0.7, 1.4)  # of the networks whose weights are averaged, times the settings'


@dataclass(frozen=True, slots=True)
class Compared:
    """One row. trained: weights that training moved; seconds: of all training that the row needs; dev, gold: macro-F1.

    examples: texts learnt from with a label of their own, given or guessed.
    """

    row: str
    trained: int
    seconds: float
    examples: int
    dev: float
    gold: float | None = None


@dataclass(frozen=True, slots=True)
class _Model:
    """Networks that answer together, what making them cost, and the texts they learnt from."""

    networks: tuple[FineTuned, ...]
    trained: int
    seconds: float
    examples: int


@dataclass(slots=True)
class _Bench:
    """What all rows share, and the runs that several of them need."""

    language: Language
    base: str
    split: Split
    settings: Settings
    unlabelled: Sequence[str]
    translator: Translator | None
    folder: Path
    made: dict[Settings, _Model] = field(default_factory=dict[Settings, "_Model"])
    halved: _Model | None = None  # learnt from half the labels; two rows need it

    def tuned(self, **changes: Any) -> _Model:  # noqa: ANN401 - fields of Settings
        """The network of the settings with some changed; trained once."""
        settings = replace(self.settings, **changes)
        if settings not in self.made:
            self.made[settings] = self.anew(self.split, settings=settings)
        return self.made[settings]

    def anew(
        self,
        split: Split,
        *,
        base: str | None = None,
        settings: Settings | None = None,
        teacher: Mapping[str, Sequence[float]] | None = None,
        before: float = 0.0,
    ) -> _Model:
        """A network trained on other texts, from another base or by a teacher. before: seconds that these took."""
        settings, base = settings or self.settings, base or self.base
        began = time.monotonic()
        made = finetune(self.language, base, split=split, settings=settings, teacher=teacher)
        seconds = before + time.monotonic() - began
        return _Model((made,), _trained(base, made, settings), seconds, len(split.train))


def compare(
    language: Language,
    base: str | None,
    corpus: Corpus,
    *,
    rows: Sequence[str] | None = None,
    epochs: int | None = None,
    share: float = 1.0,
    gold: Path | None = None,
    settings: Settings | None = None,
    unlabelled: Sequence[str] = (),
    translator: Translator | None = None,
) -> list[Compared]:
    """Train each way, judge it on corpus.split.dev and, where given, on a gold file (see load_gold), in the order of rows.

    rows: of ROWS; default, all but the one that needs a translator. epochs, settings: default, the language's. share: of the
    train families and of the outside texts, to fit a budget; the dev families stay whole. unlabelled: further texts for the
    pre-training, which otherwise reads the train texts alone. Adapters learn at rates of their own, as their papers have them.
    The epoch is chosen on the dev families, so dev flatters every row alike; gold chooses nothing. Raises BadInput where a row
    is unknown.
    """
    wanted = list(rows) if rows is not None else [row for row in ROWS if row != "translate" or translator is not None]
    unknown = [row for row in wanted if row not in ROWS]
    if unknown:
        raise BadInput("rows", unknown, f"of {', '.join(ROWS)}")
    settings = settings or SETTINGS[language]
    settings = replace(settings, epochs=epochs or settings.epochs)
    tests = [held_out(corpus.split.dev), [] if gold is None else load_gold(gold)]
    table: list[Compared] = []
    with tempfile.TemporaryDirectory() as folder:
        split = part_of(corpus.split, share, seed=settings.seed)
        bench = _Bench(language, base or BASES[language][0], split, settings, unlabelled, translator, Path(folder))
        for row in wanted:
            model = ROWS[row](bench)
            dev = _score(model.networks, tests[0], 0.0)
            true = _score(model.networks, tests[1], settings.other_prior) if tests[1] else None
            table.append(Compared(row, model.trained, round(model.seconds, 1), model.examples, dev, true))
            _log.info("compared", language=language, row=row, seconds=table[-1].seconds, dev=dev, gold=true)
    return table


def markdown(table: Sequence[Compared]) -> str:
    """The rows as a Markdown table; a column for gold where there is any."""
    gold = any(one.gold is not None for one in table)
    head = ["", "trained weights", "seconds", "texts", "dev macro-F1", *(["gold macro-F1"] if gold else [])]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for one in table:
        last = [] if not gold else ["" if one.gold is None else f"{one.gold:.3f}"]
        lines.append([one.row, f"{one.trained:,}", f"{one.seconds:.0f}", f"{one.examples:,}", f"{one.dev:.3f}", *last])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def part_of(split: Split, share: float, *, seed: int = 0) -> Split:
    """The split with about a share of its train families, each label's evenly, and of its outside texts; dev stays whole.

    Raises BadInput where share is not in (0, 1].
    """
    if not 0 < share <= 1:
        raise BadInput("share", share, "above 0 and at most 1")
    if share == 1:
        return split
    parts = min(_PARTS, len({one.family for one in split.train}))
    folds = fold_by_family(split.train, parts, seed=seed)
    kept = max(1, round(share * parts))
    train = tuple(one for one, fold in zip(split.train, folds, strict=True) if fold < kept)
    return replace(split, train=train, outside=split.outside[: round(share * len(split.outside))])


def _score(networks: Sequence[FineTuned], rows: Sequence[Labelled], other_prior: float) -> float:
    """Macro-F1 of the networks' mean probabilities, "other" moved by its prior as in the network that serves."""
    scores = np.log(ensemble(networks, [row.text for row in rows]) + 1e-12)
    scores[:, TOP_CLASSES.index("other")] += other_prior
    truth = np.array([TOP_CLASSES.index(row.label) for row in rows], dtype=np.int64)
    return round(macro_f1(truth, scores.argmax(axis=1), len(TOP_CLASSES)), 4)


def _trained(base: str, made: FineTuned, settings: Settings) -> int:
    """Weights that the settings let move, counted on a fresh network, since adapters are merged by the end of training."""
    network = CityBert(load_encoder(base), made.pooling, default_heads())
    if settings.freeze_words:
        network.encoder.embeddings.requires_grad_(requires_grad=False)
    Adapter(network, settings, 100)
    return sum(one.numel() for one in network.parameters() if one.requires_grad)


def _augmented(*ways: Way) -> Callable[[_Bench], _Model]:
    def make(bench: _Bench) -> _Model:
        train = bench.split.train
        chosen = ways or ("delete", "swap", "synonyms", "names", *(("translate",) if bench.translator else ()))
        new = augment(train, bench.language, chosen, _AUGMENTED, bench.settings.seed, bench.translator)
        return bench.anew(replace(bench.split, train=(*train, *new)))

    return make


def _contrasted(bench: _Bench) -> _Model:
    began, settings, folder = time.monotonic(), bench.settings, bench.folder / "contrast"
    steps = max(1, min(200, len(bench.split.train) // settings.batch_size))
    contrast(
        bench.language, bench.base, bench.split.train, folder, steps=steps, batch_size=settings.batch_size,
        max_len=settings.max_len, freeze_words=settings.freeze_words, seed=settings.seed, threads=settings.threads,
    )  # fmt: skip
    return bench.anew(bench.split, base=str(folder), before=time.monotonic() - began)


def _pretrained(bench: _Bench) -> _Model:
    began, settings, folder = time.monotonic(), bench.settings, bench.folder / "pretrained"
    texts = [*(one.text for one in bench.split.train), *bench.unlabelled]
    pretrain(
        bench.base, texts, folder, batch_size=settings.batch_size, max_len=settings.max_len, seed=settings.seed,
        threads=settings.threads,
    )  # fmt: skip
    return bench.anew(bench.split, base=str(folder), before=time.monotonic() - began)


def _halves(bench: _Bench) -> tuple[Split, list[Example]]:
    """The split with half of the train families, and the examples of the others, whose labels are not to be read."""
    folds = fold_by_family(bench.split.train, 2, seed=bench.settings.seed)
    halves = [[one for one, fold in zip(bench.split.train, folds, strict=True) if fold == half] for half in (0, 1)]
    return replace(bench.split, train=tuple(halves[0])), halves[1]


def _half(bench: _Bench) -> _Model:
    if bench.halved is None:
        bench.halved = bench.anew(_halves(bench)[0])
    return bench.halved


def _pseudo(bench: _Bench) -> _Model:
    split, hidden = _halves(bench)
    first = _half(bench)
    guessed = pseudo_label(first.networks[0], [one.text for one in hidden])
    _log.info("pseudo-labels", given=guessed.given, taken=dict(guessed.taken))
    return bench.anew(replace(split, train=(*split.train, *guessed.examples)), before=first.seconds)


def _ensemble(bench: _Bench) -> _Model:
    members = [bench.tuned(seed=bench.settings.seed + number) for number in range(_MEMBERS)]
    return _joined(members, tuple(one.networks[0] for one in members))


def _distilled(bench: _Bench) -> _Model:
    together = _ensemble(bench)
    teacher = teacher_of(together.networks, [one.text for one in bench.split.train])
    return bench.anew(bench.split, teacher=teacher, before=together.seconds)


def _averaged(bench: _Bench) -> _Model:
    rates = [bench.settings.learning_rate * factor for factor in _RATES]
    members = [bench.tuned(learning_rate=rate) for rate in rates]
    return _joined(members, (average([one.networks[0] for one in members], bench.split.dev),))


def _joined(members: Sequence[_Model], networks: tuple[FineTuned, ...]) -> _Model:
    seconds = sum(one.seconds for one in members)
    return _Model(networks, sum(one.trained for one in members), seconds, members[0].examples)


ROWS: Final[Mapping[str, Callable[[_Bench], _Model]]] = {
    "full": lambda bench: bench.tuned(),
    "words not frozen": lambda bench: bench.tuned(freeze_words=False),
    "LoRA": lambda bench: bench.tuned(adapter="lora", learning_rate=5e-4),
    "AdaLoRA": lambda bench: bench.tuned(adapter="adalora", learning_rate=1e-3),
    "(IA)³": lambda bench: bench.tuned(adapter="ia3", learning_rate=3e-3),
    "FGM": lambda bench: bench.tuned(adversary="fgm"),
    "FreeLB": lambda bench: bench.tuned(adversary="freelb"),
    "R-Drop": lambda bench: bench.tuned(consistency=1.0),
    "focal": lambda bench: bench.tuned(focal=2.0),
    "delete": _augmented("delete"),
    "swap": _augmented("swap"),
    "synonyms": _augmented("synonyms"),
    "names": _augmented("names"),
    "translate": _augmented("translate"),
    "all ways": _augmented(),
    "contrastive start": _contrasted,
    "masked words first": _pretrained,
    "half the labels": _half,
    "half, pseudo-labels": _pseudo,
    "ensemble of 3": _ensemble,
    "its distillation": _distilled,
    "weight average of 3": _averaged,
}
