"""The corpus: what is read, what is thrown out, what is kept apart."""

import json
from collections import Counter, defaultdict

import pytest
from city_graph import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st

from classifier.data import (
    Example,
    corpus_digest,
    corpus_folder,
    fold_by_family,
    load_corpus,
    load_extra,
    load_outside,
    normalise,
    remove_duplicates,
    split_by_family,
)
from core.errors import BadInput, UnreadableFile
from core.language import detect_language
from core.taxonomy import TOP_CLASSES, load_taxonomy

LANGUAGES = ("zh", "en")


def example(text: str, label: str = "noise", family: str = "f") -> Example:
    return Example(text, label, f"{label}", family, "message")


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="0123456789*-() +@.abc电话１２３\n\t", max_size=60))
def test_normalising_numbers_and_addresses_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("ＡＢＣ　１２３，垃圾！", "ABC 123,垃圾!"),
        ("  a\t\nb  ", "a b"),
        ("电话13812345678请回电", "电话[phone]请回电"),
        ("电话138****5678请回电", "电话[phone]请回电"),
        ("call (415) 555-0132 now", "call [phone] now"),
        ("write to jane.doe@example.org", "write to [email]"),
        ("see https://example.org/a?b=c 垃圾", "see [link] 垃圾"),
        ("300 meters of mud at 4:30", "300 meters of mud at 4:30"),
    ],
)
def test_width_space_and_personal_numbers_are_unified(raw, plain):
    assert normalise(raw) == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_holds_every_class_in_many_families(language):
    examples = load_corpus(language)
    families = {label: {e.family for e in examples if e.label == label} for label in TOP_CLASSES}
    assert all(len(families[label]) >= 20 for label in TOP_CLASSES)
    assert {e.code for e in examples} <= set(load_taxonomy().codes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_corpus_text_is_in_its_files_language(language):
    texts = [e.text for e in load_corpus(language) if len(e.text) >= 20]
    right = sum(detect_language(text, default=language) == language for text in texts)
    assert right / len(texts) >= 0.98


def test_the_words_said_to_carry_an_issue_stand_in_their_text():
    rows = [
        json.loads(line) for path in corpus_folder().glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    marked = [row for row in rows if row.get("evidence")]
    assert len(marked) > 2000
    assert [row["text"] for row in marked if any(words not in row["text"] for words in row["evidence"])] == []


@needs_shared
@pytest.mark.parametrize(("language", "run"), [("zh", 8), ("en", 24)])
def test_no_text_of_the_corpus_is_taken_from_a_real_message(language, run):
    def runs(text):
        text = normalise(text).casefold()
        return {text[at : at + run] for at in range(len(text) - run + 1)}

    messages = defaultdict(set)  # run of characters → real messages that hold it
    for name in ("reports", "gold_dev"):
        lines = (SHARED / f"{name}_{language}.jsonl").read_text("utf-8").splitlines()
        for number, row in enumerate(map(json.loads, lines)):
            for piece in runs(f"{row.get('subject') or ''}\n{row['text']}"):
                messages[piece].add((name, number))
    taken = []
    for text in (*(one.text for one in load_corpus(language)), *(text for text, _ in load_outside(language))):
        pieces = runs(text)
        shared = Counter(message for piece in pieces for message in messages.get(piece, ()))
        if shared and max(shared.values()) > len(pieces) / 2:
            taken.append(text)
    assert taken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_family_stands_on_both_sides_of_a_split(language):
    split = split_by_family(load_corpus(language))
    assert not {e.family for e in split.train} & {e.family for e in split.dev}
    assert {e.label for e in split.dev} == set(TOP_CLASSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_folds_spread_every_class_evenly(language):
    examples = load_corpus(language)
    folds = fold_by_family(examples, 5)
    for label, total in Counter(e.label for e in examples).items():
        held = Counter(fold for e, fold in zip(examples, folds, strict=True) if e.label == label)
        assert all(0.1 * total <= held[fold] <= 0.32 * total for fold in range(5))


def test_more_folds_than_families_are_refused():
    with pytest.raises(BadInput, match="families"):
        fold_by_family([example("a", family="one"), example("b", family="two")], 3)


def test_exact_and_near_duplicates_are_removed_and_the_first_stays():
    long = "The dumpster behind the bakery on Fifth Street has been overflowing since Monday morning"
    kept = remove_duplicates(
        [example(long), example(long + "."), example(long.upper()), example("Something else entirely")]
    )
    assert [e.text for e in kept] == [long, "Something else entirely"]


def test_texts_that_differ_in_substance_are_kept():
    texts = ["楼下烧烤摊占道", "楼下烧烤摊太吵", "楼下垃圾没人收"]
    assert [e.text for e in remove_duplicates([example(t) for t in texts])] == texts


@given(st.lists(st.text(min_size=1, max_size=12), max_size=20))
def test_removing_duplicates_twice_changes_nothing_more(texts):
    once = remove_duplicates([example(text) for text in texts])
    assert remove_duplicates(once) == once


def extra(tmp_path, *rows):
    path = tmp_path / "ours.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_citys_own_messages_are_read_with_their_subjects_and_marks(tmp_path):
    row = {
        "subject": "噪音",
        "text": "酒吧\u2028太吵",
        "label": "noise",
        "code": "noise.nightlife",
        "urgency": 2,
        "also": ["littering"],
    }
    (read,) = load_extra(extra(tmp_path, json.dumps(row, ensure_ascii=False), "", '{"text": "?", "label": null}'))
    assert (read.text, read.label, read.code, read.urgency) == ("噪音 酒吧 太吵", "noise", "noise.nightlife", 2)
    assert read.also == ("littering",)


def test_repetitions_among_a_citys_own_messages_are_removed(tmp_path):
    row = json.dumps({"text": "The dumpster behind the bakery is overflowing", "label": "littering"})
    assert len(load_extra(extra(tmp_path, row, row, row))) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"subject": "噪音", "label": "noise"},
        {"text": "", "label": "noise"},
        {"text": "loud", "label": "loud"},
        {"text": "loud", "label": "noise", "code": "littering"},
        {"text": "loud", "label": "noise", "evidence": "loud"},
        {"text": "loud", "label": "noise", "evidence": ["quiet"]},
        {"text": "loud", "label": "noise", "also": ["noise"]},
        ["loud", "noise"],
    ],
)
def test_an_own_message_that_does_not_fit_is_named_by_file_and_line(tmp_path, row):
    with pytest.raises(UnreadableFile, match=r"ours\.jsonl:2"):
        load_extra(extra(tmp_path, '{"text": "trash", "label": "littering"}', json.dumps(row)))


