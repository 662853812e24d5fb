"""How to train: every choice of fine-tuning; `train.py` has the values with which each language's model was made."""

from dataclasses import dataclass
from typing import Final, Literal

from core.bert.bases import HUB_IDS
from core.types import Language

__all__ = ["BASES", "Pooling", "Settings"]

Pooling = Literal["cls", "mean"]

BASES: Final[dict[Language, tuple[str, Pooling]]] = {
    "zh": (HUB_IDS["zh"], "cls"),
    "en": (HUB_IDS["en"], "mean"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. Rates are AdamW's; layer_decay multiplies the rate for each layer further from the head.

    max_len: tokens; longer texts keep both ends. freeze_words: leave the word embeddings as pre-trained, so that words which the
    corpus lacks stay near those it has. patience: epochs without a better dev macro-F1 before stopping.
    accumulate: batches to a step. precision: "auto" is bf16 where the device computes in it. save_every: steps between checkpoints.
    class_balance: power of the inverse class frequency: 0 leaves classes as frequent as they are, 1 makes them count alike.
    focal: focusing parameter of the focal loss (Lin et al. 2017), 0 for plain cross-entropy.
    code_weight, mark_weight, tag_weight: weights of the losses of the sub-code, of each mark (urgency, sentiment, intent, troubles)
    and of the evidence tags, beside the top class's 1.
    other_prior: added to the logit of "other" before export. The authored classes are about equally frequent, in a city's mail
    "other" is more than half: the log ratio of the odds moves the prior (Saerens, Latinne & Decaestecker 2002).
    consistency: weight of R-Drop's symmetric KL (Wu et al. 2021), 0 to leave it out; it doubles the cost of a step.
    noise: texts without sense beside the corpus, as a share of it, from which, as from the texts that are no messages to a city,
    the network learns to doubt (outlier exposure; Hendrycks, Mazeika & Dietterich 2019). doubt: weight of that lesson.
    disturbed: share of the texts that an epoch sees with chatter around them, slips of the hand and the like (disturbance.py).
    adapter: train all weights, or few beside them: LoRA (Hu et al. 2022), AdaLoRA (Zhang et al. 2023), (IA)³ (Liu et al. 2022).
    adversary: FGM (Miyato, Dai & Goodfellow 2017) or FreeLB (Zhu et al. 2020), nudging word embeddings by epsilon
    a text (a word of these bases is about 1 long).
    """

    epochs: int = 4
    patience: int = 2
    batch_size: int = 16
    accumulate: int = 1
    learning_rate: float = 8e-5
    head_rate: float = 1e-3
    layer_decay: float = 0.95
    weight_decay: float = 0.01
    warmup: float = 0.1
    class_balance: float = 0.5
    clip: float = 1.0
    dropout: float = 0.1
    label_smoothing: float = 0.05
    focal: float = 0.0
    code_weight: float = 1.0
    mark_weight: float = 0.4
    tag_weight: float = 0.6
    consistency: float = 0.0
    other_prior: float = 0.0
    noise: float = 0.06
    doubt: float = 0.5
    disturbed: float = 0.35
    adapter: Literal["none", "lora", "adalora", "ia3"] = "none"
    adversary: Literal["none", "fgm", "freelb"] = "none"
    epsilon: float = 0.1
    max_len: int = 128
    freeze_words: bool = True
    checkpointing: bool = False
    precision: Literal["auto", "no", "fp16", "bf16"] = "auto"
    save_every: int = 100
    seed: int = 0
    threads: int = 2
