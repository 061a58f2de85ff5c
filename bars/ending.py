"""How a bar ends: the sound that its rhymes are made of.

A bar may end in one word or, for the ear, in several: "know it" rhymes with "poet". Endings are
compared after small differences that dictionaries note but nobody hears have been levelled.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from bars.dictionary import Pronunciation
from bars.phonemes import VOWELS, is_vowel, name_of, unstressed
from bars.pronunciation import Source, hear
from bars.sounded import bare

MOST_WORDS = 4  # of a bar's end that a mosaic rhyme may span
_MOST_READINGS = 4  # pronunciations of one word that are considered
_BEFORE_R = {"IY": "IH", "OW": "AO", "EY": "EH", "AE": "EH"}  # near, here; four, for; fair, marry
_WEAK_ER = frozenset({"AH0", "ER0"})
_CLIPPED_END = re.compile(r"(a|er|or|ar)'?[sz]?$")
_GLIDES = {"AY", "AW", "OY"}
_SPELLED_END = re.compile(r"([aeiouy]+)([^aeiouy']*)(e?)('?[sd]?)$")
_FLEXIBLE_TEXT = (
    "a am an and are as at be been but by can can't did do for from get go got had has have "
    "he her him his i if in into is it its me my no not of off on one or our she so some than "
    "that the them then they this to too up us was we were what who will with you your it's "
    "i'm 'em ya"
)
FLEXIBLE = frozenset(_FLEXIBLE_TEXT.split())


@dataclass(frozen=True, slots=True)
class Ending:
    """One way to hear the end of a bar; phonemes are levelled and carry no stress digits.

    `part` goes from the last stressed vowel to the end, `onset` is the consonants before it,
    `last` goes from the last vowel of all, which is `distance` syllables after the stressed one and
    `lift` syllables after the main stress. `shown` are the vowels that the last syllable's
    spelling shows, for weak vowels that a rhyme makes full.
    `vowels` are those of the whole ending, the last one first. `crosses` says whether the part
    begins before the last word.
    """

    spoken: Pronunciation  # as listed, with stress digits
    plain: Pronunciation
    onset: Pronunciation
    part: Pronunciation
    last: Pronunciation
    distance: int
    lift: int
    vowels: Pronunciation
    words: int
    crosses: bool
    shown: frozenset[str]
    spelled: str  # letters of the last syllable's rhyme
    clipped: str  # a or er, where the word ends so without stress
    source: Source


@lru_cache(maxsize=20_000)
def word_endings(word: str, predict: bool = True) -> tuple[Ending, ...]:
    """An ending for each pronunciation of a word, the usual one first; () if it is unheard."""
    heard = hear(word, predict)
    sounds = heard.pronunciations[:_MOST_READINGS]
    return tuple(ending_of(p, 1, bare(word), heard.source) for p in sounds)


@lru_cache(maxsize=20_000)
def phrase_endings(words: tuple[str, ...], predict: bool = True) -> tuple[Ending, ...]:
    """Endings that span the last words of a bar, from two words to `MOST_WORDS`."""
    found = []
    for size in range(2, min(len(words), MOST_WORDS) + 1):
        heard = [hear(word, predict) for word in words[-size:]]
        if not all(h.pronunciations for h in heard):
            break
        source = max((h.source for h in heard), key=list(Source).index)
        for sounds in product(*(h.pronunciations[:2] for h in heard)):
            joined = _joined(sounds, words[-size:])
            border = len(joined) - len(sounds[-1])
            found.append(ending_of(joined, size, bare(words[-1]), source, border))
    return tuple(dict.fromkeys(found))


def _joined(sounds: tuple[Pronunciation, ...], words: tuple[str, ...]) -> Pronunciation:
    """Small words after a full one lean on it and lose their stress."""
    leaning = [*sounds[:1], *(_leant(s, w) for s, w in zip(sounds[1:], words[1:], strict=True))]
    return tuple(phoneme for sound in leaning for phoneme in sound)


def _leant(sound: Pronunciation, word: str) -> Pronunciation:
    return unstressed(sound) if word in FLEXIBLE else sound


def ending_of(
    spoken: Pronunciation, words: int, word: str, source: Source, border: int = 0
) -> Ending:
    """The ending of one pronunciation; the last word begins at the phoneme `border`."""
    vowels = [i for i, phoneme in enumerate(spoken) if is_vowel(phoneme)]
    stressed = [i for i in vowels if spoken[i][-1] != "0"]
    start = (stressed or vowels or [0])[-1]
    final = vowels[-1] if vowels else 0
    main = max((i for i in vowels if spoken[i][-1] == "1"), default=start)
    before = max((i + 1 for i in vowels if i < start), default=0)
    return Ending(
        spoken=spoken,
        plain=levelled(spoken),
        onset=spoken[before:start],
        part=levelled(spoken[start:]),
        last=levelled(spoken[final:]),
        distance=sum(i > start for i in vowels),
        lift=sum(i > main for i in vowels),
        vowels=tuple(p for p in reversed(levelled(spoken)) if p in VOWELS),
        words=words,
        crosses=start < border,
        shown=shown_vowels(word),
        spelled=spelled_end(word),
        clipped=clipped_end(word) if spoken[final:] and spoken[final] in _WEAK_ER else "",
        source=source,
    )


def part_of(spoken: Pronunciation) -> Pronunciation:
    """The rhyming part alone: from the last stressed vowel to the end, levelled."""
    return levelled(spoken[_rhyming_from(spoken) :])


def noted_part(spoken: Pronunciation) -> Pronunciation:
    """The rhyming part as the dictionary notes it, without stress digits."""
    return tuple(name_of(phoneme) for phoneme in spoken[_rhyming_from(spoken) :])


def _rhyming_from(spoken: Pronunciation) -> int:
    """The place of the last stressed vowel, or of the last one where none is stressed."""
    start = 0
    for i, phoneme in enumerate(spoken):
        if phoneme[-1] in "12" or (phoneme[-1] == "0" and spoken[start][-1] not in "12"):
            start = i
    return start


def levelled(spoken: Pronunciation) -> Pronunciation:
    """Phonemes without stress, where notation alone differs made equal.

    Vowels before R merge as most Americans merge them (Wells 1982, 3.1.5 and 6.1.5); AY R and
    AY ER are one; weak AH and IH before a consonant are one (wanted, rented).
    """
    found: list[str] = []
    for i, phoneme in enumerate(spoken):
        name = name_of(phoneme)
        following = spoken[i + 1] if i + 1 < len(spoken) else ""
        if following == "R" and name in _BEFORE_R:
            name = _BEFORE_R[name]
        elif phoneme == "IH0" and following:
            name = "AH"
        elif name == "R" and found and found[-1] in _GLIDES and not is_vowel(following or "-"):
            name = "ER"
        found.append(name)
    return tuple(found)


def clipped_end(word: str) -> str:
    """Whether a word ends in -a, as rappers clip -er, or in -er itself: a, er or nothing."""
    match = _CLIPPED_END.search(word)
    return "" if not match else "a" if match[1] == "a" else "er"


def spelled_end(word: str) -> str:
    """The letters of a word's last rhyme (love: ove), an empty string where there are none."""
    found = _SPELLED_END.search(word)
    return found.group() if found else ""


_SHORT = {"a": "AE AA", "e": "EH", "i": "IH", "o": "AA AO", "u": "AH UH UW", "y": "IH"}
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_LAST_VOWEL = re.compile(r"([aeiouy])([^aeiouy']*)(e?)(s?)$")


def shown_vowels(word: str) -> frozenset[str]:
    """The full vowels that the spelling of a word's last syllable suggests."""
    if re.search(r"([^aeiou]le|[td]ed)s?$", word):
        return frozenset({"EH"})
    found = _LAST_VOWEL.search(re.sub(r"(?<=[aeiou])(?=[^aeiouy]+e?s?$)", "", word))
    if not found:
        return frozenset()
    letter, coda, silent, _ = found.groups()
    vowels = set(_SHORT[letter].split())
    if letter == "a" and coda in {"l", "ll"}:
        vowels.add("AO")
    if silent and len(coda) == 1:
        vowels.add(_LONG[letter])
    return frozenset(vowels)
