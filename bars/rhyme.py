"""Whether two words rhyme, and how.

Perfect: equal from the last stressed vowel to the end, with another consonant before it.
Slant: equal stressed vowel and vowels after it, consonants of one class (Rapsody's classes).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bars.dictionary import Pronunciation
from bars.pronunciation import hear, is_vowel

_CLASSES = ("P B", "T D", "K G", "F V", "S Z", "TH DH", "SH ZH", "CH JH", "M N NG")
_CLASS_OF = {phoneme: group for group in _CLASSES for phoneme in group.split()}


class RhymeKind(StrEnum):
    """What two bar ends are to each other; only `perfect` counts as a rhyme kept."""

    PERFECT = "perfect"
    SLANT = "slant"
    IDENTICAL = "identical"
    NONE = "none"


@dataclass(frozen=True)
class Rhyme:
    """The kind of a rhyme and the phonemes that carry it (without stress digits)."""

    kind: RhymeKind
    part: Pronunciation = ()


NO_RHYME = Rhyme(RhymeKind.NONE)


@lru_cache(maxsize=100_000)
def rhyme(first: str, second: str) -> Rhyme:
    """How two lower-case words rhyme by their usual pronunciations; words unheard do not."""
    one, other = hear(first), hear(second)
    if first == second or set(one.pronunciations) & set(other.pronunciations):
        return Rhyme(RhymeKind.IDENTICAL, rhyming_part(first))
    if not one.pronunciations or not other.pronunciations:
        return NO_RHYME
    onset, part = _split(one.pronunciations[0])
    other_onset, other_part = _split(other.pronunciations[0])
    if part == other_part:
        return Rhyme(RhymeKind.IDENTICAL if onset == other_onset else RhymeKind.PERFECT, part)
    if part and _blurred(part) == _blurred(other_part):
        return Rhyme(RhymeKind.SLANT, part)
    return NO_RHYME


def rhyming_part(word: str) -> Pronunciation:
    """From the last stressed vowel of the usual pronunciation to the end; () if unheard."""
    heard = hear(word).pronunciations
    return _split(heard[0])[1] if heard else ()


def blurred_part(word: str) -> Pronunciation:
    """The rhyming part by the classes that slant rhymes do not tell apart; () if unheard."""
    return _blurred(rhyming_part(word))


def _split(pronunciation: Pronunciation) -> tuple[Pronunciation, Pronunciation]:
    """The consonants before the last stressed vowel, and what follows, without stress digits."""
    vowels = [i for i, phoneme in enumerate(pronunciation) if is_vowel(phoneme)]
    if not vowels:
        return (), ()
    stressed = [i for i in vowels if pronunciation[i][-1] != "0"]
    start = stressed[-1] if stressed else vowels[-1]
    onset_start = max((i + 1 for i in vowels if i < start), default=0)
    part = tuple(phoneme.rstrip("012") for phoneme in pronunciation[start:])
    return pronunciation[onset_start:start], part


def _blurred(part: Pronunciation) -> Pronunciation:
    return tuple(_CLASS_OF.get(phoneme, phoneme) for phoneme in part)
