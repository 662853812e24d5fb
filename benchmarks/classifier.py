"""Classifier: texts a second on one core, time of one text, memory. Run: python -m benchmarks.classifier"""

import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from classifier.data import load_corpus
from classifier.evaluate import load_gold
from classifier.manifest import packaged_models
from classifier.predict import OnnxClassifier
from core.bert.model_folder import TOKENIZER_FILE
from core.types import Language

_SHARED = Path(__file__).parents[2] / "shared" / "data"
_TEXTS = 300


def main() -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    classifier = OnnxClassifier()
    table = Table(
        title=f"classifier, int8, one core of {os.cpu_count()} ({platform.processor() or platform.machine()})"
    )
    for column in ("language", "texts", "tokens (median)", "texts/s", "p50 ms", "p95 ms"):
        table.add_column(column, justify="right")
    for language in get_args(Language):
        tokenizer = Tokenizer.from_file(str(packaged_models() / language / TOKENIZER_FILE))
        for name, texts in _sets(language, tokenizer):
            classifier.classify(texts[:5], [language] * 5)
            times = []
            for text in texts:
                start = time.perf_counter()
                classifier.classify([text], [language])
                times.append(time.perf_counter() - start)
            milliseconds = np.array(times) * 1000
            tokens = int(np.median([len(classifier.tokens(text, language).ids) for text in texts]))
            low, high = np.percentile(milliseconds, [50, 95])
            table.add_row(
                language,
                f"{len(texts)} {name}",
                f"{tokens}",
                f"{len(texts) / sum(times):.0f}",
                f"{low:.1f}",
                f"{high:.1f}",
            )
    console = Console()
    console.print(table)
    console.print(f"memory of both models and their runtime: {(process.memory_info().rss - before) / 2**20:.0f} MB")


def _sets(language: Language, tokenizer: Tokenizer) -> Iterator[tuple[str, list[str]]]:
    """Texts of exactly 32 tokens cut from the corpus, and real messages where they are present."""
    joined = " ".join(example.text for example in load_corpus(language)[:: 3 if language == "zh" else 2])
    ids = tokenizer.encode(joined, add_special_tokens=False).ids
    pieces = [tokenizer.decode(ids[at : at + 30]) for at in range(0, len(ids) - 30, 30)]
    yield "at 32 tokens", pieces[:_TEXTS]
    gold = _SHARED / f"gold_dev_{language}.jsonl"
    if gold.is_file():
        yield "real messages", [row.text for row in load_gold(gold)]


if __name__ == "__main__":
    main()
