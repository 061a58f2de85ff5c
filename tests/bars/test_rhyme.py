import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.dictionary import listed_words
from bars.rhyme import RhymeKind, rhyme, rhyming_part

words = st.sampled_from(listed_words()[::997])


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("plan", "man", RhymeKind.PERFECT),
        ("night", "light", RhymeKind.PERFECT),
        ("station", "nation", RhymeKind.PERFECT),
        ("ridin'", "hidin'", RhymeKind.PERFECT),
        ("time", "climb", RhymeKind.PERFECT),
        ("time", "mine", RhymeKind.SLANT),
        ("back", "bag", RhymeKind.SLANT),
        ("night", "knight", RhymeKind.IDENTICAL),
        ("night", "night", RhymeKind.IDENTICAL),
        ("leave", "believe", RhymeKind.IDENTICAL),
        ("love", "move", RhymeKind.NONE),
        ("pass", "last", RhymeKind.NONE),
        ("orange", "door", RhymeKind.NONE),
        ("xqzt", "zzqx", RhymeKind.NONE),
    ],
)
def test_two_words_rhyme_as_they_sound(first, second, kind):
    assert rhyme(first, second).kind is kind


@given(words, words)
def test_rhyme_is_mutual(first, second):
    assert rhyme(first, second).kind is rhyme(second, first).kind


@given(words)
def test_every_word_is_identical_to_itself(word):
    assert rhyme(word, word).kind is RhymeKind.IDENTICAL


def test_the_rhyming_part_begins_at_the_last_stressed_vowel():
    assert rhyming_part("station") == ("EY", "SH", "AH", "N")
    assert rhyming_part("xqzt") == ()
