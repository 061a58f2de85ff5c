"""Rhyme classes: every listed word that rhymes with a word or a sound, the commonest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from bars.dictionary import Pronunciation, commonness, listed_words, look_up, look_up_slang
from bars.dictionary import slang_words as _slang_words
from bars.ending import ending_of, part_of, word_endings
from bars.language import is_clean
from bars.phonemes import VOWELS, is_vowel
from bars.pronunciation import Source
from bars.rhyme_rules import related_consonants

_SMALL = 12  # words: a class with fewer is filled with near-rhymes
_FARTHEST = 1.5  # distance of a near-rhyme
_LEAST_COMMON_NEAR = 3.0  # Zipf: what nobody knows helps nobody who looks for a near-rhyme
_GAP, _RELATED, _OTHER, _WEAK = 0.7, 0.3, 1.0, 0.4  # costs of consonants and weak vowels
_WEAK_VOWELS = frozenset({"AH", "IH", "ER", "IY"})


@dataclass(frozen=True, slots=True)
class RhymingWord:
    """A word of a class; `distance` is 0 for a perfect rhyme and grows as the sound departs.

    `stress` has a digit for each syllable: 1 main, 2 secondary, 0 none. `zipf` is how common the
    word is (see `bars.dictionary.commonness`).
    """

    word: str
    stress: str
    zipf: float
    distance: float = 0.0

    @property
    def syllables(self) -> int:
        return len(self.stress)


@dataclass(frozen=True, slots=True)
class _Entry:
    word: str
    onset: Pronunciation
    stress: str


_Clusters = tuple[Pronunciation, ...]


@cache
def _classes() -> dict[Pronunciation, list[_Entry]]:
    """The rhyming part of every listed word's usual pronunciation, and its words by commonness."""
    classes: dict[Pronunciation, list[_Entry]] = {}
    shared: dict[object, object] = {}  # equal onsets and stresses are kept once
    for word in sorted((*listed_words(), *_slang_words()), key=commonness, reverse=True):
        if word.replace("'", "").isalpha():
            spoken = (look_up(word) or look_up_slang(word))[0]
            onset = _onset(spoken)
            stress = "".join(p[-1] for p in spoken if is_vowel(p))
            entry = _Entry(word, shared.setdefault(onset, onset), shared.setdefault(stress, stress))  # type: ignore[arg-type]
            classes.setdefault(part_of(spoken), []).append(entry)
    return classes


def _onset(spoken: Pronunciation) -> Pronunciation:
    """The consonants before the rhyming part."""
    begin, start, after_vowel = 0, 0, 0
    for i, phoneme in enumerate(spoken):
        if is_vowel(phoneme):
            if phoneme[-1] != "0" or spoken[start][-1] not in "12":
                begin, start = after_vowel, i
            after_vowel = i + 1
    return spoken[begin:start]


@cache
def _parts_by_vowels() -> dict[Pronunciation, list[tuple[Pronunciation, _Clusters]]]:
    """Common rhyming parts and their consonants, by their vowels."""
    found: dict[Pronunciation, list[tuple[Pronunciation, _Clusters]]] = {}
    for part, entries in _classes().items():
        if commonness(entries[0].word) >= _LEAST_COMMON_NEAR:
            found.setdefault(_vowels(part), []).append((part, _clusters(part)))
    return found


def _vowels(part: Pronunciation) -> Pronunciation:
    return tuple(phoneme for phoneme in part if phoneme in VOWELS)


def _clusters(part: Pronunciation) -> _Clusters:
    """The consonants after each vowel."""
    found: list[list[str]] = []
    for phoneme in part:
        if phoneme in VOWELS:
            found.append([])
        elif found:
            found[-1].append(phoneme)
    return tuple(map(tuple, found))


def warm_up() -> None:
    """Build the classes now (about two seconds) rather than at the first question."""
    _parts_by_vowels()


