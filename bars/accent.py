"""Accents: sounds that some speakers do not tell apart. All are off unless asked for."""

from enum import StrEnum
from functools import lru_cache

from bars.dictionary import Pronunciation
from bars.ending import Ending, ending_of
from bars.phonemes import is_vowel


class Accent(StrEnum):
    """A merger of sounds (Wells 1982: cot and caught 6.1.2, pin and pen 6.4.5, r-less 3.2.2)."""

    COT_CAUGHT = "cot-caught"
    PIN_PEN = "pin-pen"
    R_LESS = "r-less"


@lru_cache(maxsize=5_000)
def accented(end: Ending, accents: frozenset[Accent]) -> Ending:
    """The ending as a speaker with these accents says it."""
    return ending_of(respoken(end.spoken, accents), end.words, "", end.source)


def respoken(spoken: Pronunciation, accents: frozenset[Accent]) -> Pronunciation:
    """A pronunciation after the mergers; stress digits stay."""
    found: list[str] = []
    for phoneme, following in zip(spoken, (*spoken[1:], ""), strict=True):
        name, digit = phoneme.rstrip("012"), phoneme[-1]
        if name == "AO" and Accent.COT_CAUGHT in accents and following != "R":
            found.append("AA" + digit)
        elif name == "EH" and Accent.PIN_PEN in accents and following in {"M", "N"}:
            found.append("IH" + digit)
        elif Accent.R_LESS in accents and phoneme == "ER0":
            found.append("AH0")
        elif Accent.R_LESS in accents and name == "R" and not (following and is_vowel(following)):
            continue
        else:
            found.append(phoneme)
    return tuple(found)
