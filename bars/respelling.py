"""Sounds in everyday letters, for readers who know no ARPAbet: S K ER1 T is SKURT.

What is printed can be read again: `read_respelling(respell(sound))` is the sound, where it has a
main stress.
"""

from collections.abc import Iterable

from bars.dictionary import Pronunciation
from bars.phonemes import VOWELS, name_of

_SPELLED = {
    "AA": "ah", "AE": "a", "AH": "uh", "AO": "aw", "AW": "ow", "AY": "eye", "B": "b", "CH": "ch",
    "D": "d", "DH": "dh", "EH": "eh", "ER": "ur", "EY": "ay", "F": "f", "G": "g", "HH": "h",
    "IH": "ih", "IY": "ee", "JH": "j", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ng",
    "OW": "oh", "OY": "oy", "P": "p", "R": "r", "S": "s", "SH": "sh", "T": "t", "TH": "th",
    "UH": "uu", "UW": "oo", "V": "v", "W": "w", "Y": "y", "Z": "z", "ZH": "zh",
}  # fmt: skip
CONSONANTS = frozenset(_SPELLED) - VOWELS
_ALONE = {"a": "ae"}  # one letter has no room for capitals that tell main stress from secondary
_READ = {spelled: name for name, spelled in _SPELLED.items()} | {"ae": "AE"}
_LONGEST = max(map(len, _READ))
_PARTED = "'"  # between letters that would be read as one sound: n'g


def respell(pronunciation: Pronunciation) -> str:
    """Syllables with hyphens between them; empty for no sound. Stress digits may be missing.

    The one with the main stress is in capitals, one with a secondary stress begins with one.
    """
    return "-".join(map(_spelled, _syllables(pronunciation)))


def read_respelling(text: str) -> Pronunciation:
    """The sound of syllables as `respell` spells them; () where a part is none.

    Where no syllable is in capitals, the first that begins with one has the main stress, else the
    first of all.
    """
    syllables = text.replace("-", " ").split()
    read = [_read(syllable.lower()) for syllable in syllables]
    if not read or not all(sum(name in VOWELS for name in names) == 1 for names in read):
        return ()
    stresses = list(map(_stress, syllables))
    if "1" not in stresses:
        stresses[stresses.index("2") if "2" in stresses else 0] = "1"
    return tuple(
        name + stress if name in VOWELS else name
        for names, stress in zip(read, stresses, strict=True)
        for name in names
    )


def _stress(syllable: str) -> str:
    return "1" if syllable.isupper() else "2" if syllable[0].isupper() else "0"


def _read(letters: str) -> list[str]:
    """The phonemes of some letters, the longest spelling first; [] where some are none."""
    names: list[str] = []
    for part in letters.split(_PARTED):
        at = 0
        while at < len(part):
            ends = range(min(at + _LONGEST, len(part)), at, -1)
            end = next((end for end in ends if part[at:end] in _READ), None)
            if end is None:
                return []
            names.append(_READ[part[at:end]])
            at = end
    return names


def _syllables(pronunciation: Pronunciation) -> list[list[str]]:
    """Each vowel with its consonants; between two vowels, the last one opens the second's."""
    syllables: list[list[str]] = [[]]
    has_vowel = False
    for place, phoneme in enumerate(pronunciation):
        follows = pronunciation[place + 1 : place + 2]
        vowel = name_of(phoneme) in VOWELS
        opens = not vowel and any(name_of(each) in VOWELS for each in follows)
        if has_vowel and (opens or vowel):
            syllables.append([])
            has_vowel = False
        syllables[-1].append(phoneme)
        has_vowel = has_vowel or vowel
    return [syllable for syllable in syllables if syllable]


def _spelled(syllable: list[str]) -> str:
    text = _joined(map(name_of, syllable))
    text = _ALONE.get(text, text)
    if any(phoneme.endswith("1") for phoneme in syllable):
        return text.upper()
    return text.capitalize() if any(phoneme.endswith("2") for phoneme in syllable) else text


def _joined(names: Iterable[str]) -> str:
    text, told = "", list[str]()
    for name in names:
        told.append(name)
        joined = text + _SPELLED[name]
        text = joined if _read(joined) == told else f"{text}{_PARTED}{_SPELLED[name]}"
    return text
