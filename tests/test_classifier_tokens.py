"""Tokens and the characters they stand for, in the text as it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.manifest import packaged_models
from classifier.tokens import TokenEncoder
from core.bert.model_folder import TOKENIZER_FILE

ENCODERS = {
    language: TokenEncoder.from_file(packaged_models() / language / TOKENIZER_FILE, 128) for language in ("zh", "en")
}


def surfaces(text, language):
    """What each token but [CLS] and [SEP] stands for."""
    return [text[start:end] for start, end in ENCODERS[language].encode(text).spans[1:-1]]


def test_english_tokens_stand_for_their_words():
    assert surfaces("Trash on Main  Street!", "en") == ["Trash", "on", "Main", "Street", "!"]


def test_chinese_tokens_stand_for_their_characters():
    assert surfaces("垃圾没人收。", "zh") == list("垃圾没人收。")


def test_full_width_signs_are_found_where_they_stood():
    assert surfaces("ＡＢ，垃圾", "zh") == ["ＡＢ", "，", "垃", "圾"]


def test_a_masked_number_stands_for_its_digits():
    text = "请打13812345678，谢谢"
    spans = ENCODERS["zh"].encode(text).spans
    inside = [span for span in spans[1:-1] if 2 <= span[0] < 13]
    assert min(start for start, _ in inside) == 2
    assert max(end for _, end in inside) >= 12


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_very_long_text_keeps_the_places_of_its_end(language):
    text = "路面有坑。" * 5000 + "最后一句 the end"
    tokens = ENCODERS[language].encode(text)
    assert len(tokens.ids) <= 128
    start, end = tokens.spans[-2]
    assert text[start:end].casefold() == "end"


@pytest.mark.parametrize("language", ["zh", "en"])
@given(text=st.text(max_size=120))
def test_every_token_lies_within_the_text_and_after_the_one_before(language, text):
    tokens = ENCODERS[language].encode(text)
    assert len(tokens.ids) == len(tokens.spans)
    spans = tokens.spans[1:-1]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
