"""Figures for a text, each with its chance level and a 95 % interval."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bars.language import Severity, find_strong
from bars.meter import syllables
from bars.pronunciation import hear, is_vowel
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.scheme import letters
from bars.text import runs, words_of
from bars.verse_sound import (
    LONGEST_STANZA,
    hear_stanza,
    line_end,
    rhyming_words,
    stanzas_of,
    token_stress,
)

DEALS = 200
MOST_LINES = 64  # the middle of a longer text stands for it
_WINDOW = 15  # words over which Raplyzer looks back
_SLANT = {RhymeKind.SLANT, RhymeKind.PROMOTED, RhymeKind.MULTI}
_SAME = {RhymeKind.IDENTICAL, RhymeKind.HOMOPHONE}
Figures = dict[str, float]


@dataclass(frozen=True)
class Score:
    """A figure of a text. `low` and `high` hold 95 % of what resampled stanzas give, `chance` is
    its mean when the same lines are dealt again, and 95 % of the deals lie from `chance_low` to
    `chance_high`."""

    value: float
    low: float
    high: float
    chance: float
    chance_low: float
    chance_high: float


def score_text(
    text: str, scheme: str | None = None, target: int | None = None, deals: int = DEALS
) -> dict[str, Score]:
    """All figures of a text; empty for a text without words.

    `scheme` is what was asked for, such as AABB; without one, the schemes that are heard stand.
    `target` is the syllables asked for; without one, the middle count of the text. The interval is
    a percentile bootstrap over couplets of lines (Efron 1979), the chance level a permutation of
    the lines; both are seeded.
    """
    lines = [line for stanza in stanzas_of(text) for line in stanza if words_of(line)]
    if not lines:
        return {}
    begin = max(0, (len(lines) - MOST_LINES) // 2)
    lines = lines[begin : begin + MOST_LINES]
    counts = sorted(syllables(line).low for line in lines)
    middle = counts[len(counts) // 2] if target is None else target
    plan = letters(scheme, len(lines)) if scheme else _heard_letters(lines)
    measure = partial(figures, plan=plan, target=middle)
    dealer = random.Random(0)  # nosec B311  # dealt for a measure
    dealt = [measure(dealer.sample(lines, len(lines))) for _ in range(deals)]
    resampled = [measure(_resampled(lines, dealer)) for _ in range(deals)]
    return {
        name: Score(value, *_middle(resampled, name), _mean(dealt, name), *_middle(dealt, name))
        for name, value in measure(lines).items()
    }


def _heard_letters(lines: Sequence[str]) -> list[str | None]:
    found: list[str | None] = []
    for begin in range(0, len(lines), LONGEST_STANZA):
        heard = hear_stanza(lines[begin : begin + LONGEST_STANZA]).lines
        found += [line.letter and f"{begin}{line.letter}" for line in heard]
    return found


def _resampled(lines: Sequence[str], dealer: random.Random) -> list[str]:
    """As many lines, drawn as couplets with replacement, each at an even place."""
    starts = range(0, len(lines) - 1, 2) or range(1)
    drawn = (dealer.choice(starts) for _ in range(-(-len(lines) // 2)))
    return [line for start in drawn for line in lines[start : start + 2]][: len(lines)]


def _mean(samples: Sequence[Figures], name: str) -> float:
    return sum(sample[name] for sample in samples) / len(samples) if samples else 0.0


def _middle(samples: Sequence[Figures], name: str) -> tuple[float, float]:
    """Where the middle 95 % of the samples lie."""
    ordered = sorted(sample[name] for sample in samples) or [0.0]
    last = len(ordered) - 1
    return ordered[round(0.025 * last)], ordered[round(0.975 * last)]


def figures(lines: Sequence[str], plan: Sequence[str | None], target: int) -> Figures:
    """Every figure of some lines by name, from 0 to 1 but for `raplyzer_density`."""
    return {
        **end_rhymes(lines, plan),
        "syllables_exact": _share([target in syllables(line) for line in lines]),
        "syllables_within_1": _share([_miss(line, target) <= 1 for line in lines]),
        "raplyzer_density": raplyzer_density(lines),
        "syllable_rhyme_density": syllable_rhyme_density(lines),
        "strong_words": _strong_words(lines),
        "distinct_1": distinct(lines, 1),
        "distinct_2": distinct(lines, 2),
        "repeated_lines": 1 - len(set(map(str.lower, lines))) / len(lines) if lines else 0.0,
    }


def _strong_words(lines: Sequence[str]) -> float:
    """Strong words and slurs over all words."""
    words = sum(len(words_of(line)) for line in lines)
    return sum(len(find_strong(line, Severity.STRONG)) for line in lines) / words if words else 0.0


def _miss(line: str, target: int) -> int:
    return abs(syllables(line).nearest(target) - target)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def end_rhymes(lines: Sequence[str], plan: Sequence[str | None]) -> Figures:
    """Shares of perfect, slant, identical and no rhyme among the lines that should rhyme.

    A line is judged with the last earlier line of its letter. Mosaic rhymes count as perfect,
    multisyllabic and promoted ones as slant, homophones as identical.
    """
    kinds, last = [], dict[str, str]()
    for line, letter in zip(lines, plan, strict=False):
        if letter:
            if letter in last:
                kinds.append(rhyme(last[letter], line_end(line)).kind)
            last[letter] = line_end(line)
    return {
        "perfect": _share([kind in {RhymeKind.PERFECT, RhymeKind.MOSAIC} for kind in kinds]),
        "slant": _share([kind in _SLANT for kind in kinds]),
        "identical": _share([kind in _SAME for kind in kinds]),
        "no_rhyme": _share([_unheard(kind) for kind in kinds]),
    }


def _unheard(kind: RhymeKind) -> bool:
    return kind not in _SLANT | _SAME | {RhymeKind.PERFECT, RhymeKind.MOSAIC}


def raplyzer_density(lines: Sequence[str]) -> float:
    """Rhyme density after Raplyzer (Malmi et al. 2016, DopeLearning, section 3.2).

    For each word the longest run of equal vowels, counted back from its end and across words,
    with any of the 15 words before it; equal words and runs of one vowel score 0; the mean over
    words. Vowels are ARPAbet's fifteen without schwa, so figures differ from those with eSpeak's.
    """
    words = [word for line in lines for word in words_of(line)]
    vowels: list[str] = []
    ends: list[int] = []
    for word in words:
        vowels += _full_vowels(word)
        ends.append(len(vowels))
    runs = [
        max((_run(vowels, ends, words, i, j) for i in range(max(0, j - _WINDOW), j)), default=0)
        for j in range(1, len(words))
    ]
    return sum(runs) / len(runs) if runs else 0.0


def _run(vowels: list[str], ends: list[int], words: list[str], i: int, j: int) -> int:
    if words[i] == words[j]:
        return 0
    run, a, b = 0, ends[i] - 1, ends[j] - 1
    while a >= 0 and b >= ends[i] and vowels[a] == vowels[b]:
        run, a, b = run + 1, a - 1, b - 1
    return run if run > 1 else 0


def _full_vowels(word: str) -> list[str]:
    pronunciations = hear(word).pronunciations
    spoken = pronunciations[0] if pronunciations else ()
    return [phoneme[:-1] for phoneme in spoken if is_vowel(phoneme) and phoneme != "AH0"]


def syllable_rhyme_density(lines: Sequence[str]) -> float:
    """Syllables of words that rhyme nearby, over all syllables (RapMetrics' scale: .2 to .5)."""
    rhyming = total = 0
    for token, rhymes in rhyming_words(lines):
        stress = token_stress(token)
        total += len(stress)
        rhyming += _carried(stress) if rhymes else 0
    return rhyming / total if total else 0.0


def _carried(stress: str) -> int:
    """The syllables of a word from its last stressed one on."""
    return len(stress) - max(stress.rfind("1"), 0)


def distinct(lines: Sequence[str], size: int) -> float:
    """Distinct runs of so many words over all such runs within lines (Li et al. 2016)."""
    found = [run for line in lines for run in runs(words_of(line), size)]
    return len(set(found)) / len(found) if found else 0.0


def to_json(scores: dict[str, Score]) -> dict[str, Any]:
    """Scores as JSON, rounded to four places."""
    return {
        name: {field: round(getattr(score, field), 4) for field in score.__dataclass_fields__}
        for name, score in scores.items()
    }
