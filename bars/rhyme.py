"""Whether two words, or the ends of two bars, rhyme, and how.

All pronunciations are compared; the pair that rhymes best is named; the rules are those
of `rhyme_rules`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bars.accent import Accent, accented
from bars.dictionary import Pronunciation
from bars.ending import MOST_WORDS, Ending, phrase_endings, word_endings
from bars.phonemes import VOWELS
from bars.pronunciation import hear
from bars.rhyme_rules import (
    NO_RHYME,
    Rhyme,
    RhymeKind,
    blurred,
    compare,
    compare_across,
    er_to_a,
    with_r,
)
from bars.text import words_of

_NO_BETTER = {RhymeKind.PERFECT, RhymeKind.IDENTICAL, RhymeKind.HOMOPHONE, RhymeKind.MOSAIC}


def rhyme(
    first: str, second: str, predict: bool = True, accents: frozenset[Accent] = frozenset()
) -> Rhyme:
    """How two words or two line ends rhyme, whichever of their pronunciations fit best.

    Without `predict`, no sound is guessed. `accents` are mergers under which a pair that does not
    rhyme perfectly may yet do so.
    """
    prepared = _prepared if predict else _prepared_as_listed
    one, other = prepared(first), prepared(second)
    if one.keys.isdisjoint(other.keys) and not (accents or one.longer or other.longer):
        return NO_RHYME
    found = _best(one, other)
    if accents and found.kind not in _NO_BETTER:
        return _with_accents(one, other, accents) or found
    return found


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A line end ready for comparison.

    Two ends that share none of the `keys` do not rhyme by their last words, and two that share
    none of the `wide` keys do not rhyme across words: most pairs need no closer look.
    """

    words: tuple[str, ...]
    ends: tuple[Ending, ...]
    longer: tuple[Ending, ...]
    keys: frozenset[object]
    wide: frozenset[object]


@lru_cache(maxsize=16_000)
def _prepared(text: str) -> _Prepared:
    return _prepare(text, predict=True)


@lru_cache(maxsize=16_000)
def _prepared_as_listed(text: str) -> _Prepared:
    return _prepare(text, predict=False)


def _prepare(text: str, predict: bool) -> _Prepared:
    words = tuple(words_of(text)[-MOST_WORDS:])
    ends = word_endings(words[-1], predict) if words else ()
    longer = phrase_endings(words, predict) if len(words) > 1 else ()
    wide = frozenset(key for end in (*ends, *longer) for key in (end.part, end.vowels[:2]))
    return _Prepared(words, ends, longer, frozenset(k for e in ends for k in _keys(e)), wide)


def _keys(end: Ending) -> Iterator[object]:
    """What at least one of two endings must share, for any of the tests to succeed.

    Equal vowels are needed by all tests of the rhyming part, an equal coda by most of the others;
    the rest is for those that go without.
    """
    yield tuple(p for p in end.part if p in VOWELS)
    if end.clipped == "er":
        yield tuple(p for p in er_to_a(end.part) if p in VOWELS)
        yield "open", er_to_a(end.last)
        yield "full", "AH", er_to_a(end.last)[1:]
    coda, full_coda = end.last[1:], with_r(end.last)[1:]
    yield ("coda", coda) if coda else ("open", end.last)
    if not coda or "R" in full_coda:
        yield "eye", end.spelled
    if not coda and end.last[0] in {"IY", "AY"}:
        yield "y"
    old = with_r(end.part)[1:]
    if old and (old != coda or "R" in old):
        yield "old", old
    for vowel in end.shown if end.distance else end.last[:1]:
        yield "full", vowel, full_coda


def _best(one: _Prepared, other: _Prepared) -> Rhyme:
    if not one.ends or not other.ends:
        return NO_RHYME
    if one.words[-1] == other.words[-1]:
        return _same_word(one, other)
    found = NO_RHYME
    if not one.keys.isdisjoint(other.keys):
        found = _better(found, (compare(a, b) for a in one.ends for b in other.ends))
    if (one.longer or other.longer) and not one.wide.isdisjoint(other.wide):
        found = _better(found, _across_words(one, other))
    return found


def _better(found: Rhyme, others: Iterable[Rhyme]) -> Rhyme:
    return max((found, *others), key=lambda r: (r.strength, r.syllables))


def _across_words(one: _Prepared, other: _Prepared) -> Iterator[Rhyme]:
    for a in (*one.ends, *one.longer):
        for b in (*other.ends, *other.longer):
            if a.words + b.words > 2:
                yield compare_across(a, b)


def _same_word(one: _Prepared, other: _Prepared) -> Rhyme:
    """Equal last words carry nothing, unless they only lean on words that rhyme (know it)."""
    end = one.ends[0]
    kind = Rhyme(RhymeKind.IDENTICAL, end.part, 0.75, "same word", 1, (end.spoken, end.spoken))
    leaning = (r for r in _across_words(one, other) if r.kind is RhymeKind.MOSAIC)
    return max(leaning, key=lambda r: r.strength, default=kind)


def _with_accents(one: _Prepared, other: _Prepared, accents: frozenset[Accent]) -> Rhyme | None:
    for a in one.ends:
        for b in other.ends:
            changed = compare(accented(a, accents), accented(b, accents))
            if changed.kind is RhymeKind.PERFECT:
                rule = "in an accent: " + ", ".join(sorted(accents))
                heard = (a.spoken, b.spoken)
                strength = 0.9 * changed.strength
                count = changed.syllables
                return Rhyme(RhymeKind.ACCENT, changed.part, strength, rule, count, heard)
    return None


def usual_rhyme(first: str, second: str) -> Rhyme:
    """How two lower-case words rhyme by their usual pronunciations alone."""
    if first == second:
        return rhyme(first, second)
    one, other = word_endings(first), word_endings(second)
    return compare(one[0], other[0]) if one and other else NO_RHYME


def rhyming_part(word: str) -> Pronunciation:
    """From the last stressed vowel of the usual pronunciation to the end; () if unheard."""
    ends = word_endings(word)
    return ends[0].part if ends else ()


def blurred_part(word: str) -> Pronunciation:
    """The rhyming part by the classes that slant rhymes do not tell apart; () if unheard."""
    return blurred(rhyming_part(word))


@lru_cache(maxsize=20_000)
def rhymes_strictly(first: str, second: str) -> bool:
    """Whether two words rhyme perfectly however they are read: what may be promised.

    Both must be listed (or follow from listed words), and neither may have two rhyming parts.
    """
    one, other = hear(first, False), hear(second, False)
    if not (one.known and other.known):
        return False
    ends, other_ends = word_endings(first, False), word_endings(second, False)
    parts = {e.part for e in (*ends, *other_ends)}
    return len(parts) == 1 and all(a.onset != b.onset for a in ends for b in other_ends)
