"""Finished candidates for one bar, and which of them stands.

After the prototypes' findings: likelihood is capped, because its maximum is dull; the ending
counts on its own, because forced endings read badly; repetition costs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from bars.spoken import tokens_of
from bars.text import words_of
from bars.verse_sound import rhyming_words

LIKELY_ENOUGH = -1.6  # mean natural log-probability a token, beyond which a bar is not better
ENDING = 0.35  # what the log-probability of an ending weighs beside that of a token
_MISSED_SYLLABLE = 1.5
_REPEATED_WORD = 0.25
_REPEATED_END = 2.0  # the last word, within its line
_REPEATED_START = 1.5  # two words
INTERNAL_RHYME = 0.5  # what one is worth
_MOST_INTERNAL = 3


@dataclass(frozen=True)
class Price:
    """Natural log-probabilities of a line after a plan that names no end word: `likely` of a token
    on average, `ending` of the last word and the line end together."""

    likely: float
    ending: float


@dataclass(frozen=True)
class Candidate:
    """A whole line with its end word.

    `banked` is its rough worth while it was written; `price` is exact, where nothing more needs to
    be read for it.
    """

    text: str
    banked: float
    miss: int  # syllables beside the target
    end_tokens: int = 0  # tokens of the end word
    price: Price | None = None


def best_banked(
    bank: Sequence[Candidate], most: int, a_word: int, may_stand: Callable[[Candidate], bool]
) -> list[Candidate]:
    """The best lines that may stand, each once, at most some for one end word; a line that misses
    fewer syllables comes before the better one."""
    taken: dict[str, Candidate] = {}
    count: dict[str, int] = {}
    for candidate in sorted(bank, key=lambda c: (c.miss, -c.banked)):
        end = candidate.text[candidate.text.rfind(" ") + 1 :]
        if candidate.text in taken or count.get(end, 0) == a_word or not may_stand(candidate):
            continue
        taken[candidate.text] = candidate
        count[end] = count.get(end, 0) + 1
        if len(taken) == most:
            break
    return list(taken.values())


def price_of(scores: Sequence[float], end_tokens: int) -> Price:
    """The price of a line from those of its tokens, line end last."""
    return Price(fmean(scores), sum(scores[-1 - end_tokens :]))


def worth(price: Price) -> float:
    """How well a line of this price reads."""
    return min(price.likely, LIKELY_ENOUGH) + ENDING * price.ending


def quality(candidate: Candidate, price: Price, shown: Sequence[str]) -> float:
    """How well a line reads after the bars that were shown."""
    return worth(price) - _MISSED_SYLLABLE * candidate.miss - _repetition(candidate.text, shown)


def internal_rhymes(text: str, begun: Sequence[str]) -> int:
    """Words before the last one that rhyme inside a line, or with the line before it."""
    heard = list(rhyming_words([*begun[-1:], text]))
    own = heard[-len(tokens_of(text)) :]
    return min(_MOST_INTERNAL, sum(rhymes for _, rhymes in own[:-1]))


def _repetition(text: str, shown: Sequence[str]) -> float:
    words = words_of(text)
    before = {word for bar in shown for word in words_of(bar) if len(word) > 3}
    starts = {tuple(words_of(bar)[:2]) for bar in shown}
    repeated = sum(word in before for word in words) + len(words) - len(set(words))
    return (
        _REPEATED_WORD * repeated
        + _REPEATED_END * (words[-1] in words[:-1])
        + _REPEATED_START * (tuple(words[:2]) in starts)
    )
