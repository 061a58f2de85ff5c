"""From a song's stanzas to verses of 4 to 16 bars, with what each bar's plan would say."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bars.ending import word_endings
from bars.meter import syllables
from bars.prompt import LessonBar
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.rhyme_scheme import Ear, Scheme, find_schemes
from bars.scheme import usual_scheme
from bars.text import last_word
from bars.verse import LONGEST_TEXT, MOST_BARS
from bars.verse_sound import LONGEST_STANZA, line_end, scheme_letters
from training_job.cleaning import plain_name
from training_job.split import unit_hash

FEWEST_BARS = 4
REAL = frozenset({RhymeKind.PERFECT, RhymeKind.MOSAIC, RhymeKind.MULTI, RhymeKind.SLANT})
_END_WORDS = 2
_SYLLABLES = range(4, 21)  # what a visitor may ask for
_ASIDE = re.compile(
    r"\s*[(\[][^)\]]*[)\]]|\s*\b(?:feat|ft)\b.*|\s+-\s+[^-]*\b(?:remix|live|version|edit|mix)\b.*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Verse:
    """Bars of one stanza. Bars of one letter rhyme truly, and end on words of different sound."""

    topic: str
    bars: tuple[LessonBar, ...]

    @property
    def letters(self) -> list[str | None]:
        return [bar.letter for bar in self.bars]

    @property
    def scheme(self) -> str:
        return usual_scheme(self.letters)

    @property
    def text(self) -> str:
        return "\n".join(bar.text for bar in self.bars)


def verses_of(id: str, title: str, stanzas: Sequence[Sequence[str]], seed: int) -> Iterator[Verse]:
    """Every verse that can be cut from a song's stanzas; the same for the same seed."""
    topic = topic_of(title)
    runs = [run for lines in stanzas for run in _teachable(lines)]
    ends = [[_end(bar) for bar in run] for run in runs]
    schemes = find_schemes(ends, Ear.RAP)
    for number, run in enumerate(runs):
        for part in cuts(len(run), seed, id, number):
            if verse := _verse(topic, run[part], ends[number][part], schemes[number][part]):
                yield verse


def _end(bar: str) -> str:
    """The last words of a bar as they are spoken.

    Two of them give the same letters as the four of `line_end` on every verse of tests/data and
    bars/data, in two thirds of the time and a fraction of the memory.
    """
    return " ".join(line_end(bar).split()[-_END_WORDS:])


def topic_of(title: str) -> str:
    """What a song is about, as far as its title says: without guests and versions."""
    return _ASIDE.sub("", plain_name(title)).strip(" #-\"'.,")[:LONGEST_TEXT].strip()


def _teachable(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of bars such as a visitor may ask for; a line that is too long or short ends a run."""
    for fitting, group in groupby(lines, _is_bar):
        run = list(group) if fitting else []
        for start in range(0, len(run) - FEWEST_BARS + 1, LONGEST_STANZA):
            yield run[start : start + LONGEST_STANZA]


def _is_bar(line: str) -> bool:
    count = syllables(line)
    return len(line) <= LONGEST_TEXT and count.low in _SYLLABLES and bool(last_word(line))


def cuts(bars: int, *key: Hashable) -> Iterator[slice]:
    """Where a run of bars is cut into verses of 4, 8, 12 or 16, leaving none shorter than 4."""
    start = 0
    while start < bars:
        left = bars - start
        sizes = [size for size in range(FEWEST_BARS, MOST_BARS + 1, 4) if size <= left]
        size = sizes[int(unit_hash(*key, start) * len(sizes))]
        if left - size < FEWEST_BARS:
            size = left if left <= MOST_BARS else left - FEWEST_BARS
        yield slice(start, start + size)
        start += size


def _verse(topic: str, lines: Sequence[str], ends: Sequence[str], scheme: Scheme) -> Verse | None:
    """The verse of some bars, or none where only equal words rhyme."""
    words = [last_word(line) for line in lines]
    given = true_letters(words, ends, scheme)
    if not any(given) and len(set(words)) < len(words):
        return None
    counts = [syllables(line) for line in lines]
    usual = sorted(count.low for count in counts)[len(counts) // 2]
    bars = (
        LessonBar(letter, count.nearest(usual), word, line)
        for letter, count, word, line in zip(given, counts, words, lines, strict=True)
    )
    return Verse(topic, tuple(bars))


def true_letters(
    words: Sequence[str], ends: Sequence[str], scheme: Sequence[int]
) -> list[str | None]:
    """A letter for each bar that truly rhymes with another of its group in the scheme.

    Bars of one group whose last words are the same, or sound the same, lose their letter.
    """
    groups = [-1 - place for place in range(len(words))]  # each bar alone
    for group in set(scheme):
        members = [place for place, each in enumerate(scheme) if each == group]
        twins = {i for i in members for j in members if i != j and sound_alike(words[i], words[j])}
        _join([i for i in members if i not in twins], ends, groups)
    return scheme_letters(groups)


def _join(members: Sequence[int], ends: Sequence[str], groups: list[int]) -> None:
    """Put bars that rhyme truly, directly or through others, into one group."""
    for place, i in enumerate(members):
        for j in members[:place]:
            if groups[i] != groups[j] and rhyme(ends[i], ends[j]).kind in REAL:
                old, new = groups[i], groups[j]
                groups[:] = [new if group == old else group for group in groups]


@lru_cache(maxsize=20_000)
def sound_alike(word: str, other: str) -> bool:
    """Whether two words are one, or can be spoken alike."""
    if word == other:
        return True
    sounds = {end.plain for end in word_endings(word)}
    return any(end.plain in sounds for end in word_endings(other))