def find_rhymes(
    sound: str | Pronunciation,
    syllables: int | None = None,
    stress: str | None = None,
    clean: bool = False,
    near: bool = True,
    limit: int | None = 50,
) -> list[RhymingWord]:
    """Words that rhyme with a lower-case word or with ARPAbet phonemes, the commonest first.

    `clean` leaves strong language out; `stress` keeps the words whose digits end so ("10": feminine
    endings); 1 and 2 are alike. Where the perfect class has fewer than 12 words and `near` is set,
    near-rhymes follow it, the nearest first. The word itself, its homophones and words of the same
    onset are left out. A word that nobody can hear gives an empty list.
    """
    asked = _asked(sound)
    if not asked:
        return []
    wish = _Wish(syllables, stress.replace("2", "1") if stress else None, clean)
    word = sound if isinstance(sound, str) else ""
    perfect = (
        RhymingWord(e.word, e.stress, commonness(e.word))
        for part, onset in asked
        for e in _classes().get(part, ())
        if e.onset != onset and e.word != word and wish.allows(e)
    )
    found = _first(perfect, limit)
    if near and len(found) < min(_SMALL, limit or _SMALL):
        found += _near_rhymes(asked[0][0], word, wish, (limit or _SMALL) - len(found))
    return found


def _asked(sound: str | Pronunciation) -> tuple[tuple[Pronunciation, Pronunciation], ...]:
    """The rhyming part and its onset; of a word, by its usual pronunciation."""
    if isinstance(sound, str):
        return tuple((end.part, end.onset) for end in word_endings(sound)[:1])
    end = ending_of(sound, 1, "", Source.DICTIONARY)
    return ((end.part, end.onset),) if any(map(is_vowel, sound)) else ()


def _first(words: Iterable[RhymingWord], limit: int | None) -> list[RhymingWord]:
    found: dict[str, RhymingWord] = {}
    for each in words:
        if limit is not None and len(found) >= limit:
            break
        found.setdefault(each.word, each)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Wish:
    syllables: int | None
    stress: str | None
    clean: bool

    def allows(self, entry: _Entry) -> bool:
        long_enough = self.syllables is None or len(entry.stress) == self.syllables
        stressed = entry.stress.replace("2", "1").endswith(self.stress or "")
        return long_enough and stressed and (not self.clean or is_clean(entry.word))


def _near_rhymes(part: Pronunciation, word: str, wish: _Wish, most: int) -> list[RhymingWord]:
    words = (
        RhymingWord(e.word, e.stress, commonness(e.word), distance)
        for distance, near_part in _near_parts(part)
        for e in _classes()[near_part]
        if e.word != word and commonness(e.word) >= _LEAST_COMMON_NEAR and wish.allows(e)
    )
    return _first(words, most)


@lru_cache(maxsize=2_000)
def _near_parts(part: Pronunciation) -> tuple[tuple[float, Pronunciation], ...]:
    """Rhyming parts that sound like this one, with their distances, the nearest first."""
    own = _clusters(part)
    near = []
    for other, clusters in _parts_by_vowels().get(_vowels(part), ()):
        apart = sum(map(_between, own, clusters))
        if other != part and apart <= _FARTHEST:
            near.append((round(apart, 3), other))
    return tuple(sorted(near))


@lru_cache(maxsize=20_000)
def _between(cluster: Pronunciation, other: Pronunciation) -> float:
    return distance(cluster, other)


def distance(part: Pronunciation, other: Pronunciation) -> float:
    """How far two rhyming parts are apart: a weighted edit distance over phonemes.

    A related consonant costs .3, a gap .7, weak vowels among themselves .4, all else 1: the
    weights follow the order of Hirjee and Brown (2010), not their figures.
    """
    before = [i * _GAP for i in range(len(other) + 1)]
    for i, one in enumerate(part, 1):
        row = [i * _GAP]
        for j, two in enumerate(other, 1):
            change = before[j - 1] + _cost(one, two)
            row.append(min(change, before[j] + _GAP, row[-1] + _GAP))
        before = row
    return before[-1]


@cache
def _cost(one: str, two: str) -> float:
    if one == two:
        return 0.0
    if one in VOWELS or two in VOWELS:
        return _WEAK if {one, two} <= _WEAK_VOWELS else _OTHER
    return _RELATED if related_consonants(one, two) else _OTHER


def rhyme_class(word: str) -> Iterator[str]:
    """All listed words of a word's perfect class, without near-rhymes."""
    return (each.word for each in find_rhymes(word, near=False, limit=None))
