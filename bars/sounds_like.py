"""How a visitor says a word, in the ways in which people write that down.

Syllables as we print them (LOO-vee-ah), words that sound so (you via), or ARPAbet (Y UW1 V IY0).
"""

from bars.dictionary import Pronunciation
from bars.phonemes import VOWELS, is_vowel, unstressed
from bars.pronunciation import hear
from bars.respelling import CONSONANTS, read_respelling
from bars.text import words_of

MOST_PHONEMES = 24
_VOWEL_LETTERS = frozenset("aeiouy")
_PHONEMES = CONSONANTS | {vowel + stress for vowel in VOWELS for stress in "012"}


def read_sound(text: str) -> Pronunciation:
    """What the text says; () where it can be read in none of the ways, or is too long.

    A syllable in capitals shows that syllables are meant. Else what are all words of ours is read
    so: "low" is the word. At last we guess, as we guess at any word.
    """
    ways = (_arpabet, _shouted, _listed_words, read_respelling, _guessed_words)
    found = next(filter(None, (way(text) for way in ways)), ())
    return found if len(found) <= MOST_PHONEMES and any(map(is_vowel, found)) else ()


def _arpabet(text: str) -> Pronunciation:
    pieces = tuple(text.upper().split())
    digits = any(piece[-1].isdigit() for piece in pieces)
    return pieces if digits and _PHONEMES.issuperset(pieces) else ()


def _shouted(text: str) -> Pronunciation:
    capitals = any(len(part) > 1 and part.isupper() for part in text.replace("-", " ").split())
    return read_respelling(text) if capitals else ()


def _listed_words(text: str) -> Pronunciation:
    words = _words(text)
    return _said(words) if all(hear(word, predict=False).known for word in words) else ()


def _guessed_words(text: str) -> Pronunciation:
    words = _words(text)
    spelled = all(_VOWEL_LETTERS.intersection(word) and hear(word).pronunciations for word in words)
    return _said(words) if spelled else ()


def _words(text: str) -> list[str]:
    return words_of(text.lower().replace("-", " "))


def _said(words: list[str]) -> Pronunciation:
    """The words as one: the longest keeps its stress, the first of equals."""
    sounds = [hear(word).pronunciations[0] for word in words]
    longest = max(sounds, key=lambda sound: sum(map(is_vowel, sound)), default=())
    place = sounds.index(longest) if sounds else 0
    parts = (sound if at == place else unstressed(sound) for at, sound in enumerate(sounds))
    return tuple(phoneme for part in parts for phoneme in part)
