"""From the text of a bar to its words."""

from collections.abc import Sequence

from bars.spoken import tokens_of


def words_of(bar: str) -> list[str]:
    """The words of a bar as they are spoken: lower case, numbers and initials in words.

    An apostrophe at a word's edge stays where it stands for a dropped sound ('cause, ridin');
    a letter said by its name has a full stop, as in the dictionary (n. y. c.).
    """
    return [word for token in tokens_of(bar) for word in token.words]


def last_word(bar: str) -> str:
    """The word that a bar ends on, or an empty string if it has none."""
    words = words_of(bar)
    return words[-1] if words else ""


def runs(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Every so many words in a row, in order."""
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def tidy(text: str) -> str:
    """One line of text without control characters, runs of spaces or spaces at its ends."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
