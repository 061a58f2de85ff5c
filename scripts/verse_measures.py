"""What can be counted in verses that were served: every figure as hits of how many.

All figures are of written bars, not of the opening's.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from bars.meter import agreement, flexible_stress, syllables
from bars.plan import BarPlan, plan_verse
from bars.prompt import examples
from bars.pronunciation import hear
from bars.rhyme import rhyme, rhymes_strictly, usual_rhyme
from bars.rhyme_rules import RhymeKind
from bars.scores import distinct
from bars.text import last_word, runs, words_of
from bars.verse import VerseRequest
from scripts.plain_rhyme import knows, plainly_rhyme

AGREES = 0.9  # of a bar's stress with the verse's, by `bars.meter.agreement`
RUN = 3  # words in a row that no two bars should share
_OFTEN = 0.05  # of the verses begin with the same three words: a start that says nothing
_MOST_WORDS = 40
_MARKS = frozenset("#|[]{}<>\\/=_")  # of prompts, never of a bar
_SAME = {RhymeKind.IDENTICAL, RhymeKind.HOMOPHONE}
_SLANT = {RhymeKind.PERFECT, RhymeKind.MOSAIC, RhymeKind.SLANT, RhymeKind.PROMOTED, RhymeKind.MULTI}
Tally = dict[str, tuple[float, int]]


@dataclass(frozen=True)
class ServedVerse:
    """A verse as it was asked for and as it came; `bars` begin with the opening's, and may end
    early."""

    request: VerseRequest
    bars: tuple[str, ...]
    tokens: int = 0  # that the model computed

    @property
    def plans(self) -> tuple[BarPlan, ...]:
        """Those of the bars that came and were not given by the visitor."""
        begin = len(self.request.opening)
        return tuple(p for p in plan_verse(self.request)[begin : len(self.bars)] if not p.kept)

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(self.bars[plan.index] for plan in self.plans)

    @property
    def asked(self) -> int:
        """How many bars were to be written."""
        plans = plan_verse(self.request)[len(self.request.opening) :]
        return sum(not plan.kept for plan in plans)

    def heard(self, place: int) -> str:
        """A bar as the visitor says it."""
        return self.request.sounds.on(self.bars[place])

    def partners(self, plan: BarPlan) -> list[str]:
        """The bars with which a bar is to rhyme, as far as they came, as the visitor says them."""
        return [self.heard(place) for place in plan.partners if place < len(self.bars)]


def measure(verses: Sequence[ServedVerse]) -> dict[str, float | None]:
    """Every figure by its name; none where nothing was asked for that it could count."""
    tallies = [_rhymes(v) | _syllables(v) | _repetition(v) for v in verses]
    names = dict.fromkeys(name for tally in tallies for name in tally)
    figures = {name: _share(tally[name] for tally in tallies) for name in names}
    written = sum(len(v.written) for v in verses)
    asked = sum(v.asked for v in verses)
    return {
        **figures,
        "bars_given": written / asked if asked else None,
        "degenerate": _share([(len(degenerate(verses)), written)]),
        **_variety(verses),
        **_stress(verses),
        "tokens_per_bar": sum(v.tokens for v in verses) / written if written else None,
    }


def _share(tallies: Iterable[tuple[float, int]]) -> float | None:
    hits, of = map(sum, zip(*tallies, strict=True))
    return hits / of if of else None


def rhymes_as_asked(end: str, other: str) -> bool:
    """Whether two words make a perfect rhyme that may be promised.

    Listed words must rhyme however they are read, and by the plain rule too; for others our
    prediction counts.
    """
    if hear(end, False).known and hear(other, False).known:
        plain = plainly_rhyme(end, other) if knows(end) and knows(other) else True
        return rhymes_strictly(end, other) and plain
    return usual_rhyme(end, other).kind is RhymeKind.PERFECT


def _rhymes(verse: ServedVerse) -> Tally:
    perfect, slant, same = list[bool](), list[bool](), list[bool]()
    for plan in verse.plans:
        bar, partners = verse.heard(plan.index), verse.partners(plan)
        if not partners or any(_ends_masked(each) for each in (bar, *partners)):
            continue
        end, ends = last_word(bar), [last_word(partner) for partner in partners]
        kinds = {rhyme(other, end).kind for other in ends}
        same.append(bool(kinds & _SAME))
        if verse.request.rhyme == "perfect":
            perfect.append(all(rhymes_as_asked(other, end) for other in ends))
        else:
            slant.append(kinds <= _SLANT)
    return {"perfect": _tally(perfect), "slant": _tally(slant), "identical": _tally(same)}


def _ends_masked(bar: str) -> bool:
    """Whether the last word is shown with asterisks, so that nobody can hear it."""
    return any("*" in word for word in bar.split()[-1:])


def _tally(hits: Sequence[bool]) -> tuple[float, int]:
    return sum(hits), len(hits)


def _syllables(verse: ServedVerse) -> Tally:
    misses = [
        abs(syllables(verse.heard(plan.index)).nearest(plan.target) - plan.target)
        for plan in verse.plans
        if plan.target
    ]
    return {
        "syllables_exact": _tally([miss == 0 for miss in misses]),
        "syllables_within_1": _tally([miss <= 1 for miss in misses]),
    }


def degenerate(verses: Sequence[ServedVerse]) -> list[tuple[str, str]]:
    """Every written bar that is none, with what is wrong with it."""
    starts = Counter(_start(verse) for verse in verses)
    often = max(3, _OFTEN * len(verses))
    found = []
    for verse in verses:
        faults = [_fault(bar) for bar in verse.written]
        start = _start(verse)
        if start and starts[start] >= often:
            faults[0] = faults[0] or "common start"
        found += [(bar, fault) for bar, fault in zip(verse.written, faults, strict=True) if fault]
    return found


def _start(verse: ServedVerse) -> tuple[str, ...]:
    return tuple(words_of(verse.written[0])[:3]) if verse.written else ()


def _fault(bar: str) -> str:
    words = words_of(bar)
    if not words:
        return "no word"
    if _MARKS & set(bar) or any(char.isdigit() for char in bar):
        return "leaked prompt"
    if len(words) > _MOST_WORDS:
        return "endless"
    if "*" in bar:  # a masked word
        return ""
    unheard = [word for word in words if not hear(word, predict=False).known]
    return f"half word {unheard[0]}" if unheard else ""


def _repetition(verse: ServedVerse) -> Tally:
    """Bars that say again what another bar of the verse or the prompt's examples say."""
    lines = [tuple(words_of(bar)) for bar in verse.bars]
    shown = {
        run for example in examples() for bar in example.bars for run in runs(words_of(bar), RUN)
    }
    written = [plan.index for plan in verse.plans]
    ends = [line[-1] if line else "" for line in lines]
    others = [{run for line in _but(lines, i) for run in runs(line, RUN)} for i in written]
    own = [runs(lines[i], RUN) for i in written]
    return {
        "repeated_bars": _tally([lines[i] in _but(lines, i) for i in written]),
        "repeated_rhyme_words": _tally([ends[i] in _but(ends, i) for i in written]),
        "shared_runs": _tally(
            [bool((known | shown) & set(said)) or len(set(said)) < len(said)
             for known, said in zip(others, own, strict=True)]
        ),
    }  # fmt: skip


