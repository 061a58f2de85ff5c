"""Whether two words, or the ends of two bars, rhyme, and how.

All pronunciations are compared; the pair that rhymes best is named. Perfect rhyme: equal from the
last stressed vowel to the end, with other consonants before it. The other kinds follow the
classes of Holtman (1996) and Hirjee and Brown (2010); their order is that of trust.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bars.accent import Accent, accented
from bars.dictionary import Pronunciation
from bars.ending import MOST_WORDS, Ending, phrase_endings, word_endings
from bars.phonemes import VOWELS
from bars.pronunciation import SURENESS, hear
from bars.text import words_of

_CLASSES = ("P B", "T D", "K G", "F V", "S Z", "TH DH", "SH ZH", "CH JH", "M N NG")
_CLASS_OF = {phoneme: group for group in _CLASSES for phoneme in group.split()}
_MANNER = {
    **dict.fromkeys(("P", "T", "K"), "stop"),
    **dict.fromkeys(("B", "D", "G"), "voiced stop"),
    **dict.fromkeys(("F", "TH", "S", "SH", "CH"), "hiss"),
    **dict.fromkeys(("V", "DH", "Z", "ZH", "JH"), "buzz"),
    **dict.fromkeys(("M", "N", "NG"), "nasal"),
}
_HIDDEN = frozenset({"stop", "voiced stop", "hiss", "buzz"})
_VOICED = {"S": "Z", "TH": "DH", "F": "V"}
# vowels that were one when the rhyme became customary, or that spelling keeps together
_OLD_PAIRS = (
    "AH-UW AH-UH UH-UW AA-AO AH-AO AH-OW AA-AH AY-IY EY-EH EH-IY IH-AY AA-AE AO-OW AA-OW IY-IH "
    "AE-AO AW-OW AA-ER ER-AO ER-EH ER-IH UH-AO EY-AE"
)
_OLD_VOWELS = frozenset(frozenset(pair.split("-")) for pair in _OLD_PAIRS.split())


class RhymeKind(StrEnum):
    """How two ends rhyme, the best first; what stands after eye is no rhyme to most ears."""

    PERFECT = "perfect"
    MOSAIC = "mosaic"  # perfect across word borders
    MULTI = "multi"  # two or more vowels equal, consonants not
    SLANT = "slant"  # equal vowels, related consonants
    PROMOTED = "promoted"  # carried by a syllable without stress
    ACCENT = "accent"  # perfect in an accent that was asked for
    EYE = "eye"  # spelled alike, sounded otherwise
    HOMOPHONE = "homophone"
    IDENTICAL = "identical"
    OLD = "old"  # vowels that older poets rhymed
    ASSONANCE = "assonance"
    CONSONANCE = "consonance"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rhyme:
    """How two ends rhyme: the kind, the phonemes that carry it, and the pronunciations used.

    `strength` goes from 0 (none) to 1 (perfect, both words listed); `rule` says what made it so.
    """

    kind: RhymeKind
    part: Pronunciation = ()
    strength: float = 0.0
    rule: str = ""
    syllables: int = 0
    heard: tuple[Pronunciation, Pronunciation] = ((), ())


NO_RHYME = Rhyme(RhymeKind.NONE)
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
        yield tuple(p for p in _er_to_a(end.part) if p in VOWELS)
        yield "open", _er_to_a(end.last)
        yield "full", "AH", _er_to_a(end.last)[1:]
    coda, full_coda = end.last[1:], _with_r(end.last)[1:]
    yield ("coda", coda) if coda else ("open", end.last)
    if not coda or "R" in full_coda:
        yield "eye", end.spelled
    if not coda and end.last[0] in {"IY", "AY"}:
        yield "y"
    old = _with_r(end.part)[1:]
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
                yield _across(a, b)


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


def compare(a: Ending, b: Ending) -> Rhyme:
    """How two endings rhyme; -a for -er is taken as one sound (finna, dinner)."""
    if {a.clipped, b.clipped} == {"a", "er"}:
        a, b = without_er(a), without_er(b)
    sure = min(SURENESS[a.source], SURENESS[b.source])
    for kind, test, strength in _TESTS if a.part[:1] == b.part[:1] else _TESTS_OF_OTHER_VOWELS:
        if found := test(a, b):
            rule, part = found
            count = sum(p in VOWELS for p in part)
            return Rhyme(kind, part, strength * sure, rule, count, (a.spoken, b.spoken))
    return NO_RHYME


def without_er(end: Ending) -> Ending:
    """The ending with a final weak ER as a rapper says it in -a."""
    return replace(end, part=_er_to_a(end.part), plain=_er_to_a(end.plain), last=_er_to_a(end.last))


def _er_to_a(phonemes: Pronunciation) -> Pronunciation:
    cut = max((i for i, p in enumerate(phonemes) if p == "ER"), default=len(phonemes))
    return (*phonemes[:cut], "AH", *phonemes[cut + 1 :]) if cut < len(phonemes) else phonemes


_Found = tuple[str, Pronunciation] | None


def _homophone(a: Ending, b: Ending) -> _Found:
    return ("same sound", a.part) if a.plain == b.plain else None


def _rich(a: Ending, b: Ending) -> _Found:
    same = a.part == b.part and a.onset == b.onset
    return ("same sound from the consonant on", a.part) if same else None


def _perfect(a: Ending, b: Ending) -> _Found:
    return ("equal from the stressed vowel on", a.part) if a.part and a.part == b.part else None


def _voiced(a: Ending, b: Ending) -> _Found:
    if len(a.part) != len(b.part) or a.part[:1] != b.part[:1]:
        return None
    same = voiced_part(a) == voiced_part(b)
    return ("s and z, th and dh, f and v", a.part) if same else None


def _promoted(a: Ending, b: Ending) -> _Found:
    """The last syllable is made to carry the rhyme: eternity, sea."""
    if not (a.distance or b.distance) or not (_liftable(a) and _liftable(b)):
        return None
    if a.last == b.last:
        return "the last syllable is promoted", a.last
    return None


def _promoted_full(a: Ending, b: Ending) -> _Found:
    """A promoted weak vowel gets back the sound that its spelling shows: magnificence, sense."""
    weak, full = (a, b) if a.distance else (b, a)
    if full.distance or not weak.distance or weak.lift < 2 or not full.last:
        return None
    dull = weak.last[0] in {"AH", "ER"} and full.last[0] in weak.shown
    same = dull and _with_r(weak.last)[1:] == _with_r(full.last)[1:]
    return ("the weak vowel is made full", full.last) if same else None


def _liftable(end: Ending) -> bool:
    """Whether the last syllable is stressed, or far enough from the main stress to be lifted."""
    return not end.distance or end.lift > 1


def _with_r(last: Pronunciation) -> Pronunciation:
    """ER is a vowel and an R."""
    return ("ER", "R", *last[1:]) if last[:1] == ("ER",) else last


def _eye(a: Ending, b: Ending) -> _Found:
    same = len(a.spelled) > 1 and a.spelled == b.spelled
    stressed = not a.distance and not b.distance
    if same and stressed and _with_r(a.last)[1:] == _with_r(b.last)[1:]:
        return f"both are spelled -{a.spelled}", a.last
    return None


def _slant(a: Ending, b: Ending) -> _Found:
    if len(a.part) != len(b.part) or a.part[:1] != b.part[:1]:
        return None
    same = _blurred(a.part) == _blurred(b.part)
    return ("consonants of one class", a.part) if same else None


def _blurred(part: Pronunciation) -> Pronunciation:
    return tuple(_CLASS_OF.get(phoneme, phoneme) for phoneme in part)


def _slant_by_manner(a: Ending, b: Ending) -> _Found:
    """Equal vowels, and consonants of one manner: rap and back, mind and time, street and sleep."""
    if a.part[:1] != b.part[:1] or not a.part:
        return None
    same = _by_manner(a.part) == _by_manner(b.part)
    return ("consonants of one manner", a.part) if same else None


@lru_cache(maxsize=20_000)
def _by_manner(part: Pronunciation) -> Pronunciation:
    """Consonants by manner alone, without a last one that hides behind another."""
    found: list[str] = []
    for phoneme in part:
        manner = _MANNER.get(phoneme, phoneme)
        hidden = found and found[-1] in {"nasal", "L", "hiss"} and manner in _HIDDEN
        if not hidden:
            found.append(manner)
    return tuple(found)


def _promoted_lightly(a: Ending, b: Ending) -> _Found:
    if (a.distance or b.distance) and a.last == b.last:
        return "a light last syllable is promoted", a.last
    return None


def _old(a: Ending, b: Ending) -> _Found:
    if a.distance != b.distance or a.distance > 1 or not a.part or not b.part:
        return None
    one, other = _with_r(a.part), _with_r(b.part)
    pair = frozenset((one[0], other[0]))
    if one[1:] and one[1:] == other[1:] and pair in _OLD_VOWELS:
        return "vowels that older poets rhymed", a.part[1:]
    return None


def _old_y(a: Ending, b: Ending) -> _Found:
    """Final -y was once sounded as in sky: eternity, die; memories, eyes."""
    weak, full = (a, b) if a.distance else (b, a)
    if full.distance or weak.distance < 2 or not weak.last or not full.last:
        return None
    if (weak.last[0], full.last[0]) == ("IY", "AY") and weak.last[1:] == full.last[1:]:
        return "the old sound of -y", full.last
    return None


def _assonance(a: Ending, b: Ending) -> _Found:
    vowels = tuple(p for p in a.part if p in VOWELS)
    same = vowels and vowels == tuple(p for p in b.part if p in VOWELS)
    return ("equal vowels", vowels) if same else None


def _consonance(a: Ending, b: Ending) -> _Found:
    coda = a.last[1:]
    return ("equal consonants at the end", coda) if coda and coda == b.last[1:] else None


_SAME_VOWEL = (_homophone, _rich, _perfect, _voiced, _slant, _slant_by_manner, _assonance)
_TESTS: tuple[tuple[RhymeKind, Callable[[Ending, Ending], _Found], float], ...] = (
    (RhymeKind.HOMOPHONE, _homophone, 0.8),
    (RhymeKind.IDENTICAL, _rich, 0.75),
    (RhymeKind.PERFECT, _perfect, 1.0),
    (RhymeKind.SLANT, _voiced, 0.9),
    (RhymeKind.PROMOTED, _promoted, 0.7),
    (RhymeKind.PROMOTED, _promoted_full, 0.65),
    (RhymeKind.EYE, _eye, 0.65),
    (RhymeKind.SLANT, _slant, 0.5),
    (RhymeKind.PROMOTED, _old_y, 0.45),
    (RhymeKind.SLANT, _slant_by_manner, 0.42),
    (RhymeKind.PROMOTED, _promoted_lightly, 0.4),
    (RhymeKind.OLD, _old, 0.35),
    (RhymeKind.ASSONANCE, _assonance, 0.2),
    (RhymeKind.CONSONANCE, _consonance, 0.1),
)
_TESTS_OF_OTHER_VOWELS = tuple(each for each in _TESTS if each[1] not in _SAME_VOWEL)


def _across(a: Ending, b: Ending) -> Rhyme:
    """A rhyme that spans words: all vowels from the stressed one on equal."""
    sure = min(SURENESS[a.source], SURENESS[b.source])
    spans = a.crosses or b.crosses  # else the last words alone have been compared already
    if spans and a.part == b.part and a.onset != b.onset and len(a.part) > 1:
        return Rhyme(
            RhymeKind.MOSAIC, a.part, 0.95 * sure, "equal across words",
            sum(p in VOWELS for p in a.part), (a.spoken, b.spoken),
        )  # fmt: skip
    run = _vowel_run(a, b)
    if run >= 2 and a.plain != b.plain:
        return Rhyme(
            RhymeKind.MULTI, a.vowels[:run][::-1], min(0.6, 0.25 * run) * sure,
            f"{run} equal vowels", run, (a.spoken, b.spoken),
        )  # fmt: skip
    return NO_RHYME


def _vowel_run(a: Ending, b: Ending) -> int:
    run = 0
    for x, y in zip(a.vowels, b.vowels, strict=False):
        if x != y:
            break
        run += 1
    return run


def voiced_part(end: Ending) -> Pronunciation:
    """The rhyming part with s and z, th and dh, f and v made one: what most ears take as equal."""
    return tuple(_VOICED.get(phoneme, phoneme) for phoneme in end.part)


def related_consonants(one: str, other: str) -> bool:
    """Whether two consonants are of one class, which slant rhymes do not tell apart."""
    return _CLASS_OF.get(one, one) == _CLASS_OF.get(other, other)


def rhyming_part(word: str) -> Pronunciation:
    """From the last stressed vowel of the usual pronunciation to the end; () if unheard."""
    ends = word_endings(word)
    return ends[0].part if ends else ()


def blurred_part(word: str) -> Pronunciation:
    """The rhyming part by the classes that slant rhymes do not tell apart; () if unheard."""
    return _blurred(rhyming_part(word))


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
