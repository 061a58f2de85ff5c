"""Our own lexicon: well formed, and words that grow out of it are heard too."""

import pytest

from bars.dictionary import look_up, look_up_slang, slang_words
from bars.phonemes import VOWELS, is_vowel, name_of, syllable_count
from bars.pronunciation import Source, hear

CONSONANT_NAMES = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"
CONSONANTS = frozenset(CONSONANT_NAMES.split())


def test_the_lexicon_has_more_than_four_hundred_words_of_its_own():
    assert sum(not look_up(word) for word in slang_words()) >= 400


@pytest.mark.parametrize("word", slang_words())
def test_every_entry_is_arpabet_with_a_main_stress(word):
    for spoken in look_up_slang(word):
        assert {name_of(p) for p in spoken} <= VOWELS | CONSONANTS
        assert all(p[-1] in "012" for p in spoken if is_vowel(p))
        assert sum(p.endswith("1") for p in spoken) >= 1


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("skrrt", "S K ER1 T"),
        ("finna", "F IH1 N AH0"),
        ("homie", "HH OW1 M IY0"),
        ("whatcha", "W AH1 CH AH0"),
    ],
)
def test_slang_is_heard_from_the_lexicon(word, spoken):
    heard = hear(word)

    assert (heard.source, " ".join(heard.pronunciations[0])) == (Source.LEXICON, spoken)


def test_the_lexicon_adds_sounds_to_words_that_the_dictionary_has():
    assert ("M", "AY1", "K") in hear("mic").pronunciations


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("homies", "HH OW1 M IY0 Z"),
        ("homie's", "HH OW1 M IY0 Z"),
        ("skrrted", "S K ER1 T IH0 D"),
        ("twerkin'", "T W ER1 K IH0 N"),
        ("simpin'", "S IH1 M P IH0 N"),
        ("lambolike", "L AE1 M B OW0 L AY2 K"),
        ("brrrt", "B ER1 T"),
        ("yuhhh", "Y AH1"),
        ("htown", "EY1 CH T AW2 N"),
        ("boutta", "B AW1 T AH0"),
        ("'spect", "S P EH1 K T"),
        ("jus'", "JH AH1 S"),
        ("mo'", "M OW1"),
        ("thugga", "TH AH1 G AH0"),
        ("gangstaboi", "G AE1 NG S T AH0 B OY2"),
    ],
)
def test_words_that_no_list_has_are_heard_by_rule(word, spoken):
    assert " ".join(hear(word, predict=False).pronunciations[0]) == spoken


def test_the_dictionary_comes_before_all_else():
    heard = hear("plan")

    assert (heard.source, heard.sureness, syllable_count(heard.pronunciations[0])) == (
        Source.DICTIONARY,
        1.0,
        1,
    )
