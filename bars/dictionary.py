"""The pronouncing dictionary: CMUdict as one compressed file inside this package.

`python -m scripts.compile_dictionary` makes the file; its licence lies beside it.
"""

import gzip
from functools import cache
from importlib.resources import files

Pronunciation = tuple[str, ...]  # ARPAbet phonemes; a vowel ends in its stress digit: 0, 1 or 2


@cache
def _entries() -> dict[str, str]:
    packed = (files("bars") / "data" / "cmudict.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


@cache
def look_up(word: str) -> tuple[Pronunciation, ...]:
    """Every listed pronunciation of a lower-case word, the usual one first; () if unlisted."""
    listed = _entries().get(word)
    return tuple(tuple(p.split()) for p in listed.split("\t")) if listed else ()


def listed_words() -> tuple[str, ...]:
    """All words of the dictionary, sorted."""
    return tuple(_entries())
