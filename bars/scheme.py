"""Rhyme schemes: which bars of a verse share a letter."""

from collections.abc import Iterable, Sequence
from string import ascii_uppercase

LONGEST_SCHEME = 8


def letters(scheme: str, bars: int) -> list[str | None]:
    """A letter for each bar, None where the bar is free.

    A scheme that starts again means new sounds: AABB over 8 bars is AABBCCDD. A letter that no
    other bar of its round carries is free. `free` asks for no rhyme at all.
    """
    if scheme == "free":
        return [None] * bars
    fresh = iter(ascii_uppercase)
    given: list[str | None] = []
    for start in range(0, bars, len(scheme)):
        part = scheme[: bars - start]
        names = {letter: next(fresh) for letter in dict.fromkeys(part)}
        given += [names[letter] if part.count(letter) > 1 else None for letter in part]
    return given


def shortest_scheme(given: Sequence[str | None]) -> str:
    """The shortest scheme whose `letters` rhyme a verse of at most 26 bars as `given` does.

    `free` where no bar has a letter, and where a unit of at most 8 letters cannot say it.
    """
    if not any(given):
        return "free"
    for size in range(1, min(LONGEST_SCHEME, len(given)) + 1):
        unit = _unit(given[:size])
        if letters_in_order(letters(unit, len(given))) == letters_in_order(given):
            return unit
    return "free"


def usual_scheme(given: Sequence[str | None]) -> str:
    """The scheme of a verse's letters by its usual name: couplets are AABB, not AA."""
    scheme = shortest_scheme(given)
    return "AABB" if scheme == "AA" else scheme


def letters_in_order(given: Iterable[str | None]) -> list[str | None]:
    """The letters anew, A for the first that comes, B for the second: .B.B is .A.A."""
    fresh = iter(ascii_uppercase)
    names: dict[str, str] = {}
    renamed: list[str | None] = []
    for letter in given:
        if letter is not None and letter not in names:
            names[letter] = next(fresh)
        renamed.append(None if letter is None else names[letter])
    return renamed


def _unit(part: Sequence[str | None]) -> str:
    """Letters in the order in which they come; a free bar has one of its own."""
    names: dict[object, str] = {}
    fresh = iter(ascii_uppercase)
    for place, letter in enumerate(part):
        if (letter or place) not in names:
            names[letter or place] = next(fresh)
    return "".join(names[letter or place] for place, letter in enumerate(part))
