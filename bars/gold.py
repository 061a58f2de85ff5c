"""Rhymes that people marked, and how well they are found.

The format is that of the Chicago Rhyming Poetry Corpus (Sonderegger and Reddy): each stanza has
three lines, `POEM<n>` and the end words, the stanza's scheme in numbers, the poem's scheme.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.rhyme_scheme import (
    FARTHEST,
    STRONG_EVIDENCE,
    Scheme,
    evidence,
    find_schemes,
    linked_pairs,
)

COUNTED = (
    RhymeKind.PERFECT, RhymeKind.MOSAIC, RhymeKind.MULTI, RhymeKind.SLANT, RhymeKind.PROMOTED,
    RhymeKind.EYE, RhymeKind.HOMOPHONE, RhymeKind.IDENTICAL, RhymeKind.OLD,
)  # fmt: skip
Pairs = set[tuple[int, int]]


class GoldUnreadable(ValueError):
    """A file is not in the gold format; the message says where and how to mend it."""


@dataclass(frozen=True)
class GoldStanza:
    """The end words of a stanza, lower case, and a number for each; equal numbers rhyme."""

    poem: str
    ends: tuple[str, ...]
    scheme: tuple[int, ...]

    def pairs(self) -> Pairs:
        return pairs_of(self.scheme)


@dataclass
class Counts:
    """Calls on pairs of lines against what people marked."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: Pairs, marked: Pairs) -> None:
        self.right += len(found & marked)
        self.wrong += len(found - marked)
        self.missed += len(marked - found)

    @property
    def precision(self) -> float | None:
        return _ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return _ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def to_json(self) -> dict[str, float | None]:
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def pairs_of(scheme: Sequence[object]) -> Pairs:
    """Pairs of lines, at most six apart, that a scheme says rhyme."""
    lines = range(len(scheme))
    return {
        (i, j) for i in lines for j in lines[i + 1 : i + FARTHEST + 1] if scheme[i] == scheme[j]
    }


def read_gold(text: str) -> tuple[list[GoldStanza], int]:
    """The stanzas of a file, and how many were left out because words and scheme differ in length.

    Raises GoldUnreadable for text that is not in the format at all.
    """
    found, skipped = [], 0
    for number, block in enumerate(filter(None, map(str.strip, text.split("\n\n"))), 1):
        lines = block.splitlines()
        if len(lines) < 2 or not lines[0].startswith("POEM"):
            raise GoldUnreadable(
                f"Stanza {number} begins with {lines[0][:40]!r}; it must have three lines: "
                "POEM<n> and the end words, the stanza's scheme, the poem's scheme."
            )
        poem, *ends = lines[0].split()
        marks = lines[1].split()
        if not all(mark.isdigit() for mark in marks):
            raise GoldUnreadable(
                f"The scheme of stanza {number} is {lines[1][:40]!r}; it must be of numbers."
            )
        if len(ends) != len(marks):
            skipped += 1
            continue
        words = tuple(end.lower() for end in ends)
        found.append(GoldStanza(poem, words, tuple(map(int, marks))))
    return found, skipped


@dataclass
class GoldScore:
    """How well the rhymes of one file are found; `to_json` is what `score_rhymes` prints."""

    pairs: int = 0
    any: Counts = field(default_factory=Counts)
    strong: Counts = field(default_factory=Counts)
    stanza: Counts = field(default_factory=Counts)
    called: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)
    stanzas: int = 0
    exact: int = 0
    stanza_exact: int = 0
    skipped: int = 0
    chance: float | None = None
    lines_per_second: float = 0.0

    def to_json(self) -> dict[str, Any]:
        calls = sum(self.called.values())
        return {
            "pairs": self.pairs,
            "stanzas": self.stanzas,
            "skipped": self.skipped,
            "any": self.any.to_json(),
            "strong": self.strong.to_json(),
            "kinds": {
                kind: {
                    "share": _ratio(self.called[kind], calls),
                    "precision": _ratio(self.marked[kind], self.called[kind]),
                }
                for kind in COUNTED
                if self.called[kind]
            },
            "exact": _ratio(self.exact, self.stanzas),
            "stanza": {"f1": self.stanza.f1, "exact": _ratio(self.stanza_exact, self.stanzas)},
            "chance": self.chance,
            "lines_per_second": round(self.lines_per_second),
        }


def score_gold(stanzas: Sequence[GoldStanza], skipped: int = 0, deals: int = 20) -> GoldScore:
    """Find the rhymes of every stanza, by pairs and as a whole, and compare with the marks.

    `chance` is the mean F1 by pairs when the same end words are dealt again to the lines of the
    file, `deals` times, seeded.
    """
    score = GoldScore(skipped=skipped, stanzas=len(stanzas))
    began = time.perf_counter()
    links = [linked_pairs(stanza.ends) for stanza in stanzas]
    seconds = time.perf_counter() - began
    score.lines_per_second = sum(len(s.ends) for s in stanzas) / seconds if seconds else 0.0
    wholes = map(pairs_of, _schemes(stanzas))
    for stanza, found, whole in zip(stanzas, links, wholes, strict=True):
        marked = stanza.pairs()
        score.pairs += len(marked)
        score.any.add(found, marked)
        score.exact += found == marked
        score.stanza.add(whole, marked)
        score.stanza_exact += whole == marked
        kinds = {(i, j): rhyme(stanza.ends[i], stanza.ends[j]) for i, j in found}
        score.called.update(heard.kind for heard in kinds.values())
        score.marked.update(kinds[pair].kind for pair in found & marked)
        score.strong.add({p for p in found if evidence(kinds[p]) >= STRONG_EVIDENCE}, marked)
    score.chance = _chance(stanzas, deals)
    return score


def _schemes(stanzas: Sequence[GoldStanza]) -> list[Scheme]:
    """The scheme of each stanza, decided as a whole and in sight of its poem's other stanzas."""
    poems = (list(poem) for _, poem in groupby(stanzas, key=lambda stanza: stanza.poem))
    return [scheme for poem in poems for scheme in find_schemes([s.ends for s in poem])]


def _chance(stanzas: Sequence[GoldStanza], deals: int) -> float | None:
    dealer = random.Random(0)  # nosec B311  # dealt for a measure
    words = [end for stanza in stanzas for end in stanza.ends]
    counts = Counts()
    for _ in range(deals):
        dealer.shuffle(words)
        cuts = [0]
        for stanza in stanzas:
            cuts.append(cuts[-1] + len(stanza.ends))
        for stanza, (start, end) in zip(stanzas, pairwise(cuts), strict=True):
            counts.add(linked_pairs(words[start:end]), stanza.pairs())
    return counts.f1


def mean_of(scores: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The mean of the figures of several files, each file with equal weight."""
    readers: dict[str, Callable[[dict[str, Any]], float | None]] = {
        "f1": lambda s: s["any"]["f1"],
        "precision": lambda s: s["any"]["precision"],
        "recall": lambda s: s["any"]["recall"],
        "strong_precision": lambda s: s["strong"]["precision"],
        "exact": lambda s: s["exact"],
        "stanza_f1": lambda s: s["stanza"]["f1"],
        "stanza_exact": lambda s: s["stanza"]["exact"],
        "chance": lambda s: s["chance"],
        "lines_per_second": lambda s: s["lines_per_second"],
    }
    return {name: _mean(map(read, scores)) for name, read in readers.items()}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
