import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bars.accent import Accent
from bars.dictionary import listed_words
from bars.ending import word_endings
from bars.rhyme import rhyme, rhymes_strictly, rhyming_part
from bars.rhyme_rules import RhymeKind, compare

words = st.sampled_from([word for word in listed_words()[::97] if word.isalpha()])


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
        ("night", "knight", RhymeKind.HOMOPHONE),
        ("night", "night", RhymeKind.IDENTICAL),
        ("leave", "believe", RhymeKind.IDENTICAL),
        ("love", "move", RhymeKind.EYE),
        ("pass", "last", RhymeKind.PERFECT),
        ("orange", "door", RhymeKind.NONE),
        ("", "door", RhymeKind.NONE),
        ("prize", "price", RhymeKind.SLANT),
        ("eternity", "sea", RhymeKind.PROMOTED),
        ("know it", "poet", RhymeKind.MOSAIC),
        ("know it", "show it", RhymeKind.MOSAIC),
        ("go to it", "run to it", RhymeKind.IDENTICAL),
        ("24/7", "heaven", RhymeKind.PERFECT),
        ("NYC", "agree", RhymeKind.PERFECT),
        ("city lights", "gritty nights", RhymeKind.PERFECT),
    ],
)
def test_two_words_rhyme_as_they_sound(first, second, kind):
    assert rhyme(first, second).kind is kind


@pytest.mark.parametrize(
    ("first", "second", "accent"),
    [
        ("talk", "rock", Accent.COT_CAUGHT),
        ("men", "win", Accent.PIN_PEN),
        ("hard", "god", Accent.R_LESS),
    ],
)
def test_an_accent_makes_a_rhyme_only_where_it_is_asked_for(first, second, accent):
    assert rhyme(first, second).kind not in {RhymeKind.PERFECT, RhymeKind.ACCENT}
    assert rhyme(first, second, accents=frozenset({accent})).kind is RhymeKind.ACCENT


def test_the_pronunciations_that_were_compared_are_named():
    found = rhyme("read", "bed")

    assert [" ".join(heard) for heard in found.heard] == ["R EH1 D", "B EH1 D"]


def test_a_promise_takes_words_of_one_sound():
    assert rhymes_strictly("plan", "man")
    assert not rhymes_strictly("read", "bed")
    assert not rhymes_strictly("pass", "last")
    assert not rhymes_strictly("blorptastic", "fantastic")


@given(st.text(), st.text())
@settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_is_too_strange(first, second):
    assert rhyme(first, second, predict=False).kind is rhyme(second, first, predict=False).kind


@given(words, words)
def test_the_short_cut_overlooks_no_rhyme(first, second):
    kinds = [compare(a, b).kind for a in word_endings(first) for b in word_endings(second)]
    heard = rhyme(first, second).kind

    assert heard is not RhymeKind.NONE or set(kinds) <= {RhymeKind.NONE}


@pytest.mark.parametrize("pair", ["word lord", "worm storm", "war far", "were there", "shoe toe"])
def test_words_without_a_common_sound_are_compared_where_spelling_or_custom_joins_them(pair):
    assert rhyme(*pair.split()).kind in {RhymeKind.EYE, RhymeKind.OLD}


@given(words, words)
def test_rhyme_is_mutual(first, second):
    assert rhyme(first, second).kind is rhyme(second, first).kind


@given(words)
def test_every_word_is_identical_to_itself(word):
    assert rhyme(word, word).kind is RhymeKind.IDENTICAL


def test_the_rhyming_part_begins_at_the_last_stressed_vowel():
    assert rhyming_part("station") == ("EY", "SH", "AH", "N")
    assert rhyming_part("?") == ()


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("keep it clean", "seen it clean", RhymeKind.IDENTICAL),
        ("a rusted stair", "stop and stare", RhymeKind.HOMOPHONE),
        ("the poet", "you know it", RhymeKind.MOSAIC),
    ],
)
def test_a_rhyme_across_words_begins_before_the_last_word(first, second, kind):
    assert rhyme(first, second).kind is kind
