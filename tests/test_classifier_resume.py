"""A training run that is killed goes on where it stood, and ends as if nobody had killed it."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="fine-tuning is the extra [train]: pip install -e '.[train]'")

import torch

from classifier.data import load_corpus, split_by_family
from classifier.finetune import finetune
from classifier.settings import Settings

pytest_plugins = ["tiny_bert"]
ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Settings(epochs=1, batch_size=8, max_len=24, threads=1)
LONG = replace(SETTINGS, epochs=6, patience=6, save_every=1, precision="no")
PROGRAM = """
import json, sys
from pathlib import Path
from classifier.data import load_corpus, split_by_family
from classifier.finetune import finetune
from classifier.settings import Settings
base, corpus, work, settings = sys.argv[1:]
split = split_by_family(load_corpus("en", Path(corpus)))
finetune("en", base, split=split, settings=Settings(**json.loads(settings)), work=Path(work))
"""


def weights_differ(one, other):
    pairs = zip(one.network.state_dict().values(), other.network.state_dict().values(), strict=True)
    return [place for place, (a, b) in enumerate(pairs) if not torch.equal(a, b)]


@pytest.fixture
def split(corpus):
    return split_by_family(load_corpus("en", corpus))


def test_a_run_killed_with_signal_9_ends_like_one_that_was_not(base, corpus, split, tmp_path):
    whole = finetune("en", base, split=split, settings=LONG)
    arguments = [base, str(corpus), str(tmp_path), json.dumps(asdict(LONG))]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, stderr=subprocess.DEVNULL)
    stored = tmp_path / "checkpoint" / "now" / "run.txt"
    while process.poll() is None and not stored.is_file():
        time.sleep(0.01)
    time.sleep(0.3)
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    resumed = finetune("en", base, split=split, settings=LONG, work=tmp_path)
    assert resumed.history == whole.history
    assert weights_differ(resumed, whole) == []


def test_a_run_that_is_done_is_not_done_again(base, split, tmp_path, monkeypatch):
    first = finetune("en", base, split=split, settings=LONG, work=tmp_path)
    monkeypatch.setattr("classifier.finetune.gradients", None)  # would fail if a batch were learnt
    again = finetune("en", base, split=split, settings=LONG, work=tmp_path)
    assert again.history == first.history
    assert weights_differ(again, first) == []


def test_the_checkpoint_of_another_run_is_left_alone(base, split, tmp_path):
    finetune("en", base, split=split, settings=LONG, work=tmp_path)
    other = replace(LONG, seed=1)
    assert finetune("en", base, split=split, settings=other, work=tmp_path).history == (
        finetune("en", base, split=split, settings=other).history
    )


def test_a_run_on_other_labels_does_not_go_on_from_the_wrong_ones(base, split, tmp_path):
    finetune("en", base, split=split, settings=LONG, work=tmp_path)
    mended = replace(split, train=(replace(split.train[0], urgency=3), *split.train[1:]))
    assert finetune("en", base, split=mended, settings=LONG, work=tmp_path).history == (
        finetune("en", base, split=mended, settings=LONG).history
    )


def test_a_checkpoint_cut_off_while_it_was_written_does_not_count(base, split, tmp_path):
    whole = finetune("en", base, split=split, settings=LONG, work=tmp_path)
    place = tmp_path / "checkpoint"
    (place / "now").rename(place / "new")
    (place / "new" / "run.txt").unlink()
    assert finetune("en", base, split=split, settings=LONG, work=tmp_path).history == whole.history


def test_figures_go_to_tensorboard(base, split, tmp_path):
    finetune("en", base, split=split, settings=SETTINGS, work=tmp_path, trackers=["tensorboard"])
    assert [path for path in tmp_path.rglob("events.out.tfevents*") if path.stat().st_size > 0]
