"""Making a tagger: a few marked messages and a BERT small enough to learn them in seconds."""

import json

import pytest

from core.types import MentionKind

pytest.importorskip("torch", reason="the extra [train] is not installed")

from core.bert.model_folder import MODEL_FILE
from extraction.tagging.corpus import load_marked
from extraction.tagging.tagger import OnnxTagger
from extraction.tagging.train import TaggerSettings, judge, tag, train_network, train_tagger

pytest_plugins = ["tiny_bert"]
STREETS = ("Elm", "Oak", "Birch", "Cedar", "Maple", "Walnut", "Willow", "Spruce")
SMALL = TaggerSettings(
    epochs=60, batch_size=8, learning_rate=3e-3, head_rate=3e-3, window=32, swapped=0.0, freeze_words=False
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Two dozen texts on eight streets, every street a family."""
    folder = tmp_path_factory.mktemp("marked")
    lines = []
    for street in STREETS:
        for before, after in (("trash on ", " again"), ("loud bar at ", ""), ("a tree fell over ", " today")):
            text = f"{before}{street} street{after}"
            mentions = [[len(before), len(before) + len(street) + 7, "road", "where"]]
            if before.startswith("loud"):
                mentions.insert(0, [5, 8, "organization", "cause"])
            lines.append(json.dumps({"text": text, "family": street, "mentions": mentions}))
    (folder / "en_tiny.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_network_learns_spans_and_roles(base, marked):
    texts = load_marked("en", marked)
    trained = train_network("en", texts, base, settings=SMALL)
    counted = judge(trained, texts)
    assert counted["all"].f1 > 0.9
    assert counted["role where"].recall > 0.9
    assert trained.history[-1] < trained.history[0] / 4


def test_the_same_seed_makes_the_same_network(base, marked):
    settings, texts = TaggerSettings(epochs=2, window=32, threads=1), load_marked("en", marked)
    first, second = (train_network("en", texts, base, settings=settings) for _ in range(2))
    assert first.history == second.history


def test_a_long_text_is_read_window_by_window(base, marked):
    trained = train_network("en", load_marked("en", marked), base, settings=SMALL)
    text = "trash on Elm street again. " + "nothing else to say here today " * 12 + "loud bar at Oak street"
    found = [mention.text for mention in tag(trained, text) if mention.kind is MentionKind.ROAD]
    assert {"Elm street", "Oak street"} <= set(found)


def test_a_folder_is_made_that_serves_as_the_network_does(base, marked, tmp_path):
    made = train_tagger("en", base, version="test", models_dir=tmp_path, corpus=marked, settings=SMALL)
    assert made.model.endswith("@test")
    assert made.corpus["rows"] == 3 * len(STREETS)
    assert made.held_out["texts"] > 0
    assert (tmp_path / "en" / MODEL_FILE).stat().st_size < 2**20
    found = OnnxTagger(tmp_path).tag(["loud bar at Birch street"], ["en"])[0].mentions
    assert [(m.text, m.kind) for m in found] == [
        ("bar", MentionKind.ORGANIZATION),
        ("Birch street", MentionKind.ROAD),
    ]
