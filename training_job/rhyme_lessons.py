"""Lessons about what rhymes: words that rhyme with a word, and the plans of verses without bars.

A small model learns which words rhyme by meeting each of them many times, so that these lessons
keep to common words, and a word comes twice as often for each unit of Zipf.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, islice

from bars.prompt import Lesson, plan_lesson, rhyme_lesson
from bars.rhyme import rhymes_strictly
from bars.rhyme_index import find_rhymes
from bars.scheme import letters
from training_job.split import unit_hash
from training_job.verses import sound_alike

COMMON = 4.0  # Zipf: rarer words are not taught to rhyme
SCHEMES = ("AABB", "ABAB", "ABBA", "AAAA")
PLANNED = 8  # bars of a plan
COUNTS = range(8, 13)  # syllables of its bars
_PARTNERS = 20  # the commonest rhymes of a word, of which some are drawn
_TRIES = 20  # words among which one with enough rhymes is looked for
_TAUGHT = 12  # at most in one lesson


class RhymingWords:
    """The common words among some, and which of them rhyme."""

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = {word: zipf for word, zipf in words.items() if zipf >= COMMON}
        self.partners = cache(self._partners)

    def _partners(self, word: str) -> tuple[str, ...]:
        """The commonest words that rhyme perfectly with a word, the commonest first."""
        fitting = (
            each.word
            for each in find_rhymes(word, near=False, limit=10 * _PARTNERS)
            if each.word in self.words
            and rhymes_strictly(word, each.word)
            and not sound_alike(word, each.word)
        )
        return tuple(islice(fitting, _PARTNERS))


def rhyme_lessons(words: RhymingWords, drawn: Sequence[str], seed: int) -> Iterator[Lesson]:
    """Words in the order in which they are drawn, each with some of its rhymes; first every word
    once, then again and again with others, common ones longest.

    Half of the lessons name three rhymes or fewer, since a plan asks for one.
    """
    for turn in range(_turns(max(words.words.values(), default=0.0))):
        for word in drawn:
            if turn < _turns(words.words[word]) and (partners := words.partners(word)):
                others = sorted(partners, key=lambda o: unit_hash(seed, turn, word, o))
                taught = int((_TAUGHT + 1) ** unit_hash(seed, "taught", turn, word))
                yield rhyme_lesson(word, others[:taught])


def _turns(zipf: float) -> int:
    return round(2.0 ** (zipf - COMMON + 1)) if zipf >= COMMON else 0


def plan_lessons(words: RhymingWords, wanted: int, seed: int) -> Iterator[Lesson]:
    """So many plans of verses without bars; fewer where words have too few rhymes."""
    opening = [word for word in words.words if words.partners(word)]
    weights = list(accumulate(2.0 ** words.words[word] for word in opening))
    for number in range(wanted if opening else 0):
        draw = random.Random(f"plan {seed} {number}")  # nosec B311  # lessons
        scheme = letters(draw.choice(SCHEMES), PLANNED)
        ends: dict[str | None, list[str]] = {
            letter: _group(words, draw.choices(opening, cum_weights=weights, k=_TRIES), size, draw)
            for letter, size in Counter(scheme).items()
        }
        if all(ends.values()):
            usual = draw.choice(COUNTS)
            counts = [usual + draw.choice((-1, 0, 0, 1)) for _ in scheme]
            yield plan_lesson(scheme, counts, [ends[letter].pop() for letter in scheme])


def _group(
    words: RhymingWords, openers: Sequence[str], size: int, draw: random.Random
) -> list[str]:
    """So many words of which all rhyme with all, around one of some words; or none."""
    for opener in openers:
        group = [opener]
        partners = words.partners(opener)
        for word in draw.sample(partners, len(partners)):
            if len(group) < size and all(word in words.partners(other) for other in group):
                group.append(word)
        if len(group) == size:
            return group
    return []
