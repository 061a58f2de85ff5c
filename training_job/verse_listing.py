"""Verses that a model wrote as JSON, bar by bar with what was found in each."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bars.meter import syllables
from bars.plan import BarPlan, plan_verse
from training_job.copies import Copies
from training_job.verse_figures import degenerate, start_of
from training_job.verse_rhymes import rhyme_name
from training_job.verse_talks import WrittenBar, WrittenVerse


def listed(verses: Sequence[WrittenVerse], copies: Copies) -> list[dict[str, Any]]:
    """The verses of one way of writing."""
    starts = Counter(map(start_of, verses))
    return [_verse(verse, degenerate(verse, starts), copies) for verse in verses]


def _verse(verse: WrittenVerse, faults: Sequence[str], copies: Copies) -> dict[str, Any]:
    request = verse.prompt.request
    plans = plan_verse(request)
    written = zip(verse.bars, faults, plans[len(request.opening) :], strict=True)
    return {
        "prompt": verse.prompt.name,
        "topic": request.topic,
        "scheme": request.scheme,
        "way": str(verse.way),
        "sample": verse.sample,
        "opening": list(request.opening),
        "bars": [
            {**_bar(bar, plan, verse.lines), "fault": fault, "copy": copies.nearest(bar.text)[1]}
            for bar, fault, plan in written
        ],
    }


def _bar(bar: WrittenBar, plan: BarPlan, lines: Sequence[str]) -> dict[str, Any]:
    return {
        "text": bar.text,
        "word": bar.word,
        "told": bar.told,
        "target": plan.target,
        "syllables": syllables(bar.text).nearest(plan.target),
        "letter": plan.letter,
        "rhyme": rhyme_name(lines, plan),
    }
