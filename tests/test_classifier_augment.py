"""More texts from the corpus's own: what changes in them, and what they carry over."""

from dataclasses import replace

import pytest

from classifier.data import Example, load_corpus
from classifier.techniques.augment import WAYS, augment, load_synonyms
from core.errors import BadInput


@pytest.fixture(scope="module")
def packaged():
    """A tenth of the packaged corpus, by language."""
    return {language: load_corpus(language)[::10] for language in ("zh", "en")}


def there_and_back(text, source, target):
    return f"{text} ({source} to {target})"


def example(text, evidence=None):
    return Example(text, "noise", "noise", "one family", "message", urgency=2, evidence=evidence)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_way_writes_new_texts_the_same_for_the_same_seed(packaged, language, way):
    examples = packaged[language]
    new = augment(examples, language, [way], 0.1, 3, there_and_back)
    assert new == augment(examples, language, [way], 0.1, 3, there_and_back)
    assert new != augment(examples, language, [way], 0.1, 4, there_and_back)
    assert len(new) == round(0.1 * len(examples))
    assert not {one.text for one in new} & {one.text for one in examples}


def test_new_texts_carry_family_label_and_marks_of_the_one_they_come_from():
    old = example("The trash truck is loud every night on our block.")
    (new,) = augment([old], "en", ["delete"], 1.0, 0)
    assert replace(new, text=old.text) == old


@pytest.mark.parametrize(("evidence", "kept"), [(("blaring",), None), (("near the old mill",), ("near the old mill",))])
def test_evidence_stays_only_where_its_words_still_stand_in_the_text(evidence, kept):
    (new,) = augment([example("Blasting and blaring near the old mill", evidence)], "en", ["synonyms"], 1.0, 1)
    assert new.evidence == kept


def test_a_negation_is_never_dropped():
    new = augment([example("this is not a noise but a smell from the old sewer")], "en", ["delete"], 5.0, 0)
    assert len(new) > 1
    assert all(" not " in one.text for one in new)


def test_in_chinese_a_swap_moves_whole_clauses():
    (new,) = augment([example("楼下太吵,天天到半夜,没人管")], "zh", ["swap"], 1.0, 0)
    assert sorted(new.text.split(",")) == sorted(["楼下太吵", "天天到半夜", "没人管"])


def test_a_street_becomes_another_street_everywhere_in_the_text():
    both = [example("Elm Street is loud. All of Elm Street!"), example("Cars race on Oak Avenue")]
    texts = {one.text for one in augment(both, "en", ["names"], 1.0, 0)}
    assert texts == {"Oak Avenue is loud. All of Oak Avenue!", "Cars race on Elm Street"}


def test_a_chinese_street_becomes_another_street():
    both = [example("湘雅路太吵"), example("有人在营盘路摆摊")]
    assert {one.text for one in augment(both, "zh", ["names"], 1.0, 0)} == {"营盘路太吵", "有人在湘雅路摆摊"}


def test_translation_goes_to_the_other_language_and_back():
    (new,) = augment([example("太吵了")], "zh", ["translate"], 1.0, 0, there_and_back)
    assert new.text == "太吵了 (zh to en) (en to zh)"


def test_translation_without_a_translator_is_refused():
    with pytest.raises(BadInput, match="translator"):
        augment([example("loud")], "en", ["translate"], 1.0, 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_synonym_stands_in_two_groups(language):
    groups = load_synonyms(language)
    words = [word for group in groups for word in group]
    assert len(groups) >= 80
    assert all(len(group) >= 2 for group in groups)
    assert len(words) == len(set(words))
