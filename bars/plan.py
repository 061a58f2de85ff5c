"""The plan of a verse: for each bar its letter, its syllables and the bars it must rhyme with."""

from dataclasses import dataclass

from bars.meter import syllables
from bars.verse import VerseRequest

USUAL_SYLLABLES = 10  # of a bar whose count is free


@dataclass(frozen=True)
class BarPlan:
    """What one bar must be; `partners` are the earlier bars of its letter."""

    index: int
    letter: str | None
    target: int | None  # syllables; None where they are free
    partners: tuple[int, ...]
    rhymed_later: bool  # a later bar will need a rhyme on this one


def plan_verse(request: VerseRequest) -> tuple[BarPlan, ...]:
    """One plan for each bar of the verse, the opening's included."""
    letters = request.letters()
    target = _target(request)
    return tuple(
        BarPlan(
            index,
            letter,
            target,
            tuple(i for i in range(index) if letter and letters[i] == letter),
            letter is not None and letter in letters[index + 1 :],
        )
        for index, letter in enumerate(letters)
    )


def _target(request: VerseRequest) -> int | None:
    if isinstance(request.syllables, int):
        return request.syllables
    if request.syllables == "free":
        return None
    counts = sorted(syllables(bar).low for bar in request.opening)
    return counts[len(counts) // 2]
