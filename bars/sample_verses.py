"""Our own verses: the demo's training data, the prompt's examples, the README's taste.

Each has 16 bars under a heading `# topic | scheme` with perhaps a third part: `multi` for rhymes
of two syllables and more, `internal` for rhymes inside the bars. `faults` hears whether a verse
keeps what its heading promises.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bars.language import Severity, is_clean
from bars.meter import syllables
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.scheme import letters
from bars.text import last_word
from bars.verse_sound import hear_stanza, line_end

BARS = 16
FURTHEST = 2  # syllables that a bar may be beside the verse's median
_PERFECT = {RhymeKind.PERFECT, RhymeKind.MOSAIC}
_MULTI = {*_PERFECT, RhymeKind.MULTI}
_INTERNAL_BARS = 8  # bars of an internal verse that must have a rhyme inside


@dataclass(frozen=True)
class SampleVerse:
    """One verse; `craft` is multi, internal or empty."""

    topic: str
    scheme: str
    craft: str
    bars: tuple[str, ...]


@cache
def sample_verses() -> tuple[SampleVerse, ...]:
    """Every verse of the repository."""
    text = (files("bars") / "data" / "verses.txt").read_text(encoding="utf-8")
    return tuple(read_verses(text))


def read_verses(text: str) -> Iterator[SampleVerse]:
    """The verses of a text, one a block, blocks apart by a blank line."""
    for block in text.strip().split("\n\n"):
        heading, *bars = block.splitlines()
        topic, scheme, *craft = heading.removeprefix("# ").split(" | ")
        yield SampleVerse(topic, scheme, craft[0] if craft else "", tuple(bars))


def faults(verse: SampleVerse) -> list[str]:
    """What a verse does not keep, each in a sentence; empty for a sound verse."""
    return [
        *_count_faults(verse),
        *_rhyme_faults(verse),
        *_craft_faults(verse),
        *(
            f"{bar!r} has strong language."
            for bar in verse.bars
            if not is_clean(bar, Severity.MILD)
        ),
        *(f"{bar!r} must end in a letter." for bar in verse.bars if not bar[-1].isalpha()),
    ]


def _count_faults(verse: SampleVerse) -> Iterator[str]:
    if len(verse.bars) != BARS:
        yield f"It has {len(verse.bars)} bars instead of {BARS}."
    counts = [syllables(bar) for bar in verse.bars]
    median = sorted(count.low for count in counts)[len(counts) // 2]
    for bar, count in zip(verse.bars, counts, strict=True):
        if abs(count.nearest(median) - median) > FURTHEST:
            yield f"{bar!r} has {count.low} syllables; the verse's median is {median}."


def _rhyme_faults(verse: SampleVerse) -> Iterator[str]:
    given = letters(verse.scheme, len(verse.bars))
    allowed = _MULTI if verse.craft == "multi" else _PERFECT
    for i, bar in enumerate(verse.bars):
        earlier = [j for j in range(i) if given[i] and given[j] == given[i]]
        for j in earlier:
            found = rhyme(line_end(verse.bars[j]), line_end(bar))
            if found.kind not in allowed:
                yield f"{verse.bars[j]!r} and {bar!r} rhyme by {found.kind} only."
            elif verse.craft == "multi" and j == earlier[-1] and found.syllables < 2:
                yield f"{verse.bars[j]!r} and {bar!r} rhyme in one syllable only."
    ends = [last_word(bar) for bar in verse.bars]
    for word in sorted({end for end in ends if ends.count(end) > 1}):
        yield f"{word!r} ends more than one bar."


def _craft_faults(verse: SampleVerse) -> Iterator[str]:
    if verse.craft not in {"", "multi", "internal"}:
        yield f"The craft {verse.craft!r} must be multi or internal, or be left out."
    if verse.craft == "internal":
        rich = sum(_has_internal(verse.bars[start : start + 4]) for start in range(0, BARS, 4))
        if rich < _INTERNAL_BARS:
            yield f"{rich} bars have a rhyme inside; an internal verse needs {_INTERNAL_BARS}."


def _has_internal(bars: tuple[str, ...]) -> int:
    """How many of some bars have a rhyming word that is not their last."""
    heard = hear_stanza(bars)
    return sum(any(w.group is not None for w in line.words[:-1]) for line in heard.lines)