def test_a_file_of_own_messages_that_is_absent_or_in_another_encoding_is_told(tmp_path):
    with pytest.raises(UnreadableFile, match=r"ours\.jsonl"):
        load_extra(tmp_path / "ours.jsonl")
    (tmp_path / "ours.jsonl").write_bytes('{"text": "垃圾", "label": "littering"}'.encode("gbk"))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        load_extra(tmp_path / "ours.jsonl")


def test_half_a_character_is_read_as_a_space():
    assert normalise("\ud800垃圾") == "垃圾"


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_texts_that_are_no_messages_to_a_city_in_many_families(language):
    outside = load_outside(language)
    assert len(outside) >= 250
    assert len({family for _, family in outside}) >= 50
    assert not {text for text, _ in outside} & {one.text for one in load_corpus(language)}


def test_a_row_that_does_not_fit_is_named_by_file_and_line(tmp_path):
    good = {"text": "a", "label": "noise", "code": "noise", "family": "f", "register": "message"}
    for bad in ({"text": "a"}, {**good, "label": "loud"}, {**good, "code": "littering"}):
        (tmp_path / "en_x.jsonl").write_text(json.dumps(good) + "\n" + json.dumps(bad) + "\n", encoding="utf-8")
        with pytest.raises(UnreadableFile, match=r"en_x\.jsonl:2"):
            load_corpus("en", tmp_path)


def test_an_empty_folder_is_no_corpus(tmp_path):
    with pytest.raises(UnreadableFile, match=r"zh_\*\.jsonl"):
        load_corpus("zh", tmp_path)


def test_the_digest_changes_with_the_corpus(tmp_path):
    path = tmp_path / "en_x.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    before = corpus_digest("en", tmp_path)
    path.write_text("{}\n\n", encoding="utf-8")
    assert corpus_digest("en", tmp_path) != before


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("小区门口垃圾没人收", "zh"),
        ("Trash was not collected", "en"),
        ("Starbucks门口有人占道摆摊", "zh"),
        ("The shop 大润发 is blocking the sidewalk", "en"),
        ("KTV太吵了", "zh"),
        ("ok 👍 no problem", "en"),
    ],
)
def test_the_language_most_of_a_text_is_in_is_found(text, language):
    assert detect_language(text) == language


def test_a_text_without_letters_gets_the_default_language():
    assert detect_language("12345 !!! 👍", default="en") == "en"
    assert detect_language("", default="zh") == "zh"
