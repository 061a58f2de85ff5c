"""Sounds in everyday letters."""

import pytest

from bars.dictionary import look_up
from bars.phonemes import is_vowel
from bars.respelling import respell


@pytest.mark.parametrize(
    ("sounds", "spelled"),
    [
        ("S K ER1 T", "SKURT"),
        ("R IH1 DH AH0 M", "RIH-thuhm"),
        ("S IH1 T IY0", "SIH-tee"),
        ("B AA1 T AH0 M", "BAH-tuhm"),
        ("IH0 N S T IH1 NG K T", "ihns-TIHNGKT"),
        ("AH0 L OW1 N", "uh-LOHN"),
        ("K R IY0 EY1 T", "kree-AYT"),
        ("", ""),
    ],
)
def test_sounds_are_spelled_by_syllable_with_the_stress_in_capitals(sounds, spelled):
    assert respell(tuple(sounds.split())) == spelled


@pytest.mark.parametrize("word", ["crocodile", "strengths", "hallelujah", "xylophone", "a"])
def test_there_is_a_syllable_for_each_vowel(word):
    sounds = look_up(word)[0]

    assert len(respell(sounds).split("-")) == sum(map(is_vowel, sounds))
