"""Syllables and stress of a bar."""

from dataclasses import dataclass

from bars.pronunciation import hear, is_vowel
from bars.text import words_of


@dataclass(frozen=True)
class Syllables:
    """Fewest and most syllables that a bar can be spoken with."""

    low: int
    high: int

    def nearest(self, target: int | None) -> int:
        """The possible count that is nearest to the target; the fewest without one."""
        return self.low if target is None else min(max(target, self.low), self.high)


def syllables(bar: str) -> Syllables:
    counts = [hear(word).syllables for word in words_of(bar)]
    return Syllables(sum(low for low, _ in counts), sum(high for _, high in counts))


def stress(bar: str) -> str:
    """A digit for each syllable by the usual pronunciations: 1 stressed, 0 not, ? unheard."""
    return "".join(map(_stress_of, words_of(bar)))


def _stress_of(word: str) -> str:
    heard = hear(word)
    if not heard.pronunciations:
        return "?" * heard.syllables[0]
    vowels = filter(is_vowel, heard.pronunciations[0])
    return "".join("0" if vowel.endswith("0") else "1" for vowel in vowels)
