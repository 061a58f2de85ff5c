import pytest

from bars.phonemes import syllable_count
from bars.pronunciation import hear
from bars.rhyme import rhyme
from bars.rhyme_index import distance, find_rhymes
from bars.rhyme_rules import RhymeKind


@pytest.mark.parametrize("word", ["plan", "city", "station", "heaven", "trouble"])
def test_every_word_of_a_class_rhymes_perfectly_and_the_commonest_is_first(word):
    found = find_rhymes(word, near=False)

    assert found
    assert {rhyme(word, each.word).kind for each in found} == {RhymeKind.PERFECT}
    assert [each.zipf for each in found] == sorted((e.zipf for e in found), reverse=True)


def test_a_class_is_filtered_by_syllables_and_stress():
    found = find_rhymes("plan", syllables=2, stress="01", limit=None)

    assert {"began", "japan"} <= {each.word for each in found}
    assert {syllable_count(hear(each.word).pronunciations[0]) for each in found} == {2}
    assert "caravan" in {each.word for each in find_rhymes("plan", syllables=3, limit=None)}


def test_strong_language_can_be_left_out():
    assert "bitch" in {each.word for each in find_rhymes("rich", limit=None)}
    assert "bitch" not in {each.word for each in find_rhymes("rich", limit=None, clean=True)}


def test_a_sound_has_rhymes_too():
    assert "man" in {each.word for each in find_rhymes(("AE1", "N"), limit=None)}


def test_where_nothing_rhymes_the_nearest_sounds_stand_in():
    found = find_rhymes("orange")

    assert "porridge" in {each.word for each in found}
    assert [each.distance for each in found] == sorted(each.distance for each in found)
    assert find_rhymes("orange", near=False, limit=None) == []


def test_the_word_and_its_homophones_are_left_out():
    words = {each.word for each in find_rhymes("night", limit=None)}

    assert "light" in words
    assert words.isdisjoint({"night", "knight"})


@pytest.mark.parametrize("sound", ["", "?", ("S", "T")])
def test_what_cannot_be_heard_has_no_rhymes(sound):
    assert find_rhymes(sound) == []


def test_related_sounds_are_nearer_than_others():
    assert distance(("AE", "K"), ("AE", "G")) < distance(("AE", "K"), ("AE", "M"))
    assert distance(("AE", "K"), ("AE", "K")) == 0
