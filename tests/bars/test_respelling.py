"""Sounds in everyday letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.dictionary import listed_words, look_up
from bars.phonemes import VOWELS, is_vowel
from bars.respelling import CONSONANTS, read_respelling, respell

PHONEMES = sorted(CONSONANTS) + sorted(vowel + digit for vowel in VOWELS for digit in "012")
STRESSED = sorted(vowel + "1" for vowel in VOWELS)


@pytest.mark.parametrize(
    ("sounds", "spelled"),
    [
        ("S K ER1 T", "SKURT"),
        ("R IH1 DH AH0 M", "RIH-dhuhm"),
        ("S IH1 T IY0", "SIH-tee"),
        ("B AA1 T AH0 M", "BAH-tuhm"),
        ("IH0 N S T IH1 NG K T", "ihns-TIHNGKT"),
        ("AH0 L OW1 N", "uh-LOHN"),
        ("K R IY0 EY1 T", "kree-AYT"),
        ("AE1 L F AH0 B EH2 T", "AL-fuh-Beht"),
        ("AE1 N AH0 M AH0 L", "AE-nuh-muhl"),
        ("AH0 N G R EY1 T F AH0 L", "uhn'g-RAYT-fuhl"),
        ("OW L IY", "oh-lee"),
        ("", ""),
    ],
)
def test_sounds_are_spelled_by_syllable_with_the_stress_in_capitals(sounds, spelled):
    assert respell(tuple(sounds.split())) == spelled


@pytest.mark.parametrize("word", ["crocodile", "strengths", "hallelujah", "xylophone", "a"])
def test_there_is_a_syllable_for_each_vowel(word):
    sounds = look_up(word)[0]

    assert len(respell(sounds).split("-")) == sum(map(is_vowel, sounds))


@given(
    before=st.lists(st.sampled_from(PHONEMES), max_size=8),
    stressed=st.sampled_from(STRESSED),
    after=st.lists(st.sampled_from(PHONEMES), max_size=8),
)
def test_what_is_spelled_reads_back_as_the_same_sounds(before, stressed, after):
    sounds = (*before, stressed, *after)

    assert read_respelling(respell(sounds)) == sounds


def test_every_tenth_word_of_the_dictionary_reads_back():
    words = listed_words()[::10]
    sounds = [sound for word in words for sound in look_up(word) if "1" in "".join(sound)]

    assert [sound for sound in sounds if read_respelling(respell(sound)) != sound] == []


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("loo-vee-ah", "L UW1 V IY0 AA0"),
        ("loo-Vee-ah", "L UW0 V IY1 AA0"),
        ("loo VEE ah", "L UW0 V IY1 AA0"),
        ("LLUVIA", ""),
        ("rain", ""),
        ("s-t", ""),
        ("loo-3", ""),
        ("", ""),
        ("-", ""),
        ("'", ""),
    ],
)
def test_people_spell_more_loosely(text, sounds):
    assert read_respelling(text) == tuple(sounds.split())
