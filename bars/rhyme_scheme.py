"""Which lines of a stanza rhyme with one another, decided for the stanza as a whole.

Each pair of lines gives evidence for or against a rhyme; the scheme is the grouping of lines that
the evidence of all pairs supports best (correlation clustering, Bansal et al. 2004). What people
usually write decides where sound leaves it open.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from math import log1p

from bars.rhyme import rhyme
from bars.rhyme_rules import Rhyme, RhymeKind

FARTHEST = 6  # lines between which a rhyme is heard
Scheme = tuple[int, ...]  # a number for each line; equal numbers rhyme
Evidence = dict[tuple[int, int], float]

# evidence in log-odds, rounded; from the precision of each kind in marked verse
_EVIDENCE = {
    RhymeKind.PERFECT: 4.0,
    RhymeKind.MOSAIC: 3.5,
    RhymeKind.HOMOPHONE: 3.0,
    RhymeKind.IDENTICAL: 2.0,
    RhymeKind.EYE: 3.0,
    RhymeKind.MULTI: 1.0,
    RhymeKind.SLANT: 0.5,
    RhymeKind.PROMOTED: 2.5,
    RhymeKind.OLD: 0.5,
    RhymeKind.CONSONANCE: -1.5,
    RhymeKind.ASSONANCE: -3.0,
    RhymeKind.NONE: -4.0,
}
_FINER = {
    "s and z, th and dh, f and v": 3.5,
    "a light last syllable is promoted": 0.5,
    "the old sound of -y": 2.0,
    "consonants of one manner": -2.5,
}
# what differs for an ear that listens to rap: spelling and custom count for nothing
_RAP = {
    RhymeKind.EYE: -1.5,
    RhymeKind.OLD: -2.0,
    "a light last syllable is promoted": -2.0,
    "the old sound of -y": -1.5,
    "consonants of one manner": 0.5,
}
STRONG_EVIDENCE = 2.0
_LONE_LINE = 0.75  # evidence against a line without a partner
_CUSTOMARY = 4.0  # evidence for a scheme that poets use
_AGREEMENT = 2.0  # evidence for a scheme that other stanzas have, times log(1 + their number)
_ROUNDS = 2


class Ear(StrEnum):
    """Whose rhymes are heard: those of printed poems, or those of rap."""

    POETRY = "poetry"
    RAP = "rap"


def evidence(found: Rhyme, ear: Ear = Ear.POETRY) -> float:
    """How much a pair speaks for one rhyme group, in log-odds."""
    if ear is Ear.RAP and (found.rule in _RAP or found.kind in _RAP):
        return _RAP.get(found.rule, _RAP.get(found.kind, 0.0))
    return _FINER.get(found.rule, _EVIDENCE[found.kind])


def rhymes_here(first: str, second: str, ear: Ear = Ear.RAP) -> bool:
    """Whether two line ends are heard as a rhyme, taken by themselves."""
    return evidence(rhyme(first, second), ear) > 0


def linked_pairs(
    ends: Sequence[str], ear: Ear = Ear.POETRY, hear: Callable[[str, str], Rhyme] = rhyme
) -> set[tuple[int, int]]:
    """Pairs of lines that rhyme, judged one by one.

    A weak link falls where both lines have a strong partner.
    """
    weights = _weights(ends, ear, hear)
    strong = {i for pair, weight in weights.items() if weight >= STRONG_EVIDENCE for i in pair}
    return {
        pair
        for pair, weight in weights.items()
        if weight >= STRONG_EVIDENCE or (weight > 0 and not strong.issuperset(pair))
    }


def find_scheme(ends: Sequence[str], ear: Ear = Ear.POETRY) -> Scheme:
    """The scheme of a stanza from the ends of its lines."""
    return find_schemes([ends], ear)[0]


def find_schemes(
    stanzas: Sequence[Sequence[str]],
    ear: Ear = Ear.POETRY,
    hear: Callable[[str, str], Rhyme] = rhyme,
) -> list[Scheme]:
    """The schemes of all stanzas of one poem or song.

    Stanzas of equal length tend to share their scheme: each is heard by itself, then again with
    a leaning towards what the others have.
    """
    weights = [_weights(ends, ear, hear) for ends in stanzas]
    options = [_options(len(e), w) for e, w in zip(stanzas, weights, strict=True)]
    found = [_choose(o, w, {}) for o, w in zip(options, weights, strict=True)]
    for _ in range(_ROUNDS if len(stanzas) > 1 else 0):
        votes = Counter(found)
        found = [
            _choose(options[i], weights[i], _leaning(votes, found[i])) for i in range(len(stanzas))
        ]
    return found


def _leaning(votes: Counter[Scheme], own: Scheme) -> dict[Scheme, float]:
    """What the other stanzas of this length say for their schemes."""
    return {
        scheme: _AGREEMENT * log1p(count - (scheme == own))
        for scheme, count in votes.items()
        if len(scheme) == len(own)
    }


def _options(lines: int, weights: Evidence) -> set[Scheme]:
    """Schemes worth a look: the customary ones, and what can be climbed to from the best."""
    starts = [tuple(range(lines)), *customary_schemes(lines)]
    return {*starts, *(_climb(start, weights) for start in _best(starts, weights))}


def _choose(options: set[Scheme], weights: Evidence, leaning: dict[Scheme, float]) -> Scheme:
    def worth(scheme: Scheme) -> tuple[float, Scheme]:
        return _worth(scheme, weights) + leaning.get(scheme, 0.0), scheme

    return max(options | set(leaning), key=worth)


def _weights(ends: Sequence[str], ear: Ear, hear: Callable[[str, str], Rhyme]) -> Evidence:
    return {
        (i, j): evidence(hear(ends[i], ends[j]), ear)
        for i in range(len(ends))
        for j in range(i + 1, min(len(ends), i + FARTHEST + 1))
    }


def _best(schemes: list[Scheme], weights: Evidence) -> list[Scheme]:
    return sorted(schemes, key=lambda scheme: _worth(scheme, weights))[-2:] + schemes[:1]


def _worth(scheme: Scheme, weights: Evidence) -> float:
    heard = sum(w for (i, j), w in weights.items() if scheme[i] == scheme[j])
    alone = sum(scheme.count(group) == 1 for group in scheme)
    custom = _CUSTOMARY if scheme in customary_schemes(len(scheme)) else 0.0
    return heard - _LONE_LINE * alone + custom


def _climb(scheme: Scheme, weights: Evidence) -> Scheme:
    """Move single lines between groups while the stanza gains; custom has no say in it."""
    groups = list(scheme)
    beside: dict[int, list[tuple[int, float]]] = {line: [] for line in range(len(groups))}
    for (i, j), weight in weights.items():
        beside[i].append((j, weight))
        beside[j].append((i, weight))
    for _ in range(4 * len(groups)):  # each move gains, so this ends; the bound is for safety
        gain, line, group = max((_best_move(i, groups, beside[i]) for i in beside), default=_STAY)
        if gain <= 0:
            break
        groups[line] = group
    return normal(groups)


_STAY = (0.0, 0, 0)


def _best_move(
    line: int, groups: list[int], beside: list[tuple[int, float]]
) -> tuple[float, int, int]:
    """What the line gains in the group that suits it best, the line, and that group."""
    support = {groups[line]: 0.0, max(groups) + 1: 0.0}
    for other, weight in beside:
        support[groups[other]] = support.get(groups[other], 0.0) + weight
    for group in support:
        others = groups.count(group) - (group == groups[line])
        support[group] += {0: -_LONE_LINE, 1: _LONE_LINE}.get(others, 0.0)
    best = max(support, key=lambda group: support[group])
    return support[best] - support[groups[line]], line, best


def normal(scheme: Sequence[object]) -> Scheme:
    """The scheme with its groups numbered in the order in which they appear, from 0."""
    names: dict[object, int] = {}
    return tuple(names.setdefault(group, len(names)) for group in scheme)


_UNITS = ("AA", "ABAB", "ABBA", "ABCB", "AABA", "AAA", "AAB CCB", "ABAAB", "ABABB", "ABAB CC")
_WHOLE = ("ABABABCC", "ABABBCBCC", "ABAB CDCD EFEF GG", "ABBA ABBA CDE CDE", "ABBA ABBA CDCDCD")


@cache
def customary_schemes(lines: int) -> frozenset[Scheme]:
    """Schemes of so many lines that are made by repeating one of the usual units."""
    found = {normal(w.replace(" ", "")) for w in _WHOLE if len(w.replace(" ", "")) == lines}
    for unit in (u.replace(" ", "") for u in _UNITS):
        if lines and lines % len(unit) == 0:
            rounds = [(r, letter) for r in range(lines // len(unit)) for letter in unit]
            found.add(normal(rounds))
    return frozenset(found)