def _but(items: Sequence[Any], place: int) -> Sequence[Any]:
    """All but one."""
    return [*items[:place], *items[place + 1 :]]


def _variety(verses: Sequence[ServedVerse]) -> dict[str, float | None]:
    told = [verse.written for verse in verses if verse.written]
    everything = [bar for bars in told for bar in bars]
    ends = Counter(
        last_word(verse.bars[plan.index]) for verse in verses for plan in verse.plans if plan.letter
    )
    most = sum(count for _, count in ends.most_common(5))
    return {
        "distinct_2": fmean(distinct(bars, 2) for bars in told) if told else None,
        "distinct_2_over_all": distinct(everything, 2) if told else None,
        "top_rhyme_words": most / ends.total() if ends else None,
    }


def _stress(verses: Sequence[ServedVerse]) -> dict[str, float | None]:
    """Bars that are stressed as the first one of their verse, and as that of another verse."""
    patterns = [flexible_stress(verse.bars[0]) for verse in verses if verse.bars]
    later = [
        [verse.bars[plan.index] for plan in verse.plans if plan.index] for verse in verses
        if verse.bars
    ]  # fmt: skip
    others = patterns[1:] + patterns[:1]
    return {"stress": _agreeing(later, patterns), "stress_chance": _agreeing(later, others)}


def _agreeing(verses: Sequence[Sequence[str]], patterns: Sequence[str]) -> float | None:
    pairs = zip(verses, patterns, strict=True)
    hits = [agreement(bar, pattern) >= AGREES for bars, pattern in pairs for bar in bars]
    return _share([_tally(hits)])
