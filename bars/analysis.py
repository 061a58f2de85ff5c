"""What can be heard in a finished bar, and in a finished verse."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bars.events import BarWritten, RhymeShown, WordShown
from bars.language import Severity, mask
from bars.meter import stress, syllables
from bars.plan import BarPlan
from bars.pronunciation import hear
from bars.rhyme import usual_rhyme
from bars.rhyme_rules import Rhyme, RhymeKind
from bars.sounded import bare
from bars.sounds import AS_LISTED, Sounds
from bars.text import last_word, words_of

_BEST_FIRST = tuple(RhymeKind)


Bars = Sequence[str] | Mapping[int, str]  # by their places in the verse


def best_rhyme(
    bar: str, plan: BarPlan, verse: Bars, sounds: Sounds = AS_LISTED
) -> tuple[Rhyme, int] | None:
    """The weakest of the bar's rhymes with its partners, and that partner; None if it is free.

    A bar that repeats the end word of any partner is identical, however well it rhymes with
    another: that is why the weakest counts.
    """
    if not plan.partners:
        return None
    end = last_word(sounds.on(bar))
    found = [(usual_rhyme(last_word(sounds.on(verse[i])), end), i) for i in plan.partners]
    return max(found, key=lambda pair: _BEST_FIRST.index(pair[0].kind))


def describe_bar(
    text: str,
    plan: BarPlan,
    verse: Bars,
    attempts: int = 0,
    note: str | None = None,
    masked: Severity | None = None,
    sounds: Sounds = AS_LISTED,
) -> BarWritten:
    """A finished bar as an event; `verse` holds at least its partners.

    Words of the severity `masked` and beyond are shown with asterisks; then the text without them
    is its `plain`, which no visitor should see.
    """
    hide = (lambda shown: shown) if masked is None else partial(mask, least=masked)
    found, heard = best_rhyme(text, plan, verse, sounds), sounds.on(text)
    return BarWritten(
        index=plan.index,
        text=hide(text),
        syllables=syllables(heard).nearest(plan.target),
        target=plan.target,
        stress=stress(heard),
        letter=plan.letter,
        rhyme=RhymeShown(found[0].kind, found[1], " ".join(found[0].part)) if found else None,
        words=_words(heard, plan.letter, hide),
        attempts=attempts,
        note=note,
        plain=text if hide(text) != text else None,
    )


def _words(heard: str, letter: str | None, hide: Callable[[str], str]) -> tuple[WordShown, ...]:
    words = words_of(heard)
    return tuple(
        WordShown(hide(bare(word)), _phonemes(word), letter if i == len(words) - 1 else None)
        for i, word in enumerate(words)
    )


def _phonemes(word: str) -> str:
    pronunciations = hear(word).pronunciations
    return " ".join(pronunciations[0]) if pronunciations else ""


def score_verse(bars: Sequence[BarWritten]) -> dict[str, float | None]:
    """Shares over the bars that were written (not the opening's)."""
    written = [bar for bar in bars if bar.attempts]
    asked = [bar.rhyme.kind for bar in written if bar.rhyme]
    aimed = [abs(bar.syllables - bar.target) for bar in written if bar.target is not None]
    return {
        **{kind: _share([k == kind for k in asked]) for kind in ("perfect", "slant", "identical")},
        "syllables_exact": _share([miss == 0 for miss in aimed]),
        "syllables_within_1": _share([miss <= 1 for miss in aimed]),
    }


def _share(hits: list[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
