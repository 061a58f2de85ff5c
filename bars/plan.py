"""The plan of a verse: for each bar its letter, its syllables and the bars it must rhyme with."""

from collections.abc import Sequence
from dataclasses import dataclass

from bars.meter import syllables
from bars.verse import VerseRequest

USUAL_SYLLABLES = 10  # of a bar whose count is free


@dataclass(frozen=True)
class BarPlan:
    """What one bar must be; `partners` are the bars of its letter that stand when it is written.

    These are the earlier ones, and later ones that the visitor keeps. `kept` is the bar itself, if
    the visitor keeps it.
    """

    index: int
    letter: str | None
    target: int | None  # syllables; None where they are free
    partners: tuple[int, ...]
    rhymed_later: bool  # a later bar will need a rhyme on this one
    kept: str | None = None


def plan_verse(request: VerseRequest) -> tuple[BarPlan, ...]:
    """One plan for each bar of the verse, the opening's included."""
    letters, kept = request.letters(), request.kept
    if request.alternatives:
        kept.pop(request.alternatives.bar, None)
    target = _target(request)
    given = {*range(len(request.opening)), *kept}
    return tuple(
        BarPlan(
            index,
            letter,
            target,
            tuple(
                other
                for other, its in enumerate(letters)
                if letter and its == letter and other != index
                and (other < index or (other in kept and index not in given))
            ),
            letter is not None
            and any(
                its == letter and index + 1 + after not in kept
                for after, its in enumerate(letters[index + 1 :])
            ),
            kept.get(index),
        )
        for index, letter in enumerate(letters)
    )  # fmt: skip


def partner_bars(
    plan: BarPlan, plans: Sequence[BarPlan], verse: Sequence[str]
) -> list[tuple[int, str]]:
    """Place and text of the bars that a bar must rhyme with; `verse` holds the bars before it."""
    return [
        (place, verse[place] if place < len(verse) else plans[place].kept or "")
        for place in plan.partners
    ]


def _target(request: VerseRequest) -> int | None:
    if isinstance(request.syllables, int):
        return request.syllables
    if request.syllables == "free":
        return None
    shown = request.opening or tuple(request.kept.values())
    counts = sorted(syllables(request.sounds.on(bar)).low for bar in shown)
    return counts[len(counts) // 2]
