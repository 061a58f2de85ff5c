"""What a bar may end on: as asked, and what comes nearest where that cannot be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bars.language import Severity
from bars.plan import BarPlan
from bars.rhyme_rules import RhymeKind
from bars.sounded import bare
from bars.text import last_word
from inference.rhyme_class import EndWord, RhymeClasses
from inference.vocabulary import is_allowed

_KINDS = {
    "perfect": (RhymeKind.PERFECT, RhymeKind.SLANT),
    "slant": (RhymeKind.SLANT, RhymeKind.PERFECT),
    "multi": (RhymeKind.PERFECT, RhymeKind.SLANT),
}
_NAMES = {RhymeKind.PERFECT: "perfect", RhymeKind.SLANT: "slant"}
_LONGEST = 20  # syllables


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

    `partners` are the bars that it must rhyme with, as they are to be heard; `used` are the words
    that it may not end on; `least` is the severity from which words may not stand.
    """
    if not partners:
        yield Ending(None)
        return
    ends = [last_word(bar) for bar in partners]
    names = [bare(end) for end in ends]
    first, other = _KINDS[rhyme]
    for wanted in dict.fromkeys((tuple(ends), tuple(ends[-1:]))):  # all of them, or the last
        for kind in (first, other):
            found = classes.rhyming(wanted, kind, len(used))
            words = tuple(
                word for word in found
                if is_allowed(word.text, least)
                and word.syllables < (plan.target or _LONGEST)  # room for a word before it
                and word.text not in used
            )  # fmt: skip
            if not words:
                continue
            note = " ".join(filter(None, (_of_all(names, wanted), _of_kind(names, kind, first))))
            if rhyme == "multi":
                yield Ending(words, 2, partners[-1], note or None)
                note += f" No rhyme of two syllables on “{names[-1]}” was found."
            yield Ending(words, note=note.strip() or None)
    yield Ending(None, note=f"No rhyme on “{names[-1]}” was found: this bar is free.")


def _of_all(ends: Sequence[str], wanted: Sequence[str]) -> str:
    if len(wanted) == len(ends):
        return ""
    return f"No rhyme on all of {', '.join(ends)} was found: this bar goes with the last."


def _of_kind(ends: Sequence[str], kind: RhymeKind, first: RhymeKind) -> str:
    return "" if kind is first else f"No {_NAMES[first]} rhyme on “{ends[-1]}” was found."
