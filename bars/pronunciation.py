"""How a word is spoken: the dictionary first, then what spelling lets us say."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bars.dictionary import Pronunciation, look_up

_VOWEL_RUN = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Heard:
    """One word as we hear it; `pronunciations` is empty where only syllables can be told."""

    word: str
    pronunciations: tuple[Pronunciation, ...]
    syllables: tuple[int, int]  # fewest and most
    source: str  # dictionary | rule | spelling


def is_vowel(phoneme: str) -> bool:
    """ARPAbet marks vowels, and vowels only, with a stress digit."""
    return phoneme[-1].isdigit()


def syllable_count(pronunciation: Pronunciation) -> int:
    return sum(map(is_vowel, pronunciation))


@lru_cache(maxsize=50_000)
def hear(word: str) -> Heard:
    """Hear one lower-case word, as `words_of` gives it."""
    for source, found in (("dictionary", look_up(word)), ("rule", _by_rule(word))):
        if found:
            counts = [syllable_count(p) for p in found]
            return Heard(word, found, (min(counts), max(counts)), source)
    guess = _count_by_spelling(word)
    return Heard(word, (), (guess, guess), "spelling")


def _by_rule(word: str) -> tuple[Pronunciation, ...]:
    if word.endswith("in'"):  # ridin' is riding with its G dropped
        return tuple((*p[:-1], "N") for p in look_up(word[:-1] + "g") if p[-1] == "NG")
    if word.endswith("'s"):
        return tuple(_with_s(p) for p in look_up(word[:-2]))
    stripped = word.strip("'")
    return look_up(stripped) if stripped != word else ()


def _with_s(pronunciation: Pronunciation) -> Pronunciation:
    last = pronunciation[-1]
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return (*pronunciation, "IH0", "Z")
    return (*pronunciation, "S" if last in {"P", "T", "K", "F", "TH"} else "Z")


def _count_by_spelling(word: str) -> int:
    runs = len(_VOWEL_RUN.findall(word))
    silent_e = word.endswith("e") and not word.endswith("le") and runs > 1
    return max(1, runs - silent_e)
