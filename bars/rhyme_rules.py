"""The rules by which two endings rhyme, the most trusted first.

Perfect rhyme: equal from the last stressed vowel to the end, with other consonants before it. The
other kinds follow the classes of Holtman (1996) and Hirjee and Brown (2010).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bars.dictionary import Pronunciation
from bars.ending import Ending
from bars.phonemes import VOWELS
from bars.pronunciation import SURENESS

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
    return replace(end, part=er_to_a(end.part), plain=er_to_a(end.plain), last=er_to_a(end.last))


def er_to_a(phonemes: Pronunciation) -> Pronunciation:
    """The last ER as -a."""
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
    same = dull and with_r(weak.last)[1:] == with_r(full.last)[1:]
    return ("the weak vowel is made full", full.last) if same else None


def _liftable(end: Ending) -> bool:
    """Whether the last syllable is stressed, or far enough from the main stress to be lifted."""
    return not end.distance or end.lift > 1


def with_r(last: Pronunciation) -> Pronunciation:
    """ER is a vowel and an R."""
    return ("ER", "R", *last[1:]) if last[:1] == ("ER",) else last


def _eye(a: Ending, b: Ending) -> _Found:
    same = len(a.spelled) > 1 and a.spelled == b.spelled
    stressed = not a.distance and not b.distance
    if same and stressed and with_r(a.last)[1:] == with_r(b.last)[1:]:
        return f"both are spelled -{a.spelled}", a.last
    return None


def _slant(a: Ending, b: Ending) -> _Found:
    if len(a.part) != len(b.part) or a.part[:1] != b.part[:1]:
        return None
    same = blurred(a.part) == blurred(b.part)
    return ("consonants of one class", a.part) if same else None


def blurred(part: Pronunciation) -> Pronunciation:
    """Consonants by the classes that slant rhymes do not tell apart."""
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
    one, other = with_r(a.part), with_r(b.part)
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


def compare_across(a: Ending, b: Ending) -> Rhyme:
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
