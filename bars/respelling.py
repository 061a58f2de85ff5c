"""Sounds in everyday letters, for readers who know no ARPAbet: S K ER1 T is SKURT."""

from bars.dictionary import Pronunciation
from bars.phonemes import is_vowel, name_of

_SPELLED = {
    "AA": "ah", "AE": "a", "AH": "uh", "AO": "aw", "AW": "ow", "AY": "eye", "B": "b", "CH": "ch",
    "D": "d", "DH": "th", "EH": "eh", "ER": "ur", "EY": "ay", "F": "f", "G": "g", "HH": "h",
    "IH": "ih", "IY": "ee", "JH": "j", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ng",
    "OW": "oh", "OY": "oy", "P": "p", "R": "r", "S": "s", "SH": "sh", "T": "t", "TH": "th",
    "UH": "uu", "UW": "oo", "V": "v", "W": "w", "Y": "y", "Z": "z", "ZH": "zh",
}  # fmt: skip


def respell(pronunciation: Pronunciation) -> str:
    """Syllables with hyphens between them, the stressed ones in capitals; empty for no sound."""
    return "-".join(map(_spelled, _syllables(pronunciation)))


def _syllables(pronunciation: Pronunciation) -> list[list[str]]:
    """Each vowel with its consonants; between two vowels, the last one opens the second's."""
    syllables: list[list[str]] = [[]]
    has_vowel = False
    for place, phoneme in enumerate(pronunciation):
        follows = pronunciation[place + 1 : place + 2]
        opens = not is_vowel(phoneme) and any(map(is_vowel, follows))
        if has_vowel and (opens or is_vowel(phoneme)):
            syllables.append([])
            has_vowel = False
        syllables[-1].append(phoneme)
        has_vowel = has_vowel or is_vowel(phoneme)
    return [syllable for syllable in syllables if syllable]


def _spelled(syllable: list[str]) -> str:
    text = "".join(_SPELLED[name_of(phoneme)] for phoneme in syllable)
    stressed = any(phoneme.endswith("1") for phoneme in syllable)
    return text.upper() if stressed else text
