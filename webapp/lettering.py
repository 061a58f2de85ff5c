"""How wide text is about, in fonts that we do not know, and where its lines break."""

import unicodedata

_NARROW, _WIDE = frozenset("ijltfrIJ.,:;'’‘|!()[]-/ "), frozenset("mwMW@%&—–…æœÆŒ")
_NARROW_WIDTH, _USUAL_WIDTH, _CAPITAL_WIDTH, _WIDE_WIDTH = 0.28, 0.53, 0.66, 0.9  # of the size


def width(text: str) -> float:
    """In font sizes, for the bold of a usual sans-serif; accents add nothing."""
    return sum(map(_character, unicodedata.normalize("NFD", text)))


def _character(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in _NARROW:
        return _NARROW_WIDTH
    if character in _WIDE:
        return _WIDE_WIDTH
    return _CAPITAL_WIDTH if character.isupper() else _USUAL_WIDTH


def wrap(text: str, widest: float) -> list[str]:
    """The lines of a text, none wider; a word that is wider than a line is cut."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= widest:
            lines[-1] = longer
        else:
            lines += _cut(word, widest)
    return [line for line in lines if line] or [""]


def _cut(word: str, widest: float) -> list[str]:
    parts = [""]
    for character in word:
        if width(parts[-1] + character) > widest:
            parts.append("")
        parts[-1] += character
    return parts
