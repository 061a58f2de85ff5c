"""Syllables, stress, and where the syllables of a bar fall on the beat."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bars.ending import FLEXIBLE
from bars.pronunciation import hear, is_vowel
from bars.text import words_of

STEPS = 16  # sixteenths of a 4/4 bar; the beats are at 0, 4, 8 and 12
_LAST_BEAT = 12
# how strong each step is, after the grid of Lerdahl and Jackendoff (1983), chapter 4
_STRENGTH = (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 3, 0, 1, 0)
_LANDING = 20.0  # for the rhyme to land on the last beat
_UNEVEN = 0.15  # against each step between two syllables beyond the even distance
_PAUSE = re.compile(r"[,;:.!?…–—]+(?=\s|$)")


@dataclass(frozen=True)
class Syllables:
    """Fewest and most syllables that a bar can be spoken with."""

    low: int
    high: int

    def nearest(self, target: int | None) -> int:
        """The possible count that is nearest to the target; the fewest without one."""
        return self.low if target is None else min(max(target, self.low), self.high)

    def __contains__(self, count: int) -> bool:
        return self.low <= count <= self.high


def syllables(bar: str) -> Syllables:
    counts = [hear(word).syllables for word in words_of(bar)]
    return Syllables(sum(low for low, _ in counts), sum(high for _, high in counts))


def stress(bar: str) -> str:
    """A digit for each syllable by the usual pronunciations: 1 stressed, 0 not, ? unheard."""
    return "".join(map(stress_of, words_of(bar)))


def stress_of(word: str) -> str:
    """As `stress`, for one lower-case word."""
    heard = hear(word)
    if not heard.pronunciations:
        return "?" * heard.syllables[0]
    vowels = filter(is_vowel, heard.pronunciations[0])
    return "".join("0" if vowel.endswith("0") else "1" for vowel in vowels)


def flexible_stress(bar: str) -> str:
    """As `stress`, with ? for small words of one syllable, which take the stress of their place."""
    return "".join("?" if word in FLEXIBLE else stress_of(word) for word in words_of(bar))


def agreement(bar: str, pattern: str) -> float:
    """How far a bar's stress follows a pattern such as 01010101, from 0 to 1.

    1 - edit distance / longer length (Erato, Agirrezabal et al. 2023); a flexible or unheard
    syllable agrees with either digit. Raises ValueError for other characters than 0, 1 and ?.
    """
    if not set(pattern) <= set("01?"):
        raise ValueError(f"A stress pattern has the digits 0 and 1, not {pattern!r}.")
    heard = flexible_stress(bar)
    longest = max(len(heard), len(pattern))
    return 1 - _edits(heard, pattern) / longest if longest else 1.0


def _edits(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            same = a == b or "?" in (a, b)
            row.append(min(before[j - 1] + (not same), before[j] + 1, row[-1] + 1))
        before = row
    return before[-1]


def beat_slots(bar: str) -> tuple[int, ...]:
    """The step of a 4/4 bar, 0 to 15, on which each syllable falls in a natural delivery.

    Stressed syllables take strong steps, the rhyme lands on the last beat, the rest is spread
    evenly: the best placement by dynamic programming. More than 16 syllables share steps.
    """
    stresses = flexible_stress(bar)
    grid = 1 if len(stresses) <= STEPS else -(-len(stresses) // STEPS)
    landing = _landing(bar, len(stresses))
    return tuple(step // grid for step in _placed(stresses, landing, STEPS * grid, grid))


def _landing(bar: str, count: int) -> int:
    """The syllable that carries the rhyme: the last stressed one of the last word."""
    words = words_of(bar)
    if not words:
        return -1
    last = stress_of(words[-1])
    return count - len(last) + max(last.rfind("1"), 0)


def _placed(stresses: str, landing: int, steps: int, grid: int) -> list[int]:
    count = len(stresses)
    if not count:
        return []
    even = steps / count
    farthest = max(4 * grid, round(2 * even))  # steps between two syllables
    spare = steps - count  # the i-th syllable stands between steps i and i + spare
    best = {step: _worth(stresses[0], step, landing == 0, grid) for step in range(spare + 1)}
    back: list[dict[int, int]] = []
    for i in range(1, count):
        row, chosen = {}, {}
        for step in range(i, i + spare + 1):
            gain, chosen[step] = max(
                (best[p] - _UNEVEN * abs(step - p - even), p)
                for p in range(max(i - 1, step - farthest), step)
                if p in best
            )
            row[step] = gain + _worth(stresses[i], step, i == landing, grid)
        best = row
        back.append(chosen)
    place = max(best, key=lambda step: best[step])
    placed = [place]
    for chosen in reversed(back):
        place = chosen[place]
        placed.append(place)
    return placed[::-1]


def _worth(stress_mark: str, step: int, lands: bool, grid: int) -> float:
    strength = _STRENGTH[step // grid] if step % grid == 0 else 0
    weight = {"1": 1.0, "0": -0.5}.get(stress_mark, 0.2)
    return weight * strength + (_LANDING if lands and step == _LAST_BEAT * grid else 0.0)


@dataclass(frozen=True)
class Breath:
    """How a bar is breathed: the phrases between pauses in syllables, and syllables a beat."""

    phrases: tuple[int, ...]
    density: float

    @property
    def longest(self) -> int:
        """Syllables of the longest phrase that is spoken on one breath."""
        return max(self.phrases, default=0)


def breath(bar: str) -> Breath:
    """Phrases end where punctuation does; a bar has four beats."""
    cuts = [0, *(match.end() for match in _PAUSE.finditer(bar)), len(bar)]
    counts = (syllables(bar[a:b]).low for a, b in pairwise(cuts))
    phrases = tuple(count for count in counts if count)
    return Breath(phrases, sum(phrases) / 4)


def longest_breath(bars: Sequence[str]) -> int:
    """The most syllables of a verse between two pauses; the end of a bar is one."""
    return max((breath(bar).longest for bar in bars), default=0)
