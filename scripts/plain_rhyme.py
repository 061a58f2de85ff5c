"""An ear of its own, to check what the writer calls a rhyme.

It reads the pronouncing dictionary as it is published and knows one rule: two words rhyme when
some pronunciation of each is equal from its last vowel with stress (1 or 2) to the end, with other
consonants before that. The dictionary writes one vowel before R in two ways (HH IY1 R, N IH1 R), so
these are one. It shares nothing with `bars` but the file.
"""

import gzip
from functools import cache
from pathlib import Path

DICTIONARY = Path(__file__).parent.parent / "bars" / "data" / "cmudict.txt.gz"


def knows(word: str) -> bool:
    return word in _dictionary()


def plainly_rhyme(first: str, second: str) -> bool:
    """Whether two listed lower-case words rhyme; words that may sound the same do not."""
    one, other = _dictionary()[first], _dictionary()[second]
    if {_digitless(p) for p in one} & {_digitless(p) for p in other}:
        return False
    return any(_tail(a) == _tail(b) and _onset(a) != _onset(b) for a in one for b in other)


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    lines = gzip.decompress(DICTIONARY.read_bytes()).decode().splitlines()[1:]
    words = (line.split("\t") for line in lines)
    return {word: [sound.split() for sound in sounds] for word, *sounds in words}


def _digitless(sound: list[str]) -> tuple[str, ...]:
    return tuple(phoneme.rstrip("012") for phoneme in sound)


def _last_stressed(sound: list[str]) -> int:
    stressed = [place for place, phoneme in enumerate(sound) if phoneme[-1] in "12"]
    return stressed[-1] if stressed else 0


def _tail(sound: list[str]) -> tuple[str, ...]:
    tail = _digitless(sound[_last_stressed(sound) :])
    return ("IH", *tail[1:]) if tail[:2] == ("IY", "R") else tail


def _onset(sound: list[str]) -> tuple[str, ...]:
    """The consonants right before the rhyme."""
    before = sound[: _last_stressed(sound)]
    vowels = [place for place, phoneme in enumerate(before) if phoneme[-1].isdigit()]
    return tuple(before[vowels[-1] + 1 :] if vowels else before)
