"""What can be counted in verses that a model wrote: each figure as (hits, of) for each prompt."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from bars.plan import BarPlan, plan_verse
from bars.pronunciation import hear
from bars.text import last_word, runs, words_of
from training_job.copies import Copies
from training_job.verse_rhymes import Tally, rhyme_name, sound_tally
from training_job.verse_talks import WITH_WORDS, WrittenBar, WrittenVerse

MOST_WORDS = 40
_OFTEN = 3  # verses of a run that begin with the same three words
_RUN = 4  # words
_SIZES = (1, 2, 3)
# a heading, or a plan: A 10: hill still; A10; - 8; C -
_PLAN = re.compile(r"#|(?:[A-Z] ?|- )(?:[4-9]|1\d|20)(?!\d)|(?:[A-Z]|-) -(?:\s|$)")
Words = tuple[str, ...]


def verse_figures(
    verses: Sequence[WrittenVerse], copies: Copies
) -> dict[str, list[tuple[float, float]]]:
    """Every figure of the verses of one way, with its counts for each prompt in order."""
    starts = Counter(start_of(verse) for verse in verses)
    seen: set[Words] = set()
    by_prompt: dict[str, list[Tally]] = {}
    for verse in verses:
        by_prompt.setdefault(verse.prompt.name, []).append(_tally(verse, starts, seen, copies))
    names = dict.fromkeys(chain(*chain(*by_prompt.values())))
    return {
        name: [_sum(tally[name] for tally in tallies) for tallies in by_prompt.values()]
        for name in names
    }


def _sum(counts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    hits, of = zip(*counts, strict=True)
    return sum(hits), sum(of)


def _tally(verse: WrittenVerse, starts: Counter[Words], seen: set[Words], copies: Copies) -> Tally:
    request, lines = verse.prompt.request, verse.lines
    plans = plan_verse(request)
    faults = [fault for fault in degenerate(verse, starts) if fault]
    return {
        **sound_tally(lines, plans, len(request.opening)),
        **_plan_tally(verse, plans[len(request.opening) :]),
        "degenerate": (len(faults), len(verse.bars)),
        **_repetition_tally(verse),
        **_distinct_tally(verse, seen),
        "known_words": _known_words(verse),
        **_copy_tally(verse, copies),
    }


def _plan_tally(verse: WrittenVerse, plans: Sequence[BarPlan]) -> Tally:
    """What plans said, by the model or by us, and whether the bars kept to it."""
    pairs = list(zip(verse.bars, plans, strict=True))
    asked = [(b, plan) for b, plan in pairs if verse.way in WITH_WORDS and not b.told]
    proposed = [(b.word, plan) for b, plan in asked if len(words_of(b.word)) == 1]
    rhymes = [
        rhyme_name([*verse.lines[: plan.index], word], plan)
        for word, plan in proposed
        if plan.partners
    ]
    kept = [last_word(b.text) == last_word(b.word) for b in verse.bars if b.word]
    return {
        "word_proposed": (len(proposed), len(asked)),
        "word_rhymes": (rhymes.count("perfect"), len(rhymes)),
        "ends_as_planned": (sum(kept), len(kept)),
    }


def start_of(verse: WrittenVerse) -> Words:
    """The three words that a verse goes on with; () if there are fewer."""
    words = words_of(verse.bars[0].text)
    return tuple(words[:3]) if len(words) >= 3 else ()


def degenerate(verse: WrittenVerse, starts: Counter[Words]) -> list[str]:
    """What is wrong with each bar in itself, in a word or two; empty for a bar."""
    faults = [_fault(bar) for bar in verse.bars]
    start = start_of(verse)
    if start and starts[start] >= _OFTEN:
        faults[0] = faults[0] or "common start"
    return faults


def _fault(bar: WrittenBar) -> str:
    words = len(words_of(bar.text))
    if not bar.text:
        return "empty"
    if _PLAN.match(bar.text):
        return "plan or heading"
    if not words:
        return "no word"
    return "endless" if words > MOST_WORDS or not bar.ended else ""


def _repetition_tally(verse: WrittenVerse) -> Tally:
    """Bars that say again what their verse has said, the opening included."""
    bars: set[Words] = set()
    said: set[Words] = set()
    again, partly = 0, 0
    opening = len(verse.lines) - len(verse.bars)
    for place, line in enumerate(verse.lines):
        words = tuple(words_of(line))
        own = runs(words, _RUN)
        if place >= opening:
            again += words in bars
            partly += not said.isdisjoint(own) or len(set(own)) < len(own)
        bars.add(words)
        said.update(own)
    return {
        "repeated_bars": (again, len(verse.bars)),
        "repeated_runs": (partly, len(verse.bars)),
    }


def _distinct_tally(verse: WrittenVerse, seen: set[Words]) -> Tally:
    """Runs of words that no verse before had, and all runs (distinct-n, Li et al. 2016)."""
    tally: Tally = {}
    for size in _SIZES:
        found = [run for bar in verse.bars for run in runs(words_of(bar.text), size)]
        new = set(found) - seen
        seen |= new
        tally[f"distinct_{size}"] = (len(new), len(found))
    return tally


def _known_words(verse: WrittenVerse) -> tuple[float, float]:
    words = [word for bar in verse.bars for word in words_of(bar.text)]
    return sum(hear(word, predict=False).known for word in words), len(words)


def near_copies(bars: Iterable[str], copies: Copies) -> tuple[float, float]:
    """How many bars are like one from training, and of how many."""
    near = [bool(copies.nearest(bar)[0]) for bar in bars]
    return sum(near), len(near)


def _copy_tally(verse: WrittenVerse, copies: Copies) -> Tally:
    tally: Tally = {"near_copies": near_copies((bar.text for bar in verse.bars), copies)}
    runs = copies.runs("\n".join(bar.text for bar in verse.bars))
    return tally if runs is None else {"copied_runs": (bool(runs), 1), **tally}
