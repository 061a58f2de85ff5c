"""What a bar may end on: as asked, and what comes nearest where that cannot be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bars.language import Severity
from bars.plan import BarPlan
from bars.rhyme import RhymeKind
from bars.text import last_word
from inference.rhyme_class import EndWord, RhymeClasses
from inference.vocabulary import is_allowed

_KINDS = {
    "perfect": (RhymeKind.PERFECT, RhymeKind.SLANT),
    "slant": (RhymeKind.SLANT, RhymeKind.PERFECT),
    "multi": (RhymeKind.PERFECT, RhymeKind.SLANT),
}
_NAMES = {RhymeKind.PERFECT: "perfectly", RhymeKind.SLANT: "loosely"}


@dataclass(frozen=True)
class Ending:
    """The words that a bar may end on (None: any that we can hear).

    `run` are the vowels, counted back from the end, that must equal those of `like`. `note` says
    what could not be as asked.
    """

    words: tuple[EndWord, ...] | None
    run: int = 0
    like: str = ""
    note: str | None = None


def endings_for(
    plan: BarPlan,
    partners: Sequence[str],
    used: Collection[str],
    rhyme: str,
    classes: RhymeClasses,
    least: Severity,
) -> Iterator[Ending]:
    """The endings of a bar, the best first.

    `partners` are the bars that it must rhyme with, `used` the words that other bars end on;
    `least` is the severity from which words may not stand.
    """
    if not partners:
        yield Ending(None)
        return
    ends = [last_word(bar) for bar in partners]
    first, other = _KINDS[rhyme]
    for wanted in dict.fromkeys((tuple(ends), tuple(ends[-1:]))):  # all of them, or the last
        for kind in (first, other):
            found = classes.rhyming(wanted, kind, len(used))
            allowed = [word for word in found if is_allowed(word.text, least)]
            words = _of_length(allowed, plan.target, used)
            note = _note(ends, wanted, kind, first)
            if words and rhyme == "multi":
                yield Ending(words, 2, partners[-1], note)
                note = note or f"No rhyme of two syllables on “{ends[-1]}” was found."
            if words:
                yield Ending(words, note=note)
    yield Ending(None, note=f"Nothing that fits rhymes with “{ends[-1]}”: this bar is free.")


def _of_length(
    words: Sequence[EndWord], target: int | None, used: Collection[str]
) -> tuple[EndWord, ...]:
    """Those that leave room for a word before them, and end no other bar."""
    most = target or 20
    return tuple(word for word in words if word.syllables < most and word.text not in used)


def _note(
    ends: Sequence[str], wanted: Sequence[str], kind: RhymeKind, first: RhymeKind
) -> str | None:
    """What is not as asked."""
    if len(wanted) < len(set(ends)):
        return f"No word rhymes with all of {', '.join(ends)}: this bar rhymes with the last."
    if kind is not first:
        return f"No word that fits rhymes {_NAMES[first]} with “{ends[-1]}”: it rhymes otherwise."
    return None
