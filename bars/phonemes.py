"""ARPAbet, the alphabet of the dictionary: which phonemes are vowels, which sound alike."""

from functools import cache

from bars.dictionary import Pronunciation

SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOWEL_NAMES = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
VOWELS = frozenset(_VOWEL_NAMES.split())  # without stress digits
VOICELESS = frozenset({"P", "T", "K", "F", "TH", "S", "SH", "CH"})


def is_vowel(phoneme: str) -> bool:
    """ARPAbet marks vowels, and vowels only, with a stress digit."""
    return phoneme[-1].isdigit()


def syllable_count(pronunciation: Pronunciation) -> int:
    return sum(map(is_vowel, pronunciation))


@cache  # the alphabet is small
def name_of(phoneme: str) -> str:
    """A phoneme without its stress digit."""
    return phoneme.rstrip("012")


def without_stress(phonemes: Pronunciation) -> Pronunciation:
    return tuple(map(name_of, phonemes))


def weakened(pronunciation: Pronunciation) -> Pronunciation:
    """The pronunciation as the second part of a compound: its main stress becomes secondary."""
    return tuple(phoneme.replace("1", "2") for phoneme in pronunciation)


def unstressed(pronunciation: Pronunciation) -> Pronunciation:
    """The pronunciation as a small word in the flow of a bar."""
    return tuple(phoneme.replace("1", "0").replace("2", "0") for phoneme in pronunciation)


def with_s(pronunciation: Pronunciation) -> Pronunciation:
    """With the ending of plurals, possessives and the third person."""
    last = pronunciation[-1]
    if last in SIBILANTS:
        return (*pronunciation, "IH0", "Z")
    return (*pronunciation, "S" if last in VOICELESS else "Z")


def with_ed(pronunciation: Pronunciation) -> Pronunciation:
    """With the ending of the past."""
    last = pronunciation[-1]
    if last in {"T", "D"}:
        return (*pronunciation, "IH0", "D")
    return (*pronunciation, "T" if last in VOICELESS else "D")
