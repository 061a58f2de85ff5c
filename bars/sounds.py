"""A visitor's corrections: how some words of a verse are said, whatever we would hear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bars.dictionary import Pronunciation
from bars.sounded import sounded
from bars.spoken import Token, tokens_of
from bars.text import words_of


@dataclass(frozen=True)
class Sounds:
    """The corrected words, as `words_of` gives them, each with its sound."""

    said: tuple[tuple[str, Pronunciation], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.said)

    @cached_property
    def by_word(self) -> Mapping[str, str]:
        """Each corrected word as it carries its sound."""
        return {word: sounded(word, sound) for word, sound in self.said}

    def on(self, bar: str) -> str:
        """The bar with the sounds of its words: what is to be heard, and not to be shown."""
        if not self.said:
            return bar
        for token in reversed(tokens_of(bar)):
            if not self.by_word.keys().isdisjoint(token.words):
                bar = bar[: token.start] + self._on(token) + bar[token.end :]
        return bar

    def _on(self, token: Token) -> str:
        carried = " ".join(self.by_word.get(word, word) for word in token.words)
        # beside a shout, a small letter would have initials heard that are none
        return carried.upper() if token.text.isupper() else carried

    def within(self, bars: Iterable[str]) -> "Sounds":
        """Those of words that stand in some bars."""
        words = {word for bar in bars for word in words_of(bar)}
        return Sounds(tuple((word, sound) for word, sound in self.said if word in words))

    def to_json(self) -> dict[str, str]:
        return {word: " ".join(sound) for word, sound in self.said}


AS_LISTED = Sounds()
