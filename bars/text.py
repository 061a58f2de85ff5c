"""From the text of a bar to its words."""

import re

_WORD = re.compile(r"'?[^\W\d_]+(?:['’][^\W\d_]+)*['’]?")


def words_of(bar: str) -> list[str]:
    """The words of a bar as they are looked up: lower case, plain apostrophes.

    An apostrophe at a word's edge stays where it stands for a dropped sound ('cause, ridin').
    """
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(bar)]


def last_word(bar: str) -> str:
    """The word that a bar ends on, or an empty string if it has none."""
    words = words_of(bar)
    return words[-1] if words else ""


def tidy(text: str) -> str:
    """One line of text without control characters, runs of spaces or spaces at its ends."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
