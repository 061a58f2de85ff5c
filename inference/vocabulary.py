"""Which tokens may stand in a bar: pieces of words that we can hear, and a comma now and then."""

import re
from functools import cache, lru_cache

from bars.dictionary import listed_words
from bars.language import Severity, language_level
from bars.pronunciation import Source, hear

_FIRST = re.compile(r"[A-Z][a-z']*|I'[a-z]+")  # a bar begins with a capital letter
_WORD_START = re.compile(r" (?:[a-z]+|I|I'[a-z]+)")
_INSIDE = re.compile(r"[a-z']+")
_FREE_LETTERS = {"a", "i", "o"}  # the only words of one letter


@cache
def _beginnings() -> frozenset[str]:
    """Every beginning of every word of the dictionary."""
    return frozenset(word[:end] for word in listed_words() for end in range(1, len(word) + 1))


@lru_cache(maxsize=50_000)
def is_word(text: str) -> bool:
    """Whether a word may stand in a bar: its sound is known."""
    word = text.lower()
    heard = hear(word, False)
    usual = heard.known and (heard.source is not Source.RULE or "'" in word)  # no "walkz"
    if word.endswith("'") and heard.source is Source.RULE:  # a plural's possessive, or a quote
        return False
    return usual and (len(word) > 1 or word in _FREE_LETTERS)


@lru_cache(maxsize=50_000)
def is_allowed(word: str, least: Severity) -> bool:
    """Whether a word may stand in a bar in which words of this severity may not."""
    return is_word(word) and language_level(word) < least


def may_become_word(text: str) -> bool:
    return text.lower() in _beginnings()


class Vocabulary:
    """The tokens of a model, by what they can do in a bar."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.first = [i for i, t in enumerate(texts) if _FIRST.fullmatch(t)]
        self.line_ends = [i for i, t in enumerate(texts) if t and not t.strip("\n")]
        starts = {i for i, t in enumerate(texts) if _WORD_START.fullmatch(t)}
        inside = {i for i, t in enumerate(texts) if _INSIDE.fullmatch(t)}
        comma = {i for i, t in enumerate(texts) if t == ","}
        self.later = sorted(starts | inside | comma)

    def may_follow(self, line: str, token: int, least: Severity = Severity.SLUR) -> bool:
        """Whether a token may come after the line so far, in which words of a severity may not."""
        text = self.texts[token]
        word = line[line.rfind(" ") + 1 :]
        if text == ",":
            return "," not in line and " " in line and is_allowed(word, least)
        if not text.startswith(" "):
            return not line.endswith(",") and may_become_word(word + text)
        ended = is_allowed(word.rstrip(","), least)
        return ended and may_become_word(text[1:]) and text[1:].lower() != word.lower()
