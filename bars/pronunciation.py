"""How a word is spoken: the dictionary, our lexicon, rules, and at last a guess."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bars.dictionary import Pronunciation, look_up, look_up_slang
from bars.phonemes import is_vowel, syllable_count, weakened, with_s
from bars.prediction import predictor
from bars.sounded import is_sounded, sound_of
from bars.word_forms import by_rule, listed, longest_tail

__all__ = ["Heard", "Pronunciation", "Source", "hear", "is_vowel", "syllable_count"]
_VOWEL_RUN = re.compile(r"[aeiouy]+")
_PLURAL = re.compile(r"[^aeious]s$|[aeo]s$")
_LETTERS = re.compile(r"[a-z]+")
_LONGEST_GUESS = 24  # letters; longer strings are no words
_SHORT_HEAD = 2


class Source(StrEnum):
    """Where a pronunciation comes from, the surest first."""

    TOLD = "told"  # the visitor's own, which the word carries
    DICTIONARY = "dictionary"
    LEXICON = "lexicon"
    RULE = "rule"
    TAIL = "tail"  # the end is a known word, what stands before it is guessed
    PREDICTION = "prediction"
    SPELLING = "spelling"  # syllables only


# how often the rhyming part is right; the last three measured on our own lexicon's words
SURENESS = {
    Source.TOLD: 1.0,
    Source.DICTIONARY: 1.0,
    Source.LEXICON: 1.0,
    Source.RULE: 0.95,
    Source.TAIL: 0.8,
    Source.PREDICTION: 0.7,
    Source.SPELLING: 0.0,
}
_LISTED = (Source.TOLD, Source.DICTIONARY, Source.LEXICON, Source.RULE)


@dataclass(frozen=True)
class Heard:
    """One word as we hear it; `pronunciations` is empty where only syllables can be told."""

    word: str
    pronunciations: tuple[Pronunciation, ...]
    syllables: tuple[int, int]  # fewest and most
    source: Source

    @property
    def sureness(self) -> float:
        """From 0 to 1: how far the end of the word can be trusted."""
        return SURENESS[self.source]

    @property
    def known(self) -> bool:
        """Whether the sound is told or listed, or follows from listed words; a promise needs it."""
        return self.source in _LISTED


@lru_cache(maxsize=50_000)
def hear(word: str, predict: bool = True) -> Heard:
    """Hear one lower-case word, as `words_of` gives it; without `predict`, never guess."""
    if is_sounded(word):
        return _heard(word, (sound_of(word),), Source.TOLD)
    if known := look_up(word):
        extra = tuple(p for p in look_up_slang(word) if p not in known)
        return _heard(word, (*known, *extra), Source.DICTIONARY)
    if slang := look_up_slang(word):
        return _heard(word, slang, Source.LEXICON)
    if derived := by_rule(word) or listed(word.strip("'")):
        return _heard(word, derived, Source.RULE)
    return _guessed(word) if predict else _spelled(word)


def _guessed(word: str) -> Heard:
    letters = "".join(_LETTERS.findall(word))
    if not letters or len(letters) > _LONGEST_GUESS or predictor() is None:
        return _spelled(word)
    if _PLURAL.search(letters) and (stem := _predict(letters[:-1])):
        return _heard(word, (with_s(stem),), Source.PREDICTION)
    tail, sounds = longest_tail(letters)
    if tail and (head := _predict(letters[: -len(tail)])):
        joined = tuple((*head, *weakened(p)) for p in sounds)
        return _heard(word, joined, Source.TAIL)
    found = _predict(letters)
    return _heard(word, (found,), Source.PREDICTION) if found else _spelled(word)


def _predict(letters: str) -> Pronunciation:
    network = predictor()
    return network.predict(letters) if network and len(letters) >= _SHORT_HEAD else ()


def _heard(word: str, pronunciations: tuple[Pronunciation, ...], source: Source) -> Heard:
    counts = [syllable_count(p) for p in pronunciations]
    return Heard(word, pronunciations, (min(counts), max(counts)), source)


def _spelled(word: str) -> Heard:
    runs = len(_VOWEL_RUN.findall(word))
    silent_e = word.endswith("e") and not word.endswith("le") and runs > 1
    guess = max(1, runs - silent_e)
    return Heard(word, (), (guess, guess), Source.SPELLING)
