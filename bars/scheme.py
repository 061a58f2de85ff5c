"""Rhyme schemes: which bars of a verse share a letter."""

from string import ascii_uppercase


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
