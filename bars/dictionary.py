"""The pronouncing dictionary and our rap lexicon, as files inside this package.

`python -m scripts.compile_dictionary` makes the dictionary (CMUdict) and the file that says how
common its words are; their licences lie beside them. The lexicon is our own and edited by hand.
"""

import gzip
from functools import cache
from importlib.resources import files

Pronunciation = tuple[str, ...]  # ARPAbet phonemes; a vowel ends in its stress digit: 0, 1 or 2


@cache
def _entries() -> dict[str, str]:
    return dict(line.split("\t", 1) for line in _compiled("cmudict.txt.gz"))


@cache
def _lexicon() -> dict[str, str]:
    text = (files("bars") / "data" / "lexicon.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("\t", 1) for line in lines)


@cache
def _commonness() -> dict[str, int]:
    (tenths,) = _compiled("commonness.txt.gz")
    return dict(zip(_entries(), (ord(c) - ord("0") for c in tenths), strict=True))


def _compiled(name: str) -> list[str]:
    packed = (files("bars") / "data" / name).read_bytes()
    return gzip.decompress(packed).decode("utf-8").split("\n")[1:]


def look_up(word: str) -> tuple[Pronunciation, ...]:
    """Every listed pronunciation of a lower-case word, the usual one first; () if unlisted."""
    return _read(_entries().get(word))


def look_up_slang(word: str) -> tuple[Pronunciation, ...]:
    """As `look_up`, in our own lexicon."""
    return _read(_lexicon().get(word))


def _read(listed: str | None) -> tuple[Pronunciation, ...]:
    return tuple(tuple(p.split()) for p in listed.split("\t")) if listed else ()


def listed_words() -> tuple[str, ...]:
    """All words of the dictionary, sorted."""
    return tuple(_entries())


def slang_words() -> tuple[str, ...]:
    """All words of our lexicon."""
    return tuple(_lexicon())


def commonness(word: str) -> float:
    """The Zipf frequency of a listed word: log10 of its uses in 10**9 words; 0 if unknown.

    7 is "the", 4 an everyday word, 2 one that many would not know (van Heuven et al. 2014).
    """
    return _commonness().get(word, 0) / 10
