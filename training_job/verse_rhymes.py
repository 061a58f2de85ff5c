"""How the bars of verses rhyme and scan, and how they would by chance."""

import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from bars.meter import Syllables, syllables
from bars.plan import BarPlan, plan_verse
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.verse_sound import line_end
from training_job.figures import RHYME_KINDS
from training_job.verse_talks import WrittenVerse

DEALS = 100
_NAMES = {
    RhymeKind.PERFECT: "perfect",
    RhymeKind.MOSAIC: "perfect",
    RhymeKind.SLANT: "slant",
    RhymeKind.PROMOTED: "slant",
    RhymeKind.MULTI: "multi",
    RhymeKind.IDENTICAL: "identical",
    RhymeKind.HOMOPHONE: "homophone",
}
_SAME = frozenset({"identical", "homophone"})
_RHYMES = frozenset({"perfect", "slant", "multi"})
Tally = dict[str, tuple[float, float]]  # by figure: hits, of


def rhyme_name(lines: Sequence[str], plan: BarPlan) -> str | None:
    """The kind of rhyme of a bar by its name among our figures; None where none was asked for.

    A bar is judged with the last bar before it of its letter; but one that ends as any of these
    does is identical, or a homophone, however well it rhymes with another.
    """
    names = [_name(line_end(lines[place]), line_end(lines[plan.index])) for place in plan.partners]
    same = [name for name in names if name in _SAME]
    return (same or names)[-1] if names else None


@lru_cache(maxsize=100_000)
def _name(end: str, other: str) -> str:
    return _NAMES.get(rhyme(end, other).kind, "no_rhyme")


def sound_tally(lines: Sequence[str], plans: Sequence[BarPlan], opening: int) -> Tally:
    """Rhymes and syllables of the bars after the opening."""
    written = plans[opening : len(lines)]
    names = [name for plan in written if (name := rhyme_name(lines, plan))]
    tally: Tally = {kind: (names.count(kind), len(names)) for kind in RHYME_KINDS}
    tally["any_rhyme"] = (sum(name in _RHYMES for name in names), len(names))
    misses = [_miss(lines[plan.index], plan.target) for plan in written if plan.target]
    tally["syllables_exact"] = (misses.count(0), len(misses))
    tally["syllables_within_1"] = (sum(miss <= 1 for miss in misses), len(misses))
    return tally


def _miss(line: str, target: int) -> int:
    return abs(_syllables(line).nearest(target) - target)


@lru_cache(maxsize=10_000)
def _syllables(line: str) -> Syllables:
    return syllables(line)


def chance_levels(
    verses: Sequence[WrittenVerse], deals: int = DEALS
) -> dict[str, dict[str, float]]:
    """Each figure of `sound_tally` when the same bars are dealt again among all verses.

    The mean over the deals, and where the middle 95 % of them lie.
    """
    bars = [bar.text for verse in verses for bar in verse.bars]
    dealer = random.Random(0)  # nosec B311  # dealt for a measure
    dealt = [_figures(verses, iter(dealer.sample(bars, len(bars)))) for _ in range(deals)]
    levels = {}
    for name in dealt[0]:
        ordered = sorted(figures[name] for figures in dealt)
        low, high = (ordered[round(at * (deals - 1))] for at in (0.025, 0.975))
        mean = sum(ordered) / deals
        levels[name] = {"value": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
    return levels


def _figures(verses: Sequence[WrittenVerse], bars: Iterator[str]) -> dict[str, float]:
    """The figures of verses whose bars are these."""
    tallies = []
    for verse in verses:
        request = verse.prompt.request
        lines = [*request.opening, *islice(bars, len(verse.bars))]
        tallies.append(sound_tally(lines, plan_verse(request), len(request.opening)))
    sums = {
        name: [sum(numbers) for numbers in zip(*(each[name] for each in tallies), strict=True)]
        for name in tallies[0]
    }
    return {name: hits / of for name, (hits, of) in sums.items() if of}
