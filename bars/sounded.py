"""A word that carries its sound: so a visitor's way to say it travels wherever the word goes.

It is a string like any other word, and another one than the bare word: whatever is remembered by
words (and all that is heard is) cannot mix up two visitors who say one word in two ways.
"""

import re

from bars.dictionary import Pronunciation

# no text that people type has it: `bars.text.tidy` takes it out
_MARK = "\x02"
SOUNDED = rf"{_MARK}[^{_MARK}]+{_MARK}[^{_MARK}]+{_MARK}"  # a pattern for such a word in a bar
_IN_A_BAR = re.compile(rf"{_MARK}([^{_MARK}]+){_MARK}[^{_MARK}]+{_MARK}")


def sounded(word: str, sound: Pronunciation) -> str:
    """The word with its sound."""
    return f"{_MARK}{word}{_MARK}{'-'.join(sound)}{_MARK}"


def is_sounded(word: str) -> bool:
    return word.startswith(_MARK)


def sound_of(word: str) -> Pronunciation:
    """What a word with a sound carries."""
    return tuple(word.split(_MARK)[2].split("-"))


def bare(text: str) -> str:
    """A word or a bar as it is written, without sounds."""
    return _IN_A_BAR.sub(r"\1", text) if _MARK in text else text
